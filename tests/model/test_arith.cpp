// test_arith.cpp — arith.hpp against a bit-serial coder after Witten, Neal and Cleary, and to its
// ends.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coder/arith.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "support.hpp"

namespace transom {
namespace {

/// The coder of CACM 30(6) with our registers, one bit at a time, sharing nothing with arith.hpp.
std::vector<bool> encode_bit_by_bit(const std::vector<std::uint32_t>& freq,
                                    const std::vector<symbol_t>& symbols) {
  std::vector<bool> out;
  std::uint64_t low = 0, high = 65535, pending = 0;
  const auto emit = [&](bool bit) {
    out.push_back(bit);
    for (; pending > 0; --pending) out.push_back(!bit);
  };
  for (const symbol_t s : symbols) {
    std::uint64_t cum = 0;
    for (unsigned i = 0; i < s; ++i) cum += freq[i];
    const std::uint64_t range = high - low + 1;
    high = low + range * (cum + freq[s]) / 1024 - 1;
    low = low + range * cum / 1024;
    for (;;) {
      if (high < 32768) {
        emit(false);
      } else if (low >= 32768) {
        emit(true);
        low -= 32768;
        high -= 32768;
      } else if (low >= 16384 && high < 49152) {
        ++pending;
        low -= 16384;
        high -= 16384;
      } else {
        break;
      }
      low = 2 * low;
      high = 2 * high + 1;
    }
  }
  for (int i = 15; i >= 0; --i) emit((low >> i & 1) != 0);
  return out;
}

std::vector<std::uint32_t> to_words(const std::vector<bool>& bits) {
  std::vector<std::uint32_t> words((bits.size() + 31) / 32);
  for (std::size_t i = 0; i < bits.size(); ++i) words[i / 32] |= std::uint32_t{bits[i]} << i % 32;
  return words;
}

void check_round_trip(const std::vector<std::uint32_t>& freq,
                      const std::vector<symbol_t>& symbols) {
  const auto words = encode_symbols(ArithEncoder(freq), symbols);
  const auto bits = encode_bit_by_bit(freq, symbols);
  REQUIRE(words == to_words(bits));
  const auto table = make_arith_table(freq);
  ArithDecoder decoder{table.data(), kArithTableLog};
  BitReader in(words);
  decoder.start(in);
  for (const symbol_t s : symbols) REQUIRE(decoder.step(in) == s);
  REQUIRE(decoder.at_end());
  REQUIRE(in.position() == bits.size());
  REQUIRE(in.clean_end());
  REQUIRE(!in.past_end());
}

}  // namespace

TEST_CASE("arith: the stream is that of a bit-serial coder, and reads back to its last bit",
          "[unit]") {
  for (const auto& [freq, R] : support::random_freqs(300)) {
    if (R != kArithTableLog) continue;
    check_round_trip(freq, support::random_symbols(freq, 4000, 7));
  }
}

TEST_CASE("arith: every message of up to 5 symbols of a table with rows of count 1 and 0",
          "[exhaustive]") {
  const std::vector<std::uint32_t> freq{1, 511, 0, 1, 511};
  const symbol_t used[] = {0, 1, 3, 4};
  for (std::size_t n = 1; n <= 5; ++n) {
    for (std::uint32_t code = 0; code < 1u << 2 * n; ++code) {
      std::vector<symbol_t> symbols(n);
      for (std::size_t i = 0; i < n; ++i) symbols[i] = used[code >> 2 * i & 3];
      check_round_trip(freq, symbols);
    }
  }
}

TEST_CASE("arith: an underflow of more bits than a register holds is carried", "[unit]") {
  // The middle symbol straddles one half: as long as it repeats, E3 runs and nothing is written.
  const std::vector<std::uint32_t> freq{256, 512, 256};
  for (const std::size_t n : {1u, 15u, 16u, 17u, 31u, 32u, 33u, 64u, 1000u}) {
    for (symbol_t last = 0; last < 3; ++last) {
      std::vector<symbol_t> symbols(n, 1);
      symbols.push_back(last);
      check_round_trip(freq, symbols);
    }
  }
}

TEST_CASE("arith: costs the entropy of its counts and at most 16 bits and a part in 1000",
          "[unit]") {
  for (const auto& [freq, R] : support::random_freqs(150, 5)) {
    if (R != kArithTableLog) continue;
    const auto symbols = support::random_symbols(freq, 50'000, 3);
    double ideal = 0;
    for (const symbol_t s : symbols) ideal += 10 - std::log2(freq[s]);
    const auto words = encode_symbols(ArithEncoder(freq), symbols);
    CHECK(static_cast<double>(words.size()) * 32 <= ideal * 1.001 + 64);
  }
}

}  // namespace transom
