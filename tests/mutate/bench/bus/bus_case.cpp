// bus_case.cpp — see bus_case.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "bus_case.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

#include "bus_rules.hpp"
#include "one_clock.hpp"
#include "transom/cycle/axi.hpp"
#include "transom/wide/model.hpp"

namespace transom::mutate {
namespace {

using system::AxiInputs;
using system::AxiOutputs;

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
    AxiInputs in = inputs_of(unit_.unit.axi);
    AxiOutputs out = outputs_of(unit_.unit.axi.shape);
    const char* broken = nullptr;
    while (!around->done() && broken == nullptr) {
      want_.push_back(one_clock(*around, model, want_.size(), in, out));
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
    AxiInputs in = inputs_of(unit_.unit.axi);
    AxiOutputs out = outputs_of(unit_.unit.axi.shape);
    std::optional<Kill> late;
    std::size_t beat = 0;
    std::uint64_t n = 0;
    for (; !around->done(); ++n) {
      const std::string when = "clock " + std::to_string(n);
      if (n == most_clocks(clocks())) return {"time-out", when};
      const Seen got = one_clock(*around, netlist, n, in, out);
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
