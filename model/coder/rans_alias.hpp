// rans_alias.hpp — the alias method as a rANS look-up: two symbols to a bucket, one comparison.
//
// A. J. Walker's alias method in M. D. Vose's linear-time form (IEEE Trans. Software Eng. 17(9),
// 1991), used for rANS by F. Giesen. 2^B buckets of w = 2^(R - B) slots: the slots of bucket b
// below divider[b] are symbol b's, the others those of other[b]. Slots are dealt to the symbols in
// the order of the buckets, own part first, so the whole table follows from divider and other. The
// permutation differs from that of the cumulative frequencies, hence encoder and decoder must agree
// on how the buckets were filled: ryg_rans and torch_ans go over them in different orders.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

#include "transom/coder/rans_lookup.hpp"

namespace transom {

/// The order in which buckets are filled.
enum class AliasOrder : std::uint8_t {
  kSweep,  ///< ryg_rans: one sweep up over small and large symbols
  kStack   ///< torch_ans: small ones from a stack, the highest large one gives
};

/// What divides a bucket.
struct AliasBucket {
  std::uint32_t divider;  ///< first slot of the whole table that is not the bucket's own symbol's
  std::uint32_t other;    ///< = the bucket's number where it is not split
  friend bool operator==(const AliasBucket&, const AliasBucket&) = default;
};

namespace detail {
/// `left`: the slots that a symbol has still to place.
inline std::vector<AliasBucket> unsplit_buckets(std::uint32_t n, std::uint32_t width) {
  std::vector<AliasBucket> buckets(n);
  for (std::uint32_t b = 0; b < n; ++b) buckets[b] = {(b + 1) * width, b};
  return buckets;
}

inline std::vector<AliasBucket> sweep_buckets(std::vector<std::uint32_t> left,
                                              std::uint32_t width) {
  const auto n = static_cast<std::uint32_t>(left.size());
  std::vector<AliasBucket> buckets = unsplit_buckets(n, width);
  const auto next = [&](std::uint32_t from, bool large) {
    while (from < n && (left[from] >= width) != large) ++from;
    return from;
  };
  std::uint32_t large = next(0, true), small = next(0, false);
  std::uint32_t next_small = small + 1;
  while (large < n && small < n) {
    buckets[small] = {small * width + left[small], large};
    left[large] -= width - left[small];
    if (left[large] >= width || next_small <= large) {
      small = next(next_small, false);
      next_small = small + 1;
    } else {
      small = large;  // it has just become small, and lies behind the sweep
    }
    large = next(large, true);
  }
  return buckets;
}

inline std::vector<AliasBucket> stack_buckets(std::vector<std::uint32_t> left,
                                              std::uint32_t width) {
  const auto n = static_cast<std::uint32_t>(left.size());
  std::vector<AliasBucket> buckets = unsplit_buckets(n, width);
  std::vector<std::uint32_t> large, small;
  for (std::uint32_t b = 0; b < n; ++b) (left[b] >= width ? large : small).push_back(b);
  while (!small.empty() && !large.empty()) {
    const std::uint32_t s = small.back(), l = large.back();
    small.pop_back();
    buckets[s] = {s * width + left[s], l};
    left[l] -= width - left[s];
    if (left[l] < width) {
      large.pop_back();
      small.push_back(l);
    }
  }
  return buckets;
}
}  // namespace detail

/// Looks up by bucket; also the permutation that its encoder needs.
class AliasLookup {
 public:
  static constexpr const char* name = "alias";

  /// Buckets for at least n_buckets symbols, a power of two of them and at most 2^R; symbols that
  /// the table lacks have no slots. Throws if there is no such number, if the table does not fill
  /// its slots, and for no AliasOrder.
  AliasLookup(const RansBounds& table, AliasOrder order, std::size_t n_buckets = 0)
      : R_(table.table_log()) {
    const std::size_t n_slots = std::size_t{1} << R_;
    require_range("AliasLookup", "order", static_cast<unsigned>(order), 0, 1);
    require_range("AliasLookup", "number of buckets", n_buckets, 0, n_slots);
    if (!table.is_full()) {
      refuse("AliasLookup", "sum of frequencies", table.range(table.n_symbols()).cum,
             "must be 2^" + std::to_string(R_));
    }
    const std::size_t n = std::bit_ceil(std::max(table.n_symbols(), n_buckets));
    if (n > n_slots) {
      refuse("AliasLookup", "number of symbols", table.n_symbols(),
             "must have a power of two of buckets, at most 2^" + std::to_string(R_));
    }
    width_log_ = R_ - static_cast<unsigned>(std::countr_zero(n));
    freq_.resize(n);
    for (std::size_t s = 0; s < table.n_symbols(); ++s) freq_[s] = table.range(s).freq;
    const std::uint32_t width = std::uint32_t{1} << width_log_;
    const auto split = order == AliasOrder::kSweep ? detail::sweep_buckets(freq_, width)
                                                   : detail::stack_buckets(freq_, width);
    std::vector<std::uint32_t> dealt(n);
    for (std::uint32_t b = 0; b < n; ++b) {
      const auto [divider, other] = split[b];
      const std::uint32_t own = divider - b * width;
      buckets_.push_back({divider, other, b * width - dealt[b], divider - dealt[other]});
      dealt[b] += own;
      dealt[other] += width - own;
    }
    assert(dealt == freq_);  // whatever the table
  }

  RansSlot operator()(std::uint32_t slot) const {
    const std::uint32_t b = slot >> width_log_;
    detail::check_slot(b, buckets_.size());
    return buckets_[b].slot_of(b, slot, [this](std::uint32_t s) { return freq_[s]; });
  }
  std::size_t bytes() const { return buckets_.size() * sizeof(Bucket) + freq_.size() * 4; }

  /// The slot of every place of the cumulative frequencies: what the encode step wants. Throws for
  /// another table than the look-up's own, and for R over kMaxLookupLog: it takes 2^R words.
  std::vector<std::uint32_t> remap(const RansBounds& table) const {
    require_range("AliasLookup::remap", "table log", table.table_log(), R_, R_);
    require_range("AliasLookup::remap", "table log", R_, 0, kMaxLookupLog);
    require_range("AliasLookup::remap", "number of symbols", table.n_symbols(), 1, freq_.size());
    for (std::size_t s = 0; s < freq_.size(); ++s) {
      const std::uint32_t f = s < table.n_symbols() ? table.range(s).freq : 0;
      require_range("AliasLookup::remap", "frequency", f, freq_[s], freq_[s]);
    }
    std::vector<std::uint32_t> slots(std::size_t{1} << R_);
    for (std::uint32_t slot = 0; slot < slots.size(); ++slot) {
      const RansSlot s = (*this)(slot);
      slots[table.bounds()[s.symbol] + s.bias] = slot;
    }
    return slots;
  }

  /// slot - offset is the slot's place among its symbol's (mod 2^32).
  struct Bucket {
    std::uint32_t divider, other, own_offset, other_offset;

    /// A slot of this bucket, number b; freq_of(symbol) is its frequency.
    template <class FreqOf>
    constexpr RansSlot slot_of(std::uint32_t b, std::uint32_t slot, FreqOf freq_of) const {
      const bool own = slot < divider;
      const std::uint32_t s = own ? b : other;
      return {s, freq_of(s), slot - (own ? own_offset : other_offset)};
    }
  };
  const std::vector<Bucket>& buckets() const { return buckets_; }

 private:
  unsigned R_;
  unsigned width_log_ = 0;
  std::vector<Bucket> buckets_;
  std::vector<std::uint32_t> freq_;
};

}  // namespace transom
