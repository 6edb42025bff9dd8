// table.cpp — tables are checked and made; Benford's law in integers.
// SPDX-License-Identifier: Apache-2.0
#include "transom/stack/table.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "transom/base/log2.hpp"
#include "transom/stack/uniform.hpp"

namespace transom::stack {
namespace {

constexpr std::size_t kMaxSymbols = std::size_t{1} << 24;

/// 0 and the sums of the first 1, 2, ... counts; throws if they exceed `most`.
std::vector<std::uint32_t> sums_of(const char* function, std::span<const std::uint32_t> counts,
                                   std::uint32_t most) {
  std::vector<std::uint32_t> sums(1);
  sums.reserve(counts.size() + 1);
  std::uint64_t sum = 0;
  for (const std::uint32_t count : counts) {
    require_range(function, "sum of counts", sum += count, 0, most);
    sums.push_back(static_cast<std::uint32_t>(sum));
  }
  return sums;
}

}  // namespace

SlotError::SlotError(std::uint32_t slot)
    : std::runtime_error("pop: slot " + std::to_string(slot) +
                         " is no symbol's; the message was not made by this codec") {}

Table::Table(std::vector<std::uint32_t> cdf, unsigned precision)
    : cdf_(std::move(cdf)), precision_(precision) {
  require_range("Table", "precision", precision, 0, 31);
  require_range("Table", "number of boundaries", cdf_.size(), 2, kMaxSymbols + 1);
  const auto fall = std::is_sorted_until(cdf_.begin(), cdf_.end());
  if (fall != cdf_.end()) {
    refuse_at("Table", "cdf", static_cast<std::size_t>(fall - cdf_.begin()), *fall,
              "must not be less than the one before it");
  }
  require_range("Table", "the last boundary", cdf_.back(), 0, std::uint64_t{1} << precision);
  const auto guide_log =
      std::min(static_cast<unsigned>(std::bit_width(n_symbols())) + 2, precision);
  shift_ = precision - guide_log;
  guide_.resize((std::size_t{1} << guide_log) + 1);
  Symbol s = 0;
  for (std::size_t i = 0; i < guide_.size(); ++i) {
    while (s + 1 < n_symbols() && cdf_[s + 1] <= std::uint64_t{i} << shift_) ++s;
    guide_[i] = s;
  }
}

Table::Symbol Table::search(Symbol low, Symbol high, std::uint32_t slot) const {
  const auto above = std::upper_bound(cdf_.begin() + low, cdf_.begin() + high + 1, slot);
  return static_cast<Symbol>(above - cdf_.begin()) - 1;
}

Table Table::of_counts(std::span<const std::uint32_t> counts, unsigned precision) {
  require_range("Table::of_counts", "precision", precision, 0, 31);
  return {sums_of("Table::of_counts", counts, std::uint32_t{1} << precision), precision};
}

void Table::refuse_symbol(Symbol symbol) const {
  transom::detail::refuse_range("Table::range_of", "symbol", symbol, 0, n_symbols() - 1);
}

Counts::Counts(std::span<const std::uint32_t> counts)
    : cdf_(sums_of("Counts", counts, std::uint32_t{1} << 31)) {
  require_range("Counts", "sum of counts", cdf_.back(), 1, std::uint32_t{1} << 31);
}

Counts::Symbol Counts::symbol_of(std::uint32_t slot) const {
  const auto above = std::upper_bound(cdf_.begin(), cdf_.end(), slot);
  return static_cast<Symbol>(above - cdf_.begin()) - 1;
}

Table benford_high_bits(unsigned n_bits, unsigned R) {
  require_range("benford_high_bits", "n_bits", n_bits, 1, 12);
  require_range("benford_high_bits", "R", R, n_bits, 24);
  const std::uint64_t n = std::uint64_t{1} << n_bits;
  const unsigned shift = kLogFraction - R;
  std::vector<std::uint32_t> cdf;
  for (std::uint64_t s = 0; s <= n; ++s) {
    const std::uint64_t log = log2_fixed(n + s) - (std::uint64_t{n_bits} << kLogFraction);
    cdf.push_back(static_cast<std::uint32_t>((log + (std::uint64_t{1} << (shift - 1))) >> shift));
  }
  return {std::move(cdf), R};
}

}  // namespace transom::stack
