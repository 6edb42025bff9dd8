// vbmi.cpp — the loop of runs.hpp, for AVX-512 with VBMI. As lane_loop.hpp says, nothing but what
// is called from elsewhere has a name outside.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/isa.hpp"

#ifdef TRANSOM_HAS_X86
#include <immintrin.h>

#include "transom/fast/runs/runs.hpp"

namespace transom::fast {
namespace {

/// Bits of a stream from its next one on, a mark above them: how far that has come down tells how
/// many were taken.
struct MarkedBits {
  const std::uint8_t* at;
  std::uint64_t bits;

  MarkedBits() = default;
  MarkedBits(const std::uint8_t* from, std::uint64_t bit) : at(from + bit / 8) { load(bit % 8); }
  void fill(unsigned three) {
    const auto taken = static_cast<unsigned>(__builtin_clzll(bits));
    at += taken >> three;
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

/// A step: the symbol, and where the next word is. A shift by a number that nobody knows leaves
/// what it shifts where it is, which saves a copy.
struct Step {
  const std::uint64_t* word;
  std::uint8_t take(std::uint64_t& bits, std::uint64_t sixteen) {
    const std::uint64_t w = *word;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a word is an address and what fits beside it
    word = reinterpret_cast<const std::uint64_t*>(w >> sixteen) +
           _bzhi_u64(bits, static_cast<unsigned>(w));
    bits >>= w & 63;
    return static_cast<std::uint8_t>(w >> 8);
  }
};

/// The symbols of the next n steps of each run, n for each.
/// @tparam kOfFill steps whose bits, the 7 before them and a mark are 64 at most
template <unsigned kOfFill>
void find_symbols(Runs& runs, std::uint64_t n, std::uint8_t* symbols) {
  struct Stream {
    MarkedBits in;
    Step step;
  };
  const unsigned n_runs = runs.n_runs;
  Stream streams[kMostRuns];
  for (unsigned g = 0; g < n_runs; ++g) {
    const Run& run = runs.run[g];
    streams[g] = {{run.symbols, run.symbol_bit}, {runs.table + run.state}};
  }
  std::uint64_t sixteen = 16;
  unsigned three = 3;
  asm("" : "+r"(sixteen), "+r"(three));
  std::uint64_t i = 0;
  for (; i + kOfFill <= n; i += kOfFill) {
    // Streams wait in memory: there are not as many registers, and a stream's steps are one chain.
    std::uint8_t* to = symbols + i;
#pragma GCC unroll 1
    for (unsigned g = 0; g < n_runs; ++g, to += n) {
      Stream s = streams[g];
#pragma GCC unroll 8
      for (unsigned step = 0; step < kOfFill; ++step) to[step] = s.step.take(s.in.bits, sixteen);
      s.in.fill(three);
      streams[g] = s;
    }
  }
  for (; i < n; ++i) {
    for (unsigned g = 0; g < n_runs; ++g) {
      Stream& s = streams[g];
      symbols[g * n + i] = s.step.take(s.in.bits, sixteen);
      s.in.fill(three);
    }
  }
  for (unsigned g = 0; g < n_runs; ++g) {
    Run& run = runs.run[g];
    run.symbol_bit = streams[g].in.position(run.symbols);
    run.state = static_cast<std::uint32_t>(streams[g].step.word - runs.table);
  }
}

void find_symbols(Runs& runs, std::uint64_t n, std::uint8_t* symbols) {
  constexpr unsigned kBits = 56;  // all but a mark and those before
  const auto find = runs.most_bits * 6 <= kBits   ? find_symbols<6>
                    : runs.most_bits * 5 <= kBits ? find_symbols<5>
                                                  : find_symbols<4>;
  find(runs, n, symbols);
}

__m512i of_rows(const std::uint8_t (&rows)[kRunRows]) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(rows)));
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

/// Bits of eight offsets that a 64-bit lane has behind the 7 before them.
constexpr long long kLaneBits = 57;

/// The values of 64 symbols of a stream whose next offset is at `position`, which goes on.
/// @return whether an offset is outside
bool add_each_offset(const Runs& runs, const std::uint8_t* symbols, const std::uint8_t* offsets,
                     std::uint64_t& position, std::uint8_t* values) {
  bool outside = false;
  for (unsigned i = 0; i < kRunTurn; ++i) {
    const unsigned s = symbols[i];
    std::uint16_t two;
    __builtin_memcpy(&two, offsets + position / 8, sizeof two);
    const auto offset = static_cast<std::uint8_t>(two >> position % 8 & runs.mask[s]);
    position += runs.bits[s];
    outside |= offset > runs.last[s];
    values[i] = static_cast<std::uint8_t>(runs.vmin[s] + offset);
  }
  return outside;
}

/// The same, all at a time. @return those outside
/// @param fit false, and nothing else done, where a lane's offsets have too many bits
__mmask64 add_offsets(const Rows& rows, __m512i symbols, const std::uint8_t* offsets,
                      std::uint64_t& position, std::uint8_t* values, bool& fit) {
  const __m512i bits = _mm512_shuffle_epi8(rows.bits, symbols);
  // Eight offsets are in a lane: where its bits begin in the block, and its values' in its bits.
  const __m512i sums = sums_of_bytes(bits);
  const __m512i in_lane = _mm512_srli_epi64(sums, 56);
  fit = _mm512_cmpgt_epu64_mask(in_lane, _mm512_set1_epi64(kLaneBits)) == 0;
  if (!fit) return 0;
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
  alignas(64) std::uint8_t symbols[kMostRuns * kMostRunValues];
  find_symbols(runs, n, symbols);
  const Rows rows{of_rows(runs.bits), of_rows(runs.mask), of_rows(runs.last), of_rows(runs.vmin)};
  __mmask64 outside = 0;
  for (unsigned g = 0; g < runs.n_runs; ++g) {
    Run& run = runs.run[g];
    for (std::uint64_t i = 0; i < n; i += kRunTurn) {
      const std::uint8_t* const at = symbols + g * n + i;
      const __m512i of = _mm512_load_si512(at);
      if (!runs.has_rows) {
        _mm512_storeu_si512(run.values + i, of);
        continue;
      }
      bool fit = true;
      outside |= add_offsets(rows, of, run.offsets, run.offset_bit, run.values + i, fit);
      if (!fit) {
        runs.outside |= add_each_offset(runs, at, run.offsets, run.offset_bit, run.values + i);
      }
    }
  }
  runs.outside |= outside != 0;
}

}  // namespace transom::fast
#endif
