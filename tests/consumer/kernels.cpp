// kernels.cpp — somebody else's program: a tensor by the CUDA kernels on a device, or where there
// is none on the host, with transom::cuda.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "tensor.hpp"
#include "transom/gpu/cuda.hpp"
#include "transom/gpu/host.hpp"
#include "transom/plan/plan.hpp"

int main() {
  using namespace transom;
  const Tensor tensor = make_tensor();
  const Code code = encode_best(tensor, {}).code;
  const gpu::ToEncode wanted{tensor, code, 64, 16};
  const auto device = gpu::cuda_device();
  const auto coded =
      device ? gpu::encode_on_cuda({&wanted, 1}) : gpu::encode_by_kernels({&wanted, 1});
  const Decoded decoded =
      device ? gpu::decode_on_cuda(coded.front()) : gpu::decode_by_kernels(coded.front());
  std::printf("%s: %zu values\n", device ? device->c_str() : "the host", decoded.values.size());
  const bool same = coded.front() == encode(tensor, code, 64, 16);
  return same && decoded.status == Status::kOk && decoded.values == tensor.values ? 0 : 1;
}
