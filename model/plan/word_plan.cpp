// word_plan.cpp — see word_plan.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/plan/word_plan.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "transom/container/table_code.hpp"
#include "transom/plan/stream_counts.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise_few.hpp"
#include "transom/table/range_bounds.hpp"
#include "transom/table/range_near.hpp"
#include "transom/table/ranges.hpp"

namespace transom::plan_detail {
namespace {

constexpr unsigned kMaxRows = kMaxApackRows;
constexpr unsigned kFraction = 16;           // bits below the point of bits
constexpr cost_t kPerRow = cost_of_bits(7);  // that a row takes in a table, or more
constexpr std::size_t kTables = 2;           // that are improved
constexpr unsigned kFewSlotsLog = 5;
constexpr unsigned kMaxSweeps = 2;
constexpr std::array<std::int32_t, 10> kShifts{1, -1, 2, -2, 3, -3, 4, -4, 8, -8};

/// Bits of streams: of symbols by kFraction, of offsets whole ones.
struct StreamBits {
  std::array<std::uint64_t, kMostApart> symbols{};
  std::array<std::uint64_t, kMostApart> offsets{};
};

struct Table {
  unsigned n_rows = 0;
  unsigned R = 0;
  std::array<std::uint32_t, kMaxRows + 1> place{};  ///< where rows begin; the last place
  std::array<std::uint32_t, kMaxRows> freq{};
  StreamBits streams;
  std::uint64_t bits = 0;  ///< of itself
  std::uint64_t cost = UINT64_MAX;
};

/// A row of a table.
struct RowAt {
  std::uint32_t from, to;  ///< places
  std::uint32_t freq;
};

class WordPlan {
 public:
  WordPlan(const StreamCounts& counts, unsigned value_bits, std::uint32_t n_streams)
      : counts_(counts),
        n_patterns_(std::uint32_t{1} << value_bits),
        n_states_(n_streams),
        logs_(quantise_detail::slot_logs().data()) {}

  /// The table of these rows with 2^R slots; false if they are too few.
  bool make(Table& table, unsigned R) const {
    std::array<std::uint32_t, kMaxRows> n{};
    for (unsigned i = 0; i < table.n_rows; ++i) n[i] = values_in(row(table, i));
    if (!quantise_few(std::span(n).first(table.n_rows), R, table.freq)) return false;
    table.R = R;
    table.streams = {};
    for (unsigned i = 0; i < table.n_rows; ++i) add<1>(table, row(table, i), table.streams);
    table.bits = table_bits(table);
    table.cost = cost(table);
    return true;
  }

  void improve(Table& best) const {
    merge(best);
    for (unsigned sweep = 0; sweep < kMaxSweeps; ++sweep) {
      const std::uint64_t before = best.cost;
      for (unsigned i = 1; i < best.n_rows; ++i) improve_at(best, i);
      if (best.cost == before) break;
    }
  }

 private:
  RowAt row(const Table& table, unsigned i) const {
    return {table.place[i], table.place[i + 1], table.freq[i]};
  }
  std::uint32_t values_in(const RowAt& row) const {
    return counts_.total()[row.to] - counts_.total()[row.from];
  }
  std::uint32_t size(const RowAt& row) const {
    return counts_.bound(row.to) - counts_.bound(row.from);
  }
  /// Bits of a value in a row of f slots, and what tANS loses of it: as measured, a sixteenth of
  /// the square of rows per slot and a 256th of that.
  std::uint32_t bits_of(const Table& table, std::uint32_t f) const {
    if (f == 0) return 0;
    const std::uint32_t k = table.n_rows;
    const std::uint32_t loss =
        ((k * k << (kFraction - 4)) >> 2 * table.R) + ((k << (kFraction - 8)) >> table.R);
    return (table.R << kFraction) + loss -
           static_cast<std::uint32_t>(logs_[f] >> (kLogFraction - kFraction));
  }
  /// Adds a row to what streams hold, or takes it from that.
  template <int kSign>
  void add(const Table& table, const RowAt& row, StreamBits& to) const {
    const std::uint32_t* const low = counts_.below(row.from);
    const std::uint32_t* const high = counts_.below(row.to);
    const std::uint32_t bits = bits_of(table, row.freq);
    const std::uint32_t offset_bits = offset_bits_of(size(row));
    for (unsigned first = 0; first < counts_.lanes(); first += kLanes) {
      for (unsigned s = first; s < first + kLanes; ++s) {
        const std::uint32_t n = high[s] - low[s];
        const std::uint64_t symbols = std::uint64_t{n} * bits,
                            offsets = std::uint64_t{n} * offset_bits;
        to.symbols[s] = kSign > 0 ? to.symbols[s] + symbols : to.symbols[s] - symbols;
        to.offsets[s] = kSign > 0 ? to.offsets[s] + offsets : to.offsets[s] - offsets;
      }
    }
  }

  std::uint64_t table_bits(const Table& table) const {
    std::array<std::uint32_t, kMaxRows> sizes{};
    for (unsigned i = 0; i < table.n_rows; ++i) sizes[i] = size(row(table, i));
    return 8 + parts_bits(std::span(sizes).first(table.n_rows), n_patterns_, 1) +
           parts_bits(std::span(table.freq).first(table.n_rows), std::uint32_t{1} << table.R, 0);
  }
  /// Of these, those of rows i - 1 .. i + 1: the others depend on none but themselves and on how
  /// many slots rows i - 1 and i have together.
  /// @param slots of the rows from i - 1 on
  unsigned bits_around(const Table& table, unsigned i, std::uint32_t slots) const {
    AdaptiveOrder of_sizes, of_slots;
    if (i >= 2) {
      of_sizes.saw(size(row(table, i - 2)));
      of_slots.saw(table.freq[i - 2]);
    }
    unsigned bits = 0;
    for (unsigned j = i - 1; j <= i + 1 && j + 1 < table.n_rows; ++j) {
      const std::uint32_t n = size(row(table, j)), f = table.freq[j];
      bits += exp_golomb_bits(n - 1, of_sizes.k());
      of_sizes.saw(n);
      if (slots == 0) continue;
      bits += exp_golomb_bits(f, of_slots.k());
      of_slots.saw(f);
      slots -= f;
    }
    return bits;
  }

  /// Words, for as many the smaller R, for the same one bits; of more streams than are told apart,
  /// bits.
  std::uint64_t cost(const Table& table) const {
    const StreamBits& streams = table.streams;
    // A last state has R bits; half a bit of them says something of the values.
    const std::uint64_t state =
        table.R == 0 ? 0 : (std::uint64_t{table.R} << kFraction) - (1u << (kFraction - 1));
    constexpr unsigned kWordLog = kFraction + 5;
    static_assert(kWordBits == 32);
    std::uint64_t words = (table.bits + kWordBits - 1) / kWordBits, symbols = 0, offsets = 0;
    for (unsigned s = 0; s < counts_.n_apart(); ++s) {
      symbols += streams.symbols[s];
      offsets += streams.offsets[s];
      words += (streams.symbols[s] + state + (1u << kWordLog) - 1) >> kWordLog;
      words += (streams.offsets[s] + kWordBits - 1) / kWordBits;
    }
    const std::uint64_t bits = table.bits + ((symbols + n_states_ * state) >> kFraction) + offsets;
    if (n_states_ > counts_.n_apart()) return bits;
    constexpr std::uint64_t kMostBits = (std::uint64_t{1} << 28) - 1;
    return words << 32 | std::uint64_t{table.R} << 28 | std::min(bits, kMostBits);
  }

  /// Takes two rows as one where that costs less.
  void merge(Table& best) const {
    for (unsigned i = 1; i < best.n_rows;) {
      Table merged = best;
      std::copy(best.place.begin() + i + 1, best.place.end(), merged.place.begin() + i);
      --merged.n_rows;
      if (make(merged, best.R) && merged.cost < best.cost) {
        best = merged;
      } else {
        ++i;
      }
    }
  }

  /// Between rows i - 1 and i: moves the boundary, gives slots from one to the other.
  void improve_at(Table& best, unsigned i) const {
    StreamBits others = best.streams;
    add<-1>(best, row(best, i - 1), others);
    add<-1>(best, row(best, i), others);
    const std::uint32_t slots = best.freq[i - 1] + best.freq[i];
    const std::uint32_t slots_from =
        std::accumulate(best.freq.begin() + (i - 1), best.freq.begin() + best.n_rows, 0u);
    const std::uint64_t other_bits = best.bits - bits_around(best, i, slots_from);
    Table trial = best;
    const auto attempt = [&](std::uint32_t place, std::uint32_t low_slots) {
      trial.place[i] = place;
      trial.freq[i - 1] = low_slots;
      trial.freq[i] = slots - low_slots;
      trial.streams = others;
      add<1>(trial, row(trial, i - 1), trial.streams);
      add<1>(trial, row(trial, i), trial.streams);
      trial.bits = other_bits + bits_around(trial, i, slots_from);
      trial.cost = cost(trial);
      if (trial.cost < best.cost) best = trial;
    };
    for (const std::int32_t by : kShifts) {
      const std::int64_t to = std::int64_t{best.place[i]} + by;
      if (to <= best.place[i - 1] || to >= best.place[i + 1]) continue;
      const auto place = static_cast<std::uint32_t>(to);
      const std::uint64_t low = values_in({best.place[i - 1], place, 0});
      const std::uint64_t high = values_in({place, best.place[i + 1], 0});
      if (low + high == 0 || slots < std::uint32_t{low != 0} + (high != 0)) continue;
      const std::uint64_t share = (2 * slots * low + low + high) / (2 * (low + high));
      attempt(place, static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
                         share, low != 0, slots - std::uint64_t{high != 0})));
    }
    const std::uint32_t low_slots = best.freq[i - 1];
    if (low_slots != 0 && low_slots != slots) {
      if (low_slots > 1) attempt(best.place[i], low_slots - 1);
      if (low_slots + 1 < slots) attempt(best.place[i], low_slots + 1);
    }
  }

  const StreamCounts& counts_;
  std::uint32_t n_patterns_;
  std::uint64_t n_states_;
  const log_t* logs_;
};

/// Places around the boundaries of rows, and these.
std::vector<std::uint32_t> places_around(std::span<const Row> rows, std::uint32_t end) {
  constexpr std::uint32_t kSteps = 6;  // to each side
  std::vector<std::uint32_t> places{0, end};
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::uint32_t low = rows[i - 1].vmin, at = rows[i].vmin;
    const std::uint32_t high = i + 1 < rows.size() ? rows[i + 1].vmin : end;
    const std::uint32_t step = std::max((high - low) / 128, 1u);
    for (std::uint32_t by = 0; by <= kSteps * step; by += step) {
      if (by < at - low) places.push_back(at - by);
      if (by < high - at) places.push_back(at + by);
    }
  }
  static_assert(2 + (kMaxRows - 1) * (1 + 2 * kSteps) <= kMaxPlaces);
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

/// The cheapest table from these rows.
Table plan_from(std::span<const Row> rows, const StreamCounts& counts, const WordPlan& plan,
                const WordPlanOptions& options) {
  Table start;
  start.n_rows = static_cast<unsigned>(rows.size());
  std::transform(rows.begin(), rows.end(), start.place.begin(),
                 [&](const Row& row) { return counts.place_of(row.vmin); });
  start.place[start.n_rows] = counts.last();
  std::vector<Table> tables;
  for (unsigned R = options.least_log; R <= options.most_log; ++R) {
    Table table = start;
    if (plan.make(table, R)) tables.push_back(table);
  }
  const auto costs_less = [](const Table& a, const Table& b) { return a.cost < b.cost; };
  const std::size_t n = std::min(tables.size(), kTables);
  std::partial_sort(tables.begin(), tables.begin() + static_cast<std::ptrdiff_t>(n), tables.end(),
                    costs_less);
  tables.resize(n);
  for (Table& table : tables) plan.improve(table);
  tables.emplace_back();  // costs more than any
  return *std::min_element(tables.begin(), tables.end(), costs_less);
}

}  // namespace

std::optional<Code> plan_words(Coding coding, const TensorView& tensor, const StreamLayout& layout,
                               const WordPlanOptions& options) {
  using namespace range_detail;
  const unsigned W = tensor.dtype.bits;
  const std::uint32_t n_patterns = std::uint32_t{1} << W;
  const bool every = n_patterns < kMaxPlaces;  // value is a place
  std::optional<StreamCounts> counts;
  std::vector<std::uint32_t> cum;
  if (every) {
    counts.emplace(tensor, layout, candidate_bounds({}, W, kMaxPlaces));
  } else {
    cum = cumulate(histogram(tensor.values, W));
  }
  Table best;
  // Where slots are few, fewer rows than these may do better.
  const unsigned most = std::min(options.max_rows, 1u << options.most_log);
  for (unsigned rows = options.most_log > kFewSlotsLog ? most : 1; rows <= most; ++rows) {
    const auto near = near_best_rows(every ? counts->total() : cum, W, rows, kPerRow);
    if (!every) counts.emplace(tensor, layout, places_around(near, n_patterns));
    const Table table = plan_from(near, *counts, WordPlan(*counts, W, layout.n_streams), options);
    if (table.cost >= best.cost) continue;
    best = table;
    for (unsigned i = 0; i < best.n_rows; ++i) best.place[i] = counts->bound(best.place[i]);
  }
  if (best.n_rows == 0) return std::nullopt;
  const std::vector<value_t> starts(best.place.begin(), best.place.begin() + best.n_rows);
  return Code{coding,
              best.R,
              options.spread,
              {best.freq.begin(), best.freq.begin() + best.n_rows},
              make_rows(starts, W)};
}

}  // namespace transom::plan_detail
