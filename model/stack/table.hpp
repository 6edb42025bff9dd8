// table.hpp — distributions from any integer CDF: as a table, as a function, of any denominator.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "transom/stack/distribution.hpp"

namespace transom::stack {

/// Symbol s = 0 .. n - 1 owns the slots [C(s), C(s + 1)) of 2^precision. C need not begin at 0 or
/// end at 2^precision: to pop one of the other slots is a SlotError. A symbol may have no slots: to
/// push it is refused.
class Table : public OnFirstHead<Table> {
 public:
  using Symbol = std::uint32_t;

  /// @param cdf       C(0) .. C(n), not falling, at most 2^precision (throws); n = 1 .. 2^24
  /// @param precision 0..31
  Table(std::vector<std::uint32_t> cdf, unsigned precision);
  /// Of counts that sum to at most 2^precision.
  static Table of_counts(std::span<const std::uint32_t> counts, unsigned precision);

  unsigned precision() const { return precision_; }
  std::size_t n_symbols() const { return cdf_.size() - 1; }
  std::span<const std::uint32_t> cdf() const { return cdf_; }

  /// Throws for no symbol.
  RansRange range_of(Symbol symbol) const {
    if (symbol >= n_symbols()) [[unlikely]]
      refuse_symbol(symbol);
    return {cdf_[symbol], cdf_[symbol + 1] - cdf_[symbol]};
  }
  Owner<Symbol> owner_of(std::uint32_t slot) const {
    if (slot < cdf_.front() || slot >= cdf_.back()) [[unlikely]]
      throw SlotError(slot);
    // The first slot of each stretch has its owner in guide_; most stretches have one owner or two.
    const std::uint32_t stretch = slot >> shift_;
    Symbol s = guide_[stretch];
    if (guide_[stretch + 1] - s > kFewSymbols) [[unlikely]]
      s = search(s, guide_[stretch + 1], slot);
    while (cdf_[s + 1] <= slot) ++s;
    return {s, {cdf_[s], cdf_[s + 1] - cdf_[s]}};
  }

  friend bool operator==(const Table& a, const Table& b) {
    return a.precision_ == b.precision_ && a.cdf_ == b.cdf_;
  }

 private:
  static constexpr Symbol kFewSymbols = 8;
  [[noreturn, gnu::cold, gnu::noinline]] void refuse_symbol(Symbol symbol) const;
  /// The owner of a slot, which is one of low .. high.
  [[gnu::noinline]] Symbol search(Symbol low, Symbol high, std::uint32_t slot) const;

  std::vector<std::uint32_t> cdf_;
  std::vector<Symbol> guide_;  ///< a last one behind the last stretch
  unsigned precision_;
  unsigned shift_;  ///< slots of a stretch, log2
};

/// The same of a function cdf(s), s = 0 .. n_symbols, without a table: an owner is found by
/// halving. For distributions that code a symbol or two before their parameters change. cdf is
/// trusted to be what Table checks.
template <class F>
class Cdf : public OnFirstHead<Cdf<F>> {
 public:
  using Symbol = std::uint32_t;
  Cdf(F cdf, std::uint32_t n_symbols, unsigned precision)
      : cdf_(std::move(cdf)), n_symbols_(n_symbols), precision_(precision) {
    require_range("Cdf", "number of symbols", n_symbols, 1, std::uint32_t{1} << 24);
    require_range("Cdf", "precision", precision, 0, 31);
  }

  unsigned precision() const { return precision_; }
  std::size_t n_symbols() const { return n_symbols_; }
  Table table() const {
    std::vector<std::uint32_t> cdf(std::size_t{n_symbols_} + 1);
    for (std::uint32_t s = 0; s <= n_symbols_; ++s) cdf[s] = cdf_(s);
    return {std::move(cdf), precision_};
  }

  /// Throws for no symbol.
  RansRange range_of(Symbol symbol) const {
    require_range("Cdf::range_of", "symbol", symbol, 0, n_symbols_ - 1);
    const std::uint32_t cum = cdf_(symbol);
    return {cum, cdf_(symbol + 1) - cum};
  }
  Owner<Symbol> owner_of(std::uint32_t slot) const {
    Symbol low = 0, high = n_symbols_;  // invariant: cdf(low) <= slot < cdf(high)
    std::uint32_t at_low = cdf_(low), at_high = cdf_(high);
    if (slot < at_low || slot >= at_high) throw SlotError(slot);
    while (high - low > 1) {
      const Symbol middle = low + (high - low) / 2;
      const std::uint32_t at = cdf_(middle);
      if (at <= slot) {
        low = middle;
        at_low = at;
      } else {
        high = middle;
        at_high = at;
      }
    }
    return {low, {at_low, at_high - at_low}};
  }

 private:
  F cdf_;
  std::uint32_t n_symbols_;
  unsigned precision_;
};

/// Counts of any sum N, 1 .. 2^31, exactly: one symbol of n on the first head.
class Counts {
 public:
  using Symbol = std::uint32_t;
  /// Throws unless the sum is 1 .. 2^31.
  explicit Counts(std::span<const std::uint32_t> counts);

  /// Throws for a symbol without a count.
  template <Stack M>
  void push(M& m, Symbol symbol) const {
    View<typename M::Geometry> first(m.heads().first(1), m.tail());
    require_range("Counts::push", "symbol", symbol, 0, cdf_.size() - 2);
    const RansRange range{cdf_[symbol], cdf_[symbol + 1] - cdf_[symbol]};
    push_any(first, {&range, 1}, {&cdf_.back(), 1});
  }
  template <Stack M>
  Symbol pop(M& m) const {
    View<typename M::Geometry> first(m.heads().first(1), m.tail());
    Symbol symbol = 0;
    pop_any(first, {&cdf_.back(), 1}, [&](std::size_t, std::uint32_t slot) {
      symbol = symbol_of(slot);
      return RansSlot{0, cdf_[symbol + 1] - cdf_[symbol], slot - cdf_[symbol]};
    });
    return symbol;
  }

 private:
  Symbol symbol_of(std::uint32_t slot) const;
  std::vector<std::uint32_t> cdf_;
};

}  // namespace transom::stack
