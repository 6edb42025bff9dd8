// trace.hpp — recorded tensors from files, and back: .npy, .npz, or a folder.
//
// The one interface to file formats: the model sees Tensors only. A folder's manifest.json is a
// claim about its files, and each field of it is checked against them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "transom/base/tensor.hpp"
#include "transom/golden/npy.hpp"
#include "transom/golden/npy/npy_file.hpp"

namespace transom::golden {

/// Told, in a line, what was read but is not certain.
using Note = std::function<void(const std::string&)>;

/// Where a trace comes from: the free text of its manifest.
struct TraceMeta {
  std::string source;
  std::string licence;
  std::string input;
  std::string note;
};

/// Reads a .npy (one tensor, named after the file), a .npz (its members in order), a folder with
/// manifest.json (its `tensors` in order), or a folder of .npy (all of them, by file name).
///
/// Of a manifest only `tensors` and each one's `file` are required; `name` replaces the file's,
/// `bits` gives the width (4-bit values lie one per byte), `dtype` may say that integers are the
/// bits of bf16, fp16, fp8_e4m3 or fp8_e5m2; else it, `shape`, `n` and `sha256` (of the whole file)
/// must be true. Other fields are not read. `note` is told of files that no
/// manifest vouches for. Throws TraceError.
std::vector<Tensor> read_trace(const std::filesystem::path& path, const Note& note = {});

/// Is given the tensors of a trace one by one, and how many it has.
using TakeTensor = std::function<void(Tensor tensor, std::size_t n_tensors)>;
/// The same for a trace that need not fit in memory: of a folder or .npy, one tensor at a time is
/// there. What `take` throws ends it. Throws PreconditionError for no `take`.
void read_trace(const std::filesystem::path& path, const TakeTensor& take, const Note& note = {});

/// How a trace is read whose tensors need not fit in memory either.
struct TraceReading {
  Note note = {};
  /// .npy files of more values, in C order, are given as files and not read.
  std::uint64_t most_values = UINT64_MAX;
  std::function<void(NpyFile& file, std::size_t n_tensors)> take_file = {};
  /// Told, before a tensor is given, which share of trace_bytes() it is.
  std::function<void(std::uint64_t bytes)> next = {};
};
/// The same. Throws PreconditionError for no `take`, and for most_values without `take_file`.
void read_trace(const std::filesystem::path& path, const TakeTensor& take,
                const TraceReading& reading);
/// Bytes of the files that read_trace() reads, as far as they are there: for a progress.
std::uint64_t trace_bytes(const std::filesystem::path& path);

/// Writes a folder that read_trace reads back: it appears with all its files, or not at all. One
/// that is there is replaced as a whole, if its manifest vouches for all that is in it. Names are
/// UTF-8: other bytes become U+FFFD in the manifest. Throws TraceError, and std::invalid_argument
/// where the folder that is there must stay.
void write_trace(const std::filesystem::path& folder, std::span<const Tensor> tensors,
                 const TraceMeta& meta);

/// Order-0 entropy in bits per value, 0 for no values; of floats that of their exponents, sign and
/// mantissa counted as bits. A figure for reports, never for coding. `values` are patterns of
/// `dtype` (throws).
double entropy_bits(std::span<const value_t> values, const DType& dtype);
/// The same of a histogram of 2^W counts (throws).
double entropy_bits_of(std::span<const std::uint32_t> counts, const DType& dtype);

}  // namespace transom::golden
