// encode_loop.hpp — the loops of encode_lanes.hpp, once for every vector unit.
//
// For files that are compiled for a processor that not everyone has: see lane_loop.hpp. A unit V
// has, beside what decoding takes: X2, a vector of 64-bit numbers, as wide as X, of which the even
// lanes of an X are the low halves; gather_two(pairs of words, index), of X2's; interleave(even,
// odd), the low half of each even and the high half of each odd one; product(a, b) of low halves;
// load_values<T>(from).
//
// A step leaves a field of some bits, those of two steps are put together in 32-bit lanes, those of
// four in 64-bit lanes and behind what is pending there; then the bytes that are whole go out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "transom/fast/encode_lanes.hpp"
#include "transom/fast/lane_loop.hpp"

namespace transom::fast {
namespace {  // NOLINT(google-build-namespaces): see above

/// Bits of each lane, the last one lowest.
template <class V>
struct Fields {
  using X = typename V::X;
  X bits{};
  X n{};

  void prepend(X field, X nbits) {
    bits = bits << nbits | field;
    n += nbits;
  }
};

/// A BackWriter for each lane: those of the even ones, and of the odd ones.
template <class V>
struct Out {
  using X = typename V::X;
  using X2 = typename V::X2;
  static constexpr unsigned kHalf = V::kLanes / 2;
  struct Half {
    X2 at, pending, n_pending;
  };
  Half halves[2];

  Out(const LaneOut& from, unsigned lane) {
    for (unsigned odd = 0; odd < 2; ++odd) {
      for (unsigned i = 0; i < kHalf; ++i) {
        const unsigned g = lane + 2 * i + odd;
        halves[odd].at[i] = reinterpret_cast<std::uintptr_t>(from.at[g]);
        halves[odd].pending[i] = from.pending[g];
        halves[odd].n_pending[i] = from.n_pending[g];
      }
    }
  }
  void save_to(LaneOut& to, unsigned lane) const {
    for (unsigned odd = 0; odd < 2; ++odd) {
      for (unsigned i = 0; i < kHalf; ++i) {
        const unsigned g = lane + 2 * i + odd;
        // NOLINTNEXTLINE(performance-no-int-to-ptr): what a pointer was before it lay in a vector
        to.at[g] = reinterpret_cast<std::uint8_t*>(halves[odd].at[i]);
        to.pending[g] = halves[odd].pending[i];
        to.n_pending[g] = halves[odd].n_pending[i];
      }
    }
  }
  void prepend(const Fields<V>& fields) {
    const auto bits = reinterpret_cast<X2>(fields.bits), n = reinterpret_cast<X2>(fields.n);
    prepend(halves[0], bits & 0xffff'ffff, n & 0xffff'ffff);
    prepend(halves[1], bits >> 32, n >> 32);
  }
  void flush() {
    flush(halves[0]);
    flush(halves[1]);
  }

 private:
  static void prepend(Half& half, X2 bits, X2 n) {
    half.pending = half.pending << n | bits;
    half.n_pending += n;
  }
  static void flush(Half& half) {
    const X2 bits = half.pending << (-half.n_pending & 63);
    std::uint64_t stored[kHalf];
    std::uint8_t* at[kHalf];
    __builtin_memcpy(stored, &bits, sizeof bits);
    __builtin_memcpy(at, &half.at, sizeof at);
    for (unsigned i = 0; i < kHalf; ++i) __builtin_memcpy(at[i] - 8, &stored[i], 8);
    half.at -= half.n_pending >> 3;
    half.n_pending &= 7;
  }
};

/// What all steps look at. In the loop's own memory, as Table is.
struct Steps {
  const std::uint32_t* next;
  unsigned log;
};

template <class V>
struct TansPut {
  using X = typename V::X;
  static constexpr bool kTwoWords = false;
  X state;

  void operator()(const Steps& of, X word, X /*second*/, Fields<V>& out) {
    const X nbits = ((state + (word & 0xffff)) >> of.log) - 1;
    out.prepend(state & ~(~X{} << nbits), nbits);
    const X delta_index = reinterpret_cast<X>(reinterpret_cast<typename V::Signed>(word) >> 17);
    state = V::gather(of.next, (state >> nbits) + delta_index);
  }
};

template <class V>
struct RansPut {
  using X = typename V::X;
  using X2 = typename V::X2;
  using Signed = typename V::Signed;
  static constexpr bool kTwoWords = true;
  X state;

  void operator()(const Steps& of, X reciprocal, X word, Fields<V>& out) {
    const X last = word & 0xfff;  // freq - 1
    const X gives = reinterpret_cast<X>(reinterpret_cast<Signed>(state >> (32 - of.log)) >
                                        reinterpret_cast<Signed>(last));
    const X nbits = gives & 16;
    out.prepend(state & gives >> 16, nbits);
    const X x = state >> nbits;
    const X quotient = high(x + (word >> 17 & 1), reciprocal) >> (word >> 12 & 0xf);
    state = x + (word >> 20) + quotient * (((1u << of.log) - 1) - last);
  }

 private:
  /// The upper halves of products.
  static X high(X a, X b) {
    const auto a2 = reinterpret_cast<X2>(a), b2 = reinterpret_cast<X2>(b);
    return V::interleave(V::product(a2, b2) >> 32, V::product(a2 >> 32, b2 >> 32));
  }
};

template <class V, class Put>
struct EncodeVector {
  Put put;
  Out<V> symbols, offsets;

  EncodeVector(const EncodeLanes& lanes, unsigned lane)
      : put{load<V>(lanes.state + lane)},
        symbols(lanes.symbols_out, lane),
        offsets(lanes.offsets_out, lane) {}
  void save_to(EncodeLanes& lanes, unsigned lane) const {
    save<V>(lanes.state + lane, put.state);
    symbols.save_to(lanes.symbols_out, lane);
    offsets.save_to(lanes.offsets_out, lane);
  }
};

/// Vectors go one after the other, as in decoding.
/// @tparam kRows kNone: no value has an offset
/// @tparam T     of the values
/// @tparam u     0, 1, .. for each vector of lanes
template <class V, template <class> class PutOf, Rows kRows, class T, unsigned... u>
[[gnu::flatten]] void encode_loop(EncodeLanes& lanes, std::uint64_t n,
                                  std::integer_sequence<unsigned, u...>) {
  using X = typename V::X;
  using X2 = typename V::X2;
  using Put = PutOf<V>;
  constexpr bool kOffsets = kRows != Rows::kNone, kFew = kRows == Rows::kFew;
  const Steps of{lanes.next, lanes.table_log};
  const std::uint32_t* const steps = lanes.steps;
  const std::uint32_t* const rows = lanes.rows;
  const symbol_t* const symbols = lanes.symbols;
  const RowTable<V, kRows> few_first(lanes.few), few_second(lanes.few + kFewRows),
      few_rows(lanes.few + 2 * kFewRows);
  const T* values = static_cast<const T*>(lanes.values);
  const std::uint64_t stride = lanes.stride;
  X missing{};
  EncodeVector<V, Put> vectors[] = {{lanes, u * V::kLanes}...};
  const auto step = [&](EncodeVector<V, Put>& v, const T* from, Fields<V>& field,
                        Fields<V>& offset) {
    const X value = V::load_values(from);
    X at = value;
    if constexpr (sizeof(T) == 2 || kFew) at = V::gather_bytes(symbols, value) & 0xff;
    X first, second{};
    if constexpr (kFew) {
      first = few_first[at];
      if constexpr (Put::kTwoWords) second = few_second[at];
    } else if constexpr (kOffsets || Put::kTwoWords) {
      const auto at2 = reinterpret_cast<X2>(at);
      const X2 even = V::gather_two(steps, at2 & 0xffff'ffff);
      const X2 odd = V::gather_two(steps, at2 >> 32);
      first = V::interleave(even, odd << 32);
      second = V::interleave(even >> 32, odd);
    } else {
      first = V::gather(steps, at);
    }
    v.put(of, first, second, field);
    missing |= Put::kTwoWords ? second : first;
    if constexpr (kOffsets) {
      X row = second;
      if constexpr (kFew) {
        row = few_rows[at];
      } else if constexpr (Put::kTwoWords) {
        row = V::gather(rows, at);
      }
      offset.prepend(value - (row & 0xffff), row >> 16);
    }
  };
  const auto turn = [&](EncodeVector<V, Put>& v, const T* from, auto n_steps) {
    constexpr unsigned kSteps = decltype(n_steps)::value;
    for (unsigned i = 0; i < kSteps; i += 2) {
      Fields<V> field, offset;
      step(v, from, field, offset);
      from -= stride;
      if constexpr (kSteps > 1) step(v, from, field, offset), from -= stride;
      v.symbols.prepend(field);
      if constexpr (kOffsets) v.offsets.prepend(offset);
    }
    v.symbols.flush();
    if constexpr (kOffsets) v.offsets.flush();
  };
  for (; n >= 4; n -= 4, values -= 4 * stride) {
    (turn(vectors[u], values + u * V::kLanes, std::integral_constant<unsigned, 4>()), ...);
  }
  for (; n > 0; --n, values -= stride) {
    (turn(vectors[u], values + u * V::kLanes, std::integral_constant<unsigned, 1>()), ...);
  }
  (vectors[u].save_to(lanes, u * V::kLanes), ...);
  std::uint32_t flags[V::kLanes];
  save<V>(flags, missing);
  for (const std::uint32_t flag : flags) lanes.missing |= flag & kMissing;
}

template <class V, template <class> class PutOf, Rows kRows, class T>
EncodeLoop encode_loop_for(unsigned n_lanes) {
  const auto of = [](auto n_vectors) -> EncodeLoop {
    return [](EncodeLanes& lanes, std::uint64_t n) {
      encode_loop<V, PutOf, kRows, T>(
          lanes, n, std::make_integer_sequence<unsigned, decltype(n_vectors)::value>());
    };
  };
  switch (n_lanes / V::kLanes) {
    case 1:
      return of(std::integral_constant<unsigned, 1>());
    case 2:
      return of(std::integral_constant<unsigned, 2>());
    case 4:
      return of(std::integral_constant<unsigned, 4>());
    default:
      return nullptr;
  }
}

template <class V, template <class> class PutOf, class T>
EncodeLoop encode_loop_for(std::size_t n_rows, unsigned n_lanes) {
  if (n_rows == 0) return encode_loop_for<V, PutOf, Rows::kNone, T>(n_lanes);
  if (n_rows <= kFewRows) return encode_loop_for<V, PutOf, Rows::kFew, T>(n_lanes);
  return encode_loop_for<V, PutOf, Rows::kMany, T>(n_lanes);
}

template <class V, template <class> class PutOf>
EncodeLoop encode_loop_for(std::size_t n_rows, bool wide, unsigned n_lanes) {
  return wide ? encode_loop_for<V, PutOf, std::uint16_t>(n_rows, n_lanes)
              : encode_loop_for<V, PutOf, std::uint8_t>(n_rows, n_lanes);
}

template <class V>
EncodeLoop find_encode_loop(EncodeCoder coder, std::size_t n_rows, bool wide, unsigned n_lanes) {
  return coder == EncodeCoder::kTans ? encode_loop_for<V, TansPut>(n_rows, wide, n_lanes)
                                     : encode_loop_for<V, RansPut>(n_rows, wide, n_lanes);
}

}  // namespace
}  // namespace transom::fast
