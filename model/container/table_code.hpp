// table_code.hpp — a tensor's table as bits: row sizes and frequencies, each against its neighbour.
//
// Every number n is an exp-Golomb code of order k, k = floor(log2(previous number)), 0 after a 0 or
// 1: neighbours in a histogram are alike, so a number costs about two bits over its logarithm, and
// a run of zeros one bit each. What the sum already determines (2^W for sizes, 2^R for
// frequencies) is not written. Layout: FORMAT.md, "Table".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"

namespace transom {

/// Exp-Golomb codes whose order follows the numbers.
class AdaptiveOrder {
 public:
  constexpr unsigned k() const { return k_; }
  constexpr void saw(std::uint32_t n) {
    k_ = n < 2 ? 0 : static_cast<unsigned>(std::bit_width(n)) - 1;
  }

 private:
  unsigned k_ = 0;
};

/// n < 2^31: m = (n >> k) + 1 as bit_width(m) - 1 zeros, a one, the bits of m below its leading
/// one; then the k low bits of n.
inline void write_exp_golomb(BitWriter& out, std::uint32_t n, unsigned k) {
  const std::uint32_t m = (n >> k) + 1;
  const auto extra = static_cast<unsigned>(std::bit_width(m)) - 1;
  out.append(0, extra);
  out.append(1, 1);
  out.append(m & low_bits(extra), extra);
  out.append(n & low_bits(k), k);
}

/// nullopt when the code is of no number up to 2^16.
inline std::optional<std::uint32_t> read_exp_golomb(BitReader& in, unsigned k) {
  unsigned extra = 0;
  while (in.read(1) == 0) {
    if (++extra > kMaxValueBits) return std::nullopt;
  }
  const std::uint64_t m = std::uint64_t{1} << extra | in.read(extra);
  const std::uint64_t n = (m - 1) << k | in.read(k);
  if (n > std::uint64_t{1} << kMaxValueBits) return std::nullopt;
  return static_cast<std::uint32_t>(n);
}

/// Numbers whose sum the reader knows: written until the rest is zero, the last one never.
/// @param minimum each number is at least this (0 or 1)
inline void write_parts(BitWriter& out, std::span<const std::uint32_t> parts, std::uint32_t sum,
                        std::uint32_t minimum) {
  AdaptiveOrder order;
  std::uint32_t rest = sum;
  for (std::size_t i = 0; i + 1 < parts.size() && rest != 0; ++i) {
    assert(parts[i] >= minimum && parts[i] <= rest);
    write_exp_golomb(out, parts[i] - minimum, order.k());
    order.saw(parts[i]);
    rest -= parts[i];
  }
}

/// Bits of n < 2^31 by write_exp_golomb().
inline unsigned exp_golomb_bits(std::uint32_t n, unsigned k) {
  return 2 * static_cast<unsigned>(std::bit_width((n >> k) + 1)) - 1 + k;
}

/// Bits that write_parts() writes.
inline std::uint64_t parts_bits(std::span<const std::uint32_t> parts, std::uint32_t sum,
                                std::uint32_t minimum) {
  AdaptiveOrder order;
  std::uint64_t bits = 0;
  std::uint32_t rest = sum;
  for (std::size_t i = 0; i + 1 < parts.size() && rest != 0; ++i) {
    bits += exp_golomb_bits(parts[i] - minimum, order.k());
    order.saw(parts[i]);
    rest -= parts[i];
  }
  return bits;
}

/// The inverse for `n_parts` >= 1 numbers; nullopt when they are no such parts.
inline std::optional<std::vector<std::uint32_t>> read_parts(BitReader& in, std::size_t n_parts,
                                                            std::uint32_t sum,
                                                            std::uint32_t minimum) {
  std::vector<std::uint32_t> parts(n_parts);
  AdaptiveOrder order;
  std::uint32_t rest = sum;
  for (std::size_t i = 0; i + 1 < n_parts && rest != 0; ++i) {
    const auto n = read_exp_golomb(in, order.k());
    if (!n || *n + minimum > rest) return std::nullopt;
    parts[i] = *n + minimum;
    order.saw(parts[i]);
    rest -= parts[i];
  }
  parts.back() += rest;  // zero where the loop ended early
  if (parts.back() < minimum) return std::nullopt;
  return parts;
}

}  // namespace transom
