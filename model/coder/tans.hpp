// tans.hpp — tabled asymmetric numeral systems: spread, tables, one encode step, one decode step.
//
// J. Duda, arXiv:1311.2540, section on tANS. State x in I = [L, 2L), L = 2^R, stored as t = x - L.
// The encoder starts at x = L, walks the symbols last to first and prepends its fields, so every
// decoder (model, SystemC, RTL, CUDA) reads forward: R bits of t, then one field per symbol, and
// ends at t = 0.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/table/frequencies.hpp"

namespace transom {

/// How symbols are laid over the 2^R slots. Each is integer arithmetic only.
enum class Spread : std::uint8_t {
  kStep = 0,   ///< every (5/8 L + 3)-th slot, as FSE; an odd step, so that it visits all slots
  kExact = 1,  ///< Duda's: occurrence i of s wants slot L (i + 1/2) / freq_s; ties to smaller s
  kTuned = 2   ///< occurrence i wants the state whose share of a log-uniform state is that of
               ///< x_s = freq_s + i, which is L / (freq_s ln(1 + 1/x_s)): closest to the entropy
};
inline constexpr unsigned kSpreads = 3;

namespace detail {
/// The slot an occurrence of a symbol wants, as a fraction of L.
struct Wish {
  std::uint64_t numerator;    ///< < 3 * 2^32
  std::uint64_t denominator;  ///< < 2^30, so that cross products stay below 2^64

  friend bool operator<(const Wish& a, const Wish& b) {
    return a.numerator * b.denominator < b.numerator * a.denominator;
  }
};

/// Occurrences i = 0..freq[s]-1 of all symbols in the order of their wishes; ties to smaller s.
/// They are laid into as many buckets as there are slots, about one in each, and sorted there.
/// @param slots     2^R; freq sums to it
/// @param bucket_of 0 .. slots - 1, which ascends with the wish
template <class WishOf, class BucketOf>
std::vector<symbol_t> sort_by_wish(std::span<const std::uint32_t> freq, std::uint32_t slots,
                                   WishOf wish_of, BucketOf bucket_of) {
  struct Occurrence {
    symbol_t symbol;
    std::uint16_t i;
  };
  const auto wish = [&](const Occurrence& o) { return wish_of(freq[o.symbol], o.i); };
  std::vector<Occurrence> all(slots), sorted(slots);
  std::vector<std::uint16_t> bucket(slots);
  std::vector<std::uint32_t> end(std::size_t{slots} + 1);  // of each bucket, once it is full
  std::size_t n = 0;
  for (std::size_t s = 0; s < freq.size(); ++s) {
    for (std::uint32_t i = 0; i < freq[s]; ++i, ++n) {
      all[n] = {static_cast<symbol_t>(s), static_cast<std::uint16_t>(i)};
      bucket[n] = static_cast<std::uint16_t>(bucket_of(wish(all[n])));
      ++end[bucket[n] + 1u];
    }
  }
  std::partial_sum(end.begin(), end.end(), end.begin());
  for (n = 0; n < slots; ++n) sorted[end[bucket[n]]++] = all[n];
  for (std::uint32_t b = 0, begin = 0; b < slots; begin = end[b++]) {
    for (std::uint32_t at = begin + 1; at < end[b]; ++at) {
      const Occurrence o = sorted[at];
      std::uint32_t to = at;
      for (; to > begin && wish(o) < wish(sorted[to - 1]); --to) sorted[to] = sorted[to - 1];
      sorted[to] = o;
    }
  }
  std::vector<symbol_t> spread(slots);
  std::transform(sorted.begin(), sorted.end(), spread.begin(),
                 [](const Occurrence& o) { return o.symbol; });
  return spread;
}

/// Symbols in ascending order, freq[s] slots each, every (5/8 L + 3)-th slot; those from `end` on
/// are passed over. The step is odd, so that it visits all slots of 2^R.
inline void lay_by_step(std::span<const std::uint32_t> freq, std::uint32_t end,
                        std::span<symbol_t> spread) {
  const auto L = static_cast<std::uint32_t>(spread.size());
  const std::uint32_t step = spread_step(static_cast<unsigned>(std::countr_zero(L)));
  std::uint32_t slot = 0;
  for (std::size_t s = 0; s < freq.size(); ++s) {
    for (std::uint32_t i = 0; i < freq[s]; ++i) {
      spread[slot] = static_cast<symbol_t>(s);
      do slot = (slot + step) & (L - 1);
      while (slot >= end);
    }
  }
}

/// Throws unless the spread is one of freq: 2^R slots, each symbol freq[s] times.
inline void check_spread(std::span<const symbol_t> spread, std::span<const std::uint32_t> freq,
                         std::string_view function) {
  constexpr std::size_t kMost = std::size_t{1} << kMaxTableLog;
  if (!std::has_single_bit(spread.size()) || spread.size() > kMost) [[unlikely]] {
    refuse(function, "slots of the spread", spread.size(),
           "must be a power of two up to " + std::to_string(kMost));
  }
  require_range(function, "number of frequencies", freq.size(), 1, kMaxAlphabet);
  std::array<std::uint32_t, kMaxAlphabet> slots{};
  for (const symbol_t s : spread) ++slots[s];
  for (std::size_t s = 0; s < slots.size(); ++s) {
    const std::uint32_t f = s < freq.size() ? freq[s] : 0;
    if (slots[s] != f) [[unlikely]] {
      refuse(function, "slots of symbol " + std::to_string(s), slots[s],
             "must be its frequency, " + std::to_string(f));
    }
  }
}
}  // namespace detail

/// spread[slot] = symbol, each symbol freq[s] times. Throws unless freq sums to 2^R, and for no
/// Spread.
inline std::vector<symbol_t> make_spread(std::span<const std::uint32_t> freq, unsigned R,
                                         Spread kind) {
  check_freq(freq, R, "make_spread");
  require_range("make_spread", "spread", static_cast<unsigned>(kind), 0, kSpreads - 1);
  using detail::sort_by_wish;
  using detail::Wish;
  const std::uint32_t L = std::uint32_t{1} << R;
  std::vector<symbol_t> spread(L);
  switch (kind) {
    case Spread::kStep:
      detail::lay_by_step(freq, L, spread);
      break;
    case Spread::kExact:
      spread = sort_by_wish(
          freq, L,
          [](std::uint64_t f, std::uint64_t i) {
            return Wish{2 * i + 1, f};  // twice the wish, which is below L
          },
          [L](const Wish& w) { return w.numerator * L / (2 * w.denominator); });
      break;
    case Spread::kTuned:
      // 1 / ln(1 + 1/x) = y/2 - 1/(6 y) + O(y^-3), y = 2 x + 1: off by 0.002 at x = 1
      spread = sort_by_wish(
          freq, L,
          [](std::uint64_t f, std::uint64_t i) {
            const std::uint64_t y = 2 * (f + i) + 1;
            return Wish{3 * y * y - 1, y * f};  // six times the wish, which is in [L, 2 L)
          },
          [L](const Wish& w) { return w.numerator * L / (6 * w.denominator) - L; });
      break;
  }
  return spread;
}

/// The decode table, one word per state t: see Entry. Throws unless `spread` has 2^R slots, freq[s]
/// for each s.
inline std::vector<std::uint32_t> make_decode_table(std::span<const symbol_t> spread,
                                                    std::span<const std::uint32_t> freq) {
  detail::check_spread(spread, freq, "make_decode_table");
  const auto L = static_cast<std::uint32_t>(spread.size());
  const auto R = static_cast<unsigned>(std::countr_zero(L));
  std::vector<std::uint32_t> next(freq.begin(), freq.end());  // x_s in [f, 2f), R + 1 bits
  std::vector<std::uint32_t> table(L);
  for (std::uint32_t t = 0; t < L; ++t) {
    const symbol_t s = spread[t];
    const std::uint32_t x_s = next[s]++;
    const unsigned nbits = R + 1 - static_cast<unsigned>(std::bit_width(x_s));
    const std::uint32_t base = (x_s << nbits) - L;
    table[t] =
        to_word(Entry{s, static_cast<std::uint8_t>(nbits), static_cast<std::uint16_t>(base)});
  }
  return table;
}
/// The same of a spread by its kind. Throws as make_spread() does.
inline std::vector<std::uint32_t> make_decode_table(std::span<const std::uint32_t> freq, unsigned R,
                                                    Spread kind) {
  return make_decode_table(make_spread(freq, R, kind), freq);
}

/// The bits one symbol contributes to a stream.
struct Field {
  std::uint32_t value;
  unsigned nbits;
};

/// What an encoder's step does with a state, of one symbol.
struct TansStep {
  std::int32_t delta_nbits = 0;  ///< nbits = (x + delta_nbits) >> 16 bits leave the state
  std::int32_t delta_index = 0;  ///< the next one is next_states[(x >> nbits) + delta_index]
  std::int32_t freq = 0;
};

/// x' = C(s, x), x in [L, 2L), step.freq >= 1: returns the bits that x gives up.
/// @param next_states of TansEncoder::next_states()
constexpr Field tans_encode_step(std::uint32_t& x, const TansStep& step,
                                 const std::uint32_t* next_states) {
  const auto nbits = static_cast<unsigned>((static_cast<std::int32_t>(x) + step.delta_nbits) >> 16);
  const Field field{x & low_bits(nbits), nbits};
  x = next_states[static_cast<std::size_t>(static_cast<std::int32_t>(x >> nbits) +
                                           step.delta_index)];
  return field;
}

/// Inverse of the decode table. One step costs two look-ups, a shift and an add.
class TansEncoder {
 public:
  /// Throws as make_spread() does.
  TansEncoder(std::span<const std::uint32_t> freq, unsigned R, Spread kind)
      : TansEncoder(make_spread(freq, R, kind), freq) {}

  /// @param spread 2^R slots, freq[s] for each s (throws)
  TansEncoder(std::span<const symbol_t> spread, std::span<const std::uint32_t> freq)
      : lower_(static_cast<std::uint32_t>(spread.size())) {
    detail::check_spread(spread, freq, "TansEncoder");
    next_state_.resize(spread.size());
    symbols_.resize(freq.size());
    const int R = std::countr_zero(lower_);
    std::int32_t cum = 0;
    for (std::size_t s = 0; s < freq.size(); ++s) {
      const auto f = static_cast<std::int32_t>(freq[s]);
      if (f == 0) continue;
      // x >= f << k absorbs k bits, x below it k - 1: one add and shift decides (freq 2^R: k = 0).
      const int k = R + 1 - static_cast<int>(std::bit_width(freq[s]));
      symbols_[s] = {(k << 16) - (f << k), cum - f, f};
      cum += f;
    }
    std::vector<std::uint32_t> seen(freq.size());
    for (std::uint32_t t = 0; t < lower_; ++t) {
      const Step& s = symbols_[spread[t]];
      const auto x_s = static_cast<std::int32_t>(seen[spread[t]]++) + s.freq;
      next_state_[static_cast<std::size_t>(s.delta_index + x_s)] = lower_ + t;
    }
  }

  std::uint32_t start_state() const { return lower_; }
  bool can_encode(symbol_t s) const { return s < symbols_.size() && symbols_[s].freq != 0; }

  /// States by symbol, then by x_s = freq_s, freq_s + 1, ...: where a step with x_s leads.
  std::span<const std::uint32_t> next_states() const { return next_state_; }
  /// The smallest state that symbol `s` leads to; freq[s] >= 1 (throws).
  std::uint32_t lowest_state(symbol_t s) const {
    if (!can_encode(s)) [[unlikely]] {
      detail::refuse_symbol("TansEncoder::lowest_state", s);
    }
    const Step& step = symbols_[s];
    return next_state_[static_cast<std::size_t>(step.delta_index + step.freq)];
  }

  using Step = TansStep;
  /// One for each symbol.
  std::span<const Step> steps() const { return symbols_; }

  /// x' = C(s, x): returns the bits that x gives up. `x` in [L, 2L), freq[s] >= 1 (throws).
  Field encode_step(std::uint32_t& x, symbol_t s) const {
    if (!can_encode(s) || x < lower_ || x >= 2 * lower_) [[unlikely]]
      refuse_step(x, s);
    return tans_encode_step(x, symbols_[s], next_state_.data());
  }

 private:
  [[noreturn, gnu::cold, gnu::noinline]] void refuse_step(std::uint32_t x, symbol_t s) const {
    if (!can_encode(s)) detail::refuse_symbol("TansEncoder::encode_step", s);
    detail::refuse_range("TansEncoder::encode_step", "x", x, lower_, 2 * lower_ - 1);
  }

  std::uint32_t lower_;
  std::vector<std::uint32_t> next_state_;
  std::vector<Step> symbols_;
};

/// s, t' = D(t): look up, then absorb nbits. With a table from make_decode_table it cannot fail;
/// another one is not checked.
template <class Bits>
constexpr Entry decode_step(const std::uint32_t* table, std::uint32_t& t, Bits& in) {
  const Entry e = to_entry(table[t]);
  t = e.base + in.read(e.nbits);
  return e;
}

/// A stream's decoder: start, step, at_end are the verbs of every coder. The table is trusted, as
/// that of every decoder is: words of its make_..._table().
struct TansDecoder {
  const std::uint32_t* table;  ///< 2^R words
  unsigned table_log;
  std::uint32_t t = 0;  ///< invariant: < 2^R

  template <class Bits>
  constexpr void start(Bits& in) {
    t = in.read(table_log);
  }
  template <class Bits>
  constexpr symbol_t step(Bits& in) {
    return decode_step(table, t, in).symbol;
  }
  /// Bits that a step reads at most, whatever the stream.
  constexpr unsigned most_bits() const { return table_log; }
  constexpr bool at_end() const { return t == 0; }
  constexpr std::uint64_t state() const { return t; }
};

namespace detail {
/// The words of a stream of fields: the last state without its leading one, `state_bits` of it,
/// then a field per symbol. Inlined, so that its loop is compiled as its caller is.
template <class Encoder>
[[gnu::always_inline]] inline std::vector<std::uint32_t> encode_fields(
    const Encoder& encoder, unsigned state_bits, std::span<const symbol_t> symbols) {
  if (symbols.empty()) return {};
  StackWriter out;
  std::uint32_t x = encoder.start_state();
  for (std::size_t i = symbols.size(); i-- > 0;) {
    const Field field = encoder.encode_step(x, symbols[i]);
    out.prepend(field.value, field.nbits);
  }
  out.prepend(x - encoder.start_state(), state_bits);
  return out.take();
}
}  // namespace detail

/// The symbol stream of one stream, words of 32 bits. Throws for another R than the encoder's, and
/// for a symbol without a frequency.
[[gnu::always_inline]] inline std::vector<std::uint32_t> encode_symbols(
    const TansEncoder& encoder, unsigned R, std::span<const symbol_t> symbols) {
  const auto own = static_cast<unsigned>(std::countr_zero(encoder.start_state()));
  if (R != own) [[unlikely]]
    detail::refuse_table_log("encode_symbols", R, own);
  return detail::encode_fields(encoder, R, symbols);
}

}  // namespace transom
