// common.cpp — what the verbs share: results on stdout, files that will be written.
// SPDX-License-Identifier: Apache-2.0
#include "common.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "transom/base/printable.hpp"

namespace transom::cli {
namespace {

/// All texts of it printable.
void make_printable(json& value) {
  if (value.is_string()) {
    value = printable(value.get_ref<const std::string&>());
  } else if (value.is_structured()) {
    std::for_each(value.begin(), value.end(), make_printable);
  }
}

}  // namespace

void print(json result) {
  make_printable(result);
  std::cout << result.dump(2) << '\n';
}

void check_will_be_written(const std::filesystem::path& file) {
  std::filesystem::path folder = file.parent_path();
  if (folder.empty()) folder = ".";
  if (!std::filesystem::is_directory(folder) || access(folder.c_str(), W_OK) != 0 ||
      std::filesystem::is_directory(file)) {
    throw DataError(file.string() + ": file: cannot be written; name a file in a folder that can");
  }
}

}  // namespace transom::cli
