// replay.hpp — a failure as a folder: what it was, and one command that repeats it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "transom/codec/codec.hpp"
#include "transom/files/whole.hpp"

namespace transom::harness {

/// A failure, as far as repeating it goes.
struct Failure {
  std::vector<std::string> program;  ///< its path, and the arguments that choose the decoder
  std::string stimulus;
  std::uint64_t seed = 1;
  unsigned stream = 0;  ///< the first of the case
  std::string text;     ///< what was found
};

/// `word` as one word of a POSIX shell.
std::string shell_word(std::string_view word);

/// Adds container.tsm (this tensor alone), finding.txt and replay.sh. Throws files::FileError.
void write_replay(files::WholeFolder& folder, const CodedTensor& tensor, const Failure& failure);

/// For WholeFolder: a folder may be replaced if it holds such files alone, and waves.
std::string why_not_replace(const std::filesystem::path& folder);

}  // namespace transom::harness
