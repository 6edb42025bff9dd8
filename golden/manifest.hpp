// manifest.hpp — manifest.json: what a trace's folder says about its .npy files.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "transom/base/tensor.hpp"
#include "transom/files/whole.hpp"
#include "transom/golden/trace.hpp"

namespace transom::golden {

inline constexpr const char* kManifestFile = "manifest.json";

/// Throws where an array is not what was said of it, whose values need not be there; returns the
/// tensor's name.
using CheckNpy = std::function<std::string(const NpyArray& array, std::uint64_t n_values)>;
/// Is given the files of a trace. @param check may be empty: the name is the file's then
using TakeNpy = std::function<void(const std::filesystem::path& file, const NpyType& type,
                                   const CheckNpy& check, std::size_t n_tensors)>;

/// The files of folder/manifest.json, each field of it checked. Throws TraceError.
/// @param note told of files that it does not name or has no hash of
void read_manifest(const std::filesystem::path& folder, const TakeNpy& take, const Note& note);
/// The files that it names, as far as it is one.
std::vector<std::filesystem::path> manifest_files(const std::filesystem::path& folder);

/// A trace's folder, tensor by tensor: it appears with all of them at keep().
class TraceWriter {
 public:
  /// Throws as WholeFolder does, from all its functions.
  TraceWriter(const std::filesystem::path& folder, const TraceMeta& meta);
  ~TraceWriter();

  void add(const Tensor& tensor);
  /// A tensor in pieces: its shape, its values one after the other, its end. Throws
  /// PreconditionError if they do not fill the shape.
  void begin(const std::string& name, const DType& dtype, const std::vector<std::uint32_t>& shape);
  /// Returns the checksum() of the values, behind that of those before them.
  std::uint32_t append(const Patterns& values, std::uint32_t before = 0);
  void end();
  void keep();

 private:
  struct Record;
  files::WholeFolder folder_;
  TraceMeta meta_;
  std::unique_ptr<Record> open_;  ///< what begin() began
  struct Records;
  std::unique_ptr<Records> records_;
};
/// Adds a manifest that names every file of the folder with its hash, and who wrote them.
void write_manifest(files::WholeFolder& folder, const std::string& generator);

/// For WholeFolder: a folder may be replaced if its manifest.json has the SHA-256 of all else that
/// is in it, in whatever form. So nothing is lost that somebody put there or changed.
std::string why_not_replace(const std::filesystem::path& folder);

}  // namespace transom::golden
