// tans_py.cpp — the Python tANS over tans.hpp's tables and steps.
//
// Compiled without contraction of multiply and add: the precise spread's keys are binary64 results
// of single operations.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/tans_py.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "transom/base/bits.hpp"
#include "transom/foreign/bit_order.hpp"

namespace transom::foreign::tans_py {
namespace {

constexpr unsigned kMaxCorrections = 1000;  ///< ANS_py gives up at this number

void check_counts(std::span<const std::uint32_t> counts) {
  require_range("tans_py", "number of counts", counts.size(), 2, kMaxAlphabet);
  const auto zero = std::find(counts.begin(), counts.end(), 0u);
  if (zero != counts.end()) {
    refuse_at("tans_py", "counts", static_cast<std::size_t>(zero - counts.begin()), *zero,
              "must be at least 1");
  }
  const auto L = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (!std::has_single_bit(L) || L > std::uint64_t{1} << kMaxTableLog) {
    refuse("tans_py", "sum of counts", L,
           "must be a power of two up to 2^" + std::to_string(kMaxTableLog));
  }
}

/// Ties away from an integer go to the even one, as Python's round().
double round_half_even(double x) {
  const double below = std::floor(x);
  const double rest = x - below;
  const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(below, 2) != 0);
  return up ? below + 1 : below;
}

/// Adds or takes single units until the sum is `target`, at most `max_steps`; the steps taken.
std::uint64_t correct(std::vector<std::uint64_t>& scaled, std::uint64_t target,
                      std::uint64_t max_steps) {
  std::uint64_t sum = std::accumulate(scaled.begin(), scaled.end(), std::uint64_t{0});
  std::uint64_t steps = 0;
  for (; sum != target && steps < max_steps; ++steps) {
    const auto most = std::max_element(scaled.begin(), scaled.end());
    if (sum > target && *most > 1) {
      --*most;
      --sum;
    } else {
      ++*std::min_element(scaled.begin(), scaled.end());
      ++sum;
    }
  }
  return steps;
}

}  // namespace

std::vector<symbol_t> make_spread(std::span<const std::uint32_t> counts, Spread kind) {
  check_counts(counts);
  require_range("tans_py", "spread", static_cast<unsigned>(kind), 0, 1);
  const auto L = std::accumulate(counts.begin(), counts.end(), std::uint32_t{0});
  if (kind == Spread::kFast) {
    if (L == 2 || L == 8) {
      refuse("tans_py", "sum of counts", L,
             "the fast spread's step is 0 mod L, which loses symbols; take the precise spread");
    }
    return transom::make_spread(counts, static_cast<unsigned>(std::countr_zero(L)),
                                transom::Spread::kStep);
  }
  return detail::sort_by_wish(
      counts, L,
      [L](double count, double i) {
        const double p = count / L;
        const double first = 1 / (2 * p);
        const double step = i / p;
        return first + step;
      },
      [L](double wish) { return std::min(static_cast<std::uint32_t>(wish), L - 1); });
}

Table::Table(std::span<const std::uint32_t> counts, Spread kind)
    : counts_(counts.begin(), counts.end()),
      spread_(make_spread(counts, kind)),
      table_log_(static_cast<unsigned>(std::countr_zero(spread_.size()))),
      decode_(make_decode_table(spread_, counts_)),
      encoder_(spread_, counts_) {}

std::uint32_t Table::start_state(symbol_t first) const {
  if (!encoder_.can_encode(first)) {
    refuse("tans_py::Table::start_state", "first", first, "must be in the table");
  }
  // The state's index is cum - count, from the end where that is negative.
  const std::size_t L = spread_.size();
  const std::size_t cum = std::accumulate(counts_.begin(), counts_.begin() + first, std::size_t{0});
  return encoder_.next_states()[(cum + L - counts_[first]) % L];
}

Stream encode(const Table& table, std::span<const symbol_t> message) {
  if (message.empty()) {
    refuse("tans_py::encode", "number of symbols", 0u, "it is empty; the format cannot say so");
  }
  const TansEncoder& encoder = table.encoder();
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (encoder.can_encode(message[i])) continue;
    refuse_at("tans_py::encode", "message", i, message[i], "must be in the table");
  }
  const std::uint32_t start = table.start_state(message.front());
  std::uint32_t x = start;
  StackWriter out;
  for (const symbol_t s : message) {
    const Field field = encoder.encode_step(x, s);
    out.prepend(field.value, field.nbits);
  }
  const std::uint32_t L = encoder.start_state();
  out.prepend(x - L, table.table_log());
  out.prepend(start - L, table.table_log());
  const std::uint64_t n_bits = out.n_bits();
  const auto n_bytes = static_cast<std::size_t>((n_bits + 7) / 8);
  return {bytes_of_words(reversed(out.take(), n_bits), n_bytes), n_bits, start, x};
}

Decoded decode(const Table& table, std::span<const std::uint8_t> bytes, std::uint64_t n_bits,
               std::size_t max_symbols) {
  if (n_bits > std::uint64_t{8} * bytes.size() || n_bits < 2 * table.table_log()) {
    return {Status::kTruncated, {}};
  }
  const std::vector<std::uint32_t> words = reversed(words_of_bytes(bytes), n_bits);
  BitReader in(words);
  const std::uint32_t start = in.read(table.table_log());
  TansDecoder decoder{table.decode_words().data(), table.table_log()};
  decoder.start(in);
  Decoded out;
  while (in.position() < n_bits || decoder.t != start) {
    if (out.message.size() == max_symbols) {
      out.status = Status::kTrailing;
      break;
    }
    out.message.push_back(decoder.step(in));
    if (in.position() > n_bits) {
      out.message.pop_back();
      out.status = Status::kTruncated;
      break;
    }
  }
  std::reverse(out.message.begin(), out.message.end());
  return out;
}

std::vector<std::uint64_t> rescale(std::span<const std::uint64_t> counts, std::uint64_t max_sum,
                                   Target target) {
  constexpr std::uint64_t kMostUnits = std::uint64_t{1} << 32;  // all sums are exact in binary64
  std::uint64_t sum = 0;
  for (const std::uint64_t n : counts) {
    if (n > kMostUnits || (sum += n) > kMostUnits) {
      refuse("tans_py::rescale", "sum of counts", std::max(n, sum), "must be at most 2^32");
    }
  }
  require_range("tans_py::rescale", "target", static_cast<unsigned>(target), 0, 1);
  require_range("tans_py::rescale", "sum of counts", sum, 1, kMostUnits);
  require_range("tans_py::rescale", "max_sum", max_sum, 1, kMostUnits);
  if (target == Target::kNext) {
    const std::set<std::uint64_t> distinct(counts.begin(), counts.end());
    if (max_sum < distinct.size()) {
      refuse("tans_py::rescale", "max_sum", max_sum,
             "must be at least the " + std::to_string(distinct.size()) + " different counts");
    }
  }
  const std::uint64_t power =
      target == Target::kNext ? std::bit_ceil(max_sum) : std::bit_floor(max_sum);
  if (target == Target::kLower && counts.size() > power) {
    refuse("tans_py::rescale", "number of counts", counts.size(),
           "must be at most the sum, " + std::to_string(power) + "; the original never returns");
  }
  const double factor = static_cast<double>(power) / static_cast<double>(sum);
  std::vector<std::uint64_t> scaled(counts.size());
  std::transform(counts.begin(), counts.end(), scaled.begin(), [factor](std::uint64_t n) {
    return std::max(static_cast<std::uint64_t>(round_half_even(static_cast<double>(n) * factor)),
                    std::uint64_t{1});
  });
  // Rounding is off by at most half a unit per symbol, the floor of 1 by one unit.
  const std::uint64_t max_steps = target == Target::kNext ? kMaxCorrections : counts.size() + 1;
  const std::uint64_t steps = correct(scaled, power, max_steps);
  if (steps == max_steps) {
    refuse("tans_py::rescale", "number of corrections", steps,
           "they do not reach a sum of " + std::to_string(power));
  }
  return scaled;
}

}  // namespace transom::foreign::tans_py
