// test_tans_pair.cpp — tans_pair.hpp against its definition, over every small table.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coder/tans_pair.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "support.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"
#include "transom/plan/plan.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/pairs.hpp"

namespace transom {
using namespace golden;
namespace {

constexpr Spread kAllSpreads[] = {Spread::kStep, Spread::kExact, Spread::kTuned};

/// The decoder by its definition, slot by slot and bit by bit, without a table.
class SlowDecoder {
 public:
  /// @param freq n_symbols^2 of them, at first * n_symbols + second
  SlowDecoder(const std::vector<std::uint32_t>& freq, unsigned n_symbols, unsigned R, Spread kind,
              const std::vector<std::uint32_t>& words)
      : L_(1u << R) {
    std::vector<std::uint32_t> of_byte(256);
    for (unsigned first = 0; first < n_symbols; ++first) {
      for (unsigned second = 0; second < n_symbols; ++second) {
        of_byte[first + 16 * second] = freq[first * n_symbols + second];
      }
    }
    for (const symbol_t byte : make_spread(of_byte, R, kind)) slots_.push_back(byte);
    freq_ = of_byte;
    for (const std::uint32_t word : words) {
      for (unsigned bit = 0; bit < 32; ++bit) bits_.push_back(word >> bit & 1);
    }
    for (std::uint32_t bit = 0; bit < R; ++bit) x_ += next_bit() << bit;
    x_ += L_;
  }

  /// The symbols of the next pair.
  std::array<unsigned, 2> next() {
    const std::uint32_t slot = x_ - L_;
    const std::uint32_t byte = slots_[slot];
    std::uint32_t x_s = freq_[byte];
    for (std::uint32_t before = 0; before < slot; ++before) x_s += slots_[before] == byte;
    unsigned nbits = 0;
    while (x_s << nbits < L_) ++nbits;
    x_ = x_s << nbits;
    for (unsigned bit = 0; bit < nbits; ++bit) x_ += next_bit() << bit;
    return {byte % 16, byte / 16};
  }

  std::uint32_t state() const { return x_ - L_; }
  std::size_t position() const { return at_; }

 private:
  std::uint32_t next_bit() { return at_ < bits_.size() ? bits_[at_++] : (++at_, 0); }

  std::uint32_t L_;
  std::uint32_t x_ = 0;
  std::vector<std::uint32_t> slots_, freq_, bits_;
  std::size_t at_ = 0;
};

/// Decodes n symbols with both decoders, which agree at every step; what they decode.
std::vector<symbol_t> decode_both(const std::vector<std::uint32_t>& freq, unsigned n_symbols,
                                  unsigned R, Spread kind, const std::vector<std::uint32_t>& words,
                                  std::size_t n) {
  const auto table = make_decode_table(by_pair(freq, n_symbols), R, kind);
  TansPairDecoder decoder{table.data(), R};
  BitReader in(words);
  decoder.start(in);
  SlowDecoder slow(freq, n_symbols, R, kind, words);
  std::array<unsigned, 2> pair{};
  std::vector<symbol_t> symbols;
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 2 == 0) pair = slow.next();
    symbols.push_back(decoder.step(in));
    REQUIRE(symbols.back() == pair[i % 2]);
    REQUIRE(decoder.state() == slow.state());
    REQUIRE(in.position() == slow.position());
  }
  REQUIRE(decoder.at_end() == (slow.state() == 0));
  return symbols;
}

/// Symbols that the table can code: random pairs, each with a frequency.
std::vector<symbol_t> random_symbols(const std::vector<std::uint32_t>& freq, unsigned n_symbols,
                                     std::size_t n, std::mt19937& random) {
  std::vector<symbol_t> symbols;
  while (symbols.size() < n) {
    const std::size_t pair = random() % freq.size();
    if (freq[pair] == 0) continue;
    symbols.push_back(static_cast<symbol_t>(pair / n_symbols));
    symbols.push_back(static_cast<symbol_t>(pair % n_symbols));
  }
  symbols.resize(n);
  return symbols;
}

/// A stream of the values 0..A-1, each a row of its own.
Status decode_status(const std::vector<std::uint32_t>& table, unsigned R,
                     const std::vector<std::uint32_t>& words, std::uint32_t n) {
  std::vector<std::uint32_t> rows(kMaxAlphabet);
  for (value_t v = 0; v < kMaxApackRows; ++v) rows[v] = to_word(Row{v, 0});
  std::vector<value_t> values(n);
  return decode_stream(TansPairDecoder{table.data(), R}, rows.data(), BitReader(words), BitReader(),
                       StreamLayout{n, 1, 1}, 0, values.data());
}

}  // namespace

TEST_CASE("tans_pair: every table of 2 rows and 16 slots codes as its definition decodes",
          "[exhaustive]") {
  std::mt19937 random(1);
  std::uint64_t n_tables = 0, n_streams = 0;
  support::for_each_freq(4, 4, [&](const std::vector<std::uint32_t>& freq) {
    ++n_tables;
    for (const Spread kind : kAllSpreads) {
      const TansPairEncoder encoder(freq, 2, 4, kind);
      for (const std::size_t n : {0u, 1u, 2u, 3u, 4u, 7u, 40u, 41u}) {
        const auto symbols = random_symbols(freq, 2, n, random);
        const auto words = encode_symbols(encoder, 4, symbols);
        REQUIRE(words.empty() == (n == 0));
        if (n == 0) continue;
        REQUIRE(decode_both(freq, 2, 4, kind, words, n) == symbols);
        REQUIRE(decode_status(make_decode_table(by_pair(freq, 2), 4, kind), 4, words,
                              static_cast<std::uint32_t>(n)) == Status::kOk);
        ++n_streams;
      }
    }
  });
  CHECK(n_tables == 969);
  CHECK(n_streams == 3 * 7 * 969);
}

TEST_CASE("tans_pair: any words decode as the definition says, on every table of 2 rows",
          "[exhaustive]") {
  std::mt19937 random(2);
  support::for_each_freq(4, 4, [&](const std::vector<std::uint32_t>& freq) {
    const std::vector<std::uint32_t> words{static_cast<std::uint32_t>(random()),
                                           static_cast<std::uint32_t>(random())};
    for (const symbol_t s : decode_both(freq, 2, 4, Spread::kTuned, words, 45)) REQUIRE(s < 2);
  });
}

TEST_CASE("tans_pair: random tables of 1 to 16 rows and all table logs round-trip", "[unit]") {
  std::mt19937 random(3);
  for (unsigned i = 0; i < 90; ++i) {
    const unsigned A = 1 + random() % kMaxApackRows;
    const unsigned R = i % (kMaxTableLog + 1);
    std::vector<std::uint32_t> freq(std::size_t{A} * A);
    for (std::uint32_t slot = 0; slot < 1u << R; ++slot) {
      ++freq[random() % (1 + random() % freq.size())];
    }
    const auto kind = static_cast<Spread>(random() % kSpreads);
    const auto symbols = random_symbols(freq, A, 1 + random() % 99, random);
    const auto words = encode_symbols(TansPairEncoder(freq, A, R, kind), R, symbols);
    INFO("A=" << A << " R=" << R << " n=" << symbols.size());
    REQUIRE(decode_both(freq, A, R, kind, words, symbols.size()) == symbols);
  }
}

TEST_CASE("tans_pair: a stream is that of plain tANS over the pairs' bytes", "[unit]") {
  std::mt19937 random(4);
  const std::vector<std::uint32_t> freq{20, 3, 0, 1, 5, 9, 6, 11, 9};
  const auto pairs_freq = by_pair(freq, 3);
  CHECK(pairs_freq[0x00] == 20);
  CHECK(pairs_freq[0x10] == 3);
  CHECK(pairs_freq[0x01] == 1);
  CHECK(pairs_freq[0x12] == 11);
  const auto symbols = random_symbols(freq, 3, 600, random);
  std::vector<symbol_t> bytes;
  for (std::size_t i = 0; i < symbols.size(); i += 2) {
    bytes.push_back(static_cast<symbol_t>(symbols[i] | symbols[i + 1] << 4));
  }
  for (const Spread kind : kAllSpreads) {
    const auto words = encode_symbols(TansPairEncoder(freq, 3, 6, kind), 6, symbols);
    CHECK(words == encode_symbols(TansEncoder(pairs_freq, 6, kind), 6, bytes));
    const auto table = make_decode_table(pairs_freq, 6, kind);
    TansDecoder plain{table.data(), 6};
    BitReader in(words);
    plain.start(in);
    for (const symbol_t byte : bytes) REQUIRE(plain.step(in) == byte);
  }
}

TEST_CASE(
    "tans_pair: an odd last symbol takes its most frequent successor, the smallest of several",
    "[unit]") {
  const std::vector<std::uint32_t> freq{2, 4, 4, 1, 0, 0, 0, 0, 5};
  const TansPairEncoder encoder(freq, 3, 4, Spread::kTuned);
  const symbol_t successors[] = {1, 0, 2};
  for (symbol_t last = 0; last < 3; ++last) {
    const std::vector<symbol_t> cut{0, 2, last}, whole{0, 2, last, successors[last]};
    const auto stream = encode_symbols(encoder, 4, cut);
    CHECK(stream == encode_symbols(encoder, 4, whole));
    CHECK(decode_both(freq, 3, 4, Spread::kTuned, stream, 3) == cut);
  }
  // a decoder that ended on half a pair starts afresh
  const std::vector<symbol_t> odd{0, 2, 1};
  const auto words = encode_symbols(encoder, 4, odd);
  const auto table = make_decode_table(by_pair(freq, 3), 4, Spread::kTuned);
  TansPairDecoder decoder{table.data(), 4};
  for (unsigned times = 0; times < 2; ++times) {
    BitReader in(words);
    decoder.start(in);
    for (const symbol_t s : odd) CHECK(decoder.step(in) == s);
  }
  CHECK(encoder.can_end(0));
  CHECK(!encoder.can_encode(1, 1));
  CHECK(!encoder.can_end(3));
  CHECK(!TansPairEncoder(std::vector<std::uint32_t>{1, 1, 0, 0}, 2, 1, Spread::kStep).can_end(1));
}

TEST_CASE("tans_pair: a pair that owns all slots costs no bits, whatever the length", "[unit]") {
  for (unsigned R = 0; R <= kMaxTableLog; ++R) {
    const std::vector<std::uint32_t> freq{0, 0, 1u << R, 0};
    const TansPairEncoder encoder(freq, 2, R, Spread::kTuned);
    std::vector<symbol_t> symbols(1001, 1);
    for (std::size_t i = 1; i < symbols.size(); i += 2) symbols[i] = 0;
    const auto words = encode_symbols(encoder, R, symbols);
    CHECK(words == std::vector<std::uint32_t>(R == 0 ? 0 : 1));
    const auto table = make_decode_table(by_pair(freq, 2), R, Spread::kTuned);
    CHECK(decode_status(table, R, words, 1001) == Status::kOk);
  }
}

TEST_CASE("tans_pair: cut, over-long and wrongly begun streams end with their verdict", "[unit]") {
  std::mt19937 random(5);
  const std::vector<std::uint32_t> freq{5, 3, 1, 7};
  const auto table = make_decode_table(by_pair(freq, 2), 4, Spread::kTuned);
  const TansPairEncoder encoder(freq, 2, 4, Spread::kTuned);
  for (const std::uint32_t n : {99u, 100u}) {
    const auto words = encode_symbols(encoder, 4, random_symbols(freq, 2, n, random));
    CHECK(decode_status(table, 4, words, n) == Status::kOk);
    auto bad = words;
    bad.pop_back();
    CHECK(decode_status(table, 4, bad, n) == Status::kTruncated);
    CHECK(decode_status(table, 4, {}, n) == Status::kTruncated);
    bad = words;
    bad.push_back(0);
    CHECK(decode_status(table, 4, bad, n) == Status::kTrailing);
    CHECK(decode_status(table, 4, {}, 0) == Status::kOk);
    CHECK(decode_status(table, 4, words, 0) == Status::kTrailing);
  }
  // one pair, 16 slots: t = 3 stays 3, the pair takes no bits
  const auto constant =
      make_decode_table(by_pair(std::vector<std::uint32_t>{16, 0, 0, 0}, 2), 4, Spread::kTuned);
  CHECK(decode_status(constant, 4, {0}, 7) == Status::kOk);
  CHECK(decode_status(constant, 4, {3}, 7) == Status::kBadState);
  CHECK(decode_status(constant, 4, {16}, 7) == Status::kTrailing);
}

TEST_CASE("tans_pair: the decoder runs at compile time", "[unit]") {
  // four pairs of one slot each: an entry takes 2 bits, t' = these bits
  constexpr std::array<std::uint32_t, 4> kTable{
      to_word(Entry{0x00, 2, 0}), to_word(Entry{0x01, 2, 0}), to_word(Entry{0x10, 2, 0}),
      to_word(Entry{0x11, 2, 0})};
  constexpr auto kSymbols = [&] {
    const std::uint32_t words[] = {0b00'10'01};
    BitReader in(words, 1);
    TansPairDecoder decoder{kTable.data(), 2};
    decoder.start(in);
    std::array<symbol_t, 4> out{};
    for (symbol_t& s : out) s = decoder.step(in);
    return decoder.at_end() ? out : std::array<symbol_t, 4>{};
  }();
  STATIC_REQUIRE(kSymbols == std::array<symbol_t, 4>{1, 0, 0, 1});
}

TEST_CASE("tans_pair: on the embedded trace a stream costs the joint entropy of its pairs",
          "[golden]") {
  const char* source = std::getenv("TRANSOM_SOURCE");
  REQUIRE(source != nullptr);
  std::size_t n_checked = 0;
  for (const Tensor& tensor :
       read_trace(std::filesystem::path(source) / "golden/traces/digits_cnn_int8")) {
    PlanOptions options;
    options.coding = Coding::kApackTansPair;
    const CodedTensor coded = encode_best(tensor, options);
    if (coded.code.coding != Coding::kApackTansPair || tensor.values.size() < 5000) continue;
    const PrefixMap prefix(coded.code.rows, tensor.dtype.bits);
    const auto counts = pair_histogram(coded.layout(), coded.code.rows.size(),
                                       [&](std::uint32_t i) { return prefix[tensor.values[i]]; });
    double n_pairs = 0, joint = 0;
    for (const std::uint32_t n : counts) n_pairs += n;
    for (const std::uint32_t n : counts) joint += n == 0 ? 0 : n * std::log2(n_pairs / n);
    double bits = 0;
    for (const StreamWords& stream : coded.streams)
      bits += 32.0 * static_cast<double>(stream.symbols.size());
    const double ends = static_cast<double>(coded.streams.size()) * (kMaxTableLog + 32);
    INFO(tensor.name << ": " << bits << " bits, joint entropy " << joint);
    CHECK(bits <= 1.01 * joint + ends);
    CHECK(bits >= joint - ends);
    CHECK(decode(coded).values == tensor.values);
    ++n_checked;
  }
  CHECK(n_checked >= 4);
}

TEST_CASE("tans_pair: frequencies that are no square of rows are refused with their number",
          "[unit]") {
  const std::vector<std::uint32_t> three{1, 2, 1};
  CHECK_THROWS_WITH(by_pair(three, 2), Catch::Contains("number of frequencies is 3; must be 4"));
  CHECK_THROWS_AS(by_pair(std::vector<std::uint32_t>(289), 17), std::invalid_argument);
  CHECK_THROWS_WITH(TansPairEncoder(std::vector<std::uint32_t>{1, 2, 1, 1}, 2, 2, Spread::kStep),
                    Catch::Contains("sum of frequencies is 5"));
}

}  // namespace transom
