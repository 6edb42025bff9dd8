// print.cpp — what Verilated code prints goes to the run's report, not to stdout.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verilated/shape/print.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>

int transom_rtl_print(const char* format, ...) {
  std::array<char, 1024> text;  // longer messages are cut
  std::va_list arguments;
  va_start(arguments, format);
  const int n = std::vsnprintf(text.data(), text.size(), format, arguments);
  va_end(arguments);
  if (n > 0) {
    transom::verilated::rtl_printed().append(
        text.data(), std::min(static_cast<std::size_t>(n), text.size() - 1));
  }
  return n;
}

std::string& transom::verilated::rtl_printed() {
  static thread_local std::string printed;
  return printed;
}
