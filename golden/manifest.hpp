// manifest.hpp — manifest.json: what a trace's folder says about its .npy files.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "transom/base/tensor.hpp"
#include "transom/files/whole.hpp"
#include "transom/golden/trace.hpp"

namespace transom::golden {

inline constexpr const char* kManifestFile = "manifest.json";

/// The tensors of folder/manifest.json, each field checked against its file. Throws TraceError.
/// @param note told of files that it does not name or has no hash of
void read_manifest(const std::filesystem::path& folder, const TakeTensor& take, const Note& note);

/// Adds the tensors' files and their manifest.
void write_manifest(files::WholeFolder& folder, std::span<const Tensor> tensors,
                    const TraceMeta& meta);
/// Adds a manifest that names every file of the folder with its hash, and who wrote them.
void write_manifest(files::WholeFolder& folder, const std::string& generator);

/// For WholeFolder: a folder may be replaced if its manifest.json has the SHA-256 of all else that
/// is in it, in whatever form. So nothing is lost that somebody put there or changed.
std::string why_not_replace(const std::filesystem::path& folder);

}  // namespace transom::golden
