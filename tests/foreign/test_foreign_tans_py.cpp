// test_foreign_tans_py.cpp — compat/tans_py.hpp against its description, spelled out bit by bit.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/tans_py.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <numeric>

#include "foreign_support.hpp"

namespace transom::foreign::tans_py {
namespace {

using support::Random;

/// 2..most counts of sum 2^R, no symbol with all of it.
std::vector<std::uint32_t> random_counts(Random& random, unsigned R, std::size_t most = 256) {
  std::vector<std::uint32_t> counts;
  while (counts.size() < 2) counts = support::full_freq(random, most, R);
  return counts;
}

/// The coder as its description has it: lists of bits, no tables but the spread.
struct Slow {
  std::vector<std::uint32_t> counts;
  std::vector<std::size_t> spread;
  std::uint32_t L;
  unsigned R;
  std::vector<std::uint32_t> table;  ///< by cum[s] + i: the state of occurrence i

  Slow(const std::vector<std::uint32_t>& c, Spread kind) : counts(c) {
    L = std::accumulate(c.begin(), c.end(), 0u);
    R = static_cast<unsigned>(std::bit_width(L)) - 1;
    kind == Spread::kPrecise ? spread_precisely() : spread_fast();
    for (std::size_t s = 0; s < counts.size(); ++s) {
      for (std::uint32_t slot = 0; slot < L; ++slot) {
        if (spread[slot] == s) table.push_back(L + slot);
      }
    }
  }

  void spread_precisely() {
    std::vector<std::pair<double, std::size_t>> keys;
    for (std::size_t s = 0; s < counts.size(); ++s) {
      const double p = static_cast<double>(counts[s]) / L;
      for (std::uint32_t i = 0; i < L; ++i) keys.emplace_back(1 / (2 * p) + i / p, s);
    }
    std::sort(keys.begin(), keys.end());
    for (std::uint32_t slot = 0; slot < L; ++slot) spread.push_back(keys[slot].second);
  }
  void spread_fast() {
    spread.assign(L, 0);
    const auto step = static_cast<std::uint32_t>(0.625 * L + 3);
    std::uint32_t slot = 0;
    for (std::size_t s = 0; s < counts.size(); ++s) {
      for (std::uint32_t i = 0; i < counts[s]; ++i) {
        spread[slot] = s;
        slot = (slot + step) % L;
      }
    }
  }

  std::int64_t cum(std::size_t s) const {
    return std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(s),
                           std::int64_t{0});
  }
  std::uint32_t step(std::uint32_t state, std::size_t s, std::vector<bool>& bits) const {
    const auto k = static_cast<std::int64_t>(R - std::floor(std::log2(counts[s])));
    const std::int64_t nb = (k << (R + 1)) - (std::int64_t{counts[s]} << k);
    const std::int64_t n = (state + nb) >> (R + 1);
    append(state, static_cast<unsigned>(n), bits);
    const std::int64_t index = cum(s) - counts[s] + (state >> n);
    return table[static_cast<std::size_t>((index + L) % L)];
  }
  static void append(std::uint32_t value, unsigned n, std::vector<bool>& bits) {
    for (unsigned i = n; i-- > 0;) bits.push_back((value >> i & 1) != 0);
  }

  std::vector<bool> encode(const std::vector<symbol_t>& message) const {
    std::vector<bool> dropped, bits;
    const std::uint32_t start = step(0, message[0], dropped);
    std::uint32_t state = start;
    for (const symbol_t s : message) state = step(state, s, bits);
    append(state - L, R, bits);
    append(start - L, R, bits);
    return bits;
  }
};

std::vector<bool> bits_of(const Stream& stream) {
  std::vector<bool> bits;
  for (std::uint64_t i = 0; i < stream.n_bits; ++i) {
    bits.push_back((stream.bytes[i / 8] >> i % 8 & 1) != 0);
  }
  return bits;
}

Spread any_spread(Random& random, unsigned R) {
  const bool fast = R != 1 && R != 3 && random() % 2 == 0;
  return fast ? Spread::kFast : Spread::kPrecise;
}

}  // namespace

TEST_CASE("tans_py: spreads, states and bits are those of the description", "[unit]") {
  Random random(1);
  for (int i = 0; i < 150; ++i) {
    const unsigned R = 1 + random() % 9;
    const auto counts = random_counts(random, R);
    const Spread kind = any_spread(random, R);
    CAPTURE(counts, static_cast<int>(kind));
    const Slow slow(counts, kind);
    const Table table(counts, kind);
    REQUIRE(std::equal(slow.spread.begin(), slow.spread.end(), table.spread().begin(),
                       table.spread().end()));
    const auto message = support::draw<symbol_t>(random, counts, 1 + random() % 60);
    const Stream stream = encode(table, message);
    REQUIRE(bits_of(stream) == slow.encode(message));
    const Decoded back = decode(table, stream.bytes, stream.n_bits, message.size());
    REQUIRE(back.status == Status::kOk);
    REQUIRE(back.message == message);
  }
}

TEST_CASE("tans_py: each step inverts, for every table of three symbols and 16 slots",
          "[exhaustive]") {
  int n_tables = 0;
  for (std::uint32_t a = 1; a <= 14; ++a) {
    for (std::uint32_t b = 1; a + b <= 15; ++b) {
      for (const Spread kind : {Spread::kPrecise, Spread::kFast}) {
        ++n_tables;
        const Table table(std::vector<std::uint32_t>{a, b, 16 - a - b}, kind);
        for (std::uint32_t m = 0; m < 81; ++m) {  // all messages of four symbols
          const std::vector<symbol_t> message{
              static_cast<symbol_t>(m % 3), static_cast<symbol_t>(m / 3 % 3),
              static_cast<symbol_t>(m / 9 % 3), static_cast<symbol_t>(m / 27)};
          const Stream stream = encode(table, message);
          const Decoded back = decode(table, stream.bytes, stream.n_bits, 4);
          if (back.status != Status::kOk || back.message != message) FAIL("message " << m);
        }
      }
    }
  }
  CHECK(n_tables == 2 * 105);
}

TEST_CASE("tans_py: two symbols of 6 and 10 slots give the bits of the original", "[golden]") {
  // Its Coder(16, [0, 1], [6, 10]).encode([0, 0, 1]), packed as its C port packs.
  const Table table(std::vector<std::uint32_t>{6, 10}, Spread::kPrecise);
  const Stream stream = encode(table, std::vector<symbol_t>{0, 0, 1});
  CHECK(stream.bytes == std::vector<std::uint8_t>{0x7b, 0x07});
  CHECK(stream.n_bits == 11);
  CHECK(stream.start_state == 23);
  CHECK(stream.final_state == 31);
}

TEST_CASE("tans_py: a stream costs its entropy and twice R bits", "[unit]") {
  Random random(2);
  for (unsigned R = 4; R <= 12; ++R) {
    const auto counts = random_counts(random, R, 20);
    const auto message = support::draw<symbol_t>(random, counts, 5000);
    double ideal = 0;
    for (const symbol_t s : message) ideal += R - std::log2(counts[s]);
    const Stream stream = encode(Table(counts, Spread::kPrecise), message);
    CAPTURE(R, counts);
    CHECK(static_cast<double>(stream.n_bits) <= ideal * 1.06 + 3 * R);
    CHECK(static_cast<double>(stream.n_bits) >= ideal * 0.98 - 64);
  }
}

TEST_CASE("tans_py: what the original codes wrongly or not at all is refused, and named",
          "[unit]") {
  const auto refuse = [](const std::vector<std::uint32_t>& counts, Spread kind, const char* what) {
    CHECK_THROWS_WITH(Table(counts, kind), Catch::Contains(what));
  };
  refuse({5, 3}, Spread::kFast, "is 8; the fast spread's step is 0 mod L");
  refuse({1, 1}, Spread::kFast, "is 2; the fast");
  refuse({16}, Spread::kPrecise, "is 1; must be 2..256");
  refuse({}, Spread::kPrecise, "is 0; must be 2..256");
  refuse({6, 6}, Spread::kPrecise, "sum of counts is 12");
  refuse({8, 0, 8}, Spread::kPrecise, "counts[1] is 0");
  refuse({1u << 14, 1u << 14}, Spread::kPrecise, "2^14");
  refuse({0xffff'ffff, 1}, Spread::kFast, "4294967296");
  refuse(std::vector<std::uint32_t>(512, 1), Spread::kFast, "is 512; must be 2..256");
  CHECK_NOTHROW(Table(std::vector<std::uint32_t>{5, 3}, Spread::kPrecise));
  const Table table(std::vector<std::uint32_t>{8, 8}, Spread::kPrecise);
  CHECK_THROWS_WITH(encode(table, {}), Catch::Contains("empty"));
  CHECK_THROWS_WITH(encode(table, std::vector<symbol_t>{0, 2}), Catch::Contains("message[1] is 2"));
}

TEST_CASE("tans_py: cut streams and streams of more symbols than allowed are told", "[unit]") {
  const Table table(std::vector<std::uint32_t>{250, 3, 3}, Spread::kPrecise);
  Random random(3);
  const auto message = support::draw<symbol_t>(random, std::vector<std::uint32_t>{250, 3, 3}, 800);
  const Stream stream = encode(table, message);
  CHECK(decode(table, stream.bytes, stream.n_bits, 799).status == Status::kTrailing);
  CHECK(decode(table, stream.bytes, stream.n_bits, 799).message.size() == 799);
  CHECK(decode(table, stream.bytes, stream.n_bits + 8, 800).status == Status::kTruncated);
  CHECK(decode(table, stream.bytes, 15, 800).status == Status::kTruncated);
  CHECK(decode(table, {}, 0, 800).status == Status::kTruncated);
  std::map<Status, int> seen;
  for (std::uint64_t n_bits = 0; n_bits < stream.n_bits; ++n_bits) {
    const Decoded cut = decode(table, stream.bytes, n_bits, 100'000);
    ++seen[cut.status];
    if (cut.status == Status::kOk) REQUIRE(cut.message != message);
  }
  CHECK(seen[Status::kTruncated] > static_cast<int>(stream.n_bits) / 2);
}

TEST_CASE("tans_py: damaged streams end within their bits and the limit", "[unit]") {
  Random random(4);
  std::map<Status, std::size_t> seen;
  for (std::size_t i = 0; i < support::n_mutations();) {
    const unsigned R = 1 + random() % 12;
    const auto counts = random_counts(random, R);
    const Table table(counts, any_spread(random, R));
    const Stream good = encode(table, support::draw<symbol_t>(random, counts, 1 + random() % 100));
    for (int j = 0; j < 20; ++j, ++i) {
      std::vector<std::uint8_t> bytes = good.bytes;
      support::damage(random, bytes);
      const std::uint64_t n_bits = random() % (8 * bytes.size() + 9);
      const std::size_t limit = random() % 300;
      const Decoded back = decode(table, bytes, n_bits, limit);
      REQUIRE(back.message.size() <= limit);
      REQUIRE(std::all_of(back.message.begin(), back.message.end(),
                          [&](symbol_t s) { return s < counts.size(); }));
      ++seen[back.status];
    }
  }
  CHECK(seen[Status::kOk] > 0);
  CHECK(seen[Status::kTruncated] > 0);
  CHECK(seen[Status::kTrailing] > 0);
}

TEST_CASE("tans_py: counts rescale to a power of two, each at least 1, or are refused", "[unit]") {
  using Counts = std::vector<std::uint64_t>;
  // halves round to even: 8 * 5 / 16 = 2.5 -> 2, 8 * 11 / 16 = 5.5 -> 6
  CHECK(rescale(Counts{5, 11}, 8, Target::kNext) == Counts{2, 6});
  // 100 goes up to 128 (3 * 43 is one over), or down to 64 (3 * 21 is one short)
  CHECK(rescale(Counts{1, 1, 1}, 100, Target::kNext) == Counts{42, 43, 43});
  CHECK(rescale(Counts{1, 1, 1}, 100, Target::kLower) == Counts{22, 21, 21});
  // a count of 0 gets 1, which the first largest pays
  CHECK(rescale(Counts{0, 8, 8}, 16, Target::kNext) == Counts{1, 7, 8});
  const auto refuse = [](const Counts& counts, std::uint64_t max_sum, Target target,
                         const char* what) {
    CHECK_THROWS_WITH(rescale(counts, max_sum, target), Catch::Contains(what));
  };
  refuse({}, 16, Target::kNext, "sum of counts is 0");
  refuse({0, 0}, 16, Target::kLower, "sum of counts is 0");
  refuse({1, 2, 3, 4}, 3, Target::kNext, "4 different counts");
  refuse(Counts(17, 1), 16, Target::kNext, "number of corrections is 1000");
  refuse(Counts(17, 1), 16, Target::kLower, "never returns");
  refuse({~std::uint64_t{0}, 1}, 16, Target::kNext, "2^32");
  refuse({1, 1}, std::uint64_t{1} << 60, Target::kNext, "max_sum");
  refuse({1, 1}, 0, Target::kLower, "max_sum");
  Random random(5);
  for (int i = 0; i < 500; ++i) {
    Counts counts(1 + random() % 100);
    for (std::uint64_t& n : counts) n = random() >> (8 + random() % 24);
    if (std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}) == 0) continue;
    const auto scaled = rescale(counts, 128 + random() % 4000, Target::kLower);
    REQUIRE(std::has_single_bit(std::accumulate(scaled.begin(), scaled.end(), std::uint64_t{0})));
    REQUIRE(*std::min_element(scaled.begin(), scaled.end()) >= 1);
  }
}

}  // namespace transom::foreign::tans_py
