// compat.hpp — benchmarks of other coders' rANS streams, and of the look-ups of a rANS decoder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/base/tensor.hpp"

namespace transom {

/// ryg/*, torch/*, constriction/* beside rans/*: the same values, one thread, one table.
void register_compat(const Tensor& tensor);

}  // namespace transom
