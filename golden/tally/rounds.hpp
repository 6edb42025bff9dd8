// rounds.hpp — blocks of SHA-256 by the processor's instructions, bytes counted in between. Not a
// public header.
//
// As in fast/lane_loop.hpp nothing but what is called from elsewhere has a name outside: the files
// that define it are compiled for other processors. Letters of the state are those of FIPS 180-4,
// section 6.2.2.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace transom::golden {

inline constexpr std::size_t kShaBlock = 64;  ///< bytes

/// Of bytes that are hashed and counted. Eight tables: one would wait, where values are alike, for
/// what it wrote.
struct Counted {
  std::uint32_t tables[8][256];
  std::uint64_t crc;  ///< the register, not inverted
};

/// Takes blocks into the state, and counts them unless `counted` is null.
void sha_blocks(std::uint32_t* state, const std::uint8_t* bytes, std::size_t n_blocks,
                Counted* counted);
/// The same where there is AVX-512, for a multiple of kShaBatch blocks.
void sha_batches(std::uint32_t* state, const std::uint8_t* bytes, std::size_t n_blocks,
                 Counted* counted);
inline constexpr std::size_t kShaBatch = 16;

}  // namespace transom::golden

#ifdef __SHA__
#include <immintrin.h>

// NOLINTBEGIN(misc-definitions-in-headers): each file has its own
namespace transom::golden {
namespace {

alignas(64) constexpr std::uint32_t kRounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// Groups of four rounds in a block.
constexpr unsigned kGroups = 16;

/// What is taken between two rounds and the next two: nothing.
struct Hashed {
  explicit Hashed(const Counted* /*of*/) {}
  void take(const std::uint8_t* /*block*/, unsigned /*group*/) {}
  void keep(Counted* /*of*/) const {}
};

/// Four bytes of the same block.
struct HashedAndCounted {
  std::uint32_t (*tables)[256];
  std::uint64_t crc;

  explicit HashedAndCounted(Counted* of) : tables(of->tables), crc(of->crc) {}
  [[gnu::always_inline]] void take(const std::uint8_t* block, unsigned group) {
    const std::uint8_t* const four = block + std::size_t{4} * group;
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; ++i) ++tables[group % 2 * 4 + i][four[i]];
    if (group % 2 != 0) return;
    std::uint64_t eight = 0;
    __builtin_memcpy(&eight, four, sizeof eight);
    crc = _mm_crc32_u64(crc, eight);
  }
  void keep(Counted* of) const { of->crc = crc; }
};

struct State {
  __m128i abef, cdgh;

  explicit State(const std::uint32_t* s)
      : abef(four(s[0], s[1], s[4], s[5])), cdgh(four(s[2], s[3], s[6], s[7])) {}
  void keep(std::uint32_t* s) const {
    const auto to = [](__m128i from, std::uint32_t& d, std::uint32_t& c, std::uint32_t& b,
                       std::uint32_t& a) {
      d = static_cast<std::uint32_t>(_mm_extract_epi32(from, 3));
      c = static_cast<std::uint32_t>(_mm_extract_epi32(from, 2));
      b = static_cast<std::uint32_t>(_mm_extract_epi32(from, 1));
      a = static_cast<std::uint32_t>(_mm_extract_epi32(from, 0));
    };
    to(abef, s[0], s[1], s[4], s[5]);
    to(cdgh, s[2], s[3], s[6], s[7]);
  }
  /// Four rounds, of four words that their constants were added to.
  template <class Taken>
  [[gnu::always_inline]] void rounds(__m128i words, const std::uint8_t* block, unsigned group,
                                     Taken& taken) {
    cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
    taken.take(block, group);
    abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0e));
  }
  void add(const State& before) {
    abef = _mm_add_epi32(abef, before.abef);
    cdgh = _mm_add_epi32(cdgh, before.cdgh);
  }

 private:
  static __m128i four(std::uint32_t d, std::uint32_t c, std::uint32_t b, std::uint32_t a) {
    return _mm_set_epi32(static_cast<int>(d), static_cast<int>(c), static_cast<int>(b),
                         static_cast<int>(a));
  }
};

/// From bytes to words, four of them.
__m128i in_order_of_bytes() { return _mm_set_epi64x(0x0c0d'0e0f'0809'0a0b, 0x0405'0607'0001'0203); }

}  // namespace
}  // namespace transom::golden
// NOLINTEND(misc-definitions-in-headers)
#endif
