// bus_cases.cpp — see bus_cases.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "bus_cases.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "bus_case.hpp"
#include "jumps/jumps.hpp"
#include "lists.hpp"

namespace transom::mutate {
namespace {

using coverage::CoveredSystem;
using coverage::SystemCase;
using system::AxiPressure;
using system::AxiStart;

/// Designs of tests/mutate/designs.py; units that the images are for, with small FIFOs.
const CoveredSystem kDesigns[] = {
    {"decoder_axi_tans_4",
     false,
     {.axi = {.shape = {.unit = {LaneKind::kTans, 4, kMaxTableLog, kMaxAlphabet}},
              .addr_bits = 40,
              .max_burst = 4,
              .outstanding = 4,
              .fifo_beats = 8,
              .value_beats = 4}}},
    {"decoder_wide_nrans_4",
     true,
     {.axi = {.shape = {.unit = {LaneKind::kNrans, 4, 10, kMaxApackRows}, .data_bits = 64},
              .addr_bits = 40,
              .max_burst = 4,
              .outstanding = 4,
              .fifo_beats = 8},
      .halves = 8}},
};

struct Stalls {
  const char* name;
  AxiPressure pressure;
};
constexpr Stalls kStalls[] = {
    {"none", {}},
    {"all channels at random, latency",
     {.seed = 1,
      .ar_closed = 50,
      .r_closed = 40,
      .values_closed = 60,
      .lite_closed = 30,
      .latency = 40,
      .more_latency = 30}},
    {"a slow consumer", {.seed = 2, .values_closed = 85}},
    {"a slow memory", {.seed = 3, .latency = 20, .memory_rate = 3'000, .memory_outstanding = 1}},
    {"few addresses taken", {.seed = 4, .ar_closed = 90}},
};
constexpr unsigned kRandomRuns = 120;
constexpr unsigned kLongRuns = 4;
constexpr unsigned kRandomHosts = 4;
constexpr Coding kCoding = Coding::kApackTans;  ///< of odd lists
constexpr std::uint64_t kHostClocks = 12'000;

std::vector<golden::PlannedVectors> planned_for(LaneKind kind, std::uint32_t seed) {
  std::vector<golden::PlannedVectors> all;
  for (const golden::Subject& subject : golden::subjects()) {
    for (const golden::Plan& plan : subject.plans()) {
      if (codec(plan.coding).lane != kind && plan.coding != Coding::kRaw) continue;
      all.push_back({plan, golden::vectors_of(plan, seed)});
    }
  }
  return all;
}

SystemCase case_of(const workbench::Image& image, const AxiPressure& pressure, unsigned n_starts) {
  SystemCase made{image.memory, {}, {}, {}, pressure};
  AxiStart start = workbench::start_of(image);
  if (image.golden) {
    made.golden = *image.golden;
    start.tensors = made.golden;
  }
  made.starts.assign(n_starts, start);
  return made;
}

class Maker {
 public:
  Maker(const CoveredSystem& unit, std::uint32_t seed) : unit_(unit), seed_(seed) {}

  Cases all() {
    const LaneKind kind = axi().shape.unit.kind;
    const auto planned = planned_for(kind, seed_);
    const std::vector<workbench::Image> images =
        unit_.is_wide ? std::vector{workbench::wide_image(planned, unit_.unit)}
                      : workbench::axi_images(planned, kind);
    // Each image decoded twice; with stalls the shortest, and the first once.
    for (const workbench::Image& image : images) add_image(image, kStalls[0], 2);
    add_image(images.front(), kStalls[1], 1);
    for (std::size_t i = unit_.is_wide ? 2 : 1; i < std::size(kStalls); i += 2) {
      add_image(images.back(), kStalls[i], 2);
    }
    add_lists(images.front());
    add_random();
    for (unsigned host = 0; host < kRandomHosts; ++host) {
      const auto of = std::make_shared<const SystemCase>(
          case_of(images.front(), kStalls[host % 2].pressure, 1));
      cases_.push_back(bus_case(unit_, "any accesses to registers", kStalls[host % 2].name,
                                random_host(axi(), of, host + 1, kHostClocks), Depends::kAll));
      if (host == 0 && !unit_.is_wide) {
        cases_.push_back(bus_case(unit_, "any numbers in registers", kStalls[0].name,
                                  random_host(axi(), of, 1, 5 * kHostClocks, 2), Depends::kAll));
        add_jumps(cases_, axi(), of, kCoding);
      }
    }
    return std::move(cases_);
  }

 private:
  const system::AxiParameters& axi() const { return unit_.unit.axi; }

  void add_image(const workbench::Image& image, const Stalls& stalls, unsigned n_starts) {
    add("axi/" + image.name, stalls.name, case_of(image, stalls.pressure, n_starts),
        Depends::kNothing);
  }
  void add(const std::string& name, const std::string& stalls, SystemCase made, Depends depends) {
    const auto shared = std::make_shared<const SystemCase>(std::move(made));
    cases_.push_back(bus_case(unit_, name, stalls, session(axi(), shared), depends));
  }

  void add_lists(const workbench::Image& image) {
    for (NamedCase& one : unit_.is_wide ? odd_sections(unit_.unit)
                                        : odd_lists(axi().shape, axi().addr_bits, kCoding)) {
      const Depends depends = one.on_clocks ? Depends::kAll : Depends::kNothing;
      add(one.name, "its own", std::move(one.of), depends);
    }
    if (!unit_.is_wide) {
      for (NamedCase& one : late_ends(axi().shape, kCoding)) {
        add(one.name, "its own", std::move(one.of), Depends::kAll);
      }
    }
    for (NamedCase& one : early_ends(case_of(image, {}, 1))) {
      add(one.name, "its own", std::move(one.of), Depends::kAll);
    }
  }

  /// Runs as ./dev coverage draws them: errors of every cause, aborts, resets.
  void add_random() {
    for (unsigned run = 0; run < kRandomRuns; ++run) {
      coverage::Draws draws(unit::mix(std::uint64_t{seed_} << 32 | run));
      coverage::SystemKnobs knobs = coverage::draw_system_knobs(unit_, draws);
      knobs.hazard = coverage::Hazard{run % coverage::kHazards};
      knobs.base = std::uint64_t{run % 3} * 0x55'0000'0000 + knobs.base;
      if (run >= kRandomRuns - kLongRuns) {  // streams that are asked for when the next ones come
        knobs.hazard = coverage::Hazard::kNone;
        knobs.n_tensors = 4;
        knobs.sizes = {{1'500, 3'000}};
        knobs.widths = {12, 16};
        knobs.n_streams = axi().n_streams();
      }
      const bool depends = knobs.hazard != coverage::Hazard::kNone;
      add("random run " + std::to_string(run), "its own", draw_case(knobs, unit_, draws),
          depends ? Depends::kAll : Depends::kNothing);
    }
  }

  const CoveredSystem& unit_;
  std::uint32_t seed_;
  Cases cases_;
};

}  // namespace

Cases bus_cases(std::string_view name, std::uint32_t seed) {
  const auto* design = std::ranges::find(kDesigns, name, &CoveredSystem::name);
  if (design == std::end(kDesigns)) {
    throw std::invalid_argument("no such design: " + std::string(name));
  }
  return Maker(*design, seed).all();
}

}  // namespace transom::mutate
