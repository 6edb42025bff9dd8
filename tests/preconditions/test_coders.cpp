// test_coders.cpp — what rooms base, table and coder ask of their arguments.
// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <numeric>
#include <vector>

#include "refused.hpp"
#include "transom/base/log2.hpp"
#include "transom/base/tensor.hpp"
#include "transom/coder/arith.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/rans_alias.hpp"
#include "transom/coder/rans_stack.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/pairs.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
namespace {

using Numbers = std::vector<std::uint32_t>;
using Symbols = std::vector<symbol_t>;
using Starts = std::vector<value_t>;

const Numbers kHalves{2, 2};  // R = 2

TEST_CASE("reliability 4: base refuses fields, types and numbers by name", "[unit]") {
  BitWriter queue;
  CHECK_REFUSED(queue.append(4, 2), "value", "4", "0..3");
  CHECK_REFUSED(queue.append(0, 33), "nbits", "33", "0..32");
  StackWriter stack;
  CHECK_REFUSED(stack.prepend(256, 8), "value", "256", "0..255");
  CHECK_REFUSED(stack.prepend(0, 99), "nbits", "99", "0..32");
  CHECK(queue.n_bits() + stack.n_bits() == 0);

  CHECK_REFUSED((DType{0, false}.max()), "bits", "0", "1..16");
  CHECK_REFUSED((DType{17, true}.min()), "bits", "17", "1..16");
  CHECK_REFUSED(to_pattern(128, {8, true}), "integer", "128", "-128..127");
  CHECK_REFUSED(to_pattern(-1, {8, false}), "integer", "-1", "0..255");
  CHECK_REFUSED(to_integer(16, {4, true}), "pattern", "16", "0..15");
  CHECK_REFUSED(to_integer(0, {200, true}), "bits", "200", "1..16");

  CHECK_REFUSED(log2_fixed(0), "n", "0", "at least 1");
  CHECK_REFUSED(cost_of_bits(std::uint64_t{1} << 39), "n_bits", "549755813888", "below 2^39");
  CHECK_REFUSED(whole_bits(-1), "cost", "-1", "not be negative");
  CHECK_REFUSED(lane_kind_name(static_cast<LaneKind>(5)), "the argument", "5", "0..4");
  CHECK_REFUSED(status_name(static_cast<Status>(200)), "the argument", "200", "0..");
  CHECK_REFUSED(stall_name(static_cast<Stall>(6)), "the argument", "6", "0..5");
}

TEST_CASE("reliability 4: a layout without streams or chunks has no values", "[unit]") {
  std::size_t n_visits = 0;
  const auto count = [&](std::uint32_t) { ++n_visits; };
  for (const StreamLayout layout : {StreamLayout{9, 0, 1}, StreamLayout{9, 3, 0}}) {
    CHECK(layout.stream_values(0) == 0);
    layout.for_each(0, count);
  }
  const StreamLayout layout{9, 2, 2};
  CHECK(layout.stream_values(2) == 0);
  layout.for_each(2, count);
  CHECK(n_visits == 0);
}

TEST_CASE("reliability 4: fields of impossible widths are read without harm", "[unit]") {
  const Numbers words{0x1234'5678, 0x9abc'def0};
  for (unsigned nbits = 0; nbits < 300; ++nbits) {
    BitReader in(words);
    for (unsigned i = 0; i < 8; ++i) in.read(i % 2 == 0 ? nbits : 7);
    CHECK(reverse_bits(0xffff, nbits) <= 0xffff);
  }
}

TEST_CASE("reliability 4: histograms, pairs and quantisation refuse by name", "[unit]") {
  const Starts values{1, 2, 300};
  CHECK_REFUSED(histogram(values, 8), "values[2]", "300", "at most 8 bits");
  CHECK_REFUSED(histogram(values, 0), "value_bits", "0", "1..16");
  CHECK_REFUSED(histogram(values, 40), "value_bits", "40", "1..16");

  CHECK_REFUSED(pair_of(16, 1), "symbol", "16", "0..15");
  CHECK_REFUSED(by_pair(kHalves, 2), "number of frequencies", "2", "must be 4");
  CHECK_REFUSED(by_pair(Numbers(289), 17), "n_symbols", "17", "1..16");
  CHECK_REFUSED(completion(kHalves, 2, 0), "number of weights", "2", "must be 4");
  CHECK_REFUSED(completion(Numbers(4), 2, 2), "first", "2", "0..1");
  CHECK_REFUSED(completion({}, 0, 0), "n_symbols", "0", "1..256");
  const auto seven = [](std::uint32_t) { return symbol_t{7}; };
  CHECK_REFUSED(pair_histogram({4, 1, 1}, 7, seven), "symbol", "7", "0..6");
  CHECK_REFUSED(pair_histogram({4, 1, 1}, 1000, seven), "n_symbols", "1000", "1..256");

  CHECK_REFUSED(quantise(kHalves, 15), "table log", "15", "0..14");
  CHECK_REFUSED(quantise({}, 4), "number of counts", "0", "1..65536");
  CHECK_REFUSED(quantise(Numbers(17, 1), 4), "number of symbols", "17", "16 slots");
  CHECK_REFUSED(coded_cost(kHalves, Numbers{4}, 2), "number of frequencies", "1", "must be 2");
  CHECK_REFUSED(coded_cost(kHalves, Numbers{4, 0}, 2), "freq[1]", "0", "1..2^2");
  CHECK_REFUSED(coded_cost(kHalves, Numbers{5, 1}, 2), "freq[0]", "5", "1..2^2");
  CHECK_REFUSED(coded_cost(kHalves, kHalves, 64), "table log", "64", "0..14");
  CHECK_REFUSED(coded_cost(Numbers(2, 1u << 31), kHalves, 2), "sum of counts", "4294967296",
                "below 2^32");
}

TEST_CASE("reliability 4: ranges refuse by name", "[unit]") {
  const Numbers counts(16, 1);
  CHECK_REFUSED(offset_bits_of(0), "size", "0", "at least 1");
  CHECK_REFUSED(make_rows(Starts{0}, 32), "value_bits", "32", "1..16");
  const std::vector<Row> rows{{0, 2}, {4, 4}};
  CHECK_REFUSED(row_size(rows, 2, 4), "i", "2", "2 rows");
  CHECK_REFUSED(row_size(rows, 0, 77), "value_bits", "77", "1..16");
  CHECK_REFUSED(row_size(std::vector<Row>{{9, 0}, {4, 4}}, 0, 4), "vmin", "9", "at most 4");
  CHECK_REFUSED(row_counts(std::vector<Row>{{0, 2}, {17, 0}}, counts), "rows[0]", "0", "16 counts");
  CHECK_REFUSED(row_counts(std::vector<Row>{{5, 2}, {4, 0}}, counts), "rows[0]", "5", "next row");
  CHECK_REFUSED(PrefixMap(std::vector<Row>{{0, 2}, {4, 3}}, 4), "rows", "2 rows",
                "tile the values of 4 bits");
  CHECK_REFUSED(PrefixMap(rows, 63), "value_bits", "63", "1..16");
  CHECK_REFUSED(PrefixMap({}, 4), "number of rows", "0", "1..256");
  const PrefixMap prefix(make_rows(Starts{0, 4}, 4), 4);
  CHECK(prefix[15] == 1);
  CHECK_REFUSED(prefix[16], "value", "16", "0..15");

  CHECK_REFUSED(RangeSearch(counts, 5, 4), "number of counts", "16", "must be 32");
  CHECK_REFUSED(RangeSearch(counts, 200, 4), "value_bits", "200", "1..16");
  CHECK_REFUSED(RangeSearch(counts, 4, 257), "max_rows", "257", "1..256");
  CHECK_REFUSED(RangeSearch(Numbers(16, ~0u), 4, 4), "sum of counts", "68719476720", "below 2^32");
  const RangeSearch search(counts, 4, 4);
  CHECK_REFUSED(search.cost(5), "number of rows", "5", "1..4");
  CHECK_REFUSED(search.rows(0), "number of rows", "0", "1..4");
  CHECK_REFUSED(search.quantised(2, 15), "table log", "15", "0..14");
  CHECK_REFUSED(search.best(2, 99), "table log", "99", "0..14");
}

TEST_CASE("reliability 4: tables of frequencies refuse by name", "[unit]") {
  CHECK_REFUSED(check_freq(kHalves, 40), "table log", "40", "0..14");
  CHECK_REFUSED(check_freq({}, 2), "number of frequencies", "0", "1..256");
  CHECK_REFUSED(check_freq(Numbers(257, 1), 8), "number of frequencies", "257", "1..256");
  CHECK_REFUSED(check_freq(Numbers{~0u, ~0u}, 14), "sum of frequencies", "8589934590", "2^14");
  CHECK_REFUSED(make_spread(kHalves, 3, Spread::kStep), "sum of frequencies", "4", "2^3");
  CHECK_REFUSED(make_spread(kHalves, 2, static_cast<Spread>(3)), "spread", "3", "0..2");
  CHECK_REFUSED(make_decode_table(kHalves, 40, Spread::kStep), "table log", "40", "0..14");
  CHECK_REFUSED(make_arith_table(kHalves), "sum of frequencies", "4", "2^10");
  CHECK_REFUSED(ArithEncoder(kHalves), "sum of frequencies", "4", "2^10");
  CHECK_REFUSED(make_rans_table(kHalves, 1), "sum of frequencies", "4", "2^1");
  CHECK_REFUSED(make_rans_slots(Numbers{1u << 13}, 13), "table log", "13", "0..12");
  CHECK_REFUSED((RansEncoder<Rans32x16>(kHalves, 15)), "table log", "15", "0..14");
  CHECK_REFUSED(TansPairEncoder(kHalves, 0, 2, Spread::kStep), "n_symbols", "0", "1..16");

  const Symbols spread{0, 1, 0, 1};
  CHECK_REFUSED(make_decode_table(spread, Numbers{3, 1}), "slots of symbol 0", "2", "must be its");
  CHECK_REFUSED(make_decode_table(Symbols{0, 1, 2}, kHalves), "slots", "3", "power of two");
  CHECK_REFUSED(make_decode_table({}, kHalves), "slots", "0", "power of two");
  CHECK_REFUSED(make_decode_table(Symbols{0, 9, 0, 1}, kHalves), "slots of symbol 1", "1", "2");
  CHECK_REFUSED(TansEncoder(Symbols(1u << 15), Numbers{1u << 15}), "slots", "32768", "16384");
  CHECK_REFUSED(TansEncoder(spread, Numbers{2}), "slots of symbol 1", "2", "its frequency, 0");
}

TEST_CASE("reliability 4: steps of encoders refuse symbols and states by name", "[unit]") {
  const Numbers freq{2, 0, 2};
  const TansEncoder tans(freq, 2, Spread::kStep);
  std::uint32_t x = 4;
  CHECK_REFUSED(tans.encode_step(x, 1), "symbol", "1", "have a frequency");
  CHECK_REFUSED(tans.encode_step(x, 3), "symbol", "3", "have a frequency");
  for (x = 3; x < 9; x += 5) {
    CHECK_REFUSED(tans.encode_step(x, 0), "x", std::to_string(x), "4..7");
  }
  CHECK_REFUSED(tans.lowest_state(1), "symbol", "1", "have a frequency");
  CHECK_REFUSED(encode_symbols(tans, 3, Symbols{0}), "table log", "3", "must be 2");
  CHECK_REFUSED(encode_symbols(tans, 2, Symbols{0, 1}), "symbol", "1", "have a frequency");

  const RansEncoder<Rans32x16> rans(freq, 2);
  StackWriter stack;
  std::uint32_t state = Rans32x16::lower - 1;
  CHECK_REFUSED(rans.encode_step(state, 1, stack), "symbol", "1", "have a frequency");
  CHECK_REFUSED(rans.encode_step(state, 0, stack), "x", "65535", "65536..4294967295");
  const auto step = [](RansRange range, unsigned R) {
    std::uint32_t y = Rans32x16::lower;
    rans_encode_step<Rans32x16>(y, range, R, [](std::uint32_t) {});
  };
  CHECK_REFUSED(step({0, 0}, 2), "range.freq", "0", "1..4");
  CHECK_REFUSED(step({3, 2}, 2), "range.cum", "3", "0..2");
  CHECK_REFUSED(step({0, 1}, 17), "table log", "17", "0..16");

  Numbers counts(3, 512);
  counts[1] = 0;
  ArithEncoder arith(counts);
  BitWriter queue;
  CHECK_REFUSED(arith.encode_step(1, queue), "symbol", "1", "have a frequency");
  CHECK_REFUSED(arith.encode_step(255, queue), "symbol", "255", "have a frequency");

  const TansPairEncoder pairs(Numbers{0, 4, 0, 0}, 2, 2, Spread::kStep);
  CHECK_REFUSED(pairs.pairs(Symbols{0, 1, 1, 0}), "symbols[2]", "1", "behind it");
  CHECK_REFUSED(pairs.pairs(Symbols{0, 1, 1}), "symbols[2]", "1", "some symbol");
  CHECK_REFUSED(pairs.pairs(Symbols{0, 200}), "symbols[0]", "0", "behind it");
  CHECK_FALSE(pairs.can_encode(200, 200));
  CHECK_FALSE(pairs.can_end(200));
}

TEST_CASE("reliability 4: look-ups and stacks of rANS refuse by name", "[unit]") {
  CHECK_REFUSED(RansBounds(Numbers{0, 4}, 32), "table log", "32", "0..31");
  CHECK_REFUSED(RansBounds(Numbers{0}, 2), "number of boundaries", "1", "2..65536");
  CHECK_REFUSED(RansBounds(Numbers{1, 4}, 2), "bounds[0]", "1", "must be 0");
  CHECK_REFUSED(RansBounds(Numbers{0, 3, 2, 4}, 2), "bounds[2]", "2", "not be less");
  CHECK_REFUSED(RansBounds(Numbers{0, 5}, 2), "last boundary", "5", "0..4");
  const RansBounds bounds(Numbers{0, 1, 4}, 2);
  CHECK_REFUSED(bounds.range(2), "symbol", "2", "0..1");
  CHECK_REFUSED(SlotLookup(RansBounds(Numbers{0, 1u << 17}, 17)), "table log", "17", "0..16");
  CHECK_REFUSED(InverseCdfLookup(RansBounds(Numbers{0, 1}, 20)), "table log", "20", "0..16");
  CHECK_REFUSED(SlotLookup(bounds)(4), "slot", "4", "0..3");
  CHECK_REFUSED(InverseCdfLookup(bounds)(~0u), "slot", "4294967295", "0..3");
  CHECK_REFUSED(SearchLookup(bounds)(4), "slot", "4", "0..3");

  CHECK_REFUSED(AliasLookup(bounds, AliasOrder::kStack, 8), "number of buckets", "8", "0..4");
  CHECK_REFUSED(AliasLookup(bounds, static_cast<AliasOrder>(2)), "order", "2", "0..1");
  CHECK_REFUSED(AliasLookup(RansBounds(Numbers{0, 3}, 2), AliasOrder::kStack), "sum", "3", "2^2");
  CHECK_REFUSED(AliasLookup(RansBounds(Numbers{0, 1, 1, 2}, 1), AliasOrder::kStack),
                "number of symbols", "3", "at most 2^1");
  const AliasLookup alias(bounds, AliasOrder::kSweep);
  CHECK_REFUSED(alias(4), "slot", "2", "0..1");  // of the buckets
  CHECK_REFUSED(alias.remap(RansBounds(Numbers{0, 4, 8}, 3)), "table log", "3", "must be 2");
  CHECK_REFUSED(alias.remap(RansBounds(Numbers{0, 2, 4}, 2)), "frequency", "2", "must be 1");

  CHECK_REFUSED(RansStack<Rans64x32>(0), "number of states", "0", "at least 1");
  CHECK_REFUSED((RansStack<Rans64x32>({}, {1, 2})), "number of states", "0", "at least 1");
  RansStack<Rans32x8> stack(2);
  const SearchLookup lookup(bounds);
  CHECK_REFUSED(stack.push(2, {0, 1}, 2), "state", "2", "0..1");
  CHECK_REFUSED(stack.push(0, {4, 1}, 2), "range.cum", "4", "0..3");
  CHECK_REFUSED(stack.pop(7, 2, lookup), "state", "7", "0..1");
  CHECK_REFUSED(stack.pop(0, 24, lookup), "table log", "24", "0..23");
  CHECK_REFUSED(stack.push_bits(0, 4, 2), "range.cum", "4", "0..3");
  CHECK_REFUSED(stack.pop_bits(0, 64), "table log", "64", "0..23");
  CHECK(stack.status() == Status::kOk);
}

}  // namespace
}  // namespace transom
