// axi_bus.hpp — the ports of decoder_axi in one clock, as rtl/decoder_axi.sv has them.
//
// Any model of the unit in its system is driven with these, as unit.hpp does it for the unit alone.
// Within a clock the inputs come first: none of them depends on an output of the same clock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/unit/ports.hpp"

namespace transom::system {

/// What the hardware is built for.
struct AxiShape {
  unit::UnitShape unit = {};
  unsigned data_bits = 128;  ///< width of the read bus

  unsigned beat_bytes() const { return data_bits / 8; }
  /// Values of a beat of the stream out.
  unsigned beat_values() const { return unit.n_lanes * values_per_beat(unit.kind); }
};

/// Byte addresses of the registers; a counter is two of them, the low word first.
enum class AxiRegister : std::uint8_t {
  kId = 0x00,
  kConfig = 0x04,
  kControl = 0x08,
  kStatus = 0x0c,
  kIrqEnable = 0x10,
  kIrqStatus = 0x14,
  kDescriptorsLow = 0x18,
  kDescriptorsHigh = 0x1c,
  kDescriptorCount = 0x20,
  kErrorDescriptor = 0x24,
  kErrorStream = 0x28,
  kCycles = 0x40,
  kValues = 0x48,
  kFill = 0x50,
  kSymbolWords = 0x58,
  kOffsetWords = 0x60,
  kConsumer = 0x68,
  kTurn = 0x70,
  kBeatsRead = 0x78,
  kBeatsOut = 0x80,
  kIdle = 0x88,
  kBeats = 0x90,
  kWindowBase = 0x98,  ///< 64 bits, as the next two: the low word first
  kWindowLimit = 0xa0,
  kMaxValues = 0xa8,
  kMaxDescriptors = 0xb0,
  kSectionWords = 0xb8,  ///< of decoder_wide alone
};
inline constexpr std::size_t kAxiRegisters = 0xbc / 4;
inline constexpr std::uint32_t kAxiId = 0x5453'4d31;   ///< decoder_axi
inline constexpr std::uint32_t kWideId = 0x5453'4d32;  ///< decoder_wide
/// Value of kErrorStream where no stream is meant.
inline constexpr std::uint32_t kNoStream = 0x8000'0000;

/// Bits of AxiRegister::kControl.
inline constexpr std::uint32_t kAxiStart = 1, kAxiAbort = 2;
/// Bits of AxiRegister::kStatus.
inline constexpr std::uint32_t kAxiBusy = 1, kAxiDone = 2, kAxiError = 4;
/// Set if there was an error of this cause, kRead or a later one.
constexpr std::uint32_t axi_error_bit(AxiCause cause) {
  return 1u << (10 + static_cast<unsigned>(cause));
}
/// The field that names the first error's cause.
constexpr std::uint32_t axi_first_cause(AxiCause cause) {
  return static_cast<std::uint32_t>(cause) << 20;
}
/// A word of kStatus after a run whose errors were all of this cause, but for a stream's status.
constexpr std::uint32_t status_of(AxiCause cause) {
  return kAxiDone | kAxiError | axi_first_cause(cause) |
         (cause == AxiCause::kStream ? 0 : axi_error_bit(cause));
}
/// The cause of the first error in a word of kStatus.
constexpr AxiCause first_cause(std::uint32_t status_register) {
  return static_cast<AxiCause>(status_register >> 20 & (kAxiCauses - 1));
}
/// The stream status in a word of kStatus.
constexpr Status first_bad_status(std::uint32_t status_register) {
  return static_cast<Status>(status_register >> 8 & 7);
}

/// Stream cycles are counted by what a stream did in them: a beat left, a stall, no work.
enum AxiCounter : unsigned {
  kCountCycles,  ///< start to done
  kCountValues,
  kCountFill,  ///< the stalls in the order of Stall
  kCountSymbolWords,
  kCountOffsetWords,
  kCountConsumer,
  kCountTurn,
  kCountBeatsRead,
  kCountBeatsOut,
  kCountIdle,
  kCountBeats,  ///< beats of values from the streams
  kAxiCounters,
};
using AxiCounters = std::array<std::uint64_t, kAxiCounters>;
inline constexpr unsigned kCounterBits = 48;  ///< width of each counter
inline constexpr unsigned kCounterDelay = 3;  ///< clocks from an event to its count

/// All inputs of decoder_axi in a clock.
struct AxiInputs {
  bool reset = false;  ///< rst_ni is low
  // AXI4 read
  bool arready = false;
  bool rvalid = false;
  bool rlast = false;
  std::uint8_t rresp = 0;
  std::vector<std::uint32_t> rdata;  ///< words of a beat
  // AXI4-Stream
  bool tready = false;
  // AXI4-Lite
  bool lite_awvalid = false;
  bool lite_wvalid = false;
  bool lite_bready = false;
  bool lite_arvalid = false;
  bool lite_rready = false;
  std::uint8_t lite_awaddr = 0;
  std::uint8_t lite_araddr = 0;
  std::uint8_t lite_wstrb = 0xf;
  std::uint32_t lite_wdata = 0;
};

/// A word that a stream took in this cycle.
struct TakenWord {
  bool valid = false;
  bool last = false;
  std::uint32_t word = 0;
};

/// A step of a lane of decoder_wide whose value leaves in this cycle: a word, as rounds of them are
/// compared in every clock. Bits 27..0 are `retire` of rtl/wide/wide_lane.sv, bit 31 is set where
/// there is a step.
class LaneStep {
 public:
  constexpr LaneStep() = default;
  constexpr explicit LaneStep(std::uint32_t retire) : word_(kValid | retire) {}
  /// Positions count modulo 16.
  constexpr LaneStep(std::uint32_t symbol, std::uint32_t position, std::uint32_t offset_position,
                     std::uint32_t state)
      : LaneStep(symbol << 24 | offset_position % 16 << 20 | position % 16 << 16 | state) {}

  constexpr bool valid() const { return word_ != 0; }
  constexpr std::uint32_t symbol() const { return word_ >> 24 & 15; }
  /// Bits of the symbol stream taken.
  constexpr std::uint32_t position() const { return word_ >> 16 & 15; }
  /// The same of the offset stream, before this step's.
  constexpr std::uint32_t offset_position() const { return word_ >> 20 & 15; }
  /// After the step, as its halfword has it.
  constexpr std::uint32_t state() const { return word_ & 0xffff; }

  friend bool operator==(const LaneStep&, const LaneStep&) = default;

 private:
  static constexpr std::uint32_t kValid = 1u << 31;
  std::uint32_t word_ = 0;
};

/// All outputs of decoder_axi in a clock.
struct AxiOutputs {
  // AXI4 read
  bool arvalid = false;
  bool rready = false;
  std::uint8_t arlen = 0;
  std::uint64_t araddr = 0;
  // AXI4-Stream
  bool tvalid = false;
  bool tlast = false;
  std::vector<value_t> values;     ///< values of a beat, only while tvalid
  std::vector<std::uint8_t> keep;  ///< one per value: its two bits of TKEEP
  // AXI4-Lite
  bool lite_awready = false;
  bool lite_wready = false;
  bool lite_bvalid = false;
  bool lite_arready = false;
  bool lite_rvalid = false;
  std::uint8_t lite_bresp = 0;
  std::uint8_t lite_rresp = 0;
  std::uint32_t lite_rdata = 0;
  bool irq = false;
  // Inside: what the streams of the decoder took; symbols of stream s at 2s, offsets at 2s + 1.
  std::vector<TakenWord> words;
  std::vector<LaneStep> steps;  ///< of the lanes of decoder_wide
  AxiCounters counters{};       ///< what happened up to kCounterDelay clocks ago
};

}  // namespace transom::system
