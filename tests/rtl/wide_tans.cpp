// wide_tans.cpp — the wide unit's table of tANS and a step by themselves, as a shape.
// SPDX-License-Identifier: Apache-2.0
#include "transom/tests/wide_tans.hpp"

#include <Vshape.h>
#include <verilated.h>

#include "transom/base/spec.hpp"
#include "transom/verilated/shape/shape.hpp"

namespace transom::cosim {
namespace {

class WideTans final : public WideTansShape {
 public:
  WideTans() {
    context_.fatalOnError(false);
    top_.rst_ni = 0;
    edge();
    top_.rst_ni = 1;
  }
  ~WideTans() override { top_.final(); }

  unsigned load(unsigned R, std::span<const std::uint32_t> counts, unsigned held) override {
    top_.table_log_i = R;
    top_.write_i = 1;
    top_.ended_i = 0;
    for (unsigned group = 0; group < 4; ++group) {
      top_.addr_i = group;
      top_.counts_i = 0;
      for (unsigned w = 0; w < 4; ++w) {
        top_.counts_i |= std::uint64_t{counts[4 * group + w]} << w * (kWideTansTableLog + 1);
      }
      edge();
    }
    top_.write_i = 0;
    top_.table_log_i = 0;  // the next header's
    unsigned clocks = 1;
    for (; held > 0; --held, ++clocks) edge();
    top_.ended_i = 1;
    for (top_.eval(); !top_.built_o; ++clocks) edge();
    top_.ended_i = 0;
    edge();
    return clocks + 1;
  }
  unsigned most_take() const override { return top_.most_o; }
  Stepped step(std::uint32_t t, std::uint32_t bits) override {
    top_.state_i = t;
    top_.bits_i = bits;
    top_.eval();
    return {top_.state_o, top_.take_o, top_.symbol_o};
  }
  bool assertion_failed() const override { return context_.gotError(); }

 private:
  void edge() {
    top_.clk_i = 0;
    top_.eval();
    top_.clk_i = 1;
    top_.eval();
  }

  VerilatedContext context_;
  Vshape top_{&context_, "wide_tans"};
};

}  // namespace
}  // namespace transom::cosim

void* make_transom_shape(const transom::verilated::ShapeOptions&) {
  return static_cast<transom::cosim::WideTansShape*>(new transom::cosim::WideTans());
}
