// host.cpp — the kernel's body without a GPU.
// SPDX-License-Identifier: Apache-2.0
#include "transom/gpu/batch.hpp"
#include "transom/gpu/gpu_decoder.hpp"

namespace transom::gpu {

std::vector<Decoded> decode_with_kernel_on_host(std::span<const CodedTensor> tensors) {
  const Batch batch(tensors);
  std::vector<value_t> values(batch.n_values);
  std::vector<Status> statuses(batch.n_streams);
  for_each_kernel_coder([&]<class Decoder>(KernelCoder coder) {
    const std::vector<KernelBlock>& blocks = batch.blocks_of(coder);
    const KernelMemory memory{batch.words.data(), batch.streams.data(), values.data(),
                              statuses.data(),    batch.jobs.data(),    blocks.data()};
    for (std::uint32_t block = 0; block < blocks.size(); ++block) {
      const std::uint32_t* lookup = memory.words + memory.jobs[blocks[block].job].lookup;
      for (std::uint32_t thread = 0; thread < kBlockThreads; ++thread) {
        decode_thread<Decoder>(memory, lookup, block, thread);
      }
    }
  });
  return judge_batch(tensors, batch, values, statuses);
}

Decoded decode_with_kernel_on_host(const CodedTensor& tensor) {
  return std::move(decode_with_kernel_on_host(std::span(&tensor, 1)).front());
}

}  // namespace transom::gpu
