// axi_cases.cpp — vectors as cases of the units behind a bus: images, lists, registers.
// SPDX-License-Identifier: Apache-2.0
#include "axi_cases.hpp"

#include <functional>
#include <stdexcept>

#include "transom/container/container.hpp"
#include "transom/cycle/axi_run.hpp"
#include "transom/golden/vectors/plan.hpp"
#include "transom/system/axi_bench.hpp"
#include "transom/wide/image.hpp"
#include "transom/wide/run.hpp"
#include "transom/workbench/system/sim_compare.hpp"

namespace transom::mutate {
namespace {

using system::AxiBench;
using system::AxiFaultRange;
using system::AxiImage;
using system::AxiPressure;
using system::AxiRegister;
using system::AxiRun;
using system::AxiStart;
using system::AxiTensor;

constexpr std::uint64_t kBase = 0x1'2345'6000;  // more than 32 bits
constexpr std::uint32_t kMostValues = 2000;     ///< of a vector in a list

/// What all cases of a unit share.
struct Unit {
  system::AxiShape shape;
  std::function<AxiRun(AxiBench&)> model;
  system::AxiOutputs outputs;  ///< of the right sizes
  AxiImage image;
  std::vector<AxiTensor> golden;

  AxiStart start() const {
    return {.descriptors = image.descriptors,
            .n_descriptors = image.n_descriptors,
            .section_words = image.section_words,
            .tensors = golden};
  }
};

struct Session {
  std::string name;
  std::vector<AxiStart> starts;
  AxiPressure pressure = {};
  std::vector<AxiFaultRange> faults = {};
  /// A word of the image that is another, at its byte.
  std::vector<std::pair<std::size_t, std::uint32_t>> words = {};
};

class AxiCase final : public Case {
 public:
  AxiCase(std::shared_ptr<const Unit> unit, Session session)
      : Case("all, in a list", session.name),
        unit_(std::move(unit)),
        session_(std::move(session)),
        image_(unit_->image) {
    for (const auto& [at, word] : session_.words) {
      for (unsigned byte = 0; byte < 4; ++byte) {
        image_.bytes[at + byte] = static_cast<std::uint8_t>(word >> 8 * byte);
      }
    }
    AxiBench bench = make_bench();
    want_ = unit_->model(bench);
    if (!want_.fault.empty() || want_.n_mismatches != 0) {
      throw std::logic_error(session_.name + ": the cycle model: " + want_.fault +
                             (want_.first ? want_.first->text() : ""));
    }
  }
  std::uint64_t clocks() const override { return want_.cycles; }

  Kill run(Make make) const override {
    const std::unique_ptr<verilated::AxiShapeModel> module(
        static_cast<verilated::AxiShapeModel*>(make({})));
    AxiBench bench = make_bench();
    system::AxiInputs in;
    system::AxiOutputs out = unit_->outputs;
    while (!bench.done()) {
      bench.drive(in);
      module->drive(in, out);
      bench.observe(in, out);
      if (bench.has_mismatch()) break;
      module->edge();
      if (bench.cycle() > most_clocks(want_.cycles)) bench.give_up("not done");
    }
    const AxiRun got = bench.take_run();
    if (got.first) return {"value", got.first->text()};
    if (!got.fault.empty()) return {"time-out", got.fault};
    const std::vector<std::string> all = workbench::differences(want_, got);
    if (all.empty()) return {};
    return {told(got) == told(want_) ? "clocks" : "register", all.front()};
  }

 private:
  AxiBench make_bench() const {
    return AxiBench(image_, session_.starts, unit_->shape, session_.pressure, session_.faults);
  }
  /// Registers but for counters of clocks, beats and stalls.
  static std::vector<std::uint32_t> told(const AxiRun& run) {
    std::vector<std::uint32_t> all;
    for (const AxiRun::Registers& registers : run.registers) {
      for (std::size_t r = 0; r < registers.size(); ++r) {
        const bool counts = 4 * r >= static_cast<std::size_t>(AxiRegister::kCycles) &&
                            4 * r < static_cast<std::size_t>(AxiRegister::kWindowBase);
        const bool values = 4 * r == static_cast<std::size_t>(AxiRegister::kValues);
        if (!counts || values) all.push_back(registers[r]);
      }
    }
    return all;
  }

  std::shared_ptr<const Unit> unit_;
  Session session_;
  AxiImage image_;
  AxiRun want_;
};

/// Pauses of all parties, and of each.
std::vector<std::pair<std::string, AxiPressure>> pressures() {
  return {{"none", {}},
          {"all channels at random",
           {.seed = 1,
            .ar_closed = 50,
            .r_closed = 40,
            .values_closed = 40,
            .lite_closed = 50,
            .latency = 5,
            .more_latency = 30}},
          {"a slow memory", {.seed = 2, .r_closed = 80, .latency = 60, .memory_outstanding = 2}},
          {"a slow consumer", {.seed = 3, .values_closed = 85}}};
}

/// Lists that end early or with errors, each with a good one behind it.
std::vector<Session> hard_sessions(const Unit& unit, std::uint64_t clocks) {
  std::vector<Session> all;
  const AxiStart good = unit.start();
  const std::uint64_t end = unit.image.base + unit.image.bytes.size();
  // What comes of a list that is cut is not compared but for its registers, and its clocks.
  const auto cut = [&](const std::string& name, const std::function<void(Session&)>& change) {
    AxiStart open = good;
    open.tensors = std::nullopt;
    Session session{name, {open, good}, pressures()[1].second, {}, {}};
    change(session);
    all.push_back(std::move(session));
  };
  for (const unsigned part : {1u, 3u, 5u, 7u}) {
    const std::uint64_t after = clocks * part / 8;
    cut("abort", [&](Session& s) { s.starts[0].abort_after = after; });
    cut("reset", [&](Session& s) { s.starts[0].reset_after = after; });
    const std::uint64_t at = unit.image.base + unit.image.bytes.size() * part / 8;
    cut("bus error", [&](Session& s) {
      s.starts.pop_back();
      s.faults = {{at, at + 4}};
    });
    cut("window", [&](Session& s) { s.starts[0].limits.window_limit = at | 63; });
    cut("window", [&](Session& s) { s.starts[0].limits.window_base = at & ~std::uint64_t{63}; });
    cut("values",
        [&](Session& s) { s.starts[0].limits.max_values = unit.image.n_values * part / 8; });
  }
  cut("window", [&](Session& s) {
    s.starts[0].limits = {unit.image.base & ~std::uint64_t{63}, end | 63, ~0u, ~0u};
  });
  cut("descriptors",
      [&](Session& s) { s.starts[0].limits.max_descriptors = good.n_descriptors - 1; });
  cut("no descriptors", [&](Session& s) { s.starts[0].n_descriptors = 0; });
  const std::size_t list = good.descriptors - unit.image.base;
  for (std::size_t word = 0; word < 16; ++word) {
    for (const std::uint32_t flip : {1u, 0x80u, 0x10000u, 0x8000'0000u}) {
      const std::size_t at = list + 4 * word;
      if (at + 4 > unit.image.bytes.size()) continue;
      std::uint32_t is = 0;
      for (unsigned byte = 0; byte < 4; ++byte) {
        is |= std::uint32_t{unit.image.bytes[at + byte]} << 8 * byte;
      }
      cut("descriptor", [&](Session& s) {
        s.starts.pop_back();
        s.words = {{at, is ^ flip}};
        s.starts[0].limits = {unit.image.base & ~std::uint64_t{63}, end | 63,
                              2 * unit.image.n_values, good.n_descriptors};
      });
    }
  }
  return all;
}

Cases cases_of(const std::shared_ptr<const Unit>& unit) {
  Cases cases;
  for (const auto& [name, pressure] : pressures()) {
    cases.push_back(
        std::make_unique<AxiCase>(unit, Session{name, {unit->start(), unit->start()}, pressure}));
  }
  for (Session& session : hard_sessions(*unit, cases[1]->clocks() / 2)) {
    try {
      cases.push_back(std::make_unique<AxiCase>(unit, std::move(session)));
    } catch (const std::logic_error&) {
      continue;  // a forged word that makes a list of another length: nothing to hold it to
    }
  }
  return cases;
}

std::vector<CodedTensor> tensors_for(std::uint32_t seed,
                                     const std::function<bool(const CodedTensor&)>& fits) {
  std::vector<CodedTensor> tensors;
  for (const golden::Subject& subject : golden::subjects()) {
    for (const golden::Plan& plan : subject.plans()) {
      if (plan.n_values > kMostValues) continue;
      for (golden::Vector& v : golden::vectors_of(plan, seed)) {
        if (fits(v.tensor)) tensors.push_back(std::move(v.tensor));
      }
    }
  }
  return tensors;
}

}  // namespace

Cases axi_cases(const system::AxiParameters& parameters, std::uint32_t seed) {
  auto unit = std::make_shared<Unit>();
  unit->shape = parameters.shape;
  unit->model = [parameters](AxiBench& bench) { return cycle::run_axi_model(bench, parameters); };
  unit->outputs.words.resize(2 * parameters.n_streams());
  unit->outputs.values.resize(parameters.shape.beat_values());
  unit->outputs.keep.resize(parameters.shape.beat_values());
  const auto tensors = tensors_for(seed, [&](const CodedTensor& tensor) {
    return system::why_not_in_image(tensor, parameters.shape).empty();
  });
  unit->image = system::make_axi_image(write_container(tensors), tensors, parameters.shape, kBase);
  for (const CodedTensor& tensor : tensors) {
    unit->golden.push_back(system::make_axi_tensor(tensor, parameters.shape));
  }
  return cases_of(unit);
}

Cases wide_cases(const wide::Parameters& parameters, std::uint32_t seed) {
  auto unit = std::make_shared<Unit>();
  unit->shape = parameters.axi.shape;
  unit->model = [parameters](AxiBench& bench) { return wide::run_model(bench, parameters); };
  unit->outputs.values.resize(parameters.n_lanes());
  unit->outputs.keep.resize(parameters.n_lanes());
  unit->outputs.steps.resize(parameters.n_lanes());
  const auto tensors = tensors_for(seed, [&](const CodedTensor& tensor) {
    return tensor.layout().n_values != 0 && wide::why_not_in_image(tensor, parameters).empty();
  });
  unit->image = wide::make_image(write_wide_container(tensors), tensors, parameters, kBase);
  for (const CodedTensor& tensor : tensors) {
    unit->golden.push_back(wide::make_tensor(tensor, parameters));
  }
  return cases_of(unit);
}

}  // namespace transom::mutate
