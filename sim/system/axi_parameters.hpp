// axi_parameters.hpp — all parameters of rtl/decoder_axi.sv.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "transom/base/spec.hpp"
#include "transom/system/axi_bus.hpp"
#include "transom/unit/lane_kind.hpp"

namespace transom::system {

/// Deepest FIFO that a model is made of; the RTL has no limit of its own.
inline constexpr unsigned kMaxFifoBeats = 1024;

/// The parameters of rtl/decoder_axi.sv.
struct AxiParameters {
  AxiShape shape;
  unsigned addr_bits = 64;    ///< of the read bus
  unsigned max_burst = 16;    ///< beats, a power of two
  unsigned outstanding = 16;  ///< bursts, a power of two
  unsigned fifo_beats = 32;   ///< depth of each stream's two prefetch FIFOs; a power of two
  unsigned value_beats = 8;   ///< beats of a stream that may wait for other streams; a power of two

  unsigned n_streams() const { return shape.unit.n_streams(); }
  unsigned beat_bytes() const { return shape.beat_bytes(); }
  unsigned beat_words() const { return shape.beat_bytes() / 4; }
  unsigned burst_words() const { return max_burst * beat_words(); }
  /// Bytes of the beats that all prefetch FIFOs hold: two for each stream, one of the sequencer.
  std::uint64_t fifo_bytes() const {
    return (2 * std::uint64_t{n_streams()} + 1) * fifo_beats * beat_bytes();
  }
  /// Bytes of the values that wait for other streams.
  std::uint64_t value_fifo_bytes() const {
    return std::uint64_t{n_streams()} * value_beats * values_per_beat(shape.unit.kind) *
           sizeof(value_t);
  }
  /// log2 of the rows of a bank.
  unsigned rows_log() const {
    return static_cast<unsigned>(std::countr_zero(unit::max_rows(shape.unit)));
  }
  /// What register Config tells.
  std::uint32_t config() const {
    return shape.unit.n_lanes | static_cast<std::uint32_t>(shape.unit.kind) << 8 |
           rows_log() << 12 | shape.unit.table_log << 16 | beat_bytes() << 20;
  }
};

/// Throws std::invalid_argument naming the parameter unless such a unit can be.
inline void check_parameters(const AxiParameters& p) {
  const auto require = [](bool can_be, const std::string& what, unsigned is) {
    if (!can_be) throw std::invalid_argument("decoder_axi: " + std::to_string(is) + " " + what);
  };
  const auto& [of, data_bits] = p.shape;
  const unsigned most = of.kind == LaneKind::kArith
                            ? kMaxTableLog
                            : max_lane_table_log(of.kind);  // one size fits all
  require(of.n_lanes >= 1 && of.n_lanes <= kMaxDecoderLanes, "lanes, not 1..64", of.n_lanes);
  require(of.table_log >= kMinLaneTableLog && of.table_log <= most,
          "is no table log of these lanes: take " + std::to_string(kMinLaneTableLog) + ".." +
              std::to_string(most),
          of.table_log);
  require(of.max_rows == kMaxApackRows || of.max_rows == kMaxAlphabet,
          "rows of a bank, not 16 or 256", of.max_rows);
  require(data_bits >= 64 && data_bits <= 512 && std::has_single_bit(data_bits),
          "bits of the bus, not 64, 128, 256 or 512", data_bits);
  require(p.addr_bits >= 34 && p.addr_bits <= 64, "bits of an address, not 34..64", p.addr_bits);
  require(
      p.max_burst >= 2 && p.max_burst * p.beat_bytes() <= 4096 && std::has_single_bit(p.max_burst),
      "beats of a burst, not a power of two, 2 or more, of at most 4096 bytes in all", p.max_burst);
  require(p.outstanding >= 2 && p.outstanding <= 128 && std::has_single_bit(p.outstanding),
          "outstanding bursts, not a power of two, 2..128", p.outstanding);
  require(p.fifo_beats >= 2 * p.max_burst && p.fifo_beats <= kMaxFifoBeats &&
              std::has_single_bit(p.fifo_beats),
          "beats of a prefetch FIFO, not a power of two, two bursts or more, up to " +
              std::to_string(kMaxFifoBeats),
          p.fifo_beats);
  require(
      p.value_beats >= 2 && p.value_beats <= kMaxFifoBeats && std::has_single_bit(p.value_beats),
      "beats of a value FIFO, not a power of two, 2.." + std::to_string(kMaxFifoBeats),
      p.value_beats);
}

}  // namespace transom::system
