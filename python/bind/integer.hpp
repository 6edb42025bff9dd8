// integer.hpp — a Python integer as an argument, of whatever size: refused by name where it does
// not fit.
//
// nanobind's own integers make a TypeError without a name of one that is negative or too large.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "transom/base/precondition.hpp"

namespace transom::bind {

/// An int, or what has __index__, as numpy's integers have.
class Integer {
 public:
  /// Throws naming `argument` for what T does not hold.
  template <std::integral T>
  T to(std::string_view function, std::string_view argument) const {
    using Limits = std::numeric_limits<T>;
    const bool fits = negative_ != 0 ? std::cmp_greater_equal(negative_, Limits::min())
                                     : std::cmp_less_equal(magnitude_, Limits::max());
    if (beyond_ || !fits) {
      refuse(function, argument, text(),
             "must be " + std::to_string(Limits::min()) + ".." + std::to_string(Limits::max()));
    }
    return static_cast<T>(negative_ != 0 ? static_cast<std::uint64_t>(negative_) : magnitude_);
  }

  /// False for what is no integer, without an error.
  bool load(PyObject* object) noexcept {
    if (!PyIndex_Check(object)) return false;
    PyObject* const number = PyNumber_Index(object);
    if (number != nullptr) {
      int overflow = 0;
      const long long narrow = PyLong_AsLongLongAndOverflow(number, &overflow);
      negative_ = overflow == 0 && narrow < 0 ? narrow : 0;
      magnitude_ =
          overflow > 0 ? PyLong_AsUnsignedLongLong(number) : static_cast<std::uint64_t>(narrow);
      below_ = overflow < 0;
      beyond_ = below_ || PyErr_Occurred() != nullptr;
      Py_DECREF(number);
    }
    PyErr_Clear();
    return number != nullptr;
  }

 private:
  std::string text() const {
    if (beyond_) return below_ ? "below -2^63" : "2^64 or more";
    return negative_ != 0 ? std::to_string(negative_) : std::to_string(magnitude_);
  }

  std::uint64_t magnitude_ = 0;
  std::int64_t negative_ = 0;
  bool beyond_ = false, below_ = false;  ///< of 64 bits
};

}  // namespace transom::bind

template <>
struct nanobind::detail::type_caster<transom::bind::Integer> {
  NB_TYPE_CASTER(transom::bind::Integer, const_name("int"))
  bool from_python(handle source, std::uint8_t, cleanup_list*) noexcept {
    return value.load(source.ptr());
  }
};
