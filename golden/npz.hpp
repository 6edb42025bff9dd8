// npz.hpp — a .npz archive: a zip of .npy arrays, stored or deflated, as numpy.savez writes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "transom/base/tensor.hpp"

namespace transom::golden {

/// The members in the archive's order, named without ".npy". Throws TraceError.
std::vector<Tensor> read_npz(const std::filesystem::path& path);

}  // namespace transom::golden
