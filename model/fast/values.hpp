// values.hpp — what a symbol and the offset bits behind it become, as decode_streams() wants it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/base/stream.hpp"
#include "transom/fast/lanes.hpp"

namespace transom {

/// Where no row has offsets: rows tile the values, so that each is its symbol.
struct WholeValues {
  static constexpr bool kTakesBits = false;
  static constexpr unsigned most_bits() { return 0; }
  template <class Bits>
  value_t operator()(symbol_t s, Bits& /*offsets*/) const {
    return s;
  }
  static constexpr std::uint32_t n_rows() { return 0; }
  static constexpr Row row(symbol_t s) { return {s, 0}; }
  static void put(fast::Lanes& lanes) { lanes.rows = lanes.sizes = nullptr; }
  static void take(const fast::Lanes& /*lanes*/) {}
};

/// Where every offset is within its row.
struct RowValues {
  static constexpr bool kTakesBits = true;
  const std::uint32_t* rows;  ///< words, kMaxAlphabet of them
  std::uint32_t n;            ///< rows in use
  unsigned most;
  unsigned most_bits() const { return most; }
  std::uint32_t n_rows() const { return n; }
  Row row(symbol_t s) const { return to_row(rows[s]); }
  template <class Bits>
  value_t operator()(symbol_t s, Bits& offsets) const {
    return read_value(to_row(rows[s]), offsets);
  }
  void put(fast::Lanes& lanes) const {
    lanes.rows = rows;
    lanes.sizes = nullptr;
  }
  static void take(const fast::Lanes& /*lanes*/) {}
};

/// Where an offset can be outside of its row: looks at each.
struct SizedRowValues {
  static constexpr bool kTakesBits = true;
  const std::uint32_t* rows;   ///< words, kMaxAlphabet of them
  const std::uint32_t* sizes;  ///< of the rows, as many
  std::uint32_t n;             ///< rows in use
  unsigned most;
  bool outside = false;
  unsigned most_bits() const { return most; }
  std::uint32_t n_rows() const { return n; }
  template <class Bits>
  value_t operator()(symbol_t s, Bits& offsets) {
    const Row row = to_row(rows[s]);
    const std::uint32_t offset = offsets.read(row.offset_bits);
    outside |= offset >= sizes[s];
    return static_cast<value_t>(row.vmin + offset);
  }
  void put(fast::Lanes& lanes) const {
    lanes.rows = rows;
    lanes.sizes = sizes;
    lanes.outside = outside;
  }
  void take(const fast::Lanes& lanes) { outside = lanes.outside; }
};

}  // namespace transom
