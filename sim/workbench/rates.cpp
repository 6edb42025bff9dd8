// rates.cpp — what lanes sustain on a whole trace, and that the models agree in every cycle.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/rates.hpp"

#include <algorithm>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <utility>

#include "transom/base/printable.hpp"
#include "transom/plan/plan.hpp"
#include "transom/unit/rate.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/workbench/inputs.hpp"
#include "transom/workbench/lockstep_run.hpp"

namespace transom::workbench {
namespace {

std::vector<unit::Job> make_jobs(const std::vector<Tensor>& trace, const Codec& c, unsigned n_lanes,
                                 const std::string& name) {
  PlanOptions plan;
  plan.coding = c.coding;
  plan.n_streams = n_lanes * streams_per_lane(c.lane);
  plan.chunk = values_per_beat(c.lane);
  std::vector<unit::Job> jobs;
  for (const CodedTensor& coded : encode_for_lanes(trace, plan)) {
    if (const std::string why = unit::why_not_a_job(coded); !why.empty()) {
      throw std::invalid_argument(name + ", tensor '" + coded.name + "': " + why);
    }
    jobs.push_back(unit::make_job(coded));
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
std::vector<unit::Run> run_all(const std::vector<const Decoder*>& running,
                               const unit::UnitShape& shape, const std::vector<unit::Job>& jobs,
                               const unit::Pressure& pressure, RateLine& line) {
  std::vector<std::future<LockstepRun>> results;
  for (const Decoder* decoder : running) {
    const auto where = decoder->name == "systemc" ? std::launch::deferred : std::launch::async;
    results.push_back(std::async(
        where, [&, decoder] { return run_in_lockstep(*decoder, shape, jobs, jobs, pressure); }));
  }
  std::vector<unit::Run> runs;
  for (std::size_t i = 0; i < results.size(); ++i) {
    LockstepRun result = results[i].get();
    std::string finding = result.finding;
    if (finding.empty() && !runs.empty()) finding = difference_in_time(result.run, runs.front());
    if (!finding.empty() && line.mismatches++ == 0) {
      line.first = "seed " + std::to_string(pressure.seed) + ": " + std::string(running[i]->name) +
                   ": " + finding;
    }
    runs.push_back(std::move(result.run));
  }
  return runs;
}

/// unit::Pressure on one port or all, by turns; every port is open often enough to end soon.
unit::Pressure pressure_of(std::uint64_t seed, unit::Rhythm::Kind kind) {
  const unit::Rhythm rhythm{kind, kind == unit::Rhythm::Kind::kPeriod
                                      ? 2 + static_cast<unsigned>(seed % 3)
                                      : 10 + static_cast<unsigned>(seed * 7 % 50)};
  const auto on = [&](unsigned port) {
    return seed % 4 == port || seed % 4 == 3 ? rhythm : unit::Rhythm{};
  };
  return {seed, on(0), on(1), on(2)};
}

}  // namespace

std::vector<const Decoder*> cycle_decoders() {
  std::vector<const Decoder*> found;
  for (const Decoder& d : decoders()) {
    if (d.run != nullptr && d.why_not().empty()) found.push_back(&d);
  }
  if (found.empty()) throw std::runtime_error("rates: no cycle model is built");
  return found;
}

RateLine measure_rate(const RateOptions& options, const std::vector<const Decoder*>& running,
                      const Codec& c, const std::string& path, const std::vector<Tensor>& trace,
                      unsigned n_lanes) {
  const unit::UnitShape shape{c.lane, n_lanes};
  RateLine line{.coding = std::string(c.name),
                .trace = printable(std::filesystem::path(path).filename().string()),
                .lanes = n_lanes,
                .cycles = {},
                .first = {}};
  const std::vector<unit::Job> jobs = make_jobs(trace, c, n_lanes, path);
  const std::vector<unit::Run> runs = run_all(running, shape, jobs, {}, line);
  for (const unit::Run& run : runs) line.cycles.push_back(run.cycles);
  line.values = runs.front().n_values();
  line.rate = unit::sustained(shape, runs.front()).rate(shape);
  if (options.seeds == 0) return line;
  const std::vector<unit::Job> pressed =
      make_jobs(shortened(trace, options.pressed_values), c, n_lanes, path);
  for (std::uint64_t seed = 0; seed < options.seeds; ++seed) {
    for (const auto kind : {unit::Rhythm::Kind::kPeriod, unit::Rhythm::Kind::kRandom}) {
      const auto under = run_all(running, shape, pressed, pressure_of(seed, kind), line);
      line.pressed_values += under.front().n_values();
      ++line.runs;
    }
  }
  return line;
}

}  // namespace transom::workbench
