// gpu_decoder.hpp — containers decoded by the CUDA kernel, on a device or, to check it, on the
// host.
//
// A thread decodes a stream, so a tensor wants as many streams as a device holds threads: the few
// streams that suit hardware leave a GPU idle. Reads are the weak spot: each thread walks its own
// streams word by word, so a warp's loads touch 32 places and only the caches save the other bytes
// of each sector. Writes are better at chunk 1, where a warp's 32 values lie side by side.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"

namespace transom::gpu {

/// The kernel's body in a plain loop over blocks and threads.
Decoded decode_with_kernel_on_host(const CodedTensor& tensor);
std::vector<Decoded> decode_with_kernel_on_host(std::span<const CodedTensor> tensors);

/// The name of the device that decode_on_cuda uses; nothing where it cannot run: no nvcc when this
/// was built, no driver, no device, or one too old for the kernel.
std::optional<std::string> cuda_device();

/// What follows throws std::runtime_error naming the CUDA call that failed.
Decoded decode_on_cuda(const CodedTensor& tensor);

/// Tensors in a device's memory, decoded by one launch per coder.
class CudaBatch {
 public:
  /// Uploads. `tensors` must outlive the batch.
  explicit CudaBatch(std::span<const CodedTensor> tensors);
  ~CudaBatch();
  CudaBatch(CudaBatch&&) noexcept;
  CudaBatch& operator=(CudaBatch&&) noexcept;

  /// Decodes; seconds between CUDA events around the launches. Can be repeated.
  double decode();
  /// Downloads and judges what decode() left.
  std::vector<Decoded> results() const;

  std::size_t bytes_in() const;   ///< tables, rows, streams and their places
  std::size_t bytes_out() const;  ///< value_t each, and statuses

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Seconds that a device-to-device copy of n_bytes takes: a yardstick for CudaBatch::decode.
double cuda_copy_seconds(std::size_t n_bytes);

}  // namespace transom::gpu
