// spec.hpp — every number that more than one implementation knows.
//
// The copies of RTL and Python, rtl/codec_pkg.sv and python/transom/spec.py, are written from this
// file by golden/emit_sv; tests compare.
// Words are those of the field: J. Duda, arXiv:1311.2540 (tANS, rANS) and arXiv:2201.08830 (APack).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "transom/base/precondition.hpp"

// Costs are products of 64 x 64 bits, and counts of values index memory.
#if !defined(__SIZEOF_INT128__) || SIZE_MAX < 0xffffffffffffffff
#error \
    "transom is for 64-bit targets: g++ or clang++ with unsigned __int128 and a size_t of 64 bits"
#endif

namespace transom {

/// A value of a tensor as its W-bit pattern (tensor.hpp), zero-extended: 0 .. 2^W - 1, W <= 16.
using value_t = std::uint16_t;
/// What is entropy-coded: 0 .. A - 1, A <= kMaxAlphabet.
using symbol_t = std::uint8_t;

inline constexpr unsigned kMaxValueBits = 16;   ///< W
inline constexpr unsigned kMaxTableLog = 14;    ///< R: a table has 2^R slots
inline constexpr unsigned kMaxAlphabet = 256;   ///< A
inline constexpr unsigned kMaxApackRows = 16;   ///< rows of an APack table
inline constexpr unsigned kArithTableLog = 10;  ///< APack's counts sum to 2^10
inline constexpr unsigned kMaxTake = 16;   ///< bits of a symbol stream in a hardware lane's step
inline constexpr unsigned kWordBits = 32;  ///< streams travel in words of 32 bits, bit 0 first
/// Of the hardware unit; a container may have more.
inline constexpr unsigned kMaxDecoderLanes = 64;
inline constexpr unsigned kLoadEntries = 4;  ///< table words per write of the unit's load port
inline constexpr unsigned kRansLaneTableLog =
    12;                                         ///< R of the largest table of a hardware rANS lane
inline constexpr unsigned kNransTableLog = 12;  ///< R of the largest table of narrow rANS
inline constexpr unsigned kNransBlockLog = 2;   ///< b: its state is in [2^(R+b), 2^(R+b+1))
/// Of the wide unit: rounds whose bits a stream has asked for before a round (interleave.hpp).
inline constexpr unsigned kWideSymbolRounds = 3;
inline constexpr unsigned kWideOffsetRounds = 2;
inline constexpr unsigned kWideTansTableLog = 8;   ///< R of its largest table of tANS
inline constexpr unsigned kWideBuildEntries = 16;  ///< of such a table, made in a clock
inline constexpr unsigned kWideRetireBits = 28;    ///< of a lane's step

/// A float's bits are a sign, E bits of exponent, and the mantissa.
struct FloatType {
  std::string_view name;
  std::uint8_t bits;           ///< W
  std::uint8_t exponent_bits;  ///< E
};
/// Type i is i + 2 in a container (FORMAT.md): append only.
inline constexpr std::array<FloatType, 4> kFloatTypes{
    {{"bf16", 16, 8}, {"fp16", 16, 5}, {"fp8_e4m3", 8, 4}, {"fp8_e5m2", 8, 5}}};

/// Every spread_step()-th slot of 2^R, R <= kMaxTableLog, is the next one of the step spread. Odd,
/// so that it visits all slots.
constexpr std::uint32_t spread_step(unsigned R) {
  const std::uint32_t L = std::uint32_t{1} << R;
  return (L / 2 + L / 8 + 3) | 1;
}
/// Its inverse modulo 2^R: the slot u is the (u * inverse mod 2^R)-th one visited.
constexpr std::uint32_t spread_step_inverse(unsigned R) {
  const std::uint32_t step = spread_step(R);
  std::uint32_t inverse = step;  // right in 3 bits, as any odd number; twice as many in each round
  for (unsigned n_bits = 3; n_bits < kMaxTableLog; n_bits *= 2) inverse *= 2 - step * inverse;
  return inverse & ((std::uint32_t{1} << R) - 1);
}
static_assert([] {
  for (unsigned R = 1; R <= kMaxTableLog; ++R) {
    if (((spread_step(R) * spread_step_inverse(R) - 1) & ((std::uint32_t{1} << R) - 1)) != 0)
      return false;
  }
  return true;
}());

/// What a hardware lane decodes: parameter Kind of rtl/decoder.sv.
enum class LaneKind : std::uint8_t { kTans = 0, kRans = 1, kArith = 2, kTansPair = 3, kNrans = 4 };
inline constexpr unsigned kLaneKinds = 5;
inline constexpr unsigned kMinLaneTableLog = 4;  ///< a unit's memories have at least 2^this words
/// Element `index` of a list of words. Throws beyond it.
template <std::size_t N>
constexpr std::string_view word_at(const std::string_view (&words)[N], std::size_t index,
                                   std::string_view function) {
  if (index >= N) [[unlikely]]
    detail::refuse_range(function, "the argument", index, 0, N - 1);
  return words[index];
}

/// The word for a kind of lane. Throws for no kind.
constexpr std::string_view lane_kind_name(LaneKind kind) {
  constexpr std::string_view kNames[kLaneKinds] = {"tans", "rans", "arith", "tans_pair", "nrans"};
  return word_at(kNames, static_cast<unsigned>(kind), "lane_kind_name");
}
/// The largest table of a kind.
constexpr unsigned max_lane_table_log(LaneKind kind) {
  if (kind == LaneKind::kArith) return kArithTableLog;
  if (kind == LaneKind::kNrans) return kNransTableLog;
  return kind == LaneKind::kRans ? kRansLaneTableLog : kMaxTableLog;
}
/// Streams that a lane decodes in turn (C-slow), because one of them cannot step in each cycle.
constexpr unsigned streams_per_lane(LaneKind kind) {
  return kind == LaneKind::kRans || kind == LaneKind::kArith ? 2 : 1;
}
/// Values that leave a lane in a cycle.
constexpr unsigned values_per_beat(LaneKind kind) { return kind == LaneKind::kTansPair ? 2 : 1; }
inline constexpr unsigned kMaxDecoderStreams =
    kMaxDecoderLanes * streams_per_lane(LaneKind::kArith);

/// How a stream ended. A lane reports kOk .. kTrailing and kBadTable; the rest are a container's.
enum class Status : std::uint8_t {
  kOk = 0,
  kTruncated = 1,  ///< bits were read past the end of a stream
  kBadState = 2,   ///< the final state is not the encoder's start state
  kTrailing = 3,   ///< words or non-zero bits are left over
  kBadValue = 4,   ///< a decoded value does not fit its type
  kBadTable = 5,   ///< frequencies or ranges, or a lane's words, are not a table
  kBadHeader = 6,  ///< a field of the container contradicts the format
  kBadChecksum = 7,
};

/// The word for a status, in vectors and reports. Throws for no status.
constexpr std::string_view status_name(Status status) {
  constexpr std::string_view kNames[] = {"ok",        "truncated", "bad_state",  "trailing",
                                         "bad_value", "bad_table", "bad_header", "bad_checksum"};
  return word_at(kNames, static_cast<unsigned>(status), "status_name");
}

/// What went wrong in a run of decoder_axi: its register STATUS names the first cause.
enum class AxiCause : std::uint8_t {
  kNone = 0,
  kStream = 1,      ///< a stream ended badly: its Status tells how
  kRead = 2,        ///< the memory answered a read with an error
  kDescriptor = 3,  ///< a descriptor that cannot be
  kAddress = 4,     ///< an address beyond the bus's bits, or words that lead there
  kWindow = 5,      ///< a read outside of the window
  kLimit = 6,       ///< more descriptors or values than the run may have
  kAborted = 7,     ///< software ended the run
};
inline constexpr unsigned kAxiCauses = 8;
/// The word for a cause, in reports.
constexpr std::string_view cause_name(AxiCause cause) {
  constexpr std::string_view kNames[kAxiCauses] = {"none",    "stream", "read",  "descriptor",
                                                   "address", "window", "limit", "aborted"};
  return kNames[static_cast<unsigned>(cause)];
}

/// What a hardware lane did in a cycle, as stall_o tells it.
enum class Stall : std::uint8_t {
  kNone = 0,         ///< a value left, or the lane has no work
  kFill = 1,         ///< start, initial state, a pipeline filling, end check
  kSymbolWords = 2,  ///< the symbol stream's next word is not there
  kOffsetWords = 3,  ///< the offset stream's next word is not there
  kConsumer = 4,     ///< a value is offered and not taken
  kTurn = 5,         ///< the lane's other stream has the cycle (C-slow)
};
inline constexpr unsigned kStalls = 6;
/// The word for a stall, in reports. Throws for no stall.
constexpr std::string_view stall_name(Stall stall) {
  constexpr std::string_view kNames[kStalls] = {"none",         "fill",     "symbol_words",
                                                "offset_words", "consumer", "turn"};
  return word_at(kNames, static_cast<unsigned>(stall), "stall_name");
}

/// What the wide unit spent a cycle of a run on: the first that applies.
enum class WideStall : std::uint8_t {
  kStep = 0,      ///< nothing else: its lanes step, or a beat of a raw tensor is made
  kConsumer = 1,  ///< a beat has no room
  kRouter = 2,    ///< more halfwords are wanted than it gives in a cycle
  kWords = 3,     ///< halfwords that are wanted are not there
  kFill = 4,      ///< a tensor's first halfwords come
  kParse = 5,     ///< headers, tables, what is skipped
  kDrain = 6,     ///< the rest
};

/// Decode table word: [7:0] symbol, [15:8] nbits, [31:16] base.
struct Entry {
  symbol_t symbol;
  std::uint8_t nbits;  ///< bits to absorb, 0..R
  std::uint16_t base;  ///< next t before the absorbed bits; base + 2^nbits <= L

  friend constexpr bool operator==(const Entry&, const Entry&) = default;
};
/// The word of an entry; to_entry() is the inverse.
constexpr std::uint32_t to_word(const Entry& e) {
  return std::uint32_t{e.symbol} | std::uint32_t{e.nbits} << 8 | std::uint32_t{e.base} << 16;
}
/// The entry of any word.
constexpr Entry to_entry(std::uint32_t word) {
  return {static_cast<symbol_t>(word), static_cast<std::uint8_t>(word >> 8),
          static_cast<std::uint16_t>(word >> 16)};
}
static_assert(to_word({0x5, 0x3, 0x120}) == 0x0120'0305);
static_assert(to_entry(0x0120'0305) == Entry{0x5, 0x3, 0x120});

/// Table word of a hardware rANS lane, one per slot: [7:0] symbol, [19:8] freq - 1, [31:20] bias.
/// x = freq * (x >> R) + bias is the whole of D(x) before renormalisation.
struct RansEntry {
  symbol_t symbol;
  std::uint16_t freq;  ///< 1..2^kRansLaneTableLog
  std::uint16_t bias;  ///< slot - cum[symbol], below freq

  friend constexpr bool operator==(const RansEntry&, const RansEntry&) = default;
};
/// The word of an entry; to_rans_entry() is the inverse.
constexpr std::uint32_t to_word(const RansEntry& e) {
  return std::uint32_t{e.symbol} | (std::uint32_t{e.freq} - 1) << 8 | std::uint32_t{e.bias} << 20;
}
/// The entry of any word.
constexpr RansEntry to_rans_entry(std::uint32_t word) {
  return {static_cast<symbol_t>(word), static_cast<std::uint16_t>((word >> 8 & 0xfff) + 1),
          static_cast<std::uint16_t>(word >> 20)};
}
static_assert(to_word(RansEntry{0x5, 0x124, 0x67}) == 0x0671'2305);
static_assert(to_rans_entry(0x0671'2305) == RansEntry{0x5, 0x124, 0x67});

/// What a prefix symbol stands for: value = vmin + the next offset_bits bits of the offset stream.
/// Word: [15:0] vmin, [20:16] offset_bits.
struct Row {
  value_t vmin;
  std::uint8_t offset_bits;  ///< 0..W

  friend constexpr bool operator==(const Row&, const Row&) = default;
};
/// The word of a row; to_row() is the inverse.
constexpr std::uint32_t to_word(const Row& r) {
  return std::uint32_t{r.vmin} | std::uint32_t{r.offset_bits} << 16;
}
/// The row of any word; its bits above 20 do not count.
constexpr Row to_row(std::uint32_t word) {
  return {static_cast<value_t>(word), static_cast<std::uint8_t>(word >> 16 & 0x1f)};
}
static_assert(to_word(Row{0x1234, 0x5}) == 0x0005'1234);
static_assert(to_row(0x0005'1234) == Row{0x1234, 0x5});

/// Widths of the hardware's ports and table words, in bits.
inline constexpr unsigned kSymbolBits = std::bit_width(kMaxAlphabet - 1);
inline constexpr unsigned kNbitsBits = std::bit_width(kMaxTableLog);
inline constexpr unsigned kOffsetBitsBits = std::bit_width(kMaxValueBits);
inline constexpr unsigned kTakeBits = std::bit_width(kMaxTake);
inline constexpr unsigned kFillBits = std::bit_width(3 * kWordBits);  ///< a reader holds 3 words
inline constexpr unsigned kStatusBits = std::bit_width(static_cast<unsigned>(Status::kBadChecksum));
inline constexpr unsigned kStallBits = std::bit_width(kStalls - 1);
inline constexpr unsigned kAxiCauseBits = std::bit_width(kAxiCauses - 1);
/// retire_t, lowest field first: symbol, take, fill. The state has a port of its own.
inline constexpr unsigned kRetireBits = kSymbolBits + kTakeBits + kFillBits;
inline constexpr unsigned kEntryBits = kSymbolBits + kNbitsBits + kMaxTableLog;  ///< in use
inline constexpr unsigned kRansEntryBits = kSymbolBits + 2 * kRansLaneTableLog;
inline constexpr unsigned kRowBits = kMaxValueBits + kOffsetBitsBits;
/// The state that a lane retires.
constexpr unsigned state_bits(LaneKind kind) {
  if (kind == LaneKind::kRans) return 32;
  if (kind == LaneKind::kNrans) return kNransTableLog + kNransBlockLog;
  return kind == LaneKind::kArith ? 3 * 16 : kMaxTableLog;
}

}  // namespace transom
