// nrans.cpp — a table and a step of narrow rANS by themselves, as a shape.
// SPDX-License-Identifier: Apache-2.0
#include "transom/tests/nrans.hpp"

#include <Vshape.h>
#include <verilated.h>

#include "transom/verilated/shape/shape.hpp"

namespace transom::cosim {
namespace {

constexpr unsigned kTableLog = 4;  // of the shape

class Nrans final : public NransShape {
 public:
  Nrans() {
    top_.rst_ni = 0;
    edge();
    top_.rst_ni = 1;
  }
  ~Nrans() override { top_.final(); }

  void load(unsigned R, std::span<const std::uint32_t> counts) override {
    top_.table_log_i = R;
    top_.bank_i = !top_.bank_i;
    top_.write_i = 1;
    for (unsigned group = 0; group < 4; ++group) {
      top_.addr_i = group;
      top_.counts_i = 0;
      for (unsigned w = 0; w < 4; ++w) {
        top_.counts_i |= counts[4 * group + w] << w * (kTableLog + 1);
      }
      edge();
    }
    top_.write_i = 0;
    edge();
    edge();
  }
  Stepped step(std::uint32_t t, std::uint32_t bits) override {
    top_.state_i = t << (kTableLog - top_.table_log_i);
    top_.bits_i = bits;
    top_.eval();
    return {top_.state_o >> (kTableLog - top_.table_log_i), top_.take_o, top_.symbol_o};
  }

 private:
  void edge() {
    top_.clk_i = 0;
    top_.eval();
    top_.clk_i = 1;
    top_.eval();
  }

  VerilatedContext context_;
  Vshape top_{&context_, "nrans"};
};

}  // namespace
}  // namespace transom::cosim

void* make_transom_shape(const transom::verilated::ShapeOptions&) {
  return static_cast<transom::cosim::NransShape*>(new transom::cosim::Nrans());
}
