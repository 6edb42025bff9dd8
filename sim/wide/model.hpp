// model.hpp — rtl/decoder_wide.sv in C++, a clock at a time.
//
// It equals the RTL in every output of every clock (tests/sim/cosim_wide.cpp). Bus, registers and
// counters are those of cycle/axi.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "transom/cycle/axi.hpp"
#include "transom/system/axi_bus.hpp"
#include "transom/wide/core.hpp"
#include "transom/wide/front.hpp"
#include "transom/wide/parameters.hpp"
#include "transom/wide/queues.hpp"

namespace transom::wide {

/// decoder_wide, a clock at a time: outputs() and then edge(), once a clock.
class Model {
 public:
  /// Throws std::invalid_argument if there is no such unit.
  explicit Model(const Parameters& parameters);
  Model(const Model&) = delete;  // parts refer to the parameters
  Model& operator=(const Model&) = delete;

  /// The outputs of this clock: registers alone.
  void outputs(system::AxiOutputs& out) const;
  /// @param steps those of all lanes in this clock; or of none, where nobody looks
  void edge(const system::AxiInputs& in, std::span<system::LaneStep> steps = {});
  /// All outputs are as after reset in this clock: before outputs(), if its inputs have reset.
  void reset();

 private:
  /// What a clock of window, front and core told.
  struct Told {
    WideStall did = WideStall::kDrain;
    bool pushes = false;  ///< beat_
    bool fetches = false;
    bool loads = false;  ///< a beat into the window
    bool done = false;
    std::uint32_t tensor = 0;  ///< that the front was at
    AxiCause cause = AxiCause::kNone;
    bool over = false;
    std::optional<Verdict> verdict;
  };
  Told decode(bool start);
  void edge_errors(const Told& told, bool read_error, bool aborts);
  void reset_run();

  Parameters parameters_;
  cycle::Registers registers_;
  cycle::Counters counters_;
  cycle::Fetch fetch_;
  BeatFifo beats_;
  Window window_;
  Front front_;
  Core core_;
  OutQueue out_;
  OutBeat beat_;         ///< that is pushed
  unsigned settle_ = 0;  ///< bits: done so many clocks ago
  bool abort_ = false;   ///< an abort drains the buses
};

}  // namespace transom::wide
