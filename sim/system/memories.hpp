// memories.hpp — how many bits of memory the tables of a decoder unit are.
//
// rtl/decoder.sv: entries in table_ram (arithmetic and narrow rANS lanes: counts in registers),
// rows in table_ram, both twice, because a table is loaded while another one is in use. Fields are
// as wide as the largest table wants (codec_pkg::stored_bits).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/system/axi_bus.hpp"
#include "transom/unit/lane_kind.hpp"
#include "transom/unit/ports.hpp"

namespace transom::system {

/// One copy of each table, and read ports: a technology without memories of so many ports holds a
/// copy for each.
struct UnitMemories {
  unsigned entry_bits;
  std::uint64_t entries;  ///< entries of both banks
  unsigned entry_ports;   ///< one per lane; counts are all seen by all lanes
  unsigned row_bits;
  std::uint64_t rows;
  unsigned row_ports;  ///< one per value that a lane may give in a cycle, and stream

  std::uint64_t bits() const { return entries * entry_bits + rows * row_bits; }
  std::uint64_t bits_of_all_ports() const {
    return entries * entry_bits * entry_ports + rows * row_bits * row_ports;
  }
};

/// The memories of a unit of this shape, as rtl/ has them.
inline UnitMemories unit_memories(const AxiShape& shape) {
  const unit::UnitShape& of = shape.unit;
  const auto width = [](unsigned most) { return static_cast<unsigned>(std::bit_width(most)); };
  UnitMemories t{};
  const unsigned R = unit::max_table_log(of);
  const auto rows = static_cast<unsigned>(unit::max_rows(of));
  const unsigned symbol_bits =
      of.kind == LaneKind::kTansPair ? 2 * width(rows - 1) : width(rows - 1);
  t.entry_bits = symbol_bits + (of.kind == LaneKind::kRans ? R : width(R)) + R;
  t.entries = std::uint64_t{unit::kBanks} << R;
  t.entry_ports = of.n_lanes;
  if (unit::lane_traits(of.kind).counts) {
    t.entry_bits = max_lane_table_log(of.kind) + 1;
    t.entries = std::uint64_t{unit::kBanks} * kMaxApackRows;
    t.entry_ports = 1;
  }
  t.row_bits = width(kMaxValueBits) + kMaxValueBits;
  t.rows = std::uint64_t{unit::kBanks} * rows;
  t.row_ports = of.n_streams() * values_per_beat(of.kind);
  return t;
}

}  // namespace transom::system
