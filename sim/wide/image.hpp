// image.hpp — the driver of decoder_wide: a container of version 2 as it lies in memory.
//
// The unit reads the file's section as it is, and nothing else.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transom/system/axi_bench.hpp"
#include "transom/wide/parameters.hpp"

namespace transom::wide {

/// Why the unit cannot decode this tensor; empty if it can.
std::string why_not_in_image(const CodedTensor& tensor, const Parameters& parameters);

/// A file of write_wide_container() in memory, at a multiple of 64 bytes (throws
/// std::invalid_argument).
system::AxiImage make_image(std::span<const std::uint8_t> file,
                            std::span<const CodedTensor> tensors, const Parameters& parameters,
                            std::uint64_t base);

/// What the golden model says about a tensor, in the beats of the unit.
system::AxiTensor make_tensor(const CodedTensor& tensor, const Parameters& parameters);

}  // namespace transom::wide
