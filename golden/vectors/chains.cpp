// chains.cpp — see chains.hpp; docs/check-your-decoder.md has the rule.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/vectors/chains.hpp"

#include <bit>

namespace transom::golden {

std::vector<std::uint32_t> chain_words(const Digest& digest, unsigned first_byte, std::size_t n) {
  std::uint64_t x = 0;
  for (unsigned b = 0; b < 8; ++b) x |= std::uint64_t{digest[first_byte + b]} << 8 * b;
  x |= 1;  // never 0
  std::vector<std::uint32_t> words(n);
  for (std::uint32_t& word : words) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    word = static_cast<std::uint32_t>(x >> 32);
  }
  return words;
}

std::string chain_start(const Codec& codec, std::uint32_t seed) {
  return "transom chain " + std::string(codec.name) + ' ' + std::to_string(seed);
}

std::vector<ChainPoint> run_chain(std::span<const Code> codes, const std::string& text,
                                  HashBytes hash, const ChainObserver& observer) {
  struct Tables {
    std::vector<std::uint32_t> table, rows;
  };
  std::vector<Tables> tables;
  for (const Code& code : codes) {
    tables.push_back({codec(code.coding).make_table(code), make_row_words(code)});
  }
  const std::vector<std::uint8_t> start(text.begin(), text.end());
  Digest digest = hash(start);
  std::vector<ChainPoint> points;
  std::vector<value_t> values(kChainValues);
  for (std::uint32_t i = 0; i < kChainSteps; ++i) {
    const std::size_t g = i % codes.size();
    const StreamWords words{chain_words(digest, 8, std::size_t{8} * digest[0]),
                            chain_words(digest, 16, std::size_t{8} * digest[1])};
    if (observer) observer(codes[g], words);
    const Status status = codec(codes[g].coding)
                              .decode_stream(tables[g].table, codes[g].table_log, tables[g].rows,
                                             words, {kChainValues, 1, 1}, 0, values);
    std::vector<std::uint8_t> bytes(digest.begin(), digest.end());
    for (const value_t value : values) {
      bytes.push_back(static_cast<std::uint8_t>(value));
      bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    }
    bytes.push_back(static_cast<std::uint8_t>(status));
    digest = hash(bytes);
    if (std::has_single_bit(i + 1)) points.push_back({i + 1, digest});
  }
  return points;
}

}  // namespace transom::golden
