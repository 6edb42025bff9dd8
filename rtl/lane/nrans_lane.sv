// nrans_lane.sv — one lane of narrow rANS: a step per cycle of one stream, with no table memory.
//
// The loop is nrans_step, from state to state. The table is of the bank that the whole unit is at
// work in: a job of the other bank waits until that has changed, so no lane chooses between two.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module nrans_lane #(
  parameter int TableLog = codec_pkg::NransTableLog,  // R of the largest table, at most 12
  localparam int B         = codec_pkg::NransBlockLog,
  localparam int StateBits = codec_pkg::NransTableLog + B,
  localparam int TableBits = codec_pkg::NransRows * codec_pkg::nrans_symbol_bits(TableLog)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  codec_pkg::stream_in_t  stream_i,
  output codec_pkg::stream_out_t stream_o,
  output codec_pkg::observe_t    observe_o,
  output logic [StateBits-1:0]   state_o,
  input  logic [1:0]             bank_open_i,  // banks whose jobs may be entered, one at most
  input  logic [TableBits-1:0]   table_i,      // of the bank that is open, from nrans_table
  output logic                   row_read_o,
  output logic [codec_pkg::SymbolBits:0]  row_addr_o,
  input  logic [codec_pkg::RowBits-1:0]   row_data_i
);
  logic [TableLog+B-1:0] state_q, state_d, state_init;  // aligned, as nrans_step has it
  logic                  enter, advance;
  logic [3:0]            take, symbol;
  codec_pkg::control_t   control;
  codec_pkg::step_t      step;

  lane_control u_control (
    .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .turn_i(1'b1),
    .may_enter_i(bank_open_i[control.next_bank]),
    .enter_take_i({2'b0, control.next_table_log} + 6'(B)), .enter_o(enter), .step_o(advance),
    .control_o(control), .step_i(step), .row_read_o, .row_addr_o, .row_data_i
  );
  nrans_step #(
    .TableLog(TableLog)
  ) u_step (
    .table_log_i(control.table_log), .state_i(state_q), .bits_i(control.bits[TableLog-1:0]),
    .table_i, .state_o(state_d), .take_o(take), .symbol_o(symbol)
  );

  assign state_init  = control.head[TableLog+B-1:0] << (4'(TableLog) - control.next_table_log);
  assign step.take   = {1'b0, take};
  assign step.symbol = {4'b0, symbol};
  assign step.at_end = state_d == '0;
  assign state_o     = StateBits'(state_d) >> (4'(TableLog) - control.table_log);
  always_ff @(posedge clk_i) begin
    if (enter) state_q <= state_init;
    else if (advance) state_q <= state_d;
  end

  logic unused;  // the table is that of the open bank
  assign unused = control.bank;

  `TRANSOM_ASSERT(TableFits, stream_i.job.valid |-> 32'(stream_i.job.table_log) <= TableLog)
  `TRANSOM_ASSERT(StateIsAligned,
    advance |-> (state_d & ~({TableLog+B{1'b1}} << (4'(TableLog) - control.table_log))) == '0)
`ifdef TRANSOM_ASSERTS
  // The table is of the stream's bank for as long as it steps.
  logic [1:0] open_q;
  always_ff @(posedge clk_i) open_q <= bank_open_i;
  `TRANSOM_ASSERT(StepsInItsBank, advance |-> ~open_q[~control.bank])
`endif
endmodule
