// nrans.hpp — narrow rANS: a state of R + b + 1 bits, renormalised bit by bit.
//
// J. Duda, arXiv:1311.2540, section on rANS, with words of one bit. State x in I = [2^(R+b),
// 2^(R+b+1)), stored as t = x - 2^(R+b): R + b bits, x without its leading one. With f = freq[s],
//   x = C(s, y) = floor(y / f) 2^R + cum + y mod f      y = D(x) = f floor(x / 2^R) + slot - cum
//   - x is in I iff floor(y / f), the block, is in [2^b, 2^(b+1)): iff y is in [f 2^b, f 2^(b+1)).
//   - An encoder takes low bits off x until y = x >> k is there: x in [f 2^(b+k), f 2^(b+k+1)).
//     These intervals lie end to end, from f 2^b <= 2^(R+b) for k = 0 to f 2^(b+R+1) >= 2^(R+b+1)
//     for k = R: exactly one of them has x in it.
//   - A decoder's k needs no frequency: y << k is in I iff k = R + b - floor(log2 y).
// Within a block a symbol's slots lie together, where tANS spreads them over its table; 2^b blocks
// share I. One more bit of block leaves about a quarter of the loss (docs/figures.md).
// As for tANS, the encoder starts at t = 0, walks the symbols last to first and prepends its
// fields; decoders read R + b bits of t, then a field per symbol, and end at t = 0.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/table/frequencies.hpp"

namespace transom {

static_assert(kNransTableLog <= kRansLaneTableLog, "its slots are those of a hardware rANS lane");
static_assert(kNransTableLog + kNransBlockLog <= kMaxTableLog,
              "its state fits where t of tANS does");

/// Throws unless R <= kNransTableLog and freq sums to 2^R.
inline void check_nrans_freq(std::span<const std::uint32_t> freq, unsigned R,
                             std::string_view function) {
  require_range(function, "table log", R, 0, kNransTableLog);
  check_freq(freq, R, function);
}

/// Decode table words, one per slot: see RansEntry. Throws unless R <= kNransTableLog and freq sums
/// to 2^R.
inline std::vector<std::uint32_t> make_nrans_table(std::span<const std::uint32_t> freq,
                                                   unsigned R) {
  check_nrans_freq(freq, R, "make_nrans_table");
  return make_rans_slots(freq, R);
}

/// The words that a unit is loaded with: cum[0..15], 2^R behind the last symbol; that of a 17th,
/// 2^R, is known. Throws for more than kMaxApackRows symbols, and as make_nrans_table() does.
inline std::vector<std::uint32_t> make_nrans_counts(std::span<const std::uint32_t> freq,
                                                    unsigned R) {
  require_range("make_nrans_counts", "number of frequencies", freq.size(), 1, kMaxApackRows);
  check_nrans_freq(freq, R, "make_nrans_counts");
  std::vector<std::uint32_t> cum(kMaxApackRows, std::uint32_t{1} << R);
  std::exclusive_scan(freq.begin(), freq.end(), cum.begin(), std::uint32_t{0});
  return cum;
}

/// What an encoder's step does with a state, of one symbol.
struct NransStep {
  std::uint32_t freq;
  std::uint32_t cum;
  unsigned most;        ///< k of states from `bound` on
  std::uint32_t bound;  ///< states below it give up a bit less
};

/// x' = C(s, x >> k), x in I, step.freq >= 1: returns the k bits that x gives up.
constexpr Field nrans_encode_step(std::uint32_t& x, const NransStep& step, unsigned R) {
  const unsigned k = step.most - (x < step.bound);
  const Field field{x & low_bits(k), k};
  const std::uint32_t y = x >> k;
  x = (y / step.freq << R) + step.cum + y % step.freq;
  return field;
}

/// A stream's encoder. Its constructor throws unless R <= kNransTableLog and freq sums to 2^R.
template <unsigned BlockLog = kNransBlockLog>
class NransEncoder {
 public:
  NransEncoder(std::span<const std::uint32_t> freq, unsigned R) : table_log_(R) {
    check_nrans_freq(freq, R, "NransEncoder");
    std::uint32_t cum = 0;
    for (const std::uint32_t f : freq) {
      // f 2^(b+most) is in I: k is `most` from there on, and one less below.
      const unsigned most = f == 0 ? 0 : R + 1 - static_cast<unsigned>(std::bit_width(f));
      symbols_.push_back({f, cum, most, f << (BlockLog + most)});
      cum += f;
    }
  }

  std::uint32_t start_state() const { return std::uint32_t{1} << state_bits(); }
  /// Bits of t.
  unsigned state_bits() const { return table_log_ + BlockLog; }
  bool can_encode(symbol_t s) const { return s < symbols_.size() && symbols_[s].freq != 0; }

  /// x' = C(s, x >> k): returns the k bits that x gives up. `x` in I, freq[s] >= 1 (throws).
  Field encode_step(std::uint32_t& x, symbol_t s) const {
    if (!can_encode(s) || x >> state_bits() != 1) [[unlikely]]
      refuse_step(x, s);
    return nrans_encode_step(x, symbols_[s], table_log_);
  }
  /// One for each symbol.
  std::span<const NransStep> steps() const { return symbols_; }

 private:
  [[noreturn, gnu::cold, gnu::noinline]] void refuse_step(std::uint32_t x, symbol_t s) const {
    if (!can_encode(s)) detail::refuse_symbol("NransEncoder::encode_step", s);
    detail::refuse_range("NransEncoder::encode_step", "x", x, start_state(), 2 * start_state() - 1);
  }

  unsigned table_log_;
  std::vector<NransStep> symbols_;
};

/// t' of a step: D(x), and bits until it is in I. Whatever freq and bias are, t' has R + b bits.
/// @param bias slot - cum, below freq
template <unsigned BlockLog, class Bits>
constexpr std::uint32_t nrans_next(std::uint32_t t, unsigned R, std::uint32_t freq,
                                   std::uint32_t bias, Bits& in) {
  const std::uint32_t block = (t >> R) + (std::uint32_t{1} << BlockLog);
  const std::uint32_t y = freq * block + bias;
  const unsigned k = (R + BlockLog + 1 - static_cast<unsigned>(std::bit_width(y))) & 0xf;
  return (y << k | in.read(k)) & low_bits(R + BlockLog);  // without x's leading one
}

/// A stream's decoder.
template <unsigned BlockLog = kNransBlockLog>
struct NransDecoder {
  const std::uint32_t* table;  ///< words of make_nrans_table
  unsigned table_log;
  std::uint32_t t = 0;  ///< invariant: < 2^(R+b)

  template <class Bits>
  constexpr void start(Bits& in) {
    t = in.read(table_log + BlockLog);
  }
  template <class Bits>
  constexpr symbol_t step(Bits& in) {
    const RansEntry e = to_rans_entry(table[t & low_bits(table_log)]);
    t = nrans_next<BlockLog>(t, table_log, e.freq, e.bias, in);
    return e.symbol;
  }
  /// Bits that a step reads at most, whatever the stream.
  constexpr unsigned most_bits() const { return table_log; }
  constexpr bool at_end() const { return t == 0; }
  constexpr std::uint64_t state() const { return t; }
};

/// The same over the words of a hardware lane: the slot is compared with all counts.
struct NransCountDecoder {
  const std::uint32_t* table;  ///< words of make_nrans_counts
  unsigned table_log;
  std::uint32_t t = 0;  ///< invariant: < 2^(R+b)

  template <class Bits>
  constexpr void start(Bits& in) {
    t = in.read(table_log + kNransBlockLog);
  }
  template <class Bits>
  constexpr symbol_t step(Bits& in) {
    const std::uint32_t slot = t & low_bits(table_log);
    unsigned s = 0;  // counts ascend: as many as there are up to the slot
    for (unsigned i = 1; i < kMaxApackRows; ++i) s += table[i] <= slot;
    const std::uint32_t cum = table[s];
    const std::uint32_t next = s + 1 < kMaxApackRows ? table[s + 1] : std::uint32_t{1} << table_log;
    t = nrans_next<kNransBlockLog>(t, table_log, next - cum, slot - cum, in);
    return static_cast<symbol_t>(s);
  }
  constexpr bool at_end() const { return t == 0; }
  constexpr std::uint64_t state() const { return t; }
};

/// The symbol words of a stream; none for no symbols. freq[s] >= 1 for each symbol (throws).
template <unsigned BlockLog>
std::vector<std::uint32_t> encode_symbols(const NransEncoder<BlockLog>& encoder,
                                          std::span<const symbol_t> symbols) {
  return detail::encode_fields(encoder, encoder.state_bits(), symbols);
}

}  // namespace transom
