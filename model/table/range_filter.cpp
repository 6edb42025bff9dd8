// range_filter.cpp — costs of all pairs of boundaries, and the least sums up to them and from them.
// SPDX-License-Identifier: Apache-2.0
#include "transom/table/range_filter.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

#include "transom/base/isa.hpp"
#include "transom/base/precondition.hpp"
#include "transom/table/quantise.hpp"

namespace transom::range_detail {
namespace {

constexpr unsigned kCostBits = 28;         // of a table; three of them and a price fit
constexpr unsigned kMaxBitsPerValue = 17;  // offset bits, and half a bit: n log2(N / n) < 0.54 N
constexpr unsigned kCurveLog = 13;
constexpr std::int32_t kNoPathYet = std::numeric_limits<std::int32_t>::max() / 2;
constexpr unsigned kMaxSecants = 8;

/// n log2(N / n) for n = 0 .. N, rounded down: chords between points of the curve, which is
/// concave.
class Curve {
 public:
  Curve(std::uint32_t n_values, unsigned fraction)
      : step_log_(log_of_step(static_cast<unsigned>(std::bit_width(n_values)))),
        points_((n_values >> step_log_) + 2) {
    constexpr unsigned kLess = 16;  // bits of logarithms that are left out, so that products fit
    const std::uint64_t log_n = log2_fixed(n_values) >> kLess;
    const std::vector<log_t>& logs = quantise_detail::slot_logs();
    for (std::size_t i = 1; i < points_.size(); ++i) {
      const std::uint64_t log_i = ((logs[i] + (log_t{step_log_} << kLogFraction)) >> kLess) + 1;
      const auto bits = static_cast<std::int64_t>(log_n) - static_cast<std::int64_t>(log_i);
      points_[i] = static_cast<std::int32_t>((static_cast<std::int64_t>(i << step_log_) * bits) >>
                                             (kLogFraction - kLess - fraction));
    }
  }
  std::int32_t operator()(std::uint32_t n) const {
    const std::size_t i = n >> step_log_;
    const auto beyond = static_cast<std::int32_t>(n & ((1u << step_log_) - 1));
    return points_[i] + ((points_[i + 1] - points_[i]) * beyond >> step_log_);
  }

 private:
  static unsigned log_of_step(unsigned width) { return width - std::min(width, kCurveLog); }

  unsigned step_log_;
  std::vector<std::int32_t> points_;
};

/// to[i] = min(to[i], row[i] + base).
[[gnu::always_inline]] inline void take_less(std::int32_t* to, const std::int32_t* row,
                                             std::size_t n, std::int32_t base) {
  for (std::size_t i = 0; i < n; ++i) to[i] = std::min(to[i], row[i] + base);
}
/// min(row[i] + from[i]).
[[gnu::always_inline]] inline std::int32_t least_sum(const std::int32_t* from,
                                                     const std::int32_t* row, std::size_t n) {
  std::int32_t least = kNoPathYet;
  for (std::size_t i = 0; i < n; ++i) least = std::min(least, row[i] + from[i]);
  return least;
}
#ifdef TRANSOM_HAS_X86
[[gnu::target("avx2")]] void take_less_avx2(std::int32_t* to, const std::int32_t* row,
                                            std::size_t n, std::int32_t base) {
  take_less(to, row, n, base);
}
[[gnu::target("avx2")]] std::int32_t least_sum_avx2(const std::int32_t* from,
                                                    const std::int32_t* row, std::size_t n) {
  return least_sum(from, row, n);
}
#endif

}  // namespace

RangeFilter::RangeFilter(std::span<const std::uint32_t> cum, std::span<const std::uint32_t> bounds,
                         unsigned max_rows, cost_t per_row)
    : last_(bounds.size() - 1), max_rows_(max_rows) {
  require_range("RangeFilter", "number of values", cum.back(), 1, kMaxFiltered);
  fraction_ = kCostBits - static_cast<unsigned>(std::bit_width(cum.back() * kMaxBitsPerValue));
  per_row_ = static_cast<std::int32_t>(
      std::clamp<cost_t>(per_row >> (kCostFraction - fraction_), 0, 1 << (kCostBits - 1)));
  price_ = per_row_;
  price_rows(cum, bounds);
  // One row, and as many as there can be: between these lies max_rows.
  Path few{{static_cast<std::uint32_t>(last_), 0}, rows_[row(0) + last_]};
  look_from_start();
  Path many = best_path();
  const auto bound_of = [&](const Path& path) {
    return path.cost + per_row_ * path.n_rows() +
           std::int64_t{price_ - per_row_} * (path.n_rows() - max_rows_);
  };
  std::int64_t best_bound = bound_of(many);
  std::int32_t best_price = price_;
  near_best_ = many.n_rows() <= max_rows_ ? many.nodes : few.nodes;
  for (unsigned tries = 0; tries < kMaxSecants && many.n_rows() > max_rows_; ++tries) {
    const std::int64_t price = (few.cost - many.cost) / (many.n_rows() - few.n_rows());
    price_ = static_cast<std::int32_t>(price);
    look_from_start();
    const Path path = best_path();
    if (bound_of(path) > best_bound) {
      best_bound = bound_of(path);
      best_price = price_;
    }
    Path& end = path.n_rows() > max_rows_ ? many : few;
    if (path.n_rows() == end.n_rows()) break;
    end = path;
    near_best_ = few.nodes;
    if (path.n_rows() == max_rows_) break;
  }
  std::reverse(near_best_.begin(), near_best_.end());
  if (price_ != best_price) {
    price_ = best_price;
    look_from_start();
  }
  look_to_end();
}

void RangeFilter::price_rows(std::span<const std::uint32_t> cum,
                             std::span<const std::uint32_t> bounds) {
  const Curve curve(cum.back(), fraction_);
  rows_.resize(last_ * (last_ + 1) / 2);
  std::size_t at = 0;
  for (std::size_t a = 0; a < last_; ++a) {
    const std::uint32_t before = cum[bounds[a]];
    unsigned offset_bits = 0;
    std::uint32_t reach = bounds[a] + 1;
    for (std::size_t b = a + 1; b <= last_; ++b) {
      while (reach < bounds[b]) reach = bounds[a] + (2u << offset_bits++);
      const std::uint32_t n = cum[bounds[b]] - before;
      rows_[at++] = curve(n) + static_cast<std::int32_t>((n * offset_bits) << fraction_);
    }
  }
}

void RangeFilter::look_from_start() {
  from_start_.assign(last_ + 1, kNoPathYet);
  from_start_[0] = 0;
  for (std::size_t a = 0; a < last_; ++a) {
    std::int32_t* const to = from_start_.data() + a + 1;
    const std::int32_t* const of_a = rows_.data() + (row(a) + a + 1);
    const std::int32_t base = from_start_[a] + price_;
#ifdef TRANSOM_HAS_X86
    if (isa() >= Isa::kAvx2) {
      take_less_avx2(to, of_a, last_ - a, base);
      continue;
    }
#endif
    take_less(to, of_a, last_ - a, base);
  }
}

void RangeFilter::look_to_end() {
  to_end_.assign(last_ + 1, 0);
  for (std::size_t a = last_; a-- > 0;) {
    const std::int32_t* const from = to_end_.data() + a + 1;
    const std::int32_t* const of_a = rows_.data() + (row(a) + a + 1);
#ifdef TRANSOM_HAS_X86
    if (isa() >= Isa::kAvx2) {
      to_end_[a] = least_sum_avx2(from, of_a, last_ - a) + price_;
      continue;
    }
#endif
    to_end_[a] = least_sum(from, of_a, last_ - a) + price_;
  }
}

RangeFilter::Path RangeFilter::best_path() const {
  Path path{{static_cast<std::uint32_t>(last_)}, 0};
  for (std::size_t b = last_; b != 0;) {
    std::size_t a = 0;
    while (from_start_[a] + price_ + rows_[row(a) + b] != from_start_[b]) ++a;
    path.nodes.push_back(static_cast<std::uint32_t>(a));
    b = a;
  }
  path.cost = from_start_[last_] - path.n_rows() * price_;
  return path;
}

void RangeFilter::set_limit(cost_t limit) {
  constexpr std::int64_t most = std::int64_t{1} << kCostBits;
  const std::int64_t of_table = std::min((limit >> (kCostFraction - fraction_)) + 1, most);
  limit_ = static_cast<std::int32_t>(
      std::min<std::int64_t>(of_table + std::int64_t{price_ - per_row_} * max_rows_,
                             std::numeric_limits<std::int32_t>::max()));
}

}  // namespace transom::range_detail
