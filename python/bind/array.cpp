// array.cpp — what is taken as an array, as numbers and as bytes.
// SPDX-License-Identifier: Apache-2.0
#include "array.hpp"

#include <nanobind/stl/vector.h>

#include <algorithm>
#include <type_traits>

#include "bind.hpp"

namespace transom::bind {

Array to_array(std::string_view function, std::string_view argument, nb::handle object) {
  Array array;
  if (!nb::try_cast(object, array)) {
    refuse(function, argument, nb::type_name(object.type()).c_str(),
           "must be an array of integers: numpy's, or one with DLPack or the buffer protocol");
  }
  if (array.device_type() != nb::device::cpu::value) {
    refuse(function, argument, "on a device", "must be in the host's memory: copy it there first");
  }
  return array;
}

void refuse_type(std::string_view function, std::string_view argument, const Array& array) {
  constexpr std::string_view kKinds[] = {"int",    "uint",    "float", "opaque",
                                         "bfloat", "complex", "bool"};
  const auto type = array.dtype();
  const std::string kind(type.code < std::size(kKinds) ? kKinds[type.code] : "type");
  refuse(function, argument, "an array of " + kind + std::to_string(type.bits),
         "must be of integers, float16, bfloat16 or float8; of other floats give the bits as "
         "integers");
}

std::vector<std::uint32_t> to_numbers(std::string_view function, std::string_view argument,
                                      nb::handle object) {
  std::vector<std::uint32_t> numbers;
  const auto add = [&](auto n) {
    if (std::cmp_less(n, 0) || std::cmp_greater(n, UINT32_MAX)) {
      refuse(function, std::string(argument) + "[" + std::to_string(numbers.size()) + "]", n,
             "must be 0..2^32 - 1");
    }
    numbers.push_back(static_cast<std::uint32_t>(n));
  };
  if (std::vector<std::int64_t> list;
      nb::isinstance<nb::list>(object) || nb::isinstance<nb::tuple>(object)) {
    if (!nb::try_cast(object, list)) {
      refuse(function, argument, nb::repr(object).c_str(), "must be a list of integers");
    }
    std::for_each(list.begin(), list.end(), add);
    return numbers;
  }
  const Array array = to_array(function, argument, object);
  if (array.ndim() != 1) {
    refuse(function, argument, std::to_string(array.ndim()) + " dimensions", "must have one");
  }
  visit_type(function, argument, array, [&](auto type) {
    using T = decltype(type);
    if constexpr (std::is_same_v<T, bool>) {
      refuse_type(function, argument, array);
    } else {
      for_each_element<T>(array, add);
    }
  });
  return numbers;
}

nb::ndarray<nb::ro> to_buffer(std::string_view function, std::string_view argument,
                              nb::handle object) {
  nb::ndarray<nb::ro> buffer;
  const bool found = nb::try_cast(object, buffer);
  if (!found || buffer.dtype() != nb::dtype<std::uint8_t>() || !is_contiguous(buffer) ||
      buffer.device_type() != nb::device::cpu::value) {
    refuse(function, argument, nb::type_name(object.type()).c_str(),
           "must be bytes, or a contiguous array of uint8 in the host's memory");
  }
  return buffer;
}

std::span<const std::uint8_t> bytes_of(const nb::ndarray<nb::ro>& buffer) {
  return {static_cast<const std::uint8_t*>(buffer.data()), buffer.size()};
}

}  // namespace transom::bind
