// sha_blocks.cpp — see rounds.hpp. Words of a block by the instructions for them.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/tally/rounds.hpp"

#ifdef __SHA__
namespace transom::golden {
namespace {

template <class Taken>
void take_blocks(std::uint32_t* to, const std::uint8_t* bytes, std::size_t n_blocks,
                 Counted* counted) {
  State state(to);
  Taken taken(counted);
  for (; n_blocks > 0; --n_blocks, bytes += kShaBlock) {
    const State before = state;
    __m128i words[4];
#pragma GCC unroll 16
    for (unsigned group = 0; group < kGroups; ++group) {
      __m128i& w = words[group % 4];
      if (group < 4) {
        w = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes) + group);
        w = _mm_shuffle_epi8(w, in_order_of_bytes());
      } else {
        const __m128i last = words[(group + 3) % 4];
        const __m128i seventh = _mm_alignr_epi8(last, words[(group + 2) % 4], 4);
        w = _mm_add_epi32(_mm_sha256msg1_epu32(w, words[(group + 1) % 4]), seventh);
        w = _mm_sha256msg2_epu32(w, last);
      }
      const __m128i k = _mm_load_si128(reinterpret_cast<const __m128i*>(kRounds) + group);
      state.rounds(_mm_add_epi32(w, k), bytes, group, taken);
    }
    state.add(before);
  }
  state.keep(to);
  taken.keep(counted);
}

}  // namespace

void sha_blocks(std::uint32_t* state, const std::uint8_t* bytes, std::size_t n_blocks,
                Counted* counted) {
  const auto take = counted == nullptr ? take_blocks<Hashed> : take_blocks<HashedAndCounted>;
  take(state, bytes, n_blocks, counted);
}

}  // namespace transom::golden
#endif
