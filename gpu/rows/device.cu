// device.cu — see device.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/gpu/rows/device.hpp"

#include <cuda_runtime.h>

#include <stdexcept>

#include "transom/gpu/rows/kernel.hpp"
#include "transom/gpu/rows/rows.hpp"

namespace transom::gpu {
namespace {

constexpr unsigned kRowThreads = 128;
constexpr unsigned kLeastBlocks = 8;  // a multiprocessor; leaves 64 registers: no local memory

template <class Geometry, std::size_t K, bool kIsAlias>
__global__ void __launch_bounds__(kRowThreads, kLeastBlocks)
    push_kernel(const PushJob<Geometry> job) {
  const std::size_t row = std::size_t{blockIdx.x} * kRowThreads + threadIdx.x;
  if (row < job.rows.n_rows) push_row_thread<Geometry, K, kIsAlias>(job, row);
}
template <class Geometry, std::size_t K, TorchLookup kLookup>
__global__ void __launch_bounds__(kRowThreads, kLeastBlocks)
    pop_kernel(const PopJob<Geometry> job) {
  const std::size_t row = std::size_t{blockIdx.x} * kRowThreads + threadIdx.x;
  if (row < job.rows.n_rows) pop_row_thread<Geometry, K, kLookup>(job, row);
}

/// One thread a row.
template <class Job>
void launch(void (*kernel)(Job), const Job& job, cudaStream_t stream) {
  const std::size_t n_blocks = (job.rows.n_rows + kRowThreads - 1) / kRowThreads;
  if (n_blocks == 0) return;
  require_range("rows", "number of blocks", n_blocks, 1, 0x7fff'ffff);
  kernel<<<static_cast<unsigned>(n_blocks), kRowThreads, 0, stream>>>(job);
  if (const cudaError_t error = cudaGetLastError(); error != cudaSuccess) {
    throw std::runtime_error(std::string("launch of a row kernel: ") + cudaGetErrorString(error));
  }
}

}  // namespace

template <class Geometry>
void push_rows_on_device(const PushJob<Geometry>& job, std::size_t n_states, cudaStream_t stream) {
  check_rows(job.rows, job.tables, n_states);
  with_row_coder(n_states, job.tables.lookup, [&]<std::size_t K, TorchLookup kLookup>() {
    launch(push_kernel<Geometry, K, kLookup == TorchLookup::kAlias>, job, stream);
  });
}
template <class Geometry>
void pop_rows_on_device(const PopJob<Geometry>& job, std::size_t n_states, cudaStream_t stream) {
  check_rows(job.rows, job.tables, n_states);
  with_row_coder(n_states, job.tables.lookup, [&]<std::size_t K, TorchLookup kLookup>() {
    launch(pop_kernel<Geometry, K, kLookup>, job, stream);
  });
}

#define TRANSOM_ROWS(Geometry)                                                            \
  template void push_rows_on_device(const PushJob<Geometry>&, std::size_t, cudaStream_t); \
  template void pop_rows_on_device(const PopJob<Geometry>&, std::size_t, cudaStream_t)
TRANSOM_ROWS(foreign::TorchRans64);
TRANSOM_ROWS(foreign::TorchRans32);
TRANSOM_ROWS(foreign::TorchRans32x16);
#undef TRANSOM_ROWS

}  // namespace transom::gpu
