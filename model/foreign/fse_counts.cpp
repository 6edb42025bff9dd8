// fse_counts.cpp — FSE's normalisation of counts, and the header that describes a table.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <numeric>
#include <optional>

#include "transom/base/bits.hpp"
#include "transom/foreign/bit_order.hpp"
#include "transom/foreign/fse.hpp"

namespace transom::foreign::fse {
namespace {

using Cells = std::vector<std::int16_t>;

constexpr std::int16_t kRare = -1;
constexpr unsigned kShareLog = 62;  ///< shares of the total are fractions of 2^62

/// The index of the highest set bit; 0 for 0.
constexpr unsigned highest_bit(std::uint64_t n) {
  return n == 0 ? 0 : static_cast<unsigned>(std::bit_width(n)) - 1;
}

unsigned min_table_log(std::uint64_t total, std::size_t max_symbol) {
  return std::min(highest_bit(total) + 1, highest_bit(max_symbol) + 2);
}

std::size_t first_largest(std::span<const std::uint32_t> counts) {
  return static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

/// Slots of a share of the total, in units of 2^-scale slots. Small shares are rounded up from
/// where that costs the fewest bits.
std::int32_t rounded(std::uint64_t share, unsigned scale) {
  constexpr std::array<std::uint32_t, 8> kRoundUpFrom{0,      473195, 504333, 520860,
                                                      550000, 700000, 750000, 830000};
  const std::uint64_t slots = share >> scale;
  const std::uint64_t rest = share - (slots << scale);
  const bool up = slots < kRoundUpFrom.size() &&
                  rest > (std::uint64_t{1} << (scale - 20)) * kRoundUpFrom[slots];
  return static_cast<std::int32_t>(slots) + up;
}

/// The second method, for when rare symbols take more than the largest can give.
class SecondMethod {
 public:
  SecondMethod(std::span<const std::uint32_t> counts, std::uint64_t total, unsigned table_log)
      : counts_(counts),
        total_(total),
        table_log_(table_log),
        cells_(counts.size()),
        open_(counts.size(), true) {}

  std::optional<Cells> run() {
    const std::uint64_t low = total_ >> table_log_;
    const std::uint64_t one = total_ * 3 >> (table_log_ + 1);
    for (std::size_t s = 0; s < counts_.size(); ++s) {
      if (counts_[s] == 0) {
        open_[s] = false;
      } else if (counts_[s] <= one) {
        assign(s, counts_[s] <= low ? kRare : std::int16_t{1});
      }
    }
    if (todo() <= 0) return todo() == 0 ? std::optional(cells_) : std::nullopt;
    if (total_ / static_cast<std::uint64_t>(todo()) > one) {
      const std::uint64_t more = total_ * 3 / (static_cast<std::uint64_t>(todo()) * 2);
      for (std::size_t s = 0; s < counts_.size(); ++s) {
        if (open_[s] && counts_[s] <= more) assign(s, 1);
      }
    }
    if (n_assigned_ == counts_.size()) {
      cells_[first_largest(counts_)] += static_cast<std::int16_t>(todo());
      return cells_;
    }
    return total_ == 0 ? deal() : share();
  }

 private:
  std::int64_t todo() const {
    return (std::int64_t{1} << table_log_) - static_cast<std::int64_t>(n_assigned_);
  }

  void assign(std::size_t s, std::int16_t cells) {
    cells_[s] = cells;
    open_[s] = false;
    total_ -= counts_[s];
    ++n_assigned_;
  }

  /// One slot after the other to those with slots.
  std::optional<Cells> deal() {
    if (std::none_of(cells_.begin(), cells_.end(), [](std::int16_t c) { return c > 0; })) {
      return std::nullopt;
    }
    std::int64_t left = todo();
    for (std::size_t s = 0; left > 0; s = (s + 1) % cells_.size()) {
      if (cells_[s] <= 0) continue;
      ++cells_[s];
      --left;
    }
    return cells_;
  }

  /// Cuts of the cumulative share of the open symbols.
  std::optional<Cells> share() {
    const unsigned scale = kShareLog - table_log_;
    const std::uint64_t middle = (std::uint64_t{1} << (scale - 1)) - 1;
    const std::uint64_t all = (static_cast<std::uint64_t>(todo()) << scale) + middle;
    const std::uint64_t step = all / total_;
    std::uint64_t begin = middle;
    for (std::size_t s = 0; s < counts_.size(); ++s) {
      if (!open_[s]) continue;
      const std::uint64_t end = begin + counts_[s] * step;
      const std::uint64_t cells = (end >> scale) - (begin >> scale);
      if (cells == 0) return std::nullopt;
      cells_[s] = static_cast<std::int16_t>(cells);
      begin = end;
    }
    return cells_;
  }

  std::span<const std::uint32_t> counts_;
  std::uint64_t total_;  ///< sum over the symbols that have no slots yet
  unsigned table_log_;
  Cells cells_;
  std::vector<bool> open_;
  std::size_t n_assigned_ = 0;
};

/// The width of the header's fields, which follows the slots that are left.
class FieldWidth {
 public:
  explicit FieldWidth(unsigned table_log)
      : remaining((std::int32_t{1} << table_log) + 1),
        threshold(std::int32_t{1} << table_log),
        nbits(table_log + 1) {}

  void took(std::int16_t cells) {
    remaining -= std::abs(cells);
    for (; remaining < threshold; threshold /= 2) --nbits;
  }
  /// Values below this have one bit less.
  std::uint32_t n_short() const {
    return static_cast<std::uint32_t>(2 * threshold - 1 - remaining);
  }

  std::int32_t remaining;  ///< slots left, and one
  std::int32_t threshold;  ///< 2^(nbits - 1), at most `remaining`
  unsigned nbits;
};

void write_cells(BitWriter& out, const FieldWidth& width, std::int16_t cells) {
  auto value = static_cast<std::uint32_t>(cells + 1);
  const std::uint32_t n_short = width.n_short();
  if (value >= static_cast<std::uint32_t>(width.threshold)) value += n_short;
  out.append(value, value < n_short ? width.nbits - 1 : width.nbits);
}

std::int16_t read_cells(BitReader& in, const FieldWidth& width) {
  std::uint32_t value = in.read(width.nbits - 1);
  const std::uint32_t n_short = width.n_short();
  if (value >= n_short) {
    value |= in.read(1) << (width.nbits - 1);
    if (value >= static_cast<std::uint32_t>(width.threshold)) value -= n_short;
  }
  return static_cast<std::int16_t>(static_cast<std::int32_t>(value) - 1);
}

/// A run of further absent symbols, three to a pair of one bits, then what is over.
void write_run(BitWriter& out, std::size_t n_absent) {
  for (; n_absent >= 3; n_absent -= 3) out.append(3, 2);
  out.append(static_cast<std::uint32_t>(n_absent), 2);
}

std::size_t read_run(BitReader& in) {
  std::size_t n_absent = 0;
  std::uint32_t more = 0;
  do {
    more = in.read(2);
    n_absent += more;
  } while (more == 3 && n_absent < kMaxAlphabet);
  return n_absent;
}

}  // namespace

Normalised normalise(std::span<const std::uint32_t> counts, unsigned table_log) {
  const auto total = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (counts.empty() || counts.size() > kMaxAlphabet || total == 0 || total >> 32 != 0 ||
      table_log < kMinTableLog || table_log > kMaxTableLog ||
      table_log < min_table_log(total, counts.size() - 1)) {
    return {};
  }
  if (counts[first_largest(counts)] == total) return {Outcome::kOneSymbol, {}};
  const std::uint64_t low = total >> table_log;
  const std::uint64_t step = (std::uint64_t{1} << kShareLog) / total;
  Norm norm{table_log, Cells(counts.size())};
  std::int32_t rest = std::int32_t{1} << table_log;
  std::size_t largest = 0;
  std::int32_t most = 0;
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] == 0) continue;
    std::int32_t cells = kRare;
    if (counts[s] > low) {
      cells = rounded(counts[s] * step, kShareLog - table_log);
      if (cells > most) {
        most = cells;
        largest = s;
      }
    }
    norm.cells[s] = static_cast<std::int16_t>(cells);
    rest -= std::abs(cells);
  }
  if (-rest < norm.cells[largest] >> 1) {
    norm.cells[largest] = static_cast<std::int16_t>(norm.cells[largest] + rest);
  } else {
    auto second = SecondMethod(counts, total, table_log).run();
    if (!second) return {};
    norm.cells = std::move(*second);
  }
  return {Outcome::kWritten, std::move(norm)};
}

unsigned optimal_table_log(unsigned wanted, std::size_t n_symbols, unsigned max_symbol) {
  require_range("fse::optimal_table_log", "n_symbols", n_symbols, 2, SIZE_MAX);
  unsigned log = wanted == 0 ? kDefaultTableLog : wanted;
  // A message of under five symbols does not limit it: the library's difference wraps around.
  const unsigned enough = highest_bit(n_symbols - 1);
  if (enough >= 2) log = std::min(log, enough - 2);
  log = std::max(log, min_table_log(n_symbols, max_symbol));
  return std::clamp(log, kMinTableLog, kMaxTableLog);
}

std::string why_not_a_norm(const Norm& norm) {
  const std::string log = std::to_string(norm.table_log);
  if (norm.table_log < kMinTableLog || norm.table_log > kMaxTableLog) {
    return "table log " + log + ": take 5..12";
  }
  if (norm.cells.size() > kMaxAlphabet) {
    return std::to_string(norm.cells.size()) + " symbols, over 256";
  }
  std::int64_t sum = 0;
  for (std::size_t s = 0; s < norm.cells.size(); ++s) {
    const std::int16_t cells = norm.cells[s];
    if (cells < kRare || cells >= 1 << norm.table_log) {
      return "symbol " + std::to_string(s) + " has " + std::to_string(cells) + " of 2^" + log +
             " slots";
    }
    sum += std::abs(cells);
  }
  if (sum == std::int64_t{1} << norm.table_log) return {};
  return "the symbols have " + std::to_string(sum) + " slots, not 2^" + log;
}

std::vector<std::uint8_t> write_header(const Norm& norm) {
  if (const std::string why = why_not_a_norm(norm); !why.empty()) {
    refuse("fse::write_header", "norm", std::to_string(norm.cells.size()) + " symbols", why);
  }
  BitWriter out;
  out.append(norm.table_log - kMinTableLog, 4);
  FieldWidth width(norm.table_log);
  for (std::size_t s = 0; width.remaining > 1; ++s) {
    write_cells(out, width, norm.cells[s]);
    width.took(norm.cells[s]);
    if (norm.cells[s] != 0) continue;
    const std::size_t first = s + 1;  // a slot is left, so a symbol with slots follows
    while (norm.cells[s + 1] == 0) ++s;
    write_run(out, s + 1 - first);
  }
  const auto n_bytes = static_cast<std::size_t>((out.n_bits() + 7) / 8);
  return bytes_of_words(out.take(), n_bytes);
}

Header read_header(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kMaxHeaderBytes = 512;  // 4 + 256 * 14 bits are fewer
  const std::size_t n_seen = std::min(bytes.size(), kMaxHeaderBytes);
  const std::vector<std::uint32_t> words = words_of_bytes(bytes.first(n_seen));
  BitReader in(words);
  Header out;
  Norm& norm = out.norm;
  norm.table_log = in.read(4) + kMinTableLog;
  if (norm.table_log > kMaxTableLog) return {Status::kBadTable, {}, 0};
  FieldWidth width(norm.table_log);
  while (width.remaining > 1 && norm.cells.size() < kMaxAlphabet) {
    norm.cells.push_back(read_cells(in, width));
    width.took(norm.cells.back());
    if (norm.cells.back() != 0) continue;
    norm.cells.resize(norm.cells.size() + read_run(in));
  }
  out.n_bytes = static_cast<std::size_t>((in.position() + 7) / 8);
  if (out.n_bytes > n_seen) return {Status::kTruncated, {}, 0};
  if (!why_not_a_norm(norm).empty()) return {Status::kBadTable, {}, 0};
  return out;
}

}  // namespace transom::foreign::fse
