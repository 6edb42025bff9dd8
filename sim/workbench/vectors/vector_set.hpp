// vector_set.hpp — what `transom vectors` writes: golden vectors, and such as only hardware can
// have. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "transom/golden/vector_set.hpp"

namespace transom::workbench {

/// golden::write_vectors() with loads of tables that are none.
golden::VectorCount write_vector_set(const std::filesystem::path& folder, std::uint32_t seed,
                                     golden::VectorForm form);

/// Good streams behind tables and rows of which a word is none: every stream ends as bad_table,
/// and what comes before is what a unit decodes from what it keeps (rtl/README.md).
void add_bad_loads(golden::VectorSet& set);

}  // namespace transom::workbench
