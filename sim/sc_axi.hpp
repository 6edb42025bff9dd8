// sc_axi.hpp — rtl/decoder_axi.sv in C++, a clock at a time: the cycle-accurate view's inside.
//
// Equal to the RTL in every output of every clock (tests/cosim_tlm). The decoder unit is
// sc_unit.hpp, so the meaning of a step is the golden model's; everything here is when.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "axi_bus.hpp"
#include "axi_registers.hpp"
#include "sc_axi_fetch.hpp"
#include "sc_axi_sequencer.hpp"
#include "sc_axi_values.hpp"
#include "sc_unit.hpp"

namespace transom {

/// rtl/axi_regs.sv around the contents: AXI4-Lite, start, interrupts.
class ScRegisters {
 public:
  AxiRegisters contents;

  bool start() const { return start_; }
  void drive(AxiOutputs& out) const;
  bool quiet() const { return !aw_ && !w_ && !b_ && !ar_ && !r_ && !start_; }
  /// Before the clock's errors and counts go into the contents.
  void edge(const AxiInputs& in, bool busy, bool done);

 private:
  bool aw_ = false, w_ = false, b_ = false, ar_ = false, r_ = false;
  std::uint8_t write_address_ = 0, read_address_ = 0;
  std::uint32_t write_word_ = 0, write_mask_ = 0, read_word_ = 0;
  bool start_ = false;
  bool error_seen_ = false;
};

/// rtl/axi_counters.sv: what happened counts three clocks later.
class ScCounters {
 public:
  void edge(bool clear, bool run, const AxiCounters& happened, AxiCounters& counters) {
    for (std::size_t c = 0; !clear && added_run_ && c < kAxiCounters; ++c) counters[c] += added_[c];
    if (clear) counters = {};
    added_ = seen_;
    added_run_ = seen_run_;
    seen_ = happened;
    seen_run_ = run;
  }
  bool quiet() const { return !added_run_ && !seen_run_; }

 private:
  AxiCounters seen_{}, added_{};
  bool seen_run_ = false, added_run_ = false;
};

class AxiModel {
 public:
  /// Throws std::invalid_argument if there is no such unit.
  explicit AxiModel(const AxiParameters& parameters);
  AxiModel(const AxiModel&) = delete;  // parts refer to the parameters
  AxiModel& operator=(const AxiModel&) = delete;

  /// The outputs of this clock: registers alone.
  void outputs(AxiOutputs& out) const;
  /// The clock edge. `taken`: the words that the streams take in, or nullptr.
  void edge(const AxiInputs& in, std::vector<TakenWord>* taken = nullptr);

  /// Nothing happens until an input asks for it; rest() is then as many clocks.
  bool quiet() const;
  void rest(std::uint64_t n_clocks) { unit_->rest(n_clocks); }
  const AxiRegisters& registers() const { return registers_.contents; }
  /// A run begins with this clock.
  bool starts() const { return registers_.start(); }

 private:
  void drive_unit();
  void take_words(std::vector<TakenWord>& taken) const;
  /// What the streams of the unit told in this clock.
  struct Told {
    StreamMask job_ready, done, fires;
    bool busy = false;
    AxiCounters counts{};
  };
  Told listen() const;
  void edge_errors(bool clear);
  void edge_words();

  AxiParameters parameters_;
  std::unique_ptr<UnitModel> unit_;
  ScRegisters registers_;
  ScCounters counters_;
  ScFetch fetch_;
  ScGroups groups_;
  std::vector<ScWords<1>> words_;  ///< 2s symbols of stream s, 2s + 1 its offsets
  ScSequencer sequencer_;
  ScJobs jobs_;
  ScGather gather_;
  UnitInputs in_;
  UnitOutputs out_;
  std::array<std::uint32_t, kBanks> descriptor_of_bank_{};
  unsigned settle_ = 0;  ///< bits: done so many clocks ago
  // The beat that leaves the fetch in this clock.
  bool beat_valid_ = false;
  std::uint32_t beat_channel_ = 0;
  ScBeat beat_;
};

}  // namespace transom
