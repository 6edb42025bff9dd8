// sim_report.hpp — what a run of `transom sim` amounts to, as JSON and as text.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "transom/system/axi_bench.hpp"
#include "transom/workbench/system/sim_case.hpp"

namespace transom::workbench {

using json = nlohmann::ordered_json;

/// The same run, loosely timed.
struct LooselyTimed {
  std::uint64_t cycles = 0;
  double values_per_second = 0;  ///< 0: not measured
  double golden_values_per_second = 0;
};

struct SimResult {
  system::AxiRun run;  ///< the cycle model's run
  std::optional<LooselyTimed> loosely_timed;
  std::optional<std::uint64_t> rtl_cycles;
  std::vector<std::string> findings;  ///< one for each thing that is not as it should be
  std::uint64_t mismatches = 0;
};

/// The keys of --json, one for a line: `transom sim --help` ends with it.
extern const char* const kSimKeys;

json to_json(const SimCase& c, const SimResult& result);
/// The same for people.
std::string to_text(const json& result);

}  // namespace transom::workbench
