// wide_tans.hpp — the wide unit's table of tANS and a step by themselves, Verilated.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "nrans.hpp"

namespace transom::cosim {

class WideTansShape {
 public:
  virtual ~WideTansShape() = default;
  /// Writes 16 counts in 4 clocks, and lets `held` go by before the table may be built. Returns the
  /// clocks from the last count's to the first one in which a step finds the table.
  virtual unsigned load(unsigned R, std::span<const std::uint32_t> counts, unsigned held) = 0;
  virtual unsigned most_take() const = 0;
  virtual Stepped step(std::uint32_t t, std::uint32_t bits) = 0;
  virtual bool assertion_failed() const = 0;
};

}  // namespace transom::cosim
