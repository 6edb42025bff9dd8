// jump_case.cpp — see jump_case.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "jump_case.hpp"

#include <stdexcept>
#include <utility>

#include "../one_clock.hpp"

namespace transom::mutate {
namespace {

constexpr std::uint64_t kMostClocks = 100'000;

class JumpCase final : public Case {
 public:
  JumpCase(const system::AxiParameters& unit, std::string vector, MakeSurroundings surroundings,
           Jumps jumps)
      : Case(std::move(vector), "counters jump"),
        unit_(unit),
        surroundings_(std::move(surroundings)),
        jumps_(std::move(jumps)) {}

  std::uint64_t clocks() const override { return want_.size(); }

  void learn(Make make, Jump jump) override {
    jump_ = jump;
    want_.clear();
    each_clock(make, [&](std::uint64_t n, const Seen& seen) {
      if (n == kMostClocks) throw std::logic_error(vector() + ": does not end");
      want_.push_back(seen);
      return true;
    });
  }

  Kill run(Make make) const override {
    Kill kill;
    each_clock(make, [&](std::uint64_t n, const Seen& got) {
      if (n == want_.size() || got.handshakes != want_[n].handshakes) {
        kill = {"clocks", "clock " + std::to_string(n) + ": another handshake"};
      } else if (const char* what = got.other_than(want_[n])) {
        kill = {what, "clock " + std::to_string(n)};
      }
      return kill.how.empty();
    });
    return kill;
  }

 private:
  /// Until its surroundings have done, or `see` says no.
  template <class See>
  void each_clock(Make make, See see) const {
    const auto around = surroundings_();
    const Unit netlist = netlist_of(make);
    system::AxiInputs in = inputs_of(unit_);
    system::AxiOutputs out = outputs_of(unit_.shape);
    for (std::uint64_t n = 0; !around->done(); ++n) {
      const Amounts by = jumps_(n);
      for (unsigned word = 0; word < by.size(); ++word) jump_(word, by[word]);
      if (!see(n, one_clock(*around, netlist, n, in, out))) break;
      around->observe(in, out);
    }
    for (unsigned word = 0; word < Amounts{}.size(); ++word) jump_(word, 0);
  }

  system::AxiParameters unit_;
  MakeSurroundings surroundings_;
  Jumps jumps_;
  Jump jump_ = nullptr;
  std::vector<Seen> want_;  ///< of each clock, by the netlist as it was
};

}  // namespace

std::unique_ptr<Case> jump_case(const system::AxiParameters& unit, std::string vector,
                                MakeSurroundings surroundings, Jumps jumps) {
  return std::make_unique<JumpCase>(unit, std::move(vector), std::move(surroundings),
                                    std::move(jumps));
}

}  // namespace transom::mutate
