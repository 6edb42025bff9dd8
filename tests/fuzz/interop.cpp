// interop.cpp — any text as a file of vectors, of the kind that the first byte chooses.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/interop/interop.hpp"

#include <set>

#include "fuzz.hpp"

using namespace transom;

namespace {

std::vector<std::string> names() {
  std::set<std::string> stems;
  for (const auto& table : {golden::interop_apack(), golden::interop_ryg(), golden::interop_tans(),
                            golden::interop_torch(), golden::interop_torch_tables()}) {
    for (const golden::InteropCheck& check : table) stems.insert(std::string(check.stem) + ".json");
  }
  return {stems.begin(), stems.end()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  static const fuzz::Scratch scratch;
  static const std::vector<std::string> files = names();
  fuzz::Input in(data, n);
  const std::string& name = files[in.byte() % files.size()];
  const auto path = scratch.write(name, in.rest());
  try {
    const golden::json content = golden::read_json(path);
    if (golden::is_of_schema(content)) (void)golden::run_file(path, content);
  } catch (const golden::DataError&) {
  }
  std::filesystem::remove(path);
  return 0;
}
