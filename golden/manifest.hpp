// manifest.hpp — manifest.json: what a trace's folder says about its .npy files.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "transom/base/tensor.hpp"
#include "transom/golden/trace.hpp"

namespace transom::golden {

inline constexpr const char* kManifestFile = "manifest.json";

/// The tensors of folder/manifest.json, each field checked against its file. Throws TraceError.
std::vector<Tensor> read_manifest(const std::filesystem::path& folder);

/// Writes the tensors' files and their manifest into a folder that exists.
void write_manifest(const std::filesystem::path& folder, std::span<const Tensor> tensors,
                    const TraceMeta& meta);

}  // namespace transom::golden
