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
constexpr unsigned kMaxPasses = 8;
constexpr std::size_t kStep = 8;  // pairs that are looked at together

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
  /// costs[i] = the curve at n = to[i] - from, and n each[i].
  [[gnu::always_inline]] inline void price(const std::uint32_t* to, std::size_t n_to,
                                           std::uint32_t from, const std::int32_t* each,
                                           std::int32_t* __restrict costs) const {
    const std::int32_t* const points = points_.data();
    if (step_log_ == 0) {
      for (std::size_t i = 0; i < n_to; ++i) {
        const auto n = static_cast<std::int32_t>(to[i] - from);
        costs[i] = points[n] + n * each[i];
      }
      return;
    }
    const unsigned step_log = step_log_;
    const std::int32_t mask = (std::int32_t{1} << step_log) - 1;
    for (std::size_t i = 0; i < n_to; ++i) {
      const auto n = static_cast<std::int32_t>(to[i] - from);
      const std::int32_t at = n >> step_log, here = points[at];
      costs[i] = here + ((points[at + 1] - here) * (n & mask) >> step_log) + n * each[i];
    }
  }

 private:
  static unsigned log_of_step(unsigned width) { return width - std::min(width, kCurveLog); }

  unsigned step_log_;
  std::vector<std::int32_t> points_;
};

/// So many pairs, and what fills the last step up.
constexpr std::size_t pairs_of(std::size_t n) { return (n + kStep - 1) & ~(kStep - 1); }

/// Passes over pairs, a whole number of steps for each a.
struct Pass {
  std::int32_t* const* pairs;
  std::size_t last;
  std::int32_t price;

  [[gnu::always_inline]] inline void from_start(std::int32_t* from_start) const {
    for (std::size_t a = 0; a < last; ++a) {
      std::int32_t* __restrict const to = from_start + a + 1;
      const std::int32_t* const of_a = pairs[a];
      const std::int32_t base = from_start[a] + price;
      const std::size_t n = pairs_of(last - a);
      for (std::size_t i = 0; i < n; ++i) to[i] = std::min(to[i], of_a[i] + base);
    }
  }
  [[gnu::always_inline]] inline void to_end(std::int32_t* to_end) const {
    for (std::size_t a = last; a-- > 0;) {
      const std::int32_t* const from = to_end + a + 1;
      const std::int32_t* const of_a = pairs[a];
      std::int32_t least = kNoPathYet;
      const std::size_t n = pairs_of(last - a);
      for (std::size_t i = 0; i < n; ++i) least = std::min(least, of_a[i] + from[i]);
      to_end[a] = least + price;
    }
  }
};
#ifdef TRANSOM_HAS_X86
[[gnu::target("avx2")]] void price_avx2(const Curve& curve, const std::uint32_t* to,
                                        std::size_t n_to, std::uint32_t from,
                                        const std::int32_t* each, std::int32_t* costs) {
  curve.price(to, n_to, from, each, costs);
}
[[gnu::target("avx2")]] void from_start_avx2(const Pass& pass, std::int32_t* from_start) {
  pass.from_start(from_start);
}
[[gnu::target("avx2")]] void to_end_avx2(const Pass& pass, std::int32_t* to_end) {
  pass.to_end(to_end);
}
#endif

/// The price of so many rows, where another one leads to too many: fine rows save about the square
/// of their number, one more of them the cube.
std::int64_t guess_price(std::int64_t price, std::int64_t n_rows, std::int64_t wanted) {
  return price * n_rows / wanted * n_rows / wanted * n_rows / wanted;
}

/// Offset bits of ranges from one boundary to those behind it, in units of 2^-fraction bit.
void price_offsets(std::span<const std::uint32_t> bounds, std::size_t a, unsigned fraction,
                   std::int32_t* each) {
  std::uint32_t reach = bounds[a] + 1;
  unsigned offset_bits = 0;
  for (std::size_t b = a + 1; b < bounds.size(); ++b) {
    while (reach < bounds[b]) reach = bounds[a] + (2u << offset_bits++);
    *each++ = static_cast<std::int32_t>(offset_bits << fraction);
  }
}

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
  Path few{{static_cast<std::uint32_t>(last_), 0}, pair(0, last_)};
  look_from_start();
  Path many = best_path();
  const auto bound_of = [&](const Path& path) {
    return path.cost + per_row_ * path.n_rows() +
           std::int64_t{price_ - per_row_} * (path.n_rows() - max_rows_);
  };
  std::int64_t best_bound = bound_of(many);
  std::int32_t best_price = price_;
  bool guess = price_ != 0;
  for (unsigned tries = 0; tries < kMaxPasses && many.n_rows() > max_rows_; ++tries) {
    std::int64_t price = (few.cost - many.cost) / (many.n_rows() - few.n_rows());
    if (guess) price = std::min(price, guess_price(price_, many.n_rows(), max_rows_));
    price_ = static_cast<std::int32_t>(price);
    look_from_start();
    const Path path = best_path();
    if (bound_of(path) > best_bound) {
      best_bound = bound_of(path);
      best_price = price_;
    }
    Path& end = path.n_rows() > max_rows_ ? many : few;
    const bool same = path.n_rows() == end.n_rows();
    if (same && !guess) break;
    guess = guess && !same && path.n_rows() > max_rows_;
    end = path;
    if (path.n_rows() == max_rows_) break;
  }
  best_price_ = best_price;
  const auto whole_cost = [&](const Path& path) { return path.cost + per_row_ * path.n_rows(); };
  const Path merged = with_rows_merged(many);
  near_best_ =
      many.n_rows() <= max_rows_ || whole_cost(merged) < whole_cost(few) ? merged.nodes : few.nodes;
  std::reverse(near_best_.begin(), near_best_.end());
}

/// At most max_rows rows: two neighbours become one, those that lose the least.
RangeFilter::Path RangeFilter::with_rows_merged(Path path) const {
  while (path.n_rows() > max_rows_) {
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::size_t where = 0;
    for (std::size_t i = 1; i + 1 < path.nodes.size(); ++i) {
      const std::uint32_t b = path.nodes[i - 1], middle = path.nodes[i], a = path.nodes[i + 1];
      const std::int64_t loss = std::int64_t{pair(a, b)} - pair(a, middle) - pair(middle, b);
      if (loss >= least) continue;
      least = loss;
      where = i;
    }
    path.cost += least;
    path.nodes.erase(path.nodes.begin() + static_cast<std::ptrdiff_t>(where));
  }
  return path;
}

void RangeFilter::price_rows(std::span<const std::uint32_t> cum,
                             std::span<const std::uint32_t> bounds) {
  const Curve curve(cum.back(), fraction_);
  std::vector<std::uint32_t> below(bounds.size() + kStep, cum.back());
  std::transform(bounds.begin(), bounds.end(), below.begin(),
                 [&](std::uint32_t bound) { return cum[bound]; });
  std::size_t n = 0;
  for (std::size_t a = 0; a < last_; ++a) n += pairs_of(last_ - a);
  rows_ = std::make_unique_for_overwrite<std::int32_t[]>(n);
  pairs_.resize(last_);
  std::vector<std::int32_t> each(bounds.size() + kStep);
  const bool every = bounds[last_] == last_;  // value: sizes are the same for all
  std::int32_t* costs = rows_.get();
  const Isa has = isa();
  for (std::size_t a = 0; a < last_; ++a) {
    pairs_[a] = costs;
    if (a == 0 || !every) price_offsets(bounds, a, fraction_, each.data());
#ifdef TRANSOM_HAS_X86
    if (has >= Isa::kAvx2) {
      price_avx2(curve, &below[a + 1], pairs_of(last_ - a), below[a], each.data(), costs);
    } else
#endif
      curve.price(&below[a + 1], pairs_of(last_ - a), below[a], each.data(), costs);
    std::fill(costs + (last_ - a), costs + pairs_of(last_ - a), kNoPathYet);
    costs += pairs_of(last_ - a);
  }
}

void RangeFilter::look_from_start() {
  from_start_.assign(last_ + 1 + kStep, kNoPathYet);
  from_start_[0] = 0;
  const Pass pass{pairs_.data(), last_, price_};
#ifdef TRANSOM_HAS_X86
  if (isa() >= Isa::kAvx2) return from_start_avx2(pass, from_start_.data());
#endif
  pass.from_start(from_start_.data());
}

void RangeFilter::look_to_end() {
  to_end_.assign(last_ + 1 + kStep, 0);
  const Pass pass{pairs_.data(), last_, price_};
#ifdef TRANSOM_HAS_X86
  if (isa() >= Isa::kAvx2) return to_end_avx2(pass, to_end_.data());
#endif
  pass.to_end(to_end_.data());
}

RangeFilter::Path RangeFilter::best_path() const {
  Path path{{static_cast<std::uint32_t>(last_)}, 0};
  for (std::size_t b = last_; b != 0;) {
    std::size_t a = b - 1;  // ranges are short
    while (from_start_[a] + price_ + pair(a, b) != from_start_[b]) --a;
    path.nodes.push_back(static_cast<std::uint32_t>(a));
    b = a;
  }
  path.cost = from_start_[last_] - path.n_rows() * price_;
  return path;
}

void RangeFilter::set_limit(cost_t limit) {
  if (price_ != best_price_) {
    price_ = best_price_;
    look_from_start();
  }
  look_to_end();
  constexpr std::int64_t most = std::int64_t{1} << kCostBits;
  const std::int64_t of_table = std::min((limit >> (kCostFraction - fraction_)) + 1, most);
  limit_ = static_cast<std::int32_t>(
      std::min<std::int64_t>(of_table + std::int64_t{price_ - per_row_} * max_rows_,
                             std::numeric_limits<std::int32_t>::max()));
}

}  // namespace transom::range_detail
