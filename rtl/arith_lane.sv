// arith_lane.sv — one lane of APack's arithmetic coder: two streams in turn, a value per cycle.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module arith_lane #(
  localparam int StateBits = 48
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // jobs
  input  logic [1:0]  job_valid_i,
  input  logic [63:0] job_n_values_i,
  input  logic [1:0]  job_symbol_empty_i,
  input  logic [1:0]  job_offset_empty_i,
  input  logic [3:0]  job_table_log_i,
  input  logic        job_bank_i,
  output logic [1:0]  job_ready_o,
  output logic [1:0]  bank_busy_o,
  // cumulative counts of both banks; rows: data belongs to the last address that was read
  input  logic [2*codec_pkg::ArithRows*(codec_pkg::ArithTableLog+1)-1:0] cum_i,
  output logic [1:0]  row_read_o,
  output logic [2*(codec_pkg::SymbolBits+1)-1:0] row_addr_o,
  input  logic [2*codec_pkg::RowBits-1:0] row_data_i,
  // compressed words
  input  logic [1:0]  symbol_valid_i,
  input  logic [63:0] symbol_word_i,
  input  logic [1:0]  symbol_last_i,
  output logic [1:0]  symbol_ready_o,
  input  logic [1:0]  offset_valid_i,
  input  logic [63:0] offset_word_i,
  input  logic [1:0]  offset_last_i,
  output logic [1:0]  offset_ready_o,
  // values
  output logic [1:0]  value_valid_o,
  output logic [2*codec_pkg::ValueBits-1:0] value_o,
  output logic [1:0]  value_two_o,
  output logic [1:0]  value_last_o,
  input  logic [1:0]  value_ready_i,
  // ends
  output logic [1:0]  done_o,
  output logic [2*codec_pkg::StatusBits-1:0] status_o,
  // observation
  output logic [1:0]  busy_o,
  output logic [1:0]  retire_valid_o,
  output logic [2*codec_pkg::RetireBits-1:0] retire_o,
  output logic [2*StateBits-1:0] retire_state_o,
  output logic [2*codec_pkg::StallBits-1:0] stall_o
);
  localparam int CumsBits = codec_pkg::ArithRows * (codec_pkg::ArithTableLog + 1);

  logic [1:0]  turn;
  logic        enter, step, next_bank, at_end;
  logic [31:0] head;
  logic [15:0] bits;
  logic [4:0]  take;
  logic [3:0]  symbol;
  logic [StateBits-1:0] state;

  turn_control #(
    .StateBits(StateBits)
  ) u_control (
    .turn_i(turn), .enter_o(enter), .head_o(head), .enter_take_i(6'd16), .step_o(step),
    .bits_o(bits), .table_log_o(), .bank_o(), .take_i(take), .symbol_i({4'b0, symbol}),
    .state_i(state), .at_end_i(at_end), .next_bank_o(next_bank),
    .clk_i, .rst_ni, .job_valid_i, .job_n_values_i, .job_symbol_empty_i, .job_offset_empty_i,
    .job_table_log_i, .job_bank_i, .job_ready_o, .bank_busy_o, .row_read_o, .row_addr_o, .row_data_i,
    .symbol_valid_i, .symbol_word_i, .symbol_last_i, .symbol_ready_o, .offset_valid_i,
    .offset_word_i, .offset_last_i, .offset_ready_o, .value_valid_o, .value_o, .value_two_o,
    .value_last_o, .value_ready_i, .done_o, .status_o, .busy_o, .retire_valid_o, .retire_o,
    .retire_state_o, .stall_o
  );
  // The stream that is not in turn is in stage A.
  arith_coder u_coder (
    .clk_i, .rst_ni, .turn_o(turn), .enter_i(enter), .head_i(head[15:0]), .step_i(step),
    .bits_i(bits), .take_o(take), .symbol_o(symbol), .state_o(state), .at_end_o(at_end),
    .cum_i(next_bank ? cum_i[CumsBits +: CumsBits] : cum_i[0 +: CumsBits])
  );

  `TRANSOM_ASSERT(TableFits, job_valid_i != '0 |-> 32'(job_table_log_i) == codec_pkg::ArithTableLog)
endmodule
