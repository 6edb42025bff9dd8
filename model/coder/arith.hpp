// arith.hpp — APack's finite-precision arithmetic coder: 16-bit LO, HI and CODE, 10-bit counts.
//
// A. Delmas Lascorz et al., arXiv:2201.08830 (APack) for the registers and widths; I. H. Witten,
// R. M. Neal, J. G. Cleary, CACM 30(6), 1987, for the three renormalisations E1, E2 (common leading
// bit leaves) and E3 (underflow: LO = 01.., HI = 10.., the second bit leaves and is owed).
// A queue coder: symbols are coded and decoded first to last. No bit stream of APack is published:
// this one is ours. It ends with all 16 bits of LO (14 more than needed), so that the decoder's end
// is exact like that of the other coders: CODE == LO and no bit left.
//
// After renormalisation HI - LO >= 2^14, so each of the 2^10 counts keeps a width of at least 16
// and 17 x 11 bits multiply without overflow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/table/frequencies.hpp"

namespace transom {

inline constexpr unsigned kArithBits = 16;

/// The low `nbits` <= 16 bits of `field` in opposite order (of more, what comes out is of no use):
/// the coder has its first bit highest, streams have it lowest.
constexpr std::uint32_t reverse_bits(std::uint32_t field, unsigned nbits) {
  field = (field & 0x5555) << 1 | (field >> 1 & 0x5555);
  field = (field & 0x3333) << 2 | (field >> 2 & 0x3333);
  field = (field & 0x0f0f) << 4 | (field >> 4 & 0x0f0f);
  field = (field & 0x00ff) << 8 | (field >> 8 & 0x00ff);
  return field >> ((kArithBits - nbits) & 31);
}

/// LO and HI (inclusive), with the scaling and the renormalisation that both sides share. Any
/// numbers do; the invariant holds for counts that ascend.
struct ArithInterval {
  std::uint32_t lo = 0;
  std::uint32_t hi = 0xffff;  ///< invariant between symbols: lo < 2^15 <= hi, hi - lo >= 2^14

  /// Lower end of the part that starts at cumulative count `cum`, 0..2^10.
  constexpr std::uint32_t boundary(std::uint32_t cum) const {
    return lo + ((hi - lo + 1) * cum >> kArithTableLog);
  }
  constexpr void narrow(std::uint32_t cum, std::uint32_t cum_next) {
    const std::uint32_t next = boundary(cum_next);
    lo = boundary(cum);
    hi = next - 1;
  }
  /// Leading bits that LO and HI share (E1, E2).
  constexpr unsigned common_bits() const {
    return static_cast<unsigned>(std::countl_zero(static_cast<std::uint16_t>(lo ^ hi)));
  }
  constexpr void drop_common(unsigned n) {
    lo = lo << n & 0xffff;
    hi = (hi << n & 0xffff) | low_bits(n);
  }
  /// Bits below the leading one where LO has 1 and HI has 0 (E3). Call after drop_common.
  constexpr unsigned underflow_bits() const {
    return static_cast<unsigned>(std::countl_one(static_cast<std::uint16_t>((lo & ~hi) << 1)));
  }
  constexpr void drop_underflow(unsigned n) {
    lo = lo << n & 0x7fff;
    hi = (hi << n & 0x7fff) | low_bits(n) | 0x8000;
  }
};

/// Decode table words: cum[0..A], A <= 256; the last is 2^10 and repeated up to kMaxAlphabet.
/// Throws unless freq sums to 2^kArithTableLog.
inline std::vector<std::uint32_t> make_arith_table(std::span<const std::uint32_t> freq) {
  check_freq(freq, kArithTableLog, "make_arith_table");
  std::vector<std::uint32_t> cum(kMaxAlphabet + 1, std::uint32_t{1} << kArithTableLog);
  std::exclusive_scan(freq.begin(), freq.end(), cum.begin(), std::uint32_t{0});
  return cum;
}

/// An encoder in mid-stream: the interval, and the bits that underflow owes.
struct ArithEncoding {
  ArithInterval interval{};
  std::uint64_t owed = 0;

  /// Codes the symbol of the counts [cum, cum_next). Out takes fields: append(value, nbits).
  template <class Out>
  constexpr void step(std::uint32_t cum, std::uint32_t cum_next, Out& out) {
    interval.narrow(cum, cum_next);
    const unsigned common = interval.common_bits();
    put(interval.lo >> (kArithBits - common), common, out);
    interval.drop_common(common);
    const unsigned underflow = interval.underflow_bits();
    interval.drop_underflow(underflow);
    owed += underflow;
  }
  /// Writes LO, so that the decoder ends with CODE == LO.
  template <class Out>
  constexpr void finish(Out& out) {
    put(interval.lo, kArithBits, out);
  }

 private:
  /// The low `nbits` of `bits`, highest first. After the first one come the bits that underflow
  /// owes: its complement, as often as E3 ran.
  template <class Out>
  constexpr void put(std::uint32_t bits, unsigned nbits, Out& out) {
    if (nbits == 0) return;
    std::uint32_t field = reverse_bits(bits, nbits);
    if (owed != 0) {
      const std::uint32_t first = field & 1;
      out.append(first, 1);
      for (; owed >= kWordBits; owed -= kWordBits) out.append(first - 1, kWordBits);
      const auto left = static_cast<unsigned>(owed);
      out.append((first - 1) & low_bits(left), left);
      owed = 0;
      field >>= 1;
      --nbits;
    }
    out.append(field, nbits);
  }
};

/// A stream's encoder: encode_step() for each symbol, first to last, then finish(). Its constructor
/// throws unless freq sums to 2^kArithTableLog.
class ArithEncoder {
 public:
  explicit ArithEncoder(std::span<const std::uint32_t> freq) : cum_(make_arith_table(freq)) {}

  bool can_encode(symbol_t s) const { return cum_[s + 1u] > cum_[s]; }

  /// Codes one symbol. freq[s] >= 1 (throws).
  void encode_step(symbol_t s, BitWriter& out) {
    if (!can_encode(s)) [[unlikely]]
      detail::refuse_symbol("ArithEncoder::encode_step", s);
    encoding_.step(cum_[s], cum_[s + 1u], out);
  }

  /// Writes LO, so that the decoder ends with CODE == LO.
  void finish(BitWriter& out) { encoding_.finish(out); }

 private:
  std::vector<std::uint32_t> cum_;
  ArithEncoding encoding_;
};

/// A stream's decoder. Any bits can be decoded: lo <= code <= hi holds at every step.
struct ArithDecoder {
  const std::uint32_t* table;  ///< words of make_arith_table
  unsigned table_log;          ///< kArithTableLog
  ArithInterval interval{};
  std::uint32_t code = 0;

  template <class Bits>
  constexpr void start(Bits& in) {
    interval = {};
    code = reverse_bits(in.read(kArithBits), kArithBits);
  }
  template <class Bits>
  constexpr symbol_t step(Bits& in) {
    const std::uint32_t* cum = table;
    // boundary(cum) <= code, without its shift. Every cum of a group is compared: an exit at the
    // symbol would be a branch that no processor predicts.
    const std::uint32_t width = interval.hi - interval.lo + 1;
    const std::uint32_t limit = (code - interval.lo + 1) << kArithTableLog;
    unsigned s = 0, below = kGroup;
    while (below == kGroup) {  // cum[A] = 2^10 stops it: code <= hi
      below = 0;
      for (unsigned i = 1; i <= kGroup; ++i) below += width * cum[s + i] < limit;
      s += below;
    }
    take(cum[s], cum[s + 1], in);
    return static_cast<symbol_t>(s);
  }
  /// Bits that a step reads at most, whatever the stream.
  constexpr unsigned most_bits() const { return kArithBits; }
  constexpr bool at_end() const { return code == interval.lo; }
  /// CODE, LO and HI in bits 0, 16 and 32.
  constexpr std::uint64_t state() const {
    return std::uint64_t{interval.hi} << 32 | std::uint64_t{interval.lo} << 16 | code;
  }

 protected:
  /// The rest of a step, of a symbol's counts.
  template <class Bits>
  constexpr void take(std::uint32_t cum, std::uint32_t cum_next, Bits& in) {
    interval.narrow(cum, cum_next);
    const unsigned common = interval.common_bits();
    interval.drop_common(common);
    const unsigned underflow = interval.underflow_bits();
    interval.drop_underflow(underflow);
    // Both shifts of CODE in one. The sum is at most 16: of the 16 - common bits in which LO and HI
    // can differ, the first stays.
    const unsigned nbits = common + underflow;
    code = code << nbits | reverse_bits(in.read(nbits), nbits);
    code = (code >> underflow & 0x8000) | (code & 0x7fff);
  }

 private:
  static constexpr unsigned kGroup = kMaxApackRows;
  static_assert(kMaxAlphabet % kGroup == 0, "a group would end beyond the table");
};

/// The symbol words of a stream; none for no symbols. freq[s] >= 1 for each symbol (throws).
inline std::vector<std::uint32_t> encode_symbols(ArithEncoder encoder,
                                                 std::span<const symbol_t> symbols) {
  if (symbols.empty()) return {};
  BitWriter out;
  for (const symbol_t s : symbols) encoder.encode_step(s, out);
  encoder.finish(out);
  return out.take();
}

}  // namespace transom
