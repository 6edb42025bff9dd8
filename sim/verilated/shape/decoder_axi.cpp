// decoder_axi.cpp — rtl/decoder_axi.sv, Verilated, as a shape.
//
// Beside its ports it shows what axi_bench.hpp sees inside: axi_probe.vlt keeps that by its names.
// SPDX-License-Identifier: Apache-2.0
#include <Vshape___024root.h>

#include <cstdint>

#include "transom/verilated/shape/model.hpp"
#include "transom/verilated/shape/ports.hpp"

namespace transom::verilated {
namespace {

class DecoderAxi final : public AxiShapeModel {
 public:
  explicit DecoderAxi(const ShapeOptions& options) : model_("decoder_axi", options) {}

  void drive(const system::AxiInputs& in, system::AxiOutputs& out) override {
    set_inputs(in);
    model_.low();
    sample(out);
  }
  bool edge() override { return model_.edge(); }
  std::string printed() const override { return rtl_printed(); }

 private:
  void set_inputs(const system::AxiInputs& in) {
    Vshape& m = model_.ports();
    m.rst_ni = !in.reset;
    m.m_axi_arready_i = in.arready;
    m.m_axi_rvalid_i = in.rvalid;
    m.m_axi_rlast_i = in.rlast;
    m.m_axi_rresp_i = in.rresp;
    for (unsigned i = 0; i < in.rdata.size(); ++i) put_word(m.m_axi_rdata_i, i, in.rdata[i]);
    m.m_axis_tready_i = in.tready;
    m.s_axil_awvalid_i = in.lite_awvalid;
    m.s_axil_awaddr_i = in.lite_awaddr;
    m.s_axil_wvalid_i = in.lite_wvalid;
    m.s_axil_wdata_i = in.lite_wdata;
    m.s_axil_wstrb_i = in.lite_wstrb;
    m.s_axil_bready_i = in.lite_bready;
    m.s_axil_arvalid_i = in.lite_arvalid;
    m.s_axil_araddr_i = in.lite_araddr;
    m.s_axil_rready_i = in.lite_rready;
  }

  void sample(system::AxiOutputs& out) const {
    const Vshape& m = model_.ports();
    out.arvalid = m.m_axi_arvalid_o;
    out.araddr = m.m_axi_araddr_o;
    out.arlen = m.m_axi_arlen_o;
    out.rready = m.m_axi_rready_o;
    out.tvalid = m.m_axis_tvalid_o;
    out.tlast = m.m_axis_tlast_o;
    for (unsigned i = 0; out.tvalid && i < out.values.size(); ++i) {
      out.values[i] = static_cast<value_t>(get_field(m.m_axis_tdata_o, i, 16));
      out.keep[i] = static_cast<std::uint8_t>(get_field(m.m_axis_tkeep_o, i, 2));
    }
    out.lite_awready = m.s_axil_awready_o;
    out.lite_wready = m.s_axil_wready_o;
    out.lite_bvalid = m.s_axil_bvalid_o;
    out.lite_bresp = m.s_axil_bresp_o;
    out.lite_arready = m.s_axil_arready_o;
    out.lite_rvalid = m.s_axil_rvalid_o;
    out.lite_rresp = m.s_axil_rresp_o;
    out.lite_rdata = m.s_axil_rdata_o;
    out.irq = m.irq_o;
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
