// tans_lane.cpp — the tANS lane by itself, as a shape: tests/sim/cosim_tiny.cpp sets its clock too.
// SPDX-License-Identifier: Apache-2.0
#include "transom/tests/tans_lane.hpp"

#include <Vshape.h>
#include <verilated.h>

#include "transom/verilated/shape/fields.hpp"
#include "transom/verilated/shape/shape.hpp"

namespace transom::cosim {
namespace {

class TansLane final : public TansLaneShape {
 public:
  TansLane() { context_.fatalOnError(false); }
  ~TansLane() override { lane_.final(); }

  void eval(TansLanePorts& ports) override {
    lane_.clk_i = ports.clk_i;
    lane_.rst_ni = ports.rst_ni;
    lane_.job_valid_i = ports.job_valid_i;
    lane_.symbol_valid_i = ports.symbol_valid_i;
    lane_.symbol_last_i = ports.symbol_last_i;
    lane_.offset_valid_i = ports.offset_valid_i;
    lane_.offset_last_i = ports.offset_last_i;
    lane_.value_ready_i = ports.value_ready_i;
    lane_.job_table_log_i = ports.job_table_log_i;
    lane_.job_n_values_i = ports.job_n_values_i;
    lane_.symbol_word_i = ports.symbol_word_i;
    lane_.offset_word_i = ports.offset_word_i;
    lane_.table_data_i = ports.table_data_i;
    lane_.row_data_i = ports.row_data_i;
    lane_.eval();
    ports.job_ready_o = lane_.job_ready_o;
    ports.symbol_ready_o = lane_.symbol_ready_o;
    ports.offset_ready_o = lane_.offset_ready_o;
    ports.retire_valid_o = lane_.retire_valid_o;
    ports.value_valid_o = lane_.value_valid_o;
    ports.done_o = lane_.done_o;
    ports.table_read_o = lane_.table_read_o;
    ports.row_read_o = lane_.row_read_o;
    ports.value_o = static_cast<value_t>(lane_.value_o);
    ports.status_o = static_cast<Status>(lane_.status_o);
    ports.table_addr_o = lane_.table_addr_o;
    ports.row_addr_o = lane_.row_addr_o;
    ports.retire_o = verilated::to_retire(lane_.retire_o, lane_.retire_state_o);
  }
  bool assertion_failed() const override { return context_.gotError(); }

 private:
  VerilatedContext context_;
  Vshape lane_{&context_, "lane"};
};

}  // namespace
}  // namespace transom::cosim

void* make_transom_shape(const transom::verilated::ShapeOptions&) {
  return static_cast<transom::cosim::TansLaneShape*>(new transom::cosim::TansLane());
}
