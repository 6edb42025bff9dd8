// cuda.hpp — containers' tensors by the kernels on a device, for those who have them on the host.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "transom/gpu/batch.hpp"

namespace transom::gpu {

/// The name of the device that is used; nothing where there is none: no nvcc when this was built,
/// no driver, no device, or one too old for the kernels.
std::optional<std::string> cuda_device();

/// What follows throws std::runtime_error naming the CUDA call that failed, and as
/// decode_by_kernels() and encode_by_kernels() do.
std::vector<Decoded> decode_on_cuda(std::span<const CodedTensor> tensors,
                                    WordOrder order = WordOrder::kContainer);
Decoded decode_on_cuda(const CodedTensor& tensor);
std::vector<CodedTensor> encode_on_cuda(std::span<const ToEncode> tensors,
                                        WordOrder order = WordOrder::kContainer);

}  // namespace transom::gpu
