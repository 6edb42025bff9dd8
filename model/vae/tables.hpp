// tables.hpp — the constants of integer networks, as tables.cpp has them (README.md, "Tables").
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace transom::vae {

extern const std::array<std::uint32_t, 256> kExp2;             ///< 2^30 2^(i / 2^8)
extern const std::array<std::uint32_t, 256> kExp2Low;          ///< 2^30 2^(i / 2^16)
extern const std::array<std::uint32_t, 256> kLog2;             ///< 2^16 log2(1 + i / 2^8)
extern const std::array<std::uint32_t, 1024> kSigmoid;         ///< 2^32 / (1 + exp(-i / 2^6))
extern const std::array<std::uint32_t, 513> kNormalCdf;        ///< 2^32 (Phi(i / 2^6) - 1/2)
extern const std::array<std::uint32_t, 1024> kNormalQuantile;  ///< 2^16 Phi^-1(1/2 + i / 2^11)

}  // namespace transom::vae
