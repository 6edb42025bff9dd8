// zstd_entropy.cpp — zstd's two entropy coders, FSE (tANS) and huff0, by blocks as zstd has them.
//
// They are no part of zstd's interface: its static library has them, and what stands here of their
// declarations holds for the version that CMakeLists.txt asks for and for no other.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "peer.hpp"

extern "C" {
unsigned FSE_isError(std::size_t code);
unsigned FSE_optimalTableLog(unsigned max_log, std::size_t n, unsigned max_symbol);
std::size_t FSE_normalizeCount(short* norm, unsigned log, const unsigned* counts, std::size_t n,
                               unsigned max_symbol, unsigned low);
std::size_t FSE_writeNCount(void* out, std::size_t room, const short* norm, unsigned max_symbol,
                            unsigned log);
std::size_t FSE_buildCTable_wksp(unsigned* table, const short* norm, unsigned max_symbol,
                                 unsigned log, void* work, std::size_t n_work);
std::size_t FSE_compress_usingCTable(void* out, std::size_t room, const void* in, std::size_t n,
                                     const unsigned* table);
std::size_t FSE_decompress_wksp_bmi2(void* out, std::size_t room, const void* in, std::size_t n,
                                     unsigned max_log, void* work, std::size_t n_work, int bmi2);
unsigned HUF_isError(std::size_t code);
std::size_t HUF_compress4X_repeat(void* out, std::size_t room, const void* in, std::size_t n,
                                  unsigned max_symbol, unsigned log, void* work, std::size_t n_work,
                                  std::size_t* table, int* repeat, int flags);
std::size_t HUF_decompress4X_hufOnly_wksp(unsigned* table, void* out, std::size_t n_out,
                                          const void* in, std::size_t n, void* work,
                                          std::size_t n_work, int flags);
}

namespace transom::peers {
namespace {

constexpr std::size_t kBlock = std::size_t{128} << 10;  // zstd's, and the most that huff0 takes
constexpr unsigned kMaxSymbol = 255;
constexpr unsigned kFseLog = 12;  // our plans try no more, either
constexpr unsigned kHufLog = 11;  // zstd's for literals
constexpr std::size_t kHeader = 512;

/// Memory for tables, as the coders want it: lent, aligned, more than enough.
struct Work {
  std::array<std::uint64_t, 8192> words;
};

bool has_bmi2() { return __builtin_cpu_supports("bmi2") != 0; }

std::size_t fse_block(Bytes values, std::span<std::uint8_t> out, Work& work) {
  std::array<unsigned, kMaxSymbol + 1> counts{};
  for (const std::uint8_t v : values) ++counts[v];
  unsigned max_symbol = kMaxSymbol;
  while (counts[max_symbol] == 0) --max_symbol;
  std::array<short, kMaxSymbol + 1> norm{};
  const unsigned log = FSE_optimalTableLog(kFseLog, values.size(), max_symbol);
  std::size_t n = FSE_normalizeCount(norm.data(), log, counts.data(), values.size(), max_symbol, 1);
  if (FSE_isError(n) != 0 || n == 0) throw std::runtime_error("peers: FSE: no table");
  const std::size_t header = FSE_writeNCount(out.data(), kHeader, norm.data(), max_symbol, log);
  std::array<unsigned, 1 + (1u << (kFseLog - 1)) + 2 * (kMaxSymbol + 1)> table;
  n = FSE_buildCTable_wksp(table.data(), norm.data(), max_symbol, log, &work, sizeof work);
  if (FSE_isError(header) != 0 || FSE_isError(n) != 0)
    throw std::runtime_error("peers: FSE: no table");
  n = FSE_compress_usingCTable(out.data() + header, out.size() - header, values.data(),
                               values.size(), table.data());
  if (FSE_isError(n) != 0 || n == 0) throw std::runtime_error("peers: FSE does not shrink a block");
  return header + n;
}

void fse_decode(Bytes coded, std::span<std::uint8_t> out, Work& work) {
  const std::size_t n =
      FSE_decompress_wksp_bmi2(out.data(), out.size(), coded.data(), coded.size(), kFseLog, &work,
                               sizeof work, static_cast<int>(has_bmi2()));
  if (n != out.size()) throw std::runtime_error("peers: FSE does not decode");
}

std::size_t huf_block(Bytes values, std::span<std::uint8_t> out, Work& work) {
  std::array<std::size_t, kMaxSymbol + 2> table{};
  int repeat = 0;  // none: each block has its table
  const std::size_t n = HUF_compress4X_repeat(out.data(), out.size(), values.data(), values.size(),
                                              kMaxSymbol, kHufLog, &work, sizeof work, table.data(),
                                              &repeat, static_cast<int>(has_bmi2()));
  if (HUF_isError(n) != 0 || n < 2)
    throw std::runtime_error("peers: huff0 does not shrink a block");
  return n;
}

void huf_decode(Bytes coded, std::span<std::uint8_t> out, Work& work) {
  constexpr unsigned kMaxLog = 12;
  static std::array<unsigned, 1 + (1u << kMaxLog)> table;
  table[0] = kMaxLog * 0x01000001u;
  const std::size_t n =
      HUF_decompress4X_hufOnly_wksp(table.data(), out.data(), out.size(), coded.data(),
                                    coded.size(), &work, sizeof work, static_cast<int>(has_bmi2()));
  if (n != out.size()) throw std::runtime_error("peers: huff0 does not decode");
}

template <class Encode, class Decode>
std::function<Coded(Bytes)> by_blocks(Encode encode, Decode decode) {
  return [=](Bytes values) {
    static Work work;
    const auto blocks = std::make_shared<std::vector<std::vector<std::uint8_t>>>();
    static std::vector<std::uint8_t> room(2 * kBlock);
    Coded coded;
    for (std::size_t at = 0; at < values.size(); at += kBlock) {
      const Bytes block = values.subspan(at, std::min(kBlock, values.size() - at));
      const std::size_t n = encode(block, std::span<std::uint8_t>(room), work);
      blocks->emplace_back(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(n));
      coded.n_bytes += n;
    }
    coded.decode = [=](std::span<std::uint8_t> out) {
      std::size_t at = 0;
      for (const std::vector<std::uint8_t>& block : *blocks) {
        decode(Bytes(block), out.subspan(at, std::min(kBlock, out.size() - at)), work);
        at += kBlock;
      }
    };
    return coded;
  };
}

}  // namespace

void add_zstd(std::vector<Peer>& peers) {
  const std::string library = "zstd " TRANSOM_ZSTD_VERSION;
  peers.push_back({"tans", library, "FSE, 2 states", by_blocks(fse_block, fse_decode)});
  peers.push_back({"huffman", library, "huff0, 4 streams", by_blocks(huf_block, huf_decode)});
}

}  // namespace transom::peers
