// no_cuda.cpp — gpu_decoder.hpp where nvcc was missing: there is no device, and that is the answer.
// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "transom/gpu/gpu_decoder.hpp"

namespace transom::gpu {
namespace {
[[noreturn]] void refuse() { throw std::runtime_error("built without CUDA: nvcc was not found"); }
}  // namespace

std::optional<std::string> cuda_device() { return std::nullopt; }
Decoded decode_on_cuda(const CodedTensor&) { refuse(); }

struct CudaBatch::Impl {};
CudaBatch::CudaBatch(std::span<const CodedTensor>) { refuse(); }
CudaBatch::~CudaBatch() = default;
CudaBatch::CudaBatch(CudaBatch&&) noexcept = default;
CudaBatch& CudaBatch::operator=(CudaBatch&&) noexcept = default;
double CudaBatch::decode() { refuse(); }
std::vector<Decoded> CudaBatch::results() const { refuse(); }
std::size_t CudaBatch::bytes_in() const { refuse(); }
std::size_t CudaBatch::bytes_out() const { refuse(); }
double cuda_copy_seconds(std::size_t) { refuse(); }

}  // namespace transom::gpu
