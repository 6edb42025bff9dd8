// test_encode.cpp — what encodes and counts many streams at once gives what one stream after the
// other gives, word for word. CTest runs this once for each TRANSOM_ISA.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <random>

#include "support.hpp"
#include "transom/codec/count.hpp"
#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
namespace {

using support::random_code;
using support::random_tensor;

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

void run(std::size_t n_tensors, std::uint32_t seed) {
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < n_tensors; ++i) {
    const Codec& c = codecs()[i % codecs().size()];
    const DType dtype{static_cast<std::uint8_t>(1 + random() % kMaxValueBits), random() % 2 == 0};
    constexpr std::array<std::uint32_t, 8> kStreams{1, 2, 3, 7, 8, 9, 16, 64};
    constexpr std::array<std::uint32_t, 6> kChunks{1, 1, 2, 5, 64, 1000};
    const auto n_values =
        static_cast<std::uint32_t>(random() % (random() % 8 == 0 ? 20'000 : 1'500));
    const Tensor tensor = random_tensor(dtype, {n_values}, random);
    const Code code = random_code(c.coding, dtype, random);
    const std::uint32_t n_streams = kStreams[random() % kStreams.size()];
    const CodedTensor coded = encode(tensor, code, n_streams, kChunks[random() % kChunks.size()]);
    INFO("seed " << seed << ", tensor " << i << ": " << c.name << ", " << n_values << " values of "
                 << unsigned{dtype.bits} << " bits, R = " << code.table_log << ", "
                 << coded.streams.size() << " streams, chunk " << coded.chunk);
    REQUIRE(coded.streams == step_by_step(tensor, code, coded.layout()));
    if (dtype.bits <= 8) {
      const std::vector<std::uint8_t> bytes(tensor.values.begin(), tensor.values.end());
      const TensorView view(tensor.name, dtype, tensor.shape, std::span(bytes));
      REQUIRE(encode(view, code, n_streams, coded.chunk) == coded);
    }
    if (n_values == 0 || !counts_words(c.coding)) continue;
    WordCount want;
    for (const StreamWords& words : coded.streams) {
      want.n_sequences += static_cast<unsigned>(!words.symbols.empty()) + !words.offsets.empty();
      want.n_words += words.symbols.size() + words.offsets.size();
    }
    const WordCount got = count_words(tensor, code, n_streams, coded.chunk);
    REQUIRE(got.n_words == want.n_words);
    REQUIRE(got.n_sequences == want.n_sequences);
  }
}

}  // namespace

TEST_CASE("fast: all streams of a tensor are coded as one after the other", "[unit]") {
  run(4'000, 1);
}
TEST_CASE("a million tensors: all streams are coded as one after the other", "[.long]") {
  run(1'000'000, 2);
}

}  // namespace transom
