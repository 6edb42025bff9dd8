// values.hpp — what a symbol and the offset bits behind it become, as decode_streams() wants it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/base/stream.hpp"
#include "transom/fast/lanes.hpp"
#include "transom/fast/runs/runs.hpp"

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
  static void put(fast::Runs& runs) { runs.has_rows = false; }
  static void take(const fast::Runs& /*runs*/) {}
};

/// Rows of which a loop of runs has room; sizes of them, or none where no offset is outside.
inline void put_rows(fast::Runs& runs, const std::uint32_t* rows, const std::uint32_t* sizes,
                     std::uint32_t n) {
  runs.has_rows = true;
  for (std::uint32_t s = 0; s < n; ++s) {
    const Row row = to_row(rows[s]);
    const std::uint32_t values = std::uint32_t{1} << row.offset_bits;
    runs.bits[s] = row.offset_bits;
    runs.mask[s] = static_cast<std::uint8_t>(values - 1);
    runs.last[s] = static_cast<std::uint8_t>((sizes == nullptr ? values : sizes[s]) - 1);
    runs.vmin[s] = static_cast<std::uint8_t>(row.vmin);
  }
}

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
  void put(fast::Runs& runs) const { put_rows(runs, rows, nullptr, n); }
  static void take(const fast::Runs& /*runs*/) {}
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
  void put(fast::Runs& runs) const { put_rows(runs, rows, sizes, n); }
  void take(const fast::Runs& runs) { outside |= runs.outside; }
};

}  // namespace transom
