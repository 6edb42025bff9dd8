// interop_tans.cpp — checks of the vectors of tANS coders: tans_py.json and fse.json.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "transom/foreign/fse.hpp"
#include "transom/foreign/tans_py.hpp"
#include "transom/golden/interop/interop.hpp"

namespace transom::golden {
namespace {

namespace fse = foreign::fse;
namespace tans_py = foreign::tans_py;

/// The first difference there is.
std::string first(std::initializer_list<std::string> differences) {
  const auto found = std::find_if(differences.begin(), differences.end(),
                                  [](const std::string& d) { return !d.empty(); });
  return found == differences.end() ? std::string() : *found;
}

std::string wrong_status(std::string_view what, Status status) {
  return difference_of<std::string>(what, std::string(status_name(Status::kOk)),
                                    std::string(status_name(status)));
}

/// Decode table words as {u8 symbol, u8 nbits, u16 base, little-endian}.
std::vector<std::uint8_t> record_bytes_of(std::span<const std::uint32_t> words) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint32_t word : words) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<std::uint8_t>(word >> shift));
    }
  }
  return bytes;
}

std::string check_entries(const json& one, std::span<const std::uint32_t> words) {
  if (!has(one, "dectab")) return {};
  std::vector<std::uint32_t> want;
  for (const auto& row : integer_rows<std::uint16_t>(one, "dectab")) {
    if (row.size() != 3) throw DataError("field 'dectab': a row has not three numbers");
    want.push_back(
        to_word(Entry{static_cast<symbol_t>(row[0]), static_cast<std::uint8_t>(row[1]), row[2]}));
  }
  return difference("dectab", want, words);
}

std::string check_crc(const json& one, std::span<const std::uint32_t> words) {
  if (!has(one, "dectab_crc32")) return {};
  return difference_of("dectab_crc32", text(one, "dectab_crc32"),
                       crc32_text(record_bytes_of(words)));
}

tans_py::Spread spread_of(const json& one) {
  const std::string name = text(one, "spread");
  if (name == "precise") return tans_py::Spread::kPrecise;
  if (name == "fast") return tans_py::Spread::kFast;
  throw DataError("field 'spread': '" + name + "' is not precise or fast");
}

std::string check_tans_py(const json&, const json& one) {
  const auto counts = integers<std::uint32_t>(one, "counts");
  const auto message = hex_member(one, "msg_hex");
  const auto bits = hex_member(one, "bits_hex");
  const auto n_bits = integer<std::uint64_t>(one, "nbits");
  const tans_py::Table table(counts, spread_of(one));
  const tans_py::Stream stream = tans_py::encode(table, message);
  const tans_py::Decoded back = tans_py::decode(table, bits, n_bits, message.size());
  const std::string spread =
      has(one, "spread_hex") ? difference("spread", hex_member(one, "spread_hex"), table.spread())
                             : std::string();
  return first(
      {spread, check_entries(one, table.decode_words()), check_crc(one, table.decode_words()),
       difference_of<std::uint64_t>("nbits", n_bits, stream.n_bits),
       difference("bits", bits, stream.bytes),
       difference_of("start_state", integer<std::uint32_t>(one, "start_state"), stream.start_state),
       difference_of("final_state", integer<std::uint32_t>(one, "final_state"), stream.final_state),
       wrong_status("decode", back.status), difference("message", message, back.message)});
}

std::string check_rescale(const json&, const json& one) {
  const auto counts = integers<std::uint64_t>(one, "input");
  const auto max_sum = integer<std::uint64_t>(one, "max_sum");
  const bool refused = has(one, "error");
  try {
    const auto got = tans_py::rescale(counts, max_sum, tans_py::Target::kNext);
    if (refused) return "result: want " + text(one, "error") + ", got a sum";
    return difference("result", integers<std::uint64_t>(one, "result"), got);
  } catch (const std::invalid_argument&) {
    if (refused) return {};
    throw;
  }
}

/// What the peer codes wrongly, or refuses, is refused.
std::string check_defect(const json&, const json& one) {
  const auto counts = integers<std::uint32_t>(one, "counts");
  const auto message = integers<symbol_t>(one, "msg");
  try {
    tans_py::encode(tans_py::Table(counts, spread_of(one)), message);
  } catch (const std::invalid_argument&) {
    return {};
  }
  return "refusal: want one (" + text(one, "what") + "), got a stream";
}

fse::Norm norm_of(const json& one) {
  return {integer<unsigned>(one, "tableLog"), integers<std::int16_t>(one, "norm")};
}

/// Trailing absent symbols are not in a header.
fse::Norm trimmed(fse::Norm norm) {
  while (!norm.cells.empty() && norm.cells.back() == 0) norm.cells.pop_back();
  return norm;
}

/// Both directions; with other bytes behind the header, too.
std::string check_header(const json& one, const fse::Norm& norm) {
  const auto bytes = hex_member(one, "ncount_hex");
  auto longer = bytes;
  longer.insert(longer.end(), 8, 0xff);
  const fse::Norm want = trimmed(norm);
  std::string wrong = difference("ncount", bytes, fse::write_header(norm));
  for (const auto& in : {bytes, longer}) {
    const fse::Header header = fse::read_header(in);
    wrong = first({wrong, wrong_status("header", header.status),
                   difference_of("header size", bytes.size(), header.n_bytes),
                   difference_of("header tableLog", want.table_log, header.norm.table_log),
                   difference("header norm", want.cells, header.norm.cells)});
  }
  return wrong;
}

std::string check_normalise(const json&, const json& one) {
  const auto counts = integers<std::uint32_t>(one, "counts");
  const auto table_log = integer<unsigned>(one, "tableLog");
  const fse::Normalised got = fse::normalise(counts, table_log);
  const json returns = got.outcome == fse::Outcome::kWritten     ? json(got.norm.table_log)
                       : got.outcome == fse::Outcome::kOneSymbol ? json(0u)
                                                                 : json("error");
  const std::string wrong = difference_of("returns", member(one, "returns"), returns);
  if (!wrong.empty() || !has(one, "norm")) return wrong;
  const fse::Norm norm = norm_of(one);
  return first({difference("norm", norm.cells, got.norm.cells), check_header(one, norm),
                check_crc(one, fse::Table(norm).decode_words())});
}

std::string check_table_log(const json&, const json& one) {
  const auto n = integer<std::uint32_t>(one, "srcSize");
  if (n < 2) throw DataError("field 'srcSize': under 2");
  return difference_of("tableLog", integer<unsigned>(one, "tableLog"),
                       fse::optimal_table_log(integer<unsigned>(one, "maxTableLog"), n,
                                              integer<unsigned>(one, "maxSymbolValue")));
}

std::string check_symbol_words(const json& one, const fse::Table& table) {
  const auto delta_nbits = integers<std::uint32_t>(one, "deltaNbBits");
  const json& delta_state = list(one, "deltaFindState");
  const std::size_t n = table.norm().cells.size();
  if (delta_nbits.size() != n || delta_state.size() != n) {
    throw DataError("fields 'deltaNbBits', 'deltaFindState': not one for each symbol");
  }
  for (std::size_t s = 0; s < n; ++s) {
    const auto words = table.symbol_words(static_cast<symbol_t>(s));
    const std::string symbol = " of symbol " + std::to_string(s);
    std::string wrong = difference_of("deltaNbBits" + symbol, delta_nbits[s], words.delta_nbits);
    if (!delta_state[s].is_null()) {
      wrong =
          first({wrong, difference_of("deltaFindState" + symbol,
                                      to_integer<std::int32_t>(delta_state[s], "deltaFindState"),
                                      words.delta_state)});
    }
    if (!wrong.empty()) return wrong;
  }
  return {};
}

std::string check_table(const json&, const json& one) {
  const fse::Norm norm = norm_of(one);
  const fse::Table table(norm);
  return first({check_header(one, norm), check_entries(one, table.decode_words()),
                difference_of("fastMode", integer<int>(one, "fastMode"),
                              static_cast<int>(table.every_step_reads())),
                difference("stateTable", integers<std::uint32_t>(one, "stateTable"),
                           table.encoder().next_states()),
                check_symbol_words(one, table)});
}

std::string check_stream(const json& one, fse::Layout layout) {
  const fse::Table table(norm_of(one));
  const auto message = hex_member(one, "src_hex");
  const auto stream = hex_member(one, "stream_hex");
  const fse::Decoded back = fse::decode(table, stream, message.size(), layout);
  return first({difference("stream", stream, fse::encode(table, message, layout)),
                wrong_status("decode", back.status), difference("message", message, back.message)});
}

std::string check_two_states(const json&, const json& one) {
  const fse::Decoded all = fse::decode_all(fse::Table(norm_of(one)), hex_member(one, "stream_hex"),
                                           integer<std::uint32_t>(one, "n"));
  return first({check_stream(one, {}), wrong_status("decode without n", all.status),
                difference("message without n", hex_member(one, "src_hex"), all.message)});
}

std::string check_one_state(const json&, const json& one) {
  const std::string init = text(one, "init");
  if (init != "zero" && init != "last_symbol") {
    throw DataError("field 'init': '" + init + "' is not zero or last_symbol");
  }
  return check_stream(one, {1, init == "last_symbol"});
}

std::string check_block(const json&, const json& one) {
  const auto message = hex_member(one, "src_hex");
  const fse::Block block = fse::encode_block(message, integer<unsigned>(one, "maxSymbolValue"),
                                             integer<unsigned>(one, "tableLog"));
  if (!has(one, "block_hex")) {
    const json& returns = member(one, "returns");
    const fse::Outcome want = returns == json(0)   ? fse::Outcome::kIncompressible
                              : returns == json(1) ? fse::Outcome::kOneSymbol
                                                   : fse::Outcome::kRefused;
    return difference_of("returns", static_cast<int>(want), static_cast<int>(block.outcome));
  }
  const auto bytes = hex_member(one, "block_hex");
  const fse::Decoded back = fse::decode_block(bytes, message.size());
  return first({difference("block", bytes, block.bytes), wrong_status("decode", back.status),
                difference("message", message, back.message)});
}

constexpr InteropCheck kTansChecks[] = {
    {"tans_py", "cases", check_tans_py},
    {"tans_py", "rescale_cases", check_rescale},
    {"tans_py", "defect_cases", check_defect},
    {"fse", "normalize_cases", check_normalise},
    {"fse", "optimal_tablelog_cases", check_table_log},
    {"fse", "table_cases", check_table},
    {"fse", "stream_cases", check_two_states},
    {"fse", "single_state_cases", check_one_state},
    {"fse", "block_cases", check_block},
};

}  // namespace

std::span<const InteropCheck> interop_tans() { return kTansChecks; }

}  // namespace transom::golden
