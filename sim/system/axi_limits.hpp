// axi_limits.hpp — what a run of decoder_axi may read, and how much it may be.
//
// rtl/axi/axi_window.sv, and the registers behind it. Whole beats are read, so whole beats must lie
// in the window.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/system/axi_descriptor.hpp"
#include "transom/system/axi_parameters.hpp"

namespace transom::system {

/// Registers kWindowBase to kMaxDescriptors; as after reset: all is allowed.
struct AxiLimits {
  std::uint64_t window_base = 0;                   ///< first byte that may be read
  std::uint64_t window_limit = ~std::uint64_t{0};  ///< last byte that may be read
  std::uint64_t max_values = ~std::uint64_t{0};
  std::uint32_t max_descriptors = ~std::uint32_t{0};

  friend bool operator==(const AxiLimits&, const AxiLimits&) = default;
};

/// Whether n_words from a word address on may be read: kNone, kAddress or kWindow.
inline AxiCause read_cause(const AxiParameters& p, const AxiLimits& limits,
                           std::uint64_t word_address, std::uint64_t n_words) {
  if (n_words == 0) return AxiCause::kNone;
  const std::uint64_t last = word_address + n_words - 1;
  if (last >> (p.addr_bits - 2) != 0) return AxiCause::kAddress;
  const std::uint64_t in_beat = p.beat_bytes() - 1;
  const bool inside = (word_address * 4 & ~in_beat) >= limits.window_base &&
                      (last * 4 | in_beat) <= limits.window_limit;
  return inside ? AxiCause::kNone : AxiCause::kWindow;
}

/// Whether what a possible descriptor leads to, but for the streams, may be read.
inline AxiCause read_cause(const AxiParameters& p, const AxiLimits& limits, const Descriptor& d) {
  bool outside = false;
  for (const LoadPhase phase : {LoadPhase::kTable, LoadPhase::kRows, LoadPhase::kRecords}) {
    const Section section = section_of(d, phase, 0);
    const AxiCause cause = read_cause(p, limits, section.word_address, section.n_words);
    if (cause == AxiCause::kAddress) return cause;
    outside |= cause == AxiCause::kWindow;
  }
  if (d.payload / 4 >> (p.addr_bits - 2) != 0) return AxiCause::kAddress;
  return outside ? AxiCause::kWindow : AxiCause::kNone;
}

/// Whether a stream may be decoded whose words begin at a word address: its words can be read, and
/// its values are no more than the run may still have.
inline AxiCause stream_cause(const AxiParameters& p, const AxiLimits& limits,
                             const StreamRecord& record, std::uint64_t word_address,
                             std::uint64_t values_left) {
  const std::uint64_t n_words = std::uint64_t{record.symbol_words} + record.offset_words;
  const AxiCause cause = read_cause(p, limits, word_address, n_words);
  if (cause != AxiCause::kNone) return cause;
  return record.n_values > values_left ? AxiCause::kLimit : AxiCause::kNone;
}

}  // namespace transom::system
