// rans_stack.hpp — rANS as what it is, a stack: push symbols, pop symbols, in any mixture.
//
// One or several states over one stack of words. Symbols come off in the reverse order of their
// pushing; more can be pushed on a stream that was read from somewhere, and part of one can be
// popped: what remains is a stream like any other. How states and words become bytes is a matter
// of the format (foreign/rans_bytes.hpp and its neighbours).
// Popping is total: a stack without words yields zero words, and counts them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "transom/coder/rans_lookup.hpp"

namespace transom {

/// A geometry whose empty coder has state 0 is one whose words may run out: the state then shrinks
/// below L, and is the whole of the message (R. Bamler's constriction).
template <class Geometry>
inline constexpr bool kMayRunDry = Geometry::start < Geometry::lower;

namespace detail {
/// Whether a stack is as an encoder began it.
/// @param at_start every state is Geometry::start
constexpr Status stack_status(bool ran_dry, bool at_start, std::size_t n_words) {
  if (ran_dry) return Status::kTruncated;
  if (!at_start) return Status::kBadState;
  return n_words == 0 ? Status::kOk : Status::kTrailing;
}
}  // namespace detail

/// A message that can be appended to and popped in parts, over one state or several.
template <class Geometry>
class RansStack {
 public:
  using State = typename Geometry::State;
  using Word = typename Geometry::Word;

  /// Throws for no states, as that of given ones does.
  explicit RansStack(std::size_t n_states = 1)
      : RansStack(std::vector<State>(n_states, Geometry::start), {}) {}
  /// @param words the last one pushed at the back
  RansStack(std::vector<State> states, std::vector<Word> words)
      : states_(std::move(states)), words_(std::move(words)) {
    if (states_.empty()) refuse("RansStack", "number of states", 0u, "must be at least 1");
  }

  /// Codes the symbol of `range` of 2^R slots on a state. Throws for no such state, and as
  /// rans_encode_step() does.
  template <class SlotOf = std::identity>
  void push(std::size_t state, RansRange range, unsigned R, const SlotOf& slot_of = {}) {
    rans_encode_step<Geometry>(
        state_at(state), range, R,
        [this](std::uint32_t word) { words_.push_back(static_cast<Word>(word)); }, slot_of);
  }
  /// The symbol pushed last on a state; lookup(slot), slot < 2^R, gives its RansSlot. Throws for no
  /// such state, or R over Geometry::lower_log.
  template <class Lookup>
  std::uint32_t pop(std::size_t state, unsigned R, const Lookup& lookup) {
    require_range("RansStack::pop", "table log", R, 0, Geometry::lower_log);
    return rans_decode_step<Geometry>(state_at(state), R, lookup, [this](State& x) { refill(x); });
  }

  /// A number of nbits bits, all equally likely. nbits <= Geometry::lower_log (throws).
  void push_bits(std::size_t state, std::uint32_t value, unsigned nbits) {
    push(state, {value, 1}, nbits);
  }
  /// The inverse of push_bits().
  std::uint32_t pop_bits(std::size_t state, unsigned nbits) {
    return pop(state, nbits, [](std::uint32_t slot) { return RansSlot{slot, 1, 0}; });
  }

  /// Whether a pop wanted a word that was not there.
  bool ran_dry() const { return missing_ != 0; }
  /// Whether every symbol was popped, and nothing else: what an encoder began with is left.
  Status status() const {
    const bool at_start =
        std::all_of(states_.begin(), states_.end(), [](State x) { return x == Geometry::start; });
    return detail::stack_status(ran_dry(), at_start, words_.size());
  }

  const std::vector<State>& states() const { return states_; }
  const std::vector<Word>& words() const { return words_; }

 private:
  State& state_at(std::size_t state) {
    if (state >= states_.size()) [[unlikely]] {
      detail::refuse_range("RansStack", "state", state, 0, states_.size() - 1);
    }
    return states_[state];
  }
  void refill(State& x) {
    if (words_.empty() && kMayRunDry<Geometry>) return;
    Word word = 0;
    if (words_.empty()) {
      ++missing_;
    } else {
      word = words_.back();
      words_.pop_back();
    }
    x = static_cast<State>(x << Geometry::word_bits) | word;
  }

  std::vector<State> states_;  ///< each in [start, 2^state_bits) unless the stream was forged
  std::vector<Word> words_;
  std::size_t missing_ = 0;
};

}  // namespace transom
