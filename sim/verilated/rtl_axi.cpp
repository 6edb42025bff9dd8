// rtl_axi.cpp — rtl/decoder_axi.sv, Verilated, as a run of its bench.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verilated/rtl_axi.hpp"

#include <Vaxi_arith4.h>
#include <Vaxi_arith4___024root.h>
#include <Vaxi_fault.h>
#include <Vaxi_fault___024root.h>
#include <Vaxi_rans4.h>
#include <Vaxi_rans4___024root.h>
#include <Vaxi_tans16.h>
#include <Vaxi_tans16___024root.h>
#include <Vaxi_tans4.h>
#include <Vaxi_tans4___024root.h>
#include <Vaxi_tans_pair4.h>
#include <Vaxi_tans_pair4___024root.h>

#include <iterator>
#include <stdexcept>

#include "transom/system/axi_parameters.hpp"
#include "transom/verilated/rtl_model.hpp"
#include "transom/verilated/rtl_ports.hpp"

namespace transom::verilated {
namespace {

template <class Model>
class RtlAxi {
 public:
  RtlAxi(const system::AxiShape& shape, const RtlAxiOptions& options)
      : shape_(shape), model_("decoder_axi", true, {options.wave}) {}

  system::AxiRun run(system::AxiBench& bench) {
    system::AxiInputs in;
    system::AxiOutputs out;
    out.words.resize(2 * shape_.unit.n_streams());
    out.values.resize(shape_.beat_values());
    out.keep.resize(shape_.beat_values());
    return model_.run(
        bench, in, out, [this](const system::AxiInputs& clock) { drive(clock); },
        [this](system::AxiOutputs& clock) { sample(clock); });
  }

 private:
  void drive(const system::AxiInputs& in) {
    Model& m = model_.ports();
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
    const Model& m = model_.ports();
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
    // Inside: axi_probe.vlt keeps these by their names.
    const auto& r = *m.rootp;
    for (unsigned c = 0; c < system::kAxiCounters; ++c) {
      out.counters[c] = get_field(r.decoder_axi__DOT__counters, c, system::kCounterBits);
    }
    for (unsigned s = 0; s < shape_.unit.n_streams(); ++s) {
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

  system::AxiShape shape_;
  RtlModel<Model> model_;
};

template <class Model>
system::AxiRun run_model(system::AxiBench& bench, const RtlAxiOptions& options) {
  return RtlAxi<Model>(bench.shape(), options).run(bench);
}
using RunModel = system::AxiRun (*)(system::AxiBench&, const RtlAxiOptions&);
/// In the order of kBuiltAxiShapes.
constexpr RunModel kRun[] = {&run_model<Vaxi_tans4>, &run_model<Vaxi_tans16>,
                             &run_model<Vaxi_rans4>, &run_model<Vaxi_arith4>,
                             &run_model<Vaxi_tans_pair4>};
static_assert(std::size(kRun) == std::size(system::kBuiltAxiShapes));

}  // namespace

system::AxiRun run_rtl_axi(system::AxiBench& bench, const RtlAxiOptions& options) {
  const system::AxiShape& shape = bench.shape();
  if (options.fault) return run_model<Vaxi_fault>(bench, options);
  for (std::size_t i = 0; i < std::size(kRun); ++i) {
    if (system::kBuiltAxiShapes[i].unit == shape.unit &&
        system::kBuiltAxiShapes[i].data_bits == shape.data_bits) {
      return kRun[i](bench, options);
    }
  }
  throw std::invalid_argument("decoder_axi is not built with " +
                              std::to_string(shape.unit.n_lanes) + " lanes of kind " +
                              std::to_string(static_cast<unsigned>(shape.unit.kind)));
}

}  // namespace transom::verilated
