// avx512.cpp — the loops of lane_loop.hpp for AVX-512: sixteen lanes in a vector.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/isa.hpp"

#ifdef TRANSOM_HAS_X86
#include <immintrin.h>

#include "transom/fast/encode_loop.hpp"
#include "transom/fast/lane_loop.hpp"

namespace transom::fast {
namespace {

struct Avx512 {
  using X = std::uint32_t __attribute__((vector_size(64)));
  using Signed = std::int32_t __attribute__((vector_size(64)));
  using X2 = std::uint64_t __attribute__((vector_size(64)));
  static constexpr unsigned kLanes = 16;

  static X gather(const std::uint32_t* words, X index) { return gather_at<4>(words, index); }
  static X gather_bytes(const std::uint8_t* bytes, X at) { return gather_at<1>(bytes, at); }
  /// Into zeros: a gather into what a register happens to have waits for it.
  template <int kScale>
  static X gather_at(const void* base, X index) {
    constexpr __mmask16 kAll = 0xffff;
    return reinterpret_cast<X>(_mm512_mask_i32gather_epi32(
        _mm512_setzero_si512(), kAll, reinterpret_cast<__m512i>(index), base, kScale));
  }
  static X2 gather_two(const std::uint32_t* pairs, X2 index) {
    constexpr __mmask8 kAll = 0xff;
    return reinterpret_cast<X2>(_mm512_mask_i64gather_epi64(
        _mm512_setzero_si512(), kAll, reinterpret_cast<__m512i>(index), pairs, 8));
  }
  static X interleave(X2 even, X2 odd) {
    return reinterpret_cast<X>(_mm512_mask_blend_epi32(0xaaaa, reinterpret_cast<__m512i>(even),
                                                       reinterpret_cast<__m512i>(odd)));
  }
  static X2 product(X2 a, X2 b) {
    return reinterpret_cast<X2>(
        _mm512_mul_epu32(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
  }
  static X load_values(const std::uint8_t* from) {
    return reinterpret_cast<X>(
        _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
  }
  static X load_values(const std::uint16_t* from) {
    return reinterpret_cast<X>(
        _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))));
  }
  static X float_bits(X x) {
    return reinterpret_cast<X>(_mm512_cvtepi32_ps(reinterpret_cast<__m512i>(x)));
  }
  /// words[index], index < 16.
  static X lookup(const X (&words)[1], X index) {
    return reinterpret_cast<X>(_mm512_permutexvar_epi32(reinterpret_cast<__m512i>(index),
                                                        reinterpret_cast<__m512i>(words[0])));
  }
  /// floor(a / b) of numbers below 2^31: doubles are exact.
  static X divide(X a, X b) {
    const auto half = [&](int i) {
      const auto of = [i](X x) {
        const auto both = reinterpret_cast<__m512i>(x);
        return _mm512_cvtepi32_pd(i == 0 ? _mm512_castsi512_si256(both)
                                         : _mm512_extracti64x4_epi64(both, 1));
      };
      return _mm512_cvttpd_epi32(_mm512_div_pd(of(a), of(b)));
    };
    return reinterpret_cast<X>(_mm512_inserti64x4(_mm512_castsi256_si512(half(0)), half(1), 1));
  }
  /// The low bytes, or halfwords, of all vectors side by side.
  template <unsigned U>
  static void store(void* to, bool wide, const X (&values)[U]) {
    for (unsigned u = 0; u < U; ++u) {
      const auto value = reinterpret_cast<__m512i>(values[u]);
      if (wide) {
        _mm256_storeu_si256(static_cast<__m256i*>(to) + u, _mm512_cvtepi32_epi16(value));
      } else {
        _mm_storeu_si128(static_cast<__m128i*>(to) + u, _mm512_cvtepi32_epi8(value));
      }
    }
  }
  /// The low nibbles of bytes, and the high ones, as bytes.
  template <unsigned U>
  static void store_nibbles(void* low, void* high, const X (&values)[U]) {
    for (unsigned u = 0; u < U; ++u) {
      const __m128i bytes = _mm512_cvtepi32_epi8(reinterpret_cast<__m512i>(values[u]));
      const __m128i mask = _mm_set1_epi8(0xf);
      _mm_storeu_si128(static_cast<__m128i*>(low) + u, _mm_and_si128(bytes, mask));
      _mm_storeu_si128(static_cast<__m128i*>(high) + u,
                       _mm_and_si128(_mm_srli_epi16(bytes, 4), mask));
    }
  }
};

}  // namespace

LaneLoop avx512_loop(LaneCoder coder, std::uint32_t n_rows, unsigned n_lanes) {
  return find_loop<Avx512>(coder, n_rows, n_lanes);
}
EncodeLoop avx512_encode_loop(EncodeCoder coder, std::size_t n_rows, bool wide, unsigned n_lanes) {
  return find_encode_loop<Avx512>(coder, n_rows, wide, n_lanes);
}

}  // namespace transom::fast
#endif
