// array.cpp — what is taken as an array, as numbers and as bytes.
// SPDX-License-Identifier: Apache-2.0
#include "array.hpp"

#include <limits>
#include <type_traits>
#include <utility>

#include "bind.hpp"

namespace transom::bind {

Array to_array(std::string_view function, std::string_view argument, nb::handle object) {
  Array array;
  if (!nb::try_cast(object, array)) {
    std::string kind = nb::type_name(object.type()).c_str();
    PyErr_Clear();  // what numpy said of DLPack
    if (nb::hasattr(object, "dtype")) {
      const nb::object type = object.attr("dtype");
      kind += std::string(" of ") + nb::str(type).c_str();
    }
    refuse(
        function, argument, kind,
        "must be an array of integers, in this machine's byte order: numpy's, or one with DLPack "
        "or the buffer protocol");
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

namespace {

template <class T>
std::vector<T> numbers_of(std::string_view function, std::string_view argument, nb::handle object) {
  std::vector<T> numbers;
  const auto name = [&] {
    return std::string(argument) + "[" + std::to_string(numbers.size()) + "]";
  };
  if (nb::isinstance<nb::list>(object) || nb::isinstance<nb::tuple>(object)) {
    for (nb::handle item : object) {
      Integer number;
      if (!nb::try_cast(item, number)) {
        refuse(function, name(), nb::type_name(item.type()).c_str(), "must be an integer");
      }
      numbers.push_back(number.to<T>(function, name()));
    }
    return numbers;
  }
  const Array array = to_array(function, argument, object);
  if (array.ndim() != 1) {
    refuse(function, argument, std::to_string(array.ndim()) + " dimensions", "must have one");
  }
  visit_type(function, argument, array, [&](auto type) {
    using From = decltype(type);
    if constexpr (std::is_same_v<From, bool>) {
      refuse_type(function, argument, array);
    } else {
      for_each_element<From>(array, [&](From n) {
        if (!std::in_range<T>(n)) {
          using Limits = std::numeric_limits<T>;
          refuse(function, name(), n,
                 "must be " + std::to_string(Limits::min()) + ".." + std::to_string(Limits::max()));
        }
        numbers.push_back(static_cast<T>(n));
      });
    }
  });
  return numbers;
}

}  // namespace

std::vector<std::uint32_t> to_numbers(std::string_view function, std::string_view argument,
                                      nb::handle object) {
  return numbers_of<std::uint32_t>(function, argument, object);
}

std::vector<std::int16_t> to_cells(std::string_view function, std::string_view argument,
                                   nb::handle object) {
  return numbers_of<std::int16_t>(function, argument, object);
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
