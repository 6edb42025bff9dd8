// distribution.hpp — what a codec of one symbol needs to know, and the codecs that it makes.
//
// A Distribution tells of each symbol which of the 2^precision slots are its own, and of each slot
// whose it is; no slot has two owners. That is all that rANS wants, and there is no floating point
// in it. By itself a Distribution is a codec of one symbol, on the first head of a message; lanes()
// makes it a codec of a symbol per head.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "transom/stack/message.hpp"

namespace transom::stack {

/// Pushes a symbol on a message of geometry M, and pops it again: what it pops is what was pushed,
/// and the message is then as before.
template <class C, class M = Message<>>
concept Codec = Stack<M> && requires(const C& codec, M& m, const typename C::Symbol& symbol) {
  codec.push(m, symbol);
  { codec.pop(m) } -> std::convertible_to<typename C::Symbol>;
};

/// Whose a slot is.
template <class SymbolT>
struct Owner {
  SymbolT symbol;
  RansRange range;
};

template <class D>
concept Distribution = requires(const D& d, const typename D::Symbol& symbol, std::uint32_t slot) {
  { d.precision() } -> std::convertible_to<unsigned>;
  { d.range_of(symbol) } -> std::same_as<RansRange>;
  { d.owner_of(slot) } -> std::same_as<Owner<typename D::Symbol>>;
};

/// A slot that is nobody's was popped: the message is not what it is taken for.
class SlotError : public std::runtime_error {
 public:
  explicit SlotError(std::uint32_t slot);
};

/// Codes one symbol of a distribution on a head.
template <Distribution D, Stack M>
void push_symbol(M& m, std::size_t head, const D& d, const typename D::Symbol& symbol) {
  push_range(m, head, d.range_of(symbol), d.precision());
}
template <Distribution D, Stack M>
typename D::Symbol pop_symbol(M& m, std::size_t head, const D& d) {
  typename D::Symbol symbol{};
  pop_slot(m, head, d.precision(), [&](std::uint32_t slot) {
    const auto owner = d.owner_of(slot);
    symbol = owner.symbol;
    return RansSlot{0, owner.range.freq, slot - owner.range.cum};
  });
  return symbol;
}

/// Base of a distribution D: the codec of one symbol on the first head.
template <class D>
struct OnFirstHead {
  template <Stack M, class Symbol>
  void push(M& m, const Symbol& symbol) const {
    push_symbol(m, 0, static_cast<const D&>(*this), symbol);
  }
  template <Stack M>
  auto pop(M& m) const {
    return pop_symbol(m, 0, static_cast<const D&>(*this));
  }
};

/// A distribution per head, or one for all; symbols of all heads at once.
template <Distribution D>
class Lanes {
 public:
  using Symbol = std::vector<typename D::Symbol>;

  explicit Lanes(D all) : each_(1, std::move(all)), alike_(true) {}
  explicit Lanes(std::vector<D> each) : each_(std::move(each)), alike_(false) {}

  /// Throws unless there is a symbol per head, and a distribution.
  template <Stack M>
  void push(M& m, const Symbol& symbols) const {
    const std::size_t n = n_heads(m);
    require_range("Lanes::push", "number of symbols", symbols.size(), n, n);
    for (std::size_t i = n; i-- > 0;) push_symbol(m, i, at(i), symbols[i]);
  }
  template <Stack M>
  Symbol pop(M& m) const {
    Symbol symbols(n_heads(m));
    for (std::size_t i = 0; i < symbols.size(); ++i) symbols[i] = pop_symbol(m, i, at(i));
    return symbols;
  }

 private:
  template <Stack M>
  std::size_t n_heads(M& m) const {
    const std::size_t n = m.heads().size();
    if (!alike_) require_range("Lanes", "number of distributions", each_.size(), n, n);
    return n;
  }
  const D& at(std::size_t i) const { return each_[alike_ ? 0 : i]; }

  std::vector<D> each_;
  bool alike_;
};
template <Distribution D>
Lanes<D> lanes(D all) {
  return Lanes<D>(std::move(all));
}
template <Distribution D>
Lanes<D> lanes(std::vector<D> each) {
  return Lanes<D>(std::move(each));
}

}  // namespace transom::stack
