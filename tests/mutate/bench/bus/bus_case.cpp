// bus_case.cpp — see bus_case.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "bus_case.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

#include "bus_rules.hpp"
#include "transom/cycle/axi.hpp"
#include "transom/wide/model.hpp"

namespace transom::mutate {
namespace {

using system::AxiInputs;
using system::AxiOutputs;

/// Outputs of a clock.
using Unit = std::function<void(const AxiInputs&, AxiOutputs&)>;

template <class Model, class Parameters>
Unit model_of(const Parameters& parameters) {
  return [model = std::make_shared<Model>(parameters)](const AxiInputs& in, AxiOutputs& out) {
    if (in.reset) model->reset();
    model->outputs(out);
    model->edge(in);
  };
}
Unit model_of(const coverage::CoveredSystem& unit) {
  return unit.is_wide ? model_of<wide::Model>(unit.unit) : model_of<cycle::AxiModel>(unit.unit.axi);
}
/// A netlist as it is chosen.
Unit netlist_of(Make make) {
  using verilated::AxiShapeModel;
  const std::shared_ptr<AxiShapeModel> shape(static_cast<AxiShapeModel*>(make({})));
  return [shape](const AxiInputs& in, AxiOutputs& out) {
    shape->drive(in, out);
    shape->edge();
  };
}

AxiOutputs outputs_of(const system::AxiShape& shape) {
  AxiOutputs out;
  out.values.resize(shape.beat_values());
  out.keep.resize(shape.beat_values());
  return out;
}

/// What nobody may look at.
void add_noise(AxiInputs& in, std::uint64_t clock, unsigned beat_bytes) {
  std::uint64_t drawn = clock << 8;
  const auto draw = [&] { return static_cast<std::uint32_t>(unit::mix(++drawn) >> 32); };
  if (!in.rvalid) {
    in.rdata.resize(beat_bytes / 4);
    for (std::uint32_t& word : in.rdata) word = draw();
    in.rlast = draw() % 2 != 0;
    in.rresp = static_cast<std::uint8_t>(draw() % 4);
  }
  if (!in.lite_awvalid) in.lite_awaddr = static_cast<std::uint8_t>(draw());
  if (!in.lite_arvalid) in.lite_araddr = static_cast<std::uint8_t>(draw());
  if (!in.lite_wvalid) {
    in.lite_wdata = draw();
    in.lite_wstrb = static_cast<std::uint8_t>(draw() % 16);
  }
}

/// Of a clock: its handshakes, and hashes of what goes with them.
struct Seen {
  std::uint32_t handshakes = 0;
  std::uint64_t address = 0;
  std::uint64_t beat = 0;
  std::uint64_t answers = 0;
  bool irq = false;
  bool takes_beat = false;

  const char* other_than(const Seen& model) const {
    if (address != model.address) return "address";
    if (beat != model.beat) return "beat";
    if (answers != model.answers) return "register";
    return irq != model.irq ? "interrupt" : nullptr;
  }
};
std::uint64_t add(std::uint64_t hash, std::uint64_t n) { return unit::mix(hash + n); }
Seen seen(const AxiInputs& in, const AxiOutputs& out) {
  Seen all;
  for (const bool one : {out.arvalid, out.rready, out.tvalid, out.lite_awready, out.lite_wready,
                         out.lite_bvalid, out.lite_arready, out.lite_rvalid}) {
    all.handshakes = all.handshakes << 1 | (one ? 1u : 0u);
  }
  if (out.arvalid) all.address = add(add(1, out.araddr), out.arlen);
  if (out.tvalid) {
    all.beat = add(1, out.tlast);
    for (std::size_t i = 0; i < out.values.size(); ++i) {
      all.beat = add(all.beat, std::uint64_t{out.values[i]} << 2 | out.keep[i]);
    }
  }
  if (out.lite_rvalid) all.answers = add(add(1, out.lite_rdata), out.lite_rresp);
  if (out.lite_bvalid) all.answers = add(all.answers, out.lite_bresp + 5u);
  all.irq = out.irq;
  all.takes_beat = out.tvalid && in.tready;
  return all;
}

class BusCase final : public Case {
 public:
  BusCase(const coverage::CoveredSystem& unit, std::string vector, std::string stalls,
          MakeSurroundings surroundings, Depends depends)
      : Case(std::move(vector), std::move(stalls)),
        unit_(unit),
        surroundings_(std::move(surroundings)),
        depends_(depends) {
    const auto around = surroundings_();
    const Unit model = model_of(unit_);
    BusRules rules(unit_.unit.axi);
    AxiInputs in;
    AxiOutputs out = outputs_of(unit_.unit.axi.shape);
    const char* broken = nullptr;
    while (!around->done() && broken == nullptr) {
      want_.push_back(clock(*around, model, want_.size(), in, out));
      if (want_.back().takes_beat) beats_.push_back(want_.back().beat);
      broken = rules.broken(in, out, around->limits());
      around->observe(in, out);
    }
    told_ = around->told();
    const Kill wrong = around->wrong();
    if (broken != nullptr || !wrong.how.empty()) {
      throw std::logic_error("the model itself, " + this->vector() + ", " + this->stalls() + ": " +
                             (broken != nullptr ? broken : wrong.text));
    }
  }

  std::uint64_t clocks() const override { return want_.size(); }

  Kill run(Make make) const override {
    const auto around = surroundings_();
    const Unit netlist = netlist_of(make);
    BusRules rules(unit_.unit.axi);
    AxiInputs in;
    AxiOutputs out = outputs_of(unit_.unit.axi.shape);
    std::optional<Kill> late;
    std::size_t beat = 0;
    std::uint64_t n = 0;
    for (; !around->done(); ++n) {
      const std::string when = "clock " + std::to_string(n);
      if (n == most_clocks(clocks())) return {"time-out", when};
      const Seen got = clock(*around, netlist, n, in, out);
      if (const char* rule = rules.broken(in, out, around->limits())) {
        return {"rule", when + ": " + rule};
      }
      if (!late && (n == want_.size() || got.handshakes != want_[n].handshakes)) {
        late = Kill{"clocks", when + ": another handshake"};
      } else if (!late) {
        if (const char* what = got.other_than(want_[n])) return {what, when};
      }
      if (got.takes_beat && depends_ == Depends::kNothing &&
          (beat == beats_.size() || got.beat != beats_[beat])) {
        return {"beat", when + ": beat " + std::to_string(beat)};
      }
      beat += got.takes_beat;
      around->observe(in, out);
      if (Kill wrong = around->wrong(); !wrong.how.empty()) return wrong;
    }
    if (!late && n != want_.size()) late = Kill{"clocks", "ends in clock " + std::to_string(n)};
    if (!late) return {};
    if (depends_ == Depends::kNothing && around->told() != told_) {
      return {"register", "one that tells no time, at the end"};
    }
    return *late;
  }

 private:
  Seen clock(Surroundings& around, const Unit& unit, std::uint64_t n, AxiInputs& in,
             AxiOutputs& out) const {
    around.drive(in);
    add_noise(in, n, unit_.unit.axi.beat_bytes());
    unit(in, out);
    return seen(in, out);
  }

  coverage::CoveredSystem unit_;
  MakeSurroundings surroundings_;
  Depends depends_;
  std::vector<Seen> want_;            ///< of each clock, by the model
  std::vector<std::uint64_t> beats_;  ///< that are taken
  std::vector<std::uint32_t> told_;
};

}  // namespace

std::unique_ptr<Case> bus_case(const coverage::CoveredSystem& unit, std::string vector,
                               std::string stalls, MakeSurroundings surroundings, Depends depends) {
  return std::make_unique<BusCase>(unit, std::move(vector), std::move(stalls),
                                   std::move(surroundings), depends);
}

}  // namespace transom::mutate
