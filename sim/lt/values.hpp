// values.hpp — values on their way out of decoder_axi, loosely timed.
//
// rtl/axi/value_gather.sv by its depth: so many beats of values wait for the consumer before the
// lanes have to. How fast the consumer is is known from what it took before.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "transom/lt/platform.hpp"
#include "transom/system/axi_parameters.hpp"

namespace transom::lt {

/// Values on their way to the consumer, who may hold the streams up.
class Values {
 public:
  Values(const system::AxiParameters& parameters, Platform& platform)
      : platform_(platform),
        waiting_(parameters.value_beats * streams_per_lane(parameters.shape.unit.kind) + kOutBeats),
        unit_(parameters.shape.unit) {}

  void restart() {
    values_.clear();
    n_sent_ = 0;
    frame_ = false;
    free_at_ = 0;
    beat_values_ = 1;
    is_slow_ = false;
    pace_ = {};
  }
  /// A tensor of so many streams begins.
  void begin(std::size_t n_streams) {
    const std::size_t lanes = std::clamp<std::size_t>(n_streams, 1, unit_.n_lanes);
    const std::size_t beat_values = lanes * values_per_beat(unit_.kind);
    if (beat_values != beat_values_) pace_ = {};
    beat_values_ = beat_values;
  }

  /// Decoded values are put here; those that have left are not there any more.
  std::vector<value_t>& buffer() { return values_; }
  std::size_t n_waiting() const { return values_.size() - n_sent_; }
  /// The value put next leaves its lane then.
  void next_leaves(cycle_t cycle) { since_ = cycle + kGatherCycles; }
  /// When the first of those that wait can leave.
  cycle_t since() const { return since_; }
  /// The consumer is slower than the lanes can be: it is to be asked often ...
  bool is_slow() const { return is_slow_; }
  /// ... and at first it is not known how slow.
  bool is_strange() const { return is_slow_ && pace_.n_beats == 0; }

  /// When the lanes may have put n more values behind those that left, for all that is known.
  cycle_t room_for(std::size_t n) const {
    const cycle_t then = free_at_ + pace_.of(n / beat_values_);
    return then - std::min(then, pace_.of(waiting_));
  }
  /// Values leave until buffer() begins at `end`; the lanes have come to `now`. Returns when they
  /// may go on.
  cycle_t send(std::size_t end, bool last, cycle_t now) {
    const std::size_t n = end - n_sent_;
    const cycle_t since = std::max(n == 0 ? now : since_, free_at_);
    free_at_ = since;
    platform_.write(std::span(values_).subspan(n_sent_, n), last, free_at_);
    frame_ = !last && (frame_ || n != 0);
    n_sent_ = end;
    if (n_sent_ == values_.size()) {
      values_.clear();
      n_sent_ = 0;
    }
    const std::uint64_t n_beats = (n + beat_values_ - 1) / beat_values_;
    const cycle_t took = free_at_ - since;
    is_slow_ |= took > n_beats;
    if (n_beats >= waiting_) pace_ = {took, n_beats};
    const cycle_t ahead =
        n_beats >= waiting_ ? pace_.of(waiting_) : std::max(pace_.of(waiting_), took);
    return std::max(now, free_at_ - std::min(free_at_, ahead));
  }
  /// The run ends in the midst of a tensor: what waits is dropped, and the tensor is ended.
  void close(cycle_t now) {
    values_.clear();
    n_sent_ = 0;
    free_at_ = std::max(free_at_, now);
    if (frame_) platform_.write({}, true, free_at_);
    frame_ = false;
  }
  /// When the last value is gone.
  cycle_t gone_at() const { return free_at_; }

 private:
  static constexpr cycle_t kGatherCycles = 2;    ///< cycles from a lane to the port
  static constexpr std::uint64_t kOutBeats = 3;  ///< beats that wait behind the lanes' FIFOs

  /// What the consumer took lately.
  struct Pace {
    cycle_t cycles = 0;
    std::uint64_t n_beats = 0;
    cycle_t of(std::uint64_t n) const { return n_beats == 0 ? 0 : cycles * n / n_beats; }
  };

  Platform& platform_;
  std::uint64_t waiting_;  ///< beats that wait before the lanes do
  unit::UnitShape unit_;
  std::vector<value_t> values_;
  bool frame_ = false;      ///< values were sent, and the tensor's last were not
  std::size_t n_sent_ = 0;  ///< how many of values_ were sent
  cycle_t since_ = 0;
  cycle_t free_at_ = 0;  ///< cycle from which the consumer is free
  std::size_t beat_values_ = 1;
  bool is_slow_ = false;
  Pace pace_;
};

}  // namespace transom::lt
