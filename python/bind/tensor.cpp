// tensor.cpp — arrays to tensors and back: numpy's, and whatever speaks DLPack or the buffer
// protocol.
//
// Arrays are read where they lie, with their strides; the values become patterns (base/tensor.hpp)
// in one pass. Results are arrays of numpy, which other frameworks take over by DLPack.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>
#include <string>

#include "bind.hpp"

namespace transom::bind {
namespace {

using Array = nb::ndarray<nb::ro>;

/// Any array in memory of the host. Throws naming `argument`.
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

/// visit(value) for each element, in C order, whatever the strides. All are looked at in rows of
/// the last dimension.
template <class T, class Visit>
void for_each_element(const Array& array, Visit&& visit) {
  if (array.size() == 0) return;
  const auto* row = static_cast<const T*>(array.data());
  const std::size_t n_dims = array.ndim();
  const std::size_t n = n_dims == 0 ? 1 : array.shape(n_dims - 1);
  const std::int64_t step = n_dims == 0 ? 1 : array.stride(n_dims - 1);
  std::vector<std::size_t> index(n_dims);
  for (;;) {
    if (step == 1) {
      for (std::size_t i = 0; i < n; ++i) visit(row[i]);
    } else {
      for (std::size_t i = 0; i < n; ++i) visit(row[static_cast<std::int64_t>(i) * step]);
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

/// visit(T()) with the array's element type. Throws naming `argument`.
template <class Visit>
decltype(auto) visit_type(std::string_view function, std::string_view argument, const Array& array,
                          Visit&& visit) {
  const auto type = array.dtype();
  if (type == nb::dtype<std::int8_t>()) return visit(std::int8_t{});
  if (type == nb::dtype<std::uint8_t>()) return visit(std::uint8_t{});
  if (type == nb::dtype<bool>()) return visit(bool{});
  if (type == nb::dtype<std::int16_t>()) return visit(std::int16_t{});
  if (type == nb::dtype<std::uint16_t>()) return visit(std::uint16_t{});
  if (type == nb::dtype<std::int32_t>()) return visit(std::int32_t{});
  if (type == nb::dtype<std::uint32_t>()) return visit(std::uint32_t{});
  if (type == nb::dtype<std::int64_t>()) return visit(std::int64_t{});
  if (type == nb::dtype<std::uint64_t>()) return visit(std::uint64_t{});
  constexpr const char* kKinds[] = {"int", "uint", "float", "opaque", "bfloat", "complex", "bool"};
  const std::string kind = type.code < std::size(kKinds) ? kKinds[type.code] : "type";
  refuse(function, argument, "an array of " + kind + std::to_string(type.bits),
         "must be of integers: int8, uint8, int16, uint16, int32 or int64");
}

template <class T>
DType own_dtype(const Array& array) {
  if constexpr (std::is_same_v<T, bool>) {
    return {1, false};
  } else if constexpr (sizeof(T) <= 2) {
    return {8 * sizeof(T), std::is_signed_v<T>};
  } else {  // the least that holds every value, as of files (golden/npy.hpp)
    T least = 0, most = 0;
    for_each_element<T>(array, [&](T v) { least = std::min(least, v), most = std::max(most, v); });
    const DType byte{8, std::is_signed_v<T>};
    const bool fits =
        std::cmp_greater_equal(least, byte.min()) && std::cmp_less_equal(most, byte.max());
    return {static_cast<std::uint8_t>(fits ? 8 : 16), std::is_signed_v<T>};
  }
}

template <class T>
std::vector<value_t> to_patterns(const Array& array, const DType& dtype) {
  std::vector<value_t> values(array.size());
  value_t* to = values.data();
  const auto mask = static_cast<value_t>((std::uint32_t{1} << dtype.bits) - 1);
  bool fits = true;
  const std::int32_t least = dtype.min(), most = dtype.max();
  for_each_element<T>(array, [&](T v) {
    fits &=
        std::cmp_greater_equal(
            static_cast<std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>>(v), least) &&
        std::cmp_less_equal(
            static_cast<std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>>(v), most);
    *to++ = static_cast<value_t>(static_cast<value_t>(v) & mask);
  });
  if (fits && dtype.is_float()) {  // the integers are a float's bits
    for (value_t& v : values) v = to_pattern(v, dtype);
  }
  if (fits) return values;
  std::size_t i = 0;
  for_each_element<T>(array, [&](T v) {
    const auto wide = static_cast<
        std::conditional_t<std::is_same_v<T, std::uint64_t>, std::uint64_t, std::int64_t>>(v);
    if (std::cmp_less(wide, least) || std::cmp_greater(wide, most)) {
      refuse("Tensor", "values[" + std::to_string(i) + "]", wide,
             "must be " + std::to_string(least) + ".." + std::to_string(most) + ", as " +
                 type_name(dtype) + " has");
    }
    ++i;
  });
  return values;
}

std::vector<std::uint32_t> to_shape(const Array& array) {
  std::vector<std::uint32_t> shape(array.ndim());
  for (std::size_t i = 0; i < shape.size(); ++i) {
    require_range("Tensor", "shape[" + std::to_string(i) + "]", array.shape(i), 0, UINT32_MAX);
    shape[i] = static_cast<std::uint32_t>(array.shape(i));
  }
  if (!n_values(shape)) refuse("Tensor", "shape", "2^32 values or more", "must have fewer");
  return shape;
}

DType dtype_named(const std::string& name) {
  if (const auto dtype = find_dtype(name)) return *dtype;
  refuse("DType", "name", name,
         "must be int1..int16, uint1..uint16, bf16, fp16, fp8_e4m3 or fp8_e5m2");
}

/// The type of an array of floats, by DLPack's codes; the kinds of e4m3 differ in what they call
/// NaN.
std::optional<DType> float_type_of(const Array& array) {
  using nb::dlpack::dtype_code;
  const auto type = array.dtype();
  const auto code = static_cast<dtype_code>(type.code);
  if (type.lanes != 1) return std::nullopt;
  if (code == dtype_code::Float && type.bits == 16) return find_dtype("fp16");
  if (code == dtype_code::Bfloat && type.bits == 16) return find_dtype("bf16");
  if (code >= dtype_code::Float8_E4M3 && code <= dtype_code::Float8_E4M3FNUZ) {
    return find_dtype("fp8_e4m3");
  }
  if (code == dtype_code::Float8_E5M2 || code == dtype_code::Float8_E5M2FNUZ) {
    return find_dtype("fp8_e5m2");
  }
  return std::nullopt;
}

Tensor make_tensor(nb::handle object, const std::optional<DType>& dtype, std::string name) {
  const Array array = to_array("Tensor", "values", object);
  Tensor tensor{std::move(name), {}, to_shape(array), {}};
  if (const auto floats = float_type_of(array)) {
    if (dtype && *dtype != *floats) {
      refuse("Tensor", "dtype", type_name(*dtype),
             "must be " + type_name(*floats) + ", as the array is; or give its bits as integers");
    }
    nb::gil_scoped_release release;
    tensor.dtype = *floats;
    tensor.values = floats->bits == 8 ? to_patterns<std::uint8_t>(array, *floats)
                                      : to_patterns<std::uint16_t>(array, *floats);
    return tensor;
  }
  visit_type("Tensor", "values", array, [&](auto type) {
    using T = decltype(type);
    nb::gil_scoped_release release;
    tensor.dtype = dtype ? *dtype : own_dtype<T>(array);
    tensor.values = to_patterns<T>(array, tensor.dtype);
  });
  return tensor;
}

template <class T>
nb::object integers_as(std::span<const value_t> patterns, const DType& dtype,
                       const std::vector<std::uint32_t>& shape) {
  std::vector<T> integers(patterns.size());
  {
    nb::gil_scoped_release release;
    const unsigned unused = 16u - dtype.bits;  // shifted out and in again: the sign comes with it
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const auto high = static_cast<value_t>(patterns[i] << unused);
      integers[i] = static_cast<T>(dtype.is_signed ? static_cast<std::int16_t>(high) >> unused
                                                   : high >> unused);
    }
  }
  return nb::cast(to_numpy(std::move(integers), {shape.begin(), shape.end()}));
}

}  // namespace

nb::object to_integers(std::span<const value_t> patterns, const DType& dtype,
                       const std::vector<std::uint32_t>& shape) {
  dtype.check();
  if (dtype.is_float()) {
    std::vector<value_t> bits(patterns.begin(), patterns.end());
    for (value_t& v : bits) v = static_cast<value_t>(to_integer(v, dtype));
    const bool is_half = dtype == find_dtype("fp16");
    nb::object items = integers_as<std::uint16_t>(bits, {16, false}, shape);
    return items.attr(is_half ? "view" : "astype")(is_half            ? "float16"
                                                   : dtype.bits == 16 ? "uint16"
                                                                      : "uint8");
  }
  if (dtype.is_signed) {
    return dtype.bits <= 8 ? integers_as<std::int8_t>(patterns, dtype, shape)
                           : integers_as<std::int16_t>(patterns, dtype, shape);
  }
  return dtype.bits <= 8 ? integers_as<std::uint8_t>(patterns, dtype, shape)
                         : integers_as<std::uint16_t>(patterns, dtype, shape);
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
  std::vector<std::int64_t> list;
  if (nb::try_cast(object, list)) {
    std::for_each(list.begin(), list.end(), add);
    return numbers;
  }
  const Array array = to_array(function, argument, object);
  require_range(function, std::string(argument) + ".ndim", array.ndim(), 1, 1);
  visit_type(function, argument, array, [&](auto type) {
    using T = decltype(type);
    if constexpr (!std::is_same_v<T, bool>) {
      for_each_element<T>(array, add);
    } else {
      refuse(function, argument, "an array of bool", "must be of integers");
    }
  });
  return numbers;
}

void bind_tensor(nb::module_& m) {
  nb::class_<DType>(
      m, "DType",
      "A tensor's element type: integers of 1..16 bits, two's complement if signed, or "
      "the floats bf16, fp16, fp8_e4m3, fp8_e5m2.")
      .def(
          "__init__", [](DType* to, const std::string& name) { new (to) DType(dtype_named(name)); },
          nb::arg("name"),
          "Of a name, \"int8\", \"uint4\" or \"bf16\". Raises ValueError for no such type.")
      .def_ro("bits", &DType::bits, "W, 1..16.")
      .def_ro("is_signed", &DType::is_signed)
      .def_ro("exponent_bits", &DType::exponent_bits, "Of a float; 0: integers.")
      .def_prop_ro("min", &DType::min,
                   "The least integer that it has; a float's bits are integers from 0.")
      .def_prop_ro("max", &DType::max, "The largest integer that it has.")
      .def("__str__", &type_name)
      .def("__repr__", [](const DType& dtype) { return "DType('" + type_name(dtype) + "')"; })
      .def("__hash__",
           [](const DType& dtype) {
             return 512 * dtype.exponent_bits + 2 * dtype.bits + dtype.is_signed;
           })
      .def(nb::self == nb::self, nb::sig("def __eq__(self, other: object, /) -> bool"));
  nb::implicitly_convertible<nb::str, DType>();

  nb::class_<Tensor>(
      m, "Tensor",
      "A tensor of a trace: integers of 1..16 bits, or floats by their bits, in C order.")
      .def(
          "__init__",
          [](Tensor* to, nb::object values, std::optional<DType> dtype, std::string name) {
            new (to) Tensor(make_tensor(values, dtype, std::move(name)));
          },
          nb::arg("values"), nb::arg("dtype") = nb::none(), nb::arg("name") = "")
      .def_ro("name", &Tensor::name)
      .def_ro("dtype", &Tensor::dtype)
      .def_prop_ro("shape",
                   [](const Tensor& t) {
                     return nb::typed<nb::tuple, int, nb::ellipsis>(nb::tuple(nb::cast(t.shape)));
                   })
      .def_prop_ro("values",
                   [](const Tensor& t) { return to_integers(t.values, t.dtype, t.shape); })
      .def("__len__", [](const Tensor& t) { return t.values.size(); });
}

}  // namespace transom::bind
