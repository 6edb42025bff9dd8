// axi.hpp — rtl/decoder_axi.sv in C++, a clock at a time: what is inside the cycle-accurate view.
//
// It equals the RTL in every output of every clock (tests/sim/cosim_axi_model.cpp). The decoder
// unit is cycle/unit.hpp, whose steps are the golden model's; what is added here is time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "transom/cycle/axi_fetch.hpp"
#include "transom/cycle/axi_sequencer.hpp"
#include "transom/cycle/axi_values.hpp"
#include "transom/cycle/unit.hpp"
#include "transom/system/axi_bus.hpp"
#include "transom/system/axi_registers.hpp"

namespace transom::cycle {

/// rtl/axi/axi_regs.sv around the contents: AXI4-Lite, start, interrupts.
class Registers {
 public:
  system::AxiRegisters contents;

  bool start() const { return start_; }
  bool abort() const { return abort_; }
  void drive(system::AxiOutputs& out) const;
  bool quiet() const { return !aw_ && !w_ && !b_ && !ar_ && !r_ && !start_ && !abort_; }
  /// Before the clock's errors and counts go into the contents.
  void edge(const system::AxiInputs& in, bool busy, bool done);

 private:
  bool aw_ = false, w_ = false, b_ = false, ar_ = false, r_ = false;
  std::uint8_t write_address_ = 0, read_address_ = 0;
  std::uint32_t write_word_ = 0, write_mask_ = 0, read_word_ = 0;
  bool start_ = false;
  bool abort_ = false;
  bool error_seen_ = false;
};

/// rtl/axi/axi_counters.sv: what happened counts three clocks later.
class Counters {
 public:
  void edge(bool clear, bool run, const system::AxiCounters& happened,
            system::AxiCounters& counters) {
    for (std::size_t c = 0; !clear && added_run_ && c < system::kAxiCounters; ++c)
      counters[c] += added_[c];
    if (clear) counters = {};
    added_ = seen_;
    added_run_ = seen_run_;
    seen_ = happened;
    seen_run_ = run;
  }
  bool quiet() const { return !added_run_ && !seen_run_; }

 private:
  system::AxiCounters seen_{}, added_{};
  bool seen_run_ = false, added_run_ = false;
};

/// decoder_axi, a clock at a time: outputs() and then edge(), once a clock.
class AxiModel {
 public:
  /// Throws std::invalid_argument if there is no such unit.
  explicit AxiModel(const system::AxiParameters& parameters);
  AxiModel(const AxiModel&) = delete;  // parts refer to the parameters
  AxiModel& operator=(const AxiModel&) = delete;

  /// The outputs of this clock: registers alone.
  void outputs(system::AxiOutputs& out) const;
  /// The clock edge. `taken`: the words that the streams take in, or nullptr.
  void edge(const system::AxiInputs& in, std::vector<system::TakenWord>* taken = nullptr);

  /// All outputs are as after reset in this clock: before outputs(), if its inputs have reset.
  void reset();

  /// Nothing happens until an input asks for it; rest() is then as many clocks.
  bool quiet() const;
  void rest(std::uint64_t n_clocks) { unit_->rest(n_clocks); }
  const system::AxiRegisters& registers() const { return registers_.contents; }
  /// A run begins with this clock.
  bool starts() const { return registers_.start(); }

 private:
  void drive_unit();
  void take_words(std::vector<system::TakenWord>& taken) const;
  /// What the streams of the unit told in this clock.
  struct Told {
    StreamMask job_ready, done, fires;
    bool busy = false;
    system::AxiCounters counts{};
  };
  Told listen() const;
  void edge_errors(bool clear, AxiCause cause, bool aborts);
  void edge_words();
  /// What works on a run, as run_rst_n does it.
  void reset_run();

  system::AxiParameters parameters_;
  std::unique_ptr<UnitModel> unit_;
  Registers registers_;
  Counters counters_;
  Fetch fetch_;
  Groups groups_;
  std::vector<WordBuffer<1>> words_;  ///< 2s symbols of stream s, 2s + 1 its offsets
  Sequencer sequencer_;
  Jobs jobs_;
  Gather gather_;
  unit::UnitInputs in_;
  unit::UnitOutputs out_;
  std::array<std::uint32_t, unit::kBanks> descriptor_of_bank_{};
  unsigned settle_ = 0;  ///< bits: done so many clocks ago
  bool abort_ = false;   ///< an abort drains the buses
  // The beat that leaves the fetch in this clock.
  bool beat_valid_ = false;
  std::uint32_t beat_channel_ = 0;
  Beat beat_;
};

}  // namespace transom::cycle
