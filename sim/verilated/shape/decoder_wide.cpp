// decoder_wide.cpp — a shape of rtl/decoder_wide.sv, Verilated.
// SPDX-License-Identifier: Apache-2.0
#include <Vshape___024root.h>

#include "transom/verilated/shape/axi_ports.hpp"
#include "transom/verilated/shape/model.hpp"

namespace transom::verilated {
namespace {

class DecoderWide final : public AxiShapeModel {
 public:
  explicit DecoderWide(const ShapeOptions& options) : model_("decoder_wide", options) {}

  void drive(const system::AxiInputs& in, system::AxiOutputs& out) override {
    set_axi_inputs(model_.ports(), in);
    model_.low();
    sample_axi_outputs(model_.ports(), out);
    const auto& r = *model_.ports().rootp;
    for (unsigned c = 0; c < system::kAxiCounters; ++c) {
      out.counters[c] = get_field(r.decoder_wide__DOT__counters, c, system::kCounterBits);
    }
    for (unsigned s = 0; s < out.steps.size(); ++s) {
      out.steps[s] = {};
      if (!get_bit(r.decoder_wide__DOT__retire_valid, s)) continue;
      out.steps[s] = system::LaneStep(
          static_cast<std::uint32_t>(get_field(r.decoder_wide__DOT__retire, s, kWideRetireBits)));
    }
  }
  bool edge() override { return model_.edge(); }
  std::string printed() const override { return rtl_printed(); }

 private:
  Model model_;
};

}  // namespace
}  // namespace transom::verilated

void* make_transom_shape(const transom::verilated::ShapeOptions& options) {
  return static_cast<transom::verilated::AxiShapeModel*>(
      new transom::verilated::DecoderWide(options));
}
