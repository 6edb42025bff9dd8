// cosim_axi_rates.cpp — the formulas of rtl/AXI.md, "Rates", and what a tensor makes the unit read,
// against the cycle model.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>

#include "axi_support.hpp"
#include "transom/cycle/axi_run.hpp"
#include "transom/system/axi_rates.hpp"
#include "transom/system/axi_traffic.hpp"

using namespace transom;
using namespace transom::axi;

namespace {

AxiRun run_model(const Case& c, const AxiParameters& unit, const AxiPressure& pressure) {
  AxiBench bench(c.image, c.golden, c.shape, pressure);
  AxiRun run = cycle::run_axi_model(bench, unit);
  REQUIRE(run.fault.empty());
  REQUIRE(run.n_mismatches == 0);
  return run;
}

Case same_tensors(const AxiShape& shape, std::uint32_t n_tensors, std::uint32_t n, unsigned R,
                  Spread spread = Spread::kTuned) {
  PlanOptions options;
  options.table_log = R;
  options.spread = spread;
  options.n_streams = shape.unit.n_streams();
  return make_case(shape, {n_tensors, encode_best(made_up(n, 7, 1), options)});
}

/// Cycles of a tensor behind tensors like it: from last beat to last beat.
double switch_cycles(const AxiRun& run) {
  const auto n = static_cast<double>(run.layers.size() - 2);
  return static_cast<double>(run.layers.back().last_beat_cycle - run.layers[1].last_beat_cycle) / n;
}

}  // namespace

TEST_CASE("axi rates: a switch takes what its loads take, or its values", "[sim]") {
  constexpr std::uint32_t kValues = 1024;
  for (const unsigned n_lanes : {4u, 16u}) {
    for (const unsigned R : {6u, 10u}) {
      const Case c = same_tensors({{LaneKind::kTans, n_lanes, kMaxTableLog}, 128}, 8, kValues, R);
      for (const unsigned latency : {0u, 40u, 100u, 300u}) {
        for (const unsigned fifo_beats : {32u, 128u}) {
          const AxiParameters unit{.shape = c.shape, .fifo_beats = fifo_beats};
          const AxiPressure pressure{.latency = latency};
          const double cycles = switch_cycles(run_model(c, unit, pressure));
          const std::uint64_t loads = load_cycles(unit, pressure, plan_sizes(c.tensors[0]));
          INFO(n_lanes << " lanes, R " << R << ", latency " << latency << ", FIFOs of "
                       << fifo_beats);
          CHECK(cycles ==
                Approx(std::max<double>(static_cast<double>(loads), double{kValues} / n_lanes))
                    .epsilon(0.1));
          if (n_lanes != 16 || R != 10 || latency != 100) continue;
          std::cout << "axi rates: 16 lanes, R = 10, latency 100, FIFOs of " << fifo_beats
                    << " beats: " << cycles << " cycles a switch, by formula " << loads << '\n';
        }
      }
    }
  }
}

TEST_CASE("axi rates: a narrow memory and few bursts on their way slow a table's load", "[sim]") {
  const Case c = same_tensors({{LaneKind::kTans, 4, kMaxTableLog}, 128}, 4, 400, 10);
  const AxiParameters unit{.shape = c.shape};
  for (const AxiPressure& pressure : {AxiPressure{.latency = 50, .memory_rate = 4'000},
                                      AxiPressure{.latency = 100, .memory_outstanding = 1},
                                      AxiPressure{.latency = 80, .more_latency = 40}}) {
    const double cycles = switch_cycles(run_model(c, unit, pressure));
    INFO("rate " << pressure.memory_rate << ", outstanding " << pressure.memory_outstanding);
    CHECK(cycles == Approx(load_cycles(unit, pressure, plan_sizes(c.tensors[0]))).epsilon(0.15));
  }
}

TEST_CASE("axi rates: a table that is built takes its counts, and the cycles of its slots",
          "[sim]") {
  for (const unsigned R : {6u, 10u, 12u}) {
    const Case c =
        same_tensors({{LaneKind::kTans, 16, kMaxTableLog}, 128}, 8, 1024, R, Spread::kStep);
    for (const unsigned latency : {0u, 100u, 300u}) {
      const AxiParameters unit{.shape = c.shape};
      const AxiPressure pressure{.latency = latency};
      const PlanSizes sizes = plan_sizes(c.tensors[0]);
      REQUIRE(load_words(unit, sizes) == unit::kCountWords);
      const std::uint64_t loads = load_cycles(unit, pressure, sizes);
      INFO("R " << R << ", latency " << latency);
      const double cycles = switch_cycles(run_model(c, unit, pressure));
      CHECK(cycles == Approx(std::max<double>(static_cast<double>(loads), 1024 / 16)).epsilon(0.1));
      if (R != 10 || latency != 100) continue;
      std::cout << "axi rates: the same, its table built: " << cycles << " cycles, by formula "
                << loads << '\n';
    }
  }
}

TEST_CASE("axi traffic: what the descriptors tell is what the bus carries", "[sim]") {
  for (AxiShape shape : kTestShapes) {
    for (const unsigned data_bits : {64u, 128u, 256u, 512u}) {
      shape.data_bits = data_bits;
      Random random(data_bits);
      std::vector<CodedTensor> tensors;
      for (const std::uint32_t n : {0u, 1u, 37u, 900u, 5000u}) {
        const std::uint32_t n_streams = 1 + random() % shape.unit.n_streams();
        tensors.push_back(random_tensor(shape, n, n_streams, 1, random));
      }
      const Case c = make_case(shape, std::move(tensors), kBase + 4 * (random() % 200));
      const AxiRun run = run_model(c, {.shape = shape}, {});
      std::uint64_t bytes = 0;
      for (std::uint32_t i = 0; i < c.tensors.size(); ++i) {
        bytes += traffic_of(c.image, i, shape.beat_bytes()).total();
      }
      INFO("kind " << int(shape.unit.kind) << ", bus " << data_bits);
      CHECK(bytes == run.beats_read * shape.beat_bytes());
    }
  }
}
