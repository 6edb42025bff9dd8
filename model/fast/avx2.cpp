// avx2.cpp — the loops of lane_loop.hpp for AVX2: eight lanes in a vector.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/isa.hpp"

#ifdef TRANSOM_HAS_X86
#include <immintrin.h>

#include "transom/fast/encode_loop.hpp"
#include "transom/fast/lane_loop.hpp"

namespace transom::fast {
namespace {

struct Avx2 {
  using X = std::uint32_t __attribute__((vector_size(32)));
  using Signed = std::int32_t __attribute__((vector_size(32)));
  using X2 = std::uint64_t __attribute__((vector_size(32)));
  static constexpr unsigned kLanes = 8;

  static X gather(const std::uint32_t* words, X index) { return gather_at<4>(words, index); }
  static X gather_bytes(const std::uint8_t* bytes, X at) { return gather_at<1>(bytes, at); }
  /// Into zeros: a gather into what a register happens to have waits for it. g++ leaves them out
  /// where it sees that all lanes are wanted.
  template <int kScale>
  static X gather_at(const void* base, X index) {
    __m256i all = _mm256_set1_epi32(-1);
    asm("" : "+x"(all));
    return reinterpret_cast<X>(
        _mm256_mask_i32gather_epi32(_mm256_setzero_si256(), static_cast<const int*>(base),
                                    reinterpret_cast<__m256i>(index), all, kScale));
  }
  static X2 gather_two(const std::uint32_t* pairs, X2 index) {
    __m256i all = _mm256_set1_epi32(-1);
    asm("" : "+x"(all));
    return reinterpret_cast<X2>(_mm256_mask_i64gather_epi64(
        _mm256_setzero_si256(), reinterpret_cast<const long long*>(pairs),
        reinterpret_cast<__m256i>(index), all, 8));
  }
  static X interleave(X2 even, X2 odd) {
    return reinterpret_cast<X>(
        _mm256_blend_epi32(reinterpret_cast<__m256i>(even), reinterpret_cast<__m256i>(odd), 0xaa));
  }
  static X2 product(X2 a, X2 b) {
    return reinterpret_cast<X2>(
        _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
  }
  static X load_values(const std::uint8_t* from) {
    return reinterpret_cast<X>(
        _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
  }
  static X load_values(const std::uint16_t* from) {
    return reinterpret_cast<X>(
        _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
  }
  static X float_bits(X x) {
    return reinterpret_cast<X>(_mm256_cvtepi32_ps(reinterpret_cast<__m256i>(x)));
  }
  /// words[index], index < 16.
  static X lookup(const X (&words)[2], X index) {
    const auto half = [&](int i) {
      return _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(reinterpret_cast<__m256i>(words[i]),
                                                             reinterpret_cast<__m256i>(index)));
    };
    const auto upper = _mm256_castsi256_ps(reinterpret_cast<__m256i>(index << 28));
    return reinterpret_cast<X>(_mm256_blendv_ps(half(0), half(1), upper));
  }
  /// floor(a / b) of numbers below 2^31: doubles are exact.
  static X divide(X a, X b) {
    const auto half = [&](int i) {
      const auto of = [i](X x) {
        const auto both = reinterpret_cast<__m256i>(x);
        return _mm256_cvtepi32_pd(i == 0 ? _mm256_castsi256_si128(both)
                                         : _mm256_extracti128_si256(both, 1));
      };
      return _mm256_cvttpd_epi32(_mm256_div_pd(of(a), of(b)));
    };
    return reinterpret_cast<X>(_mm256_set_m128i(half(1), half(0)));
  }
  /// The low bytes, or halfwords, of all vectors side by side.
  template <unsigned U>
  static void store(void* to, bool wide, const X (&values)[U]) {
    auto* vectors = static_cast<__m256i*>(to);
    const auto value = [&](unsigned u) { return reinterpret_cast<__m256i>(values[u]); };
    // Packing takes the halves of vectors by turns.
    if (wide) {
      const auto halfwords = [&](unsigned u) {
        return _mm256_and_si256(value(u), _mm256_set1_epi32(0xffff));
      };
      const auto pack = [&](unsigned u, unsigned v) {
        return _mm256_permute4x64_epi64(_mm256_packus_epi32(halfwords(u), halfwords(v)), 0xd8);
      };
      if constexpr (U == 1) {
        _mm_storeu_si128(static_cast<__m128i*>(to), _mm256_castsi256_si128(pack(0, 0)));
      } else {
        for (unsigned u = 0; u < U; u += 2) _mm256_storeu_si256(vectors + u / 2, pack(u, u + 1));
      }
      return;
    }
    const auto bytes = [&](unsigned u) {
      return _mm256_and_si256(value(u), _mm256_set1_epi32(0xff));
    };
    if constexpr (U == 1) {
      store_first<8>(to, pack_bytes(bytes(0), bytes(0), bytes(0), bytes(0)));
    } else if constexpr (U == 2) {
      store_first<16>(to, pack_bytes(bytes(0), bytes(1), bytes(0), bytes(1)));
    } else {
      store_first<32>(to, pack_bytes(bytes(0), bytes(1), bytes(2), bytes(3)));
    }
  }
  /// The low nibbles of bytes, and the high ones, as bytes.
  template <unsigned U>
  static void store_nibbles(void* low, void* high, const X (&values)[U]) {
    const auto value = [&](unsigned u) { return reinterpret_cast<__m256i>(values[u % U]); };
    const __m256i all = pack_bytes(value(0), value(1), value(2), value(3));
    const __m256i mask = _mm256_set1_epi8(0xf);
    store_first<8 * U>(low, _mm256_and_si256(all, mask));
    store_first<8 * U>(high, _mm256_and_si256(_mm256_srli_epi16(all, 4), mask));
  }

 private:
  /// Numbers below 256 as bytes, side by side.
  static __m256i pack_bytes(__m256i a, __m256i b, __m256i c, __m256i d) {
    return _mm256_permutevar8x32_epi32(
        _mm256_packus_epi16(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d)),
        _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  }
  template <unsigned kBytes>
  static void store_first(void* to, __m256i bytes) {
    __builtin_memcpy(to, &bytes, kBytes);
  }
};

}  // namespace

LaneLoop avx2_loop(LaneCoder coder, std::uint32_t n_rows, unsigned n_lanes) {
  return find_loop<Avx2>(coder, n_rows, n_lanes);
}
EncodeLoop avx2_encode_loop(EncodeCoder coder, std::size_t n_rows, bool wide, unsigned n_lanes) {
  return find_encode_loop<Avx2>(coder, n_rows, wide, n_lanes);
}

}  // namespace transom::fast
#endif
