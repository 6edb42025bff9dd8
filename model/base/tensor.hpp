// tensor.hpp — a tensor of a trace: integers of 1 to 16 bits or floats of 8 or 16, and their
// patterns.
//
// The one place that maps a value to its pattern: value_t holds the low W bits of an integer's
// two's complement, and the bits of a float with its exponent first. So every later stage counts,
// codes and compares patterns, and asks neither for a sign nor for a float.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transom/base/spec.hpp"

namespace transom {

/// A tensor's element type: W-bit integers, two's complement if signed, or one of kFloatTypes.
struct DType {
  std::uint8_t bits = 8;  ///< W, 1..kMaxValueBits
  bool is_signed = false;
  std::uint8_t exponent_bits = 0;  ///< E of a float; 0: integers

  constexpr bool is_float() const { return exponent_bits != 0; }
  /// Whether a type is like that.
  constexpr bool exists() const {
    return bits >= 1 && bits <= kMaxValueBits && (!is_float() || (!is_signed && float_number()));
  }
  /// Which of kFloatTypes it is; none if it is of integers, or no type at all.
  constexpr std::optional<std::size_t> float_number() const {
    for (std::size_t i = 0; i < kFloatTypes.size(); ++i) {
      if (kFloatTypes[i].bits == bits && kFloatTypes[i].exponent_bits == exponent_bits) return i;
    }
    return std::nullopt;
  }

  /// The integers that it has; a float's bits count as an unsigned one. Throws for other bits than
  /// 1..16 and for a float that is none, as all that follows.
  constexpr std::int32_t min() const {
    check();
    return is_signed ? -(std::int32_t{1} << (bits - 1)) : 0;
  }
  constexpr std::int32_t max() const {
    check();
    return (std::int32_t{1} << (is_signed ? bits - 1 : bits)) - 1;
  }
  constexpr void check() const {
    require_range("DType", "bits", bits, 1, kMaxValueBits);
    if (!exists()) [[unlikely]] {
      refuse("DType", "exponent bits", std::uint32_t{exponent_bits}, "no float is like that");
    }
  }
  friend constexpr bool operator==(const DType&, const DType&) = default;
};

/// Float type i of kFloatTypes.
constexpr DType float_dtype(std::size_t i) {
  require_range("float_dtype", "i", i, 0, kFloatTypes.size() - 1);
  return {kFloatTypes[i].bits, false, kFloatTypes[i].exponent_bits};
}

/// "int8", "uint4", "bf16", ...
inline std::string type_name(const DType& dtype) {
  if (const auto i = dtype.float_number()) return std::string(kFloatTypes[*i].name);
  return (dtype.is_signed ? "int" : "uint") + std::to_string(dtype.bits);
}
/// The type of a name; none if it is of no type.
inline std::optional<DType> find_dtype(std::string_view name) {
  for (std::size_t i = 0; i < kFloatTypes.size(); ++i) {
    if (kFloatTypes[i].name == name) return float_dtype(i);
  }
  for (std::uint8_t bits = 1; bits <= kMaxValueBits; ++bits) {
    for (const bool is_signed : {false, true}) {
      if (type_name({bits, is_signed}) == name) return DType{bits, is_signed};
    }
  }
  return std::nullopt;
}

/// A float's bits sign, exponent, mantissa in the order of its pattern: exponent, sign, mantissa.
/// So the values of an exponent are a range of patterns, and sign and mantissa the offset in it, as
/// in DFloat11 and DietGPU: ranges.hpp codes floats as it codes integers, without losing a bit.
constexpr std::uint32_t exponent_first(std::uint32_t bits, const DType& dtype) {
  const unsigned M = dtype.bits - 1u - dtype.exponent_bits;
  const std::uint32_t sign = bits >> (dtype.bits - 1u), mantissa = bits & ((1u << M) - 1);
  const std::uint32_t exponent = bits >> M & ((1u << dtype.exponent_bits) - 1);
  return exponent << (M + 1) | sign << M | mantissa;
}
/// Its inverse.
constexpr std::uint32_t sign_first(std::uint32_t pattern, const DType& dtype) {
  const unsigned M = dtype.bits - 1u - dtype.exponent_bits;
  const std::uint32_t exponent = pattern >> (M + 1), sign = pattern >> M & 1;
  return sign << (dtype.bits - 1u) | exponent << M | (pattern & ((1u << M) - 1));
}

/// The pattern of an integer, or of a float's bits. `integer` in [dtype.min(), dtype.max()]
/// (throws).
constexpr value_t to_pattern(std::int32_t integer, const DType& dtype) {
  if (integer < dtype.min() || integer > dtype.max()) [[unlikely]] {
    detail::refuse_integer("to_pattern", "integer", integer, dtype.min(), dtype.max());
  }
  if (dtype.is_float()) {
    return static_cast<value_t>(exponent_first(static_cast<std::uint32_t>(integer), dtype));
  }
  const auto mask = (std::uint32_t{1} << dtype.bits) - 1;
  return static_cast<value_t>(static_cast<std::uint32_t>(integer) & mask);
}
/// Inverse of to_pattern. `pattern` < 2^W (throws).
constexpr std::int32_t to_integer(value_t pattern, const DType& dtype) {
  dtype.check();
  if (pattern >> dtype.bits != 0) [[unlikely]] {
    detail::refuse_range("to_integer", "pattern", pattern, 0, (std::uint32_t{1} << dtype.bits) - 1);
  }
  if (dtype.is_float()) return static_cast<std::int32_t>(sign_first(pattern, dtype));
  const bool negative = dtype.is_signed && pattern >> (dtype.bits - 1) != 0;
  return negative ? pattern - (std::int32_t{1} << dtype.bits) : pattern;
}
static_assert(to_pattern(-1, {4, true}) == 0xf && to_integer(0xf, {4, true}) == -1);
static_assert(to_pattern(-32768, {16, true}) == 0x8000 && to_integer(0x8000, {16, true}) == -32768);
static_assert(to_pattern(65535, {16, false}) == 0xffff && to_integer(0xffff, {16, false}) == 65535);
static_assert(to_pattern(0xbf81, {16, false, 8}) == 0x7f81 && to_pattern(1, {8, false, 4}) == 1);
static_assert(to_pattern(0x3f81, {16, false, 8}) == 0x7f01 &&
              to_integer(0x7f81, {16, false, 8}) == 0xbf81);

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
