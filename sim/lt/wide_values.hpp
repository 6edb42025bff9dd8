// wide_values.hpp — beats of values on their way out of decoder_wide, loosely timed.
//
// The queue of two beats before the consumer. A consumer that takes every beat at once is given
// many at a time; one that does not, each by itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/lt/platform.hpp"

namespace transom::lt {

class WideValues {
 public:
  explicit WideValues(Platform& platform) : platform_(platform) {}

  void restart() {
    values_.clear();
    n_beats_ = n_sent_ = 0;
    frame_ = is_slow_ = false;
    gone_ = {};
  }
  /// Values of the next beat are put here.
  std::vector<value_t>& buffer() { return values_; }

  /// A beat of what was put since the one before, which may be nothing. It goes to the queue in
  /// `cycle` if that has room. Returns when it goes.
  cycle_t push(cycle_t cycle, bool last) {
    cycle = std::max(cycle, gone_[n_sent_ % kBeats]);  // of the beat whose place it has
    if (n_beats_++ == 0) since_ = cycle + 1;
    frame_ = !last;
    const bool knows = !is_slow_ && n_sent_ >= kStrangeBeats;
    if (!last && knows && values_.size() < kValuesAtOnce) return cycle;
    platform_.reached(since_);
    const cycle_t since = std::max(since_, gone_[(n_sent_ + kBeats - 1) % kBeats]);
    cycle_t gone = since;
    platform_.write(values_, last, gone);
    values_.clear();
    is_slow_ = is_slow_ || gone - since > n_beats_;
    n_sent_ += n_beats_;
    gone_[(n_sent_ + kBeats - 1) % kBeats] = std::max(gone, cycle + 2);
    // Of many at a time the one before the last is taken to have gone just before it.
    if (n_beats_ > 1) gone_[(n_sent_ + kBeats - 2) % kBeats] = std::max(gone, cycle + 2) - 1;
    n_beats_ = 0;
    return cycle;
  }
  /// The run ends in the midst of a tensor: what waits is dropped, and the tensor is ended.
  void close(cycle_t now) {
    values_.clear();
    cycle_t gone = std::max(gone_at(), now);
    if (frame_) platform_.write({}, true, gone);
    frame_ = false;
    gone_.fill(gone);
  }
  /// When the last value is gone.
  cycle_t gone_at() const { return *std::max_element(gone_.begin(), gone_.end()); }

 private:
  static constexpr std::size_t kBeats = 2;            ///< of the queue
  static constexpr std::size_t kValuesAtOnce = 2048;  ///< of a write
  static constexpr std::uint64_t kStrangeBeats = 64;  ///< until the consumer is known

  Platform& platform_;
  std::vector<value_t> values_;
  std::uint64_t n_beats_ = 0;           ///< that wait to be written
  std::uint64_t n_sent_ = 0;            ///< beats that were
  cycle_t since_ = 0;                   ///< when the first of those that wait can leave
  std::array<cycle_t, kBeats> gone_{};  ///< when the last beats are
  bool frame_ = false;                  ///< a tensor's last beat is still to come
  bool is_slow_ = false;
};

}  // namespace transom::lt
