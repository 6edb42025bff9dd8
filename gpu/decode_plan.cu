// decode_plan.cu — DecodePlan: see device.hpp.
//
// Tables lie in shared memory, all of them: at R = 14 64 KiB of steps, and of values 64 KiB, or
// 128 KiB for pairs.
// SPDX-License-Identifier: Apache-2.0
#include "plan.cuh"
#include "transom/gpu/device.hpp"

namespace transom::gpu {
namespace {

template <class Thread, class T>
__global__ void __launch_bounds__(kBlockThreads)
    decode_kernel(const DecodeJob* jobs, const StreamBlock* blocks, std::uint32_t n_blocks) {
  extern __shared__ __align__(16) std::uint32_t shared[];
  for_each_own_block(blocks, n_blocks,
                     [&](std::uint32_t number, std::uint32_t stream, bool other_job) {
                       constexpr ValuesOf kOf = Thread::kValuesOf;
                       const DecodeJob job = jobs[number];
                       std::uint32_t* const table = shared;
                       std::uint32_t* const rows = table + rows_at(job);
                       std::uint32_t* const sizes = table + sizes_at(job);
                       if (other_job) {
                         __syncthreads();
                         copy_words(table, job.table, job.n_table);
                         if constexpr (kOf != ValuesOf::kSymbols)
                           copy_words(rows, job.rows, job.n_rows);
                         if constexpr (kOf == ValuesOf::kSizedRows)
                           copy_words(sizes, job.sizes, kMaxAlphabet);
                         __syncthreads();
                       }
                       if (stream < job.layout.n_streams) {
                         decode_thread<Thread, T>(job, {table, rows, sizes}, stream);
                       }
                     });
}

Plan<DecodeJob>::Need need_of(const DecodeJob& job) {
  Plan<DecodeJob>::Need need{nullptr, 0};
  need.shared_bytes = shared_words(job) * sizeof(std::uint32_t);
  visit_decoder(job, [&]<class Thread, class T>() {
    need.kernel = reinterpret_cast<const void*>(&decode_kernel<Thread, T>);
  });
  return need;
}

}  // namespace

struct DecodePlan::Impl {
  explicit Impl(std::span<const DecodeJob> jobs) : plan("DecodePlan", jobs, need_of) {}
  Plan<DecodeJob> plan;
};

DecodePlan::DecodePlan(std::span<const DecodeJob> jobs) : impl_(std::make_unique<Impl>(jobs)) {}
DecodePlan::~DecodePlan() = default;
DecodePlan::DecodePlan(DecodePlan&&) noexcept = default;
DecodePlan& DecodePlan::operator=(DecodePlan&&) noexcept = default;

std::size_t DecodePlan::workspace_bytes() const { return impl_->plan.workspace_bytes(); }
void DecodePlan::prepare(void* workspace, CudaStream stream) {
  impl_->plan.prepare(workspace, stream);
}
void DecodePlan::decode(CudaStream stream) const {
  impl_->plan.check_prepared("DecodePlan::decode");
  for (const Launch& launch : impl_->plan.launches()) {
    impl_->plan.run(launch, launch.kernel, stream);
  }
}

}  // namespace transom::gpu
