// npy.hpp — one .npy array: bytes -> Tensor, and back in numpy.save's own bytes.
//
// numpy's format specification (numpy.lib.format), versions 1.0, 2.0 and 3.0. Files are foreign
// data: nothing in a header is believed before it agrees with the size of the file, and memory
// grows with what was read, not with what was promised.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "transom/base/tensor.hpp"
#include "transom/base/tensor_view.hpp"
#include "transom/golden/errors.hpp"
#include "transom/golden/npy/reader.hpp"

namespace transom::golden {

/// A trace cannot be read or written.
using TraceError = files::FileError;

/// An array as its file states it.
struct NpyArray {
  std::string type;  ///< numpy's name of the file's element type: "int8", "bool", ...
  Tensor tensor;     ///< without a name
};

/// Reads all of a source that claims to hold `n_bytes`; `file` names it in errors.
///
/// Integers, float16 and bool of either byte order; Fortran order becomes C order. The width of
/// integers is `bits` where given (1..16, at most the file's), else the file's: 1 for bool, 8, 16.
/// Arrays of 32- and 64-bit integers without `bits` get the least of 8 and 16 that holds every
/// value and keep their sign. Floats that numpy does not have lie as integers, or as the void that
/// numpy makes of them, of as many bits: `floats` says what they are. Throws TraceError, also for
/// values that do not fit; PreconditionError for no `read`.
NpyArray read_npy(const std::string& file, std::uint64_t n_bytes, const ReadBytes& read,
                  const NpyType& type = {});
/// The same of a regular file.
NpyArray read_npy(const std::filesystem::path& path, const NpyType& type = {});

/// Size of a regular file; throws TraceError for anything else.
std::uint64_t regular_file_bytes(const std::filesystem::path& path);

/// The type that holds a value in a file: int8, uint8, int16, uint16, or float16 for fp16.
std::string npy_type(const DType& dtype);

/// Throws where values and shape or dtype disagree, or there are too many dimensions.
void check_npy(const Tensor& tensor);
/// All that precedes the values in what numpy.save writes for them as npy_type(dtype).
std::vector<std::uint8_t> npy_start(const DType& dtype, std::span<const std::uint32_t> shape);
/// Appends the values' items there. Throws for values of more than W bits.
void append_items(const Patterns& values, const DType& dtype, std::vector<std::uint8_t>& items);
/// What numpy.save writes for the tensor as npy_type(dtype).
/// Throws as check_npy().
std::vector<std::uint8_t> npy_bytes(const Tensor& tensor);
/// Writes npy_bytes(). Throws TraceError if the file cannot be written.
void write_npy(const std::filesystem::path& path, const Tensor& tensor);
/// Replaces a file as a whole (transom/files/whole.hpp). Throws TraceError if it cannot be written.
void write_file(const std::filesystem::path& path, const std::vector<std::uint8_t>& bytes);

}  // namespace transom::golden
