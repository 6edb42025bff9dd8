// reader.hpp — the values of a .npy array, piece after piece, as patterns.
//
// Files are foreign data: nothing in a header is believed before it agrees with the size of the
// file, and memory grows with what was read, not with what was promised.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transom/base/tensor.hpp"
#include "transom/golden/npy/npy_header.hpp"

namespace transom::golden {

inline constexpr std::string_view kNpyMagic = "\x93NUMPY";
inline constexpr std::string_view kHalf = "fp16";  ///< numpy's float16, by its name here

/// What a file does not say of its items.
struct NpyType {
  std::optional<unsigned> bits = {};  ///< W of integers
  std::optional<DType> floats = {};   ///< the float type that the items are the bits of
};

/// Reads up to n_bytes > 0 bytes to `to`; 0 at the end.
using ReadBytes = std::function<std::size_t(std::uint8_t* to, std::size_t n_bytes)>;

/// The type of 8 bits for integers of 16, and whether values fit it.
DType narrowed(const DType& dtype);
bool fit_narrowed(std::span<const value_t> values, const DType& dtype);

class NpyReader {
 public:
  /// Reads the header of a source that claims to hold `n_bytes`; `file` names it in errors. Throws
  /// FileError, also where the header is not one for so many bytes; PreconditionError for no
  /// `read` and no float type.
  NpyReader(std::string file, std::uint64_t n_bytes, ReadBytes read, const NpyType& type);

  const NpyHeader& header() const { return header_; }
  /// What read_npy() says; integers of 32 and 64 bits without a width have 16.
  const DType& dtype() const { return dtype_; }
  /// Whether read_npy() would choose the width by the values: of all of them.
  bool has_free_width() const { return free_width_; }
  std::uint32_t n_values() const { return n_values_; }
  std::uint32_t left() const { return n_values_ - at_; }  ///< values that follow

  /// Appends the next n values in the file's order, or those that are left; bytes for W <= 8.
  /// Behind the last one the source must end. Throws FileError, also for a value that does not fit.
  void read(std::size_t n, std::vector<std::uint8_t>& values) { append(n, values); }
  void read(std::size_t n, std::vector<value_t>& values) { append(n, values); }

 private:
  void take(std::span<std::uint8_t> to, const char* field);
  std::uint32_t little_endian(std::size_t n_bytes, const char* field);
  void read_header();
  DType choose_float(std::optional<DType> floats) const;
  DType choose_dtype(const NpyType& type) const;
  value_t to_value(std::span<const std::uint8_t> bytes, std::uint32_t index) const;
  template <class T>
  void append(std::size_t n, std::vector<T>& values);
  [[noreturn]] void fail(const std::string& field, const std::string& what) const;

  std::string file_;
  std::uint64_t bytes_left_;  ///< of the claimed size
  ReadBytes read_;
  NpyHeader header_;
  DType dtype_;
  bool free_width_ = false;
  std::uint32_t n_values_ = 0;
  std::uint32_t at_ = 0;
  std::vector<std::uint8_t> piece_;
};

}  // namespace transom::golden
