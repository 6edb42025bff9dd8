// tans_lane.hpp — ports of the tANS lane by itself, Verilated with tables of 16 slots.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "transom/unit/ports.hpp"

namespace transom::cosim {

/// As rtl/lane/tans_lane.sv calls them.
struct TansLanePorts {
  // in
  bool clk_i = false;
  bool rst_ni = false;
  bool job_valid_i = false;
  bool symbol_valid_i = false;
  bool symbol_last_i = false;
  bool offset_valid_i = false;
  bool offset_last_i = false;
  bool value_ready_i = false;
  std::uint8_t job_table_log_i = 0;
  std::uint32_t job_n_values_i = 0;
  std::uint32_t symbol_word_i = 0;
  std::uint32_t offset_word_i = 0;
  std::uint32_t table_data_i = 0;
  std::uint32_t row_data_i = 0;
  // out
  bool job_ready_o = false;
  bool symbol_ready_o = false;
  bool offset_ready_o = false;
  bool retire_valid_o = false;
  bool value_valid_o = false;
  bool done_o = false;
  bool table_read_o = false;
  bool row_read_o = false;
  value_t value_o = 0;
  Status status_o = Status::kOk;
  std::uint32_t table_addr_o = 0;
  std::uint32_t row_addr_o = 0;
  unit::Retire retire_o = {};
};

class TansLaneShape {
 public:
  virtual ~TansLaneShape() = default;
  /// Verilator's eval() of these inputs; sets the outputs.
  virtual void eval(TansLanePorts& ports) = 0;
  virtual bool assertion_failed() const = 0;
};

}  // namespace transom::cosim
