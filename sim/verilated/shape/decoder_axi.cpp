// decoder_axi.cpp — rtl/decoder_axi.sv, Verilated, as a shape.
//
// Beside its ports it shows what axi_bench.hpp sees inside: axi_probe.vlt keeps that by its names.
// SPDX-License-Identifier: Apache-2.0
#include <Vshape___024root.h>

#include <cstdint>

#include "transom/verilated/shape/axi_ports.hpp"
#include "transom/verilated/shape/model.hpp"
#include "transom/verilated/shape/ports.hpp"

namespace transom::verilated {
namespace {

class DecoderAxi final : public AxiShapeModel {
 public:
  explicit DecoderAxi(const ShapeOptions& options) : model_("decoder_axi", options) {}

  void drive(const system::AxiInputs& in, system::AxiOutputs& out) override {
    set_axi_inputs(model_.ports(), in);
    model_.low();
    sample(out);
  }
  bool edge() override { return model_.edge(); }
  std::string printed() const override { return rtl_printed(); }

 private:
  void sample(system::AxiOutputs& out) const {
    const Vshape& m = model_.ports();
    sample_axi_outputs(m, out);
    const auto& r = *m.rootp;
    for (unsigned c = 0; c < system::kAxiCounters; ++c) {
      out.counters[c] = get_field(r.decoder_axi__DOT__counters, c, system::kCounterBits);
    }
    for (unsigned s = 0; 2 * s < out.words.size(); ++s) {
      system::TakenWord& symbol = out.words[2 * s];
      system::TakenWord& offset = out.words[2 * s + 1];
      symbol.valid = get_bit(r.decoder_axi__DOT__symbol_valid, s) &&
                     get_bit(r.decoder_axi__DOT__symbol_ready, s);
      offset.valid = get_bit(r.decoder_axi__DOT__offset_valid, s) &&
                     get_bit(r.decoder_axi__DOT__offset_ready, s);
      if (symbol.valid) {
        symbol.word = static_cast<std::uint32_t>(get_field(r.decoder_axi__DOT__symbol_word, s, 32));
        symbol.last = get_bit(r.decoder_axi__DOT__symbol_last, s);
      }
      if (offset.valid) {
        offset.word = static_cast<std::uint32_t>(get_field(r.decoder_axi__DOT__offset_word, s, 32));
        offset.last = get_bit(r.decoder_axi__DOT__offset_last, s);
      }
    }
  }

  Model model_;
};

}  // namespace
}  // namespace transom::verilated

void* make_transom_shape(const transom::verilated::ShapeOptions& options) {
  return static_cast<transom::verilated::AxiShapeModel*>(
      new transom::verilated::DecoderAxi(options));
}
