// test_nrans.cpp — nrans.hpp against a coder that shifts a bit at a time, on every small table.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coder/nrans.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "support.hpp"

namespace transom {
namespace {

using Freqs = std::vector<std::uint32_t>;
using Symbols = std::vector<symbol_t>;

/// What a step leaves behind.
struct Trace {
  symbol_t symbol;
  std::uint64_t state;
  std::uint64_t position;
  friend bool operator==(const Trace&, const Trace&) = default;
};

/// The definition with whole states, divisions and single bits; it shares nothing with nrans.hpp.
struct Slow {
  Freqs freq;
  unsigned R, b;

  std::uint64_t lower() const { return std::uint64_t{1} << (R + b); }
  std::uint64_t cum(symbol_t s) const {
    std::uint64_t sum = 0;
    for (symbol_t i = 0; i < s; ++i) sum += freq[i];
    return sum;
  }
  std::vector<bool> encode(const Symbols& symbols) const {
    std::vector<bool> backward;  // the last bit of the stream first
    std::uint64_t x = lower();
    for (std::size_t i = symbols.size(); i-- > 0;) {
      const std::uint64_t f = freq[symbols[i]];
      std::vector<bool> field;  // lowest bit first
      for (; x >= f << (b + 1); x /= 2) field.push_back(x % 2 != 0);
      backward.insert(backward.end(), field.rbegin(), field.rend());
      x = (x / f << R) + cum(symbols[i]) + x % f;
    }
    for (unsigned i = R + b; i-- > 0;) backward.push_back((x >> i & 1) != 0);
    return {backward.rbegin(), backward.rend()};
  }
  std::vector<Trace> decode(const std::vector<bool>& bits, std::size_t n) const {
    std::vector<Trace> steps;
    std::size_t at = 0;
    std::uint64_t x = lower();
    for (unsigned i = 0; i < R + b; ++i) x += std::uint64_t{bits[at++]} << i;
    while (n-- > 0) {
      const std::uint64_t slot = x % (1u << R);
      symbol_t s = 0;
      while (cum(s) + freq[s] <= slot) ++s;
      x = freq[s] * (x >> R) + slot - cum(s);
      unsigned k = 0;
      while (x << k < lower()) ++k;
      x <<= k;
      for (unsigned i = 0; i < k; ++i) x += std::uint64_t{bits[at++]} << i;
      steps.push_back({s, x - lower(), at});
    }
    return steps;
  }
};

std::vector<std::uint32_t> to_words(const std::vector<bool>& bits) {
  std::vector<std::uint32_t> words((bits.size() + 31) / 32);
  for (std::size_t i = 0; i < bits.size(); ++i) words[i / 32] |= std::uint32_t{bits[i]} << i % 32;
  return words;
}

/// Every step's symbol, state and position, and the end.
template <class Decoder>
bool gives(Decoder decoder, const std::vector<std::uint32_t>& words,
           const std::vector<Trace>& want) {
  BitReader in(words);
  decoder.start(in);
  bool same = true;
  for (const Trace& step : want) {
    const symbol_t s = decoder.step(in);
    same = same && step == Trace{s, decoder.state(), in.position()};
  }
  return same && decoder.at_end() && in.clean_end() && !in.past_end();
}

/// One message through everything.
template <unsigned BlockLog>
bool agrees(const Freqs& freq, unsigned R, const Symbols& symbols) {
  const Slow slow{freq, R, BlockLog};
  const std::vector<bool> bits = slow.encode(symbols);
  const auto words = encode_symbols(NransEncoder<BlockLog>(freq, R), symbols);
  if (symbols.empty()) return words.empty();
  if (words != to_words(bits)) return false;
  const std::vector<Trace> want = slow.decode(bits, symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (want[i].symbol != symbols[i]) return false;
  }
  if (want.back().state != 0 || want.back().position != bits.size()) return false;
  const auto table = make_nrans_table(freq, R);
  if (!gives(NransDecoder<BlockLog>{table.data(), R}, words, want)) return false;
  if (BlockLog != kNransBlockLog || freq.size() > kMaxApackRows) return true;
  const auto counts = make_nrans_counts(freq, R);
  return gives(NransCountDecoder{counts.data(), R}, words, want);
}

Symbols with_slots(const Freqs& freq) {
  Symbols used;
  for (std::size_t s = 0; s < freq.size(); ++s) {
    if (freq[s] != 0) used.push_back(static_cast<symbol_t>(s));
  }
  return used;
}

/// visit(freq, R) for every table of up to four symbols and eight slots.
template <class Visit>
void for_each_small_table(Visit visit) {
  for (unsigned R = 0; R <= 3; ++R) {
    for (std::size_t n_symbols = 1; n_symbols <= 4; ++n_symbols) {
      support::for_each_freq(n_symbols, R, [&](const Freqs& freq) { visit(freq, R); });
    }
  }
}

/// Every message of 0..most symbols that have slots.
template <unsigned BlockLog>
std::size_t all_messages(const Freqs& freq, unsigned R, std::size_t most) {
  const Symbols used = with_slots(freq);
  std::size_t n = 0;
  for (std::size_t length = 0, count = 1; length <= most; ++length, count *= used.size()) {
    for (std::size_t code = 0; code < count; ++code, ++n) {
      Symbols symbols(length);
      std::size_t rest = code;
      for (symbol_t& s : symbols) s = used[rest % used.size()], rest /= used.size();
      if (!agrees<BlockLog>(freq, R, symbols)) {
        FAIL_CHECK("R = " << R << ", b = " << BlockLog << ", message " << code << " of length "
                          << length);
      }
    }
  }
  return n;
}

/// Every state and symbol: y is where it has to be, no other k leads there, the decoder comes back.
template <unsigned BlockLog>
bool all_steps(const Freqs& freq, unsigned R) {
  const NransEncoder<BlockLog> encoder(freq, R);
  const auto table = make_nrans_table(freq, R);
  const std::uint32_t lower = std::uint32_t{1} << (R + BlockLog);
  bool good = encoder.start_state() == lower && encoder.state_bits() == R + BlockLog;
  for (std::uint32_t from = lower; from < 2 * lower; ++from) {
    for (const symbol_t s : with_slots(freq)) {
      std::uint32_t x = from;
      const Field field = encoder.encode_step(x, s);
      unsigned n_fit = 0;
      for (unsigned k = 0; k <= R; ++k) {
        const std::uint32_t y = from >> k;
        n_fit += y >= freq[s] << BlockLog && y < freq[s] << (BlockLog + 1);
      }
      BitWriter bits;
      bits.append(field.value, field.nbits);
      const auto words = bits.take();
      BitReader in(words);
      NransDecoder<BlockLog> decoder{table.data(), R, x - lower};
      good = good && n_fit == 1 && field.nbits <= R && x >= lower && x < 2 * lower &&
             decoder.step(in) == s && decoder.t == from - lower && in.position() == field.nbits;
    }
  }
  return good;
}

template <unsigned BlockLog>
void check_steps() {
  for_each_small_table([](const Freqs& freq, unsigned R) {
    if (!all_steps<BlockLog>(freq, R)) FAIL_CHECK("R = " << R << ", b = " << BlockLog);
  });
}

}  // namespace

TEST_CASE(
    "nrans: every message of every small table has the words, states and positions of a "
    "coder that shifts single bits",
    "[exhaustive]") {
  std::size_t n = 0;
  for_each_small_table([&](const Freqs& freq, unsigned R) {
    n += all_messages<kNransBlockLog>(freq, R, 5);
    n += all_messages<0>(freq, R, 3) + all_messages<1>(freq, R, 3) + all_messages<3>(freq, R, 3);
  });
  CHECK(n > 100'000);
}

TEST_CASE("nrans: in every state of every small table one k fits, and a step comes back",
          "[exhaustive]") {
  check_steps<0>();
  check_steps<1>();
  check_steps<2>();
  check_steps<3>();
}

TEST_CASE("nrans: tables of every size agree with the coder that shifts single bits", "[unit]") {
  std::size_t n_counts = 0;
  for (auto [freq, R] : support::random_freqs(120)) {
    if (R > kNransTableLog) continue;
    if (R % 2 == 0 && freq.size() > kMaxApackRows) {  // folded into a unit's
      for (std::size_t s = kMaxApackRows; s < freq.size(); ++s) freq[s % kMaxApackRows] += freq[s];
      freq.resize(kMaxApackRows);
    }
    n_counts += freq.size() <= kMaxApackRows;
    const auto symbols = support::random_symbols(freq, 1500, R);
    CHECK(agrees<kNransBlockLog>(freq, R, symbols));
    CHECK(agrees<0>(freq, R, symbols));
    CHECK(agrees<3>(freq, R, symbols));
  }
  CHECK(n_counts > 30);
}

TEST_CASE("nrans: whatever a table's words are, the state keeps its bits and a step its take",
          "[unit]") {
  std::mt19937 random(3);
  for (unsigned R = 0; R <= kNransTableLog; ++R) {
    std::vector<std::uint32_t> table(std::size_t{1} << R), counts(kMaxApackRows), bits(400);
    for (auto* words : {&table, &counts, &bits}) {
      for (std::uint32_t& word : *words) word = static_cast<std::uint32_t>(random());
    }
    const auto stays = [&](auto decoder) {
      BitReader in(bits);
      decoder.start(in);
      for (int i = 0; i < 800; ++i) {
        const std::uint64_t before = in.position();
        decoder.step(in);
        if (decoder.state() >> (R + kNransBlockLog) != 0 || in.position() - before > 15)
          return false;
      }
      return true;
    };
    CHECK(stays(NransDecoder<>{table.data(), R}));
    CHECK(stays(NransCountDecoder{counts.data(), R}));
  }
}

TEST_CASE("nrans: at R = 10 a symbol costs at most 0.006 bits over its entropy", "[unit]") {
  for (std::uint32_t seed = 0; seed < 8; ++seed) {
    std::mt19937 random(seed);
    Freqs freq(kMaxApackRows, 1);
    for (unsigned left = 1024 - kMaxApackRows; left > 0; --left) {
      ++freq[random() % (1 + random() % freq.size())];
    }
    const auto symbols = support::random_symbols(freq, 100'000, seed);
    double ideal = 0;
    for (const symbol_t s : symbols) ideal += 10 - std::log2(freq[s]);
    const auto words = encode_symbols(NransEncoder<>(freq, 10), symbols);
    const double excess = (static_cast<double>(words.size()) * 32 - ideal) / 100'000;
    CHECK(excess > 0);
    CHECK(excess < 0.006);
  }
}

TEST_CASE("nrans: what is no table or state is refused by name", "[unit]") {
  CHECK_THROWS_WITH(make_nrans_table(Freqs{1, 2}, 2), Catch::Contains("sum of frequencies"));
  CHECK_THROWS_WITH(make_nrans_table(Freqs{8192}, 13), Catch::Contains("must be 0..12"));
  CHECK_THROWS_WITH(NransEncoder<>(Freqs{8192}, 13), Catch::Contains("must be 0..12"));
  CHECK_THROWS_WITH(make_nrans_counts(Freqs(17, 1), 4), Catch::Contains("must be 1..16"));
  const NransEncoder<> encoder(Freqs{3, 0, 1}, 2);
  std::uint32_t x = encoder.start_state();
  CHECK_THROWS_WITH(encoder.encode_step(x, 1), Catch::Contains("symbol"));
  CHECK_THROWS_WITH(encoder.encode_step(x, 3), Catch::Contains("symbol"));
  x = 32;
  CHECK_THROWS_WITH(encoder.encode_step(x, 0), Catch::Contains("must be 16..31"));
  x = 15;
  CHECK_THROWS_WITH(encoder.encode_step(x, 0), Catch::Contains("must be 16..31"));
}

}  // namespace transom
