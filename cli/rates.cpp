// rates.cpp — transom rates: what every kind of lane sustains on recorded traces, and that its
// models agree in every cycle, with and without back-pressure.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "common.hpp"
#include "transom/golden/trace.hpp"
#include "transom/unit/job.hpp"
#include "transom/workbench/rates.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;
using namespace unit;
using namespace workbench;
namespace {

struct RatesOptions {
  std::vector<std::string> traces;
  std::vector<std::string> codings{"apack-tans", "apack-rans", "apack-ac", "apack-tans-pair"};
  std::vector<unsigned> lanes{1, 4, 16, 64};
  RateOptions rate;
  bool as_json = false;
};

json to_json(const RateLine& line, const std::vector<const Decoder*>& running) {
  json entry{{"coding", line.coding},
             {"trace", line.trace},
             {"lanes", line.lanes},
             {"values", line.values},
             {"values_per_cycle_per_lane", line.rate},
             {"values_per_cycle_per_lane_loads_counted", line.whole_rate()},
             {"mismatches", line.mismatches},
             {"runs_under_pressure", line.runs},
             {"values_under_pressure", line.pressed_values}};
  for (std::size_t i = 0; i < running.size(); ++i) {
    entry["cycles"][std::string(running[i]->name)] = line.cycles[i];
  }
  if (!line.first.empty()) entry["first"] = line.first;
  return entry;
}

int rates(const RatesOptions& options) {
  const auto running = cycle_decoders();
  std::vector<std::string> header{"coding", "trace", "lanes", "values"};
  for (const Decoder* d : running) header.push_back(std::string(d->name) + " cycles");
  for (const char* column : {"values/cycle/lane", "with loads", "runs pressed", "mismatches"}) {
    header.emplace_back(column);
  }
  Table table(header);
  json lines = json::array();
  std::uint64_t mismatches = 0;
  std::string findings;
  Progress progress("rates", options.traces.size() * options.codings.size() * options.lanes.size());
  for (const std::string& path : options.traces) {
    const std::vector<Tensor> trace = load_trace(path);
    for (const std::string& coding : options.codings) {
      for (const unsigned n_lanes : options.lanes) {
        const RateLine line =
            measure_rate(options.rate, running, *find_codec(coding), path, trace, n_lanes);
        std::vector<std::string> row{line.coding, line.trace, std::to_string(n_lanes),
                                     std::to_string(line.values)};
        for (const std::uint64_t cycles : line.cycles) row.push_back(std::to_string(cycles));
        row.insert(row.end(), {fixed(line.rate, 4), fixed(line.whole_rate(), 4),
                               std::to_string(line.runs), std::to_string(line.mismatches)});
        table.add(row);
        lines.push_back(to_json(line, running));
        mismatches += line.mismatches;
        if (!line.first.empty()) {
          findings += line.coding + ", " + line.trace + ", " + std::to_string(n_lanes) +
                      " lanes: " + line.first + '\n';
        }
        progress.step(line.coding + " " + line.trace);
      }
    }
  }
  if (options.as_json) {
    print({{"mismatches", mismatches}, {"lines", std::move(lines)}});
  } else {
    std::cout
        << table.text()
        << "\nvalues/cycle/lane: after the first value of each tensor in each stream, without "
           "pressure;\nwith loads: over all cycles, table loads and unused streams of small "
           "tensors counted\n"
        << findings << mismatches << " mismatches\n";
  }
  return mismatches == 0 ? kFine : kMismatch;
}

}  // namespace

Action add_rates(App& app) {
  auto options = std::make_shared<RatesOptions>();
  std::vector<std::string> names;
  for (const Codec& c : codecs()) {
    if (c.coding != Coding::kRaw) names.emplace_back(c.name);
  }
  app.add_option("TRACE", options->traces, "one or more traces")->required();
  app.add_option("--coding", options->codings, "codings, each of which stands for its kind of lane")
      ->check(IsMember(names))
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--lanes", options->lanes, "lanes of the unit")
      ->check(Range(1u, kMaxDecoderLanes))
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--seeds", options->rate.seeds,
                 "runs with constant, and as many with random back-pressure")
      ->capture_default_str();
  app.add_option("--pressed-values", options->rate.pressed_values,
                 "values of each tensor in these runs, 0 for all")
      ->no_effect_if(
          [options] { return options->rate.seeds == 0 ? "there are no runs (--seeds 0)" : ""; })
      ->capture_default_str();
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Every tensor of a trace is a job, one behind the other, tables double-buffered. Words and\n"
      "tables come as fast as the unit's ports take them: no memory, no bus. `sim` has both.\n"
      "Example: transom rates golden/traces/digits_cnn_int8 --lanes 4,16 --seeds 3");
  return [options] { return rates(*options); };
}

}  // namespace transom::cli
