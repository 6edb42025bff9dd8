// ryg_rans.hpp — F. Giesen's ryg_rans (public domain): its streams and its normalisation.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace transom::compat {

/// Frequencies of sum 2^scale_bits as the sample programs make them: cumulative counts scaled down,
/// then slots stolen for symbols that occur. Throws std::invalid_argument without counts, or with
/// more symbols that occur than slots.
std::vector<std::uint32_t> ryg_normalise(std::span<const std::uint32_t> counts,
                                         unsigned scale_bits);

}  // namespace transom::compat
