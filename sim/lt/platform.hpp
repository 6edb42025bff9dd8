// platform.hpp — what a loosely timed run wants of its surroundings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "transom/base/spec.hpp"

namespace transom::lt {

using cycle_t = std::uint64_t;  ///< cycles since the start of the run
inline constexpr cycle_t kNever = std::numeric_limits<cycle_t>::max();

/// Platform::reached() throws it to end the run: software has aborted it.
struct Aborted {};

/// What surrounds the loosely timed view: memory, consumer, time.
class Platform {
 public:
  virtual ~Platform() = default;
  /// Reads the bytes of a burst; bursts are asked for in order of time. `cycle` is when its address
  /// is taken, then when its first beat is there, to be on the bus in the cycle behind. False if
  /// that failed; what was not read is not touched.
  virtual bool read(std::uint64_t address, std::span<std::uint8_t> bytes, cycle_t& cycle) = 0;
  /// When the last beat of the burst that was read last is there, the first one being there at
  /// `first`: a beat per cycle, unless the memory is slower than the bus.
  virtual cycle_t last_beat(cycle_t first, unsigned n_beats) { return first + n_beats - 1; }
  /// When the memory takes the address of the next burst, which is on the bus from `cycle` on: at
  /// once, unless it has as many bursts as it can hold.
  virtual cycle_t takes_address(cycle_t cycle) { return cycle; }
  /// Values in the order of the run; `cycle` is when the first of them can leave, then when the
  /// last one is gone. `last`: of their tensor, which may have none at all.
  virtual void write(std::span<const value_t> values, bool last, cycle_t& cycle) = 0;
  /// The run has come so far: time may pass. Throws Aborted to end it.
  virtual void reached(cycle_t cycle) = 0;
};

}  // namespace transom::lt
