// vectors.hpp — golden test vectors: deterministic, valid and invalid, in forms a simulator reads.
//
// Each vector is a folder: the container, and for $readmemh one file per stream and table, 32-bit
// words in hex, one to a line; the values; and the golden decoder's every step. manifest.json says
// what each vector is, what a decoder must report, and the SHA-256 of each file. Invalid vectors
// are damaged streams: the stream must end with the status given, after the values given. The same
// vectors, and containers for readers of these, are tests in JSON (golden/vectors/schema.json).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace transom::golden {

/// How many were written.
struct VectorCount {
  std::size_t valid = 0;  ///< streams and containers
  std::size_t invalid = 0;
  std::size_t loads = 0;   ///< that are no table
  std::size_t images = 0;  ///< memories
  std::size_t chains = 0;
};

/// All of it; or the tests alone, in prompts/ without answers and in expected/ the answers.
enum class VectorForm : std::uint8_t { kWhole, kSplit };

/// Writes the vectors of a seed as `folder`, which appears with all its files or not at all, as
/// write_trace()'s does. The same seed gives the same bytes on every machine. Throws TraceError
/// naming a file that cannot be written, std::invalid_argument where a folder must stay.
VectorCount write_vectors(const std::filesystem::path& folder, std::uint32_t seed,
                          VectorForm form = VectorForm::kWhole);

}  // namespace transom::golden
