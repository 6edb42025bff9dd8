// trace.cpp — which reader a path wants; folders without a manifest; entropy for reports.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/trace.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>

#include "transom/container/container.hpp"
#include "transom/golden/manifest.hpp"
#include "transom/golden/npz.hpp"
#include "transom/table/histogram.hpp"

namespace transom::golden {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> bare_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".npy") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void read_bare_folder(const fs::path& folder, const TakeNpy& take, const Note& note) {
  const std::vector<fs::path> files = bare_files(folder);
  if (files.empty()) {
    throw TraceError(folder.string(), "folder",
                     "it has neither manifest.json nor .npy files; name a trace");
  }
  if (note) {
    note(folder.string() + ": no manifest.json vouches for its " + std::to_string(files.size()) +
         " .npy file" + (files.size() == 1 ? "" : "s"));
  }
  for (const fs::path& file : files) take(file, {}, {}, files.size());
}

/// Of a file that need not be there.
std::uint64_t bytes_of(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t n = fs::file_size(file, error);
  return error ? 0 : n;
}

void read_any(const fs::path& path, const TakeTensor& take, const TraceReading& reading) {
  const TakeNpy take_npy = [&](const fs::path& file, const NpyType& type, const CheckNpy& check,
                               std::size_t n_tensors) {
    if (reading.next) reading.next(bytes_of(file));
    regular_file_bytes(file);
    if (reading.take_file) {
      NpyFile npy(file, type);
      if (npy.n_values() > reading.most_values && npy.in_order()) {
        npy.choose_width();
        if (check)
          npy.name = check({npy_type(npy.header()), {"", npy.dtype(), npy.header().shape, {}}},
                           npy.n_values());
        return reading.take_file(npy, n_tensors);
      }
    }
    NpyArray array = read_npy(file, type);
    array.tensor.name = file.stem().string();
    if (check) array.tensor.name = check(array, array.tensor.values.size());
    take(std::move(array.tensor), n_tensors);
  };
  if (fs::is_directory(path)) {
    if (fs::exists(path / kManifestFile)) return read_manifest(path, take_npy, reading.note);
    return read_bare_folder(path, take_npy, reading.note);
  }
  if (path.extension() == ".npz") {
    std::vector<Tensor> tensors = read_npz(path);
    for (Tensor& tensor : tensors) {
      if (reading.next) reading.next(bytes_of(path) / tensors.size());
      take(std::move(tensor), tensors.size());
    }
    return;
  }
  if (path.extension() == ".npy") return take_npy(path, {}, {}, 1);
  regular_file_bytes(path);  // "no such file" says more than its suffix
  throw TraceError(path.string(), "file", "not a .npy, .npz or folder; name a trace");
}

void check_name(const fs::path& path, const std::string& name) {
  if (name.size() <= kMaxNameBytes) return;
  throw TraceError(path.string(), "name",
                   "a tensor's name has " + std::to_string(name.size()) + " bytes, over " +
                       std::to_string(kMaxNameBytes) + "; shorten it");
}

}  // namespace

std::vector<Tensor> read_trace(const fs::path& path, const Note& note) {
  std::vector<Tensor> tensors;
  read_trace(
      path, [&](Tensor tensor, std::size_t) { tensors.push_back(std::move(tensor)); }, note);
  return tensors;
}

void read_trace(const fs::path& path, const TakeTensor& take, const Note& note) {
  read_trace(path, take, TraceReading{.note = note});
}

void read_trace(const fs::path& path, const TakeTensor& take, const TraceReading& reading) {
  if (!take) refuse("read_trace", "take", "empty", "must be a function");
  if (!reading.take_file && reading.most_values != UINT64_MAX) {
    refuse("read_trace", "take_file", "empty", "must be a function");
  }
  TraceReading checked = reading;
  if (reading.take_file) {
    checked.take_file = [&](NpyFile& file, std::size_t n_tensors) {
      check_name(path, file.name);
      reading.take_file(file, n_tensors);
    };
  }
  try {
    read_any(
        path,
        [&](Tensor tensor, std::size_t n_tensors) {
          check_name(path, tensor.name);
          take(std::move(tensor), n_tensors);
        },
        checked);
  } catch (const fs::filesystem_error& error) {
    throw TraceError(path.string(), "file", error.code().message() + "; check the path");
  } catch (const std::bad_alloc&) {
    throw TraceError(path.string(), "file", "larger than this machine's memory; split the trace");
  }
}

std::uint64_t trace_bytes(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return bytes_of(path);
  const bool has_manifest = fs::exists(path / kManifestFile, error);
  std::uint64_t n = 0;
  for (const fs::path& file : has_manifest ? manifest_files(path) : bare_files(path)) {
    n += bytes_of(file);
  }
  return n;
}

void write_trace(const fs::path& folder, std::span<const Tensor> tensors, const TraceMeta& meta) {
  TraceWriter writer(folder, meta);
  for (const Tensor& tensor : tensors) writer.add(tensor);
  writer.keep();
}

double entropy_bits(std::span<const value_t> values, const DType& dtype) {
  dtype.check();
  return entropy_bits_of(histogram(values, dtype.bits), dtype);
}

double entropy_bits_of(std::span<const std::uint32_t> by_value, const DType& dtype) {
  dtype.check();
  require_range("entropy_bits_of", "number of counts", by_value.size(),
                std::size_t{1} << dtype.bits, std::size_t{1} << dtype.bits);
  const unsigned rest = dtype.is_float() ? dtype.bits - dtype.exponent_bits : 0u;  // offset bits
  std::vector<std::uint32_t> counts(by_value.size() >> rest);
  std::uint64_t n = 0;
  for (std::size_t v = 0; v < by_value.size(); ++v) {
    counts[v >> rest] += by_value[v];
    n += by_value[v];
  }
  if (n == 0) return 0;
  const auto total = static_cast<double>(n);
  double bits = rest;
  for (const std::uint32_t count : counts) {
    if (count != 0) bits += count / total * std::log2(total / count);
  }
  return bits;
}

}  // namespace transom::golden
