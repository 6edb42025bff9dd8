// rans_lane_properties.sv — every step of both streams of rans_lane, for every table of 16 slots, is model/FORMAT.md's.
//
// The table rests; its words are any that table_check lets in: bias < freq <= 2^R. R is free, up to 4, and
// states are of 32 bits. A model multiplies at once, in the clock of the step, what the lane has in two
// stages and halves.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module rans_lane_properties #(
  localparam int TableLog  = 4,
  localparam int Slots     = 2**TableLog,
  localparam int EntryBits = codec_pkg::RansEntryBits,
  localparam int InBits    = codec_pkg::StreamInBits,
  localparam int OutBits   = codec_pkg::StreamOutBits
) (
  input logic                clk_i,
  input logic                rst_ni,
  input logic [2*InBits-1:0] stream_i,
  input logic [2*codec_pkg::RowBits-1:0] row_i,
  // a table: they rest
  input logic [3:0]          table_log_i,
  input logic [Slots*TableLog-1:0] biases_i,
  input logic [Slots*TableLog-1:0] freqs_i,  // less 1
  input logic [Slots*2-1:0]        symbols_i
);
  logic [2*OutBits-1:0] out;
  logic [2*codec_pkg::ObserveBits-1:0] observe;
  logic [31:0]          state;
  logic                 table_read;
  logic [TableLog:0]    addr;
  logic [1:0]           row_read;
  logic [17:0]          row_addr;
  logic [EntryBits-1:0] entry_q;
  rans_lane #(
    .TableLog(TableLog)
  ) dut (
    .clk_i, .rst_ni, .stream_i, .stream_o(out), .observe_o(observe), .state_o(state), .table_read_o(table_read),
    .table_addr_o(addr), .table_data_i(entry_q), .row_read_o(row_read), .row_addr_o(row_addr), .row_data_i(row_i)
  );

  // The memory: the table stands in both banks, whose number is a bit of the symbol.
  function automatic logic [EntryBits-1:0] entry(input logic bank, input logic [3:0] slot);
    entry = {12'(biases_i[slot*TableLog +: TableLog]), 12'(freqs_i[slot*TableLog +: TableLog]),
             bank, 5'd0, symbols_i[slot*2 +: 2]};
  endfunction
  always_ff @(posedge clk_i) if (table_read) entry_q <= entry(addr[TableLog], addr[3:0]);

  // State and bank of each stream, and a step of the one whose turn it is.
  logic [63:0] x_q;
  logic [1:0]  bank_q;
  logic [1:0]  entered_q, retires;
  logic        turn_q;  // the stream
  logic [31:0] x, y, next;
  logic [3:0]  slot;
  logic        refill;
  codec_pkg::retire_t retire;
  (* hierconn *) logic [57:0] \dut.control ;  // codec_pkg::control_t
  (* hierconn *) logic [13:0] \dut.step ;     // codec_pkg::step_t
  (* hierconn *) logic        \dut.enter ;
  logic [57:0] control;
  logic        at_end;
  logic [31:0] head;
  logic [15:0] bits;
  assign control = \dut.control ;
  assign at_end  = \dut.step [0];
  assign head    = control[57:26];
  assign bits    = control[20:5];
  assign retires = {observe[2*codec_pkg::ObserveBits-1], observe[codec_pkg::ObserveBits-1]};
  assign retire  = observe[(32'(turn_q)*codec_pkg::ObserveBits+codec_pkg::StallBits) +: codec_pkg::RetireBits];
  assign x       = x_q[32*turn_q +: 32];
  assign slot    = x[3:0] & ~(4'hf << table_log_i);
  assign y       = (32'(freqs_i[slot*TableLog +: TableLog]) + 32'd1) * (x >> table_log_i) + 32'(biases_i[slot*TableLog +: TableLog]);
  assign refill  = y < 32'h1_0000 & table_log_i != '0;
  assign next    = refill ? {y[15:0], bits} : y;
  logic [Slots*10+3:0] resting_q;
  always_ff @(posedge clk_i) resting_q <= {table_log_i, biases_i, freqs_i, symbols_i};
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {turn_q, entered_q, bank_q, x_q} <= '0;
    end else begin
      turn_q <= ~turn_q;
      entered_q <= entered_q | ({turn_q, ~turn_q} & {2{\dut.enter }});
      if (\dut.enter ) x_q <= turn_q ? {head, x_q[31:0]} : {x_q[63:32], head};
      else if (retires[turn_q]) x_q <= turn_q ? {next, x_q[31:0]} : {x_q[63:32], next};
      if (\dut.enter ) bank_q <= turn_q ? {control[25], bank_q[0]} : {bank_q[1], control[25]};
    end
  end

  `RESET_ONCE
  always_comb begin
    assume (~begun_q | {table_log_i, biases_i, freqs_i, symbols_i} == resting_q);
    assume (table_log_i <= 4'(TableLog));
    for (int s = 0; s < 2; s++) assume (stream_i[s*InBits+InBits-8 +: 4] == table_log_i);  // of a job
    for (int u = 0; u < Slots; u++) begin
      assume (biases_i[u*TableLog +: TableLog] <= freqs_i[u*TableLog +: TableLog]);
      assume (freqs_i[u*TableLog +: TableLog] >> table_log_i == '0);
    end
    if (rst_ni) begin
      `CHECK(StepsInTurn, ~retires[~turn_q])
      if (retires[turn_q] & entered_q[turn_q]) begin
        `CHECK(YieldsItsSymbol, retire.symbol == {bank_q[turn_q], 5'd0, symbols_i[slot*2 +: 2]})
        `CHECK(TakesItsBits, retire.take == (refill ? 5'd16 : 5'd0))
        `CHECK(GoesToItsState, state == next)
        `CHECK(TellsTheEnd, at_end == (next == 32'h1_0000))
        `REACH(Refills, refill & freqs_i[slot*TableLog +: TableLog] == 4'd6 & turn_q & entered_q[0])
        `REACH(GoesOn, ~refill & x[31:28] == 4'd9 & table_log_i == 4'd3)
      end
    end
  end
`ifndef FORMAL_BLACK_BOX
  // The stream in turn is in stage B, the other in stage A; jobs have the R of the table.
  (* hierconn *) logic        \dut.u_coder.turn_q ;
  (* hierconn *) logic [31:0] \dut.u_coder.state_a_q , \dut.u_coder.quotient_a_q , \dut.u_coder.state_b_q ;
  (* hierconn *) logic [28:0] \dut.u_coder.low_b_q ;
  (* hierconn *) logic [15:0] \dut.u_coder.high_b_q ;
  (* hierconn *) logic [7:0]  \dut.u_coder.symbol_b_q ;
  logic        stage_turn;
  logic [31:0] state_a, quotient_a, state_b, x_a;
  logic [28:0] low_b;
  logic [15:0] high_b;
  logic [7:0]  symbol_b;
  logic [3:0]  slot_a;
  assign stage_turn = \dut.u_coder.turn_q ;
  assign {state_a, quotient_a, state_b} = {\dut.u_coder.state_a_q , \dut.u_coder.quotient_a_q , \dut.u_coder.state_b_q };
  assign {low_b, high_b, symbol_b} = {\dut.u_coder.low_b_q , \dut.u_coder.high_b_q , \dut.u_coder.symbol_b_q };
  assign x_a    = turn_q ? x_q[31:0] : x_q[63:32];
  assign slot_a = x_a[3:0] & ~(4'hf << table_log_i);
  (* hierconn *) logic [3:0] \dut.u_control.gen_stream[0].u_control.job_table_log_q , \dut.u_control.gen_stream[0].u_control.table_log_q ;
  (* hierconn *) logic [3:0] \dut.u_control.gen_stream[1].u_control.job_table_log_q , \dut.u_control.gen_stream[1].u_control.table_log_q ;
  (* hierconn *) logic \dut.u_control.gen_stream[0].u_control.job_q , \dut.u_control.gen_stream[0].u_control.run_q ;
  (* hierconn *) logic \dut.u_control.gen_stream[1].u_control.job_q , \dut.u_control.gen_stream[1].u_control.run_q ;
  (* hierconn *) logic \dut.u_control.gen_stream[0].u_control.bank_q , \dut.u_control.gen_stream[1].u_control.bank_q ;
  logic [1:0] waits, runs, banks;
  logic [7:0] job_logs, logs;
  assign waits    = {\dut.u_control.gen_stream[1].u_control.job_q , \dut.u_control.gen_stream[0].u_control.job_q };
  assign runs     = {\dut.u_control.gen_stream[1].u_control.run_q , \dut.u_control.gen_stream[0].u_control.run_q };
  assign job_logs = {\dut.u_control.gen_stream[1].u_control.job_table_log_q , \dut.u_control.gen_stream[0].u_control.job_table_log_q };
  assign logs     = {\dut.u_control.gen_stream[1].u_control.table_log_q , \dut.u_control.gen_stream[0].u_control.table_log_q };
  assign banks    = {\dut.u_control.gen_stream[1].u_control.bank_q , \dut.u_control.gen_stream[0].u_control.bank_q };
  always_comb begin
    if (rst_ni) begin
      `CHECK(OppositeStages, stage_turn == turn_q)
      `CHECK(StageAHasIts, ~entered_q[~turn_q]
        | (state_a == x_a & quotient_a == x_a >> table_log_i & entry_q == entry(bank_q[~turn_q], slot_a)))
      `CHECK(StageBHasIts, ~entered_q[turn_q] | (state_b == x & symbol_b == {bank_q[turn_q], 5'd0, symbols_i[slot*2 +: 2]}))
      `CHECK(StageBHasItsProduct, ~entered_q[turn_q] | 32'(low_b) + {high_b, 16'd0} == y)
      `CHECK(JobsHaveTheirR, (~waits[0] | job_logs[3:0] == table_log_i) & (~waits[1] | job_logs[7:4] == table_log_i))
      `CHECK(RunsIfEntered, (runs & ~entered_q) == '0)
      `CHECK(HasItsBankAndR, (~entered_q[0] | (banks[0] == bank_q[0] & logs[3:0] == table_log_i))
                           & (~entered_q[1] | (banks[1] == bank_q[1] & logs[7:4] == table_log_i)))
    end
  end
`endif
endmodule
