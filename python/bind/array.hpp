// array.hpp — arrays of other people's: what is taken, and each element of it, in C order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "transom/base/precondition.hpp"

namespace transom::bind {

using Array = nanobind::ndarray<nanobind::ro>;

/// Any array in the host's memory. Throws naming `argument`.
Array to_array(std::string_view function, std::string_view argument, nanobind::handle object);

/// Whether the elements lie one behind the other, in C order.
inline bool is_contiguous(const Array& array) {
  if (array.size() == 0) return true;  // whatever its strides: numpy's of later versions are 0
  std::int64_t step = 1;
  for (std::size_t d = array.ndim(); d-- > 0;) {
    if (array.shape(d) != 1 && array.stride(d) != step) return false;
    step *= static_cast<std::int64_t>(array.shape(d));
  }
  return true;
}

/// visit(value) for each element, in C order, whatever the strides: row by row of the last
/// dimension.
template <class T, class Visit>
void for_each_element(const Array& array, Visit&& visit) {
  if (array.size() == 0) return;
  const auto* row = static_cast<const T*>(array.data());
  const std::size_t n_dims = array.ndim();
  const auto n = static_cast<std::int64_t>(n_dims == 0 ? 1 : array.shape(n_dims - 1));
  const std::int64_t step = n_dims == 0 ? 1 : array.stride(n_dims - 1);
  std::vector<std::size_t> index(n_dims);
  for (;;) {
    if (step == 1) {
      for (std::int64_t i = 0; i < n; ++i) visit(row[i]);
    } else {
      for (std::int64_t i = 0; i < n; ++i) visit(row[i * step]);
    }
    std::size_t d = n_dims > 0 ? n_dims - 1 : 0;
    for (;; --d) {
      if (d == 0) return;
      row += array.stride(d - 1);
      if (++index[d - 1] < array.shape(d - 1)) break;
      row -= array.stride(d - 1) * static_cast<std::int64_t>(index[d - 1]);
      index[d - 1] = 0;
    }
  }
}

/// Throws naming `argument`: an array of another type than integers.
[[noreturn]] void refuse_type(std::string_view function, std::string_view argument,
                              const Array& array);

/// visit(T()) with the array's element type: integers or bool. Throws naming `argument`.
template <class Visit>
void visit_type(std::string_view function, std::string_view argument, const Array& array,
                Visit&& visit) {
  const auto is = [&]<class T>(T value) {
    if (array.dtype() != nanobind::dtype<T>()) return false;
    visit(value);
    return true;
  };
  if (!(is(std::int8_t{}) || is(std::uint8_t{}) || is(bool{}) || is(std::int16_t{}) ||
        is(std::uint16_t{}) || is(std::int32_t{}) || is(std::uint32_t{}) || is(std::int64_t{}) ||
        is(std::uint64_t{}))) {
    refuse_type(function, argument, array);
  }
}

}  // namespace transom::bind
