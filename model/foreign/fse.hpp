// fse.hpp — FSE, the tANS of github.com/Cyan4973/FiniteStateEntropy (commit 9f30e09) and of zstd
// (RFC 8878, section 4.1), bit for bit: normalisation, table headers, tables, streams, blocks.
//
// The coder is tans.hpp's, with Spread::kStep. What differs:
// - Rare symbols (cells -1, "low probability") take one slot each at the end of the table.
// - Order: symbols are encoded last to first, with two states in turn: even positions have A, odd
//   ones B. A state begins at the lowest one of the first symbol that it meets, for no bits.
// - Framing: fields are appended as they come, least significant bit first; then R bits of B, of A,
//   a one bit and zeros up to a byte. A decoder reads from the end. The number of symbols is not in
//   a stream, but a decoder can tell: a lowest state wants bits where none are left.
// Limits are those of the library as shipped: R = 5..12, symbols of a byte.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/coder/tans.hpp"

namespace transom::foreign::fse {

inline constexpr unsigned kMinTableLog = 5;
inline constexpr unsigned kMaxTableLog = 12;
inline constexpr unsigned kDefaultTableLog = 11;  ///< where 0 is asked for

/// Normalised counts.
struct Norm {
  unsigned table_log = 0;           ///< R
  std::vector<std::int16_t> cells;  ///< one per symbol: -1 rare, 0 absent, else slots below 2^R

  friend bool operator==(const Norm&, const Norm&) = default;
};

/// Why `norm` is no table of 2^R slots; empty if it is.
std::string why_not_a_norm(const Norm& norm);

/// What became of counts, or of a block.
enum class Outcome : std::uint8_t {
  kWritten,
  kOneSymbol,       ///< nothing written: one symbol repeated
  kIncompressible,  ///< nothing written: it would not shrink
  kRefused          ///< the table log does not fit, or the method fails on these counts
};
struct Normalised {
  Outcome outcome = Outcome::kRefused;
  Norm norm;  ///< where outcome is kWritten
};

/// By both methods of the library: proportional with rare symbols rounded up; where the largest
/// symbol cannot pay for that, from the start again. `counts` has 1..256 entries.
Normalised normalise(std::span<const std::uint32_t> counts, unsigned table_log);

/// The table log that the library takes, where `wanted` (0: kDefaultTableLog) is asked for.
/// @param n_symbols of the message, >= 2 (throws)
unsigned optimal_table_log(unsigned wanted, std::size_t n_symbols, unsigned max_symbol);

/// The header that describes a table ("NCount"); trailing absent symbols are not in it.
/// Throws when `norm` is no table.
std::vector<std::uint8_t> write_header(const Norm& norm);

struct Header {
  Status status = Status::kOk;
  Norm norm;
  std::size_t n_bytes = 0;  ///< length of the header; what follows begins there
};
Header read_header(std::span<const std::uint8_t> bytes);

/// The tables of a norm.
class Table {
 public:
  /// Throws when `norm` is no table.
  explicit Table(const Norm& norm);

  unsigned table_log() const { return norm_.table_log; }
  const Norm& norm() const { return norm_; }
  std::span<const std::uint32_t> decode_words() const { return decode_; }  ///< see Entry
  const TansEncoder& encoder() const { return encoder_; }
  /// No symbol has half of the slots, so that every step reads a bit.
  bool every_step_reads() const;

  /// The library's encode words of a symbol of the norm (throws), which say the same as
  /// TansEncoder's.
  struct SymbolWords {
    std::uint32_t delta_nbits;
    std::int32_t delta_state;  ///< 0 where the symbol is absent
  };
  SymbolWords symbol_words(symbol_t s) const;

 private:
  Norm norm_;
  std::vector<std::uint32_t> freq_;
  std::vector<symbol_t> spread_;
  std::vector<std::uint32_t> decode_;
  TansEncoder encoder_;
};

/// How many states take turns, and where they begin.
struct Layout {
  unsigned n_states = 2;    ///< 1 or 2; position i has state i mod n_states
  bool from_symbol = true;  ///< the first symbol met selects the state; else each starts at L
};

/// A stream of at least n_states symbols, each of the table (throws).
std::vector<std::uint8_t> encode(const Table& table, std::span<const symbol_t> message,
                                 Layout layout = {});

struct Decoded {
  Status status = Status::kOk;
  std::vector<symbol_t> message;
};

/// Decodes `n` symbols from any bytes; kBadState when the states do not end where encoders begin.
/// Throws for other than 1 or 2 states.
Decoded decode(const Table& table, std::span<const std::uint8_t> stream, std::size_t n,
               Layout layout = {});

/// All symbols of a stream of the default layout; kTrailing if it has more than `max_symbols`.
Decoded decode_all(const Table& table, std::span<const std::uint8_t> stream,
                   std::size_t max_symbols);

/// A header and a stream of two states.
struct Block {
  Outcome outcome = Outcome::kRefused;
  std::vector<std::uint8_t> bytes;  ///< where outcome is kWritten
};
/// kRefused for a table log of 0 or over kMaxTableLog, and for a symbol over `max_symbol`.
Block encode_block(std::span<const symbol_t> message, unsigned max_symbol, unsigned table_log);
Decoded decode_block(std::span<const std::uint8_t> block, std::size_t max_symbols);

}  // namespace transom::foreign::fse
