// tensor.hpp — the tensor of these programs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/tensor.hpp"

inline transom::Tensor make_tensor() {
  transom::Tensor tensor{"squares", {8, false}, {5000}, {}};
  for (std::uint32_t i = 0; i < 5000; ++i) {
    tensor.values.push_back(static_cast<transom::value_t>(i * i % 40));
  }
  return tensor;
}
