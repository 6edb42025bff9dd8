// test_encode.cpp — what encodes and counts many streams at once gives what one stream after the
// other gives, word for word. CTest runs this once for each TRANSOM_ISA.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "random_coded.hpp"
#include "transom/codec/count.hpp"
#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/fast/rans.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
namespace {

using support::described;
using support::random_coded;

/// The words of a stream's symbols, by the steps that define them.
std::vector<std::uint32_t> words_of(const Code& code, std::span<const symbol_t> symbols) {
  const unsigned R = code.table_log;
  switch (codec(code.coding).lane) {
    case LaneKind::kTans:
      return encode_symbols(TansEncoder(code.freq, R, code.spread), R, symbols);
    case LaneKind::kRans:
      return encode_symbols(RansEncoder<Rans32x16>(code.freq, R), symbols);
    case LaneKind::kArith:
      return encode_symbols(ArithEncoder(code.freq), symbols);
    case LaneKind::kTansPair:
      return encode_symbols(TansPairEncoder(code.freq, code.rows.size(), R, code.spread), R,
                            symbols);
    case LaneKind::kNrans:
      return encode_symbols(NransEncoder<>(code.freq, R), symbols);
  }
  return {};
}

/// A tensor's streams, one after the other.
std::vector<StreamWords> step_by_step(const Tensor& tensor, const Code& code,
                                      const StreamLayout& layout) {
  const PrefixMap prefix(code.rows, tensor.dtype.bits);
  std::vector<StreamWords> streams;
  for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
    std::vector<symbol_t> symbols;
    BitWriter offsets;
    layout.for_each(s, [&](std::uint32_t i) {
      const symbol_t symbol = prefix[tensor.values[i]];
      symbols.push_back(symbol);
      const Row& row = code.rows[symbol];
      offsets.append(static_cast<std::uint32_t>(tensor.values[i] - row.vmin), row.offset_bits);
    });
    streams.push_back({words_of(code, symbols), offsets.take()});
  }
  return streams;
}

void run(std::size_t n_tensors, std::uint32_t seed, const std::vector<Isa>& isas) {
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < n_tensors; ++i) {
    const support::RandomCoded made = random_coded(i, random);
    const Tensor& tensor = made.tensor;
    const CodedTensor& coded = made.coded;
    const Code& code = coded.code;
    const auto n_streams = static_cast<std::uint32_t>(coded.streams.size());
    INFO("seed " << seed << ", tensor " << i << ": " << described(coded));
    REQUIRE(coded.streams == step_by_step(tensor, code, coded.layout()));
    const std::vector<std::uint8_t> bytes(tensor.values.begin(), tensor.values.end());
    WordCount want;
    for (const StreamWords& words : coded.streams) {
      want.n_sequences += static_cast<unsigned>(!words.symbols.empty()) + !words.offsets.empty();
      want.n_words += words.symbols.size() + words.offsets.size();
    }
    support::with_each(isas, [&] {
      REQUIRE(encode(tensor, code, n_streams, coded.chunk) == coded);
      if (tensor.dtype.bits <= 8) {
        const TensorView view(tensor.name, tensor.dtype, tensor.shape, std::span(bytes));
        REQUIRE(encode(view, code, n_streams, coded.chunk) == coded);
      }
      if (tensor.values.empty() || !counts_words(code.coding)) return;
      const WordCount got = count_words(tensor, code, n_streams, coded.chunk);
      REQUIRE(got.n_words == want.n_words);
      REQUIRE(got.n_sequences == want.n_sequences);
    });
  }
}

}  // namespace

TEST_CASE("fast: all streams of a tensor are coded as one after the other", "[unit]") {
  run(4'000, 1, support::this_isa());
}
TEST_CASE("fast: products divide the states of rANS by every frequency", "[unit]") {
  std::uint64_t wrong = 0;
  for (unsigned R = 1; R <= kMaxTableLog; ++R) {
    for (std::uint32_t f = 1; f <= std::uint32_t{1} << R; ++f) {
      const fast::Reciprocal r = fast::reciprocal(f, R);
      wrong += r.shift >= R;
      // Where quotients change, the largest ones above all.
      const std::uint64_t end = std::uint64_t{f} << (32 - R);
      for (std::uint64_t x = f, more = f; x <= end;
           more = std::max<std::uint64_t>(f, (end - x) / (2 * f) * f), x += more) {
        for (const std::uint64_t at : {x - 1, std::min(x, end - 1)}) {
          const auto state = static_cast<std::uint32_t>(at);
          wrong += std::uint64_t{state + r.add} * r.m >> (32 + r.shift) != state / f;
        }
      }
    }
  }
  CHECK(wrong == 0);
}
TEST_CASE("fast: a value without a frequency is refused wherever it lies", "[unit]") {
  const std::vector<std::uint32_t> freq{256, 0, 512, 256};
  const std::vector<Row> rows = make_rows(std::vector<value_t>{0, 64, 65, 128}, 8);
  for (const Coding coding : {Coding::kApackTans, Coding::kApackRans}) {
    const Code code{coding, 10, Spread::kTuned, freq, rows};
    Tensor tensor{"values", {8, false}, {5'000}, std::vector<value_t>(5'000, 70)};
    REQUIRE_NOTHROW(encode(tensor, code, 64, 1));
    for (const std::size_t at : {0u, 63u, 64u, 2'500u, 4'999u}) {
      tensor.values[at] = 64;
      CHECK_THROWS_AS(encode(tensor, code, 64, 1), PreconditionError);
      tensor.values[at] = 255;
    }
  }
}
TEST_CASE("a million tensors: all streams are coded as one after the other", "[.long]") {
  support::run_a_million(run);
}

}  // namespace transom
