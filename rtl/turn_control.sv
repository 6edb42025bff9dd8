// turn_control.sv — two streams around one coder that serves them in turn (C-slow).
//
// A coder whose loop takes two cycles works on two streams in opposite ones: each has its own
// lane_control with bits, offsets and jobs; what it says to the coder counts in its turn only.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module turn_control #(
  parameter int StateBits = 32
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
  // coder: the stream whose turn it is
  input  logic [1:0]  turn_i,          // one-hot
  output logic        enter_o,
  output logic [31:0] head_o,
  input  logic [5:0]  enter_take_i,
  output logic        step_o,
  output logic [15:0] bits_o,
  output logic [3:0]  table_log_o,     // of the stream that is entered, or at work
  output logic        bank_o,
  input  logic [codec_pkg::TakeBits-1:0]   take_i,
  input  logic [codec_pkg::SymbolBits-1:0] symbol_i,
  input  logic [StateBits-1:0]         state_i,   // after the step
  input  logic        at_end_i,        // that is the encoder's first
  // coder: the other stream
  output logic        next_bank_o,
  // rows: data belongs to the last address that was read
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
  localparam int Streams    = 2;
  localparam int SymbolBits = codec_pkg::SymbolBits;
  localparam int RowBits    = codec_pkg::RowBits;
  localparam int ValueBits  = codec_pkg::ValueBits;
  localparam int StatusBits = codec_pkg::StatusBits;
  localparam int RetireBits = codec_pkg::RetireBits;
  localparam int StallBits  = codec_pkg::StallBits;

  logic [Streams-1:0]    enter, step, bank, enter_bank;
  logic [Streams*32-1:0] head;
  logic [Streams*16-1:0] bits;
  logic [Streams*4-1:0]  table_log, enter_log;
  logic [Streams*2-1:0]  bank_busy;
  logic                  second;  // whose turn it is

  assign second  = turn_i[1];
  assign enter_o = enter != '0;
  assign step_o  = step != '0;
  assign head_o  = second ? head[32 +: 32] : head[0 +: 32];
  assign bits_o  = second ? bits[16 +: 16] : bits[0 +: 16];
  always_comb begin
    table_log_o = second ? table_log[4 +: 4] : table_log[0 +: 4];
    bank_o      = second ? bank[1] : bank[0];
    if (enter_o) begin
      table_log_o = second ? enter_log[4 +: 4] : enter_log[0 +: 4];
      bank_o      = second ? enter_bank[1] : enter_bank[0];
    end
  end
  assign next_bank_o = second ? bank[0] : bank[1];
  assign bank_busy_o = bank_busy[1:0] | bank_busy[3:2];

  for (genvar s = 0; s < Streams; s++) begin : gen_stream
    lane_control #(
      .CSlow(Streams)
    ) u_control (
      .clk_i, .rst_ni,
      .job_valid_i(job_valid_i[s]), .job_n_values_i(job_n_values_i[s*32 +: 32]),
      .job_symbol_empty_i(job_symbol_empty_i[s]), .job_offset_empty_i(job_offset_empty_i[s]),
      .job_table_log_i, .job_bank_i, .job_ready_o(job_ready_o[s]),
      .bank_busy_o(bank_busy[s*2 +: 2]),
      .turn_i(turn_i[s]), .enter_o(enter[s]), .head_o(head[s*32 +: 32]),
      .next_table_log_o(enter_log[s*4 +: 4]), .next_bank_o(enter_bank[s]), .enter_take_i,
      .step_o(step[s]), .bits_o(bits[s*16 +: 16]),
      .table_log_o(table_log[s*4 +: 4]), .bank_o(bank[s]), .take_i, .symbol_i,
      .end_ok_i(at_end_i), .row_read_o(row_read_o[s]),
      .row_addr_o(row_addr_o[s*(SymbolBits+1) +: SymbolBits+1]),
      .row_data_i(row_data_i[s*RowBits +: RowBits]),
      .symbol_valid_i(symbol_valid_i[s]), .symbol_word_i(symbol_word_i[s*32 +: 32]),
      .symbol_last_i(symbol_last_i[s]), .symbol_ready_o(symbol_ready_o[s]),
      .offset_valid_i(offset_valid_i[s]), .offset_word_i(offset_word_i[s*32 +: 32]),
      .offset_last_i(offset_last_i[s]), .offset_ready_o(offset_ready_o[s]),
      .value_valid_o(value_valid_o[s]), .value_o(value_o[s*ValueBits +: ValueBits]),
      .value_two_o(value_two_o[s]), .value_last_o(value_last_o[s]),
      .value_ready_i(value_ready_i[s]),
      .done_o(done_o[s]), .status_o(status_o[s*StatusBits +: StatusBits]), .busy_o(busy_o[s]),
      .retire_valid_o(retire_valid_o[s]), .retire_o(retire_o[s*RetireBits +: RetireBits]),
      .stall_o(stall_o[s*StallBits +: StallBits])
    );
    assign retire_state_o[s*StateBits +: StateBits] = state_i;
  end

  `TRANSOM_ASSERT(OneTurn, turn_i[0] ^ turn_i[1])
  `TRANSOM_ASSERT(OnlyInTurn, ((enter | step) & ~turn_i) == '0)
endmodule
