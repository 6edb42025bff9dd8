// unit_plan.hpp — a unit in its memory as a user says it, and a trace coded for it.
//
// `encode` and `sim` code a trace here, so that with the same options a container is what `sim`
// runs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "transom/system/axi_parameters.hpp"
#include "transom/system/axi_pressure.hpp"
#include "transom/wide/parameters.hpp"
#include "transom/workbench/inputs.hpp"

namespace transom::workbench {

/// decoder_axi, or decoder_wide, and its memory.
struct UnitOptions {
  std::optional<std::string> kind;  ///< one of unit_names(); "axi" unless a container says other
  std::optional<unsigned> halves;   ///< of decoder_wide
  std::optional<unsigned> bus_bits;
  unsigned burst_beats = system::AxiParameters{}.max_burst;
  std::optional<unsigned> fifo_beats;
  unsigned value_beats = system::AxiParameters{}.value_beats;
  unsigned mem_outstanding = system::AxiParameters{}.outstanding;
  system::AxiPressure pressure;

  /// Throws std::invalid_argument unless there is such a unit, whatever its tables.
  system::AxiParameters parameters(const unit::UnitShape& shape) const;
  /// @param lane of what kind: kNrans, kTans
  wide::Parameters wide_parameters(unsigned n_lanes, LaneKind lane) const;
  bool wide() const { return kind == "wide"; }
  system::AxiPressure memory() const;
};

/// The kind of lanes of a wide unit for such a coding: of narrow rANS, unless it is apack-tans.
LaneKind wide_lane_kind(const CodingOptions& coding);

/// The words for the units that there are.
std::vector<std::string> unit_names();
/// The words for what a plan makes least, beside nothing at all (bits of the file, none stored
/// raw).
std::vector<std::string> plan_goals();

/// Codes a trace for the lanes that `coding` says, or 4, of the unit that `unit` says. Throws
/// std::invalid_argument if there is no such unit.
EncodeTensor unit_coder(const CodingOptions& coding, const UnitOptions& unit);
std::vector<CodedTensor> encode_for_unit(const std::vector<Tensor>& trace,
                                         const CodingOptions& coding, const UnitOptions& unit);

}  // namespace transom::workbench
