// sha_batches.cpp — see rounds.hpp. Words of four blocks in a vector.
//
// The instructions for the words take as long as those for the rounds on some processors (Ice
// Lake), and words do not wait for the rounds of another block. They are made before the rounds
// begin: those have no form for vectors, and are slow while a vector's upper half is not zero.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/tally/rounds.hpp"

#if defined(__SHA__) && defined(__AVX512BW__)
namespace transom::golden {
namespace {

/// Four words of each of four blocks.
using Words = __m512i;
constexpr std::size_t kOfVector = 4;  ///< blocks

Words load(const std::uint8_t* blocks, unsigned group) {
  const auto of = [&](std::size_t block) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(blocks + block * kShaBlock) + group);
  };
  Words w = _mm512_castsi128_si512(of(0));
  w = _mm512_inserti32x4(w, of(1), 1);
  w = _mm512_inserti32x4(w, of(2), 2);
  w = _mm512_inserti32x4(w, of(3), 3);
  return _mm512_shuffle_epi8(w, _mm512_broadcast_i32x4(in_order_of_bytes()));
}

Words exclusive_or(Words a, Words b, Words c) { return _mm512_ternarylogic_epi32(a, b, c, 0x96); }
Words sigma0(Words w) {
  return exclusive_or(_mm512_ror_epi32(w, 7), _mm512_ror_epi32(w, 18), _mm512_srli_epi32(w, 3));
}
Words sigma1(Words w) {
  return exclusive_or(_mm512_ror_epi32(w, 17), _mm512_ror_epi32(w, 19), _mm512_srli_epi32(w, 10));
}

/// The four words behind sixteen, of which w1 are the last four. Two of them wait for the other
/// two.
Words next(Words w4, Words w3, Words w2, Words w1) {
  constexpr auto kHighToLow = static_cast<_MM_PERM_ENUM>(0x0e);
  constexpr auto kLowToHigh = static_cast<_MM_PERM_ENUM>(0x40);
  Words w = _mm512_add_epi32(w4, _mm512_alignr_epi8(w1, w2, 4));
  w = _mm512_add_epi32(w, sigma0(_mm512_alignr_epi8(w3, w4, 4)));
  w = _mm512_add_epi32(w, sigma1(_mm512_maskz_shuffle_epi32(0x3333, w1, kHighToLow)));
  return _mm512_add_epi32(w, sigma1(_mm512_maskz_shuffle_epi32(0xcccc, w, kLowToHigh)));
}

/// Words of four blocks, their constants added: vectors of a group after the other.
void make_words(const std::uint8_t* blocks, __m512i* to) {
  Words words[4];
#pragma GCC unroll 16
  for (unsigned group = 0; group < kGroups; ++group) {
    Words& w = words[group % 4];
    w = group < 4 ? load(blocks, group)
                  : next(w, words[(group + 1) % 4], words[(group + 2) % 4], words[(group + 3) % 4]);
    const __m128i k = _mm_load_si128(reinterpret_cast<const __m128i*>(kRounds) + group);
    to[group] = _mm512_add_epi32(w, _mm512_broadcast_i32x4(k));
  }
}

template <class Taken>
void take_batches(std::uint32_t* to, const std::uint8_t* bytes, std::size_t n_blocks,
                  Counted* counted) {
  State state(to);
  Taken taken(counted);
  __m512i words[kShaBatch / kOfVector][kGroups];
  for (; n_blocks > 0; n_blocks -= kShaBatch) {
    for (std::size_t i = 0; i < kShaBatch / kOfVector; ++i) {
      make_words(bytes + i * kOfVector * kShaBlock, words[i]);
    }
    _mm256_zeroupper();
    for (std::size_t i = 0; i < kShaBatch; ++i, bytes += kShaBlock) {
      const auto* const of = reinterpret_cast<const __m128i*>(words[i / kOfVector]) + i % kOfVector;
      const State before = state;
#pragma GCC unroll 16
      for (unsigned group = 0; group < kGroups; ++group) {
        state.rounds(_mm_load_si128(of + group * kOfVector), bytes, group, taken);
      }
      state.add(before);
    }
  }
  state.keep(to);
  taken.keep(counted);
}

}  // namespace

void sha_batches(std::uint32_t* state, const std::uint8_t* bytes, std::size_t n_blocks,
                 Counted* counted) {
  const auto take = counted == nullptr ? take_batches<Hashed> : take_batches<HashedAndCounted>;
  take(state, bytes, n_blocks, counted);
}

}  // namespace transom::golden
#endif
