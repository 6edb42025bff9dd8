// encode_plan.cu — EncodePlan: see device.hpp.
// SPDX-License-Identifier: Apache-2.0
#include <cub/block/block_scan.cuh>

#include "plan.cuh"
#include "transom/gpu/device.hpp"

namespace transom::gpu {
namespace {

constexpr unsigned kLeastBlocks = 4;  // a multiprocessor: all of 64 registers, and none spilled

template <class Coder, class T, bool kWrite>
__global__ void __launch_bounds__(kBlockThreads, kLeastBlocks)
    encode_kernel(const EncodeJob* jobs, const StreamBlock* blocks, std::uint32_t n_blocks) {
  extern __shared__ __align__(16) std::uint32_t shared[];
  for_each_own_block(
      blocks, n_blocks, [&](std::uint32_t number, std::uint32_t stream, bool other_job) {
        EncodeJob job = jobs[number];
        std::uint32_t* const rows = shared;
        std::uint32_t* const symbols = rows + kMaxAlphabet;
        std::uint32_t* const steps = symbols + kSharedSymbolWords;
        std::uint32_t* const next_states = steps + job.n_step_words;
        if (other_job) {
          __syncthreads();
          if (job.rows != nullptr) copy_words(rows, job.rows, kMaxAlphabet);
          if constexpr (sizeof(T) == 1) {
            copy_words(symbols, reinterpret_cast<const std::uint32_t*>(job.symbols),
                       kSharedSymbolWords);
          }
          copy_words(steps, static_cast<const std::uint32_t*>(job.steps), job.n_step_words);
          copy_words(next_states, job.next_states, job.n_next_states);
          __syncthreads();
        }
        if (stream >= job.layout.n_streams) return;
        if (job.rows != nullptr) job.rows = rows;
        if constexpr (sizeof(T) == 1) job.symbols = reinterpret_cast<const symbol_t*>(symbols);
        job.steps = steps;
        job.next_states = next_states;
        if constexpr (kWrite) {
          write_thread<Coder, T>(job, stream);
        } else {
          measure_thread<Coder, T>(job, stream);
        }
      });
}

/// The slabs of a tensor, one after the other: a block per tensor.
__global__ void __launch_bounds__(kBlockThreads) place_kernel(const EncodeJob* jobs) {
  using Scan = cub::BlockScan<std::uint64_t, kBlockThreads>;
  __shared__ typename Scan::TempStorage storage;
  const EncodeJob job = jobs[blockIdx.x];
  std::uint64_t before = 0;
  for (std::uint32_t first = 0; first < n_slabs(job.layout); first += kBlockThreads) {
    const std::uint32_t slab = first + threadIdx.x;
    const bool mine = slab < n_slabs(job.layout);
    const std::uint64_t own = mine ? place_slab(job, slab, 0) : 0;
    std::uint64_t at = 0, all = 0;
    Scan(storage).ExclusiveSum(own, at, all);
    if (mine) place_slab(job, slab, before + at);
    before += all;
    __syncthreads();
  }
  if (threadIdx.x == 0) *job.n_words = before;
}

template <class Coder, class T, bool kWrite>
const void* kernel_address() {
  return reinterpret_cast<const void*>(&encode_kernel<Coder, T, kWrite>);
}

template <bool kWrite>
Plan<EncodeJob>::Need need_of(const EncodeJob& job) {
  Plan<EncodeJob>::Need need{nullptr, 0};
  need.shared_bytes = shared_words(job) * sizeof(std::uint32_t);
  visit_encoder(job,
                [&]<class Coder, class T>() { need.kernel = kernel_address<Coder, T, kWrite>(); });
  return need;
}

}  // namespace

struct EncodePlan::Impl {
  explicit Impl(std::span<const EncodeJob> jobs)
      : measure("EncodePlan", jobs, need_of<false>), write("EncodePlan", jobs, need_of<true>) {}
  Plan<EncodeJob> measure, write;
};

EncodePlan::EncodePlan(std::span<const EncodeJob> jobs) : impl_(std::make_unique<Impl>(jobs)) {}
EncodePlan::~EncodePlan() = default;
EncodePlan::EncodePlan(EncodePlan&&) noexcept = default;
EncodePlan& EncodePlan::operator=(EncodePlan&&) noexcept = default;

std::size_t EncodePlan::workspace_bytes() const { return impl_->measure.workspace_bytes(); }
void EncodePlan::prepare(void* workspace, CudaStream stream) {
  impl_->measure.prepare(workspace, stream);
  impl_->write.share(impl_->measure);
}
void EncodePlan::measure(CudaStream stream) const {
  const Plan<EncodeJob>& plan = impl_->measure;
  plan.check_prepared("EncodePlan::measure");
  for (const Launch& launch : plan.launches()) plan.run(launch, launch.kernel, stream);
  if (plan.n_jobs() == 0) return;
  place_kernel<<<static_cast<unsigned>(plan.n_jobs()), kBlockThreads, 0, stream>>>(plan.jobs());
  check(cudaGetLastError(), "place_kernel launch");
}
void EncodePlan::write(CudaStream stream) const {
  const Plan<EncodeJob>& plan = impl_->write;
  plan.check_prepared("EncodePlan::write");
  for (const Launch& launch : plan.launches()) plan.run(launch, launch.kernel, stream);
}

}  // namespace transom::gpu
