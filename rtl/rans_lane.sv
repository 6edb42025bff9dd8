// rans_lane.sv — one rANS lane: 32-bit state, 16-bit words, a symbol per cycle.
//
//   slot = x mod 2^R,  s = table[slot].symbol,  x' = table[slot].freq * floor(x / 2^R) + bias
//   x' < 2^16:  x' = x' * 2^16 + next 16 bits of the symbol stream
//
// J. Duda, arXiv:1311.2540 (rANS) with L = b = 2^16, so that one word is enough (F. Giesen's
// rans_word). bias = slot - cum[s]. The table is a memory with a synchronous read; the shift by R
// goes on beside it. The loop is memory, multiply, add, is-zero, address: one cycle. It could be cut
// by a second stream in turn as in arith_lane; see README.md for its delay.
// SPDX-License-Identifier: Apache-2.0
module rans_lane #(
  parameter int TableLog = codec_pkg::RansLaneTableLog,  // R of the largest table, at most 12
  localparam int StateBits = 32
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // jobs
  input  logic        job_valid_i,
  input  logic [31:0] job_n_values_i,
  input  logic        job_symbol_empty_i,
  input  logic        job_offset_empty_i,
  input  logic [3:0]  job_table_log_i,
  input  logic        job_bank_i,
  output logic        job_ready_o,
  output logic [1:0]  bank_busy_o,
  // table and rows: data belongs to the address of the cycle before; the bank is the highest bit
  output logic [TableLog:0]                                table_addr_o,
  input  logic [codec_pkg::RansEntryBits-1:0]              table_data_i,
  output logic [codec_pkg::SymbolBits:0]     row_addr_o,
  input  logic [codec_pkg::RowBits-1:0]      row_data_i,
  // compressed words
  input  logic        symbol_valid_i,
  input  logic [31:0] symbol_word_i,
  input  logic        symbol_last_i,
  output logic        symbol_ready_o,
  input  logic        offset_valid_i,
  input  logic [31:0] offset_word_i,
  input  logic        offset_last_i,
  output logic        offset_ready_o,
  // values
  output logic        value_valid_o,
  output logic [codec_pkg::ValueBits-1:0] value_o,
  output logic        value_two_o,
  output logic        value_last_o,
  input  logic        value_ready_i,
  // ends
  output logic        done_o,
  output logic [codec_pkg::StatusBits-1:0] status_o,
  // observation
  output logic        busy_o,
  output logic        retire_valid_o,
  output logic [codec_pkg::RetireBits-1:0] retire_o,
  output logic [StateBits-1:0]             retire_state_o,
  output logic [codec_pkg::StallBits-1:0]  stall_o
);
  localparam int LaneLog = codec_pkg::RansLaneTableLog;

  logic [31:0] state_q, state_d, quotient, stepped, final_q, head;
  logic        enter, step, leave, bank, next_bank, refill;
  logic [3:0]  table_log, next_table_log;
  logic [15:0] bits;
  logic [TableLog-1:0] slot;
  codec_pkg::rans_entry_t entry;

  // A head of two words: the first is the state, and the first step may want 16 bits more.
  lane_control #(
    .Values(1), .HeadWords(2)
  ) u_control (
    .clk_i, .rst_ni,
    .job_valid_i, .job_n_values_i, .job_symbol_empty_i, .job_offset_empty_i, .job_table_log_i,
    .job_bank_i, .job_ready_o, .bank_busy_o,
    .turn_i(1'b1), .enter_o(enter), .head_o(head), .next_table_log_o(next_table_log),
    .next_bank_o(next_bank), .enter_take_i(6'd32),
    .step_o(step), .leave_o(leave), .bits_o(bits), .table_log_o(table_log), .bank_o(bank),
    .take_i(refill ? 5'd16 : 5'd0), .symbol_i(entry.symbol), .end_ok_i(final_q == 32'h1_0000),
    .row_addr_o, .row_data_i,
    .symbol_valid_i, .symbol_word_i, .symbol_last_i, .symbol_ready_o,
    .offset_valid_i, .offset_word_i, .offset_last_i, .offset_ready_o,
    .value_valid_o, .value_o, .value_two_o, .value_last_o, .value_ready_i,
    .done_o, .status_o, .busy_o, .retire_valid_o, .retire_o, .stall_o
  );

  assign entry    = table_data_i;
  assign quotient = state_q >> table_log;
  assign stepped  = 32'(entry.freq_minus_1) * quotient + quotient
                  + {{(32 - LaneLog){1'b0}}, entry.bias};
  // A table of one slot never takes bits, whatever the state.
  assign refill  = (stepped[31:16] == '0) & (table_log != '0);
  assign state_d = refill ? {stepped[15:0], bits} : stepped;

  // Not all 32 bits of the next state: the low half of a refilled one is the stream's.
  always_comb begin
    slot = state_q[TableLog-1:0];
    if (enter) slot = head[TableLog-1:0];
    else if (step) slot = refill ? bits[TableLog-1:0] : stepped[TableLog-1:0];
  end
  assign table_addr_o = {enter ? next_bank : bank,
                         slot & ~({TableLog{1'b1}} << (enter ? next_table_log : table_log))};
  assign retire_state_o = state_d;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= '0;
      final_q <= '0;
    end else begin
      if (enter) state_q <= head;
      else if (step) state_q <= state_d;
      if (leave) final_q <= state_d;
    end
  end

`ifdef VERILATOR
  TableFits: assert property (@(posedge clk_i) disable iff (!rst_ni)
    job_valid_i |-> 32'(job_table_log_i) <= TableLog);
  // C(s, x) is undone, so nothing is lost: freq * quotient fits, and so does the bias.
  NoOverflow: assert property (@(posedge clk_i) disable iff (!rst_ni)
    step |-> (64'(entry.freq_minus_1) + 64'd1) * 64'(quotient) + 64'(entry.bias) == 64'(stepped));
  BiasBelowFreq: assert property (@(posedge clk_i) disable iff (!rst_ni)
    step |-> entry.bias <= entry.freq_minus_1);
`endif
endmodule
