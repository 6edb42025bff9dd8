// tans_build.hpp — what builds tANS tables, by itself, Verilated for tables of up to 2^12 slots.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace transom::cosim {

inline constexpr unsigned kBuildShapeLog = 12;

class TansBuildShape {
 public:
  virtual ~TansBuildShape() = default;
  /// The table of 8 words of counts, in whole groups, as rtl/lane/tans_build.sv makes it.
  virtual std::vector<std::uint32_t> build(unsigned R, unsigned last_row,
                                           std::span<const std::uint32_t> counts) = 0;
  virtual bool assertion_failed() const = 0;
};

}  // namespace transom::cosim
