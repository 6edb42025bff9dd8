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

/// log2(f) at [f], f = 1 .. 2^kMaxTableLog + 1: of every number of slots, and of one more.
inline const std::vector<log_t>& slot_logs() {
  static const std::vector<log_t> logs = [] {
    std::vector<log_t> of((std::size_t{1} << kMaxTableLog) + 2);
    for (std::size_t f = 1; f < of.size(); ++f) of[f] = log2_fixed(f);
    return of;
  }();
  return logs;
}

/// Frequencies with, for each, the saving of one slot more and the loss of one slot less, in units
/// of 2^-kLogFraction bit. The best of each block of symbols is kept: a change looks at its block,
/// a question at the blocks.
class Allocation {
 public:
  /// @param freq symbols of 0 slots stay so
  Allocation(std::span<const std::uint32_t> counts, std::vector<std::uint32_t> freq)
      : freq_(std::move(freq)), logs_(slot_logs().data()) {
    symbols_.reserve(freq_.size());
    for (std::uint32_t s = 0; s < freq_.size(); ++s) {
      if (freq_[s] != 0) symbols_.push_back(priced({.symbol = s, .n = counts[s]}));
    }
    blocks_.resize((symbols_.size() + kBlock - 1) / kBlock);
    for (std::size_t b = 0; b < blocks_.size(); ++b) look(b);
  }

  /// A slot to the symbol that saves the most, ties to the smaller symbol.
  void raise() { change(most_saved(), 1); }
  /// A slot from the symbol that loses the least, ties to the greater; there is one with freq > 1.
  void lower() { change(least_lost(), ~std::uint32_t{0}); }

  bool exchange_pays() const { return symbols_[most_saved()].saving > symbols_[least_lost()].loss; }

  std::vector<std::uint32_t> take() { return std::move(freq_); }

 private:
  static constexpr std::size_t kBlock = 16;
  static constexpr uint128_t kNever = ~uint128_t{0};  ///< the loss of the last slot

  struct Symbol {
    std::uint32_t symbol;
    std::uint32_t n;
    uint128_t saving = 0;
    uint128_t loss = 0;
  };
  struct Block {
    std::size_t most_saved;
    std::size_t least_lost;
  };

  Symbol priced(Symbol s) const {
    const std::uint32_t f = freq_[s.symbol];
    s.saving = uint128_t{s.n} * (logs_[f + 1] - logs_[f]);
    s.loss = f > 1 ? uint128_t{s.n} * (logs_[f] - logs_[f - 1]) : kNever;
    return s;
  }
  void look(std::size_t b) {
    const std::size_t first = b * kBlock, end = std::min(first + kBlock, symbols_.size());
    Block best{first, first};
    for (std::size_t i = first + 1; i < end; ++i) {
      if (symbols_[i].saving > symbols_[best.most_saved].saving) best.most_saved = i;
      if (symbols_[i].loss <= symbols_[best.least_lost].loss) best.least_lost = i;
    }
    blocks_[b] = best;
  }
  std::size_t most_saved() const {
    std::size_t best = blocks_.front().most_saved;
    for (const Block& block : blocks_) {
      if (symbols_[block.most_saved].saving > symbols_[best].saving) best = block.most_saved;
    }
    return best;
  }
  std::size_t least_lost() const {
    std::size_t best = blocks_.front().least_lost;
    for (const Block& block : blocks_) {
      if (symbols_[block.least_lost].loss <= symbols_[best].loss) best = block.least_lost;
    }
    return best;
  }
  void change(std::size_t i, std::uint32_t by) {
    freq_[symbols_[i].symbol] += by;
    symbols_[i] = priced(symbols_[i]);
    look(i / kBlock);
  }

  std::vector<std::uint32_t> freq_;
  const log_t* logs_;
  std::vector<Symbol> symbols_;  ///< those that have slots
  std::vector<Block> blocks_;
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
  const std::vector<log_t>& logs = quantise_detail::slot_logs();
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
    cost += cost_of(counts[s], (log_t{R} << kLogFraction) - logs[freq[s]]);
  }
  return cost;
}

}  // namespace transom
