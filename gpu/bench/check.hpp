// check.hpp — the kernels on a device against the golden model. Each returns how many differences
// there are, and prints them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <vector>

#include "transom/codec/codec.hpp"

namespace transom::gpu::bench {

/// Tensors that are well: decoded, encoded again, and decoded when they are damaged.
std::size_t compare(std::vector<CodedTensor> tensors, std::mt19937_64& engine);

/// Random layouts of every case.
std::size_t check_all();

/// Values of every case by the gigabyte. Cores of the host take a tensor each.
std::size_t check_much(double gigabytes);

}  // namespace transom::gpu::bench
