// nrans_lane_properties.sv — every step of nrans_lane, for every table of 16 symbols, is model/FORMAT.md's.
//
// R and counts are free and rest; the constants that the lane is shown are nrans_constants'. A step finds
// the symbol whose slots hold the state's, multiplies, and looks for its k by trying all of them. The
// state is kept without its leading one, as it retires: what is aligned to the largest R is the lane's.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module nrans_lane_properties #(
  parameter int TableLog = 4,
  localparam int Rows      = codec_pkg::NransRows,
  localparam int CumBits   = TableLog + 1,
  localparam int StateBits = TableLog + 2,
  localparam int BaseBits  = TableLog + 3,
  localparam int TableBits = Rows * codec_pkg::nrans_symbol_bits(TableLog)
) (
  input logic         clk_i,
  input logic         rst_ni,
  input codec_pkg::stream_in_t stream_i,
  input logic [1:0]   bank_open_i,
  input logic [codec_pkg::RowBits-1:0] row_i,
  // a table: they rest
  input logic [3:0]   table_log_i,
  input logic [Rows*CumBits-1:0] counts_i
);
  codec_pkg::stream_out_t out;
  codec_pkg::observe_t    observe;
  codec_pkg::retire_t     retire;
  logic [codec_pkg::NransTableLog+1:0] state;
  logic                 row_read;
  logic [8:0]           row_addr;
  logic [TableBits-1:0] table_shown;
  nrans_lane #(
    .TableLog(TableLog)
  ) dut (
    .clk_i, .rst_ni, .stream_i, .stream_o(out), .observe_o(observe), .state_o(state), .bank_open_i,
    .table_i(table_shown), .row_read_o(row_read), .row_addr_o(row_addr), .row_data_i(row_i)
  );
  assign retire = observe.retire;

  // cum of each symbol, then a column of all symbols for each bit of the rest.
  logic [(Rows+1)*CumBits-1:0] cums;
  logic [3:0]                  up;  // to the largest R
  assign up   = 4'(TableLog) - table_log_i;
  assign cums = {CumBits'(1) << table_log_i, counts_i};
  localparam int BaseAt  = Rows * CumBits;
  localparam int LimitAt = BaseAt + Rows * 4 * BaseBits;
  localparam int MostAt  = LimitAt + Rows * StateBits;
  for (genvar s = 0; s < Rows; s++) begin : gen_symbol
    logic [CumBits-1:0]    cum;
    logic [4*BaseBits-1:0] bases;
    logic [StateBits-1:0]  limit;
    logic [3:0]            most;
    assign cum = cums[s*CumBits +: CumBits] << up;
    nrans_constants #(
      .TableLog(TableLog)
    ) constants (
      .cum_i(cum), .end_i(CumBits'(cums[(s+1)*CumBits +: CumBits] << up)), .bases_o(bases), .limit_o(limit),
      .most_o(most)
    );
    assign table_shown[s*CumBits +: CumBits] = cum;
    for (genvar i = 0; i < 4 * BaseBits; i++) assign table_shown[BaseAt+i*Rows+s] = bases[i];
    for (genvar i = 0; i < StateBits; i++) assign table_shown[LimitAt+i*Rows+s] = limit[i];
    for (genvar i = 0; i < 4; i++) assign table_shown[MostAt+i*Rows+s] = most[i];
  end

  // A step from state t.
  logic [StateBits-1:0] t_q;
  logic [CumBits-1:0]   slot, cum, freq;
  logic [2:0]           block;
  logic [3:0]           symbol, k;
  logic [StateBits:0]   y, first, next;  // first: 4 L
  logic [TableLog-1:0]  bits;
  (* hierconn *) logic [57:0] \dut.control ;  // codec_pkg::control_t
  (* hierconn *) logic        \dut.enter ;
  logic [57:0] control;
  logic [31:0] head;
  assign control = \dut.control ;
  assign head    = control[57:26];
  assign bits    = control[5 +: TableLog];
  assign slot    = CumBits'(t_q) & ((CumBits'(1) << table_log_i) - 1'b1);
  assign block   = 3'(t_q >> table_log_i) + 3'd4;
  assign first   = (StateBits+1)'(4) << table_log_i;
  always_comb begin
    symbol = '0;
    cum    = '0;
    freq   = '0;
    for (int s = 0; s < Rows; s++) begin
      if (cums[s*CumBits +: CumBits] <= slot & slot < cums[(s+1)*CumBits +: CumBits]) begin
        symbol = 4'(s);
        cum    = cums[s*CumBits +: CumBits];
        freq   = cums[(s+1)*CumBits +: CumBits] - cums[s*CumBits +: CumBits];
      end
    end
    y = (StateBits+1)'(freq) * (StateBits+1)'(block) + (StateBits+1)'(slot - cum);
    k = '0;
    for (int n = 0; n <= TableLog; n++) begin
      if (32'(y) << n >= 32'(first) & 32'(y) << n < 32'(first) << 1) k = 4'(n);
    end
    next = (y << k) + ((StateBits+1)'(bits) & ((StateBits+1)'(1) << k) - 1'b1) - first;
  end
  logic       entered_q;
  logic [Rows*CumBits+3:0] resting_q;
  always_ff @(posedge clk_i) resting_q <= {table_log_i, counts_i};
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {entered_q, t_q} <= '0;
    end else begin
      entered_q <= entered_q | \dut.enter ;
      if (\dut.enter ) t_q <= head[StateBits-1:0] & (StateBits'(first) - 1'b1);
      else if (observe.retire_valid) t_q <= next[StateBits-1:0];
    end
  end

  `RESET_ONCE
  always_comb begin
    assume (~begun_q | {table_log_i, counts_i} == resting_q);
    assume (table_log_i <= 4'(TableLog) & stream_i.job.table_log == table_log_i);
    assume (counts_i[0 +: CumBits] == '0);
    for (int s = 0; s < Rows; s++) assume (cums[s*CumBits +: CumBits] <= cums[(s+1)*CumBits +: CumBits]);
    if (rst_ni & observe.retire_valid & entered_q) begin
      `CHECK(YieldsItsSymbol, retire.symbol == 8'(symbol))
      `CHECK(TakesItsBits, retire.take == 5'(k))
      `CHECK(GoesToItsState, state == 14'(next) & next < first)
      `REACH(TakesAll, 32'(k) == TableLog & next == first - 1'b1)
      `REACH(TakesNone, k == '0 & symbol == 4'd9 & table_log_i == 4'(TableLog - 1))
    end
  end
`ifndef FORMAL_BLACK_BOX
  // The lane's state is t, at the largest R; a job that waits or runs has the R of the table.
  (* hierconn *) logic [3:0] \dut.u_control.job_table_log_q , \dut.u_control.table_log_q ;
  (* hierconn *) logic       \dut.u_control.job_q , \dut.u_control.run_q ;
  (* hierconn *) logic [StateBits-1:0] \dut.state_q ;
  logic [StateBits-1:0] aligned;
  logic [7:0]           logs;
  logic                 waits, runs;
  assign aligned = \dut.state_q ;
  assign logs    = {\dut.u_control.job_table_log_q , \dut.u_control.table_log_q };
  assign {waits, runs} = {\dut.u_control.job_q , \dut.u_control.run_q };
  always_comb begin
    if (rst_ni) begin
      `CHECK(HoldsTheState, ~entered_q | (aligned == t_q << up & {1'b0, t_q} < first))
      `CHECK(WaitsWithItsR, ~waits | logs[7:4] == table_log_i)
      `CHECK(RunsWithItsR, ~runs | (entered_q & logs[3:0] == table_log_i))
    end
  end
`endif
endmodule
