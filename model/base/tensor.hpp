// tensor.hpp — a tensor of a trace: integers of 1 to 16 bits, and their patterns.
//
// The one place that maps integers to patterns: value_t holds the low W bits of the two's
// complement, so every later stage counts, codes and compares patterns and never asks for a sign.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "transom/base/spec.hpp"

namespace transom {

/// A tensor's element type: W-bit integers, two's complement if signed.
struct DType {
  std::uint8_t bits = 8;  ///< W, 1..kMaxValueBits
  bool is_signed = false;

  constexpr std::int32_t min() const { return is_signed ? -(std::int32_t{1} << (bits - 1)) : 0; }
  constexpr std::int32_t max() const {
    return (std::int32_t{1} << (is_signed ? bits - 1 : bits)) - 1;
  }
  friend constexpr bool operator==(const DType&, const DType&) = default;
};

/// "int8", "uint4", ...
inline std::string type_name(const DType& dtype) {
  return (dtype.is_signed ? "int" : "uint") + std::to_string(dtype.bits);
}

/// `integer` in [dtype.min(), dtype.max()].
constexpr value_t to_pattern(std::int32_t integer, const DType& dtype) {
  const auto mask = (std::uint32_t{1} << dtype.bits) - 1;
  return static_cast<value_t>(static_cast<std::uint32_t>(integer) & mask);
}
/// Inverse of to_pattern. `pattern` < 2^W.
constexpr std::int32_t to_integer(value_t pattern, const DType& dtype) {
  const bool negative = dtype.is_signed && pattern >> (dtype.bits - 1) != 0;
  return negative ? pattern - (std::int32_t{1} << dtype.bits) : pattern;
}
static_assert(to_pattern(-1, {4, true}) == 0xf && to_integer(0xf, {4, true}) == -1);
static_assert(to_pattern(-32768, {16, true}) == 0x8000 && to_integer(0x8000, {16, true}) == -32768);
static_assert(to_pattern(65535, {16, false}) == 0xffff && to_integer(0xffff, {16, false}) == 65535);

/// Product of the dimensions, 1 for none; nothing if it exceeds 2^32 - 1.
constexpr std::optional<std::uint32_t> n_values(std::span<const std::uint32_t> shape) {
  bool too_many = false;
  std::uint64_t n = 1;  // < 2^32 before each step, so that the product fits
  for (const std::uint32_t dim : shape) {
    if (dim == 0) return 0;
    if (!too_many) n *= dim;
    too_many = too_many || n > UINT32_MAX;
  }
  if (too_many) return std::nullopt;
  return static_cast<std::uint32_t>(n);
}

/// A tensor of a trace: values in C order as W-bit patterns (value_t, zero-extended).
struct Tensor {
  std::string name;
  DType dtype;
  std::vector<std::uint32_t> shape;
  std::vector<value_t> values;

  friend bool operator==(const Tensor&, const Tensor&) = default;
};

}  // namespace transom
