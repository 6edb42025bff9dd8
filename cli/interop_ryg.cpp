// interop_ryg.cpp — checks of the ryg_*.json vectors.
// SPDX-License-Identifier: Apache-2.0
#include "compat/ryg_rans.hpp"

#include <algorithm>

#include "interop.hpp"

namespace transom::cli {
namespace {

std::string check_normalise(const json&, const json& one) {
  const auto got = compat::ryg_normalise(integers<std::uint32_t>(one, "counts"),
                                         integer<unsigned>(one, "scale_bits"));
  auto want = integers<std::uint32_t>(one, "freqs");
  want.resize(std::max(want.size(), got.size()));  // trailing zeros are left out
  return difference("freqs", want, got);
}

constexpr InteropCheck kChecks[] = {
    {"ryg_byte", "normalize_cases", check_normalise},
};

}  // namespace

std::span<const InteropCheck> interop_ryg() { return kChecks; }

}  // namespace transom::cli
