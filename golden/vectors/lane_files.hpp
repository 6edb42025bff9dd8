// lane_files.hpp — a vector as benches in SystemVerilog read it: parameters, and files for
// $readmemh of exactly the lengths that the parameters tell. Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "transom/golden/vectors/plan.hpp"

namespace transom::golden {

inline constexpr unsigned kNameBytes = 48;     ///< of a line of names.hex
inline constexpr unsigned kStallClocks = 64;   ///< clocks of a pattern, which then begins anew
inline constexpr unsigned kStallPatterns = 4;  ///< of a vector
inline constexpr unsigned kStallPorts = 4;     ///< words of symbols, of offsets, values, loads

/// A text and its name in a folder.
struct TextFile {
  std::string name;
  std::string text;
};

/// A step of a lane: of a pair both symbols.
struct LaneStep {
  symbol_t symbol = 0;
  std::uint64_t state = 0;     ///< after it
  std::uint64_t position = 0;  ///< bits of the symbol stream read, after it
};

/// What a lane is loaded with and fed, and what must come.
struct LaneVector {
  unsigned id = 0;
  std::string name;
  std::string comment;
  LaneKind kind = LaneKind::kTans;
  unsigned table_log = 0;
  DType dtype;
  StreamLayout layout;
  std::vector<std::uint32_t> table;  ///< what a lane loads; none where a lane has no such table
  std::vector<std::uint32_t> rows;
  std::vector<StreamWords> streams;
  std::vector<Status> statuses;
  std::vector<value_t> values;               ///< in the tensor's order
  std::vector<std::vector<LaneStep>> steps;  ///< of each stream
};

/// Of a vector's tensor and what the golden decoder makes of it.
LaneVector lane_vector(const Vector& vector);
/// Bits of the first state, before the first step.
unsigned first_state_bits(LaneKind kind, unsigned table_log);
/// params.svh, streams.hex, status.hex, symbols.hex, offsets.hex, rows.hex, steps.hex, stalls.hex,
/// values.hex, and table.hex where there is one.
std::vector<TextFile> lane_files(const LaneVector& vector);
/// The patterns of stalls.hex: bit c is a clock in which the port is open. No seed changes them.
std::array<std::array<std::uint64_t, kStallPorts>, kStallPatterns> stall_patterns(
    const std::string& name);

/// Per kind of lane the list of all its vectors: lanes/KIND/params.svh, index.hex, names.hex.
class LaneIndex {
 public:
  /// Passes over a vector without a table. Throws std::logic_error for too long a name.
  void add(const LaneVector& vector);
  std::vector<TextFile> files(LaneKind kind) const;
  std::uint64_t n_vectors(LaneKind kind) const;

 private:
  struct Kind {
    std::uint64_t n_vectors = 0, table_words = 0, streams = 0, symbol_words = 0, offset_words = 0,
                  steps = 0, values = 0;
    std::uint64_t most_streams = 0, most_rows = 0, most_table_log = 0;
    std::string index, names;
  };
  Kind kinds_[kLaneKinds];
};

}  // namespace transom::golden
