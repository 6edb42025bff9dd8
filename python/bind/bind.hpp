// bind.hpp — what the files of the Python module share: one function each, arrays in and out.
//
// Nothing here codes: the bindings shape arguments and results, the model does the rest.
// Preconditions of the model become ValueErrors as they are, files::DataError becomes
// transom.DataError.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "array.hpp"
#include "integer.hpp"
#include "transom/base/spec.hpp"
#include "transom/base/tensor_view.hpp"
#include "transom/codec/codec.hpp"

namespace transom::bind {

namespace nb = nanobind;

void bind_tensor(nb::module_& m);
void bind_table(nb::module_& m);
void bind_code(nb::module_& m);
void bind_codec(nb::module_& m);
void bind_container(nb::module_& m);
void bind_decoder(nb::module_& m);
void bind_cosim(nb::module_& m);
void bind_foreign(nb::module_& m);
void bind_foreign_tables(nb::module_& m);
void bind_foreign_torch(nb::module_& m);
void bind_foreign_tans_py(nb::module_& m);

/// An array of numpy's that owns its values.
template <class T>
nb::ndarray<nb::numpy, T> to_numpy(std::unique_ptr<T[]> values,
                                   const std::vector<std::size_t>& shape) {
  T* const data = values.release();
  nb::capsule owner(data, [](void* p) noexcept { delete[] static_cast<T*>(p); });
  return {data, shape.size(), shape.data(), owner};
}
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

/// A shape, or another list of numbers.
inline nb::typed<nb::tuple, int, nb::ellipsis> to_tuple(std::span<const std::uint32_t> numbers) {
  nb::list list;
  for (const std::uint32_t n : numbers) list.append(n);
  return nb::typed<nb::tuple, int, nb::ellipsis>(nb::tuple(list));
}

inline nb::bytes to_bytes(std::span<const std::uint8_t> bytes) {
  return nb::bytes(bytes.data(), bytes.size());
}

/// Calls work() without the interpreter's lock.
template <class Work>
auto without_gil(const Work& work) {
  const nb::gil_scoped_release release;
  return work();
}

/// The tensor that an argument is, the values of an array where they lie, or a new tensor of an
/// array whose memory is not its patterns (throws, naming `argument`).
class TensorArgument {
 public:
  TensorArgument(std::string_view function, std::string_view argument, nb::handle object);
  const TensorView& operator*() const { return *view_; }

 private:
  Array array_;
  std::vector<std::uint32_t> shape_;
  std::unique_ptr<Tensor> made_;
  std::optional<TensorView> view_;  ///< of what is above, or of the object
};

/// The numbers of a one-dimensional array or a sequence, each 0..2^32 - 1. Throws naming
/// `argument`.
std::vector<std::uint32_t> to_numbers(std::string_view function, std::string_view argument,
                                      nb::handle object);
/// The same of -2^15..2^15 - 1.
std::vector<std::int16_t> to_cells(std::string_view function, std::string_view argument,
                                   nb::handle object);
/// Bytes, a bytearray, a memoryview or an array of uint8, as they lie. Throws naming `argument`.
nb::ndarray<nb::ro> to_buffer(std::string_view function, std::string_view argument,
                              nb::handle object);
std::span<const std::uint8_t> bytes_of(const nb::ndarray<nb::ro>& buffer);

/// An array that numpy made, large ones of large pages: patterns are written there, and become
/// integers where they lie: int8, uint8, int16 or uint16; of floats their bits, uint8 or uint16,
/// but float16 for fp16.
class NewArray {
 public:
  NewArray(const DType& dtype, std::span<const std::uint32_t> shape);

  // Without the interpreter's lock.
  const MutablePatterns& patterns() const { return room_; }
  void to_integers();

  const nb::object& operator*() const { return array_; }

 private:
  DType dtype_;
  nb::object array_;
  MutablePatterns room_;
};

/// A DType, or the type of a name. Throws naming `dtype`.
DType to_dtype(std::string_view function, nb::handle object);

/// The codec of a name. Throws naming those that there are.
const Codec& codec_named(std::string_view function, const std::string& name);

/// Element `name` of a list of names. Throws naming `argument` and the list.
template <class Enum, std::size_t N>
Enum named(std::string_view function, std::string_view argument, const std::string_view (&names)[N],
           std::string_view name) {
  std::string list;
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
    list += (i == 0 ? "" : ", ") + std::string(names[i]);
  }
  refuse(function, argument, name, "must be one of " + list);
}
inline constexpr std::string_view kSpreadNames[] = {"step", "exact", "tuned"};
inline constexpr std::string_view kCoverNames[] = {"occurring", "every"};

}  // namespace transom::bind
