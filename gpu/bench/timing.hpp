// timing.hpp — how fast the kernels are.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace transom::gpu::bench {

/// Times every case and the containers' tensors, prints a table; returns how many results differ
/// from the golden model's.
/// @param n_bytes of values of a case
/// @param dump    a folder for the values' bytes; none if empty
std::size_t time_all(std::size_t n_bytes, const std::vector<std::string>& files,
                     const std::string& dump);

}  // namespace transom::gpu::bench
