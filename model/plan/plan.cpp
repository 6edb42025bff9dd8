// plan.cpp — candidates by their ideal cost, decided by coding.
// SPDX-License-Identifier: Apache-2.0
#include "transom/plan/plan.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>

#include "transom/foreign/released_search.hpp"
#include "transom/plan/goal.hpp"
#include "transom/plan/word_plan.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/pairs.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/range_filter.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
using namespace plan_detail;
namespace {

constexpr std::uint64_t kNoLimit = UINT64_MAX;
constexpr std::uint32_t kFewValues = 64;  // below, exact ranges are found as fast
constexpr unsigned kBitsPerRow = 8;  // that a table takes for one, or more: a size and a frequency
constexpr cost_t kCostRounding = 1 << 10;  // more than all roundings of a table's ranges

struct Candidate {
  Code code;
  std::uint64_t least;  ///< cost if an ideal coder codes it
  unsigned rows;        ///< asked of RangeSearch::best(); 0 if it is not asked
};

void check_table_log(const Codec& c, std::optional<unsigned> R) {
  if (!R || (*R >= c.min_table_log && *R <= c.max_table_log)) return;
  refuse("encode_best", "table log", *R,
         std::string(c.name) + " takes " + std::to_string(c.min_table_log) + ".." +
             std::to_string(c.max_table_log));
}

/// The table logs to try, those asked for or all that can hold `least` symbols.
std::vector<unsigned> table_logs(const Codec& c, const PlanOptions& options, std::size_t least) {
  const auto low = std::max(c.min_table_log, static_cast<unsigned>(std::bit_width(least - 1)));
  const auto high = std::max(low, std::min(c.max_table_log, options.max_table_log));
  std::vector<unsigned> logs;
  if (!options.table_log) {
    for (unsigned R = low; R <= high; ++R) logs.push_back(R);
    return logs;
  }
  const unsigned R = *options.table_log;
  if (R < low) {
    refuse("encode_best", "table log", R,
           "it has fewer slots than the " + std::to_string(least) +
               " symbols of the tensor; take " + std::to_string(low) + " or more");
  }
  return {R};
}

/// Numbers of rows to try: all up to APack's, then in steps of about a fifth.
std::vector<unsigned> row_numbers(unsigned max_rows) {
  std::vector<unsigned> numbers;
  for (unsigned k = 1; k < max_rows; k += k < kMaxApackRows ? 1 : k / 5) numbers.push_back(k);
  numbers.push_back(max_rows);
  return numbers;
}

/// Offset bits of all values.
cost_t offset_cost(std::span<const Row> rows, std::span<const std::uint32_t> n) {
  cost_t cost = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    cost += cost_of_bits(std::uint64_t{n[i]} * rows[i].offset_bits);
  }
  return cost;
}

/// How many are not 0.
std::size_t occurring(std::span<const std::uint32_t> counts) {
  return counts.size() - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0u));
}

/// These rows, for each table log.
std::vector<Candidate> row_candidates(const Codec& c, const std::vector<Row>& rows,
                                      std::span<const std::uint32_t> counts,
                                      const PlanOptions& options, const Goal& goal) {
  const std::vector<std::uint32_t> n = row_counts(rows, counts);
  const cost_t offsets = offset_cost(rows, n);
  std::vector<Candidate> candidates;
  for (const unsigned R : table_logs(c, options, occurring(n))) {
    Code code{c.coding, R, options.spread, quantise(n, R), rows};
    const std::uint64_t least = goal.least(code, offsets + coded_cost(n, code.freq, R));
    candidates.push_back({std::move(code), least, 0});
  }
  return candidates;
}

/// A row for each value.
std::vector<Row> whole_values(const DType& dtype) {
  std::vector<value_t> starts(std::size_t{1} << dtype.bits);
  std::iota(starts.begin(), starts.end(), value_t{0});
  return make_rows(starts, dtype.bits);
}

/// A row for each exponent that occurs, and one for those between two of them.
std::vector<Row> exponents(const DType& dtype, std::span<const std::uint32_t> counts) {
  const std::size_t size = std::size_t{1} << (dtype.bits - dtype.exponent_bits);
  std::vector<value_t> starts;
  bool was_empty = false;
  for (std::size_t start = 0; start < counts.size(); start += size) {
    const bool empty = occurring(counts.subspan(start, size)) == 0;
    if (!empty || !was_empty) starts.push_back(static_cast<value_t>(start));
    was_empty = empty;
  }
  return make_rows(starts, dtype.bits);
}

/// Of floats, their exponents as rows, where the coding takes as many.
void add_exponents(std::vector<Candidate>& candidates, const Codec& c, const DType& dtype,
                   std::span<const std::uint32_t> counts, unsigned max_rows,
                   const PlanOptions& options, const Goal& goal) {
  if (!dtype.is_float()) return;
  const std::vector<Row> rows = exponents(dtype, counts);
  const std::size_t slots = std::size_t{1} << options.table_log.value_or(c.max_table_log);
  if (rows.size() > max_rows || occurring(row_counts(rows, counts)) > slots) return;
  const auto added = row_candidates(c, rows, counts, options, goal);
  candidates.insert(candidates.end(), added.begin(), added.end());
}

/// The released search's rows.
std::vector<Row> released_rows(const Codec& c, const DType& dtype,
                               std::span<const std::uint32_t> counts, const PlanOptions& options) {
  if (c.max_rows != kMaxApackRows || c.pairs || options.rows) {
    refuse("encode_best", "search", "released",
           "it is for apack-tans, apack-rans, apack-ac and apack-nrans, with 16 rows; leave "
           "the number of rows away");
  }
  const auto released = foreign::apack::released_search(counts, dtype.bits);
  return make_rows(foreign::apack::starts(released.rows, dtype.bits), dtype.bits);
}

/// For each table log, the number of rows that is cheapest with frequencies; those that cannot cost
/// less than `limit` are left out.
std::vector<Candidate> range_candidates(const Codec& c, const RangeSearch& search,
                                        const PlanOptions& options, const Goal& goal,
                                        std::uint64_t limit) {
  std::vector<Candidate> candidates;
  for (const unsigned R : table_logs(c, options, 1)) {
    std::optional<Candidate> best;
    for (const unsigned k : row_numbers(search.max_rows())) {
      const cost_t ideal = search.cost(R < 8 ? std::min(k, 1u << R) : k);
      if (ideal == RangeSearch::kNoTable) continue;
      if (!options.cost) {
        const std::uint64_t at_least = whole_bits(std::max<cost_t>(ideal - kCostRounding, 0));
        if (at_least + goal.beside(c.coding, R) >= limit) continue;
        if (best && at_least >= best->least) continue;
      }
      RangeTable table = search.quantised(k, R);
      Code code{c.coding, R, options.spread, std::move(table.freq), std::move(table.rows)};
      const std::uint64_t least = goal.least(code, table.cost);
      if (!best || least < best->least) best = Candidate{std::move(code), least, k};
    }
    if (best) candidates.push_back(std::move(*best));
  }
  return candidates;
}

/// Ranges are searched below what a tensor will surely cost: what a table near the best does, and
/// what streams usually take beyond.
class LikelyLimit {
 public:
  LikelyLimit(const Codec& c, std::span<const std::uint32_t> counts, const PlanOptions& options,
              const Goal& goal, std::uint64_t best)
      : codec_(c), counts_(counts), options_(options), goal_(goal), bits_(best) {}

  /// The limit of all tables, given one.
  cost_t of_tables(const std::vector<Row>& near) {
    const std::size_t slots = std::size_t{1} << options_.table_log.value_or(codec_.max_table_log);
    if (occurring(row_counts(near, counts_)) > slots) return cost_of_bits(bits_);
    const auto candidates = row_candidates(codec_, near, counts_, options_, goal_);
    const auto in_all = [&](const Candidate& candidate) {
      return candidate.least + goal_.beside(codec_.coding, candidate.code.table_log);
    };
    std::uint64_t least = UINT64_MAX;
    for (const Candidate& candidate : candidates) least = std::min(least, in_all(candidate));
    const unsigned words = counts_words(codec_.coding) ? 1 : 2;  // of a stream
    bits_ = std::min(
        bits_, least + least / 1024 + std::uint64_t{goal_.layout().n_streams} * words * kWordBits);
    std::uint64_t beside = 0;  // the least of those that can be below
    for (const Candidate& candidate : candidates) {
      if (in_all(candidate) >= bits_) continue;
      beside = goal_.beside(codec_.coding, candidate.code.table_log);
      break;
    }
    return cost_of_bits(bits_ - std::min(bits_, beside));
  }
  /// What the tensor must not cost more than, if that is to hold.
  std::uint64_t bits() const { return bits_; }

 private:
  const Codec& codec_;
  std::span<const std::uint32_t> counts_;
  const PlanOptions& options_;
  const Goal& goal_;
  std::uint64_t bits_;
};

/// Ranges as for single symbols, frequencies for the pairs as they lie in the streams.
std::vector<Candidate> pair_candidates(const Codec& c, const TensorView& tensor,
                                       std::span<const std::uint32_t> counts,
                                       const RangeSearch& search, const PlanOptions& options,
                                       const Goal& goal) {
  const StreamLayout layout{static_cast<std::uint32_t>(tensor.n_values()), options.n_streams,
                            options.chunk};
  const std::vector<unsigned> logs = table_logs(c, options, 1);
  std::vector<std::optional<Candidate>> best(logs.size());
  for (unsigned k = 1; k <= search.max_rows(); ++k) {
    const std::vector<Row> rows = search.rows(k);
    if (rows.size() < k) continue;  // the rows of a smaller k
    const PrefixMap prefix(rows, tensor.dtype.bits);
    const auto count = [&](const auto& values) {
      return pair_histogram(layout, rows.size(),
                            [&](std::uint32_t i) { return prefix[values[i]]; });
    };
    const auto pairs = std::visit(count, tensor.values);
    const cost_t offsets = offset_cost(rows, row_counts(rows, counts));
    const std::size_t n_pairs = occurring(pairs);
    for (std::size_t i = 0; i < logs.size(); ++i) {
      const unsigned R = logs[i];
      if (n_pairs > std::size_t{1} << R) continue;
      Code code{c.coding, R, options.spread, quantise(pairs, R), rows};
      const std::uint64_t least = goal.least(code, offsets + coded_cost(pairs, code.freq, R));
      if (!best[i] || least < best[i]->least) best[i] = Candidate{std::move(code), least, 0};
    }
  }
  std::vector<Candidate> candidates;
  candidates.reserve(best.size());
  for (auto& candidate : best) candidates.push_back(std::move(*candidate));
  return candidates;
}

/// Tries the candidates, cheapest ideal first, while they can be better than the best.
/// @param search where their rows come from, if it has better ones for them
void consider_all(std::vector<Candidate> candidates, const Goal& goal, Best& best,
                  const RangeSearch* search = nullptr) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.least < b.least; });
  for (Candidate& candidate : candidates) {
    Code& code = candidate.code;
    if (candidate.least + goal.beside(code.coding, code.table_log) >= best.cost()) continue;
    if (candidate.rows != 0) {
      // Boundaries and frequencies together, where they cost less than one by one.
      RangeTable table = search->best(candidate.rows, code.table_log);
      Code joint = code;
      joint.freq = std::move(table.freq);
      joint.rows = std::move(table.rows);
      const std::uint64_t least = goal.least(joint, table.cost);
      if (least < candidate.least) {
        code = std::move(joint);
        candidate.least = least;
      }
    }
    best.consider(code, candidate.least);
  }
}

unsigned max_rows(const Codec& c, const DType& dtype, const PlanOptions& options) {
  const unsigned most = c.max_rows != 0 ? c.max_rows : kMaxAlphabet;
  if (options.rows && (*options.rows < 1 || *options.rows > most)) {
    refuse("encode_best", "rows", *options.rows,
           std::string(c.name) + " takes 1.." + std::to_string(most));
  }
  return std::min({most, options.rows.value_or(most), 1u << dtype.bits});
}

}  // namespace

Code one_row_for_lane(Coding coding, const DType& dtype) {
  if (coding == Coding::kTans) return one_row_code(Coding::kApackTans, dtype);
  return one_row_code(coding == Coding::kRans ? Coding::kApackRans : coding, dtype);
}

PlanSizes plan_sizes(const CodedTensor& tensor) {
  PlanSizes sizes{.table_log = tensor.code.table_log,
                  .spread = tensor.code.spread,
                  .n_rows = tensor.code.rows.size(),
                  .n_values = tensor.layout().n_values,
                  .n_streams = static_cast<std::uint32_t>(tensor.streams.size())};
  for (const StreamWords& stream : tensor.streams) {
    for (const std::size_t n : {stream.symbols.size(), stream.offsets.size()}) {
      sizes.n_sequences += n != 0;
      sizes.n_words += n;
    }
  }
  return sizes;
}

namespace {

/// Throws for what no tensor can be coded in.
void check_options(const PlanOptions& options) {
  codec(options.coding);
  require_range("encode_best", "spread", static_cast<unsigned>(options.spread), 0, kSpreads - 1);
  require_range("encode_best", "search", static_cast<unsigned>(options.search), 0, kSearches - 1);
}

/// All codes that may be the best of values with these counts.
/// @param tensor may be nullptr but for pairs
void consider_codes(const Codec& c, const DType& dtype, std::span<const std::uint32_t> counts,
                    const TensorView* tensor, const PlanOptions& options, const Goal& goal,
                    Best& best) {
  const unsigned rows = max_rows(c, dtype, options);
  if (options.search == Search::kReleased) {
    const std::vector<Row> released = released_rows(c, dtype, counts, options);
    consider_all(row_candidates(c, released, counts, options, goal), goal, best);
  } else if (codes_whole_values(c.coding, dtype)) {
    consider_all(row_candidates(c, whole_values(dtype), counts, options, goal), goal, best);
  } else if (c.pairs) {
    const RangeSearch ranges(counts, dtype.bits, rows);
    consider_all(pair_candidates(c, *tensor, counts, ranges, options, goal), goal, best);
  } else {
    const auto consider_ranges = [&](const RangeSearch& search, std::uint64_t limit) {
      std::vector<Candidate> candidates = range_candidates(c, search, options, goal, limit);
      add_exponents(candidates, c, dtype, counts, rows, options, goal);
      consider_all(std::move(candidates), goal, best, &search);
    };
    // Under a limit; if what comes out is above it, that left too much out.
    LikelyLimit limit(c, counts, options, goal, best.cost());
    TableLimit of_tables{cost_of_bits(kBitsPerRow), {}};
    if (!options.cost) {
      of_tables.of = [&](const std::vector<Row>& near) { return limit.of_tables(near); };
    }
    const RangeSearch search(counts, dtype.bits, rows, of_tables);
    consider_ranges(search, options.cost ? kNoLimit : limit.bits());
    if (best.cost() > limit.bits()) {
      consider_ranges(RangeSearch(counts, dtype.bits, rows), kNoLimit);
    }
  }
}

/// Whether plan_words() plans for it.
bool plans_words(const Codec& c, const TensorView& tensor, const PlanOptions& options) {
  return counts_words(c.coding) && c.max_rows == kMaxApackRows && !tensor.dtype.is_float() &&
         options.search == Search::kWords && !options.cost && tensor.n_values() >= kFewValues &&
         tensor.n_values() <= range_detail::kMaxFiltered;
}

}  // namespace

CodedTensor encode_best(const TensorView& tensor, const PlanOptions& options) {
  check_options(options);
  const Codec& c = codec(options.coding);
  const Code fallback =
      options.cost ? one_row_for_lane(c.coding, tensor.dtype) : raw_code(tensor.dtype);
  check_encode(tensor, fallback, options.n_streams, options.chunk);
  if (c.coding == Coding::kRaw || tensor.n_values() == 0) {
    return encode(tensor, fallback, options.n_streams, options.chunk);
  }
  check_table_log(c, options.table_log);
  const Goal goal(tensor.dtype, tensor.shape.size(), tensor.n_values(), options);
  Best best(&tensor, options, goal);
  best.consider(fallback, 0);
  if (plans_words(c, tensor, options)) {
    const std::vector<unsigned> logs = table_logs(c, options, 1);
    const auto code = plan_words(c.coding, tensor, goal.layout(),
                                 {.least_log = logs.front(),
                                  .most_log = logs.back(),
                                  .max_rows = max_rows(c, tensor.dtype, options),
                                  .spread = options.spread});
    if (code) {
      best.code_if_less(*code);
      return best.take();
    }
  }
  const std::vector<std::uint32_t> counts = histogram(tensor.values, tensor.dtype.bits);
  consider_codes(c, tensor.dtype, counts, &tensor, options, goal, best);
  return best.take();
}

Code best_code(const DType& dtype, std::size_t n_dims, std::span<const std::uint32_t> counts,
               const PlanOptions& options) {
  check_options(options);
  const Codec& c = codec(options.coding);
  dtype.check();
  require_range("best_code", "number of counts", counts.size(), std::size_t{1} << dtype.bits,
                std::size_t{1} << dtype.bits);
  std::uint64_t n_values = 0;
  for (const std::uint32_t n : counts) n_values += n;
  require_range("best_code", "sum of the counts", n_values, 0, UINT32_MAX);
  if (c.pairs) refuse("best_code", "coding", c.name, "is planned from the values alone");
  if (options.cost) refuse("best_code", "cost", "given", "is planned from the values alone");
  Code raw = raw_code(dtype);
  if (c.coding == Coding::kRaw || n_values == 0) return raw;
  check_table_log(c, options.table_log);
  const Goal goal(dtype, n_dims, n_values, options);
  Best best(nullptr, options, goal);
  best.consider(raw, 0);
  consider_codes(c, dtype, counts, nullptr, options, goal, best);
  return best.code();
}

}  // namespace transom
