// print.hpp — what Verilated code prints goes to the run's report, not to stdout.
//
// Verilated code prints through the macro VL_PRINTF, which shape.sh sets to this function
// (-include).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

/// printf, to the end of transom::verilated::rtl_printed().
int transom_rtl_print(const char* format, ...) __attribute__((format(printf, 1, 2)));

namespace transom::verilated {
std::string& rtl_printed();
}  // namespace transom::verilated
