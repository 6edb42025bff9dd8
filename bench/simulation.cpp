// simulation.cpp — see simulation.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "simulation.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "transom/plan/plan.hpp"
#include "transom/unit/tensor_job.hpp"
#ifdef TRANSOM_HAVE_SYSTEMC
#include "transom/systemc/sc_decoder.hpp"
#endif
#ifdef TRANSOM_HAVE_RTL
#include "transom/verilated/rtl_decoder.hpp"
#endif

namespace transom {
#ifdef TRANSOM_HAVE_SYSTEMC
using namespace systemc;
#endif
using namespace unit;
#ifdef TRANSOM_HAVE_RTL
using namespace verilated;
#endif
namespace {

struct UnitJob {
  UnitShape shape;
  std::vector<Job> jobs;
};

struct Model {
  const char* name;
  Run (*run)(Bench&);
};

std::vector<Model> models() {
  std::vector<Model> all;
#ifdef TRANSOM_HAVE_SYSTEMC
  all.push_back({"systemc", [](Bench& bench) { return run_systemc(bench); }});
#endif
#ifdef TRANSOM_HAVE_RTL
  all.push_back({"rtl", [](Bench& bench) { return run_rtl(bench, {.assertions = false}); }});
  all.push_back({"rtl+sva", [](Bench& bench) { return run_rtl(bench); }});
#endif
  return all;
}

/// One run, checked; its time in seconds.
double timed(const Model& model, const UnitJob& unit, Run& run) {
  Bench bench(unit.shape, unit.jobs);
  const auto start = std::chrono::steady_clock::now();
  run = model.run(bench);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (!run.fault.empty()) throw std::logic_error("bench: " + run.fault);
  return seconds.count();
}

void bench_unit(benchmark::State& state, const UnitJob& unit, const Model& model) {
  double cycles = 0, values = 0;
  Run run;
  for (auto _ : state) {
    timed(model, unit, run);
    cycles += static_cast<double>(run.cycles);
    values += static_cast<double>(run.n_values());
  }
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
  state.counters["values/s"] = benchmark::Counter(values, benchmark::Counter::kIsRate);
}

/// Medians of five runs each, in turn, so that a slower machine is slower for all.
void bench_ratio(benchmark::State& state, const UnitJob& unit) {
  const std::vector<Model> all = models();
  std::vector<std::vector<double>> seconds(all.size());
  Run run;
  for (auto _ : state) {
    for (int i = 0; i < 5; ++i) {
      for (std::size_t m = 0; m < all.size(); ++m) seconds[m].push_back(timed(all[m], unit, run));
    }
  }
  const auto median = [](std::vector<double>& times) {
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                     times.end());
    return times[times.size() / 2];
  };
  const double first = median(seconds.front());
  for (std::size_t m = 1; m < all.size(); ++m) {
    state.counters[std::string(all[m].name) + "/" + all.front().name] = median(seconds[m]) / first;
  }
}

}  // namespace

void register_simulation(const Tensor& tensor) {
  for (const Coding coding :
       {Coding::kApackTans, Coding::kApackRans, Coding::kApackAc, Coding::kApackTansPair}) {
    for (const unsigned n_lanes : {1u, 64u}) {
      const auto unit = std::make_shared<UnitJob>();
      unit->shape = {codec(coding).lane, n_lanes};
      const std::string name = "unit/" + std::string(lane_kind_name(unit->shape.kind)) + "/L" +
                               std::to_string(n_lanes) + "/";
      const auto with_job = [=, &tensor](auto bench) {
        return [=, &tensor](benchmark::State& state) {
          if (unit->jobs.empty()) {
            PlanOptions plan;
            plan.coding = coding;
            plan.n_streams = unit->shape.n_streams();
            plan.chunk = values_per_beat(unit->shape.kind);
            unit->jobs.push_back(make_job(encode_best(tensor, plan)));
#ifdef TRANSOM_HAVE_RTL
            load_rtl(unit->shape);
#endif
          }
          bench(state, *unit);
        };
      };
      for (const Model& model : models()) {
        benchmark::RegisterBenchmark((name + model.name).c_str(),
                                     with_job([model](benchmark::State& state, const UnitJob& u) {
                                       bench_unit(state, u, model);
                                     }))
            ->Unit(benchmark::kMillisecond);
      }
      if (n_lanes == 64 && models().size() > 1) {
        benchmark::RegisterBenchmark((name + "ratio").c_str(), with_job(bench_ratio))
            ->Unit(benchmark::kMillisecond)
            ->Iterations(1);
      }
    }
  }
}

}  // namespace transom
