// coverage.cpp — transom coverage: random runs of the unit until every cover point is hit.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <memory>

#include "../common.hpp"
#include "../verbs.hpp"
#include "transom/workbench/coverage/close.hpp"
#include "transom/workbench/coverage/report.hpp"

namespace transom::cli {

namespace {

struct CoverageOptions {
  CloseOptions close;
  bool uniform = false;
  bool as_json = false;
  std::vector<std::string> kinds;     ///< of lanes; all, if empty
  std::vector<std::string> decoders;  ///< that count cycles; all that are here, if empty
};

bool wants(const std::vector<std::string>& names, std::string_view name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<const Decoder*> cycle_decoders(const std::vector<std::string>& names) {
  std::vector<const Decoder*> some;
  for (const Decoder& d : decoders()) {
    if (d.run == nullptr || !wants(names, d.name)) continue;
    const std::string why = d.why_not();
    if (why.empty()) {
      some.push_back(&d);
    } else if (!names.empty()) {
      throw std::invalid_argument("--decoders " + std::string(d.name) + ": " + why);
    }
  }
  return some;
}

int close(const CoverageOptions& options) {
  CloseOptions runs = options.close;
  runs.steered = !options.uniform;
  const std::vector<const Decoder*> running = cycle_decoders(options.decoders);
  bool fine = true;
  json kinds = json::array();
  for (unsigned k = 0; k < kLaneKinds; ++k) {
    const LaneKind kind{static_cast<std::uint8_t>(k)};
    const std::string name(lane_kind_name(kind));
    if (!wants(options.kinds, name)) continue;
    Progress progress("coverage, " + name, runs.max_runs);
    const Closed closed = close_lanes(kind, running, runs, [&](const Closed& now) {
      progress.at(now.runs,
                  std::to_string(coverage::n_points(now.groups) - coverage::n_hit(now.groups)) +
                      " points open");
    });
    fine = fine && closed.all() && closed.finding.empty();
    if (options.as_json) {
      json entry{{"closed", closed.all()},
                 {"runs", closed.runs},
                 {"cycles", closed.cycles},
                 {"values", closed.values},
                 {"finding", closed.finding}};
      entry.update(coverage_json(kind, closed.groups));
      kinds.push_back(std::move(entry));
      continue;
    }
    std::cout << coverage_text(kind, closed.groups) << name
              << (closed.all() ? ": closed after " : ": open after ") << closed.runs << " runs, "
              << closed.cycles << " cycles, " << closed.values << " values\n"
              << closed.finding << (closed.finding.empty() ? "\n" : "\n\n");
  }
  if (options.as_json) {
    json names = json::array();
    for (const Decoder* d : running) names.push_back(d->name);
    print({{"seed", runs.seed},
           {"steered", runs.steered},
           {"decoders", std::move(names)},
           {"coverage", std::move(kinds)}});
  }
  return fine ? kFine : kMismatch;
}

}  // namespace

Action add_coverage(App& app) {
  auto options = std::make_shared<CoverageOptions>();
  std::vector<std::string> kinds;
  for (unsigned k = 0; k < kLaneKinds; ++k) {
    kinds.emplace_back(lane_kind_name(LaneKind{static_cast<std::uint8_t>(k)}));
  }
  app.add_option("--runs", options->close.max_runs, "at most, of a kind of lane, 1..1000000")
      ->check(Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--seed", options->close.seed, "of the runs")->capture_default_str();
  app.add_flag("--uniform", options->uniform, "runs go nowhere: all is drawn by chance");
  app.add_option("--kinds", options->kinds,
                 "of lanes, with commas: tans, rans, arith, tans_pair, nrans [default: all]")
      ->delimiter(',')
      ->check(IsMember(kinds));
  app.add_option("--decoders", options->decoders,
                 "with commas: cycle, systemc, rtl [default: all that are here]")
      ->delimiter(',')
      ->check(IsMember({"cycle", "systemc", "rtl"}));
  app.add_flag("--json", options->as_json, "print the result as JSON, with every hole");
  app.footer(
      "Runs four lanes of each kind in lockstep with the golden model until every cover point is "
      "hit\n"
      "(docs/coverage.md). Each run draws tables, tensors, pressures and ends by chance, then goes "
      "to one\n"
      "of the open points: its group sets what leads there. All decoders must count the same. "
      "Exit code 1:\n"
      "a point is open after all runs, or a difference was found.\n"
      "Example: transom coverage --kinds tans,nrans --seed 7\n"
      "cosim --coverage counts the points of a trace of your own.");
  return [options] { return close(*options); };
}

}  // namespace transom::cli
