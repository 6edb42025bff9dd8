// rans_lookup.hpp — how a rANS decoder finds the symbol of a slot: four choices of one interface.
//
//   choice       table                        what a decode step reads
//   slots        6 bytes a slot               one entry
//   inverse CDF  2 bytes a slot, 4 a symbol   an entry, then two boundaries
//   search       4 bytes a symbol             about log2(A) boundaries, one after the other
//   alias        16 bytes a bucket, 4 a symbol  one bucket, then a frequency
// The first three decode the same stream; an alias table permutes the slots, so its streams are
// its own. `bytes()` is what the choice keeps in memory.
// A look-up is asked for slots below 2^R (throws), and every one of them has a symbol. A table that
// covers fewer slots gets a last symbol, number A, for the rest.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "transom/coder/rans_steps.hpp"

namespace transom {

inline constexpr unsigned kMaxLookupLog = 16;  ///< R of tables by slot
/// Largest alphabet A: the number A itself must be a 16-bit symbol, too.
inline constexpr std::size_t kMaxLookupSymbols = 0xffff;

/// Cumulative frequencies: symbol s has [bounds[s], bounds[s + 1]).
class RansBounds {
 public:
  /// Throws unless bounds ascend from 0 to at most 2^R, R <= 31.
  RansBounds(std::vector<std::uint32_t> bounds, unsigned R) : bounds_(std::move(bounds)), R_(R) {
    require_range("RansBounds", "table log", R, 0, 31);
    require_range("RansBounds", "number of boundaries", bounds_.size(), 2, kMaxLookupSymbols + 1);
    const auto fall = std::is_sorted_until(bounds_.begin(), bounds_.end());
    const std::uint64_t n_slots = std::uint64_t{1} << R;
    if (bounds_.front() != 0) refuse_at("RansBounds", "bounds", 0, bounds_.front(), "must be 0");
    if (fall != bounds_.end()) {
      refuse_at("RansBounds", "bounds", static_cast<std::size_t>(fall - bounds_.begin()), *fall,
                "must not be less than the one before it");
    }
    require_range("RansBounds", "the last boundary", bounds_.back(), 0, n_slots);
    n_symbols_ = bounds_.size() - 1;
    if (bounds_.back() != std::uint32_t{1} << R) bounds_.push_back(std::uint32_t{1} << R);
  }
  /// Of frequencies that sum to at most 2^R (throws).
  static RansBounds of_freq(std::span<const std::uint32_t> freq, unsigned R) {
    std::vector<std::uint32_t> bounds(1);
    std::uint64_t sum = 0;
    for (const std::uint32_t f : freq) {
      sum = std::min(sum + f, std::uint64_t{0xffff'ffff});
      bounds.push_back(static_cast<std::uint32_t>(sum));
    }
    return RansBounds(std::move(bounds), R);
  }

  unsigned table_log() const { return R_; }
  std::size_t n_symbols() const { return n_symbols_; }
  /// Whether all 2^R slots have a symbol.
  bool is_full() const { return bounds_.size() == n_symbols_ + 1; }
  /// The slots of a symbol, or, as number n_symbols(), those that no symbol has (throws beyond).
  RansRange range(std::size_t s) const {
    if (s + 1 >= bounds_.size()) [[unlikely]] {
      detail::refuse_range("RansBounds::range", "symbol", s, 0, bounds_.size() - 2);
    }
    return {bounds_[s], bounds_[s + 1] - bounds_[s]};
  }
  bool can_encode(std::uint64_t s) const { return s < n_symbols_ && range(s).freq != 0; }
  std::span<const std::uint32_t> bounds() const& { return bounds_; }
  std::span<const std::uint32_t> bounds() const&& = delete;  // would dangle

 private:
  std::vector<std::uint32_t> bounds_;
  unsigned R_;
  std::size_t n_symbols_ = 0;
};

namespace detail {
/// visit(slot, RansSlot) for every slot, in order.
template <class Visit>
void for_each_slot(const RansBounds& table, Visit visit) {
  const auto bounds = table.bounds();
  for (std::uint32_t s = 0; s + 1 < bounds.size(); ++s) {
    const std::uint32_t f = bounds[s + 1] - bounds[s];
    for (std::uint32_t i = 0; i < f; ++i) visit(bounds[s] + i, RansSlot{s, f, i});
  }
}
inline void check_lookup_log(unsigned R) {
  if (R > kMaxLookupLog) {
    refuse("SlotLookup, InverseCdfLookup", "table log", R, "must be 0..16; search instead");
  }
}
constexpr void check_slot(std::uint32_t slot, std::uint64_t n_slots) {
  if (slot >= n_slots) [[unlikely]]
    refuse_range("look-up", "slot", slot, 0, n_slots - 1);
}
/// A slot of symbol s. `bounds` are RansBounds'.
constexpr RansSlot slot_of(const std::uint32_t* bounds, std::uint32_t s, std::uint32_t slot) {
  return {s, bounds[s + 1] - bounds[s], slot - bounds[s]};
}
/// The last boundary of n + 1 that is not above a slot below bounds[n], by halving.
constexpr RansSlot search_slot(const std::uint32_t* bounds, std::size_t n, std::uint32_t slot) {
  // invariant: bounds[s] <= slot < bounds[s + n]
  std::size_t s = 0;
  while (n > 1) {
    const std::size_t half = n / 2;
    s = bounds[s + half] <= slot ? s + half : s;
    n -= half;
  }
  return slot_of(bounds, static_cast<std::uint32_t>(s), slot);
}
}  // namespace detail

/// Everything about a slot in one word. R <= kMaxLookupLog (throws).
class SlotLookup {
 public:
  static constexpr const char* name = "slots";
  explicit SlotLookup(const RansBounds& table) {
    detail::check_lookup_log(table.table_log());
    slots_.resize(std::size_t{1} << table.table_log());
    detail::for_each_slot(table, [&](std::uint32_t slot, RansSlot s) {
      slots_[slot] = {static_cast<std::uint16_t>(s.symbol), static_cast<std::uint16_t>(s.freq - 1),
                      static_cast<std::uint16_t>(s.bias)};
    });
  }
  RansSlot operator()(std::uint32_t slot) const {
    detail::check_slot(slot, slots_.size());
    const Packed& p = slots_[slot];
    return {p.symbol, std::uint32_t{p.freq_less_1} + 1, p.bias};
  }
  std::size_t bytes() const { return slots_.size() * sizeof(Packed); }

 private:
  struct Packed {
    std::uint16_t symbol, freq_less_1, bias;
  };
  std::vector<Packed> slots_;
};

/// The symbol of every slot, its boundaries by symbol. R <= kMaxLookupLog (throws).
class InverseCdfLookup {
 public:
  static constexpr const char* name = "inverse-cdf";
  explicit InverseCdfLookup(const RansBounds& table)
      : bounds_(table.bounds().begin(), table.bounds().end()) {
    detail::check_lookup_log(table.table_log());
    symbols_.resize(std::size_t{1} << table.table_log());
    detail::for_each_slot(table, [&](std::uint32_t slot, RansSlot s) {
      symbols_[slot] = static_cast<std::uint16_t>(s.symbol);
    });
  }
  RansSlot operator()(std::uint32_t slot) const {
    detail::check_slot(slot, symbols_.size());
    return detail::slot_of(bounds_.data(), symbols_[slot], slot);
  }
  std::size_t bytes() const { return symbols_.size() * 2 + bounds_.size() * 4; }

 private:
  std::vector<std::uint32_t> bounds_;
  std::vector<std::uint16_t> symbols_;
};

/// The last boundary that is not above the slot, by halving: any R up to 31.
class SearchLookup {
 public:
  static constexpr const char* name = "search";
  explicit SearchLookup(const RansBounds& table)
      : bounds_(table.bounds().begin(), table.bounds().end()) {}
  RansSlot operator()(std::uint32_t slot) const {
    detail::check_slot(slot, bounds_.back());
    return detail::search_slot(bounds_.data(), bounds_.size() - 1, slot);
  }
  std::size_t bytes() const { return bounds_.size() * 4; }

 private:
  std::vector<std::uint32_t> bounds_;
};

}  // namespace transom
