// plan.cuh — what plans of both directions are: jobs and blocks of streams in the caller's
// workspace, and a launch for each kernel that they need.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "device_memory.cuh"
#include "transom/base/precondition.hpp"
#include "transom/base/stream.hpp"
#include "transom/gpu/kernel/blocks.hpp"

namespace transom::gpu {

/// Blocks of one kernel.
struct Launch {
  const void* kernel = nullptr;
  std::uint32_t first_block = 0;
  std::uint32_t n_blocks = 0;
  std::uint32_t shared_bytes = 0;
  std::uint32_t grid = 0;
};

/// A kernel's share of the blocks: each block of the grid has consecutive ones, so that it loads a
/// tensor's table once.
template <class Run>
__device__ void for_each_own_block(const StreamBlock* blocks, std::uint32_t n_blocks, Run&& run) {
  const auto part = [n_blocks](std::uint32_t i) {
    return static_cast<std::uint32_t>(std::uint64_t{n_blocks} * i / gridDim.x);
  };
  std::uint32_t loaded = ~std::uint32_t{0};
  for (std::uint32_t b = part(blockIdx.x); b < part(blockIdx.x + 1); ++b) {
    const StreamBlock block = blocks[b];
    run(block.job, block.first_stream + threadIdx.x, block.job != loaded);
    loaded = block.job;
  }
}

/// Copies words to shared memory, all threads of the block together; returns what is behind them.
__device__ inline std::uint32_t* copy_words(std::uint32_t* to, const std::uint32_t* from,
                                            std::uint32_t n) {
  for (std::uint32_t i = threadIdx.x; i < n; i += kBlockThreads) to[i] = from[i];
  return to + n;
}

/// @tparam Job DecodeJob or EncodeJob
template <class Job>
class Plan {
 public:
  /// What one job asks for: its kernel, and bytes of shared memory. No kernel: there is none.
  struct Need {
    const void* kernel;
    std::size_t shared_bytes;
  };

  Plan(const char* function, std::span<const Job> jobs,
       const std::function<Need(const Job&)>& need_of)
      : n_jobs_(jobs.size()), host_(0) {
    std::vector<std::vector<StreamBlock>> blocks_of;
    for (std::uint32_t i = 0; i < jobs.size(); ++i) {
      const Need need = need_of(jobs[i]);
      if (need.kernel == nullptr) {
        refuse(function, "jobs[" + std::to_string(i) + "]", static_cast<unsigned>(jobs[i].coder),
               "must have a coder, values and a width that there is a kernel for");
      }
      const std::size_t at = find(need.kernel);
      blocks_of.resize(launches_.size());
      launches_[at].shared_bytes =
          std::max(launches_[at].shared_bytes, static_cast<std::uint32_t>(need.shared_bytes));
      append_blocks(blocks_of[at], i, jobs[i].layout);
    }
    std::vector<StreamBlock> blocks;
    for (std::size_t i = 0; i < launches_.size(); ++i) {
      launches_[i].first_block = static_cast<std::uint32_t>(blocks.size());
      launches_[i].n_blocks = static_cast<std::uint32_t>(blocks_of[i].size());
      blocks.insert(blocks.end(), blocks_of[i].begin(), blocks_of[i].end());
      size_grid(function, launches_[i]);
    }
    n_bytes_ = jobs.size_bytes() + blocks.size() * sizeof blocks[0];
    host_ = PinnedBytes(n_bytes_);
    std::memcpy(host_.data(), jobs.data(), jobs.size_bytes());
    std::memcpy(host_.data() + jobs.size_bytes(), blocks.data(), blocks.size() * sizeof blocks[0]);
  }

  std::size_t workspace_bytes() const { return n_bytes_; }
  std::size_t n_jobs() const { return n_jobs_; }
  const Job* jobs() const { return reinterpret_cast<const Job*>(workspace_); }
  const std::vector<Launch>& launches() const { return launches_; }
  const StreamBlock* blocks(const Launch& launch) const {
    return reinterpret_cast<const StreamBlock*>(workspace_ + n_jobs_ * sizeof(Job)) +
           launch.first_block;
  }

  void prepare(void* workspace, cudaStream_t stream) {
    workspace_ = static_cast<std::byte*>(workspace);
    check(cudaMemcpyAsync(workspace_, host_.data(), n_bytes_, cudaMemcpyHostToDevice, stream),
          "cudaMemcpyAsync to the workspace");
  }
  /// Works where another plan of the same jobs is prepared.
  void share(const Plan& prepared) { workspace_ = prepared.workspace_; }
  void check_prepared(const char* function) const {
    if (workspace_ == nullptr) throw std::logic_error(std::string(function) + ": prepare() first");
  }
  /// Runs a kernel that takes (jobs, blocks, number of blocks).
  void run(const Launch& launch, const void* kernel, cudaStream_t stream) const {
    const Job* own_jobs = jobs();
    const StreamBlock* own_blocks = blocks(launch);
    std::uint32_t n_blocks = launch.n_blocks;
    void* arguments[] = {&own_jobs, &own_blocks, &n_blocks};
    check(cudaLaunchKernel(kernel, dim3(launch.grid), dim3(kBlockThreads), arguments,
                           launch.shared_bytes, stream),
          "cudaLaunchKernel");
  }

 private:
  std::size_t find(const void* kernel) {
    std::size_t i = 0;
    while (i < launches_.size() && launches_[i].kernel != kernel) ++i;
    if (i == launches_.size()) launches_.push_back({kernel});
    return i;
  }
  /// As many blocks as run at once.
  static void size_grid(const char* function, Launch& launch) {
    int device = 0, most_shared = 0, n_sms = 0, per_sm = 0;
    check(cudaGetDevice(&device), "cudaGetDevice");
    check(cudaDeviceGetAttribute(&most_shared, cudaDevAttrMaxSharedMemoryPerBlockOptin, device),
          "cudaDeviceGetAttribute");
    check(cudaDeviceGetAttribute(&n_sms, cudaDevAttrMultiProcessorCount, device),
          "cudaDeviceGetAttribute");
    require_range(function, "bytes of a table in shared memory", launch.shared_bytes, 0,
                  static_cast<std::uint64_t>(most_shared));
    check(cudaFuncSetAttribute(launch.kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                               static_cast<int>(launch.shared_bytes)),
          "cudaFuncSetAttribute");
    check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&per_sm, launch.kernel, kBlockThreads,
                                                        launch.shared_bytes),
          "cudaOccupancyMaxActiveBlocksPerMultiprocessor");
    const auto at_once = static_cast<std::uint32_t>(std::max(1, n_sms * per_sm));
    launch.grid = std::max(1u, std::min(launch.n_blocks, at_once));
  }

  std::size_t n_jobs_;
  std::size_t n_bytes_ = 0;
  std::vector<Launch> launches_;
  PinnedBytes host_;
  std::byte* workspace_ = nullptr;
};

}  // namespace transom::gpu
