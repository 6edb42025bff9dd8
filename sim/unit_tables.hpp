// unit_tables.hpp — how many bits of memory the tables of a decoder unit are.
//
// rtl/decoder.sv: entries in table_ram (arithmetic lanes: counts in registers), rows in table_ram,
// both twice, because a table is loaded while another one is in use.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

#include "axi_bus.hpp"
#include "spec.hpp"
#include "unit.hpp"

namespace transom {

/// One copy of each table, and read ports: a technology without memories of so many ports holds a
/// copy for each.
struct UnitTables {
  unsigned entry_bits;
  std::uint64_t entries;  ///< of both banks
  unsigned entry_ports;   ///< one per lane; counts of arithmetic lanes are all seen by all lanes
  unsigned row_bits;
  std::uint64_t rows;
  unsigned row_ports;  ///< one per value that a lane may give in a cycle, and stream

  std::uint64_t bits() const { return entries * entry_bits + rows * row_bits; }
  std::uint64_t bits_of_all_ports() const {
    return entries * entry_bits * entry_ports + rows * row_bits * row_ports;
  }
};

inline UnitTables unit_tables(const AxiShape& shape) {
  const UnitShape& unit = shape.unit;
  const auto width = [](unsigned most) { return static_cast<unsigned>(std::bit_width(most)); };
  UnitTables t{};
  t.entry_bits = width(kMaxAlphabet - 1) + width(kMaxTableLog) + kMaxTableLog;
  t.entries = std::uint64_t{kBanks} << shape.table_log;
  t.entry_ports = unit.n_lanes;
  if (unit.kind == LaneKind::kRans) t.entry_bits = kWordBits;
  if (unit.kind == LaneKind::kArith) {
    t.entry_bits = kArithTableLog + 1;
    t.entries = std::uint64_t{kBanks} * kMaxApackRows;
    t.entry_ports = 1;
  }
  t.row_bits = width(kMaxValueBits) + kMaxValueBits;
  t.rows = std::uint64_t{kBanks} * kMaxAlphabet;
  t.row_ports = unit.n_streams() * values_per_beat(unit.kind);
  return t;
}

}  // namespace transom
