// device.hpp — the kernels on a device: plans over tensors in device memory.
//
// A plan is made once for some tensors, as that of a Fourier transform is, and run as often as
// wanted. Making one takes pinned host memory, which may synchronise; after that nothing does:
// prepare(), decode(), measure() and write() only enqueue on the caller's stream, and all device
// memory is the caller's. All tensors of a plan whose coder, values and width are the same go in
// one launch.
//
//   DecodePlan plan(jobs);                       // pointers of the device; see DecodeJob
//   plan.prepare(workspace, stream);             // plan.workspace_bytes() bytes of the device
//   plan.decode(stream);                         // as often as wanted
//
// What the jobs point to is read when a launch runs. Jobs' words can be anything: each stream ends
// with a Status, and nothing outside of the job's arrays is touched. Tables and places are trusted.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "transom/gpu/kernel/decode.hpp"
#include "transom/gpu/kernel/encode.hpp"

struct CUstream_st;

namespace transom::gpu {

/// cudaStream_t.
using CudaStream = CUstream_st*;

/// Of a plan's workspace.
inline constexpr std::size_t kWorkspaceAlignment = 16;

/// Tensors to decode.
class DecodePlan {
 public:
  /// Throws std::invalid_argument for a job that no kernel is for or whose table is larger than a
  /// block's shared memory, and std::runtime_error naming a CUDA call that failed, as all here do.
  explicit DecodePlan(std::span<const DecodeJob> jobs);
  ~DecodePlan();
  DecodePlan(DecodePlan&&) noexcept;
  DecodePlan& operator=(DecodePlan&&) noexcept;

  /// Bytes of device memory that it works in.
  std::size_t workspace_bytes() const;
  /// Copies the jobs to the workspace, which is the plan's as long as it runs.
  /// @param workspace device memory at a multiple of kWorkspaceAlignment
  void prepare(void* workspace, CudaStream stream);
  /// Decodes every stream: values and ends. Throws std::logic_error before prepare().
  void decode(CudaStream stream) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Tensors to encode. Who does not know how many words there will be runs measure() with jobs that
/// have no room, looks at their n_words, and makes another plan with room for write().
class EncodePlan {
 public:
  /// Throws as DecodePlan does.
  explicit EncodePlan(std::span<const EncodeJob> jobs);
  ~EncodePlan();
  EncodePlan(EncodePlan&&) noexcept;
  EncodePlan& operator=(EncodePlan&&) noexcept;

  std::size_t workspace_bytes() const;
  void prepare(void* workspace, CudaStream stream);
  /// Bits, places and ends of every stream, and n_words of every tensor.
  void measure(CudaStream stream) const;
  /// Words, after measure() of the same tensors.
  void write(CudaStream stream) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace transom::gpu
