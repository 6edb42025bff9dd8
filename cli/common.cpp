// common.cpp — what the verbs share: results on stdout, files that will be written.
// SPDX-License-Identifier: Apache-2.0
#include "common.hpp"

#include <algorithm>
#include <iostream>

#include "transom/files/whole.hpp"

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

void check_will_be_written(const std::filesystem::path& file) { files::NamedFile{file}; }

}  // namespace transom::cli
