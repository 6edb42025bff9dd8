// sim_case.hpp — what `transom sim` runs: tensors in a memory, a unit, its surroundings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "transom/system/axi_image.hpp"
#include "transom/system/axi_parameters.hpp"
#include "transom/system/axi_pressure.hpp"
#include "transom/system/axi_traffic.hpp"
#include "transom/wide/parameters.hpp"
#include "transom/workbench/inputs.hpp"
#include "transom/workbench/system/unit_plan.hpp"

namespace transom::workbench {

struct SimOptions {
  std::string input;
  CodingOptions coding;
  UnitOptions unit;
  std::optional<unsigned> max_rows;  ///< of a bank of decoder_axi
  unsigned pause = 0;
  std::string also;    ///< of a second unit at the same memory; empty: there is none
  bool alone = false;  ///< each tensor is run by itself, too
  bool no_lt = false;
  bool time = false;
  bool against_rtl = false;
  std::string wave;
  bool as_json = false;
};

struct SimCase {
  std::string trace;   ///< its name
  std::string coding;  ///< the coding asked for; for a container, the one of the most values
  std::vector<CodedTensor> tensors;
  std::size_t file_bytes = 0;
  system::AxiParameters unit;
  std::optional<wide::Parameters> wide;  ///< the unit is decoder_wide; `unit` is its bus
  system::AxiPressure pressure;
  system::AxiImage image;
  std::vector<system::AxiTensor> golden;

  std::uint64_t n_values() const;
  std::uint64_t raw_bytes() const;
  std::size_t n_raw() const;  ///< tensors that are stored raw
  /// What the unit reads of a tensor.
  std::uint64_t bytes_read(std::size_t tensor) const;
  /// What loading all tables, rows and records takes, one after the other.
  std::uint64_t load_cycles() const;
};

/// Codes the trace, or reads the container. Throws std::invalid_argument if there is no such unit,
/// or one of its tensors is not for it.
SimCase make_sim_case(const SimOptions& options);

/// One of its tensors, in a file of its own.
SimCase only(const SimCase& all, std::size_t tensor);

}  // namespace transom::workbench
