// module.hpp — what the program asks of its module with SystemC in it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/unit/bench.hpp"

namespace transom::cli {

/// systemc::run_systemc(), whose result lies in `run`.
using RunSystemc = void (*)(unit::Bench& bench, unit::Run& run);
inline constexpr const char* kRunSystemc = "transom_run_systemc";  ///< its name in the module

}  // namespace transom::cli
