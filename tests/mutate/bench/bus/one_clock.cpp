// one_clock.cpp — see one_clock.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "one_clock.hpp"

namespace transom::mutate {

using system::AxiInputs;
using system::AxiOutputs;

namespace {

/// What nobody may look at.
void add_noise(AxiInputs& in, std::uint64_t clock) {
  std::uint64_t drawn = clock << 8;
  const auto draw = [&] { return static_cast<std::uint32_t>(unit::mix(++drawn) >> 32); };
  if (!in.rvalid) {
    for (std::uint32_t& word : in.rdata) word = draw();
    in.rlast = draw() % 2 != 0;
    in.rresp = static_cast<std::uint8_t>(draw() % 4);
  }
  if (!in.lite_awvalid) in.lite_awaddr = static_cast<std::uint8_t>(draw());
  if (!in.lite_arvalid) in.lite_araddr = static_cast<std::uint8_t>(draw());
  if (!in.lite_wvalid) {
    in.lite_wdata = draw();
    in.lite_wstrb = static_cast<std::uint8_t>(draw() % 16);
  }
}

std::uint64_t add(std::uint64_t hash, std::uint64_t n) { return unit::mix(hash + n); }
Seen seen(const AxiInputs& in, const AxiOutputs& out) {
  Seen all;
  for (const bool one : {out.arvalid, out.rready, out.tvalid, out.lite_awready, out.lite_wready,
                         out.lite_bvalid, out.lite_arready, out.lite_rvalid}) {
    all.handshakes = all.handshakes << 1 | (one ? 1u : 0u);
  }
  if (out.arvalid) all.address = add(add(1, out.araddr), out.arlen);
  if (out.tvalid) {
    all.beat = add(1, out.tlast);
    for (std::size_t i = 0; i < out.values.size(); ++i) {
      all.beat = add(all.beat, std::uint64_t{out.values[i]} << 2 | out.keep[i]);
    }
  }
  if (out.lite_rvalid) all.answers = add(add(1, out.lite_rdata), out.lite_rresp);
  if (out.lite_bvalid) all.answers = add(all.answers, out.lite_bresp + 5u);
  all.irq = out.irq;
  all.takes_beat = out.tvalid && in.tready;
  return all;
}

}  // namespace

Unit netlist_of(Make make) {
  using verilated::AxiShapeModel;
  const std::shared_ptr<AxiShapeModel> shape(static_cast<AxiShapeModel*>(make({})));
  return [shape](const AxiInputs& in, AxiOutputs& out) {
    shape->drive(in, out);
    shape->edge();
  };
}

AxiOutputs outputs_of(const system::AxiShape& shape) {
  AxiOutputs out;
  out.values.resize(shape.beat_values());
  out.keep.resize(shape.beat_values());
  return out;
}

AxiInputs inputs_of(const system::AxiParameters& unit) {
  AxiInputs in;
  in.rdata.resize(unit.beat_bytes() / 4);
  return in;
}

const char* Seen::other_than(const Seen& model) const {
  if (address != model.address) return "address";
  if (beat != model.beat) return "beat";
  if (answers != model.answers) return "register";
  return irq != model.irq ? "interrupt" : nullptr;
}

Seen one_clock(Surroundings& around, const Unit& unit, std::uint64_t n, AxiInputs& in,
               AxiOutputs& out) {
  around.drive(in);
  add_noise(in, n);
  unit(in, out);
  return seen(in, out);
}

}  // namespace transom::mutate
