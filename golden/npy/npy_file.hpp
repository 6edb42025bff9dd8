// npy_file.hpp — a .npy array that is read in pieces, as often as wanted.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "transom/base/tensor_view.hpp"
#include "transom/files/read.hpp"
#include "transom/golden/npy/reader.hpp"

namespace transom::golden {

/// Patterns that it holds itself: bytes for W <= 8.
using OwnPatterns = std::variant<std::vector<std::uint8_t>, std::vector<value_t>>;
inline Patterns view(const OwnPatterns& values) {
  return std::visit([](const auto& vector) -> Patterns { return std::span(vector); }, values);
}

class NpyFile {
 public:
  /// Throws FileError.
  NpyFile(const std::filesystem::path& path, const NpyType& type);

  std::string name;  ///< of the tensor

  const NpyHeader& header() const { return reader_->header(); }
  const DType& dtype() const { return reader_->dtype(); }
  std::uint32_t n_values() const { return reader_->n_values(); }
  /// Whether the values lie in C order.
  bool in_order() const;
  /// A width that the values decide (read_npy()) is decided: reads all of them. Throws FileError.
  void choose_width();
  /// The next n values, or those that are left. Throws FileError.
  OwnPatterns read(std::size_t n);
  /// From the first value again. Throws FileError, also where the header is another one by now.
  void rewind();
  [[noreturn]] void fail_changed() const;

 private:
  NpyReader start();

  std::filesystem::path path_;
  files::InputFile file_;
  NpyType type_;
  std::optional<NpyReader> reader_;
};

}  // namespace transom::golden
