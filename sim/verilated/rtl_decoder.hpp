// rtl_decoder.hpp — rtl/decoder.sv, Verilated, as a run of the bench.
//
// Built for every kind of lane with kBuiltLanes lanes: the bench's shape is to be one of these.
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
  std::ostream* ports = nullptr;  ///< takes the ports of every clock, as in rtl_record.hpp
  std::uint64_t ports_cycles = std::numeric_limits<std::uint64_t>::max();  ///< as many, then none
};

/// Runs the bench to its end. Throws std::invalid_argument if its shape is not built.
unit::Run run_rtl(unit::Bench& bench, const RtlOptions& options = {});

}  // namespace transom::verilated
