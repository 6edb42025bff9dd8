// apack_table.hpp — the five-column tables of the released APack tools, and values through them.
//
// A line per row, columns apart by one space: vmin, off (offset bits), abits (what the released
// cost function gives the row's symbols), obits (offset bits of all its values), vcnt (its values).
// The format is that of github.com/moshovos/Atalanta (commit ab56d8b), whose licence asks to refer
// to its publication: A. Delmas Lascorz et al., "Atalanta: A Bit is Worth a 'Thousand' Tensor
// Values", ASPLOS 2024 (APack: arXiv:2201.08830). Nothing is taken from its code but what it
// computes. Unlike Row of spec.hpp, a row may be empty: as many rows as there are begin at the same
// value. Costs are binary32, as in the released tools, so they are part of the format.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transom/base/spec.hpp"

namespace transom::foreign::apack {

/// A line of the file.
struct TableRow {
  std::uint32_t vmin = 0;  ///< up to 2^W, where an empty last row begins
  unsigned off = 0;        ///< ceil(log2(size)), 0 for an empty row
  std::uint32_t abits = 0;
  std::uint32_t obits = 0;
  std::uint32_t vcnt = 0;

  friend bool operator==(const TableRow&, const TableRow&) = default;
};

/// Cost of the released search: all offset bits, less the sum of vcnt log2(p) in binary32, p being
/// rounded to 1/1024; where it rounds to 0, symbols are free.
struct Priced {
  std::vector<TableRow> rows;
  float score = 0;
};

/// The cumulative histogram: cum[v] values are below v; 2^W + 1 entries. Throws for no values,
/// other than 2^W counts, W other than 1..16, or a sum beyond what the released tools' 32-bit sums
/// hold: 2^31 - 1 offset bits of W each.
std::vector<std::uint32_t> cumulate(std::span<const std::uint32_t> counts, unsigned value_bits);

/// The rows that begin at `vmins` (ascending from 0, the last at most 2^W), filled in. Throws for
/// others, and for `cum` that is not of cumulate().
Priced price(std::span<const std::uint32_t> vmins, std::span<const std::uint32_t> cum);

std::string write_table(std::span<const TableRow> rows);

struct Parsed {
  std::vector<TableRow> rows;
  std::string error;  ///< line, column and what is wrong; empty if the table is good
};
/// 1..16 rows that tile the values of W bits, W = 1..16 (throws). `abits` may be anything below
/// 2^31.
Parsed parse_table(std::string_view text, unsigned value_bits);

/// Where our rows begin: the rows that are not empty. As all that follows, it throws for rows that
/// do not tile the values of W = 1..16 bits.
std::vector<value_t> starts(std::span<const TableRow> rows, unsigned value_bits);

/// Values as symbols, and the bits of their offsets: most significant bit first, one value after
/// the other, packed as tans_py packs bits.
struct Split {
  /// One per value; where several rows begin at a value, the last one.
  std::vector<symbol_t> symbols;
  std::vector<std::uint8_t> offsets;
  std::uint64_t n_offset_bits = 0;
};
/// @param values each below 2^W (throws)
Split split(std::span<const TableRow> rows, std::span<const value_t> values);

struct Joined {
  Status status = Status::kOk;
  std::vector<value_t> values;
};
/// The inverse, of any symbols and bytes: kTruncated for missing offset bits, kTrailing for more
/// bytes than they take or bits that are not 0, kBadValue for a symbol of no or an empty row, or an
/// offset outside it.
Joined join(std::span<const TableRow> rows, unsigned value_bits, std::span<const symbol_t> symbols,
            std::span<const std::uint8_t> offsets);

}  // namespace transom::foreign::apack
