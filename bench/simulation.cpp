// simulation.cpp — see simulation.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "simulation.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "transom/container/container.hpp"
#include "transom/cycle/run.hpp"
#include "transom/plan/plan.hpp"
#include "transom/system/axi_bench.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/wide/image.hpp"
#include "transom/wide/run.hpp"
#ifdef TRANSOM_HAVE_SYSTEMC
#include "transom/systemc/sc_decoder.hpp"
#endif
#ifdef TRANSOM_HAVE_RTL
#include "transom/verilated/rtl_decoder.hpp"
#include "transom/verilated/rtl_wide.hpp"
#endif

namespace transom {
#ifdef TRANSOM_HAVE_SYSTEMC
using namespace systemc;
#endif
using namespace system;
using namespace unit;
#ifdef TRANSOM_HAVE_RTL
using namespace verilated;
#endif
namespace {

struct Timed {
  double seconds;
  double cycles;
  double values;
};

/// What simulates a unit, and a run of it.
struct Simulator {
  std::string name;
  std::function<Timed()> run;
};

/// A run of a bench, checked. The processor's time: others may be at work beside it.
template <typename Bench, typename RunOf>
Timed timed(Bench&& bench, const RunOf& run_of, double values) {
  const std::clock_t start = std::clock();
  const auto run = run_of(bench);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  if (!run.fault.empty()) throw std::logic_error("bench: " + run.fault);
  return {seconds, static_cast<double>(run.cycles), values};
}

struct UnitJob {
  UnitShape shape;
  std::vector<Job> jobs;
  double values;
};

/// decoder: the cycle model, alone and in SystemC, and the RTL with its assertions off and on.
std::vector<Simulator> unit_simulators(const Tensor& tensor, Coding coding, UnitShape shape) {
  PlanOptions plan;
  plan.coding = coding;
  plan.n_streams = shape.n_streams();
  plan.chunk = values_per_beat(shape.kind);
  const auto unit = std::make_shared<UnitJob>(UnitJob{
      shape, {make_job(encode_best(tensor, plan))}, static_cast<double>(tensor.values.size())});
  std::vector<Simulator> all;
  const auto add = [&](const char* name, auto run_of) {
    all.push_back(
        {name, [=] { return timed(Bench(unit->shape, unit->jobs), run_of, unit->values); }});
  };
  add("cycle", [](Bench& bench) { return cycle::run(bench); });
#ifdef TRANSOM_HAVE_SYSTEMC
  add("systemc", [](Bench& bench) { return run_systemc(bench); });
#endif
#ifdef TRANSOM_HAVE_RTL
  load_rtl(shape);
  add("rtl", [](Bench& bench) { return run_rtl(bench, {.assertions = false}); });
  add("rtl+sva", [](Bench& bench) { return run_rtl(bench); });
#endif
  return all;
}

struct WideJob {
  wide::Parameters unit;
  std::vector<CodedTensor> tensors;
  AxiImage image;
  std::vector<AxiTensor> golden;
};

/// decoder_wide behind an ideal memory: the cycle model, and the RTL as `unit_simulators` has it.
std::vector<Simulator> wide_simulators(const Tensor& tensor, const wide::Parameters& unit) {
  PlanOptions plan;
  plan.coding = Coding::kApackNrans;
  plan.n_streams = unit.n_lanes();
  const auto job = std::make_shared<WideJob>(WideJob{unit, {encode_best(tensor, plan)}, {}, {}});
  job->image = wide::make_image(write_wide_container(job->tensors), job->tensors, unit, 0);
  job->golden.push_back(wide::make_tensor(job->tensors.front(), unit));
  const auto values = static_cast<double>(tensor.values.size());
  std::vector<Simulator> all;
  const auto add = [&](const char* name, auto run_of) {
    all.push_back({name, [=] {
                     return timed(
                         AxiBench(job->image, job->golden, job->unit.axi.shape),
                         [&](AxiBench& bench) { return run_of(bench, job->unit); }, values);
                   }});
  };
  add("cycle", [](AxiBench& bench, const wide::Parameters& u) { return run_model(bench, u); });
#ifdef TRANSOM_HAVE_RTL
  const auto rtl = [](bool assertions) {
    return [assertions](AxiBench& bench, const wide::Parameters& u) {
      return run_rtl_wide(bench, u, {.assertions = assertions});
    };
  };
  AxiBench first(job->image, job->golden, unit.axi.shape);
  run_rtl_wide(first, unit);  // builds it
  add("rtl", rtl(false));
  add("rtl+sva", rtl(true));
#endif
  return all;
}

/// Medians of five runs each, in turn, so that a slower machine is slower for all.
void bench_ratio(benchmark::State& state, const std::vector<Simulator>& all) {
  std::vector<std::vector<double>> seconds(all.size());
  for (auto _ : state) {
    for (int i = 0; i < 5; ++i) {
      for (std::size_t m = 0; m < all.size(); ++m) seconds[m].push_back(all[m].run().seconds);
    }
  }
  const auto median = [](std::vector<double>& times) {
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                     times.end());
    return times[times.size() / 2];
  };
  const double first = median(seconds.front());
  for (std::size_t m = 1; m < all.size(); ++m) {
    state.counters[all[m].name + "/" + all.front().name] = median(seconds[m]) / first;
  }
}

void bench_unit(benchmark::State& state, const Simulator& simulator) {
  double cycles = 0, values = 0;
  for (auto _ : state) {
    const Timed run = simulator.run();
    cycles += run.cycles;
    values += run.values;
  }
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
  state.counters["values/s"] = benchmark::Counter(values, benchmark::Counter::kIsRate);
}

/// NAME/MODEL of each of `models`, and NAME/ratio of all of them.
void register_simulators(const std::string& name, const std::vector<std::string>& models,
                         const std::function<std::vector<Simulator>()>& make) {
  const auto made = std::make_shared<std::vector<Simulator>>();
  const auto all = [=]() -> const std::vector<Simulator>& {  // when they are first wanted
    if (made->empty()) *made = make();
    return *made;
  };
  for (std::size_t m = 0; m < models.size(); ++m) {
    benchmark::RegisterBenchmark((name + models[m]).c_str(), [=](benchmark::State& state) {
      bench_unit(state, all()[m]);
    })->Unit(benchmark::kMillisecond);
  }
  if (models.size() < 2) return;
  benchmark::RegisterBenchmark((name + "ratio").c_str(),
                               [=](benchmark::State& state) { bench_ratio(state, all()); })
      ->Unit(benchmark::kMillisecond)
      ->Iterations(1);
}

}  // namespace

void register_simulation(const Tensor& tensor) {
  std::vector<std::string> of_unit{"cycle"}, of_wide{"cycle"};
#ifdef TRANSOM_HAVE_SYSTEMC
  of_unit.push_back("systemc");
#endif
#ifdef TRANSOM_HAVE_RTL
  for (auto* models : {&of_unit, &of_wide}) models->insert(models->end(), {"rtl", "rtl+sva"});
#endif
  for (const Coding coding : {Coding::kApackTans, Coding::kApackRans, Coding::kApackAc,
                              Coding::kApackTansPair, Coding::kApackNrans}) {
    for (const unsigned n_lanes : {1u, 16u, 64u}) {
      const UnitShape shape{codec(coding).lane, n_lanes};
      register_simulators(
          "unit/" + std::string(lane_kind_name(shape.kind)) + "/L" + std::to_string(n_lanes) + "/",
          of_unit, [=, &tensor] { return unit_simulators(tensor, coding, shape); });
    }
  }
  // As `transom sim --unit wide --lanes 64 --bus-bits 512` has it.
  const wide::Parameters unit{
      .axi = {.shape = {{LaneKind::kNrans, 64, kNransTableLog, kMaxApackRows}, 512},
              .fifo_beats = 128},
      .halves = wide::default_halves(64)};
  register_simulators("wide/L64/", of_wide, [=, &tensor] { return wide_simulators(tensor, unit); });
}

}  // namespace transom
