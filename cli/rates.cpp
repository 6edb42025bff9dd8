// rates.cpp — transom rates: what every kind of lane sustains on recorded traces, and that its
// models agree in every cycle, with and without back-pressure.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <future>
#include <iostream>
#include <memory>
#include <utility>

#include "common.hpp"
#include "transom/golden/trace.hpp"
#include "transom/unit/rate.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/verify/lockstep.hpp"
#include "transom/workbench/decoders.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;
using namespace unit;
using namespace verify;
using namespace workbench;
namespace {

struct Options {
  std::vector<std::string> traces;
  std::vector<std::string> codings{"apack-tans", "apack-rans", "apack-ac", "apack-tans-pair"};
  std::vector<unsigned> lanes{1, 4, 16, 64};
  unsigned seeds = 20;
  std::uint32_t pressed_values = 1024;
  bool as_json = false;
};

/// A line of the table.
struct Line {
  std::string coding;
  std::string trace;
  unsigned lanes = 0;
  std::uint64_t values = 0;
  std::vector<std::uint64_t> cycles;  ///< of each decoder, without pressure
  double rate = 0;                    ///< values per cycle and lane, sustained
  std::uint64_t runs = 0;             ///< under pressure
  std::uint64_t pressed_values = 0;
  std::uint64_t mismatches = 0;
  std::string first;  ///< the first of them

  double whole_rate() const {
    return static_cast<double>(values) / static_cast<double>(cycles.front() * lanes);
  }
};

/// The decoders that count cycles and are built.
std::vector<const Decoder*> cycle_decoders() {
  std::vector<const Decoder*> found;
  for (const Decoder& d : decoders()) {
    if (d.run != nullptr && d.why_not().empty()) found.push_back(&d);
  }
  if (found.empty()) throw std::runtime_error("rates: no cycle model is built");
  return found;
}

std::vector<Job> make_jobs(const std::vector<Tensor>& trace, const Codec& c, unsigned n_lanes,
                           const std::string& name) {
  PlanOptions plan;
  plan.coding = c.coding;
  plan.n_streams = n_lanes * streams_per_lane(c.lane);
  plan.chunk = values_per_beat(c.lane);
  std::vector<Job> jobs;
  for (const CodedTensor& coded : encode_for_lanes(trace, plan)) {
    if (const std::string why = why_not_a_job(coded); !why.empty()) {
      throw std::invalid_argument(name + ", tensor '" + coded.name + "': " + why);
    }
    jobs.push_back(make_job(coded));
  }
  return jobs;
}

/// The first values of each tensor.
std::vector<Tensor> shortened(const std::vector<Tensor>& trace, std::uint32_t n_values) {
  std::vector<Tensor> cut;
  for (const Tensor& tensor : trace) {
    const auto n = static_cast<std::uint32_t>(std::min<std::size_t>(
        n_values == 0 ? tensor.values.size() : n_values, tensor.values.size()));
    cut.push_back(
        {tensor.name, tensor.dtype, {n}, {tensor.values.begin(), tensor.values.begin() + n}});
  }
  return cut;
}

/// Runs all decoders; a difference of any sort counts. SystemC wants the main thread.
std::vector<Run> run_all(const std::vector<const Decoder*>& running, const UnitShape& shape,
                         const std::vector<Job>& jobs, const Pressure& pressure, Line& line) {
  const auto run_one = [&](const Decoder* decoder) {
    Lockstep lockstep(jobs);
    Bench bench(shape, jobs, pressure, &lockstep);
    Run run = decoder->run(bench);
    std::string finding;
    if (lockstep.first()) finding = to_text(*lockstep.first());
    if (!run.fault.empty()) finding = run.fault;
    return std::pair(std::move(run),
                     finding.empty() ? finding : std::string(decoder->name) + ": " + finding);
  };
  std::vector<std::future<std::pair<Run, std::string>>> others;
  for (std::size_t i = 1; i < running.size(); ++i) {
    others.push_back(std::async(std::launch::async, run_one, running[i]));
  }
  std::vector<Run> runs;
  const auto add = [&](std::pair<Run, std::string> result) {
    if (result.second.empty() && !runs.empty() && !(result.first == runs.front())) {
      result.second = "differs in time: " + std::to_string(result.first.cycles) + " and " +
                      std::to_string(runs.front().cycles) + " cycles, or events in other cycles";
    }
    if (!result.second.empty() && line.mismatches++ == 0) {
      line.first = "seed " + std::to_string(pressure.seed) + ": " + result.second;
    }
    runs.push_back(std::move(result.first));
  };
  add(run_one(running.front()));
  for (auto& other : others) add(other.get());
  return runs;
}

/// Pressure on one port or all, by turns; every port is open often enough to end soon.
Pressure pressure_of(std::uint64_t seed, Rhythm::Kind kind) {
  const Rhythm rhythm{kind, kind == Rhythm::Kind::kPeriod
                                ? 2 + static_cast<unsigned>(seed % 3)
                                : 10 + static_cast<unsigned>(seed * 7 % 50)};
  const auto on = [&](unsigned port) {
    return seed % 4 == port || seed % 4 == 3 ? rhythm : Rhythm{};
  };
  return {seed, on(0), on(1), on(2)};
}

Line measure(const Options& options, const std::vector<const Decoder*>& running, const Codec& c,
             const std::string& path, const std::vector<Tensor>& trace, unsigned n_lanes) {
  const UnitShape shape{c.lane, n_lanes};
  Line line{.coding = std::string(c.name),
            .trace = std::filesystem::path(path).filename().string(),
            .lanes = n_lanes,
            .cycles = {},
            .first = {}};
  const std::vector<Job> jobs = make_jobs(trace, c, n_lanes, path);
  const std::vector<Run> runs = run_all(running, shape, jobs, {}, line);
  for (const Run& run : runs) line.cycles.push_back(run.cycles);
  line.values = runs.front().n_values();
  line.rate = sustained(shape, runs.front()).rate(shape);
  if (options.seeds == 0) return line;
  const std::vector<Job> pressed =
      make_jobs(shortened(trace, options.pressed_values), c, n_lanes, path);
  for (std::uint64_t seed = 0; seed < options.seeds; ++seed) {
    for (const auto kind : {Rhythm::Kind::kPeriod, Rhythm::Kind::kRandom}) {
      const auto under = run_all(running, shape, pressed, pressure_of(seed, kind), line);
      line.pressed_values += under.front().n_values();
      ++line.runs;
    }
  }
  return line;
}

json to_json(const Line& line, const std::vector<const Decoder*>& running) {
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

int rates(const Options& options) {
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
    const std::vector<Tensor> trace = read_trace(path);
    for (const std::string& coding : options.codings) {
      for (const unsigned n_lanes : options.lanes) {
        const Line line = measure(options, running, *find_codec(coding), path, trace, n_lanes);
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

Action add_rates(CLI::App& app) {
  auto options = std::make_shared<Options>();
  std::vector<std::string> names;
  for (const Codec& c : codecs()) {
    if (c.coding != Coding::kRaw) names.emplace_back(c.name);
  }
  app.add_option("TRACE", options->traces, "one or more traces")->required();
  app.add_option("--coding", options->codings, "codings, each of which stands for its kind of lane")
      ->check(CLI::IsMember(names))
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--lanes", options->lanes, "lanes of the unit")
      ->check(CLI::Range(1u, kMaxDecoderLanes))
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--seeds", options->seeds,
                 "runs with constant, and as many with random back-pressure")
      ->capture_default_str();
  app.add_option("--pressed-values", options->pressed_values,
                 "values of each tensor in these runs, 0 for all")
      ->capture_default_str();
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Every tensor of a trace is a job, one behind the other, tables double-buffered.\n"
      "Example: transom rates golden/traces/digits_cnn_int8 --lanes 4,16 --seeds 3");
  return [options] { return rates(*options); };
}

}  // namespace transom::cli
