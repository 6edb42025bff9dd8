// tans_lane_properties.sv — every step of tans_lane, for every table of four symbols and 16 slots, is model/FORMAT.md's.
//
// The table is the definition: symbols spread over the slots by the step 13, x counting from a symbol's
// frequency up; a step yields the slot's symbol, shifts its x until it is at least 16 and takes as many
// bits. Frequencies are free and rest; the memory's words are made of the same x. With two values the
// four symbols are the pairs of an alphabet of two.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module tans_lane_properties #(
  parameter int  Values = 1,  // symbols of an entry
  localparam int R = 4,
  localparam int L = 16
) (
  input logic         clk_i,
  input logic         rst_ni,
  input codec_pkg::stream_in_t stream_i,
  input logic [Values*codec_pkg::RowBits-1:0] row_i,
  input logic [19:0]  freqs_i  // of symbols 0..3, 5 bits each: they sum to 16
);
  codec_pkg::stream_out_t out;
  codec_pkg::observe_t    observe;
  codec_pkg::retire_t     retire;
  logic [codec_pkg::MaxTableLog-1:0] state;
  logic       table_read, row_read;
  logic [R:0] addr;
  logic [Values*9-1:0] row_addr;
  logic [codec_pkg::EntryBits-1:0] entry_q;
  tans_lane #(
    .TableLog(R), .Values(Values)
  ) dut (
    .clk_i, .rst_ni, .stream_i, .stream_o(out), .observe_o(observe), .state_o(state),
    .table_read_o(table_read), .table_addr_o(addr), .table_data_i(entry_q), .row_read_o(row_read),
    .row_addr_o(row_addr), .row_data_i(row_i)
  );
  assign retire = observe.retire;

  // The spread: the j-th place that the step visits is slot 13 j mod 16.
  logic [L*2-1:0] symbol;
  logic [L*5-1:0] x;
  logic [4:0]     first1, first2, first3;
  logic [3:0]     slot;
  logic [4:0]     count0, count1, count2, count3;
  assign first1 = freqs_i[4:0];
  assign first2 = first1 + freqs_i[9:5];
  assign first3 = first2 + freqs_i[14:10];
  always_comb begin
    symbol = '0;
    x      = '0;
    for (int j = 0; j < L; j++) begin
      slot = 4'(13 * j);
      symbol[2*slot +: 2] = 5'(j) < first1 ? 2'd0 : 5'(j) < first2 ? 2'd1 : 5'(j) < first3 ? 2'd2 : 2'd3;
    end
    {count3, count2, count1, count0} = freqs_i;
    for (int u = 0; u < L; u++) begin
      case (symbol[2*u +: 2])
        2'd0: begin x[5*u +: 5] = count0; count0 = count0 + 5'd1; end
        2'd1: begin x[5*u +: 5] = count1; count1 = count1 + 5'd1; end
        2'd2: begin x[5*u +: 5] = count2; count2 = count2 + 5'd1; end
        default: begin x[5*u +: 5] = count3; count3 = count3 + 5'd1; end
      endcase
    end
  end

  // As an entry has it: of a pair, the first symbol in its lower half.
  function automatic logic [7:0] shown(input logic [1:0] s);
    shown = Values == 2 ? {3'd0, s[1], 3'd0, s[0]} : {6'd0, s};
  endfunction

  // A step from slot t. More than four bits are never wanted: x is at least 1.
  logic [3:0] t_q;
  logic [4:0] x_t;
  logic [2:0] k;
  logic [4:0] shifted, next;
  assign x_t = x[5*t_q +: 5];
  assign k   = x_t >= 5'd16 ? 3'd0 : x_t >= 5'd8 ? 3'd1 : x_t >= 5'd4 ? 3'd2 : x_t >= 5'd2 ? 3'd3 : 3'd4;
  assign shifted = x_t << k;
  (* hierconn *) logic [57:0] \dut.control ;  // codec_pkg::control_t
  (* hierconn *) logic [13:0] \dut.step ;     // codec_pkg::step_t
  (* hierconn *) logic        \dut.enter ;
  logic [57:0] control;
  logic        at_end;
  logic [31:0] head;
  logic [3:0]  bits;
  assign control = \dut.control ;
  assign at_end  = \dut.step [0];
  assign head    = control[57:26];
  assign bits    = control[8:5];
  assign next    = shifted - 5'd16 + {1'b0, bits & ~(4'hf << k)};

  // The memory.
  logic [3:0] slot_read;
  logic [4:0] x_read;
  logic [2:0] k_read;
  logic [codec_pkg::EntryBits-1:0] entry;
  assign slot_read = addr[3:0];
  assign x_read = x[5*slot_read +: 5];
  assign k_read = x_read >= 5'd16 ? 3'd0 : x_read >= 5'd8 ? 3'd1 : x_read >= 5'd4 ? 3'd2 : x_read >= 5'd2 ? 3'd3 : 3'd4;
  assign entry  = {10'd0, 4'((x_read << k_read) - 5'd16), 1'b0, k_read, shown(symbol[2*slot_read +: 2])};
  logic       entered_q;
  logic [19:0] freqs_q;
  always_ff @(posedge clk_i) begin
    freqs_q <= freqs_i;
    if (table_read) entry_q <= entry;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {entered_q, t_q} <= '0;
    end else begin
      entered_q <= entered_q | \dut.enter ;
      if (\dut.enter ) t_q <= head[3:0];
      else if (observe.retire_valid) t_q <= next[3:0];
    end
  end

  `RESET_ONCE
  always_comb begin
    assume (~begun_q | freqs_i == freqs_q);
    assume (7'(freqs_i[4:0]) + 7'(freqs_i[9:5]) + 7'(freqs_i[14:10]) + 7'(freqs_i[19:15]) == 7'd16);
    assume (stream_i.job.table_log == 4'd4);
    if (rst_ni & observe.retire_valid & entered_q) begin
      `CHECK(YieldsItsSymbol, retire.symbol == shown(symbol[2*t_q +: 2]))
      `CHECK(TakesItsBits, retire.take == 5'(k))
      `CHECK(ReadsItsRows, row_addr[7:0] == (Values == 2 ? 8'(symbol[2*t_q]) : 8'(symbol[2*t_q +: 2]))
                           & row_addr[(Values-1)*9 +: 8] == 8'(symbol[2*t_q +: 2]) >> (Values - 1))
      `CHECK(GoesToItsState, state == 14'(next) & next < 5'd16)
      `CHECK(TellsTheEnd, at_end == (next == '0))
      `REACH(TakesFour, k == 3'd4 & next == 5'd15)
      `REACH(TakesNone, k == 3'd0 & symbol[2*t_q +: 2] == 2'd2)
    end
  end
`ifndef FORMAL_BLACK_BOX
  // The memory's output is the word of the state; a job that waits, too, has R = 4.
  (* hierconn *) logic [3:0] \dut.u_control.job_table_log_q ;
  (* hierconn *) logic       \dut.u_control.job_q , \dut.u_control.run_q ;
  logic [3:0] table_log;
  logic       waits, runs;
  logic [codec_pkg::EntryBits-1:0] want;
  assign table_log = \dut.u_control.job_table_log_q ;
  assign {waits, runs} = {\dut.u_control.job_q , \dut.u_control.run_q };
  assign want = {10'd0, shifted[3:0], 1'b0, k, shown(symbol[2*t_q +: 2])};
  always_comb begin
    if (rst_ni) begin
      `CHECK(MemoryShowsTheState, ~entered_q | entry_q == want)
      `CHECK(WaitsWithItsR, ~waits | table_log == 4'd4)
      `CHECK(RunsIfEntered, ~runs | entered_q)
    end
  end
`endif
endmodule
