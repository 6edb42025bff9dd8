// nrans.hpp — a table and a step of narrow rANS by themselves, Verilated with tables of 16 slots.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace transom::cosim {

/// What a step answers; t as it is, not aligned.
struct Stepped {
  std::uint32_t t;
  unsigned take;
  unsigned symbol;
};

class NransShape {
 public:
  virtual ~NransShape() = default;
  /// Loads the other bank with 16 counts of R <= 4 in 4 clocks, and lets 2 more go by.
  virtual void load(unsigned R, std::span<const std::uint32_t> counts) = 0;
  /// A step with the table that was loaded last.
  virtual Stepped step(std::uint32_t t, std::uint32_t bits) = 0;
};

}  // namespace transom::cosim
