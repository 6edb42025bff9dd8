// container_layout.hpp — what writing and reading a container share of FORMAT.md. Not a public
// header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "transom/base/printable.hpp"
#include "transom/container/container.hpp"

namespace transom::layout {

constexpr std::size_t round_up_to_word(std::size_t n_bytes) { return (n_bytes + 3) / 4 * 4; }

/// W in bits 0..4; above them 0 unsigned, 1 signed, 2 + the number of a float type.
inline std::uint32_t dtype_byte(const DType& dtype) {
  const std::size_t kind = dtype.is_float() ? 2 + *dtype.float_number() : dtype.is_signed;
  return dtype.bits | static_cast<std::uint32_t>(kind) << 5;
}

inline std::size_t raw_words(std::uint64_t n_values, const DType& dtype) {
  return static_cast<std::size_t>((n_values * dtype.bits + kWordBits - 1) / kWordBits);
}

inline std::size_t least_bytes(std::uint64_t n_values) {
  return round_up_to_word(
      static_cast<std::size_t>((n_values + kMaxValuesPerByte - 1) / kMaxValuesPerByte));
}

/// Throws, naming the function, for what no version can hold of tensor `number`.
void check_entry(const CodedTensor& tensor, std::size_t number, std::string_view function);

}  // namespace transom::layout
