// coverage.cpp — transom coverage: random runs of the unit until every cover point is hit.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>
#include <utility>

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
  std::vector<std::string> units;     ///< what is around the lanes; all, if empty
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

/// What is to be closed, by its name.
struct Unit {
  std::string name;
  std::function<Closed(const CloseOptions&, const std::function<void(const Closed&)>&)> close;
};
std::vector<Unit> units_of(const CoverageOptions& options,
                           const std::vector<const Decoder*>& running) {
  std::vector<Unit> units;
  for (unsigned k = 0; k < kLaneKinds && wants(options.units, "lanes"); ++k) {
    const LaneKind kind{static_cast<std::uint8_t>(k)};
    const std::string name(lane_kind_name(kind));
    if (!wants(options.kinds, name)) continue;
    units.push_back({name, [=](const CloseOptions& runs, const auto& told) {
                       return close_lanes(kind, running, runs, told);
                     }});
  }
  const bool rtl = std::any_of(running.begin(), running.end(),
                               [](const Decoder* d) { return d->name == "rtl"; });
  for (const coverage::CoveredSystem& system : coverage::covered_systems()) {
    const LaneKind kind = system.unit.axi.shape.unit.kind;
    if (!wants(options.units, system.is_wide ? "wide" : "axi") ||
        !wants(options.kinds, lane_kind_name(kind))) {
      continue;
    }
    units.push_back({system.name, [=, &system](const CloseOptions& runs, const auto& told) {
                       return close_system(system, rtl, runs, told);
                     }});
  }
  return units;
}

int close(const CoverageOptions& options) {
  CloseOptions runs = options.close;
  runs.steered = !options.uniform;
  const std::vector<const Decoder*> running = cycle_decoders(options.decoders);
  const std::vector<Unit> units = units_of(options, running);
  if (units.empty()) throw std::invalid_argument("--units: none of them has lanes of --kinds");
  bool fine = true;
  json all = json::array();
  for (const Unit& unit : units) {
    Progress progress("coverage, " + unit.name, runs.max_runs);
    const Closed closed = unit.close(runs, [&](const Closed& now) {
      progress.at(now.runs,
                  std::to_string(n_points(now.groups) - n_hit(now.groups)) + " points open");
    });
    fine = fine && closed.all() && closed.finding.empty();
    if (options.as_json) {
      json entry{{"closed", closed.all()},
                 {"runs", closed.runs},
                 {"cycles", closed.cycles},
                 {"values", closed.values},
                 {"finding", closed.finding}};
      entry.update(coverage_json(unit.name, closed.groups));
      all.push_back(std::move(entry));
      continue;
    }
    std::cout << coverage_text(unit.name, closed.groups) << unit.name
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
           {"coverage", std::move(all)}});
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
  app.add_option("--runs", options->close.max_runs, "at most, of a unit, 1..1000000")
      ->check(Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--seed", options->close.seed, "of the runs")->capture_default_str();
  app.add_flag("--uniform", options->uniform, "runs go nowhere: all is drawn by chance");
  app.add_option("--units", options->units,
                 "with commas: lanes (of the unit alone), axi, wide (units in their systems) "
                 "[default: all]")
      ->delimiter(',')
      ->check(IsMember({"lanes", "axi", "wide"}));
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
      "Runs units of each kind of lane against the golden model until every cover point is hit\n"
      "(docs/coverage.md). Each run draws tables, tensors, pressures and ends by chance, then goes "
      "to one\n"
      "of the open points: its group sets what leads there. All decoders must count the same; "
      "systemc has\n"
      "the lanes alone. Exit code 1: a point is open after all runs, or a difference was found.\n"
      "Example: transom coverage --kinds tans,nrans --seed 7\n"
      "cosim --coverage counts the points of a trace of your own.");
  return [options] { return close(*options); };
}

}  // namespace transom::cli
