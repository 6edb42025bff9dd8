// unit.hpp — the ports of the decoder unit in one clock, as rtl/decoder.sv has them.
//
// Every model of the unit is driven with these and nothing else, so that one environment
// (bench.hpp) serves all of them. Within a clock the inputs come first: none of them depends on an
// output of the same clock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "spec.hpp"

namespace transom {

/// One write of the load port: kLoadEntries table words and one row.
struct LoadInputs {
  bool table_valid = false;
  bool row_valid = false;
  std::uint16_t table_addr = 0;  ///< in units of kLoadEntries
  std::uint8_t row_addr = 0;
  std::array<std::uint32_t, kLoadEntries> table_words{};
  std::uint32_t row_word = 0;
};

struct LaneInputs {
  std::uint32_t symbol_word = 0;
  std::uint32_t offset_word = 0;
  bool symbol_valid = false;
  bool symbol_end = false;  ///< no further word beyond the one offered now
  bool offset_valid = false;
  bool offset_end = false;
  bool value_ready = false;
};

struct UnitInputs {
  LoadInputs load;
  bool start = false;
  unsigned table_log = 0;
  std::vector<std::uint32_t> n_values;  ///< one per lane; read with start
  std::vector<LaneInputs> lanes;
};

/// One symbol step, as lockstep compares it.
struct Retire {
  symbol_t symbol = 0;
  std::uint8_t nbits = 0;
  std::uint8_t fill = 0;    ///< bits in the symbol buffer before the step
  std::uint16_t state = 0;  ///< t after the step
};

struct LaneOutputs {
  bool busy = false;
  bool symbol_ready = false;
  bool offset_ready = false;
  bool value_valid = false;
  bool retire_valid = false;
  Stall stall = Stall::kNone;
  Status status = Status::kOk;  ///< meaningful while not busy
  value_t value = 0;
  Retire retire;
};

struct UnitOutputs {
  std::vector<LaneOutputs> lanes;
};

}  // namespace transom
