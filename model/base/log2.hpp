// log2.hpp — base-2 logarithms and coded bits in fixed point: how the model compares costs.
//
// No floating point between histogram and verdict: the same table on every machine. Logarithms
// carry 48 fraction bits, correct to one unit, so the logarithms of a whole tensor of 2^32 - 1
// values are off by less than 2^-16 bit. Costs carry 24: 2^32 values of up to 16 offset and 14
// symbol bits (< 2^5) stay below 2^61 and fit a signed 64-bit sum.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "transom/base/precondition.hpp"

namespace transom {

__extension__ typedef unsigned __int128 uint128_t;

inline constexpr unsigned kLogFraction = 48;
/// A logarithm, or bits per value, in units of 2^-48 bit.
using log_t = std::uint64_t;

inline constexpr unsigned kCostFraction = 24;
/// Bits of a tensor, in units of 2^-24 bit.
using cost_t = std::int64_t;

/// `n` values of `bits` each, rounded to nearest.
constexpr cost_t cost_of(std::uint32_t n, log_t bits) {
  constexpr unsigned kShift = kLogFraction - kCostFraction;
  return static_cast<cost_t>((uint128_t{n} * bits + (uint128_t{1} << (kShift - 1))) >> kShift);
}

/// Whole bits as a cost. n_bits < 2^39 (throws).
constexpr cost_t cost_of_bits(std::uint64_t n_bits) {
  if (n_bits >> 39 != 0) [[unlikely]]
    refuse("cost_of_bits", "n_bits", n_bits, "must be below 2^39");
  return static_cast<cost_t>(n_bits << kCostFraction);
}

/// Whole bits that hold `cost` >= 0 (throws).
constexpr std::uint64_t whole_bits(cost_t cost) {
  if (cost < 0) [[unlikely]]
    refuse("whole_bits", "cost", cost, "must not be negative");
  return (static_cast<std::uint64_t>(cost) + (std::uint64_t{1} << kCostFraction) - 1) >>
         kCostFraction;
}

namespace log2_detail {

constexpr std::uint64_t high_product(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>((uint128_t{a} * b) >> 64);
}

/// log2(mantissa / 2^63) in units of 2^-63, bit by bit: squaring doubles the logarithm.
constexpr std::uint64_t log2_by_squaring(std::uint64_t mantissa) {
  std::uint64_t log = 0;
  for (unsigned bit = 0; bit < 63; ++bit) {
    const uint128_t square = uint128_t{mantissa} * mantissa;  // in [2^126, 2^128)
    const bool carry = (square >> 127) != 0;
    mantissa = static_cast<std::uint64_t>(square >> (carry ? 64 : 63));
    log = log << 1 | (carry ? 1 : 0);
  }
  return log;
}

/// c ~ 2^16 / m, rounded up, for m = 1 + i/256; and log2(2^16 / c) in units of 2^-63.
struct Reciprocal {
  std::uint32_t c;
  std::uint64_t log;
};
inline constexpr auto kReciprocals = [] {
  std::array<Reciprocal, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    const std::uint32_t c = ((1u << 24) + 255 + i) / (256 + i);
    const auto zeros = static_cast<unsigned>(std::countl_zero(std::uint64_t{c}));
    const std::uint64_t log = log2_by_squaring(std::uint64_t{c} << zeros);
    // c = 2^16 for i = 0, else 2^15 <= c < 2^16
    table[i] = {c, i == 0 ? 0 : (std::uint64_t{1} << 63) - log};
  }
  return table;
}();

}  // namespace log2_detail

/// log2(n), n >= 1 (throws): error below one unit, exact at powers of two.
///
/// n = 2^e m, m in [1, 2). A reciprocal from the table gives m c = 1 + z, 0 <= z < 2^-7.9, and
/// ln(1 + z) = z - z^2/2 + ... - z^6/6 is off by less than z^7/7 < 2^-58.
constexpr log_t log2_fixed(std::uint64_t n) {
  using log2_detail::high_product;
  if (n == 0) [[unlikely]]
    refuse("log2_fixed", "n", n, "must be at least 1");
  const auto zeros = static_cast<unsigned>(std::countl_zero(n));
  const std::uint64_t m = n << zeros;  // units of 2^-63
  const auto& [c, log_m] = log2_detail::kReciprocals[(m >> 55) & 0xff];
  // m c is in units of 2^-79; z in units of 2^-64
  const auto z = static_cast<std::uint64_t>((uint128_t{m} * c - (uint128_t{1} << 79)) >> 15);
  constexpr std::uint64_t kOne = ~std::uint64_t{0};  // 1 in units of 2^-64, short by one unit
  std::uint64_t series = kOne / 6;
  series = kOne / 5 - high_product(z, series);
  series = kOne / 4 - high_product(z, series);
  series = kOne / 3 - high_product(z, series);
  series = kOne / 2 - high_product(z, series);
  const std::uint64_t ln = z - high_product(z, high_product(z, series));
  constexpr std::uint64_t kLog2E = 0xB8AA'3B29'5C17'F0BC;  // log2(e) in units of 2^-63
  const std::uint64_t fraction = log_m + high_product(ln, kLog2E);
  constexpr unsigned kShift = 63 - kLogFraction;
  return (std::uint64_t{63 - zeros} << kLogFraction) +
         ((fraction + (std::uint64_t{1} << (kShift - 1))) >> kShift);
}

}  // namespace transom
