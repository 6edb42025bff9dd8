// tensor_view.hpp — a tensor whose values lie in somebody else's memory, a byte or two each.
//
// What counts, codes and checks a tensor reads patterns (tensor.hpp) at the width that their owner
// keeps them at, and so does what decodes one: a Tensor has value_t, an array of int8 or uint8 has
// bytes, and is neither copied nor widened.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "transom/base/tensor.hpp"

namespace transom {

/// Patterns, zero-extended to bytes or to value_t. std::visit() gives the span.
using Patterns = std::variant<std::span<const std::uint8_t>, std::span<const value_t>>;
/// Room for patterns; bytes have room for W <= 8.
using MutablePatterns = std::variant<std::span<std::uint8_t>, std::span<value_t>>;

template <class... Spans>
std::size_t n_patterns(const std::variant<Spans...>& values) {
  return std::visit([](const auto& span) { return span.size(); }, values);
}

/// A Tensor, or what could be one. Its memory outlives it, and is not written meanwhile.
struct TensorView {
  std::string_view name;
  DType dtype;
  std::span<const std::uint32_t> shape;
  Patterns values;

  // NOLINTNEXTLINE(google-explicit-constructor): a Tensor is given wherever a view is taken
  TensorView(const Tensor& tensor)
      : TensorView(tensor.name, tensor.dtype, tensor.shape, tensor.values) {}
  TensorView(std::string_view name_, const DType& dtype_, std::span<const std::uint32_t> shape_,
             const Patterns& values_)
      : name(name_), dtype(dtype_), shape(shape_), values(values_) {}

  std::size_t n_values() const { return n_patterns(values); }
};

}  // namespace transom
