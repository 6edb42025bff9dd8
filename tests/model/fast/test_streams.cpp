// test_streams.cpp — what decodes many streams at once gives what one stream after the other gives:
// values, verdicts, offsets that are outside of their rows. CTest runs this once for each
// TRANSOM_ISA.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <random>

#include "random_coded.hpp"
#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
namespace {

using support::described;
using support::random_code;
using support::random_coded;
using support::random_tensor;

/// What the streams of a tensor give, one by one, step by step.
template <class Decoder>
DecodedStreams step_by_step(const CodedTensor& tensor, std::vector<value_t>& values) {
  const Code& code = tensor.code;
  const StreamLayout layout = tensor.layout();
  const auto table = codec(code.coding).make_table(code);
  const auto rows = make_row_words(code);
  const Decoder decoder{table.data(), code.table_log};
  DecodedStreams all;
  for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
    const BitReader symbols(tensor.streams[s].symbols), offsets(tensor.streams[s].offsets);
    all.statuses.push_back(
        decode_stream(decoder, rows.data(), symbols, offsets, layout, s, values.data()));
    for (const TracedValue& v :
         trace_stream(decoder, rows.data(), symbols, offsets, layout.stream_values(s))) {
      const auto offset = static_cast<value_t>(v.value - code.rows[v.symbol].vmin);
      all.outside |= offset >= row_size(code.rows, v.symbol, tensor.dtype.bits);
    }
  }
  return all;
}
DecodedStreams step_by_step(const CodedTensor& tensor, std::vector<value_t>& values) {
  switch (codec(tensor.code.coding).lane) {
    case LaneKind::kTans:
      return step_by_step<TansDecoder>(tensor, values);
    case LaneKind::kRans:
      return step_by_step<RansDecoder<Rans32x16>>(tensor, values);
    case LaneKind::kArith:
      return step_by_step<ArithDecoder>(tensor, values);
    case LaneKind::kTansPair:
      return step_by_step<TansPairDecoder>(tensor, values);
    case LaneKind::kNrans:
      return step_by_step<NransDecoder<>>(tensor, values);
  }
  return {};
}

/// @returns whether a stream was not well
bool compare(const CodedTensor& tensor, const std::vector<Isa>& isas = support::this_isa()) {
  const std::size_t n = tensor.layout().n_values;
  std::vector<value_t> want(n);
  const DecodedStreams wanted = step_by_step(tensor, want);
  const std::vector<std::uint8_t> narrow(want.begin(), want.end());
  const Codec& c = codec(tensor.code.coding);
  support::with_each(isas, [&] {
    std::vector<value_t> got(n);
    const DecodedStreams decoded = c.decode_streams(tensor, std::span(got));
    REQUIRE(decoded.statuses == wanted.statuses);
    REQUIRE(decoded.outside == wanted.outside);
    REQUIRE(got == want);
    if (tensor.dtype.bits > 8) return;
    std::vector<std::uint8_t> bytes(n);
    const DecodedStreams of_bytes = c.decode_streams(tensor, std::span(bytes));
    REQUIRE(of_bytes.statuses == wanted.statuses);
    REQUIRE(of_bytes.outside == wanted.outside);
    REQUIRE(bytes == narrow);
  });
  return std::any_of(wanted.statuses.begin(), wanted.statuses.end(),
                     [](Status s) { return s != Status::kOk; });
}

/// A word less, a word more, or some bits of a stream otherwise.
void damage(CodedTensor& tensor, std::mt19937& random) {
  StreamWords& stream = tensor.streams[random() % tensor.streams.size()];
  auto& words = random() % 2 == 0 ? stream.symbols : stream.offsets;
  switch (random() % 4) {
    case 0:
      words.resize(words.empty() ? 0 : random() % words.size());
      break;
    case 1:
      words.resize(words.size() + 1 + random() % 4);
      break;
    default:
      for (unsigned i = 1 + random() % 4; i > 0 && !words.empty(); --i) {
        words[random() % words.size()] ^= std::uint32_t{1} << random() % 32;
      }
  }
}

void run(std::size_t n_tensors, std::uint32_t seed, const std::vector<Isa>& isas) {
  std::mt19937 random(seed);
  std::size_t n_bad = 0;
  for (std::size_t i = 0; i < n_tensors; ++i) {
    CodedTensor coded = random_coded(i, random).coded;
    INFO("seed " << seed << ", tensor " << i << ": " << described(coded));
    REQUIRE(!compare(coded, isas));
    damage(coded, random);
    n_bad += compare(coded, isas);
  }
  CHECK(n_bad > n_tensors / 4);
}

}  // namespace

TEST_CASE("fast: all streams of a tensor decode as one after the other", "[unit]") {
  run(4'000, 1, support::this_isa());
}
TEST_CASE("a million tensors: all streams decode as one after the other", "[.long]") {
  support::run_a_million(run);
}

TEST_CASE("fast: a stream that lies far from the others", "[unit]") {
  std::mt19937 random(4);
  const DType dtype{8, false};
  const Code code = random_code(Coding::kApackTans, dtype, random);
  CodedTensor coded = encode(random_tensor(dtype, {60'000}, random), code, 64, 1);
  // So large a piece of memory comes from elsewhere. Its stream has words left over.
  coded.streams[5].symbols.resize(std::size_t{9} << 20);
  REQUIRE(compare(coded));
}

TEST_CASE("fast: streams of which some offsets end long before the last value", "[unit]") {
  std::mt19937 random(5);
  for (const Coding coding : {Coding::kApackTans, Coding::kApackRans, Coding::kApackAc,
                              Coding::kApackTansPair, Coding::kApackNrans}) {
    const DType dtype{8, false};
    Tensor tensor = random_tensor(dtype, {50'000}, random);
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      if (i >= 5'000) tensor.values[i] = static_cast<value_t>(i % 3);  // rows of one value
    }
    const std::uint32_t n_freq = codec(coding).pairs ? 16 : 4;
    const Code code{coding, 10, Spread::kStep, std::vector<std::uint32_t>(n_freq, 1024 / n_freq),
                    make_rows(std::vector<value_t>{0, 1, 2, 3}, dtype.bits)};
    REQUIRE(!compare(encode(tensor, code, 64, 1)));
    REQUIRE(!compare(encode(tensor, code, 48, 4)));
  }
}

TEST_CASE("fast: pairs of values below 16, most of them by one look-up", "[unit]") {
  std::mt19937 random(6);
  constexpr std::array<std::uint32_t, 4> kChunks{1, 2, 4, 64};
  const DType dtype{4, false};
  for (std::uint32_t i = 0; i < 60; ++i) {
    const Code code = random_code(Coding::kApackTansPair, dtype, random);
    const Tensor tensor = random_tensor(dtype, {10'000 + i}, random);
    CodedTensor coded = encode(tensor, code, i % 3 == 0 ? 40 : 64, kChunks[i % 4]);
    INFO("tensor " << i << ": " << described(coded));
    REQUIRE(!compare(coded));
    damage(coded, random);
    compare(coded);
  }
}

TEST_CASE("fast: streams of many consecutive values", "[unit]") {
  std::mt19937 random(7);
  constexpr std::array<std::uint32_t, 5> kStreams{8, 9, 15, 16, 64};
  constexpr std::array<std::uint32_t, 6> kChunks{63, 64, 200, 512, 1000, 5000};
  std::size_t n_bad = 0;
  for (std::uint32_t i = 0; i < 120; ++i) {
    const DType dtype{static_cast<std::uint8_t>(1 + i % 8), false};
    const Code code = random_code(i % 3 == 0 ? Coding::kTans : Coding::kApackTans, dtype, random);
    const auto n_values = static_cast<std::uint32_t>(20'000 + random() % 20'000);
    CodedTensor coded = encode(random_tensor(dtype, {n_values}, random), code,
                               kStreams[i % kStreams.size()], kChunks[i % kChunks.size()]);
    INFO("tensor " << i << ": " << described(coded));
    REQUIRE(!compare(coded));
    CodedTensor outside = coded;
    for (StreamWords& stream : outside.streams) {  // where no loop is for the end of a stream
      for (std::size_t at = 0; at < stream.offsets.size() / 3; ++at) {
        stream.offsets[at] |= static_cast<std::uint32_t>(random());
      }
    }
    compare(outside);
    damage(coded, random);
    n_bad += compare(coded);
  }
  CHECK(n_bad > 30);
}

TEST_CASE("fast: offsets of as many bits as a byte, one of a hundred and most", "[unit]") {
  std::mt19937 random(11);
  const DType dtype{8, false};
  const Code code{Coding::kApackTans,
                  8,
                  Spread::kTuned,
                  {90, 60, 6, 100},
                  make_rows(std::vector<value_t>{0, 8, 60, 219}, 8)};
  REQUIRE(code.rows[2].offset_bits == 8);
  REQUIRE(has_short_rows(code, dtype));
  for (const std::uint32_t of_wide : {0u, 1u, 50u, 98u, 100u}) {
    std::vector<value_t> values(60'000);
    for (value_t& v : values) {
      const auto any = static_cast<value_t>(random());
      v = random() % 100 < of_wide ? static_cast<value_t>(60 + any % 159)
                                   : static_cast<value_t>(any % 60);
    }
    CodedTensor coded = encode(Tensor{"t", dtype, {60'000}, values}, code, 16, 3'750);
    INFO(of_wide << " of 100");
    REQUIRE(!compare(coded));
    for (unsigned i = 0; i < 8; ++i) {
      damage(coded, random);
      compare(coded);
    }
  }
}

TEST_CASE("fast: streams that hold no value, and layouts of none", "[unit]") {
  std::mt19937 random(3);
  for (const Codec& c : codecs()) {
    const DType dtype{8, false};
    const Code code = random_code(c.coding, dtype, random);
    for (const std::uint32_t n_values : {0u, 1u, 5u}) {
      CodedTensor coded = encode(random_tensor(dtype, {n_values}, random), code, 8, 2);
      coded.streams.resize(8);  // those of a container may be more than there are values
      REQUIRE(!compare(coded));
      coded.streams.back().symbols = {1};
      REQUIRE(compare(coded));
    }
  }
}

}  // namespace transom
