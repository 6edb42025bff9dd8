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

Tensor read_named(const fs::path& path) {
  Tensor tensor = read_npy(path).tensor;
  tensor.name = path.stem().string();
  return tensor;
}

std::vector<Tensor> read_bare_folder(const fs::path& folder, const Note& note) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".npy") files.push_back(entry.path());
  }
  if (files.empty()) {
    throw TraceError(folder.string(), "folder",
                     "it has neither manifest.json nor .npy files; name a trace");
  }
  std::sort(files.begin(), files.end());
  if (note) {
    note(folder.string() + ": no manifest.json vouches for its " + std::to_string(files.size()) +
         " .npy file" + (files.size() == 1 ? "" : "s"));
  }
  std::vector<Tensor> tensors;
  std::transform(files.begin(), files.end(), std::back_inserter(tensors), read_named);
  return tensors;
}

std::vector<Tensor> read_any(const fs::path& path, const Note& note) {
  if (fs::is_directory(path)) {
    return fs::exists(path / kManifestFile) ? read_manifest(path, note)
                                            : read_bare_folder(path, note);
  }
  if (path.extension() == ".npz") return read_npz(path);
  if (path.extension() == ".npy") return {read_named(path)};
  regular_file_bytes(path);  // "no such file" says more than its suffix
  throw TraceError(path.string(), "file", "not a .npy, .npz or folder; name a trace");
}

}  // namespace

std::vector<Tensor> read_trace(const fs::path& path, const Note& note) {
  try {
    std::vector<Tensor> tensors = read_any(path, note);
    for (const Tensor& tensor : tensors) {
      if (tensor.name.size() > kMaxNameBytes) {
        throw TraceError(path.string(), "name",
                         "a tensor's name has " + std::to_string(tensor.name.size()) +
                             " bytes, over " + std::to_string(kMaxNameBytes) + "; shorten it");
      }
    }
    return tensors;
  } catch (const fs::filesystem_error& error) {
    throw TraceError(path.string(), "file", error.code().message() + "; check the path");
  } catch (const std::bad_alloc&) {
    throw TraceError(path.string(), "file", "larger than this machine's memory; split the trace");
  }
}

void write_trace(const fs::path& folder, std::span<const Tensor> tensors, const TraceMeta& meta) {
  files::WholeFolder whole(folder, why_not_replace);
  write_manifest(whole, tensors, meta);
  whole.keep();
}

double entropy_bits(std::span<const value_t> values, const DType& dtype) {
  dtype.check();
  if (values.empty()) return 0;
  const std::vector<std::uint32_t> by_value = histogram(values, dtype.bits);
  const unsigned rest = dtype.is_float() ? dtype.bits - dtype.exponent_bits : 0u;  // offset bits
  std::vector<std::uint32_t> counts(by_value.size() >> rest);
  for (std::size_t v = 0; v < by_value.size(); ++v) counts[v >> rest] += by_value[v];
  const auto total = static_cast<double>(values.size());
  double bits = rest;
  for (const std::uint32_t count : counts) {
    if (count != 0) bits += count / total * std::log2(total / count);
  }
  return bits;
}

}  // namespace transom::golden
