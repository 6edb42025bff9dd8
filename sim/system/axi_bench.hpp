// axi_bench.hpp — the environment of decoder_axi: memory, software, and the consumer of the values.
//
// One bench drives one session with any model of the unit: drive() before the clock edge, then
// observe(). The memory (axi_memory.hpp) answers in order, after a latency, at a bandwidth; the
// software writes the registers, starts, polls STATUS until done, and reads every register; the
// consumer (axi_consumer.hpp) compares each beat with the golden model's. Every channel can pause.
// Each word that a stream takes is compared with the word it should be, so that a fault of the
// fetch is found where it begins.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "transom/system/axi_consumer.hpp"
#include "transom/system/axi_image.hpp"
#include "transom/system/axi_limits.hpp"
#include "transom/system/axi_memory.hpp"
#include "transom/system/axi_pressure.hpp"

namespace transom::system {

/// Bytes that the memory answers with SLVERR, though rightly.
struct AxiFaultRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// What software does to have a list decoded: limits, descriptors, start; and to end it early.
struct AxiStart {
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  std::uint64_t descriptors = 0;
  std::uint32_t n_descriptors = 0;
  std::uint32_t section_words = 0;  ///< of decoder_wide alone
  AxiLimits limits = {};
  std::uint64_t abort_after = kNever;  ///< cycles after the start was written: CONTROL's abort
  std::uint64_t reset_after = kNever;  ///< cycles likewise: the unit is reset, the memory is not
  std::uint64_t rest = 0;              ///< cycles that pass before the first register is written
  /// What should come out; none: whatever comes, in whole tensors.
  std::optional<std::span<const AxiTensor>> tensors = {};
};

/// The first thing that is not as the golden model has it.
struct AxiMismatch {
  enum class What : std::uint8_t {
    kSymbolWord,
    kSymbolEnd,
    kOffsetWord,
    kOffsetEnd,
    kStep,
    kSymbol,
    kPosition,
    kOffsetPosition,
    kState,
    kValue,
    kKeep,
    kLast,
    kNothingMore
  };
  What what;
  std::uint64_t cycle;
  std::uint32_t tensor;
  std::uint16_t stream;
  std::uint64_t index;  ///< index of the word in its stream, the value in its tensor, or the beat
  std::uint32_t want;
  std::uint32_t got;
  std::optional<std::uint64_t> bit =
      {};  ///< of a step: the first that it takes of its symbol stream

  std::string text() const;
};

/// A tensor of a session.
struct AxiLayer {
  std::uint64_t first_beat_cycle = 0;
  std::uint64_t last_beat_cycle = 0;
  AxiCounters counters{};  ///< counts since the start, up to that cycle

  friend bool operator==(const AxiLayer&, const AxiLayer&) = default;
};

/// What a session told. Equal sessions are equal in every cycle.
struct AxiRun {
  using Registers = std::array<std::uint32_t, kAxiRegisters>;
  std::vector<Registers> registers;         ///< all registers after each start, once done
  std::vector<std::uint64_t> start_cycles;  ///< when the start was written
  std::vector<AxiLayer> layers;             ///< tensors of the last start, as far as they are out
  std::uint64_t first_beat_cycle = 0;       ///< cycle of the first beat after the last start
  std::uint64_t last_beat_cycle = 0;
  std::uint64_t cycles = 0;
  std::uint64_t beats_read = 0;
  std::uint64_t beats_out = 0;
  std::uint64_t first_payload_cycle = 0;  ///< when the first beat of a stream came
  std::uint64_t last_payload_cycle = 0;
  std::uint64_t bursts = 0;
  std::uint64_t max_outstanding = 0;  ///< most bursts that were outstanding
  std::uint64_t irq_cycles = 0;       ///< cycles with irq high
  std::uint64_t values = 0;
  std::uint64_t n_mismatches = 0;
  std::optional<AxiMismatch> first;
  std::string fault;  ///< empty, or why the session was given up

  /// The first error of a session's start, by its name; empty if there was none.
  std::string error_text(std::size_t start = 0) const;
  std::uint32_t reg(AxiRegister r, std::size_t start = 0) const {
    return registers.at(start)[static_cast<std::size_t>(r) / 4];
  }
  std::uint64_t counter(AxiRegister r, std::size_t start = 0) const {
    const std::size_t at = static_cast<std::size_t>(r) / 4;
    return registers.at(start)[at] | std::uint64_t{registers.at(start)[at + 1]} << 32;
  }
};

/// Memory, host and consumer of decoder_axi: drive() and observe() once a cycle until done(); then
/// take_run(). It compares words and values with the tensors' on the way.
class AxiBench {
 public:
  /// Image and tensors are referred to. One entry of `tensors` for each descriptor; one without
  /// streams stands for a descriptor that the unit skips.
  AxiBench(const AxiImage& image, std::span<const AxiTensor> tensors, const AxiShape& shape,
           const AxiPressure& pressure = {}, std::vector<AxiFaultRange> faults = {},
           unsigned n_starts = 1);
  /// One by one, with another driver than the image's.
  AxiBench(const AxiImage& image, std::vector<AxiStart> starts, const AxiShape& shape,
           const AxiPressure& pressure = {}, std::vector<AxiFaultRange> faults = {});

  AxiBench(const AxiBench&) = delete;  // it may refer to its own memory
  AxiBench& operator=(const AxiBench&) = delete;
  virtual ~AxiBench() = default;
  /// The memory is another's, too; before the first cycle. @param port of this bench
  void share(AxiMemory& memory, unsigned port) {
    memory_ = &memory;
    port_ = port;
  }
  void drive(AxiInputs& in);
  virtual void observe(const AxiInputs& in, const AxiOutputs& out);
  std::uint64_t cycle() const { return run_.cycles; }
  std::uint64_t beats_out() const { return run_.beats_out; }
  bool done() const { return done_; }
  void give_up(const std::string& why);
  /// What it has told so far.
  const AxiRun& run() const { return run_; }
  AxiRun take_run() { return std::move(run_); }
  const AxiShape& shape() const { return shape_; }

 private:
  struct Access {
    enum class What : std::uint8_t { kRead, kPoll, kWrite, kReset };  ///< poll: until done
    What what;
    AxiRegister address = {};
    std::uint32_t data = 0;
    std::uint64_t wait = 0;  ///< cycles after the access before it

    bool write() const { return what == What::kWrite; }
  };
  /// Where a stream is in the words that it should take, or the steps.
  struct Cursor {
    std::size_t tensor = 0;
    std::size_t word = 0;
  };

  bool open(AxiChannel channel, unsigned closed) const {
    return is_open(pressure_, channel, closed, run_.cycles);
  }
  void drive_memory(AxiInputs& in);
  void drive_software(AxiInputs& in);
  void observe_memory(const AxiInputs& in, const AxiOutputs& out);
  void observe_values(const AxiInputs& in, const AxiOutputs& out);
  void observe_words(const AxiOutputs& out);
  void observe_steps(const AxiOutputs& out);
  bool is_next_round(const std::vector<LaneStep>& steps);
  void observe_counters(const AxiOutputs& out);
  void observe_software(const AxiInputs& in, const AxiOutputs& out);
  void finish_access(std::uint32_t data);
  void next_access();
  void finish_start();
  void script();
  const AxiStart& now() const { return starts_[start_]; }
  std::size_t n_tensors() const { return now().tensors ? now().tensors->size() : 0; }
  void mismatch(AxiMismatch::What what, std::size_t tensor, std::size_t stream, std::uint64_t index,
                std::uint32_t want, std::uint32_t got);
  const std::vector<std::uint32_t>& words_of(std::size_t tensor, std::size_t port) const;

  const AxiImage& image_;
  std::vector<AxiStart> starts_;
  AxiShape shape_;
  AxiPressure pressure_;
  std::vector<AxiFaultRange> faults_;
  std::size_t start_ = 0;  ///< the current one's number
  bool done_ = false;
  std::uint64_t patience_;
  std::uint64_t last_event_ = 0;
  AxiMemory own_memory_;
  AxiMemory* memory_ = &own_memory_;
  unsigned port_ = 0;
  // values
  AxiConsumer consumer_;
  std::size_t tensor_ = 0;
  std::size_t beat_ = 0;
  std::uint64_t tensor_cycle_ = 0;  ///< of the tensor's first beat
  bool frame_ = false;              ///< a tensor's last beat is still to come
  bool closed_ = false;             ///< an abort has closed the tensor that was open
  std::size_t counted_ = 0;         ///< layers with counters
  std::vector<Cursor> cursors_;     ///< one per port: 2s symbols, also of steps, 2s + 1 offsets
  Cursor round_;                    ///< the next one of all lanes: theirs while in_rounds_
  bool in_rounds_ = true;           ///< every round was as wanted so far
  // software
  AxiLimits limits_;  ///< that the unit has
  std::uint32_t section_words_ = 0;
  std::deque<Access> accesses_;
  std::uint64_t access_at_ = 0;  ///< cycle of the next one, at the earliest
  bool aw_valid_ = false, w_valid_ = false, ar_valid_ = false;  ///< offered
  bool aw_taken_ = false, w_taken_ = false;
  unsigned reads_taken_ = 0;  ///< addresses taken, data still to come: 0..2
  AxiRun::Registers registers_{};
  AxiRun run_;
};

}  // namespace transom::system
