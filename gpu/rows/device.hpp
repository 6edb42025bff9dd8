// device.hpp — batches of torch_ans' rows on a device: launches, and nothing besides.
//
// Nothing is allocated, copied or waited for: the job's pointers are device memory of the caller,
// who also keeps them until the stream has come to the launch. Defined where nvcc was there
// (TRANSOM_HAVE_CUDA).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "transom/gpu/rows/jobs.hpp"

struct CUstream_st;  // *: the runtime's cudaStream_t

namespace transom::gpu {

/// Throw as push_rows_on_host() does, and std::runtime_error for a launch that CUDA refuses.
template <class Geometry>
void push_rows_on_device(const PushJob<Geometry>& job, std::size_t n_states, CUstream_st* stream);
template <class Geometry>
void pop_rows_on_device(const PopJob<Geometry>& job, std::size_t n_states, CUstream_st* stream);

}  // namespace transom::gpu
