// axi_rates.hpp — what loading a tensor takes decoder_axi: the formulas of rtl/AXI.md, "Rates".
//
// First order, for a memory that is not busy with other words meanwhile. What binds a run is told
// with them, and plans are made; tests/sim/axi/cosim_axi_rates.cpp holds them to the cycle model.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "transom/plan/plan.hpp"
#include "transom/system/axi_descriptor.hpp"
#include "transom/system/axi_memory.hpp"
#include "transom/system/axi_parameters.hpp"

namespace transom::system {

/// Cycles from the start of an idle channel to its first word, latency apart.
inline constexpr unsigned kFirstWordCycles = 7;
/// Cycles from room for a burst to its address, and from its beats to the FIFO.
inline constexpr unsigned kTurnCycles = 8;
/// Of a stream: its record, the starts of its two channels, between bursts that go out meanwhile.
inline constexpr unsigned kStreamCycles = 8;

/// Cycles from a burst's address to its first beat, and what chance adds on average.
inline std::uint64_t mean_latency(const AxiPressure& pressure) {
  return pressure.latency + pressure.more_latency / 2;
}
/// Bursts on their way: the unit's, or the fewer that the memory holds.
inline unsigned bursts_on_way(const AxiParameters& unit, const AxiPressure& pressure) {
  const unsigned held = pressure.memory_outstanding;
  return held == 0 ? unit.outstanding : std::min(unit.outstanding, held);
}
/// Cycles in which the memory gives a beat.
inline std::uint64_t beat_cycles(const AxiParameters& unit, const AxiPressure& pressure) {
  const std::uint32_t rate = memory_tokens(pressure, unit.beat_bytes());
  return (beat_tokens(unit.beat_bytes()) + rate - 1) / rate;
}

/// Cycles from the request for words to the last of them, a beat taken in `taking` cycles. The
/// bursts that the FIFO has room for are on their way at a time; a page of 4 KiB cuts one in two.
inline std::uint64_t section_cycles(const AxiParameters& unit, const AxiPressure& pressure,
                                    std::uint64_t n_words, std::uint64_t taking) {
  constexpr unsigned kPageBytes = 4096;
  const std::uint64_t n_beats = (n_words + unit.beat_words() - 1) / unit.beat_words();
  if (n_beats == 0) return 0;
  const std::uint64_t beat = std::max(taking, beat_cycles(unit, pressure));
  const std::uint64_t at_a_time =
      std::min(unit.fifo_beats / unit.max_burst, bursts_on_way(unit, pressure));
  const std::uint64_t n_bursts =
      (n_beats + unit.max_burst - 1) / unit.max_burst + 4 * n_words / kPageBytes;
  const std::uint64_t turn = mean_latency(pressure) + kTurnCycles + unit.max_burst * beat;
  const std::uint64_t waits = (n_bursts - 1) / at_a_time * turn;
  return kFirstWordCycles + mean_latency(pressure) +
         std::max(n_beats * beat, waits + std::min<std::uint64_t>(n_beats, unit.max_burst) * beat);
}

/// Words of the table that the unit is loaded with, in whole groups.
inline std::uint64_t load_words(const AxiParameters& unit, const PlanSizes& sizes) {
  return std::max<std::uint64_t>(unit::n_table_words(unit.shape.unit.kind, sizes.table_log),
                                 kLoadEntries);
}

/// Cycles from a descriptor to its last job: descriptor, table, rows and records one after the
/// other through the sequencer's FIFO, a group of words a cycle but rows one by one, then the
/// streams' first bursts, as many at a time as may be on their way.
inline std::uint64_t load_cycles(const AxiParameters& unit, const AxiPressure& pressure,
                                 const PlanSizes& sizes) {
  const auto section = [&](std::uint64_t n_words, unsigned words_a_cycle) {
    return section_cycles(unit, pressure, n_words, std::max(unit.beat_words() / words_a_cycle, 1u));
  };
  const std::uint64_t streams = std::max<std::uint64_t>(
      kStreamCycles * sizes.n_streams,
      sizes.n_sequences / bursts_on_way(unit, pressure) * (mean_latency(pressure) + kTurnCycles));
  return section(kDescriptorWords, kLoadEntries) + section(load_words(unit, sizes), kLoadEntries) +
         section(sizes.n_rows, 1) + section(kRecordWords * sizes.n_streams, kLoadEntries) + streams;
}

/// Cycles from the start to the first value of a tensor that is read alone.
inline std::uint64_t first_value_cycles(const AxiParameters& unit, const AxiPressure& pressure,
                                        const PlanSizes& sizes) {
  constexpr unsigned kLaneCycles = 17;  // the first word's way through gather and out
  return load_cycles(unit, pressure, sizes) + kFirstWordCycles + mean_latency(pressure) +
         kLaneCycles;
}

/// Bytes of whole beats that a tensor makes the unit read, whatever lies before it in memory: of
/// words that begin anywhere, a beat less a word on average beside them.
inline std::uint64_t mean_bytes_read(const AxiParameters& unit, const PlanSizes& sizes) {
  const std::uint64_t beat = unit.beat_bytes();
  const auto section = [&](std::uint64_t n_words) {
    return (4 * n_words + beat - 1) / beat * beat;
  };
  return section(kDescriptorWords) + section(load_words(unit, sizes)) + section(sizes.n_rows) +
         section(kRecordWords * sizes.n_streams) + 4 * sizes.n_words +
         sizes.n_sequences * (beat - 4);
}

/// Cycles in which the memory gives them.
inline std::uint64_t read_cycles(const AxiParameters& unit, const AxiPressure& pressure,
                                 const PlanSizes& sizes) {
  const std::uint64_t rate = memory_tokens(pressure, unit.beat_bytes());
  return (mean_bytes_read(unit, sizes) * kTokensPerUnit + rate - 1) / rate;
}

/// Cycles in which lanes give the values of so many streams, if they never wait.
inline std::uint64_t decode_cycles(const AxiParameters& unit, std::uint64_t n_values,
                                   std::uint64_t n_streams) {
  const LaneKind kind = unit.shape.unit.kind;
  const std::uint64_t a_turn = std::max<std::uint64_t>(n_streams, 1) * values_per_beat(kind);
  return (n_values * streams_per_lane(kind) + a_turn - 1) / a_turn;
}

}  // namespace transom::system
