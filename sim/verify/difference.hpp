// difference.hpp — the first thing in which a decoder differs from the model, and what may be
// behind it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "transom/verify/task.hpp"

namespace transom::verify {

/// In what a decoder differs.
enum class What : std::uint8_t { kSymbol, kState, kPosition, kValue, kStatus, kCount };
/// "symbol", "state", "position", "value", "status", "count". As the names that follow, it throws
/// for a number that has none.
std::string_view what_name(What what);

/// Which part of the decoder to look at first.
enum class FaultClass : std::uint8_t {
  kUnknown = 0,
  kRefill = 1,  ///< words or bytes on their way into the bit buffer: lost, doubled, stale, swapped
  kShift = 2,   ///< how many bits a step takes, and which: mask, shift count, order of bits
  kTable = 3,   ///< the look-up: address, bank, a bit of an entry
  kOffset = 4,  ///< from the symbol to the value: row, offset bits, sign
  kEnd = 5,     ///< the end: number of values, final state, status
  kOrder = 6    ///< values that are right, in the wrong place: lost, doubled, swapped
};
/// "unknown", "refill", "shift", "table", "offset", "end", "order"
std::string_view fault_name(FaultClass fault);

/// How far the class can be believed.
enum class Confidence : std::uint8_t {
  kGuess = 0,   ///< nothing speaks against it
  kLikely = 1,  ///< a model with such a fault gives what the decoder went on to tell
  kCertain = 2  ///< nothing else can have this effect
};
/// "guess", "likely", "certain"
std::string_view confidence_name(Confidence confidence);

struct Diagnosis {
  FaultClass fault = FaultClass::kUnknown;
  Confidence confidence = Confidence::kGuess;
  std::string because;  ///< a sentence: the evidence

  friend bool operator==(const Diagnosis&, const Diagnosis&) = default;
};

struct Difference {
  What what = What::kSymbol;
  unsigned lane = 0;
  std::uint64_t index = 0;  ///< of the step or value in its stream; for an end, how many came
  std::optional<std::uint64_t> cycle;  ///< if told
  std::uint64_t want = 0;              ///< of `what`; a Status for kStatus
  std::uint64_t got = 0;
  std::uint64_t symbol_position = 0;       ///< bits of the symbol stream read before the step
  std::uint64_t offset_position = 0;       ///< bits of the offset stream read before the value
  std::uint64_t state_before = 0;          ///< the model's
  std::uint64_t want_state = 0;            ///< the model's, after the step
  std::optional<std::uint64_t> got_state;  ///< if told
  std::string entry;  ///< the table entry that the step uses, in words; empty for an end
  Diagnosis diagnosis;
};

/// What a step in `state` that yields `symbol` uses: "entry 417: symbol 5, nbits 3, base 288".
/// Throws for what the table does not have.
std::string entry_text(const Table& table, std::uint64_t state, symbol_t symbol);

/// A paragraph: where, what, the entry, and the probable class with its evidence.
std::string to_text(const Difference& difference);

}  // namespace transom::verify
