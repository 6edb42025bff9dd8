// module.cpp — SystemC and the cycle model on it, as an object that load.cpp loads.
// SPDX-License-Identifier: Apache-2.0
#include "module.hpp"

#include <type_traits>

#include "transom/systemc/sc_decoder.hpp"

extern "C" void transom_run_systemc(transom::unit::Bench& bench, transom::unit::Run& run) {
  run = transom::systemc::run_systemc(bench);
}

namespace {
static_assert(std::is_same_v<decltype(&transom_run_systemc), transom::cli::RunSystemc>);
}
