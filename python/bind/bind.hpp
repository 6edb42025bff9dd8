// bind.hpp — what the files of the Python module share: one function each, arrays in and out.
//
// Nothing here codes: the bindings shape arguments and results, the model does the rest.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/base/tensor.hpp"

namespace transom::bind {

namespace nb = nanobind;

void bind_tensor(nb::module_& m);
void bind_table(nb::module_& m);
void bind_codec(nb::module_& m);
void bind_foreign_torch(nb::module_& m);
void bind_foreign_tans_py(nb::module_& m);

/// An array of numpy's that owns the values.
template <class T>
nb::ndarray<nb::numpy, T> to_numpy(std::vector<T> values, const std::vector<std::size_t>& shape) {
  auto* const kept = new std::vector<T>(std::move(values));
  nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return {kept->data(), shape.size(), shape.data(), owner};
}
template <class T>
nb::ndarray<nb::numpy, T> to_numpy(std::vector<T> values) {
  const std::vector<std::size_t> shape{values.size()};
  return to_numpy(std::move(values), shape);
}

/// The numbers of a one-dimensional array or sequence, each 0..2^32 - 1. Throws naming `argument`.
std::vector<std::uint32_t> to_numbers(std::string_view function, std::string_view argument,
                                      nb::handle numbers);

/// Patterns as an array of their integers, int8, uint8, int16 or uint16; of floats of their bits,
/// uint8 or uint16, but float16 for fp16.
nb::object to_integers(std::span<const value_t> patterns, const DType& dtype,
                       const std::vector<std::uint32_t>& shape);

}  // namespace transom::bind
