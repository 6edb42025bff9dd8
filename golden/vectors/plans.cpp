// plans.cpp — the list of vectors: tANS, rANS and raw values; what every coding has.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "transom/golden/vectors/plan.hpp"

namespace transom::golden {
namespace {

constexpr DType kInt4{4, true}, kUint4{4, false}, kInt8{8, true}, kUint8{8, false};
constexpr DType kInt16{16, true}, kUint16{16, false};
constexpr Spread kTuned = Spread::kTuned;
constexpr Draw kUniform = Draw::kUniform;

/// A table of every R that a coding has, in turns in each spread.
void add_every_log(std::vector<Plan>& plans, const std::string& name, Coding coding) {
  const Codec& c = codec(coding);
  for (unsigned R = c.min_table_log; R <= c.max_table_log; ++R) {
    // As many symbols as there is room for: of whole values W says how many.
    const bool whole = c.max_rows == 0;
    const auto bits = static_cast<std::uint8_t>(std::clamp(R, 1u, 8u));
    const unsigned rows = whole ? 0 : 1u << std::min(c.pairs ? R / 2 : R, 4u);
    plans.push_back({name + "_r" + std::to_string(R),
                     "a table of 2^" + std::to_string(R) + " slots", coding,
                     DType{whole ? bits : std::uint8_t{8}, false}, 201, whole && R == 0 ? 0u : 1u,
                     R, rows, 1, 1, static_cast<Spread>(R % kSpreads), "", "TableSize", nullptr,
                     whole && R == 0 ? Draw::kGeometric : kUniform,
                     R == 0 || R > 8 ? Freq::kFitted : Freq::kEqual});
  }
}

/// Offsets of 16 bits; steps that take the most bits; every word of a small one.
void add_common(std::vector<Plan>& plans, const std::string& name, Coding coding, unsigned R,
                unsigned small_values) {
  const unsigned R0 = codec(coding).min_table_log;
  const bool pairs = codec(coding).pairs;
  plans.push_back({name + "_offset16", "one row: the whole value is an offset of 16 bits", coding,
                   kInt16, 75, 1, R0, 1, 2, 1, kTuned, "Z", "WideOffset", has_both_ends,
                   Draw::kEnds, Freq::kOnes});
  plans.push_back({name + "_rare", "symbols of frequency 1: steps take the most bits", coding,
                   kUint8, 150, 1, R, pairs ? 12u : 16u, 1, 1, kTuned, "S", "MaxRenormalisation",
                   coding == Coding::kApackAc ? nullptr : has_widest_step, kUniform, Freq::kOnes});
  for (const unsigned n : {2u, 4u, 8u, 16u, 32u}) {
    plans.push_back({name + "_values" + std::to_string(n), "one bit of the number of values is 1",
                     coding, kUint8, n, 9, R, 4, 1, 1, kTuned, "", "NumberOfValues"});
  }
  plans.push_back({name + "_behind", "a stream without a value waits behind one of 20", coding,
                   kUint8, 130, 9, R, 4, 8, 20, kTuned, "", "EmptyStream"});
  plans.push_back({name + "_each", "40 streams, for damages of each", coding, kUint8, 480, 9,
                   std::min(codec(coding).max_table_log, 12u), pairs ? 12u : 16u, 40, 1, kTuned,
                   "A"});
  plans.push_back({name + "_small", "six words of symbols, four of offsets", coding, kInt8,
                   small_values, 12, R, pairs ? 16u : 12u, 1, 1, kTuned, "T", "", is_small});
}

/// Streams whose last beats lie over words in each way. Of 15 and of 14 rows: bad_loads() of counts
/// wants each word of a write to be the first behind the rows.
void add_ends(std::vector<Plan>& plans, const std::string& name, Coding coding) {
  plans.push_back({name + "_across", "the last bits begin in one word and end in the next", coding,
                   kInt16, 61, 900, 10, 15, 1, 1, kTuned, "X", "LastWord", ends_across});
  plans.push_back({name + "_after", "the last bits lie in a word that has just come", coding,
                   kInt16, 61, 900, 10, 14, 1, 1, kTuned, "X", "LastWord", ends_after_a_word});
  plans.push_back({name + "_spent", "the bits fill a word, and the last symbol takes none", coding,
                   kUint8, 61, 60, std::min(codec(coding).max_table_log, 12u), 2, 1, 1, kTuned, "Y",
                   "LastWord", ends_behind_a_word, Draw::kGeometric, Freq::kOnes});
  if (codec(coding).lane == LaneKind::kRans) return;  // whose last symbol takes no bit
  plans.push_back({name + "_full", "the last symbol's bits fill a word", coding, kInt16, 61, 900,
                   10, 15, 1, 1, kTuned, "Y", "LastWord", ends_a_word});
}

/// Streams with next to nothing in them, chunks: of a coding whose other vectors have none.
void add_short(std::vector<Plan>& plans, const std::string& name, Coding coding, unsigned R) {
  plans.push_back({name + "_chunk", "chunks of 5 over 3 streams", coding, kInt8, 301, 8, R, 12, 3,
                   5, kTuned, "", "Chunks"});
  plans.push_back({name + "_one", "a single value", coding, kUint8, 1, 9, R, 1});
  plans.push_back({name + "_idle", "streams without a value in the last round", coding, kUint8, 5,
                   9, R, 4, 4, 2, kTuned, "", "EmptyStream"});
  plans.push_back(
      {name + "_empty", "no values", coding, kUint8, 0, 9, R, 1, 1, 1, kTuned, "", "EmptyStream"});
}

/// Streams of one symbol, as many as their state has bits: it ends as it begins.
Plan end_bits(const std::string& name, Coding coding, unsigned R, unsigned rows,
              std::uint32_t n_bits) {
  return {name + "_end_bits",
          "one symbol: the last state is the first one",
          coding,
          kUint8,
          4 * n_bits,
          0,
          R,
          rows,
          n_bits,
          1,
          kTuned,
          "K",
          "EndState"};
}

/// The offsets of the last pair, and of the one before, each begin in one word and end in the next.
bool ends_far(const CodedTensor& tensor) {
  const auto trace = trace_of(tensor, 0);
  const auto crosses = [&](std::size_t first, std::size_t last) {
    const std::uint64_t from = trace[first - 1].offset_position, to = trace[last].offset_position;
    return from % kWordBits != 0 && to % kWordBits != 0 && from / kWordBits != to / kWordBits;
  };
  const std::size_t n = trace.size();
  return crosses(n - 2, n - 1) && crosses(n - 4, n - 3);
}

/// Each state of a small table.
Plan every_state(const std::string& name, Coding coding) {
  return {name + "_states",
          "each state of a small table is reached",
          coding,
          kInt8,
          8000,
          12,
          5,
          4,
          1,
          1,
          kTuned,
          "",
          "EveryState",
          has_every_state};
}

}  // namespace

std::vector<Plan> tans_plans() {
  std::vector<Plan> plans{
      {"tans_int8", "whole values", Coding::kTans, kInt8, 400, 12, 10, 0, 1, 1, kTuned, "LSEC"},
      {"tans_step", "the step spread", Coding::kTans, kInt8, 200, 12, 9, 0, 1, 1, Spread::kStep, "",
       "Spread"},
      {"tans_exact", "Duda's spread", Coding::kTans, kInt8, 200, 12, 9, 0, 1, 1, Spread::kExact, "",
       "Spread"},
      {"tans_int4", "16 symbols", Coding::kTans, kInt4, 300, 2, 6, 0, 2},
      {"tans_uint4", "16 symbols, unsigned", Coding::kTans, kUint4, 300, 2, 6, 0, 2},
      {"tans_int16", "200 ranges", Coding::kTans, kInt16, 300, 900, 11, 200, 2, 1, kTuned, "O",
       "ManyRows"},
      {"tans_uint16", "256 ranges", Coding::kTans, kUint16, 300, 900, 12, 256, 2, 1, kTuned, "",
       "ManyRows"},
      {"tans_constant", "one symbol: no bits per value", Coding::kTans, kUint8, 50, 0, 0, 0, 2, 1,
       kTuned, "L", "OneSymbol"},
      {"tans_constant_r8", "one symbol that owns all 2^8 slots", Coding::kTans, kUint8, 50, 0, 8, 0,
       1, 1, kTuned, "F", "OneSymbol"},
      {"tans_rare", "symbols of frequency 1: steps take 14 bits", Coding::kTans, kUint8, 150, 1, 14,
       0, 1, 1, kTuned, "", "MaxRenormalisation", has_widest_step, kUniform, Freq::kOnes},
  };
  plans.push_back(end_bits("tans", Coding::kTans, 14, 0, 14));
  add_every_log(plans, "tans", Coding::kTans);
  return plans;
}

std::vector<Plan> rans_plans() {
  std::vector<Plan> plans{
      {"rans_int8", "whole values", Coding::kRans, kInt8, 400, 12, 12, 0, 1, 1, kTuned, "LSCN"},
      {"rans_constant", "freq = 2^R", Coding::kRans, kUint8, 50, 0, 12, 0, 1, 1, kTuned, "LF",
       "OneSymbol"},
      {"rans_int4", "four streams", Coding::kRans, kInt4, 300, 2, 8, 0, 4},
      {"rans_int16", "200 ranges", Coding::kRans, kInt16, 300, 900, 11, 200, 2, 1, kTuned, "O",
       "ManyRows"},
      {"rans_rare", "symbols of frequency 1", Coding::kRans, kUint8, 150, 1, 12, 0, 1, 1, kTuned,
       "S", "MaxRenormalisation", has_widest_step, kUniform, Freq::kOnes},
  };
  // A table of one slot takes no bits, whatever the state: bit 16 may be 0.
  plans.push_back(end_bits("rans", Coding::kRans, 0, 0, 32));
  add_every_log(plans, "rans", Coding::kRans);
  return plans;
}

std::vector<Plan> apack_tans_plans() {
  const Coding coding = Coding::kApackTans;
  std::vector<Plan> plans{
      {"apack_tans_int8", "four streams in order", coding, kInt8, 500, 12, 8, 16, 4, 1, kTuned,
       "LSEOBMCN"},
      {"apack_tans_chunk", "chunks of 5 over 3 streams", coding, kInt8, 301, 8, 8, 12, 3, 5, kTuned,
       "", "Chunks"},
      {"apack_tans_step", "the step spread", coding, kInt8, 200, 12, 9, 16, 1, 1, Spread::kStep, "",
       "Spread"},
      {"apack_tans_exact", "Duda's spread", coding, kInt8, 200, 12, 9, 16, 1, 1, Spread::kExact, "",
       "Spread"},
      {"apack_tans_int16", "wide offsets", coding, kInt16, 300, 900, 9, 16, 2, 1, kTuned, "OB",
       "WideOffset"},
      {"apack_tans_64", "64 streams", coding, kUint8, 700, 9, 7, 16, 64},
      {"apack_tans_one", "a single value", coding, kUint8, 1, 9, 5, 1},
      {"apack_tans_idle", "streams without a value in the last round", coding, kUint8, 5, 9, 5, 4,
       4, 2, kTuned, "", "EmptyStream"},
      {"apack_tans_empty", "no values", coding, kUint8, 0, 9, 0, 1, 1, 1, kTuned, "",
       "EmptyStream"},
      {"apack_tans_bf16", "floats, exponent first", coding, float_dtype(0), 300, 900, 9, 16, 2},
      {"apack_tans_fp16", "floats, exponent first", coding, float_dtype(1), 300, 900, 9, 16, 2},
      {"apack_tans_fp8_e4m3", "floats, exponent first", coding, float_dtype(2), 200, 20, 9, 16},
      {"apack_tans_fp8_e5m2", "floats, exponent first", coding, float_dtype(3), 200, 20, 9, 16},
  };
  plans.push_back(every_state("apack_tans", coding));
  add_every_log(plans, "apack_tans", coding);
  add_common(plans, "apack_tans", coding, 10, 54);
  add_ends(plans, "apack_tans", coding);
  return plans;
}

std::vector<Plan> apack_pair_plans() {
  const Coding coding = Coding::kApackTansPair;
  std::vector<Plan> plans{
      {"apack_pair_int8", "four streams of odd length", coding, kInt8, 500, 12, 10, 16, 4, 1,
       kTuned, "LSEOBMCN"},
      {"apack_pair_step", "the step spread", coding, kInt8, 201, 12, 9, 12, 1, 1, Spread::kStep, "",
       "Spread"},
      {"apack_pair_exact", "Duda's spread", coding, kInt8, 200, 12, 9, 12, 1, 1, Spread::kExact, "",
       "Spread"},
      {"apack_pair_chunk", "chunks of 5 over 3 streams", coding, kInt8, 301, 8, 8, 12, 3, 5, kTuned,
       "", "Chunks"},
      {"apack_pair_int4", "16 symbols", coding, kInt4, 300, 2, 8, 16, 2},
      {"apack_pair_int16", "wide offsets", coding, kInt16, 300, 900, 9, 16, 2, 1, kTuned, "O",
       "WideOffset"},
      {"apack_pair_64", "64 streams, of even and of odd length", coding, kUint8, 700, 9, 8, 16, 64},
      {"apack_pair_constant", "one pair: no bits per value", coding, kUint8, 51, 0, 0, 2, 2, 1,
       kTuned, "", "OneSymbol"},
      {"apack_pair_constant_r8", "one pair that owns all 2^8 slots", coding, kUint8, 51, 0, 8, 2, 1,
       1, kTuned, "LSE", "OneSymbol"},
      {"apack_pair_one", "a single value: half a pair", coding, kUint8, 1, 9, 5, 2, 1, 1, kTuned,
       "LC", "DroppedSymbol"},
      {"apack_pair_two", "two values: one pair", coding, kUint8, 2, 9, 5, 2},
      {"apack_pair_dropped", "the symbol that is dropped has offset bits that are not there",
       coding, kInt8, 101, 30, 9, 8, 1, 1, kTuned, "", "DroppedSymbol", drops_an_offset},
      {"apack_pair_idle", "streams without a value in the last round", coding, kUint8, 5, 9, 5, 4,
       4, 2, kTuned, "", "EmptyStream"},
      {"apack_pair_empty", "no values", coding, kUint8, 0, 9, 0, 1, 1, 1, kTuned, "",
       "EmptyStream"},
  };
  plans.push_back(every_state("apack_pair", coding));
  plans.push_back(end_bits("apack_pair", coding, 14, 2, 14));
  add_every_log(plans, "apack_pair", coding);
  add_common(plans, "apack_pair", coding, 10, 66);
  add_ends(plans, "apack_pair", coding);
  plans.push_back({"apack_pair_far", "two pairs of offsets that end in a new word each", coding,
                   kInt16, 62, 900, 10, 12, 1, 1, kTuned, "X", "LastWord", ends_far});
  return plans;
}

std::vector<Plan> apack_nrans_plans() {
  const Coding coding = Coding::kApackNrans;
  std::vector<Plan> plans{
      {"apack_nrans_int8", "four streams in order", coding, kInt8, 500, 12, 10, 16, 4, 1, kTuned,
       "LSEOBMCN"},
      {"apack_nrans_chunk", "chunks of 5 over 3 streams", coding, kInt8, 301, 8, 8, 12, 3, 5,
       kTuned, "", "Chunks"},
      {"apack_nrans_int4", "16 symbols", coding, kInt4, 300, 2, 7, 16, 2},
      {"apack_nrans_int16", "wide offsets", coding, kInt16, 300, 900, 9, 16, 2, 1, kTuned, "O",
       "WideOffset"},
      {"apack_nrans_64", "64 streams", coding, kUint8, 700, 9, 8, 16, 64},
      {"apack_nrans_sparse", "a common row, rare ones", coding, kInt8, 600, 1, 12, 8},
      {"apack_nrans_constant", "one symbol: no bits per value, two of state", coding, kUint8, 50, 0,
       0, 1, 2, 1, kTuned, "", "OneSymbol"},
      {"apack_nrans_constant_r12", "freq = 2^R", coding, kUint8, 50, 0, 12, 1, 1, 1, kTuned, "LS",
       "OneSymbol"},
      {"apack_nrans_one", "a single value", coding, kUint8, 1, 9, 5, 1},
      {"apack_nrans_idle", "streams without a value in the last round", coding, kUint8, 5, 9, 5, 4,
       4, 2, kTuned, "", "EmptyStream"},
      {"apack_nrans_empty", "no values", coding, kUint8, 0, 9, 0, 1, 1, 1, kTuned, "",
       "EmptyStream"},
  };
  // A table is a thousand bits of registers, each in two banks.
  for (const unsigned scale : {1u, 3u, 6u, 12u, 25u, 50u}) {
    plans.push_back({"apack_nrans_scale" + std::to_string(scale), "frequencies of another shape",
                     coding, kInt8, 301, scale, 12, 16, 1, 1, kTuned, "", "TableSize"});
  }
  for (unsigned row = 0; row < kMaxApackRows; ++row) {
    plans.push_back({"apack_nrans_row" + std::to_string(row),
                     "a row that owns all slots but one of each other", coding, kUint8, 301, row,
                     12, kMaxApackRows, 1, 1, kTuned, "", "LargeRow", nullptr, Draw::kRows,
                     Freq::kOneRow});
  }
  plans.push_back(every_state("apack_nrans", coding));
  plans.push_back(end_bits("apack_nrans", coding, 12, 1, 14));
  add_every_log(plans, "apack_nrans", coding);
  add_common(plans, "apack_nrans", coding, 12, 54);
  add_ends(plans, "apack_nrans", coding);
  return plans;
}

std::vector<Plan> apack_rans_plans() {
  const Coding coding = Coding::kApackRans;
  std::vector<Plan> plans{
      {"apack_rans_int8", "four streams in order", coding, kInt8, 500, 12, 10, 16, 4, 1, kTuned,
       "LSOBMCN"},
      {"apack_rans_int16", "wide offsets", coding, kInt16, 300, 900, 10, 16, 1, 1, kTuned, "O",
       "WideOffset"},
  };
  add_common(plans, "apack_rans", coding, 12, 54);
  add_ends(plans, "apack_rans", coding);
  add_short(plans, "apack_rans", coding, 8);
  return plans;
}

std::vector<Plan> apack_ac_plans() {
  const Coding coding = Coding::kApackAc;
  std::vector<Plan> plans{
      {"apack_ac_int8", "four streams in order", coding, kInt8, 500, 12, 10, 16, 4, 1, kTuned,
       "LSEOBMCN"},
      {"apack_ac_sparse", "rows of count 1", coding, kInt8, 600, 1, 10, 8},
      {"apack_ac_int16", "wide offsets", coding, kInt16, 300, 900, 10, 16, 2, 1, kTuned, "O",
       "WideOffset"},
      {"apack_ac_shift", "steps that shift by 12, the most there is", coding, kUint8, 400, 1, 10,
       16, 1, 1, kTuned, "S", "MaxRenormalisation", has_widest_step, Draw::kShift, Freq::kOnes},
      {"apack_ac_underflow", "32 bits and more are owed at once", coding, kUint8, 400, 1, 10, 15, 1,
       1, kTuned, "SE", "Underflow", owes_a_word, Draw::kUnderflow, Freq::kEqual},
      {"apack_ac_constant", "count 2^10: no bits per value", coding, kUint8, 50, 0, 10, 1, 1, 1,
       kTuned, "LSE", "OneSymbol"},
  };
  add_common(plans, "apack_ac", coding, 10, 54);
  add_ends(plans, "apack_ac", coding);
  add_short(plans, "apack_ac", coding, 10);
  plans.push_back(end_bits("apack_ac", coding, 10, 1, 16));
  return plans;
}

std::vector<Plan> raw_plans() {
  const Coding coding = Coding::kRaw;
  return {
      {"raw_int8", "as the offsets of one row", coding, kInt8, 33, 50, 0, 1, 2, 1, kTuned, "C"},
      {"raw_int4", "as the offsets of one row", coding, kInt4, 33, 3, 0, 1, 3},
      {"raw_int16", "more than 2^16 bits of offsets", coding, kInt16, 4200, 1, 0, 1, 1, 1, kTuned,
       "", "LongStream", nullptr, kUniform},
  };
}

std::vector<Plan> width_plans() {
  constexpr Coding kInTurn[] = {Coding::kApackTans,  Coding::kApackRans,     Coding::kApackAc,
                                Coding::kApackNrans, Coding::kApackTansPair, Coding::kRaw,
                                Coding::kTans};
  std::vector<Plan> plans;
  for (std::uint8_t bits = 1; bits <= kMaxValueBits; ++bits) {
    for (const bool is_signed : {false, true}) {
      const DType dtype{bits, is_signed};
      const Coding coding = kInTurn[plans.size() % std::size(kInTurn)];
      const bool whole = coding == Coding::kTans && bits <= 8;
      const unsigned rows = whole ? 0 : std::min(1u << bits, 12u);
      plans.push_back({"width_" + type_name(dtype), "values of " + std::to_string(bits) + " bits",
                       coding, dtype, 90, 3, 10, rows, 2, 1, kTuned, "", "Width", has_both_ends,
                       Draw::kEnds});
    }
  }
  return plans;
}

std::vector<Plan> long_plans() {
  // Values or pairs are an even number with bits 16 and 15 set, and the last pair is half a pair.
  constexpr std::uint32_t kLong = (1u << 16) + (1u << 15) + 500;
  const auto plan = [](const char* name, Coding coding) {
    return Plan{name,
                "more than 2^16 values, bits of symbols and bits of offsets",
                coding,
                kInt4,
                codec(coding).pairs ? kLong + 1 : kLong,
                3,
                10,
                5,
                1,
                1,
                kTuned,
                "",
                "LongStream",
                is_long};
  };
  return {plan("apack_tans_long", Coding::kApackTans), plan("apack_rans_long", Coding::kApackRans),
          plan("apack_ac_long", Coding::kApackAc), plan("apack_pair_long", Coding::kApackTansPair),
          plan("apack_nrans_long", Coding::kApackNrans)};
}

std::span<const Subject> subjects() {
  static constexpr Subject kSubjects[] = {
      {"tans", "tANS on whole values and many ranges", tans_plans},
      {"rans", "rANS on whole values and many ranges", rans_plans},
      {"apack_tans", "APack's ranges, tANS", apack_tans_plans},
      {"apack_tans_pair", "APack's ranges, tANS on pairs", apack_pair_plans},
      {"apack_nrans", "APack's ranges, narrow rANS", apack_nrans_plans},
      {"apack_rans", "APack's ranges, rANS", apack_rans_plans},
      {"apack_ac", "APack's ranges, arithmetic coder", apack_ac_plans},
      {"raw", "raw values", raw_plans},
      {"widths", "values of every width, signed and not", width_plans},
      {"long", "streams whose counters need more than 16 bits", long_plans},
  };
  return kSubjects;
}

}  // namespace transom::golden
