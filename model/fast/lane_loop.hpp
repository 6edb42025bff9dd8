// lane_loop.hpp — the loops of lanes.hpp, once for every vector unit.
//
// For files that are compiled for a processor that not everyone has: what they instantiate must not
// be linked in anybody else's place. So all of it is in an unnamed namespace, on purpose, and
// nothing of the standard library or of the model is called; a test looks at the objects.
//
// A unit is a type V: X, a vector of 32-bit numbers with the compiler's operators; kLanes of them;
// gather(words, index), gather_bytes(bytes, at), divide(a, b), store<U>(to, wide, values),
// store_nibbles<U>(to, to, values).
// The steps are those of the coders' decoders, a lane each.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "transom/base/spec.hpp"
#include "transom/fast/lanes.hpp"

namespace transom::fast {
namespace {  // NOLINT(google-build-namespaces): see above

/// 32 bits of each lane's stream, some of which are read already.
template <class V>
struct Bits {
  using X = typename V::X;
  X buffer;
  X used;  ///< bits, from the byte `at` on

  X read(X nbits) {
    const X field = buffer & ~(~X{} << nbits);
    skip(nbits);
    return field;
  }
  void skip(X nbits) {
    buffer >>= nbits;
    used += nbits;
  }
};

/// Floor(log2(x)) + 1 of x < 2^24: the exponent of a float.
template <class V>
typename V::X bit_width(typename V::X x) {
  return (V::float_bits(x) >> 23) - 126;
}

/// A decoder's table. In the loop's own memory: what it writes could lie in anybody else's.
struct Table {
  const std::uint32_t* words;
  unsigned log;
};

template <class V>
struct TansStep {
  using X = typename V::X;
  static constexpr unsigned kValues = 1;
  static constexpr bool kManyRows = true;    ///< there can be more than kFewRows
  static constexpr bool kHalfwords = false;  ///< bits are taken 16 by 16
  static constexpr unsigned kStates = 1;
  X state[kStates];

  X operator()(Table table, Bits<V>& in) {
    const X entry = V::gather(table.words, state[0]);
    state[0] = entry >> 16 | in.read(entry >> 8 & 0xff);
    return entry & 0xff;
  }
};

template <class V>
struct TansPairStep : TansStep<V> {
  static constexpr bool kManyRows = false;
  static constexpr unsigned kValues = 2;
};

template <class V>
struct TansNibblesStep {
  using X = typename V::X;
  static constexpr unsigned kValues = 2;
  static constexpr bool kManyRows = false;
  static constexpr bool kHalfwords = false;
  static constexpr unsigned kStates = 1;
  X state[kStates];

  X operator()(Table table, Bits<V>& in) {
    const X entry = V::gather(table.words, state[0]);
    state[0] = entry >> 20 | in.read(entry >> 16 & 0xf);
    return entry;
  }
  /// Both values, with their offsets if there are some.
  template <bool kOffsets>
  static X values(X entry, Bits<V>& offsets) {
    if constexpr (!kOffsets) return entry & 0xff;
    const X first = entry >> 8 & 7;
    const X both = offsets.read(entry >> 11 & 0xf);
    return (entry & 0xff) + (both & ~(~X{} << first)) + (both >> first << 4);
  }
};
/// Whether a step gives two values as one of 8 bits.
template <class Step>
inline constexpr bool kNibbles = false;
template <class V>
inline constexpr bool kNibbles<TansNibblesStep<V>> = true;

template <class V>
struct RansStep {
  using X = typename V::X;
  static constexpr unsigned kValues = 1;
  static constexpr bool kManyRows = true;
  static constexpr bool kHalfwords = true;
  static constexpr unsigned kStates = 1;
  X state[kStates];

  X operator()(Table table, Bits<V>& in) {
    const X x = state[0];
    const X entry = V::gather(table.words, x & ((1u << table.log) - 1));
    const X block = x >> table.log;
    const X next = (entry >> 8 & 0xfff) * block + block + (entry >> 20);
    const X nbits = reinterpret_cast<X>(next >> 16 == 0) & 16;
    state[0] = next << nbits | in.read(nbits);
    return entry & 0xff;
  }
};

template <class V>
struct NransStep {
  using X = typename V::X;
  static constexpr unsigned kValues = 1;
  static constexpr bool kManyRows = false;
  static constexpr bool kHalfwords = false;
  static constexpr unsigned kStates = 1;
  X state[kStates];

  X operator()(Table table, Bits<V>& in) {
    const unsigned R = table.log;
    const unsigned b = kNransBlockLog;
    const X t = state[0];
    const X entry = V::gather(table.words, t & ((1u << R) - 1));
    const X y = ((entry >> 8 & 0xfff) + 1) * ((t >> R) + (1u << b)) + (entry >> 20);
    const X k = (R + b + 1) - bit_width<V>(y);
    state[0] = (y << k | in.read(k)) & ((1u << (R + b)) - 1);
    return entry & 0xff;
  }
};

/// The symbol is that of the slot floor((1024 (CODE - LO + 1) - 1) / (HI - LO + 1)).
template <class V>
struct ArithStep {
  using X = typename V::X;
  static constexpr unsigned kValues = 1;
  static constexpr bool kManyRows = false;
  static constexpr bool kHalfwords = false;
  static constexpr unsigned kStates = 3;
  X state[kStates];  ///< LO, HI, CODE

  X operator()(Table table, Bits<V>& in) {
    const X width = state[1] - state[0] + 1;
    const X slot = V::divide(((state[2] - state[0] + 1) << kArithTableLog) - 1, width);
    const X entry = V::gather(table.words, slot);
    const X cum = slot - (entry >> 20);
    const X cum_next = cum + (entry >> 8 & 0xfff) + 1;
    X hi = state[0] + (width * cum_next >> kArithTableLog) - 1;
    X lo = state[0] + (width * cum >> kArithTableLog);
    const X common = 16 - bit_width<V>(lo ^ hi);
    lo = lo << common & 0xffff;
    hi = (hi << common & 0xffff) | ~(~X{} << common);
    const X underflow = 16 - bit_width<V>(~((lo & ~hi) << 1) & 0xffff);
    state[0] = lo << underflow & 0x7fff;
    state[1] = (hi << underflow & 0x7fff) | ~(~X{} << underflow) | 0x8000;
    const X nbits = common + underflow;
    const X code = state[2] << nbits | reverse(in.read(nbits)) >> (16 - nbits);
    state[2] = (code >> underflow & 0x8000) | (code & 0x7fff);
    return entry & 0xff;
  }

 private:
  /// 16 bits in opposite order.
  static X reverse(X field) {
    field = (field & 0x5555) << 1 | (field >> 1 & 0x5555);
    field = (field & 0x3333) << 2 | (field >> 2 & 0x3333);
    field = (field & 0x0f0f) << 4 | (field >> 4 & 0x0f0f);
    return (field & 0x00ff) << 8 | field >> 8;
  }
};

template <class V>
typename V::X load(const void* from) {
  typename V::X x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}
template <class V>
void save(void* to, const typename V::X& x) {
  __builtin_memcpy(to, &x, sizeof x);
}

/// What the lanes of a vector read: the bits of some steps at a time.
template <class V, bool kHalfwords>
struct Source {
  using X = typename V::X;
  X at;
  Bits<V> bits;

  Source(const LaneBits& from, unsigned lane)
      : at(load<V>(from.at + lane)), bits{{}, load<V>(from.bit + lane)} {}
  void fill(const std::uint8_t* base) {
    at += bits.used >> 3;
    bits.used &= 7;
    bits.buffer = V::gather_bytes(base, at);
    if constexpr (!kHalfwords) bits.buffer >>= bits.used;
  }
  void save_to(LaneBits& to, unsigned lane) const {
    save<V>(to.at + lane, at + (bits.used >> 3));
    save<V>(to.bit + lane, bits.used & 7);
  }
};

/// How symbols become values.
enum class Rows : std::uint8_t { kNone, kFew, kMany };

/// Row words and sizes: up to 16 in vectors, more in memory.
template <class V, Rows kRows>
struct RowTable {
  using X = typename V::X;
  static constexpr unsigned kVectors = kRows == Rows::kFew ? kFewRows / V::kLanes : 1;
  X few[kVectors];
  const std::uint32_t* many;

  explicit RowTable(const std::uint32_t* words) : many(words) {
    for (unsigned i = 0; i < kVectors; ++i)
      few[i] = words == nullptr ? X{} : load<V>(words + i * V::kLanes);
  }
  X operator[](X symbol) const {
    if constexpr (kRows == Rows::kFew) return V::lookup(few, symbol);
    return V::gather(many, symbol);
  }
};

/// A vector of lanes.
template <class V, class Step>
struct Vector {
  Step step;
  Source<V, Step::kHalfwords> symbols;
  Source<V, false> offsets;

  Vector(const Lanes& lanes, unsigned lane)
      : step(), symbols(lanes.symbols, lane), offsets(lanes.offsets, lane) {
    for (unsigned i = 0; i < Step::kStates; ++i) step.state[i] = load<V>(lanes.state[i] + lane);
  }
  void save_to(Lanes& lanes, unsigned lane) const {
    for (unsigned i = 0; i < Step::kStates; ++i) save<V>(lanes.state[i] + lane, step.state[i]);
    symbols.save_to(lanes.symbols, lane);
    offsets.save_to(lanes.offsets, lane);
  }
};

/// Vectors go one after the other, so that a state is in registers for as long as it is in use; the
/// processor overlaps them.
/// @tparam kFill steps of one fill of the bits, 1 or 2
/// @tparam u     0, 1, .. for each vector of lanes
template <class V, template <class> class StepOf, Rows kRows, unsigned kFill, unsigned... u>
[[gnu::flatten]] void loop(Lanes& lanes, std::uint64_t n, std::integer_sequence<unsigned, u...>) {
  using X = typename V::X;
  using Step = StepOf<V>;
  constexpr unsigned kTurn = kFill * Step::kValues;
  const Table table{lanes.table, lanes.table_log};
  const RowTable<V, kRows> rows(lanes.rows), sizes(lanes.sizes);
  const bool sized = lanes.sizes != nullptr;
  const bool wide = lanes.wide;
  const std::uint8_t* const symbols = lanes.symbols.base;
  const std::uint8_t* const offsets = lanes.offsets.base;
  auto* to = static_cast<std::uint8_t*>(lanes.values);
  const std::uint64_t stride = lanes.stride;
  const bool joined = lanes.joined;
  X outside{};
  Vector<V, Step> vectors[] = {{lanes, u * V::kLanes}...};
  const auto value = [&](Vector<V, Step>& v, X symbol) {
    if constexpr (kRows == Rows::kNone) return symbol;
    const X row = rows[symbol];
    const X offset = v.offsets.bits.read(row >> 16);
    if (sized) outside |= reinterpret_cast<X>(offset >= sizes[symbol]);
    return (row & 0xffff) + offset;
  };
  const auto turn = [&](Vector<V, Step>& v, X& v0, X& v1, X& v2, X& v3) {
    const auto step = [&](X& first, X& second, bool again) {
      const X symbol = v.step(table, v.symbols.bits);
      if (kRows != Rows::kNone && !again) v.offsets.fill(offsets);
      if constexpr (kNibbles<Step>) {
        first = Step::template values<kRows != Rows::kNone>(symbol, v.offsets.bits);
      } else if constexpr (Step::kValues == 1) {
        first = value(v, symbol);
      } else {
        first = value(v, symbol & 0xf);
        if (kRows != Rows::kNone && kFill == 1) v.offsets.fill(offsets);
        second = value(v, symbol >> 4);
      }
    };
    v.symbols.fill(symbols);
    step(v0, v1, false);
    if constexpr (kFill == 2) Step::kValues == 1 ? step(v1, v1, true) : step(v2, v3, true);
  };
  X together[sizeof...(u)] = {};
  unsigned n_together = 0;
  const auto put = [&](const X(&values)[sizeof...(u)]) {
    if (!joined) {
      V::store(to, wide, values);
      to += stride;
      return;
    }
    const unsigned bits = wide ? 16 : 8;
    ((together[u] = together[u] >> bits | values[u] << (32 - bits)), ...);
    n_together += bits;
    if (n_together % 32 != 0) return;
    (save<V>(to + u * sizeof(X), together[u]), ...);
    to += stride;
  };
  const auto put_two = [&](const X(&nibbles)[sizeof...(u)]) {
    if (!joined && !wide) {
      V::store_nibbles(to, to + stride, nibbles);
      to += 2 * stride;
      return;
    }
    put({(nibbles[u] & 0xf)...});
    put({(nibbles[u] >> 4)...});
  };
  for (std::uint64_t i = 0; i < n; i += kTurn) {
    X v0[sizeof...(u)], v1[sizeof...(u)], v2[sizeof...(u)], v3[sizeof...(u)];
    (turn(vectors[u], v0[u], v1[u], v2[u], v3[u]), ...);
    if constexpr (kNibbles<Step>) {
      put_two(v0);
      if constexpr (kTurn > 2) put_two(v2);
    } else {
      put(v0);
      if constexpr (kTurn > 1) put(v1);
      if constexpr (kTurn > 2) put(v2), put(v3);
    }
  }
  (vectors[u].save_to(lanes, u * V::kLanes), ...);
  std::uint32_t flags[V::kLanes];
  save<V>(flags, outside);
  for (const std::uint32_t flag : flags) lanes.outside |= flag != 0;
}

/// Twice this many bits are there where 7 of 32 may be read already.
inline constexpr unsigned kTwice = 12;

template <class V, template <class> class StepOf, Rows kRows, unsigned U>
void loop_of(Lanes& lanes, std::uint64_t n) {
  const bool twice = StepOf<V>::kHalfwords || lanes.symbols.most <= kTwice;
  if (twice && (kRows == Rows::kNone || lanes.offsets.most * StepOf<V>::kValues <= kTwice)) {
    loop<V, StepOf, kRows, 2>(lanes, n, std::make_integer_sequence<unsigned, U>());
  } else {
    loop<V, StepOf, kRows, 1>(lanes, n, std::make_integer_sequence<unsigned, U>());
  }
}

template <class V, template <class> class StepOf, unsigned U>
LaneLoop loop_for(std::uint32_t n_rows) {
  if (n_rows == 0) return &loop_of<V, StepOf, Rows::kNone, U>;
  if (n_rows <= kFewRows) return &loop_of<V, StepOf, Rows::kFew, U>;
  if constexpr (StepOf<V>::kManyRows) return &loop_of<V, StepOf, Rows::kMany, U>;
  return nullptr;
}

template <class V, template <class> class StepOf>
LaneLoop loop_for(std::uint32_t n_rows, unsigned n_lanes) {
  switch (n_lanes / V::kLanes) {
    case 1:
      return loop_for<V, StepOf, 1>(n_rows);
    case 2:
      return loop_for<V, StepOf, 2>(n_rows);
    case 4:
      return loop_for<V, StepOf, 4>(n_rows);
    default:
      return nullptr;
  }
}

template <class V>
LaneLoop find_loop(LaneCoder coder, std::uint32_t n_rows, unsigned n_lanes) {
  switch (coder) {
    case LaneCoder::kTans:
      return loop_for<V, TansStep>(n_rows, n_lanes);
    case LaneCoder::kTansPair:
      return loop_for<V, TansPairStep>(n_rows, n_lanes);
    case LaneCoder::kTansNibbles:
      return loop_for<V, TansNibblesStep>(n_rows, n_lanes);
    case LaneCoder::kRans:
      return loop_for<V, RansStep>(n_rows, n_lanes);
    case LaneCoder::kNrans:
      return loop_for<V, NransStep>(n_rows, n_lanes);
    case LaneCoder::kArith:
      return loop_for<V, ArithStep>(n_rows, n_lanes);
  }
  return nullptr;
}

}  // namespace
}  // namespace transom::fast
