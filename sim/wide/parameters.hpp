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

/// Bus, lanes, tables and bursts are those of decoder_axi with lanes of narrow rANS.
struct Parameters {
  system::AxiParameters axi;
  unsigned halves = 32;      ///< K: halfwords that the window shows and the router gives in a cycle
  unsigned max_offset = 16;  ///< 8 or 16: bits of the widest coded values

  unsigned n_lanes() const { return axi.shape.unit.n_lanes; }
  unsigned beat_halves() const { return 2 * axi.beat_words(); }
  /// Of both banks: counts and smallest values in registers, which all lanes see.
  unsigned table_bits() const {
    return 2 * kMaxApackRows * (axi.shape.unit.table_log + 1 + max_offset);
  }
  WideLimits limits() const { return {n_lanes(), axi.shape.unit.table_log, max_offset}; }
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
  system::AxiParameters bus = p.axi;
  bus.shape.unit.n_lanes = 4;  // decoder_axi has fewer
  system::check_parameters(bus);
}

}  // namespace transom::wide
