// message.hpp — a message: heads of any number over one shared tail of words, last in, first out.
//
// A head is a rANS state x in I = [L, bL); the tail holds the words that heads gave up, top at the
// back. What is pushed last comes off first, and all that a message holds can be popped as if it
// were numbers: that is what bits-back coding lives on. The geometry is a parameter: Rans64x32,
// [2^31, 2^63), is craystack's (j-towns/craystack), Rans64x32Full, [2^32, 2^64), that of bits-back
// (bits-back/bits-back). Steps over all heads push from the last head to the first and pop from the
// first to the last, so that the word of the lowest head lies highest.
// A pop that wants a word where none is left throws an UnderflowError: nothing is invented.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "transom/coder/rans_steps.hpp"

namespace transom::stack {

/// The message has fewer words than were to be popped: it was cut, or began with too few bits.
class UnderflowError : public std::runtime_error {
 public:
  UnderflowError();
};

namespace detail {
[[noreturn, gnu::cold, gnu::noinline]] void underflow();
[[noreturn, gnu::cold, gnu::noinline]] void refuse_head(const char* function, std::size_t head,
                                                        std::size_t n_heads);
}  // namespace detail

using Words = std::vector<std::uint32_t>;

/// What codecs work on: heads over a tail. A Message, or a View of some of its heads.
template <class M>
concept Stack = requires(M& m) {
  typename M::Geometry;
  { m.heads() } -> std::same_as<std::span<typename M::Geometry::State>>;
  { m.tail() } -> std::same_as<Words&>;
};

/// The heads [heads] of a message, and its whole tail.
template <class GeometryT>
class View {
 public:
  using Geometry = GeometryT;
  using State = typename Geometry::State;

  View(std::span<State> heads, Words& tail) : heads_(heads), tail_(&tail) {}
  std::span<State> heads() const { return heads_; }
  Words& tail() const { return *tail_; }

 private:
  std::span<State> heads_;
  Words* tail_;
};

template <class GeometryT = Rans64x32>
class Message {
 public:
  using Geometry = GeometryT;
  using State = typename Geometry::State;

  /// A base message: every head is L, no words. Throws for no heads, as that of given ones does.
  explicit Message(std::size_t n_heads = 1)
      : Message(std::vector<State>(n_heads, Geometry::lower), {}) {}
  /// @param heads each in I (throws)
  /// @param tail  top at the back
  Message(std::vector<State> heads, Words tail) : heads_(std::move(heads)), tail_(std::move(tail)) {
    if (heads_.empty()) refuse("Message", "number of heads", 0u, "must be at least 1");
    for (std::size_t i = 0; i < heads_.size(); ++i) {
      if (!is_head(heads_[i])) refuse_at("Message", "heads", i, heads_[i], "must be in [L, bL)");
    }
  }

  static constexpr bool is_head(State x) {
    return x >= Geometry::lower && x >> (Geometry::state_bits - 1) <= 1;
  }

  std::span<State> heads() & { return heads_; }
  std::span<const State> heads() const& { return heads_; }
  std::span<const State> heads() const&& = delete;  // would dangle
  Words& tail() & { return tail_; }
  const Words& tail() const& { return tail_; }
  const Words& tail() const&& = delete;

  /// As codec.push() and codec.pop(). A step that throws leaves the message as it was; a codec of
  /// several steps stops between two of them.
  template <class C>
  void push(const C& codec, const typename C::Symbol& symbol) {
    codec.push(*this, symbol);
  }
  template <class C>
  typename C::Symbol pop(const C& codec) {
    return codec.pop(*this);
  }

  friend bool operator==(const Message&, const Message&) = default;

 private:
  std::vector<State> heads_;
  Words tail_;
};

/// Whether the message is a base message: nothing is in it.
template <class Geometry>
bool is_base(const Message<Geometry>& m) {
  return m == Message<Geometry>(m.heads().size());
}

/// A message of n_words random words below n_heads random heads; the numbers are uniform, heads in
/// [L, 2L) as those of new messages are. `random()` gives 32 bits.
template <class Geometry = Rans64x32, class Random>
Message<Geometry> random_message(std::size_t n_heads, std::size_t n_words, Random&& random) {
  std::vector<typename Geometry::State> heads(n_heads);
  for (auto& x : heads) {
    x = Geometry::lower | (std::uint64_t{random()} & (Geometry::lower - 1));
  }
  Words tail(n_words);
  for (std::uint32_t& word : tail) word = random();
  return {std::move(heads), std::move(tail)};
}

namespace detail {
template <Stack M>
auto& head_at(M& m, std::size_t head, const char* function) {
  const auto heads = m.heads();
  if (head >= heads.size()) [[unlikely]]
    refuse_head(function, head, heads.size());
  return heads[head];
}
template <class State>
void refill(State& x, Words& tail) {
  if (tail.empty()) [[unlikely]]
    underflow();
  x = x << 32 | tail.back();
  tail.pop_back();
}
}  // namespace detail

/// Codes the symbol of `range` of 2^R slots on a head. Throws for no such head, and as
/// rans_encode_step() does: a frequency of 0 is refused. A sure symbol of 2^32 slots, whose
/// frequency is no 32-bit number, is one of 2^0.
template <Stack M>
void push_range(M& m, std::size_t head, RansRange range, unsigned R) {
  Words& tail = m.tail();
  rans_encode_step<typename M::Geometry>(detail::head_at(m, head, "push_range"), range, R,
                                         [&](std::uint32_t word) { tail.push_back(word); });
}

/// What was pushed last on a head: slot_of(slot), slot < 2^R, gives the RansSlot of the symbol. The
/// message is as it was if there is an UnderflowError. Throws for no such head, or too large an R.
template <Stack M, class SlotOf>
void pop_slot(M& m, std::size_t head, unsigned R, SlotOf&& slot_of) {
  using Geometry = typename M::Geometry;
  require_range("pop_slot", "precision", R, 0, Geometry::lower_log);
  auto& at = detail::head_at(m, head, "pop_slot");
  auto x = at;
  Words& tail = m.tail();
  rans_decode_step<Geometry>(x, R, slot_of, [&](auto& y) { detail::refill(y, tail); });
  at = x;
}

namespace detail {
/// Throws unless there is one denominator per head, 1 <= N <= L.
template <class Geometry>
void check_n_slots(const char* function, std::span<const std::uint32_t> n_slots,
                   std::size_t n_heads) {
  require_range(function, "number of n_slots", n_slots.size(), n_heads, n_heads);
  for (const std::uint32_t N : n_slots) require_range(function, "n_slots", N, 1, Geometry::lower);
}
}  // namespace detail

/// On all heads at once, of any numbers of slots N: ranges[i] of n_slots[i] on head i, the last
/// head first. Throws unless there is one of each per head, 1 <= N <= L, and each range lies within
/// and has slots. Takes no more words than it gives.
template <Stack M>
void push_any(M& m, std::span<const RansRange> ranges, std::span<const std::uint32_t> n_slots) {
  using Step = RansAnyStep<typename M::Geometry>;
  const auto heads = m.heads();
  Words& tail = m.tail();
  detail::check_n_slots<typename M::Geometry>("push_any", n_slots, heads.size());
  require_range("push_any", "number of ranges", ranges.size(), heads.size(), heads.size());
  for (std::size_t i = 0; i < heads.size(); ++i) {
    require_range("push_any", "range.freq", ranges[i].freq, 1, n_slots[i]);
    require_range("push_any", "range.cum", ranges[i].cum, 0, n_slots[i] - ranges[i].freq);
  }
  for (std::size_t i = heads.size(); i-- > 0;) {
    Step::give(heads[i], ranges[i].freq, n_slots[i], [&](std::uint32_t w) { tail.push_back(w); });
  }
  for (std::size_t i = 0; i < heads.size(); ++i) {
    heads[i] = Step::encode(heads[i], ranges[i], n_slots[i]);
    Step::take(heads[i], [&](auto& x) { detail::refill(x, tail); });
  }
}

/// The inverse: slot_of(i, slot), slot < n_slots[i], gives the RansSlot of head i. The message is
/// as it was if there is an UnderflowError.
template <Stack M, class SlotOf>
void pop_any(M& m, std::span<const std::uint32_t> n_slots, SlotOf&& slot_of) {
  using Geometry = typename M::Geometry;
  using Step = RansAnyStep<Geometry>;
  const auto heads = m.heads();
  Words& tail = m.tail();
  detail::check_n_slots<Geometry>("pop_any", n_slots, heads.size());
  const std::size_t n_words = tail.size();
  std::vector<typename Geometry::State> next(heads.begin(), heads.end());
  for (std::size_t i = heads.size(); i-- > 0;) {
    Step::give(next[i], n_slots[i], n_slots[i], [&](std::uint32_t w) { tail.push_back(w); });
  }
  std::size_t n_wanted = 0;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const auto slot = static_cast<std::uint32_t>(next[i] % n_slots[i]);
    next[i] = Step::decode(next[i], slot_of(i, slot), n_slots[i]);
    n_wanted += next[i] < Geometry::lower;
  }
  if (n_wanted > tail.size()) {
    tail.resize(n_words);
    detail::underflow();
  }
  for (std::size_t i = 0; i < heads.size(); ++i) {
    Step::take(next[i], [&](auto& x) { detail::refill(x, tail); });
    heads[i] = next[i];
  }
}

}  // namespace transom::stack
