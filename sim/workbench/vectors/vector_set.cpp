// vector_set.cpp — see vector_set.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/vectors/vector_set.hpp"

namespace transom::workbench {

golden::VectorCount write_vector_set(const std::filesystem::path& folder, std::uint32_t seed,
                                     golden::VectorForm form) {
  return golden::write_vectors(folder, seed, form, [](golden::VectorSet& set) {
    add_bad_loads(set);
    add_axi_images(set);
  });
}

}  // namespace transom::workbench
