// plan.cpp — candidates by their ideal cost, decided by coding.
// SPDX-License-Identifier: Apache-2.0
#include "transom/plan/plan.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "transom/container/container.hpp"
#include "transom/foreign/released_search.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/pairs.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
namespace {

struct Candidate {
  Code code;
  std::uint64_t ideal_bits;  ///< coded bits of an ideal coder, and the table's
  unsigned rows;             ///< number asked for; 0 for whole values
};

std::uint64_t ideal_bits(const Code& code, const DType& dtype, cost_t cost) {
  return whole_bits(cost) + table_bits(code, dtype);
}

/// The table logs to try, those asked for or all that can hold `least` symbols.
std::vector<unsigned> table_logs(const Codec& c, const PlanOptions& options, std::size_t least) {
  const auto low = std::max(c.min_table_log, static_cast<unsigned>(std::bit_width(least - 1)));
  const auto high = std::max(low, std::min(c.max_table_log, kMaxPlannedTableLog));
  std::vector<unsigned> logs;
  if (!options.table_log) {
    for (unsigned R = low; R <= high; ++R) logs.push_back(R);
    return logs;
  }
  const unsigned R = *options.table_log;
  const std::string takes = std::string(c.name) + " takes " + std::to_string(c.min_table_log) +
                            ".." + std::to_string(c.max_table_log);
  if (R < c.min_table_log || R > c.max_table_log) refuse("encode_best", "table log", R, takes);
  if (R < low) {
    refuse("encode_best", "table log", R,
           "it has fewer slots than the " + std::to_string(least) +
               " symbols of the tensor; take " + std::to_string(low) + " or more");
  }
  return {R};
}

std::vector<Candidate> whole_value_candidates(const Codec& c, const DType& dtype,
                                              std::span<const std::uint32_t> counts,
                                              const PlanOptions& options) {
  std::vector<value_t> starts;
  for (std::size_t v = 0; v < counts.size(); ++v) starts.push_back(static_cast<value_t>(v));
  const std::vector<Row> rows = make_rows(starts, dtype.bits);
  const auto occurring =
      counts.size() - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0u));
  std::vector<Candidate> candidates;
  for (const unsigned R : table_logs(c, options, occurring)) {
    Code code{c.coding, R, options.spread, quantise(counts, R), rows};
    const std::uint64_t bits = ideal_bits(code, dtype, coded_cost(counts, code.freq, R));
    candidates.push_back({std::move(code), bits, 0});
  }
  return candidates;
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

/// The rows of the released search that are not empty, for each table log.
std::vector<Candidate> released_candidates(const Codec& c, const DType& dtype,
                                           std::span<const std::uint32_t> counts,
                                           const PlanOptions& options) {
  if (c.max_rows != kMaxApackRows || c.pairs || options.rows) {
    refuse("encode_best", "search", "released",
           "it is for apack-tans, apack-rans, apack-ac and apack-nrans, with 16 rows; leave "
           "the number of rows away");
  }
  const auto released = foreign::apack::released_search(counts, dtype.bits);
  const auto rows = make_rows(foreign::apack::starts(released.rows, dtype.bits), dtype.bits);
  const std::vector<std::uint32_t> n = row_counts(rows, counts);
  const auto occurring = n.size() - static_cast<std::size_t>(std::count(n.begin(), n.end(), 0u));
  std::vector<Candidate> candidates;
  for (const unsigned R : table_logs(c, options, occurring)) {
    Code code{c.coding, R, options.spread, quantise(n, R), rows};
    const cost_t cost = offset_cost(rows, n) + coded_cost(n, code.freq, R);
    const std::uint64_t bits = ideal_bits(code, dtype, cost);
    candidates.push_back({std::move(code), bits, kMaxApackRows});
  }
  return candidates;
}

std::vector<Candidate> range_candidates(const Codec& c, const DType& dtype,
                                        const RangeSearch& search, const PlanOptions& options) {
  std::vector<Candidate> candidates;
  for (const unsigned R : table_logs(c, options, 1)) {
    std::optional<Candidate> best;
    for (const unsigned k : row_numbers(search.max_rows())) {
      RangeTable table = search.quantised(k, R);
      Code code{c.coding, R, options.spread, std::move(table.freq), std::move(table.rows)};
      const std::uint64_t bits = ideal_bits(code, dtype, table.cost);
      if (!best || bits < best->ideal_bits) best = Candidate{std::move(code), bits, k};
    }
    candidates.push_back(std::move(*best));
  }
  return candidates;
}

/// Ranges as for single symbols, frequencies for the pairs as they lie in the streams.
std::vector<Candidate> pair_candidates(const Codec& c, const Tensor& tensor,
                                       std::span<const std::uint32_t> counts,
                                       const RangeSearch& search, const PlanOptions& options) {
  const StreamLayout layout{static_cast<std::uint32_t>(tensor.values.size()), options.n_streams,
                            options.chunk};
  const std::vector<unsigned> logs = table_logs(c, options, 1);
  std::vector<std::optional<Candidate>> best(logs.size());
  for (unsigned k = 1; k <= search.max_rows(); ++k) {
    const std::vector<Row> rows = search.rows(k);
    if (rows.size() < k) continue;  // the rows of a smaller k
    const PrefixMap prefix(rows, tensor.dtype.bits);
    const auto pairs = pair_histogram(layout, rows.size(),
                                      [&](std::uint32_t i) { return prefix[tensor.values[i]]; });
    const cost_t offsets = offset_cost(rows, row_counts(rows, counts));
    const auto occurring =
        pairs.size() - static_cast<std::size_t>(std::count(pairs.begin(), pairs.end(), 0u));
    for (std::size_t i = 0; i < logs.size(); ++i) {
      const unsigned R = logs[i];
      if (occurring > std::size_t{1} << R) continue;
      Code code{c.coding, R, options.spread, quantise(pairs, R), rows};
      const std::uint64_t bits =
          ideal_bits(code, tensor.dtype, offsets + coded_cost(pairs, code.freq, R));
      if (!best[i] || bits < best[i]->ideal_bits) best[i] = Candidate{std::move(code), bits, k};
    }
  }
  std::vector<Candidate> candidates;
  candidates.reserve(best.size());
  for (auto& candidate : best) candidates.push_back(std::move(*candidate));
  return candidates;
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

CodedTensor encode_best(const Tensor& tensor, const PlanOptions& options) {
  const Codec& c = codec(options.coding);
  require_range("encode_best", "spread", static_cast<unsigned>(options.spread), 0, kSpreads - 1);
  require_range("encode_best", "search", static_cast<unsigned>(options.search), 0, kSearches - 1);
  const auto with = [&](const Code& code) {
    return encode(tensor, code, options.n_streams, options.chunk);
  };
  CodedTensor best = with(raw_code(tensor.dtype));
  if (c.coding == Coding::kRaw || tensor.values.empty()) return best;
  std::size_t best_bytes = record_bytes(best).coded();

  const std::vector<std::uint32_t> counts = histogram(tensor.values, tensor.dtype.bits);
  std::optional<RangeSearch> search;
  std::vector<Candidate> candidates;
  const unsigned rows = max_rows(c, tensor.dtype, options);
  if (options.search == Search::kReleased) {
    candidates = released_candidates(c, tensor.dtype, counts, options);
  } else if (c.max_rows == 0 && tensor.dtype.bits <= 8) {
    candidates = whole_value_candidates(c, tensor.dtype, counts, options);
  } else if (c.pairs) {
    const RangeSearch ranges(counts, tensor.dtype.bits, rows);
    candidates = pair_candidates(c, tensor, counts, ranges, options);
  } else {
    search.emplace(counts, tensor.dtype.bits, rows);
    candidates = range_candidates(c, tensor.dtype, *search, options);
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.ideal_bits < b.ideal_bits; });
  for (Candidate& candidate : candidates) {
    if (candidate.ideal_bits / 8 >= best_bytes) break;
    if (search) {  // boundaries and frequencies together, where they cost less than one by one
      RangeTable table = search->best(candidate.rows, candidate.code.table_log);
      Code code = candidate.code;
      code.freq = std::move(table.freq);
      code.rows = std::move(table.rows);
      if (ideal_bits(code, tensor.dtype, table.cost) < candidate.ideal_bits) {
        candidate.code = std::move(code);
      }
    }
    CodedTensor coded = with(candidate.code);
    const std::size_t bytes = record_bytes(coded).coded();
    if (bytes < best_bytes) {
      best = std::move(coded);
      best_bytes = bytes;
    }
  }
  return best;
}

}  // namespace transom
