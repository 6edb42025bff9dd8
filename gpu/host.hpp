// host.hpp — the kernels' bodies in plain loops: what CUDA does, one thread after the other.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "transom/gpu/batch.hpp"

namespace transom::gpu {

/// Decodes every stream of every job. Throws std::invalid_argument for a job that no kernel is for.
void decode_on_host(std::span<const DecodeJob> jobs);

/// The first pass of every job, and the streams' places. Throws as decode_on_host() does.
void measure_on_host(std::span<const EncodeJob> jobs);
/// The second pass.
void write_on_host(std::span<const EncodeJob> jobs);

/// Tensors decoded and judged. Throws as DecodeBatch does.
std::vector<Decoded> decode_by_kernels(std::span<const CodedTensor> tensors,
                                       WordOrder order = WordOrder::kContainer);
Decoded decode_by_kernels(const CodedTensor& tensor);

/// Tensors encoded: what encode() makes of each. Throws as that does.
std::vector<CodedTensor> encode_by_kernels(std::span<const ToEncode> tensors,
                                           WordOrder order = WordOrder::kContainer);

}  // namespace transom::gpu
