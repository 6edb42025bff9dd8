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
  system::AxiRun run;                 ///< the cycle model's run
  std::vector<system::AxiRun> alone;  ///< of each tensor by itself, if it was asked for
  std::optional<LooselyTimed> loosely_timed;
  std::optional<std::uint64_t> rtl_cycles;
  std::vector<std::string> findings;  ///< one for each thing that is not as it should be
  std::uint64_t mismatches = 0;
};

/// The keys of --json, one for a line: `transom sim --help` ends with it.
extern const char* const kSimKeys;

json to_json(const SimCase& c, const SimResult& result);

/// Two units at one memory: what came of each, and how long each takes by itself.
struct SharedRun {
  const SimCase& c;
  const SimResult& result;
  std::uint64_t alone_cycles;
};
/// The first's, with `also` the other's and `together` what both are.
json shared_json(const SharedRun& first, const SharedRun& second);
/// The same for people.
std::string to_text(const json& result);

}  // namespace transom::workbench
