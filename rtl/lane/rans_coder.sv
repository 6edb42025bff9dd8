// rans_coder.sv — rANS for two streams in turn: 32-bit state, 16-bit words.
//
//   slot = x mod 2^R,  s = table[slot].symbol,  x' = table[slot].freq * floor(x / 2^R) + bias
//   x' < 2^16:  x' = x' * 2^16 + next 16 bits of the symbol stream
//
// J. Duda, arXiv:1311.2540 (rANS) with L = b = 2^16, so that one word is enough (F. Giesen's
// rans_word); bias = slot - cum[s]. Its loop is cut in two: in stage A the table's word, which the
// slot has addressed, is multiplied with the quotient in two parts; stage B adds them, refills,
// addresses the table and shifts for the next quotient. The two streams are always in opposite
// stages (C-slow). Nothing waits inside: a stream that may not step goes round.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module rans_coder #(
  parameter int TableLog = codec_pkg::RansLaneTableLog
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  output logic [1:0]          turn_o,   // one-hot: the stream in stage B
  // the stream in stage B
  input  logic                enter_i,
  input  logic                step_i,
  input  codec_pkg::control_t control_i,
  output codec_pkg::step_t    step_o,
  output logic [31:0]         state_o,  // after the step
  output logic [TableLog:0]   table_addr_o,
  // the stream in stage A
  input  logic [codec_pkg::RansEntryBits-1:0] table_data_i
);
  localparam int Half    = 16;  // of the quotient
  localparam int LowBits = Half + codec_pkg::RansLaneTableLog + 1;

  logic        turn_q, refill;
  logic [3:0]  table_log;
  logic [31:0] state_a_q, quotient_a_q, state_b_q, state_d, stepped;
  logic [LowBits-1:0] low, low_b_q;    // freq * low half + bias
  logic [31-Half:0]   high, high_b_q;  // freq * high half: what lies above 32 bits is zero
  logic [7:0]  symbol_b_q;
  codec_pkg::rans_entry_t entry;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Stage A: freq * q = (freq - 1) * q + q.
  assign entry = table_data_i;
  assign low   = LowBits'(entry.freq_minus_1) * LowBits'(quotient_a_q[Half-1:0])
               + LowBits'(quotient_a_q[Half-1:0]) + LowBits'(entry.bias);
  assign high  = (32-Half)'(entry.freq_minus_1) * quotient_a_q[31:Half] + quotient_a_q[31:Half];

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Stage B. A table of one slot never takes bits, whatever the state.
  assign stepped  = 32'(low_b_q) + {high_b_q, {Half{1'b0}}};
  assign refill   = (stepped[31:16] == '0) & (control_i.table_log != '0);
  assign state_o  = refill ? {stepped[15:0], control_i.bits} : stepped;
  assign step_o.at_end = state_o == 32'h1_0000;  // L
  assign step_o.take   = refill ? 5'd16 : 5'd0;
  assign step_o.symbol = symbol_b_q;
  assign turn_o   = {turn_q, ~turn_q};
  always_comb begin
    state_d = state_b_q;
    if (enter_i) state_d = control_i.head;
    else if (step_i) state_d = state_o;
  end
  assign table_log    = enter_i ? control_i.next_table_log : control_i.table_log;
  assign table_addr_o = {enter_i ? control_i.next_bank : control_i.bank,
                         state_d[TableLog-1:0] & ~({TableLog{1'b1}} << table_log)};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      turn_q       <= 1'b0;
      state_a_q    <= '0;
      quotient_a_q <= '0;
      state_b_q    <= '0;
      low_b_q      <= '0;
      high_b_q     <= '0;
      symbol_b_q   <= '0;
    end else begin
      turn_q       <= ~turn_q;
      state_a_q    <= state_d;
      quotient_a_q <= state_d >> table_log;
      state_b_q    <= state_a_q;
      low_b_q      <= low;
      high_b_q     <= high;
      symbol_b_q   <= entry.symbol;
    end
  end

`ifdef TRANSOM_ASSERTS
  // C(s, x) is undone, so nothing is lost above 32 bits.
  logic [63:0] product_q, bias_q;
  always_ff @(posedge clk_i) begin
    product_q <= (64'(entry.freq_minus_1) + 64'd1) * 64'(quotient_a_q);
    bias_q    <= 64'(entry.bias);
  end
  `TRANSOM_ASSERT(NoOverflow, step_i |-> product_q + bias_q == 64'(stepped))
`endif
endmodule
