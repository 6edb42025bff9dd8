// apack_table.cpp — five columns in and out, their costs, and values through their rows.
//
// Compiled without contraction of multiply and add: costs are binary32 results of single steps.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/apack_table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "transom/base/bits.hpp"
#include "transom/foreign/bit_order.hpp"
#include "transom/table/ranges.hpp"

namespace transom::foreign::apack {
namespace {

constexpr std::uint32_t kShares = 1 << kArithTableLog;  ///< probabilities are rounded to 1/1024
constexpr std::uint32_t kInt32Max = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kColumns = 5;
constexpr std::array<std::string_view, kColumns> kColumnNames{"vmin", "off", "abits", "obits",
                                                              "vcnt"};

/// log2(k / 1024) in binary32, 0 for k = 0.
float log2_of_share(std::uint32_t k) {
  static const auto logs = [] {
    std::array<float, kShares + 1> table{};
    for (std::uint32_t i = 1; i <= kShares; ++i) {
      table[i] = static_cast<float>(std::log2(static_cast<double>(i) / kShares));
    }
    return table;
  }();
  return logs[k];
}

/// A row of `size` values.
unsigned off_of(std::uint32_t size) { return size == 0 ? 0 : offset_bits_of(size); }

std::uint32_t end_of(std::span<const TableRow> rows, std::size_t i, unsigned value_bits) {
  return i + 1 < rows.size() ? rows[i + 1].vmin : std::uint32_t{1} << value_bits;
}

/// A field of `nbits` with its bits in the opposite order.
std::uint32_t mirrored(std::uint32_t value, unsigned nbits) {
  return nbits == 0 ? 0 : reversed(value) >> (kWordBits - nbits);
}

/// Throws unless 1..16 rows ascend from 0 to at most 2^W and their offsets have the bits of their
/// size; the size of the last one is known if W is.
void check_rows(std::string_view function, std::span<const TableRow> rows,
                std::optional<unsigned> value_bits) {
  require_range(function, "value_bits", value_bits.value_or(kMaxValueBits), 1, kMaxValueBits);
  require_range(function, "number of rows", rows.size(), 1, kMaxApackRows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint32_t end = end_of(rows, i, value_bits.value_or(kMaxValueBits));
    const bool known = value_bits || i + 1 < rows.size();
    if (rows[i].vmin > end || (i == 0 && rows[i].vmin != 0)) {
      refuse_at(function, "vmin of rows", i, rows[i].vmin,
                i == 0 ? "must be 0" : "must be at most " + std::to_string(end));
    }
    const unsigned off = off_of(end - rows[i].vmin);
    if (known ? rows[i].off != off : rows[i].off > off) {
      refuse_at(function, "off of rows", i, rows[i].off, "must be " + std::to_string(off));
    }
  }
}

/// Numbers of one line; what is wrong with it, or nothing.
std::string read_numbers(std::string_view line, std::array<std::uint32_t, kColumns>& numbers) {
  for (std::size_t column = 0; column < kColumns; ++column) {
    const std::string name(kColumnNames[column]);
    const std::size_t end = std::min(line.find(' '), line.size());
    const auto [last, error] = std::from_chars(line.data(), line.data() + end, numbers[column]);
    if (error != std::errc() || last != line.data() + end || numbers[column] > kInt32Max) {
      return name + " is not a number of 0..2^31-1";
    }
    if ((column + 1 == kColumns) != (end == line.size())) {
      return "has not five columns (vmin off abits obits vcnt) with one space between";
    }
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return {};
}

std::string check_row(std::span<const TableRow> rows, std::size_t i, unsigned value_bits) {
  const TableRow& row = rows[i];
  const std::uint32_t end = end_of(rows, i, value_bits);
  if (i == 0 && row.vmin != 0) return "vmin is " + std::to_string(row.vmin) + ", not 0";
  if (row.vmin > end) {
    return "vmin is " + std::to_string(row.vmin) + ", behind the next row's, or the values' end, " +
           std::to_string(end);
  }
  const unsigned off = off_of(end - row.vmin);
  if (row.off != off) {
    return "off is " + std::to_string(row.off) + "; a row of " + std::to_string(end - row.vmin) +
           " values has " + std::to_string(off);
  }
  if (row.obits != std::uint64_t{row.vcnt} * row.off) {
    return "obits is " + std::to_string(row.obits) + ", not vcnt * off";
  }
  if (row.vcnt != 0 && row.vmin == end) return "vcnt is not 0 in an empty row";
  return {};
}

}  // namespace

std::vector<std::uint32_t> cumulate(std::span<const std::uint32_t> counts, unsigned value_bits) {
  require_range("cumulate", "value_bits", value_bits, 1, kMaxValueBits);
  require_range("cumulate", "number of counts", counts.size(), std::size_t{1} << value_bits,
                std::size_t{1} << value_bits);
  std::vector<std::uint32_t> cum(counts.size() + 1);
  std::uint64_t sum = 0;
  for (std::size_t v = 0; v < counts.size(); ++v) {
    sum += counts[v];
    cum[v + 1] = static_cast<std::uint32_t>(sum);
  }
  if (sum == 0 || sum * value_bits > kInt32Max) {
    refuse("cumulate", "sum of counts", sum, "the released cost takes 1..2^31-1 bits of values");
  }
  return cum;
}

Priced price(std::span<const std::uint32_t> vmins, std::span<const std::uint32_t> cum) {
  require_range("price", "number of rows", vmins.size(), 1, SIZE_MAX);
  require_range("price", "number of sums", cum.size(), 3, (std::size_t{1} << kMaxValueBits) + 1);
  if (!std::has_single_bit(cum.size() - 1) || !std::is_sorted(cum.begin(), cum.end()) ||
      cum.front() != 0 || cum.back() == 0 || cum.back() > kInt32Max) {
    refuse("price", "cum", std::to_string(cum.size()) + " sums up to " + std::to_string(cum.back()),
           "must be those of cumulate()");
  }
  const auto fall = std::is_sorted_until(vmins.begin(), vmins.end());
  if (vmins.front() != 0 || fall != vmins.end() || vmins.back() >= cum.size()) {
    const std::uint32_t bad = vmins.front() != 0    ? vmins.front()
                              : fall != vmins.end() ? *fall
                                                    : vmins.back();
    refuse("price", "vmin", bad, "must ascend from 0 to at most " + std::to_string(cum.size() - 1));
  }
  const auto n_values = static_cast<float>(cum.back());
  Priced priced{std::vector<TableRow>(vmins.size()), 0};
  std::uint32_t obits = 0;
  float saved = 0;
  for (std::size_t i = 0; i < vmins.size(); ++i) {
    TableRow& row = priced.rows[i];
    const std::size_t end = i + 1 < vmins.size() ? vmins[i + 1] : cum.size() - 1;
    row.vmin = vmins[i];
    row.off = off_of(static_cast<std::uint32_t>(end) - row.vmin);
    row.vcnt = cum[end] - cum[row.vmin];
    row.obits = row.vcnt * row.off;
    const auto n = static_cast<float>(row.vcnt);
    const float p = n / n_values;
    const auto share = static_cast<std::uint32_t>(std::round(static_cast<double>(p) * kShares));
    const float symbol_bits = n * log2_of_share(share);
    row.abits = static_cast<std::uint32_t>(-symbol_bits);
    obits += row.obits;
    saved += symbol_bits;
  }
  priced.score = static_cast<float>(obits) - saved;
  return priced;
}

std::string write_table(std::span<const TableRow> rows) {
  std::string text;
  for (const TableRow& row : rows) {
    const std::array<std::uint32_t, kColumns> numbers{row.vmin, row.off, row.abits, row.obits,
                                                      row.vcnt};
    for (std::size_t column = 0; column < kColumns; ++column) {
      text += std::to_string(numbers[column]);
      text += column + 1 < kColumns ? ' ' : '\n';
    }
  }
  return text;
}

Parsed parse_table(std::string_view text, unsigned value_bits) {
  require_range("parse_table", "value_bits", value_bits, 1, kMaxValueBits);
  Parsed parsed;
  std::vector<TableRow> rows;
  const auto fail = [](std::size_t i, const std::string& what) {
    return Parsed{{}, "line " + std::to_string(i + 1) + ": " + what};
  };
  while (!text.empty()) {
    if (rows.size() == kMaxApackRows) return fail(rows.size(), "over 16 rows");
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::array<std::uint32_t, kColumns> n{};
    if (const std::string what = read_numbers(line, n); !what.empty()) {
      return fail(rows.size(), what);
    }
    rows.push_back({n[0], n[1], n[2], n[3], n[4]});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (rows.empty()) return fail(0, "there is none; a table has 1..16 rows");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (const std::string what = check_row(rows, i, value_bits); !what.empty()) {
      return fail(i, what);
    }
  }
  parsed.rows = std::move(rows);
  return parsed;
}

std::vector<value_t> starts(std::span<const TableRow> rows, unsigned value_bits) {
  check_rows("starts", rows, value_bits);
  std::vector<value_t> begins;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].vmin != end_of(rows, i, value_bits)) {
      begins.push_back(static_cast<value_t>(rows[i].vmin));
    }
  }
  return begins;
}

Split split(std::span<const TableRow> rows, std::span<const value_t> values) {
  check_rows("split", rows, std::nullopt);
  Split out;
  out.symbols.reserve(values.size());
  BitWriter offsets;
  for (const value_t value : values) {
    const auto above =
        std::upper_bound(rows.begin(), rows.end(), value,
                         [](std::uint32_t v, const TableRow& row) { return v < row.vmin; });
    const auto s = static_cast<std::size_t>(above - rows.begin()) - 1;
    if ((value - rows[s].vmin) >> rows[s].off != 0) {
      refuse_at("split", "values", out.symbols.size(), value,
                "must be below " + std::to_string(rows[s].vmin + (1u << rows[s].off)));
    }
    out.symbols.push_back(static_cast<symbol_t>(s));
    offsets.append(mirrored(value - rows[s].vmin, rows[s].off), rows[s].off);
  }
  out.n_offset_bits = offsets.n_bits();
  const auto n_bytes = static_cast<std::size_t>((out.n_offset_bits + 7) / 8);
  out.offsets = bytes_of_words(offsets.take(), n_bytes);
  return out;
}

Joined join(std::span<const TableRow> rows, unsigned value_bits, std::span<const symbol_t> symbols,
            std::span<const std::uint8_t> offsets) {
  check_rows("join", rows, value_bits);
  const std::vector<std::uint32_t> words = words_of_bytes(offsets);
  BitReader in(words);
  Joined out;
  out.values.reserve(symbols.size());
  for (const symbol_t s : symbols) {
    const std::uint32_t size =
        s < rows.size() ? end_of(rows, s, value_bits) - rows[s].vmin : std::uint32_t{0};
    const std::uint32_t offset = size == 0 ? 0 : mirrored(in.read(rows[s].off), rows[s].off);
    if (offset >= size) {
      out.status = Status::kBadValue;
      return out;
    }
    out.values.push_back(static_cast<value_t>(rows[s].vmin + offset));
  }
  const std::uint64_t n_bytes = (in.position() + 7) / 8;
  if (n_bytes > offsets.size()) {
    out.status = Status::kTruncated;
  } else if (n_bytes < offsets.size() || !in.clean_end()) {
    out.status = Status::kTrailing;
  }
  return out;
}

}  // namespace transom::foreign::apack
