// figures.hpp — what cosim counts of a tensor or of all, as JSON and as a line of a table.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "transom/unit/run.hpp"
#include "transom/workbench/text.hpp"

namespace transom::workbench {

using json = nlohmann::ordered_json;

/// Counts of one tensor, or of all.
struct Figures {
  std::uint64_t values = 0;
  std::uint64_t raw_bytes = 0;
  std::uint64_t coded_bytes = 0;
  double entropy_bits = 0;        ///< entropy of all values together
  std::uint64_t lane_values = 0;  ///< values of tensors that the unit decoded
  std::uint64_t lane_cycles = 0;  ///< cycles of these, times the lanes that have work
  std::uint64_t mismatches = 0;
  unit::Stalls stalls;
  std::vector<std::pair<std::string, std::uint64_t>> cycles;  ///< one per decoder; 0 without a lane

  void add(const Figures& other);
  void count_cycles(const std::string& decoder, std::uint64_t n);
  /// `bits` per value; 0 for no values.
  double per_value(double bits) const;
  double coded_bits_per_value() const { return per_value(8.0 * static_cast<double>(coded_bytes)); }
  double ratio() const;
  /// Values per cycle and lane, over all cycles.
  double rate() const;

  json to_json() const;
  /// A line under header().
  std::vector<std::string> row(const std::string& name) const;
  static std::vector<std::string> header(const std::vector<std::string>& cycle_decoders);
};

}  // namespace transom::workbench
