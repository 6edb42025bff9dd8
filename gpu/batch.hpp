// batch.hpp — tensors laid out for the kernel, before and after it ran.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/codec/codec.hpp"
#include "transom/gpu/kernel.hpp"

namespace transom::gpu {

/// The coders that the kernel is instantiated for.
enum class KernelCoder : std::uint8_t { kTans, kRans, kArith, kTansPair, kNrans };
inline constexpr std::size_t kKernelCoders = 5;
KernelCoder kernel_coder(Coding coding);

/// Calls visit.template operator()<Decoder>(coder) for every coder.
template <class Visit>
void for_each_kernel_coder(Visit&& visit) {
  visit.template operator()<TansDecoder>(KernelCoder::kTans);
  visit.template operator()<RansDecoder<Rans32x16>>(KernelCoder::kRans);
  visit.template operator()<ArithDecoder>(KernelCoder::kArith);
  visit.template operator()<TansPairDecoder>(KernelCoder::kTansPair);
  visit.template operator()<NransDecoder<>>(KernelCoder::kNrans);
}

/// The arrays of KernelMemory, as the host fills them.
struct Batch {
  explicit Batch(std::span<const CodedTensor> tensors);

  const std::vector<KernelBlock>& blocks_of(KernelCoder coder) const {
    return blocks[static_cast<std::size_t>(coder)];
  }

  std::vector<std::uint32_t> words;
  std::vector<std::uint64_t> streams;
  std::vector<KernelJob> jobs;
  std::array<std::vector<KernelBlock>, kKernelCoders> blocks;
  std::size_t n_values = 0;
  std::size_t n_streams = 0;
};

/// Each tensor's part of what the kernel wrote, judged.
std::vector<Decoded> judge_batch(std::span<const CodedTensor> tensors, const Batch& batch,
                                 std::span<const value_t> values, std::span<const Status> statuses);

}  // namespace transom::gpu
