// tans_build.cpp — what builds tANS tables, by itself, as a shape.
// SPDX-License-Identifier: Apache-2.0
#include "transom/tests/tans_build.hpp"

#include <Vshape.h>
#include <verilated.h>

#include "transom/verilated/shape/shape.hpp"

namespace transom::cosim {
namespace {

class TansBuild final : public TansBuildShape {
 public:
  TansBuild() {
    context_.fatalOnError(false);
    edge();
    top_.rst_ni = 1;
  }
  ~TansBuild() override { top_.final(); }

  std::vector<std::uint32_t> build(unsigned R, unsigned last_row,
                                   std::span<const std::uint32_t> counts) override {
    top_.table_log_i = R;
    top_.last_row_i = last_row;
    top_.counts_valid_i = 1;
    for (unsigned upper = 0; upper < 2; ++upper) {
      top_.counts_upper_i = upper;
      for (unsigned w = 0; w < 4; ++w) top_.counts_i[w] = counts[4 * upper + w];
      edge();
    }
    top_.counts_valid_i = 0;
    edge();
    const unsigned n_groups = R < 2 ? 1 : 1u << (R - 2);
    std::vector<std::uint32_t> table(4 * n_groups);
    for (unsigned group = 0; group <= n_groups; ++group) {
      top_.build_i = group < n_groups;
      top_.group_number_i = group < n_groups ? group : 0;
      edge();
      if (!top_.group_valid_o) continue;
      for (unsigned w = 0; w < 4; ++w) table.at(4 * top_.group_number_o + w) = top_.group_o[w];
    }
    return table;
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
  Vshape top_{&context_, "build"};
};

}  // namespace
}  // namespace transom::cosim

void* make_transom_shape(const transom::verilated::ShapeOptions&) {
  return static_cast<transom::cosim::TansBuildShape*>(new transom::cosim::TansBuild());
}
