// golden_steps.hpp — one symbol stream as the golden model decodes it, a step at a time.
//
// The one place where a step of a decoder under test meets the model's: Lockstep and Cosim both
// take their steps, and what a step is compared in, from here.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/coder/tans_pair.hpp"

namespace transom::verify {

/// What the model's decoder did in a step.
struct GoldenStep {
  symbol_t symbol;         ///< of pairs: the first one in bits 3..0, the second in 7..4
  std::uint8_t take;       ///< bits of the symbol stream
  std::uint64_t state;     ///< after the step: the coder's state()
  std::uint64_t position;  ///< bits of the symbol stream read before the step
};

/// Symbols of a step: two of a table of pairs.
constexpr unsigned symbols_per_step(LaneKind kind) { return kind == LaneKind::kTansPair ? 2 : 1; }

/// The symbol of value i of a step, i < symbols_per_step(kind).
constexpr symbol_t symbol_of(LaneKind kind, symbol_t step, unsigned i) {
  if (symbols_per_step(kind) == 1) return step;
  return i == 0 ? first_of(step) : second_of(step);
}

/// Steps that give so many values.
constexpr std::uint32_t n_steps(LaneKind kind, std::uint32_t n_values) {
  return n_values / symbols_per_step(kind) + (n_values % symbols_per_step(kind) != 0);
}

using GoldenDecoder = std::variant<TansDecoder, RansDecoder<Rans32x16>, RansSlotDecoder,
                                   ArithDecoder, NransDecoder<>, NransCountDecoder>;

/// @param table as the codec's make_table() gives it; referred to
inline GoldenDecoder make_decoder(LaneKind kind, const std::uint32_t* table, unsigned table_log) {
  if (kind == LaneKind::kRans) return RansDecoder<Rans32x16>{table, table_log};
  if (kind == LaneKind::kArith) return ArithDecoder{table, table_log};
  if (kind == LaneKind::kNrans) return NransDecoder<>{table, table_log};
  return TansDecoder{table, table_log};
}

class GoldenSteps {
 public:
  GoldenSteps() = default;
  /// The words are referred to, as the decoder's table is.
  GoldenSteps(const GoldenDecoder& decoder, std::span<const std::uint32_t> words)
      : decoder_(decoder), symbols_(words), n_bits_(std::uint64_t{words.size()} * kWordBits) {
    std::visit([this](auto& d) { d.start(symbols_); }, decoder_);
  }

  GoldenStep step() {
    return std::visit([this](auto& decoder) { return step(decoder); }, decoder_);
  }

  bool at_end() const {
    return std::visit([](const auto& decoder) { return decoder.at_end(); }, decoder_);
  }
  std::uint64_t state() const {
    return std::visit([](const auto& decoder) { return decoder.state(); }, decoder_);
  }
  const BitReader& symbols() const { return symbols_; }
  /// Past its end a stream has no position: hardware stays there, the model counts on.
  std::uint64_t within(std::uint64_t position) const { return std::min(position, n_bits_); }
  std::uint64_t n_bits() const { return n_bits_; }

 private:
  template <class D>
  GoldenStep step(D& decoder) {
    const std::uint64_t before = symbols_.position();
    const symbol_t symbol = decoder.step(symbols_);
    return {symbol, static_cast<std::uint8_t>(symbols_.position() - before), decoder.state(),
            before};
  }

  GoldenDecoder decoder_;
  BitReader symbols_;
  std::uint64_t n_bits_ = 0;  ///< of the whole stream
};

}  // namespace transom::verify
