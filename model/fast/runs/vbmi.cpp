// vbmi.cpp — the loop of runs.hpp, for AVX-512 with VBMI. As lane_loop.hpp says, nothing but what
// is called from elsewhere has a name outside.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/isa.hpp"

#ifdef TRANSOM_HAS_X86
#include <immintrin.h>

#include "transom/fast/runs/runs.hpp"

namespace transom::fast {
namespace {

constexpr unsigned kStepsOfFill = 4;

/// Bits of a stream from its next one on, a mark above them: how far that has come down tells how
/// many were taken.
struct MarkedBits {
  const std::uint8_t* at;
  std::uint64_t bits;

  MarkedBits() = default;
  MarkedBits(const std::uint8_t* from, std::uint64_t bit) : at(from + bit / 8) { load(bit % 8); }
  void fill() {
    const auto taken = static_cast<unsigned>(__builtin_clzll(bits));
    at += taken / 8;
    load(taken % 8);
  }
  /// Of a stream that begins at `from`.
  std::uint64_t position(const std::uint8_t* from) const {
    return static_cast<std::uint64_t>(at - from) * 8 + static_cast<unsigned>(__builtin_clzll(bits));
  }

 private:
  void load(std::uint64_t taken) {
    std::uint64_t eight;
    __builtin_memcpy(&eight, at, sizeof eight);
    bits = (eight | std::uint64_t{1} << 63) >> taken;
  }
};

/// The words that the next n steps of each run find, n for each.
void find_words(Runs& runs, std::uint64_t n, std::uint32_t* words) {
  struct Symbols {
    MarkedBits in;
    std::uint64_t state;
  };
  const std::uint32_t* const table = runs.table;
  const unsigned n_runs = runs.n_runs;
  Symbols symbols[kMostRuns];
  for (unsigned g = 0; g < n_runs; ++g) {
    const Run& run = runs.run[g];
    symbols[g] = {{run.symbols, run.symbol_bit}, run.state};
  }
  for (std::uint64_t i = 0; i < n; i += kStepsOfFill) {
    // States wait in memory: there are not as many registers, and a stream's steps are one chain.
#pragma GCC unroll 1
    for (unsigned g = 0; g < n_runs; ++g) {
      Symbols s = symbols[g];
      std::uint32_t* const to = words + g * n + i;
#pragma GCC unroll 4
      for (unsigned step = 0; step < kStepsOfFill; ++step) {
        const std::uint64_t word = table[s.state];
        to[step] = static_cast<std::uint32_t>(word);
        s.state = word >> 16 | _bzhi_u64(s.in.bits, static_cast<unsigned>(word));
        s.in.bits >>= word & 63;
      }
      s.in.fill();
      symbols[g] = s;
    }
  }
  for (unsigned g = 0; g < n_runs; ++g) {
    Run& run = runs.run[g];
    run.symbol_bit = symbols[g].in.position(run.symbols);
    run.state = static_cast<std::uint32_t>(symbols[g].state);
  }
}

__m512i of_rows(const std::uint8_t (&rows)[kRunRows]) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(rows)));
}

alignas(32) constexpr std::uint8_t kSecondBytes[32] = {
    1,  5,  9,  13, 17, 21, 25, 29, 33, 37,  41,  45,  49,  53,  57,  61,
    65, 69, 73, 77, 81, 85, 89, 93, 97, 101, 105, 109, 113, 117, 121, 125};

/// The symbols of 64 words.
__m512i symbols_of(const std::uint32_t* words) {
  const __m512i second_bytes =
      _mm512_castsi256_si512(_mm256_load_si256(reinterpret_cast<const __m256i*>(kSecondBytes)));
  const auto half = [&](const std::uint32_t* from) {
    return _mm512_castsi512_si256(_mm512_permutex2var_epi8(_mm512_loadu_si512(from), second_bytes,
                                                           _mm512_loadu_si512(from + 16)));
  };
  return _mm512_inserti64x4(_mm512_castsi256_si512(half(words)), half(words + 32), 1);
}

/// Sums of each byte and those below it, in each 64-bit lane; all are below 256.
__m512i sums_of_bytes(__m512i x) {
  x = _mm512_add_epi8(x, _mm512_slli_epi64(x, 8));
  x = _mm512_add_epi8(x, _mm512_slli_epi64(x, 16));
  return _mm512_add_epi8(x, _mm512_slli_epi64(x, 32));
}
/// Sums of each 64-bit lane and those below it.
__m512i sums_of_lanes(__m512i x) {
  const __m512i zero = _mm512_setzero_si512();
  x = _mm512_add_epi64(x, _mm512_alignr_epi64(x, zero, 7));
  x = _mm512_add_epi64(x, _mm512_alignr_epi64(x, zero, 6));
  return _mm512_add_epi64(x, _mm512_alignr_epi64(x, zero, 4));
}
/// The low byte of each 64-bit lane, eight times.
__m512i spread(__m512i x) {
  return _mm512_shuffle_epi8(x, _mm512_set4_epi32(0x0808'0808, 0x0808'0808, 0, 0));
}

struct Rows {
  __m512i bits, mask, last, vmin;
};

/// The values of 64 symbols of a stream whose next offset is at `position`, which goes on.
/// @return whether an offset is outside
__mmask64 add_offsets(const Rows& rows, __m512i symbols, const std::uint8_t* offsets,
                      std::uint64_t& position, std::uint8_t* values) {
  const __m512i bits = _mm512_shuffle_epi8(rows.bits, symbols);
  // Eight offsets are in a lane: where its bits begin in the block, and its values' in its bits.
  const __m512i sums = sums_of_bytes(bits);
  const __m512i in_lane = _mm512_srli_epi64(sums, 56);
  const __m512i to_lane = sums_of_lanes(in_lane);
  const auto first = static_cast<long long>(position % 8);
  const __m512i begin =
      _mm512_add_epi64(_mm512_sub_epi64(to_lane, in_lane), _mm512_set1_epi64(first));
  const __m512i block = _mm512_loadu_si512(offsets + position / 8);
  position += static_cast<std::uint64_t>(
      _mm_cvtsi128_si64(_mm512_castsi512_si128(_mm512_alignr_epi64(to_lane, to_lane, 7))));
  const __m512i byte = _mm512_add_epi8(spread(_mm512_srli_epi64(begin, 3)),
                                       _mm512_set1_epi64(0x0706'0504'0302'0100));
  const __m512i lanes = _mm512_permutexvar_epi8(byte, block);
  const __m512i bit = _mm512_add_epi8(_mm512_sub_epi8(sums, bits),
                                      spread(_mm512_and_si512(begin, _mm512_set1_epi64(7))));
  const __m512i offset = _mm512_and_si512(_mm512_multishift_epi64_epi8(bit, lanes),
                                          _mm512_shuffle_epi8(rows.mask, symbols));
  const __m512i vmin = _mm512_shuffle_epi8(rows.vmin, symbols);
  _mm512_storeu_si512(values, _mm512_add_epi8(vmin, offset));
  return _mm512_cmpgt_epu8_mask(offset, _mm512_shuffle_epi8(rows.last, symbols));
}

}  // namespace

void vbmi_runs(Runs& runs, std::uint64_t n) {
  alignas(64) std::uint32_t words[kMostRuns * kMostRunValues];
  find_words(runs, n, words);
  const Rows rows{of_rows(runs.bits), of_rows(runs.mask), of_rows(runs.last), of_rows(runs.vmin)};
  __mmask64 outside = 0;
  for (unsigned g = 0; g < runs.n_runs; ++g) {
    Run& run = runs.run[g];
    for (std::uint64_t i = 0; i < n; i += kRunTurn) {
      const __m512i symbols = symbols_of(words + g * n + i);
      if (runs.has_rows) {
        outside |= add_offsets(rows, symbols, run.offsets, run.offset_bit, run.values + i);
      } else {
        _mm512_storeu_si512(run.values + i, symbols);
      }
    }
  }
  runs.outside |= outside != 0;
}

}  // namespace transom::fast
#endif
