// glue.cpp — a unit behind a bus, flat and with its mutants, as a shape: its ports alone.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verilated/shape/axi_ports.hpp"
#include "transom/verilated/shape/model.hpp"

namespace transom::verilated {
namespace {

class BusPorts final : public AxiShapeModel {
 public:
  explicit BusPorts(const ShapeOptions& options) : model_("unit", options) {}

  void drive(const system::AxiInputs& in, system::AxiOutputs& out) override {
    set_axi_inputs(model_.ports(), in);
    model_.low();
    sample_axi_outputs(model_.ports(), out);
  }
  bool edge() override { return model_.edge(); }
  std::string printed() const override { return rtl_printed(); }

 private:
  Model model_;
};

}  // namespace
}  // namespace transom::verilated

void* make_transom_shape(const transom::verilated::ShapeOptions& options) {
  return static_cast<transom::verilated::AxiShapeModel*>(new transom::verilated::BusPorts(options));
}
