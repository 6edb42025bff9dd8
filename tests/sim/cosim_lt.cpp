// cosim_lt.cpp — the loosely timed view of decoder_axi against its cycle model: cycles of whole
// runs within 2 %, everything that is not time equal, whatever the shape, the memory and the
// consumer.
//
// Neither SystemC nor RTL is needed: the cycle model equals the RTL (cosim_axi_model).
// `cosim_lt "[table]"` prints the figures of sim/TLM.md: every recorded trace, a minute or two.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <string>

#include "axi_support.hpp"
#include "random.hpp"
#include "support.hpp"
#include "transom/cycle/axi_run.hpp"
#include "transom/golden/trace.hpp"
#include "transom/lt/axi_platform.hpp"
#include "transom/lt/decoder.hpp"
#include "transom/plan/plan.hpp"

using namespace transom;
using namespace transom::cycle;
using namespace transom::golden;
using namespace transom::axi;
using namespace transom::support;

namespace {

constexpr double kMostPercent = 2;

struct Shape {
  const char* name;
  LaneKind kind;
  unsigned n_lanes;
  unsigned data_bits;
};
constexpr Shape kShapes[] = {
    {"tANS x 1", LaneKind::kTans, 1, 128},           {"tANS x 2", LaneKind::kTans, 2, 128},
    {"tANS x 4", LaneKind::kTans, 4, 128},           {"tANS x 8", LaneKind::kTans, 8, 128},
    {"tANS x 16", LaneKind::kTans, 16, 128},         {"tANS x 32", LaneKind::kTans, 32, 256},
    {"rANS x 4", LaneKind::kRans, 4, 128},           {"rANS x 16", LaneKind::kRans, 16, 256},
    {"arith. x 4", LaneKind::kArith, 4, 128},        {"pairs x 4", LaneKind::kTansPair, 4, 128},
    {"pairs x 16", LaneKind::kTansPair, 16, 256},    {"narrow rANS x 4", LaneKind::kNrans, 4, 128},
    {"narrow rANS x 16", LaneKind::kNrans, 16, 256},
};

struct Surroundings {
  unsigned latency;
  unsigned period;        ///< cycles of a beat of the read bus
  unsigned bursts;        ///< that the memory holds at a time; 0: any number
  unsigned value_period;  ///< cycles of a beat of values

  AxiPressure pressure(const AxiShape& shape) const {
    AxiPressure pressure;
    pressure.latency = latency;
    pressure.memory_rate = shape.beat_bytes() * kTokensPerUnit / period;
    pressure.memory_outstanding = bursts;
    if (value_period > 1) {
      pressure.consumer_rate = shape.beat_values() * kTokensPerUnit / value_period;
    }
    return pressure;
  }
};
struct Setting {
  const char* name;
  Surroundings around;
  unsigned outstanding;  ///< bursts of the unit
};
constexpr unsigned kAny = 0;
constexpr Setting kSettings[] = {
    {"ample, 0", {0, 1, kAny, 1}, 16},       {"ample, 40", {40, 1, kAny, 1}, 16},
    {"ample, 200", {200, 1, kAny, 1}, 16},   {"1 in 2, 0", {0, 2, kAny, 1}, 16},
    {"1 in 2, 40", {40, 2, kAny, 1}, 16},    {"1 in 4, 40", {40, 4, kAny, 1}, 16},
    {"1 in 4, 200", {200, 4, kAny, 1}, 16},  {"2 bursts, 40", {40, 1, kAny, 1}, 2},
    {"4 bursts, 200", {200, 1, kAny, 1}, 4}, {"memory of 2, 40", {40, 1, 2, 1}, 16},
    {"slow consumer", {40, 1, kAny, 2}, 16}, {"and 1 in 4", {40, 4, kAny, 2}, 16},
};

AxiParameters parameters_of(const Shape& shape) {
  AxiParameters parameters;
  parameters.shape.unit = {shape.kind, shape.n_lanes};
  parameters.shape.data_bits = shape.data_bits;
  if (shape.kind != LaneKind::kArith) {
    parameters.shape.unit.table_log = max_lane_table_log(shape.kind);
  }
  return parameters;
}

Coding coding_of(LaneKind kind) {
  switch (kind) {
    case LaneKind::kRans:
      return Coding::kApackRans;
    case LaneKind::kArith:
      return Coding::kApackAc;
    case LaneKind::kTansPair:
      return Coding::kApackTansPair;
    case LaneKind::kNrans:
      return Coding::kApackNrans;
    case LaneKind::kTans:
      break;
  }
  return Coding::kApackTans;
}

Case lay_out(const std::vector<Tensor>& trace, const AxiShape& shape,
             Spread spread = Spread::kTuned) {
  PlanOptions options;
  options.spread = spread;
  options.coding = coding_of(shape.unit.kind);
  options.n_streams = shape.unit.n_streams();
  std::vector<CodedTensor> tensors;
  for (const Tensor& tensor : trace) {
    CodedTensor coded = encode_best(tensor, options);
    if (!why_not_in_image(coded, shape).empty()) {  // raw, where the lanes are no tANS lanes
      coded = encode(tensor, one_row_code(options.coding, tensor.dtype), options.n_streams, 1);
    }
    tensors.push_back(std::move(coded));
  }
  return make_case(shape, std::move(tensors));
}

/// Error of the loosely timed view's cycles in percent; all else is checked to be equal.
double error_of(const Case& c, const AxiParameters& parameters, const Surroundings& around) {
  const AxiPressure pressure = around.pressure(c.shape);
  AxiBench bench(c.image, c.golden, c.shape, pressure);
  const AxiRun exact = run_axi_model(bench, parameters);
  REQUIRE(exact.fault == "");
  CHECK(exact.n_mismatches == 0);

  lt::AxiPlatform platform(c.image, c.shape, pressure);
  AxiRegisters registers;
  registers.descriptors = c.image.descriptors;
  registers.n_descriptors = c.image.n_descriptors;
  const lt::cycle_t cycles = lt::Decoder(parameters, platform).run(registers);
  CHECK_FALSE(registers.errors.any());
  CHECK((platform.values() == values_out(c.golden)));
  CHECK(platform.n_tensors() == exact.layers.size());
  CHECK(registers.counters[kCountValues] == exact.counter(AxiRegister::kValues));
  CHECK(registers.counters[kCountBeats] == exact.counter(AxiRegister::kBeats));
  CHECK(registers.counters[kCountBeatsRead] == exact.counter(AxiRegister::kBeatsRead));
  CHECK(registers.counters[kCountBeatsOut] == exact.counter(AxiRegister::kBeatsOut));
  const auto exact_cycles = static_cast<double>(exact.counter(AxiRegister::kCycles));
  return 100 * (static_cast<double>(cycles) / exact_cycles - 1);
}

/// The errors of every shape in all settings.
void compare(const std::string& name, const std::vector<Tensor>& trace) {
  for (const Shape& shape : kShapes) {
    AxiParameters parameters = parameters_of(shape);
    const Case laid = lay_out(trace, parameters.shape);
    std::cout << "  " << name << ", " << shape.name << ":";
    for (const Setting& setting : kSettings) {
      parameters.outstanding = setting.outstanding;
      INFO(name << ", " << shape.name << ", " << setting.name);
      const double error = error_of(laid, parameters, setting.around);
      std::cout << std::fixed << std::setprecision(2) << std::setw(6) << error << std::flush;
      CHECK(std::abs(error) <= kMostPercent);
    }
    std::cout << "\n";
  }
}

void print_settings() {
  std::cout << "lt: error of the cycles in percent;";
  for (const Setting& setting : kSettings) std::cout << " | " << setting.name;
  std::cout << "\n";
}

}  // namespace

TEST_CASE("lt: cycles of the embedded trace are within 2 % of the cycle model's", "[cosim]") {
  print_settings();
  compare("digits_cnn_int8", embedded_trace());
}

TEST_CASE("lt: and so are those of recorded networks", "[cosim]") {
  const auto traces = shared_folder("traces");
  if (!traces) return;
  print_settings();
  for (const char* name : {"dscnn_kws_int8", "resnet8_cifar10_int8"}) {
    compare(name, read_trace(*traces / name));
  }
}

TEST_CASE("lt: and those of units and surroundings by chance", "[cosim]") {
  constexpr unsigned kUnits = 24;
  const std::vector<Tensor> trace = embedded_trace();
  double most = 0;
  for (std::uint32_t seed = 0; seed < kUnits; ++seed) {
    Random random(seed);
    constexpr unsigned kLanes[] = {1, 3, 4, 12, 16, 48, 64};
    constexpr LaneKind kKinds[] = {LaneKind::kTans, LaneKind::kRans, LaneKind::kArith,
                                   LaneKind::kTansPair, LaneKind::kNrans};
    const Shape shape{"", kKinds[seed % std::size(kKinds)], kLanes[random() % 7],
                      64u << random() % 4};
    AxiParameters parameters = parameters_of(shape);
    parameters.max_burst = std::min(4u << random() % 3, 4096 / parameters.beat_bytes());
    parameters.fifo_beats = parameters.max_burst * (2 << random() % 2);
    parameters.outstanding = 2u << random() % 4;
    parameters.value_beats = 4u << random() % 3;
    const Surroundings around{random() % 200, 1 + random() % 4,
                              random() % 2 == 0 ? kAny : 1 + random() % 12, 1 + random() % 2};
    INFO("seed " << seed << ", kind " << int(shape.kind) << ", " << shape.n_lanes << " lanes");
    const Spread spread = seed % 8 < 4 ? Spread::kStep : Spread::kTuned;  // tables that are built
    const double error = error_of(lay_out(trace, parameters.shape, spread), parameters, around);
    CHECK(std::abs(error) <= kMostPercent);
    most = std::max(most, std::abs(error));
  }
  std::cout << "lt: " << kUnits << " units by chance: " << std::fixed << std::setprecision(2)
            << most << " % at most\n";
}

TEST_CASE("lt: every recorded trace", "[.][table]") {
  const auto traces = shared_folder("traces");
  if (!traces) return;
  print_settings();
  compare("digits_cnn_int8", embedded_trace());
  for (const auto& folder : std::filesystem::directory_iterator(*traces)) {
    if (!std::filesystem::exists(folder.path() / "manifest.json")) continue;
    compare(folder.path().filename().string(), read_trace(folder.path()));
  }
}
