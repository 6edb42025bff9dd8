// recording.hpp — the steps of a run: enough to undo it without its codecs, and their networks.
//
// What a step needs is which slots of how many were pushed or popped. A Recording of a message is
// pushed on and popped from as the message itself, by any codec of its first head, and keeps the
// steps; undo() takes them back. So a decoder in hardware is tried without the models that made the
// distributions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "transom/stack/distribution.hpp"

namespace transom::vae {

struct Step {
  RansRange range;         ///< the slots of the symbol
  std::uint8_t precision;  ///< of 2^precision
  bool is_pop;

  friend bool operator==(const Step& a, const Step& b) {
    return a.range.cum == b.range.cum && a.range.freq == b.range.freq &&
           a.precision == b.precision && a.is_pop == b.is_pop;
  }
};

/// A message of one head (throws for more) with the steps that are done on it. Codecs that work on
/// views of heads (substack, multiset, Counts) leave no steps: the next one is refused.
template <class M>
class Recording {
 public:
  using Geometry = typename M::Geometry;

  explicit Recording(M& message) : message_(&message), head_(message.heads()[0]) {
    require_range("Recording", "number of heads", message.heads().size(), 1, 1);
  }
  auto heads() { return message_->heads(); }
  stack::Words& tail() { return message_->tail(); }
  std::span<const Step> steps() const { return steps_; }

  /// What step(message) does, a step that it returns. Throws if the message is not as the last step
  /// left it.
  template <class Do>
  void record(Do step) {
    if (heads()[0] != head_) {
      refuse("Recording", "message", "changed", "must be changed by recorded steps alone");
    }
    steps_.push_back(step(*message_));
    head_ = heads()[0];
  }

 private:
  M* message_;
  typename Geometry::State head_;  ///< after the last step
  std::vector<Step> steps_;
};

template <class M>
void push_range(Recording<M>& recording, std::size_t head, RansRange range, unsigned R) {
  recording.record([&](M& m) {
    push_range(m, head, range, R);
    return Step{range, static_cast<std::uint8_t>(R), false};
  });
}
template <class M, class SlotOf>
void pop_slot(Recording<M>& recording, std::size_t head, unsigned R, SlotOf&& slot_of) {
  recording.record([&](M& m) {
    Step step{{}, static_cast<std::uint8_t>(R), true};
    pop_slot(m, head, R, [&](std::uint32_t slot) {
      const RansSlot found = slot_of(slot);
      step.range = {slot - found.bias, found.freq};
      return found;
    });
    return step;
  });
}

/// The message before the steps, the last one first. Throws a stack::SlotError where it is not one
/// that they made.
template <stack::Stack M>
void undo(M& m, std::span<const Step> steps) {
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const RansRange range = step->range;
    if (step->is_pop) {
      push_range(m, 0, range, step->precision);
      continue;
    }
    pop_slot(m, 0, step->precision, [&](std::uint32_t slot) {
      if (slot - range.cum >= range.freq) throw stack::SlotError(slot);
      return RansSlot{0, range.freq, slot - range.cum};
    });
  }
}

}  // namespace transom::vae
