// test_foreign.cpp — what the coders of others ask of their arguments.
// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <string>
#include <vector>

#include "refused.hpp"
#include "transom/foreign/apack_table.hpp"
#include "transom/foreign/bit_order.hpp"
#include "transom/foreign/constriction.hpp"
#include "transom/foreign/format/format.hpp"
#include "transom/foreign/fse.hpp"
#include "transom/foreign/normalise.hpp"
#include "transom/foreign/released_search.hpp"
#include "transom/foreign/ryg_rans.hpp"
#include "transom/foreign/tans_py.hpp"
#include "transom/foreign/torch/compressai.hpp"
#include "transom/foreign/torch/torch_bytes.hpp"
#include "transom/foreign/torch/torch_cdf.hpp"

namespace transom::foreign {
namespace {

using support::refusal_of;

using Numbers = std::vector<std::uint32_t>;
using Octets = std::vector<std::uint8_t>;

TEST_CASE("reliability 4: bits and bytes of foreign coders refuse by name", "[unit]") {
  const Numbers words{1, 2};
  CHECK_REFUSED(BackReader(words, 65), "n_bits", "65", "0..64");
  CHECK_REFUSED(BackReader(words, 64).read(33), "nbits", "33", "0..32");
  CHECK_REFUSED(reversed(words, 65), "n_bits", "65", "0..64");
  CHECK_REFUSED(bytes_of_words(words, 9), "n_bytes", "9", "0..8");
  CHECK_REFUSED(little_endian<std::uint32_t>(Octets(3)), "number of bytes", "3", "4..");
  CHECK_REFUSED(read_stack<Rans64x32>(Octets(16), 0, WordOrder::kAsRead), "n_states", "0", "1..");
  CHECK_REFUSED(read_stack<Rans64x32>(Octets(16), SIZE_MAX / 8 + 1, WordOrder::kAsRead), "n_states",
                std::to_string(SIZE_MAX / 8 + 1), "1..4294967295");
  std::vector<std::int64_t> none;
  CHECK_REFUSED(steal_slots(none, [](std::size_t) { return true; }), "boundaries", "0", "1..");
}

TEST_CASE("reliability 4: apack tables refuse by name", "[unit]") {
  using namespace apack;
  const Numbers counts(16, 1);
  CHECK_REFUSED(cumulate(counts, 40), "value_bits", "40", "1..16");
  CHECK_REFUSED(cumulate(counts, 5), "number of counts", "16", "must be 32");
  CHECK_REFUSED(cumulate(Numbers(16), 4), "sum of counts", "0", "1..2^31-1 bits");
  CHECK_REFUSED(released_search(Numbers(8, 1), 3), "value_bits", "3", "4 bits or more");
  const Numbers cum = cumulate(counts, 4);
  CHECK_REFUSED(price({}, cum), "number of rows", "0", "1..");
  CHECK_REFUSED(price(Numbers{1, 2}, cum), "vmin", "1", "from 0 to at most 16");
  CHECK_REFUSED(price(Numbers{0, 9, 5}, cum), "vmin", "5", "from 0 to at most 16");
  CHECK_REFUSED(price(Numbers{0, 17}, cum), "vmin", "17", "from 0 to at most 16");
  CHECK_REFUSED(price(Numbers{0}, {}), "number of sums", "0", "3..");
  CHECK_REFUSED(price(Numbers{0}, Numbers{0, 2, 1}), "cum", "3 sums up to 1", "cumulate()");

  CHECK_REFUSED(parse_table("", 0), "value_bits", "0", "1..16");
  const auto all = [](const std::vector<TableRow>& rows, unsigned W, const char* argument,
                      const char* value, const char* limit) {
    CHECK_REFUSED(starts(rows, W), argument, value, limit);
    CHECK_REFUSED(join(rows, W, {}, {}), argument, value, limit);
    if (W == 4) CHECK_REFUSED(split(rows, {}), argument, value, limit);
  };
  all({}, 4, "number of rows", "0", "1..16");
  all({{0, 4}}, 17, "value_bits", "17", "1..16");
  all({{3, 4}}, 4, "vmin of rows[0]", "3", "must be 0");
  all({{0, 4}, {9, 3}, {5, 3}}, 4, "vmin of rows[1]", "9", "at most 5");
}

TEST_CASE("reliability 4: values and rows of apack tables refuse by name", "[unit]") {
  using namespace apack;
  const std::vector<TableRow> rows{{0, 2, 0, 0, 0}, {4, 4, 0, 0, 0}};
  CHECK_REFUSED(split(rows, std::vector<value_t>{3, 20}), "values[1]", "20", "below 20");
  CHECK_REFUSED(join(rows, 3, {}, {}), "off of rows[1]", "4", "must be 2");
  CHECK(starts(rows, 4) == std::vector<value_t>{0, 4});
}

TEST_CASE("reliability 4: stacks of constriction, CompressAI and torch_ans refuse by name",
          "[unit]") {
  const RansBounds half(Numbers{0, 1}, 1);
  ConstrictionStack stack(1);
  CHECK_REFUSED(constriction_push(stack, half, Numbers{0, 1}), "symbols[1]", "1", "frequency");
  CHECK(stack.words().empty());
  CHECK_REFUSED(constriction_pop(stack, half, 1), "sum of frequencies", "1", "2^1");

  const std::vector<TorchTable> tables{{{0, 10, 20, 256}, 0}};
  const auto make = [&](unsigned freq, unsigned bypass, TorchLookup lookup) {
    return TorchTables(tables, freq, bypass, lookup);
  };
  CHECK_REFUSED(make(8, 9, TorchLookup::kSearch), "bypass_precision", "9", "0..8");
  CHECK_REFUSED(make(32, 0, TorchLookup::kSearch), "freq_precision", "32", "0..31");
  CHECK_REFUSED(make(8, 0, static_cast<TorchLookup>(3)), "lookup", "3", "0..2");
  CHECK_REFUSED(make(7, 0, TorchLookup::kSearch), "last boundary", "256", "0..128");
  CHECK_REFUSED(make(8, 0, TorchLookup::kAlias), "number of symbols", "3", "power of two");
  CHECK_THAT(refusal_of([&] { make(7, 0, TorchLookup::kSearch); })->function(),
             Catch::Contains("torch_ans: table 0: RansBounds"));
  const TorchTables plain = make(8, 0, TorchLookup::kSearch);
  CHECK_REFUSED(plain.bounds(1), "table", "1", "1 tables");
  CHECK_REFUSED(plain.offset(9), "table", "9", "1 tables");
  CHECK_REFUSED(plain.alias(0), "table", "0", "1 tables");
  CHECK_REFUSED(plain.remap(0), "table", "0", "1 tables");
  RansStack<TorchRans64> wide(1);
  const std::vector<std::int32_t> symbols{0, 3};
  CHECK_REFUSED(torch_push(wide, plain, Numbers{0}, symbols), "number of indexes", "1", "2");
  CHECK_REFUSED(torch_push(wide, plain, Numbers{0, 0}, symbols), "symbol 1", "3", "no escapes");
  CHECK_REFUSED(torch_push(wide, plain, Numbers{1, 0}, symbols), "symbol 0", "0", "of no table");
  CHECK_REFUSED(compressai_encode(compressai_tables(tables), Numbers{5}, std::vector{0}),
                "symbol 0", "0", "of no table");
}

TEST_CASE("reliability 4: torch_ans' bytes and quantisers refuse by name", "[unit]") {
  const std::vector<Bytes> segment(1, Bytes(256));
  CHECK_REFUSED(merge_bytes(segment, 3, {}), "length_bytes", "3", "1, 2 or 4");
  CHECK_REFUSED(merge_bytes(segment, 1, {}), "length of segment 0", "256", "1 bytes");
  CHECK_REFUSED(merge_bytes(std::vector<Bytes>(3), 4, 2), "number of segments", "3", "0..2");
  CHECK_REFUSED(split_bytes({}, 0, {}), "length_bytes", "0", "1, 2 or 4");
  CHECK_REFUSED(split_bytes({}, 4, std::size_t{1} << 21), "n_segments", "2097152", "0..1048576");

  const std::vector<float> pmf{0.5F, 0.5F};
  CHECK_REFUSED(pmf_to_cdf(pmf, 0, CdfMode::kFixed), "precision", "0", "1..23");
  CHECK_REFUSED(pmf_to_cdf(pmf, 70, CdfMode::kFixed), "precision", "70", "1..23");
  CHECK_REFUSED(pmf_to_cdf({}, 8, CdfMode::kFixed), "number of symbols", "0", "1..65535");
  CHECK_REFUSED(pmf_to_cdf(pmf, 8, static_cast<CdfMode>(3)), "mode", "3", "0..2");
  CHECK_REFUSED(pmf_to_cdf(std::vector<float>(3, 0.3F), 1, CdfMode::kFixed), "symbols", "3", "2^1");
  const std::vector<float> odd{-1.0F};
  CHECK_REFUSED(pmf_to_cdf(odd, 8, CdfMode::kFixed), "probability 0", "-1.000000", "0 to less");
  CHECK_REFUSED(is_cdf({}, 40), "precision", "40", "0..30");
  CHECK_REFUSED(inverse_cdf(Numbers{0, 1}, 17), "precision", "17", "0..16");
  CHECK_REFUSED(inverse_cdf({}, 4), "number of boundaries", "0", "1..");
  CHECK_REFUSED(inverse_cdf(Numbers{0, 5, 3}, 4), "boundary", "3", "ascend from 0");
  const std::vector<Numbers> freqs{{1, 2}};
  CHECK_REFUSED(cdf_of_freqs(freqs, {}, 8, false, CdfMode::kFixed), "number of lengths", "0", "1");
  CHECK_REFUSED(cdf_of_freqs(freqs, Numbers{3}, 8, false, CdfMode::kFixed), "n_freqs[0]", "3", "2");
  CHECK_REFUSED(pmf_to_cdf_batched({}, 99, {}), "precision", "99", "1..23");
  const std::vector<std::vector<float>> zeros(1, std::vector<float>(2));
  CHECK_REFUSED(pmf_to_cdf_batched(zeros, 8, {false, true}), "sum of a row", "0", "over 0");
}

TEST_CASE("reliability 4: ryg_rans refuses by name", "[unit]") {
  const auto make = [](RygVariant variant, unsigned R, std::size_t n_states, const Numbers& freq) {
    return RygCoder({variant, R, n_states}, freq);
  };
  CHECK_REFUSED(make(RygVariant::kByte, 17, 1, {1}), "scale_bits", "17", "0..16");
  CHECK_REFUSED(make(RygVariant::kByte, 12, 65, {4096}), "number of states", "65", "1..64");
  CHECK_REFUSED(make(RygVariant::kByte, 12, 1, {}), "number of frequencies", "0", "1..256");
  CHECK_REFUSED(make(RygVariant::kByte, 12, 1, {1}), "sum of frequencies", "1", "2^12");
  CHECK_REFUSED(make(RygVariant::kWord, 12, 1, {4096}), "frequency", "4096", "4096 slots");
  CHECK_REFUSED(make(static_cast<RygVariant>(4), 12, 1, {4096}), "variant", "4", "0..3");
  const RygCoder coder = make(RygVariant::kByte, 1, 1, {2});
  CHECK_REFUSED(coder.encode(Octets{0, 1}), "symbols[1]", "1", "frequency");
  CHECK_REFUSED(ryg_normalise({}, 8), "sum of counts", "0", "1..4294967295");
  CHECK_REFUSED(ryg_normalise(Numbers{1}, 64), "scale_bits", "64", "0..31");
  CHECK_REFUSED(ryg_normalise(Numbers(3, 1), 1), "number of symbols", "3", "2^1");
}

TEST_CASE("reliability 4: FSE and tans_py refuse by name", "[unit]") {
  const fse::Norm norm{5, {16, 16}};
  CHECK_REFUSED(fse::Table({40, {1}}), "norm", "1 symbols", "table log 40: take 5..12");
  CHECK_REFUSED(fse::write_header({5, {}}), "norm", "0 symbols", "0 slots, not 2^5");
  CHECK_REFUSED(fse::optimal_table_log(0, 1, 3), "n_symbols", "1", "2..");
  const fse::Table table(norm);
  const std::vector<symbol_t> message{0, 1, 2};
  CHECK_REFUSED(table.symbol_words(2), "symbol", "2", "0..1");
  CHECK_REFUSED(fse::encode(table, message), "message[2]", "2", "in the table");
  CHECK_REFUSED(fse::encode(table, std::span(message).first(1)), "number of symbols", "1", "2..");
  for (const unsigned n_states : {0u, 3u, ~0u}) {
    const fse::Layout layout{n_states, true};
    CHECK_REFUSED(fse::encode(table, message, layout), "states", std::to_string(n_states), "1..2");
    CHECK_REFUSED(fse::decode(table, {}, 9, layout), "states", std::to_string(n_states), "1..2");
  }

  using tans_py::Spread;
  CHECK_REFUSED(tans_py::make_spread(Numbers{4}, Spread::kFast), "number of counts", "1", "2..256");
  CHECK_REFUSED(tans_py::make_spread(Numbers{4, 0}, Spread::kFast), "counts[1]", "0", "at least 1");
  CHECK_REFUSED(tans_py::make_spread(Numbers{4, 1}, Spread::kFast), "sum", "5", "power of two");
  CHECK_REFUSED(tans_py::make_spread(Numbers{4, 4}, Spread::kFast), "sum", "8", "loses symbols");
  CHECK_REFUSED(tans_py::make_spread(Numbers{3, 1}, static_cast<Spread>(2)), "spread", "2", "0..1");
  const tans_py::Table py(Numbers{3, 1}, Spread::kPrecise);
  CHECK_REFUSED(py.start_state(2), "first", "2", "in the table");
  CHECK_REFUSED(tans_py::encode(py, {}), "number of symbols", "0", "it is empty");
  CHECK_REFUSED(tans_py::encode(py, message), "message[2]", "2", "in the table");
  const std::vector<std::uint64_t> counts{1, 2, 3};
  const auto rescale = [&](std::uint64_t max_sum, unsigned target) {
    return tans_py::rescale(counts, max_sum, static_cast<tans_py::Target>(target));
  };
  CHECK_REFUSED(rescale(0, 0), "max_sum", "0", "1..4294967296");
  CHECK_REFUSED(rescale(2, 0), "max_sum", "2", "3 different counts");
  CHECK_REFUSED(rescale(2, 1), "number of counts", "3", "at most the sum, 2");
  CHECK_REFUSED(rescale(8, 2), "target", "2", "0..1");
  CHECK_REFUSED(tans_py::rescale({}, 8, tans_py::Target::kNext), "sum of counts", "0", "1..");
}

TEST_CASE("reliability 4: foreign formats refuse by name", "[unit]") {
  CHECK_REFUSED(find_foreign("x"), "name", "x", "a format's");
  ForeignStream stream;
  CHECK_REFUSED(decode_foreign({}, stream), "decode", "empty", "a function");
  CHECK_REFUSED(encode_foreign({}, {}, stream), "encode", "empty", "a function");
  for (const ForeignFormat& format : foreign_formats()) {
    INFO(format.name);
    ForeignStream bad;
    bad.freq = {1, 2, 3};
    bad.n_states = 999;
    const auto decoding = refusal_of([&] { decode_foreign(format, bad); });
    REQUIRE(decoding);
    CHECK_THAT(decoding->function(), Catch::Contains(format.name));
    bad.n_states = format.n_states == 0 ? 1 : format.n_states;
    bad.freq.resize(300);
    CHECK_REFUSED(decode_foreign(format, bad), "length of field 'freqs'", "300", "0..25");
    bad.freq.resize(2);
    bad.n = std::size_t{1} << 32;
    CHECK_REFUSED(decode_foreign(format, bad), "field 'n'", "4294967296", "4294967295");
    CHECK(refusal_of([&] { encode_foreign(format, Octets{0, 9}, bad); }));
  }
}

}  // namespace
}  // namespace transom::foreign
