// ports.hpp — the ports of the decoder unit in one clock, as rtl/decoder.sv has them.
//
// Every model of the unit is driven with these and nothing else, so that one environment
// (bench.hpp) serves all of them. Within a clock the inputs come first: none of them depends on an
// output of the same clock. A stream is what a container calls a lane: bits with their own state. A
// lane of the hardware decodes streams_per_lane(kind) of them: lane p of N has p, p + N, ...
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "transom/base/spec.hpp"

namespace transom::unit {

/// What the hardware is built for.
struct UnitShape {
  LaneKind kind = LaneKind::kTans;
  unsigned n_lanes = 1;               ///< 1..kMaxDecoderLanes
  unsigned table_log = kMaxTableLog;  ///< R of the largest table; a kind may have less
  unsigned max_rows = kMaxAlphabet;   ///< of a bank: kMaxApackRows, or as many as the kind has

  unsigned n_streams() const { return n_lanes * streams_per_lane(kind); }
};

inline constexpr unsigned kBanks = 2;  ///< tables are double-buffered

/// One write of the load port: kLoadEntries table words and one row, into one bank.
struct LoadInputs {
  bool table_valid = false;
  bool row_valid = false;
  bool bank = false;
  std::uint8_t table_log = 0;    ///< R of the table
  std::uint8_t last_row = 0;     ///< number of the last row that is written
  std::uint16_t table_addr = 0;  ///< address in units of kLoadEntries
  std::uint8_t row_addr = 0;
  std::array<std::uint32_t, kLoadEntries> table_words{};
  std::uint32_t row_word = 0;
};

/// The inputs of one stream's ports.
struct StreamInputs {
  std::uint32_t symbol_word = 0;
  std::uint32_t offset_word = 0;
  bool symbol_valid = false;
  bool symbol_last = false;  ///< the word is the last of its stream
  bool offset_valid = false;
  bool offset_last = false;
  bool value_ready = false;
  bool job_valid = false;     ///< the next four hold while it is set
  bool symbol_empty = false;  ///< no word comes for this job
  bool offset_empty = false;
  std::uint32_t n_values = 0;
};

/// All inputs of the unit in a clock; `streams` has UnitShape::n_streams() of them.
struct UnitInputs {
  LoadInputs load;
  unsigned table_log = 0;  ///< table log of the jobs offered; the bank is theirs too
  bool bank = false;
  std::vector<StreamInputs> streams;
};

/// One symbol step, as lockstep compares it.
struct Retire {
  symbol_t symbol = 0;      ///< for a pair: first symbol in bits 3..0, second in 7..4
  std::uint8_t take = 0;    ///< bits of the symbol stream
  std::uint8_t fill = 0;    ///< bits in the symbol buffer before the step
  std::uint64_t state = 0;  ///< after the step, as the model's decoder has it
};

/// The outputs of one stream's ports.
struct StreamOutputs {
  bool busy = false;
  bool job_ready = false;
  bool symbol_ready = false;
  bool offset_ready = false;
  bool value_valid = false;
  bool value_two = false;   ///< both values of the beat count
  bool value_last = false;  ///< the beat is the last of its job
  bool retire_valid = false;
  bool done = false;  ///< a job ended, `status` is its verdict
  Stall stall = Stall::kNone;
  Status status = Status::kOk;
  std::array<value_t, 2> values{};
  Retire retire;
};

/// All outputs of the unit in a clock; `streams` has UnitShape::n_streams() of them.
struct UnitOutputs {
  std::array<bool, kBanks> bank_busy{};  ///< a job at work, or waiting in a lane, wants this bank
  std::vector<StreamOutputs> streams;
};

}  // namespace transom::unit
