// vectors.cpp — the list of vectors, and their files.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/vectors.hpp"

#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "transom/container/container.hpp"
#include "transom/golden/manifest.hpp"
#include "transom/golden/sha256.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/pairs.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"

namespace transom::golden {
namespace {

using json = nlohmann::ordered_json;
using Random = std::mt19937;  // raw draws only: distributions differ between libraries

/// Two-sided geometric values around 0, as weights and activations are; `scale` in values.
value_t draw_value(Random& random, const DType& dtype, unsigned scale) {
  std::int32_t magnitude = 0;
  while (magnitude < dtype.max() && random() % (scale + 1) != 0) ++magnitude;
  const bool negative = dtype.is_signed && random() % 2 == 0;
  return to_pattern(negative ? -magnitude : magnitude, dtype);
}

/// A tensor, its coding and how it lies over streams.
struct Plan {
  const char* name;
  const char* comment;
  Coding coding;
  DType dtype;
  std::uint32_t n_values;
  unsigned scale;  ///< 0: every value is 0
  unsigned table_log;
  unsigned rows;  ///< APack's; 0 for whole values
  std::uint32_t n_streams = 1;
  std::uint32_t chunk = 1;
  Spread spread = Spread::kTuned;
};

constexpr DType kInt4{4, true}, kInt8{8, true}, kUint8{8, false}, kInt16{16, true};

const Plan kValid[] = {
    {"tans_int8", "whole values", Coding::kTans, kInt8, 400, 12, 10, 0},
    {"tans_step", "the step spread", Coding::kTans, kInt8, 200, 12, 9, 0, 1, 1, Spread::kStep},
    {"tans_exact", "Duda's spread", Coding::kTans, kInt8, 200, 12, 9, 0, 1, 1, Spread::kExact},
    {"tans_int4", "16 symbols", Coding::kTans, kInt4, 300, 2, 6, 0, 2},
    {"tans_r14", "largest table", Coding::kTans, kUint8, 100, 20, 14, 0},
    {"tans_r1", "smallest table of two symbols", Coding::kTans, {1, false}, 65, 1, 1, 0},
    {"tans_constant", "one symbol: no bits per value", Coding::kTans, kUint8, 50, 0, 0, 0, 2},
    {"tans_constant_r8", "one symbol that owns all 2^8 slots", Coding::kTans, kUint8, 50, 0, 8, 0},
    {"rans_int8", "whole values", Coding::kRans, kInt8, 400, 12, 12, 0},
    {"rans_constant", "freq = 2^R", Coding::kRans, kUint8, 50, 0, 12, 0},
    {"rans_int4", "four streams", Coding::kRans, kInt4, 300, 2, 8, 0, 4},
    {"apack_tans_int8", "four streams in order", Coding::kApackTans, kInt8, 500, 12, 8, 16, 4},
    {"apack_tans_chunk", "chunks of 5 over 3 streams", Coding::kApackTans, kInt8, 301, 8, 8, 12, 3,
     5},
    {"apack_tans_int16", "wide offsets", Coding::kApackTans, kInt16, 300, 900, 9, 16, 2},
    {"apack_tans_64", "64 streams", Coding::kApackTans, kUint8, 700, 9, 7, 16, 64},
    {"apack_tans_one", "a single value", Coding::kApackTans, kUint8, 1, 9, 5, 1},
    {"apack_tans_idle", "streams without a value in the last round", Coding::kApackTans, kUint8, 5,
     9, 5, 4, 4, 2},
    {"apack_tans_empty", "no values", Coding::kApackTans, kUint8, 0, 9, 0, 1},
    {"apack_rans_int8", "four streams in order", Coding::kApackRans, kInt8, 500, 12, 10, 16, 4},
    {"apack_rans_int16", "wide offsets", Coding::kApackRans, kInt16, 300, 900, 10, 16},
    {"apack_ac_int8", "four streams in order", Coding::kApackAc, kInt8, 500, 12, 10, 16, 4},
    {"apack_ac_sparse", "long underflow and rows of count 1", Coding::kApackAc, kInt8, 600, 1, 10,
     8},
    {"apack_ac_int16", "wide offsets", Coding::kApackAc, kInt16, 300, 900, 10, 16, 2},
    {"raw_int8", "as the offsets of one row", Coding::kRaw, kInt8, 33, 50, 0, 1, 2},
    {"raw_int4", "as the offsets of one row", Coding::kRaw, kInt4, 33, 3, 0, 1, 3},
    {"apack_pair_int8", "four streams of odd length", Coding::kApackTansPair, kInt8, 500, 12, 10,
     16, 4},
    {"apack_pair_step", "the step spread", Coding::kApackTansPair, kInt8, 201, 12, 9, 12, 1, 1,
     Spread::kStep},
    {"apack_pair_exact", "Duda's spread", Coding::kApackTansPair, kInt8, 200, 12, 9, 12, 1, 1,
     Spread::kExact},
    {"apack_pair_chunk", "chunks of 5 over 3 streams", Coding::kApackTansPair, kInt8, 301, 8, 8, 12,
     3, 5},
    {"apack_pair_int4", "16 symbols", Coding::kApackTansPair, kInt4, 300, 2, 8, 16, 2},
    {"apack_pair_int16", "wide offsets", Coding::kApackTansPair, kInt16, 300, 900, 9, 16, 2},
    {"apack_pair_64", "64 streams, of even and of odd length", Coding::kApackTansPair, kUint8, 700,
     9, 8, 16, 64},
    {"apack_pair_r14", "largest table", Coding::kApackTansPair, kUint8, 100, 20, 14, 16},
    {"apack_pair_constant", "one pair: no bits per value", Coding::kApackTansPair, kUint8, 51, 0, 0,
     2, 2},
    {"apack_pair_constant_r8", "one pair that owns all 2^8 slots", Coding::kApackTansPair, kUint8,
     51, 0, 8, 2},
    {"apack_pair_one", "a single value: half a pair", Coding::kApackTansPair, kUint8, 1, 9, 5, 2},
    {"apack_pair_two", "two values: one pair", Coding::kApackTansPair, kUint8, 2, 9, 5, 2},
    {"apack_pair_idle", "streams without a value in the last round", Coding::kApackTansPair, kUint8,
     5, 9, 5, 4, 4, 2},
    {"apack_pair_empty", "no values", Coding::kApackTansPair, kUint8, 0, 9, 0, 1},
    {"apack_nrans_int8", "four streams in order", Coding::kApackNrans, kInt8, 500, 12, 10, 16, 4},
    {"apack_nrans_chunk", "chunks of 5 over 3 streams", Coding::kApackNrans, kInt8, 301, 8, 8, 12,
     3, 5},
    {"apack_nrans_int4", "16 symbols", Coding::kApackNrans, kInt4, 300, 2, 7, 16, 2},
    {"apack_nrans_int16", "wide offsets", Coding::kApackNrans, kInt16, 300, 900, 9, 16, 2},
    {"apack_nrans_64", "64 streams", Coding::kApackNrans, kUint8, 700, 9, 8, 16, 64},
    {"apack_nrans_r12", "most slots", Coding::kApackNrans, kUint8, 200, 20, 12, 16},
    {"apack_nrans_sparse", "a common row, rare ones", Coding::kApackNrans, kInt8, 600, 1, 12, 8},
    {"apack_nrans_r1", "two slots", Coding::kApackNrans, {1, false}, 65, 1, 1, 2},
    {"apack_nrans_constant", "one symbol: no bits per value, two of state", Coding::kApackNrans,
     kUint8, 50, 0, 0, 1, 2},
    {"apack_nrans_constant_r12", "freq = 2^R", Coding::kApackNrans, kUint8, 50, 0, 12, 1},
    {"apack_nrans_one", "a single value", Coding::kApackNrans, kUint8, 1, 9, 5, 1},
    {"apack_nrans_idle", "streams without a value in the last round", Coding::kApackNrans, kUint8,
     5, 9, 5, 4, 4, 2},
    {"apack_nrans_empty", "no values", Coding::kApackNrans, kUint8, 0, 9, 0, 1},
};

CodedTensor make(const Plan& plan, Random& random) {
  Tensor tensor{plan.name, plan.dtype, {plan.n_values}, {}};
  for (std::uint32_t i = 0; i < plan.n_values; ++i) {
    tensor.values.push_back(draw_value(random, plan.dtype, plan.scale));
  }
  const auto counts = histogram(tensor.values, plan.dtype.bits);
  Code code{plan.coding, plan.table_log, plan.spread, {}, {}};
  if (plan.coding == Coding::kRaw) {
    code = raw_code(plan.dtype);
  } else if (plan.rows == 0) {
    std::vector<value_t> starts(counts.size());
    std::iota(starts.begin(), starts.end(), value_t{0});
    code.rows = make_rows(starts, plan.dtype.bits);
    code.freq = quantise(counts, plan.table_log);
  } else if (codec(plan.coding).pairs) {
    code.rows = RangeSearch(counts, plan.dtype.bits, plan.rows).rows(plan.rows);
    const PrefixMap prefix(code.rows, plan.dtype.bits);
    const auto symbol_of = [&](std::uint32_t i) { return prefix[tensor.values[i]]; };
    code.freq = quantise(
        pair_histogram({plan.n_values, plan.n_streams, plan.chunk}, code.rows.size(), symbol_of),
        plan.table_log);
  } else {
    RangeTable table =
        RangeSearch(counts, plan.dtype.bits, plan.rows).quantised(plan.rows, plan.table_log);
    code.rows = std::move(table.rows);
    code.freq = std::move(table.freq);
  }
  return encode(tensor, code, plan.n_streams, plan.chunk);
}

/// A way to damage stream 0.
struct Damage {
  const char* name;
  const char* comment;
  void (*apply)(StreamWords& stream);
};

const Damage kDamages[] = {
    {"cut", "the last symbol word is missing", [](StreamWords& l) { l.symbols.pop_back(); }},
    {"cut_all", "the symbol stream is empty", [](StreamWords& l) { l.symbols.clear(); }},
    {"long", "a zero word follows the symbols", [](StreamWords& l) { l.symbols.push_back(0); }},
    {"long_ones", "a word of ones follows", [](StreamWords& l) { l.symbols.push_back(~0u); }},
    {"start_state", "bit 0 of the first state is flipped",
     [](StreamWords& l) { l.symbols[0] ^= 1; }},
    {"flip", "a bit in the middle is flipped",
     [](StreamWords& l) { l.symbols[l.symbols.size() / 2] ^= 1u << 13; }},
    {"offsets_cut", "the last offset word is missing",
     [](StreamWords& l) {
       if (!l.offsets.empty()) l.offsets.pop_back();
     }},
    {"offsets_long", "a zero word follows the offsets",
     [](StreamWords& l) { l.offsets.push_back(0); }},
};
const char* const kDamaged[] = {"tans_int8",       "rans_int8",      "apack_tans_int8",
                                "apack_rans_int8", "apack_ac_int8",  "apack_tans_int16",
                                "apack_pair_int8", "apack_pair_one", "apack_pair_constant_r8"};

/// Files of one vector, and their hashes.
class Folder {
 public:
  Folder(files::WholeFolder& root, std::filesystem::path name)
      : root_(root), name_(std::move(name)) {}
  void add(const char* name, const std::string& text) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    root_.write(name_ / name, bytes);
    hashes[name] = sha256(bytes);
  }

  json hashes = json::object();

 private:
  files::WholeFolder& root_;
  std::filesystem::path name_;
};

/// Words for $readmemh, one to a line.
template <class Words>
std::string hex(const Words& words) {
  std::string text;
  char line[16];
  for (const std::uint32_t word : words) {
    std::snprintf(line, sizeof line, "%08x\n", word);
    text += line;
  }
  return text;
}

json write_vector(files::WholeFolder& root, const std::string& name, const std::string& comment,
                  const CodedTensor& tensor) {
  const Codec& c = codec(tensor.code.coding);
  const StreamLayout layout = tensor.layout();
  const Decoded decoded = decode(tensor);
  const auto table = c.make_table(tensor.code);
  const auto rows = make_row_words(tensor.code);

  std::vector<std::uint32_t> directory;
  std::string symbols, offsets;
  std::string trace = "stream,index,symbol,state,symbol_bits,offset_bits,value\n";
  json stream_list = json::array();
  for (std::uint32_t stream = 0; stream < layout.n_streams; ++stream) {
    const StreamWords& words = tensor.streams[stream];
    const auto n_symbols = static_cast<std::uint32_t>(words.symbols.size());
    const auto n_offsets = static_cast<std::uint32_t>(words.offsets.size());
    directory.insert(directory.end(), {layout.stream_values(stream), n_symbols, n_offsets});
    symbols += hex(words.symbols);
    offsets += hex(words.offsets);
    std::size_t index = 0;
    for (const TracedValue& v :
         c.trace_stream(table, tensor.code.table_log, rows, words, layout.stream_values(stream))) {
      for (const std::uint64_t column :
           {std::uint64_t{stream}, std::uint64_t{index++}, std::uint64_t{v.symbol}, v.state,
            v.symbol_position, v.offset_position}) {
        trace += std::to_string(column) + ',';
      }
      trace += std::to_string(v.value) + '\n';
    }
    stream_list.push_back({{"values", layout.stream_values(stream)},
                           {"symbol_words", n_symbols},
                           {"offset_words", n_offsets},
                           {"status", status_name(decoded.streams[stream])}});
  }
  const auto bytes = write_container(std::span(&tensor, 1));
  Folder folder(root, name);
  folder.add("tensor.tsm", {bytes.begin(), bytes.end()});
  if (c.lane != LaneKind::kRans || tensor.code.table_log <= kRansLaneTableLog) {
    folder.add("table.hex", hex(c.make_unit_table(tensor.code)));
  }
  folder.add("rows.hex", hex(rows));
  folder.add("streams.hex", hex(directory));
  folder.add("symbols.hex", symbols);
  folder.add("offsets.hex", offsets);
  folder.add("values.hex", hex(decoded.values));
  folder.add("trace.csv", trace);
  return {{"name", name},
          {"comment", comment},
          {"result", decoded.status == Status::kOk ? "valid" : "invalid"},
          {"status", status_name(decoded.status)},
          {"coding", c.name},
          {"value_bits", tensor.dtype.bits},
          {"signed", tensor.dtype.is_signed},
          {"table_log", tensor.code.table_log},
          {"chunk", layout.chunk},
          {"values", layout.n_values},
          {"streams", std::move(stream_list)},
          {"sha256", std::move(folder.hashes)}};
}

}  // namespace

VectorCount write_vectors(const std::filesystem::path& folder, std::uint32_t seed) {
  files::WholeFolder whole(folder, why_not_replace);
  json vectors = json::array();
  VectorCount count;
  const auto add = [&](const std::string& name, const std::string& comment,
                       const CodedTensor& tensor) {
    vectors.push_back(write_vector(whole, name, comment, tensor));
    ++(vectors.back()["result"] == "valid" ? count.valid : count.invalid);
  };
  Random random(seed);
  for (const Plan& plan : kValid) {
    CodedTensor tensor = make(plan, random);
    add(plan.name, plan.comment, tensor);
    for (const char* const damaged : kDamaged) {
      if (damaged != std::string_view(plan.name)) continue;
      for (const Damage& damage : kDamages) {
        CodedTensor bad = tensor;
        damage.apply(bad.streams[0]);
        if (bad != tensor) add(std::string(plan.name) + "_" + damage.name, damage.comment, bad);
      }
    }
  }
  const json manifest{
      {"generator", "transom vectors"},
      {"version", 2},
      {"seed", seed},
      {"readme",
       "*.hex: 32-bit words, one to a line, for $readmemh. table.hex: the words that "
       "a hardware lane loads (tANS: [7:0] symbol, [15:8] nbits, [31:16] base; pairs: "
       "the first symbol in [3:0], the second in [7:4]; rANS, a word per slot: [7:0] "
       "symbol, [19:8] freq - 1, [31:20] slot - cum; arithmetic: the first 16 "
       "cumulative counts); not there where rANS has more slots than a lane. rows.hex: "
       "[15:0] vmin, [20:16] offset_bits. streams.hex: of each stream its number of "
       "values, symbol words and offset words. symbols.hex, offsets.hex: the words of "
       "all streams, one stream after the other. values.hex: in the tensor's order. "
       "trace.csv: the golden decoder's steps, positions and state after each."},
      {"vectors", std::move(vectors)}};
  whole.write(kManifestFile, manifest.dump(1) + '\n');
  whole.keep();
  return count;
}

}  // namespace transom::golden
