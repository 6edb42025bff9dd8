// blocks.hpp — the streams of tensors to blocks of threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "transom/base/stream.hpp"

namespace transom::gpu {

inline constexpr std::uint32_t kBlockThreads = 256;

/// Streams of a tensor that a block of threads takes.
struct StreamBlock {
  std::uint32_t job = 0;
  std::uint32_t first_stream = 0;
};

/// Appends the blocks of a job.
inline void append_blocks(std::vector<StreamBlock>& blocks, std::uint32_t job,
                          const StreamLayout& layout) {
  for (std::uint32_t s = 0; s < layout.n_streams; s += kBlockThreads) blocks.push_back({job, s});
}

}  // namespace transom::gpu
