// parameters.hpp — all parameters of rtl/decoder_wide.sv.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <stdexcept>
#include <string>

#include "transom/base/spec.hpp"
#include "transom/container/interleave.hpp"
#include "transom/system/axi_parameters.hpp"

namespace transom::wide {

/// Bus, lanes, tables and bursts are those of decoder_axi, lanes of narrow rANS or of tANS.
struct Parameters {
  system::AxiParameters axi;
  unsigned halves = 32;      ///< K: halfwords that the window shows and the router gives in a cycle
  unsigned max_offset = 16;  ///< 8 or 16: bits of the widest coded values

  unsigned n_lanes() const { return axi.shape.unit.n_lanes; }
  unsigned beat_halves() const { return 2 * axi.beat_words(); }
  bool tans() const { return axi.shape.unit.kind == LaneKind::kTans; }
  Coding coding() const { return tans() ? Coding::kApackTans : Coding::kApackNrans; }
  /// In registers that all lanes see: smallest values in two banks; counts in two, or, with the
  /// table that is built of them, in one.
  unsigned table_bits() const {
    const unsigned R = axi.shape.unit.table_log;
    const unsigned counts = kMaxApackRows * (R + 1), rows = kMaxApackRows * max_offset;
    return 2 * rows + (tans() ? counts + (1u << R) * (R + 1 + 4) : 2 * counts);
  }
  WideLimits limits() const { return {coding(), n_lanes(), axi.shape.unit.table_log, max_offset}; }
};

/// Halfwords that a unit of so many lanes sees unless told: a round of values of 8 bits.
constexpr unsigned default_halves(unsigned n_lanes) { return std::max(8u, std::bit_ceil(n_lanes)); }

/// Throws std::invalid_argument naming the parameter unless such a unit can be.
inline void check_parameters(const Parameters& p) {
  const auto require = [](bool can_be, const std::string& what, unsigned is) {
    if (!can_be) throw std::invalid_argument("decoder_wide: " + std::to_string(is) + " " + what);
  };
  require(p.n_lanes() >= 4 && p.n_lanes() <= kMaxWideLanes && std::has_single_bit(p.n_lanes()),
          "lanes, not a power of two, 4..128", p.n_lanes());
  require(p.halves >= 8 && p.halves <= 2 * kMaxWideLanes && std::has_single_bit(p.halves),
          "halfwords of the window, not a power of two, 8..256", p.halves);
  require(p.max_offset == 8 || p.max_offset == 16, "bits of an offset, not 8 or 16", p.max_offset);
  require(p.tans() || p.axi.shape.unit.kind == LaneKind::kNrans, "is no kind of lanes in lockstep",
          static_cast<unsigned>(p.axi.shape.unit.kind));
  require(p.axi.shape.unit.table_log <= max_wide_table_log(p.coding()),
          "is over the table log of its lanes", p.axi.shape.unit.table_log);
  const auto rows = static_cast<unsigned>(unit::max_rows(p.axi.shape.unit));
  require(rows == kMaxApackRows, "rows of a table, not 16", rows);
  system::AxiParameters bus = p.axi;
  bus.shape.unit.n_lanes = 4;  // decoder_axi has fewer
  system::check_parameters(bus);
}

}  // namespace transom::wide
