// observer.hpp — who is told what a decoder does: a comparator, a recorder, who counts what was
// reached.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/unit/ports.hpp"

namespace transom::unit {

/// Told of every step, value and end, in order of cycles. Streams are those of the unit.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Whether the order is that of each stream alone.
  virtual bool by_stream() const { return false; }
  /// A step. @param words_taken symbol words that the stream had taken in before this cycle
  virtual void retire(std::uint64_t cycle, unsigned stream, const Retire& got,
                      std::uint64_t words_taken) = 0;
  /// A beat of one or two values. Told before the step of the same cycle.
  virtual void value(std::uint64_t cycle, unsigned stream, const std::array<value_t, 2>& got,
                     unsigned n) = 0;
  /// The stream is done with a job. Told after the last value of it.
  virtual void finish(std::uint64_t cycle, std::uint32_t job, unsigned stream, Status got) = 0;
};

/// Told of all ports of the unit in every clock.
class PortObserver {
 public:
  virtual ~PortObserver() = default;
  virtual void clock(const UnitInputs& in, const UnitOutputs& out) = 0;
};

}  // namespace transom::unit
