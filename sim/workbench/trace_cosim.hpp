// trace_cosim.hpp — a trace through every decoder there is, in lockstep with the golden model.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"
#include "transom/coverage/points.hpp"
#include "transom/unit/job.hpp"
#include "transom/unit/pressure.hpp"
#include "transom/unit/run.hpp"
#include "transom/verify/fault.hpp"
#include "transom/workbench/decoders.hpp"
#include "transom/workbench/figures.hpp"
#include "transom/workbench/lockstep_run.hpp"
#include "transom/workbench/unit_shapes.hpp"

namespace transom::workbench {

struct TraceCosimOptions {
  /// Lanes of the unit; as many as a tensor's streams want, if empty.
  std::optional<unsigned> n_lanes;
  /// R of its largest table, and rows of a bank; those of the kind of lane, if empty.
  std::optional<unsigned> table_log, max_rows;
  unit::Pressure pressure;
  std::string wave;  ///< an FST file of the RTL around the first difference; empty: none
  std::uint64_t wave_cycles = 200;
  bool coverage = false;  ///< count cover points
};

/// Tensors through every decoder that can run here. What they disagree on is in findings().
class TraceCosim {
 public:
  /// The options are referred to. @param tensors all that will be run
  TraceCosim(const TraceCosimOptions& options, std::span<const CodedTensor> tensors);

  const std::vector<const Decoder*>& running() const { return running_; }
  /// Names of those that count cycles.
  std::vector<std::string> cycle_decoders() const;
  const std::vector<std::string>& findings() const { return findings_; }
  /// Cover points of the kinds of lanes that ran, if asked for.
  const std::map<LaneKind, coverage::CoverGroups>& coverage() const { return coverage_; }

  /// Decodes a tensor with all of them. `damaged` is what they are given; `fault` flips a bit of
  /// the unit's table besides. Throws DataError if `tensor` itself does not decode.
  Figures run(const CodedTensor& tensor, const CodedTensor& damaged,
              const std::optional<verify::Fault>& fault);

 private:
  void find(const CodedTensor& tensor, const std::string& what);
  void compare(Figures& figures, const Decoder& decoder, const CodedTensor& tensor,
               const Decoded& golden, const Decoded& got);
  void run_cycles(Figures& figures, const Decoder& decoder, const CodedTensor& tensor,
                  const unit::Job& job, std::optional<LockstepRun>& first);
  void write_wave(const CodedTensor& tensor, const unit::UnitShape& shape, const unit::Job& job,
                  std::uint64_t cycle);

  const TraceCosimOptions& options_;
  UnitShapes units_;
  std::vector<const Decoder*> running_;
  std::vector<std::string> findings_;
  std::map<LaneKind, coverage::CoverGroups> coverage_;
  bool wave_written_ = false;
};

}  // namespace transom::workbench
