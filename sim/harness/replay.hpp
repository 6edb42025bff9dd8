// replay.hpp — a failure as a folder: what it was, and one command that repeats it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "transom/codec/codec.hpp"

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

/// Writes container.tsm (this tensor alone), finding.txt and replay.sh into `folder`, which is made
/// where needed. Throws std::runtime_error naming what cannot be written.
void write_replay(const std::filesystem::path& folder, const CodedTensor& tensor,
                  const Failure& failure);

}  // namespace transom::harness
