// arith_lane.sv — one lane of APack's arithmetic coder: two streams in turn, a value per cycle.
//
// The coder's loop (arith_coder.sv) takes two cycles, so the lane holds two streams that step in
// opposite cycles (C-slow): each has its own bits, offsets and jobs, and shares the multipliers.
// SPDX-License-Identifier: Apache-2.0
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
  // cumulative counts of both banks; rows: data belongs to the address of the cycle before
  input  logic [2*codec_pkg::ArithRows*(codec_pkg::ArithTableLog+1)-1:0] cum_i,
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
  localparam int CumsBits   = codec_pkg::ArithRows * (codec_pkg::ArithTableLog + 1);
  localparam int SymbolBits = codec_pkg::SymbolBits;
  localparam int RowBits    = codec_pkg::RowBits;
  localparam int ValueBits  = codec_pkg::ValueBits;
  localparam int StatusBits = codec_pkg::StatusBits;
  localparam int RetireBits = codec_pkg::RetireBits;
  localparam int StallBits  = codec_pkg::StallBits;

  logic [Streams-1:0]    turn, enter, step, leave, bank;
  logic [Streams*16-1:0] head, bits;
  logic [Streams*2-1:0]  bank_busy;
  logic [CumsBits-1:0]   cum;
  logic [4:0]  take;
  logic [3:0]  symbol;
  logic [47:0] state;
  logic        at_end;
  logic [Streams-1:0] at_end_q;

  arith_coder u_coder (
    .clk_i, .rst_ni, .turn_o(turn),
    .enter_i(enter != '0), .head_i(turn[1] ? head[16 +: 16] : head[0 +: 16]),
    .step_i(step != '0), .bits_i(turn[1] ? bits[16 +: 16] : bits[0 +: 16]),
    .take_o(take), .symbol_o(symbol), .state_o(state), .at_end_o(at_end), .cum_i(cum)
  );
  // The stream in stage A is the one whose turn comes next.
  assign cum = (turn[1] ? bank[0] : bank[1]) ? cum_i[CumsBits +: CumsBits] : cum_i[0 +: CumsBits];
  assign bank_busy_o = bank_busy[1:0] | bank_busy[3:2];

  for (genvar s = 0; s < Streams; s++) begin : gen_stream
    logic [31:0] stream_head;
    logic [3:0]  table_log, next_table_log;
    logic        next_bank, two;
    lane_control #(
      .CSlow(Streams)
    ) u_control (
      .clk_i, .rst_ni,
      .job_valid_i(job_valid_i[s]), .job_n_values_i(job_n_values_i[s*32 +: 32]),
      .job_symbol_empty_i(job_symbol_empty_i[s]), .job_offset_empty_i(job_offset_empty_i[s]),
      .job_table_log_i, .job_bank_i, .job_ready_o(job_ready_o[s]),
      .bank_busy_o(bank_busy[s*2 +: 2]),
      .turn_i(turn[s]), .enter_o(enter[s]), .head_o(stream_head),
      .next_table_log_o(next_table_log), .next_bank_o(next_bank), .enter_take_i(6'd16),
      .step_o(step[s]), .leave_o(leave[s]), .bits_o(bits[s*16 +: 16]), .table_log_o(table_log),
      .bank_o(bank[s]), .take_i(take), .symbol_i({4'b0, symbol}), .end_ok_i(at_end_q[s]),
      .row_addr_o(row_addr_o[s*(SymbolBits+1) +: SymbolBits+1]),
      .row_data_i(row_data_i[s*RowBits +: RowBits]),
      .symbol_valid_i(symbol_valid_i[s]), .symbol_word_i(symbol_word_i[s*32 +: 32]),
      .symbol_last_i(symbol_last_i[s]), .symbol_ready_o(symbol_ready_o[s]),
      .offset_valid_i(offset_valid_i[s]), .offset_word_i(offset_word_i[s*32 +: 32]),
      .offset_last_i(offset_last_i[s]), .offset_ready_o(offset_ready_o[s]),
      .value_valid_o(value_valid_o[s]), .value_o(value_o[s*ValueBits +: ValueBits]),
      .value_two_o(two), .value_last_o(value_last_o[s]), .value_ready_i(value_ready_i[s]),
      .done_o(done_o[s]), .status_o(status_o[s*StatusBits +: StatusBits]), .busy_o(busy_o[s]),
      .retire_valid_o(retire_valid_o[s]), .retire_o(retire_o[s*RetireBits +: RetireBits]),
      .stall_o(stall_o[s*StallBits +: StallBits])
    );
    assign value_two_o[s] = two;
    assign head[s*16 +: 16] = stream_head[15:0];
    assign retire_state_o[s*StateBits +: StateBits] = state;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) at_end_q[s] <= 1'b0;
      else if (leave[s]) at_end_q[s] <= at_end;
    end
    // The coder's table has one size, and its bank counts a cycle after entering.
    logic unused;
    assign unused = ^{stream_head[31:16], table_log, next_table_log, next_bank};
  end

`ifdef VERILATOR
  OnlyInTurn: assert property (@(posedge clk_i) disable iff (!rst_ni)
    ((enter | step) & ~turn) == '0);
  TableFits: assert property (@(posedge clk_i) disable iff (!rst_ni)
    job_valid_i != '0 |-> 32'(job_table_log_i) == codec_pkg::ArithTableLog);
`endif
endmodule
