// format_tans.cpp — the Python tANS' and FSE's raw streams.
//
// FSE's normalised counts say of a symbol with one slot whether it is rare (-1): then its slot lies
// at the end of the table. What is written here has all of them rare, as the library has symbols
// that would have less than one slot; what is read may differ.
// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include "transom/foreign/format/format.hpp"
#include "transom/foreign/fse.hpp"
#include "transom/foreign/tans_py.hpp"

namespace transom::foreign {
namespace {

namespace fse = foreign::fse;
namespace tans_py = foreign::tans_py;
using Symbols = std::span<const std::uint8_t>;

tans_py::Table python_table(tans_py::Spread spread, const ForeignStream& stream) {
  tans_py::Table table(stream.freq, spread);
  if (table.table_log() != stream.scale_bits) {
    refuse("stream", "field 'scale_bits'", stream.scale_bits,
           "must be " + std::to_string(table.table_log()) + ", as the sum of 'freqs' says");
  }
  return table;
}

/// Whether there is a one bit, or a byte, behind the bits.
bool has_more(Symbols bytes, std::uint64_t n_bits) {
  const std::uint64_t whole = n_bits / 8, rest = n_bits % 8;
  if (bytes.size() > whole + (rest != 0 ? 1 : 0)) return true;
  return rest != 0 && bytes.size() > whole && bytes[whole] >> rest != 0;
}

ForeignFormat python(std::string name, tans_py::Spread spread, unsigned least_bits) {
  const auto decode = [spread](ForeignStream& stream) -> ForeignSymbols {
    const tans_py::Table table = python_table(spread, stream);
    if (has_more(stream.bytes, stream.n_bits)) return {Status::kTrailing, {}};
    auto decoded = tans_py::decode(table, stream.bytes, stream.n_bits, stream.n);
    return {decoded.status, std::move(decoded.message)};
  };
  const auto encode = [spread](Symbols symbols, ForeignStream& stream) {
    tans_py::Stream coded = tans_py::encode(python_table(spread, stream), symbols);
    stream.bytes = std::move(coded.bytes);
    stream.n_bits = coded.n_bits;
  };
  return {.name = std::move(name),
          .least_bits = least_bits,
          .most_bits = kMaxTableLog,
          .n_states = 1,
          .every_symbol = true,
          .decode = decode,
          .encode = encode,
          .counts_bits = true};
}

fse::Norm norm_of(const ForeignStream& stream) {
  fse::Norm norm{stream.scale_bits, {}};
  for (const std::uint32_t f : stream.freq) {
    if (f > 1u << fse::kMaxTableLog) {
      refuse("stream", "one of field 'freqs'", f, "must be at most 2^12");
    }
    norm.cells.push_back(static_cast<std::int16_t>(f));
  }
  for (const std::uint32_t s : stream.rare) {
    if (s >= stream.freq.size() || stream.freq[s] != 1) {
      refuse("stream", "one of field 'rare'", s, "must be a symbol of the frequency 1");
    }
    norm.cells[s] = -1;
  }
  return norm;
}

ForeignSymbols decode_fse(ForeignStream& stream) {
  auto decoded = fse::decode_all(fse::Table(norm_of(stream)), stream.bytes, stream.n);
  return {decoded.status, std::move(decoded.message)};
}

void encode_fse(Symbols symbols, ForeignStream& stream) {
  stream.rare.clear();
  for (std::uint32_t s = 0; s < stream.freq.size(); ++s) {
    if (stream.freq[s] == 1) stream.rare.push_back(s);
  }
  stream.bytes = fse::encode(fse::Table(norm_of(stream)), symbols);
}

ForeignSymbols decode_block(ForeignStream& stream) {
  const fse::Header header = fse::read_header(stream.bytes);
  if (header.status != Status::kOk) return {header.status, {}};
  stream.scale_bits = header.norm.table_log;
  stream.freq.clear();
  for (const int cells : header.norm.cells) {
    stream.freq.push_back(static_cast<std::uint32_t>(cells < 0 ? -cells : cells));
  }
  auto decoded = fse::decode_block(stream.bytes, stream.n);
  return {decoded.status, std::move(decoded.message)};
}

void encode_block(Symbols symbols, ForeignStream& stream) {
  encode_fse(symbols, stream);
  const std::vector<std::uint8_t> header = fse::write_header(norm_of(stream));
  stream.bytes.insert(stream.bytes.begin(), header.begin(), header.end());
}

}  // namespace

std::vector<ForeignFormat> foreign_tans() {
  const ForeignFormat plain{.name = "fse",
                            .least_bits = fse::kMinTableLog,
                            .most_bits = fse::kMaxTableLog,
                            .n_states = 2,
                            .every_symbol = false,
                            .decode = decode_fse,
                            .encode = encode_fse};
  ForeignFormat block = plain;
  block.name = "fse-block";
  block.decode = decode_block;
  block.encode = encode_block;
  block.holds_table = true;
  // The fast spread loses symbols where L is 2 or 8.
  return {python("tans-py-fast", tans_py::Spread::kFast, 4),
          python("tans-py-precise", tans_py::Spread::kPrecise, 1), plain, block};
}

}  // namespace transom::foreign
