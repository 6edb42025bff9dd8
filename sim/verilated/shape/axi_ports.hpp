// axi_ports.hpp — the ports of a Verilated unit in its system: bus, stream of values, registers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/verilated/shape/ports.hpp"
#include "transom/verilated/shape/shape.hpp"

namespace transom::verilated {

template <class Model>
void set_axi_inputs(Model& m, const system::AxiInputs& in) {
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

template <class Model>
void sample_axi_outputs(const Model& m, system::AxiOutputs& out) {
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
}

}  // namespace transom::verilated
