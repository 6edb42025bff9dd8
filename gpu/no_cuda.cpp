// no_cuda.cpp — cuda.hpp where nvcc was missing: there is no device, and that is the answer.
// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "transom/gpu/cuda.hpp"

namespace transom::gpu {
namespace {
[[noreturn]] void refuse_all() {
  throw std::runtime_error("built without CUDA: nvcc was not found");
}
}  // namespace

std::optional<std::string> cuda_device() { return std::nullopt; }
std::vector<Decoded> decode_on_cuda(std::span<const CodedTensor> /*tensors*/, WordOrder /*order*/) {
  refuse_all();
}
Decoded decode_on_cuda(const CodedTensor& /*tensor*/) { refuse_all(); }
std::vector<CodedTensor> encode_on_cuda(std::span<const ToEncode> /*tensors*/,
                                        WordOrder /*order*/) {
  refuse_all();
}

}  // namespace transom::gpu
