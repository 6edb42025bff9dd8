// rtl_decoder.hpp — rtl/decoder.sv, Verilated, as a run of the bench; of any shape.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <limits>
#include <string>

#include "transom/unit/bench.hpp"

namespace transom::verilated {

struct RtlOptions {
  bool assertions = true;       ///< a failed SVA ends the run with its text as the fault
  std::string wave = {};        ///< an FST file to write, or empty; 10 time units are a cycle
  std::uint64_t wave_from = 0;  ///< first cycle in it
  std::uint64_t wave_to = std::numeric_limits<std::uint64_t>::max();  ///< last cycle in it
  std::ostream* ports = nullptr;  ///< takes the ports of every clock, as in shape/record.hpp
  std::uint64_t ports_cycles = std::numeric_limits<std::uint64_t>::max();  ///< as many, then none
  std::string fault = {};  ///< empty, or the RTL spoilt as tests/rtl/faults has it
};

/// Runs the bench to its end. The first use of a shape builds it, which takes a while; throws
/// std::runtime_error if that fails.
unit::Run run_rtl(unit::Bench& bench, const RtlOptions& options = {});

/// Builds and loads a shape ahead of its first run.
void load_rtl(const unit::UnitShape& shape);

}  // namespace transom::verilated
