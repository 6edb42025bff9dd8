// replay.cpp — a target without libFuzzer: runs it over files and folders of files, once each.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <iterator>
#include <set>

#include "fuzz.hpp"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::set<fs::path> files;
  for (const fs::path path : std::span(argv + 1, argv + argc)) {
    if (!fs::is_directory(path)) {
      files.insert(path);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(path)) files.insert(entry.path());
  }
  for (const fs::path& path : files) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (file.bad() || !file.is_open()) {
      std::cerr << path.string() << ": cannot be read\n";
      return 3;
    }
    std::cerr << path.string() << '\n';  // the last one that is said is the finding
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
  std::cout << files.size() << " inputs\n";
  return files.empty() ? 3 : 0;
}
