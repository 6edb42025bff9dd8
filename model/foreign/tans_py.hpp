// tans_py.hpp — streams, tables and count rescaling of the Python tANS, github.com/adamrt27/ANS_py
// (commit 2a60fca), bit for bit, and the bit packing of its C port.
//
// The coder is tans.hpp's. What differs:
// - Order: symbols are encoded first to last, so they are decoded last to first.
// - Start: the state that a step from 0 with the first symbol leads to; the first symbol is then
//   encoded again. Nothing says where the message ends but this: R bits of the start state lie at
//   the end, and a decoder stops where it is back in it with no bit left.
// - Framing: fields in the order of encoding, most significant bit first, then R bits of the final
//   state and R bits of the start state. Read from its end, that is our own bit order. Packed, bit
//   i of the sequence is bit i mod 8 of byte i / 8; the number of bits is known from outside.
// - Precise spread: binary64 keys, so floating point is part of this format. The fast spread is
//   Spread::kStep.
// What the original codes wrongly is refused: the fast spread for L = 2 and 8 (its step is 0 mod L:
// symbols are lost silently), an alphabet of one symbol, an empty message, a count of 0, L that is
// no power of two (it raises an error for these).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/coder/tans.hpp"

namespace transom::foreign::tans_py {

enum class Spread : std::uint8_t { kPrecise, kFast };

/// spread[slot] = symbol. `counts` are each >= 1 and sum to L, a power of two up to 2^kMaxTableLog;
/// throws for others, for no Spread and for what the original codes wrongly.
std::vector<symbol_t> make_spread(std::span<const std::uint32_t> counts, Spread kind);

/// Both tables of a set of counts.
class Table {
 public:
  /// Throws as make_spread() does.
  Table(std::span<const std::uint32_t> counts, Spread kind);

  unsigned table_log() const { return table_log_; }  ///< R, L = 2^R
  std::span<const symbol_t> spread() const { return spread_; }
  std::span<const std::uint32_t> decode_words() const { return decode_; }  ///< see Entry
  const TansEncoder& encoder() const { return encoder_; }

  /// Where a step from state 0 leads, in [L, 2L). Throws for a symbol that the table lacks.
  std::uint32_t start_state(symbol_t first) const;

 private:
  std::vector<std::uint32_t> counts_;
  std::vector<symbol_t> spread_;
  unsigned table_log_;
  std::vector<std::uint32_t> decode_;
  TansEncoder encoder_;
};

struct Stream {
  std::vector<std::uint8_t> bytes;
  std::uint64_t n_bits = 0;
  std::uint32_t start_state = 0;  ///< a state in [L, 2L)
  std::uint32_t final_state = 0;  ///< a state in [L, 2L)
};

/// Throws for an empty message and for a symbol that the table lacks.
Stream encode(const Table& table, std::span<const symbol_t> message);

struct Decoded {
  Status status = Status::kOk;
  std::vector<symbol_t> message;
};

/// Decodes at most `max_symbols` from any bytes; kTrailing if the stream has more. kTruncated where
/// a field is not all there: the bits ended in another state than the start state.
/// @param n_bits kTruncated if `bytes` has fewer
Decoded decode(const Table& table, std::span<const std::uint8_t> bytes, std::uint64_t n_bits,
               std::size_t max_symbols);

/// The power of two that counts are rescaled to.
enum class Target : std::uint8_t {
  kNext,  ///< at least max_sum, as ANS_py; its guards refuse some counts that could be rescaled
  kLower  ///< at most max_sum, as github.com/adamrt27/ANS_NeuralComp
};

/// Counts of at least 1 each whose sum is the target. Throws where the original raises an error or,
/// with kLower, never returns, and for no Target.
std::vector<std::uint64_t> rescale(std::span<const std::uint64_t> counts, std::uint64_t max_sum,
                                   Target target);

}  // namespace transom::foreign::tans_py
