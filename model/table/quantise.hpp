// quantise.hpp — counts to frequencies that sum to 2^R and cost the fewest coded bits.
//
// Minimise sum_s n_s (R - log2 f_s) over integers f_s >= 1 with sum f_s = 2^R. The objective is
// separable and each term convex: f -> f + 1 saves n log2((f + 1) / f), which falls with f. Hence
// an allocation f is optimal if and only if no exchange of one slot pays:
//   for all s and all t with f_t > 1:  saving of s at f_s  <=  loss of t at f_t.      (*)
// Any other allocation g raises some symbols and lowers others by equally many slots in all; each
// unit raised saves at most the left of (*), each unit lowered loses at least the right. So from
// any start with the right sum, exchanging while (*) fails ends at the optimum (marginal
// allocation: B. Fox, "Discrete optimization via marginal analysis", Management Science 13(3),
// 1966). It is exact for the logarithms of log2.hpp, which are concave up to 2^kMaxTableLog (a
// test looks at each), so no bit of a tensor is lost to rounding.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "transom/base/log2.hpp"
#include "transom/base/spec.hpp"

namespace transom {

/// Which symbols get at least one slot: those that occur, or (for a table that must also code
/// tensors it has not seen) every one.
enum class Cover : bool { kOccurring, kEvery };

namespace quantise_detail {

/// What n values save when their symbol's freq goes from f to f + 1, in units of 2^-kLogFraction.
constexpr uint128_t step_saving(std::uint32_t n, std::uint32_t f) {
  return uint128_t{n} * (log2_fixed(f + 1) - log2_fixed(f));
}

/// Frequencies with, for each, the saving of one slot more and the loss of one slot less.
class Allocation {
 public:
  Allocation(std::span<const std::uint32_t> counts, std::vector<std::uint32_t> freq)
      : counts_(counts), freq_(std::move(freq)) {
    raises_.reserve(2 * freq_.size());
    lowers_.reserve(2 * freq_.size());
    for (std::uint32_t s = 0; s < freq_.size(); ++s) {
      if (freq_[s] != 0) push(s);
    }
  }

  /// A slot to the symbol that saves the most, ties to the smaller symbol.
  void raise() { change(top_raise().symbol, 1); }
  /// A slot from the symbol that loses the least; there is one with freq > 1.
  void lower() { change(top_lower()->symbol, ~std::uint32_t{0}); }

  bool exchange_pays() {
    const Step* lowest = top_lower();
    return lowest != nullptr && top_raise().bits > lowest->bits;
  }

  std::vector<std::uint32_t> take() { return std::move(freq_); }

 private:
  struct Step {
    uint128_t bits;
    std::uint32_t symbol;
    std::uint32_t freq;  ///< value when pushed; out of date if freq_[symbol] is another
  };
  static bool saves_less(const Step& a, const Step& b) {
    return a.bits != b.bits ? a.bits < b.bits : a.symbol > b.symbol;
  }
  static bool loses_more(const Step& a, const Step& b) {
    return a.bits != b.bits ? a.bits > b.bits : a.symbol < b.symbol;
  }

  void push(std::uint32_t s) {
    const std::uint32_t f = freq_[s];
    raises_.push_back({step_saving(counts_[s], f), s, f});
    std::push_heap(raises_.begin(), raises_.end(), saves_less);
    if (f > 1) {
      lowers_.push_back({step_saving(counts_[s], f - 1), s, f});
      std::push_heap(lowers_.begin(), lowers_.end(), loses_more);
    }
  }

  void change(std::uint32_t s, std::uint32_t by) {
    freq_[s] += by;
    push(s);
  }

  const Step& top_raise() {
    while (raises_.front().freq != freq_[raises_.front().symbol]) {
      std::pop_heap(raises_.begin(), raises_.end(), saves_less);
      raises_.pop_back();
    }
    return raises_.front();
  }
  const Step* top_lower() {
    while (!lowers_.empty() && lowers_.front().freq != freq_[lowers_.front().symbol]) {
      std::pop_heap(lowers_.begin(), lowers_.end(), loses_more);
      lowers_.pop_back();
    }
    return lowers_.empty() ? nullptr : &lowers_.front();
  }

  std::span<const std::uint32_t> counts_;
  std::vector<std::uint32_t> freq_;
  std::vector<Step> raises_;  ///< heap, greatest saving first
  std::vector<Step> lowers_;  ///< heap, least loss first
};

}  // namespace quantise_detail

/// freq[s] of least coded cost: sum 2^R, freq[s] >= 1 where counts[s] >= 1 (everywhere with
/// Cover::kEvery), 0 elsewhere. Of no values at all, symbol 0 gets what is not needed elsewhere.
/// Throws for no counts, R over kMaxTableLog, or more symbols that need a slot than there are.
inline std::vector<std::uint32_t> quantise(std::span<const std::uint32_t> counts, unsigned R,
                                           Cover cover = Cover::kOccurring) {
  require_range("quantise", "table log", R, 0, kMaxTableLog);
  require_range("quantise", "number of counts", counts.size(), 1, std::size_t{1} << kMaxValueBits);
  const std::uint32_t n_slots = std::uint32_t{1} << R;
  std::uint64_t n_values = 0;
  std::size_t n_symbols = 0;
  for (const std::uint32_t n : counts) {
    n_values += n;
    n_symbols += n != 0 || cover == Cover::kEvery;
  }
  if (n_symbols > n_slots) [[unlikely]] {
    refuse("quantise", "number of symbols", n_symbols,
           "must be at most the " + std::to_string(n_slots) + " slots");
  }
  std::vector<std::uint32_t> freq(counts.size());
  if (n_symbols == 0) {
    freq[0] = n_slots;
    return freq;
  }
  std::uint64_t sum = 0;  // start next to the proportional allocation: few exchanges are left
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] == 0 && cover == Cover::kOccurring) continue;
    const std::uint64_t share = n_values == 0 ? 0 : (std::uint64_t{counts[s]} << R) / n_values;
    freq[s] = std::max(static_cast<std::uint32_t>(share), std::uint32_t{1});
    sum += freq[s];
  }
  quantise_detail::Allocation allocation(counts, std::move(freq));
  for (; sum < n_slots; ++sum) allocation.raise();
  for (; sum > n_slots; --sum) allocation.lower();
  while (allocation.exchange_pays()) {
    allocation.lower();
    allocation.raise();
  }
  return allocation.take();
}

/// sum_s n_s (R - log2 f_s), each term rounded to a unit of cost_t.
/// Throws for a symbol that occurs and has no frequency up to 2^R, R over kMaxTableLog, counts that
/// sum to 2^32 or more, or other numbers of counts than of frequencies.
inline cost_t coded_cost(std::span<const std::uint32_t> counts, std::span<const std::uint32_t> freq,
                         unsigned R) {
  require_range("coded_cost", "table log", R, 0, kMaxTableLog);
  require_range("coded_cost", "number of frequencies", freq.size(), counts.size(), counts.size());
  cost_t cost = 0;
  std::uint64_t n_values = 0;
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] == 0) continue;
    if (freq[s] == 0 || freq[s] > std::uint32_t{1} << R) [[unlikely]] {
      refuse_at("coded_cost", "freq", s, freq[s],
                "must be 1..2^" + std::to_string(R) + ", as the symbol occurs");
    }
    n_values += counts[s];
    if (n_values >> 32 != 0) [[unlikely]] {
      refuse("coded_cost", "sum of counts", n_values, "must be below 2^32");
    }
    cost += cost_of(counts[s], (log_t{R} << kLogFraction) - log2_fixed(freq[s]));
  }
  return cost;
}

}  // namespace transom
