// lockstep.hpp — one golden step per retired symbol, one golden value per value.
//
// A decoder under test is compared where it retires: symbol, nbits, state after the step and the
// bit position before it, then the value when it leaves, then the status of the lane. The golden
// side reads the job's streams by itself (model/), whatever the decoder under test was fed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bits.hpp"
#include "job.hpp"
#include "tans.hpp"
#include "unit.hpp"

namespace transom {

/// The first thing that differs.
struct Mismatch {
  std::uint64_t cycle;
  unsigned lane;
  std::uint64_t index;    ///< of the symbol or value in its lane; of the last one for an end
  std::string_view what;  ///< symbol, nbits, state, position, value, status, count
  std::uint64_t want;
  std::uint64_t got;

  friend bool operator==(const Mismatch&, const Mismatch&) = default;
};
/// "cycle 12, lane 0, index 3: state: want 5, got 13"
std::string to_text(const Mismatch& mismatch);

class Lockstep {
 public:
  /// `job` is referred to. Throws std::invalid_argument if its table leads out of itself.
  explicit Lockstep(const Job& job);

  /// A symbol step. @param words_taken symbol words that the lane had taken in before this cycle
  void retire(std::uint64_t cycle, unsigned lane, const Retire& got, std::uint64_t words_taken);
  /// A value left. To be told before the step of the same cycle.
  void value(std::uint64_t cycle, unsigned lane, value_t got);
  /// The lane is done.
  void finish(std::uint64_t cycle, unsigned lane, Status got);

  std::uint64_t n_mismatches() const { return n_mismatches_; }
  const std::optional<Mismatch>& first() const { return first_; }
  std::uint64_t n_compared() const { return n_compared_; }  ///< symbols and values
  /// "0 mismatches", or their number and the first of them.
  std::string text() const;

 private:
  struct Golden {
    TansDecoder decoder;
    BitReader symbols;
    BitReader offsets;
    std::uint32_t n_values = 0;
    std::uint64_t n_symbol_bits = 0;  ///< of the whole stream
    std::uint64_t n_retired = 0;
    std::uint64_t n_left = 0;  ///< values that left; n_retired - 1 or n_retired
    symbol_t held = 0;         ///< the last retired symbol
  };
  void mismatch(const Mismatch& what);

  const Job& job_;
  std::vector<Golden> lanes_;
  std::optional<Mismatch> first_;
  std::uint64_t n_mismatches_ = 0;
  std::uint64_t n_compared_ = 0;
};

}  // namespace transom
