// kernel.hpp — what one thread of the CUDA decoder does, in plain C++.
//
// One thread decodes one lane with the model's decode_lane(); CUDA adds lanes, never meaning. A
// batch of tensors is one launch per coder: a block is some lanes of one tensor. Places are indices
// into a few arrays, not pointers, so that the same batch runs on a device and on the host.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "arith.hpp"
#include "lane.hpp"
#include "rans.hpp"
#include "spec.hpp"
#include "tans.hpp"
#include "tans_pair.hpp"

namespace transom {

inline constexpr std::uint32_t kBlockThreads = 128;

/// One tensor.
struct KernelJob {
  std::uint64_t lookup = 0;  ///< in KernelMemory::words: kMaxAlphabet row words, then the table
  std::uint32_t n_lookup = 0;
  std::uint32_t table_log = 0;
  std::uint64_t stream = 0;  ///< in ::streams: lane i has [2 i] .. [2 i + 2]
  std::uint64_t value = 0;   ///< in ::values
  std::uint64_t status = 0;  ///< in ::statuses
  Lanes lanes;
};

/// Which lanes a block of kBlockThreads threads decodes.
struct KernelBlock {
  std::uint32_t job = 0;
  std::uint32_t first_lane = 0;
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
  const std::uint32_t lane = memory.blocks[block].first_lane + thread;
  if (lane >= job.lanes.n_lanes) return;
  const std::uint64_t* stream = memory.streams + job.stream + std::uint64_t{lane} * 2;
  memory.statuses[job.status + lane] =
      decode_lane(Decoder{lookup + kMaxAlphabet, job.table_log}, lookup,
                  BitReader(memory.words + stream[0], stream[1] - stream[0]),
                  BitReader(memory.words + stream[1], stream[2] - stream[1]), job.lanes, lane,
                  memory.values + job.value);
}

}  // namespace transom
