// foreign_tables.cpp — tables of other people's: FSE's normalised counts, headers and blocks, and
// the released APack tools' rows, with values through them.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/operators.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <bit>

#include "bind.hpp"
#include "foreign.hpp"
#include "transom/foreign/apack_table.hpp"
#include "transom/foreign/format/format.hpp"
#include "transom/foreign/fse.hpp"
#include "transom/foreign/released_search.hpp"

namespace transom::bind {
namespace {

namespace fse = foreign::fse;
namespace apack = foreign::apack;

constexpr std::string_view kOutcomeNames[] = {"written", "one_symbol", "incompressible"};

std::pair<std::string_view, nb::bytes> encode_block(nb::handle symbols, const Integer& max_symbol,
                                                    const Integer& table_log) {
  constexpr std::string_view kName = "fse_encode_block";
  const auto most = max_symbol.to<unsigned>(kName, "max_symbol");
  const auto R = table_log.to<unsigned>(kName, "table_log");
  require_range(kName, "max_symbol", most, 0, kMaxAlphabet - 1);
  require_range(kName, "table_log", R, 1, fse::kMaxTableLog);
  const auto buffer = to_buffer(kName, "symbols", symbols);
  const fse::Block block =
      without_gil([&] { return fse::encode_block(bytes_of(buffer), most, R); });
  if (block.outcome == fse::Outcome::kRefused) {
    refuse(kName, "symbols", "of more or other symbols than these options code",
           "must be at most max_symbol = " + std::to_string(most) + ", and have a table");
  }
  return {kOutcomeNames[static_cast<unsigned>(block.outcome)], to_bytes(block.bytes)};
}

nb::ndarray<nb::numpy, std::uint8_t> decode_block(nb::handle bytes, const Integer& max_symbols) {
  constexpr std::string_view kName = "fse_decode_block";
  const auto most = max_symbols.to<std::size_t>(kName, "max_symbols");
  require_range(kName, "max_symbols", most, 0, foreign::kMaxForeignValues);
  const auto buffer = to_buffer(kName, "bytes", bytes);
  fse::Decoded decoded = without_gil([&] { return fse::decode_block(bytes_of(buffer), most); });
  if (decoded.status != Status::kOk) throw_damaged("fse_decode_block: bytes", decoded.status);
  return to_numpy(std::move(decoded.message));
}

nb::typed<nb::tuple, nb::ndarray<nb::numpy, std::int16_t>, unsigned, std::size_t> read_header(
    nb::handle bytes) {
  const auto buffer = to_buffer("fse_read_header", "bytes", bytes);
  fse::Header header = fse::read_header(bytes_of(buffer));
  if (header.status != Status::kOk) throw_damaged("fse_read_header: bytes", header.status);
  return nb::typed<nb::tuple, nb::ndarray<nb::numpy, std::int16_t>, unsigned, std::size_t>(
      nb::make_tuple(to_numpy(std::move(header.norm.cells)), header.norm.table_log,
                     header.n_bytes));
}

void bind_fse(nb::module_& m) {
  m.def(
      "fse_normalise",
      [](nb::object counts, const Integer& table_log) {
        const auto R = table_log.to<unsigned>("fse_normalise", "table_log");
        fse::Normalised made = fse::normalise(to_numbers("fse_normalise", "counts", counts), R);
        if (made.outcome != fse::Outcome::kWritten) {
          refuse("fse_normalise", "counts", "of one symbol, or refused",
                 "must be of two symbols or more that fit the 2^table_log slots, table_log = " +
                     std::to_string(R));
        }
        return to_numpy(std::move(made.norm.cells));
      },
      nb::arg("counts").none(), nb::arg("table_log"),
      "FSE's normalised counts, int16: -1 is a rare symbol.");
  m.def(
      "fse_write_header",
      [](nb::object norm, const Integer& table_log) {
        const fse::Norm table{table_log.to<unsigned>("fse_write_header", "table_log"),
                              to_cells("fse_write_header", "norm", norm)};
        const std::string why = fse::why_not_a_norm(table);
        if (!why.empty()) refuse("fse_write_header", "norm", "no table", why);
        return to_bytes(fse::write_header(table));
      },
      nb::arg("norm").none(), nb::arg("table_log"),
      R"(The header that describes a table ("NCount" of RFC 8878, 4.1.1).

norm: int16, a cell for each symbol: -1 rare, 0 absent, else slots; with 1 for a rare one they sum to 2^table_log.
table_log: R, 5..12. Trailing absent symbols are not in it.)");
  m.def(
      "fse_read_header", &read_header, nb::arg("bytes").none(),
      R"((norm, table_log, n_bytes) of the header that begins `bytes`; what follows begins at n_bytes.

Raises DataError where they begin with none.)");
  m.def("fse_encode_block", &encode_block, nb::arg("symbols").none(), nb::arg("max_symbol") = 255,
        nb::arg("table_log") = fse::kDefaultTableLog,
        R"((outcome, bytes) of FSE_compress2(): a header and a stream of two states.

symbols: uint8, each at most max_symbol. table_log: R, 1..12; the library takes what suits the message. outcome:
"written"; "one_symbol", a repeated one, and "incompressible" have no bytes.)");
  m.def(
      "fse_decode_block", &decode_block, nb::arg("bytes").none(), nb::arg("max_symbols"),
      "The symbols of a block, uint8. Raises DataError for other bytes, and for more symbols than "
      "max_symbols, 0..2^28.");
}

using Rows = std::vector<apack::TableRow>;

nb::typed<nb::tuple, nb::ndarray<nb::numpy, std::uint8_t>, nb::bytes, std::uint64_t> split(
    const Rows& rows, nb::handle values) {
  const TensorArgument tensor("apack_split", "values", values);
  apack::Split made = without_gil([&] {
    const auto split_patterns = [&](const auto& patterns) {
      return apack::split(rows, std::vector<value_t>(patterns.begin(), patterns.end()));
    };
    return std::visit(split_patterns, (*tensor).values);
  });
  return nb::typed<nb::tuple, nb::ndarray<nb::numpy, std::uint8_t>, nb::bytes, std::uint64_t>(
      nb::make_tuple(to_numpy(std::move(made.symbols)), to_bytes(made.offsets),
                     made.n_offset_bits));
}

nb::ndarray<nb::numpy, value_t> join(const Rows& rows, const Integer& value_bits,
                                     nb::handle symbols, nb::handle offsets) {
  constexpr std::string_view kName = "apack_join";
  const auto W = value_bits.to<unsigned>(kName, "value_bits");
  const auto which = to_buffer(kName, "symbols", symbols);
  const auto bits = to_buffer(kName, "offsets", offsets);
  apack::Joined made =
      without_gil([&] { return apack::join(rows, W, bytes_of(which), bytes_of(bits)); });
  if (made.status != Status::kOk) throw_damaged("apack_join: symbols with offsets", made.status);
  return to_numpy(std::move(made.values));
}

void bind_apack(nb::module_& m) {
  nb::class_<apack::TableRow>(m, "ApackRow", "A line of a table of the released APack tools.")
      .def(
          "__init__",
          [](apack::TableRow* to, const Integer& vmin, const Integer& off, const Integer& abits,
             const Integer& obits, const Integer& vcnt) {
            const auto number = [](const Integer& n, std::string_view argument) {
              return n.to<std::uint32_t>("ApackRow", argument);
            };
            new (to)
                apack::TableRow{number(vmin, "vmin"), number(off, "off"), number(abits, "abits"),
                                number(obits, "obits"), number(vcnt, "vcnt")};
          },
          nb::arg("vmin"), nb::arg("off"), nb::arg("abits") = 0, nb::arg("obits") = 0,
          nb::arg("vcnt") = 0)
      .def_ro("vmin", &apack::TableRow::vmin)
      .def_ro("off", &apack::TableRow::off, "Offset bits.")
      .def_ro("abits", &apack::TableRow::abits, "What its symbols cost.")
      .def_ro("obits", &apack::TableRow::obits, "Offset bits of all its values.")
      .def_ro("vcnt", &apack::TableRow::vcnt, "Its values.")
      .def(nb::self == nb::self, nb::sig("def __eq__(self, other: object, /) -> bool"));
  m.def(
      "parse_apack_table",
      [](const std::string& text, const Integer& value_bits) {
        apack::Parsed parsed =
            apack::parse_table(text, value_bits.to<unsigned>("parse_apack_table", "value_bits"));
        if (!parsed.error.empty()) throw files::DataError("APack table: " + parsed.error);
        return std::move(parsed.rows);
      },
      nb::arg("text"), nb::arg("value_bits"),
      "The rows of a five-column table. Raises DataError with line and column.");
  m.def(
      "write_apack_table", [](const Rows& rows) { return apack::write_table(rows); },
      nb::arg("rows"), "The text of a five-column table.");
  m.def(
      "released_search",
      [](nb::object counts) {
        const auto numbers = to_numbers("released_search", "counts", counts);
        require_range("released_search", "number of counts", numbers.size(),
                      1 << apack::kMinSearchBits, 1 << kMaxValueBits);
        const auto W = static_cast<unsigned>(std::bit_width(numbers.size()) - 1);
        return without_gil([&] { return apack::released_search(numbers, W).rows; });
      },
      nb::arg("counts").none(),
      R"(The 16 rows, of which some may be empty, that the search published with Atalanta finds; RangeSearch finds better.

counts: 2^W of them, W = 4..16, by pattern, of one value or more and of fewer than the released tools' 32-bit sums hold.)");
  m.def(
      "apack_split", &split, nb::arg("rows"), nb::arg("values").none(),
      R"((symbols, offsets, n_offset_bits) of the values of a tensor or an array: uint8, one for each, and bytes.

rows: of a table that tiles the values. Offsets lie most significant bit first, one behind the other. Raises ValueError
for a value of no row.)");
  m.def("apack_join", &join, nb::arg("rows"), nb::arg("value_bits"), nb::arg("symbols").none(),
        nb::arg("offsets").none(),
        R"(The inverse: values as patterns of value_bits bits, 1..16, uint16.

symbols: uint8. offsets: bytes. Raises DataError unless each symbol is of a row, and the offsets are theirs to the last bit.)");
}

}  // namespace

void bind_foreign_tables(nb::module_& m) {
  bind_fse(m);
  bind_apack(m);
}

}  // namespace transom::bind
