// kernel.hpp — what one thread of the CUDA decoder does, in plain C++.
//
// One thread decodes one stream with the model's decode_stream(); CUDA decodes many at once, and
// adds nothing else. A batch of tensors is one launch per coder: a block is some streams of one
// tensor. Places are indices into a few arrays, not pointers, so that the same batch runs on a
// device and on the host.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/base/stream.hpp"
#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/coder/tans_pair.hpp"

namespace transom::gpu {

inline constexpr std::uint32_t kBlockThreads = 128;

/// One tensor.
struct KernelJob {
  /// Index in KernelMemory::words: kMaxAlphabet row words, then the table.
  std::uint64_t lookup = 0;
  std::uint32_t n_lookup = 0;
  std::uint32_t table_log = 0;
  std::uint64_t stream = 0;  ///< index in ::streams: stream i has [2 i] .. [2 i + 2]
  std::uint64_t value = 0;   ///< index in ::values
  std::uint64_t status = 0;  ///< index in ::statuses
  StreamLayout layout;
};

/// Which streams a block of kBlockThreads threads decodes.
struct KernelBlock {
  std::uint32_t job = 0;
  std::uint32_t first_stream = 0;
};

/// What a launch works on. All in the memory of the side that runs it.
struct KernelMemory {
  const std::uint32_t* words = nullptr;    ///< rows, tables and streams of all tensors
  const std::uint64_t* streams = nullptr;  ///< first words of symbol and offset streams, in turn
  value_t* values = nullptr;
  Status* statuses = nullptr;
  const KernelJob* jobs = nullptr;
  const KernelBlock* blocks = nullptr;
};

/// The kernel's body.
/// @param lookup the job's lookup words, where they are fastest to reach
template <class Decoder>
constexpr void decode_thread(const KernelMemory& memory, const std::uint32_t* lookup,
                             std::uint32_t block, std::uint32_t thread) {
  const KernelJob job = memory.jobs[memory.blocks[block].job];
  const std::uint32_t stream = memory.blocks[block].first_stream + thread;
  if (stream >= job.layout.n_streams) return;
  const std::uint64_t* words = memory.streams + job.stream + std::uint64_t{stream} * 2;
  memory.statuses[job.status + stream] =
      decode_stream(Decoder{lookup + kMaxAlphabet, job.table_log}, lookup,
                    BitReader(memory.words + words[0], words[1] - words[0]),
                    BitReader(memory.words + words[1], words[2] - words[1]), job.layout, stream,
                    memory.values + job.value);
}

}  // namespace transom::gpu
