// tensor.cpp — arrays to tensors and back: numpy's, and whatever speaks DLPack or the buffer
// protocol.
//
// Arrays are read where they lie, with their strides; the values become patterns (base/tensor.hpp)
// in one pass. Results are arrays of numpy, which other frameworks take over by DLPack.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <type_traits>

#include "array.hpp"
#include "bind.hpp"

namespace transom::bind {
namespace {

/// Integers as they compare: a bool is 0 or 1.
template <class T>
using Number = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;

template <class T>
bool within(T value, std::int32_t least, std::int32_t most) {
  const auto number = static_cast<Number<T>>(value);
  return std::cmp_greater_equal(number, least) && std::cmp_less_equal(number, most);
}

/// The type of an array that is given none. Of 32- and 64-bit integers the least of 8 and 16 bits
/// that holds every value, as of files (golden/npy.hpp).
template <class T>
DType own_dtype(const Array& array) {
  if constexpr (std::is_same_v<T, bool>) {
    return {1, false};
  } else if constexpr (sizeof(T) <= 2) {
    return {8 * sizeof(T), std::is_signed_v<T>};
  } else {
    T least = 0, most = 0;
    for_each_element<T>(array, [&](T v) { least = std::min(least, v), most = std::max(most, v); });
    const DType byte{8, std::is_signed_v<T>};
    const bool fits = within(least, byte.min(), byte.max()) && within(most, byte.min(), byte.max());
    return {static_cast<std::uint8_t>(fits ? 8 : 16), std::is_signed_v<T>};
  }
}

[[noreturn]] void refuse_value(std::string_view function, std::string_view argument, std::size_t i,
                               auto value, const DType& dtype) {
  refuse(function, std::string(argument) + "[" + std::to_string(i) + "]", value,
         "must be " + std::to_string(dtype.min()) + ".." + std::to_string(dtype.max()) + ", as " +
             type_name(dtype) + " has; name a dtype");
}

template <class T>
std::vector<value_t> to_patterns(std::string_view function, std::string_view argument,
                                 const Array& array, const DType& dtype) {
  if constexpr (sizeof(T) <= 2 && !std::is_same_v<T, bool>) {
    if (dtype == own_dtype<T>(array) && is_contiguous(array)) {  // widened without a sign
      using Pattern = std::make_unsigned_t<T>;
      const auto* const first = static_cast<const Pattern*>(array.data());
      return {first, first + array.size()};
    }
  }
  std::vector<value_t> values(array.size());
  value_t* to = values.data();
  const auto mask = static_cast<value_t>((std::uint32_t{1} << dtype.bits) - 1);
  const std::int32_t least = dtype.min(), most = dtype.max();
  bool fits = true;
  for_each_element<T>(array, [&](T v) {
    fits &= within(v, least, most);
    *to++ = static_cast<value_t>(static_cast<value_t>(v) & mask);
  });
  if (fits && dtype.is_float()) {  // the integers are a float's bits
    for (value_t& v : values) v = to_pattern(v, dtype);
  }
  if (fits) return values;
  std::size_t i = 0;
  for_each_element<T>(array, [&](T v) {
    if (!within(v, least, most)) {
      refuse_value(function, argument, i, static_cast<Number<T>>(v), dtype);
    }
    ++i;
  });
  return values;
}

std::vector<std::uint32_t> to_shape(std::string_view function, std::string_view argument,
                                    const Array& array) {
  std::vector<std::uint32_t> shape(array.ndim());
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (array.shape(i) > UINT32_MAX) {
      refuse(function, argument, array.shape(i), "must have fewer than 2^32 values");
    }
    shape[i] = static_cast<std::uint32_t>(array.shape(i));
  }
  if (!n_values(shape)) refuse(function, argument, "2^32 values or more", "must have fewer");
  return shape;
}

DType dtype_named(std::string_view function, std::string_view argument, const std::string& name) {
  if (const auto dtype = find_dtype(name)) return *dtype;
  refuse(function, argument, name,
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

Tensor make_tensor(std::string_view function, std::string_view argument, nb::handle object,
                   const std::optional<DType>& dtype, std::string name) {
  const Array array = to_array(function, argument, object);
  Tensor tensor{std::move(name), {}, to_shape(function, argument, array), {}};
  const auto fill = [&]<class T>(const DType& type) {
    tensor.dtype = type;
    tensor.values = to_patterns<T>(function, argument, array, type);
  };
  if (const auto floats = float_type_of(array)) {
    if (dtype && *dtype != *floats) {
      refuse(function, "dtype", type_name(*dtype),
             "must be " + type_name(*floats) + ", as the array is; or give its bits as integers");
    }
    const nb::gil_scoped_release release;
    floats->bits == 8 ? fill.template operator()<std::uint8_t>(*floats)
                      : fill.template operator()<std::uint16_t>(*floats);
    return tensor;
  }
  visit_type(function, argument, array, [&](auto type) {
    using T = decltype(type);
    const nb::gil_scoped_release release;
    fill.template operator()<T>(dtype ? *dtype : own_dtype<T>(array));
  });
  return tensor;
}

/// The patterns of an array of integers of 8 or 16 bits, if they lie one behind the other.
std::optional<Patterns> patterns_in(const Array& array) {
  if (!is_contiguous(array)) return std::nullopt;
  const auto as = [&]<class T>(const T* first) { return Patterns(std::span(first, array.size())); };
  const auto type = array.dtype();
  if (type == nb::dtype<std::int8_t>() || type == nb::dtype<std::uint8_t>()) {
    return as(static_cast<const std::uint8_t*>(array.data()));
  }
  if (type == nb::dtype<std::int16_t>() || type == nb::dtype<std::uint16_t>()) {
    return as(static_cast<const value_t*>(array.data()));
  }
  return std::nullopt;
}

void bind_dtype(nb::module_& m) {
  nb::class_<DType>(
      m, "DType",
      "A tensor's element type: integers of 1..16 bits, two's complement if signed, or "
      "the floats bf16, fp16, fp8_e4m3, fp8_e5m2.")
      .def(
          "__init__",
          [](DType* to, const std::string& name) {
            new (to) DType(dtype_named("DType", "name", name));
          },
          nb::arg("name"),
          "Of its name: \"int8\", \"uint4\", \"bf16\", ... Raises ValueError for no such type.")
      .def_ro("bits", &DType::bits, "W, 1..16.")
      .def_ro("is_signed", &DType::is_signed, "Whether it is two's complement.")
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
}

nb::object values_of(const Tensor& t) {
  NewArray array(t.dtype, t.shape);
  without_gil([&] {
    const auto narrow = [&]<class T>(std::span<T> to) {
      std::transform(t.values.begin(), t.values.end(), to.begin(),
                     [](value_t v) { return static_cast<T>(v); });
    };
    std::visit(narrow, array.patterns());
    array.to_integers();
  });
  return *array;
}

}  // namespace

DType to_dtype(std::string_view function, nb::handle object) {
  if (std::string name; nb::try_cast(object, name)) return dtype_named(function, "dtype", name);
  if (nb::isinstance<DType>(object)) return nb::cast<DType>(object);
  refuse(function, "dtype", object.is_none() ? "None" : nb::type_name(object.type()).c_str(),
         "must be a DType or its name");
}

TensorArgument::TensorArgument(std::string_view function, std::string_view argument,
                               nb::handle object) {
  if (nb::isinstance<Tensor>(object)) {
    view_.emplace(*nb::inst_ptr<Tensor>(object));
    return;
  }
  array_ = to_array(function, argument, object);
  if (const auto patterns = patterns_in(array_)) {
    shape_ = to_shape(function, argument, array_);
    const auto type = array_.dtype();
    const bool is_signed = type.code == static_cast<std::uint8_t>(nb::dlpack::dtype_code::Int);
    view_.emplace("", DType{type.bits, is_signed}, shape_, *patterns);
  } else {
    made_ = std::make_unique<Tensor>(make_tensor(function, argument, object, std::nullopt, ""));
    view_.emplace(*made_);
  }
}

NewArray::NewArray(const DType& dtype, std::span<const std::uint32_t> shape) : dtype_(dtype) {
  dtype.check();
  const bool bytes = dtype.bits <= 8, fp16 = dtype == find_dtype("fp16");
  const DType item{static_cast<std::uint8_t>(bytes ? 8 : 16), dtype.is_signed};
  array_ = nb::module_::import_("numpy").attr("empty")(to_tuple(shape),
                                                       fp16 ? "float16" : type_name(item));
  const auto memory = nb::cast<nb::ndarray<>>(array_);
  if (bytes) {
    room_ = std::span(static_cast<std::uint8_t*>(memory.data()), memory.size());
  } else {
    room_ = std::span(static_cast<value_t*>(memory.data()), memory.size());
  }
}

void NewArray::to_integers() {
  const auto convert = [this]<class T>(std::span<T> values) {
    const unsigned unused = 8 * sizeof(T) - dtype_.bits;
    if (dtype_.is_float()) {
      for (T& v : values) v = static_cast<T>(sign_first(v, dtype_));
    } else if (dtype_.is_signed && unused != 0) {
      using Signed = std::make_signed_t<T>;  // shifted out and in again: the sign comes with it
      for (T& v : values) v = static_cast<T>(static_cast<Signed>(v << unused) >> unused);
    }
  };
  std::visit(convert, room_);
}

void bind_tensor(nb::module_& m) {
  bind_dtype(m);
  nb::class_<Tensor>(
      m, "Tensor",
      R"(A tensor of a trace: integers of 1 to 16 bits, or floats by their bits, in C order.

values: any array in the host's memory that numpy, the buffer protocol or DLPack gives, of int8..int64 or
uint8..uint64, bool, float16, bfloat16 or float8, of any shape and strides; read where it lies. dtype: its type, by name or as a DType; by
default the array's own, of 32 and 64 bits the least of 8 and 16 that holds every value. name: what containers call
it. Raises ValueError naming `values` for other types, for values that the dtype lacks, and for 2^32 values or more.)")
      .def(
          "__init__",
          [](Tensor* to, nb::object values, nb::object dtype, std::string name) {
            std::optional<DType> type;
            if (!dtype.is_none()) type = to_dtype("Tensor", dtype);
            new (to) Tensor(make_tensor("Tensor", "values", values, type, std::move(name)));
          },
          nb::arg("values").none(), nb::arg("dtype") = nb::none(), nb::arg("name") = "",
          nb::sig("def __init__(self, values: object, dtype: DType | str | None = None, name: str "
                  "= '') -> None"))
      .def_ro("name", &Tensor::name)
      .def_ro("dtype", &Tensor::dtype)
      .def_prop_ro("shape", [](const Tensor& t) { return to_tuple(t.shape); })
      .def_prop_ro("values", &values_of, nb::sig("def values(self) -> NDArray[typing.Any]"),
                   "A new array of numpy's, of its shape: int8, uint8, int16 or uint16.")
      .def_prop_ro(
          "patterns",
          [](const Tensor& t) {
            return to_numpy(t.values, {t.shape.begin(), t.shape.end()});
          },
          "The same as W-bit patterns, uint16, zero-extended.", nb::rv_policy::automatic)
      .def(
          "__array__",
          [](const Tensor& t, nb::object dtype, nb::object) {
            const nb::object array = values_of(t);
            return dtype.is_none() ? array : array.attr("astype")(dtype);
          },
          nb::arg("dtype") = nb::none(), nb::arg("copy") = nb::none())
      .def(
          "__dlpack__",
          [](const Tensor& t, nb::kwargs) { return values_of(t).attr("__dlpack__")(); },
          nb::sig("def __dlpack__(self, **kwargs: object) -> object"))
      .def("__dlpack_device__", [](const Tensor&) { return std::pair(1, 0); })
      .def("__len__", [](const Tensor& t) { return t.values.size(); })
      .def(nb::self == nb::self, nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def("__repr__", [](const Tensor& t) {
        std::string text = "<transom.Tensor '" + t.name + "': " + type_name(t.dtype);
        for (const std::uint32_t n : t.shape) text.append(" ").append(std::to_string(n));
        return text.append(">");
      });
}

}  // namespace transom::bind
