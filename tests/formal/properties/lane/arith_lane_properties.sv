// arith_lane_properties.sv — every step of both streams of arith_lane, for every table, is model/FORMAT.md's.
//
// Counts are free and rest. HI, LO and CODE of a model are as on that page: the symbol is the last whose
// boundary is not above CODE - LO, and HI, LO and CODE shift a bit at a time, as long as one of its two
// cases holds. Of the multiplication is assumed, not proven here, that a range of 2^14 or more keeps
// boundaries of different counts 16 apart (tests/python/formal tries all of them).
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module arith_lane_properties #(
  localparam int Rows     = codec_pkg::ArithRows,
  localparam int CumBits  = codec_pkg::ArithTableLog + 1,
  localparam int CumsBits = Rows * CumBits,
  localparam int InBits   = codec_pkg::StreamInBits,
  localparam int OutBits  = codec_pkg::StreamOutBits,
  localparam int ObserveBits = codec_pkg::ObserveBits
) (
  input logic                clk_i,
  input logic                rst_ni,
  input logic [2*InBits-1:0] stream_i,
  input logic [2*codec_pkg::RowBits-1:0] row_i,
  input logic [2*CumsBits-1:0] cum_i  // of both banks: they rest
);
  logic [2*OutBits-1:0]     out;
  logic [2*ObserveBits-1:0] observe;
  logic [47:0]              state;
  logic [1:0]               row_read;
  logic [17:0]              row_addr;
  arith_lane dut (
    .clk_i, .rst_ni, .stream_i, .stream_o(out), .observe_o(observe), .state_o(state), .cum_i, .row_read_o(row_read),
    .row_addr_o(row_addr), .row_data_i(row_i)
  );
  (* hierconn *) logic [57:0] \dut.control ;  // codec_pkg::control_t
  (* hierconn *) logic [13:0] \dut.step ;     // codec_pkg::step_t
  (* hierconn *) logic        \dut.enter ;
  (* hierconn *) logic [CumsBits-1:0] \dut.u_coder.cum_i ;
  (* hierconn *) logic [16:0] \dut.u_coder.range_a_q ;
  (* hierconn *) logic [15:0] \dut.u_coder.code_a_q ;
  logic [57:0]         control;
  logic                at_end, enter;
  logic [CumsBits-1:0] cum_a;
  logic [16:0]         range_a;
  logic [15:0]         code_a, bits, code_init;  // code_a: CODE - LO
  logic [1:0]          retires;
  codec_pkg::retire_t  retire;
  assign control = \dut.control ;
  assign {at_end, enter}          = {\dut.step [0], \dut.enter };
  assign {cum_a, range_a, code_a} = {\dut.u_coder.cum_i , \dut.u_coder.range_a_q , \dut.u_coder.code_a_q };
  assign bits    = control[20:5];
  for (genvar i = 0; i < 16; i++) assign code_init[i] = control[26+15-i];

  // HI, LO and CODE of each stream, and its bank; entered: once.
  logic [95:0] s_q;
  logic [1:0]  bank_q, entered_q;
  logic        turn_q;  // the stream that steps
  assign retires = {observe[2*ObserveBits-1], observe[ObserveBits-1]};
  assign retire  = observe[(32'(turn_q)*ObserveBits+codec_pkg::StallBits) +: codec_pkg::RetireBits];

  // Boundaries of the other stream: b(c) = floor(range c / 2^10), and around which of them it is.
  logic [(Rows+1)*17-1:0]      b;
  logic [(Rows+1)*CumBits-1:0] c;
  logic [16:0] low, high, low_q, high_q;
  logic [3:0]  symbol, symbol_q;
  logic [27:0] product;
  assign c = {CumBits'(1) << codec_pkg::ArithTableLog, cum_a};
  always_comb begin
    b = {range_a, {(Rows*17){1'b0}}};
    for (int i = 1; i < Rows; i++) begin
      product = 28'(range_a) * 28'(cum_a[i*CumBits +: CumBits]);
      b[i*17 +: 17] = 17'(product >> codec_pkg::ArithTableLog);
    end
    {symbol, low, high} = '0;
    for (int i = 0; i < Rows; i++) begin
      if (b[i*17 +: 17] <= {1'b0, code_a}) {symbol, low, high} = {4'(i), b[i*17 +: 17], b[(i+1)*17 +: 17]};
    end
  end

  // A step of the stream whose turn it is.
  logic [47:0] s, next;
  logic [15:0] hi, lo, code;
  logic [4:0]  shifts;
  assign s = turn_q ? s_q[95:48] : s_q[47:0];
  always_comb begin
    hi     = s[31:16] + high_q[15:0] - 16'd1;
    lo     = s[31:16] + low_q[15:0];
    code   = s[15:0];
    shifts = '0;
    for (int n = 0; n < 16; n++) begin
      if (32'(shifts) == n) begin
        if (hi < 16'h8000 | lo >= 16'h8000) begin
          {hi, lo, code} = {hi[14:0], 1'b1, lo[14:0], 1'b0, code[14:0], bits[n]};
          shifts = shifts + 5'd1;
        end else if (lo >= 16'h4000 & hi < 16'hc000) begin
          {hi, lo, code} = {hi - 16'h4000, lo - 16'h4000, code - 16'h4000};
          {hi, lo, code} = {hi[14:0], 1'b1, lo[14:0], 1'b0, code[14:0], bits[n]};
          shifts = shifts + 5'd1;
        end
      end
    end
    next = {hi, lo, code};
  end
  logic [47:0]           come;
  logic [2*CumsBits-1:0] resting_q;
  assign come = enter ? {32'hffff_0000, code_init} : retires[turn_q] ? next : s;
  always_ff @(posedge clk_i) begin
    resting_q <= cum_i;
    {symbol_q, low_q, high_q} <= {symbol, low, high};
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {turn_q, entered_q, bank_q, s_q} <= '0;
    end else begin
      turn_q    <= ~turn_q;
      entered_q <= entered_q | ({turn_q, ~turn_q} & {2{enter}});
      s_q       <= turn_q ? {come, s_q[47:0]} : {s_q[95:48], come};
      if (enter) bank_q <= turn_q ? {control[25], bank_q[0]} : {bank_q[1], control[25]};
    end
  end

  `RESET_ONCE
  always_comb begin
    assume (~begun_q | cum_i == resting_q);
    for (int k = 0; k < 2; k++) begin
      assume (cum_i[k*CumsBits +: CumBits] == '0);
      for (int i = 1; i < Rows; i++) begin
        assume (cum_i[k*CumsBits+i*CumBits +: CumBits] >= cum_i[k*CumsBits+(i-1)*CumBits +: CumBits]);
        assume (cum_i[k*CumsBits+i*CumBits +: CumBits] <= CumBits'(1) << codec_pkg::ArithTableLog);
      end
    end
    for (int i = 0; i < Rows; i++) begin  // see above
      if (range_a >= 17'h4000 & range_a <= 17'h1_0000 & c[(i+1)*CumBits +: CumBits] >= c[i*CumBits +: CumBits]) begin
        assume (c[i*CumBits +: CumBits] == c[(i+1)*CumBits +: CumBits]
          ? b[i*17 +: 17] == b[(i+1)*17 +: 17] : 18'(b[i*17 +: 17]) + 18'd16 <= 18'(b[(i+1)*17 +: 17]));
      end
    end
    if (rst_ni) begin
      `CHECK(StepsInTurn, ~retires[~turn_q])
      if (retires[turn_q] & entered_q[turn_q]) begin
        `CHECK(YieldsItsSymbol, retire.symbol == 8'(symbol_q))
        `CHECK(TakesItsBits, retire.take == shifts)
        `CHECK(GoesToItsState, state == next)
        `CHECK(TellsTheEnd, at_end == (code == lo))
        `REACH(ShiftsOften, shifts == 5'd10 & turn_q & entered_q[0])
        `REACH(Underflows, shifts == 5'd1 & s[31:16] + low_q[15:0] >= 16'h4000 & s[31:16] + low_q[15:0] < 16'h8000)
      end
    end
  end
`ifndef FORMAL_BLACK_BOX
  // A stream is in one of two stages; its interval is wide, its code in it.
  (* hierconn *) logic [16:0] \dut.u_coder.range_b_q , \dut.u_coder.low_b_q , \dut.u_coder.high_b_q ;
  (* hierconn *) logic [15:0] \dut.u_coder.lo_a_q , \dut.u_coder.lo_b_q , \dut.u_coder.code_b_q ;
  (* hierconn *) logic [3:0]  \dut.u_coder.symbol_b_q ;
  (* hierconn *) logic        \dut.u_coder.turn_q ;
  (* hierconn *) logic \dut.u_control.gen_stream[0].u_control.run_q , \dut.u_control.gen_stream[1].u_control.run_q ;
  (* hierconn *) logic \dut.u_control.gen_stream[0].u_control.bank_q , \dut.u_control.gen_stream[1].u_control.bank_q ;
  logic [16:0] range_b, low_b, high_b;
  logic [15:0] lo_a, lo_b, code_b;
  logic [3:0]  symbol_b;
  logic [1:0]  runs, banks, good;
  logic [47:0] s_a;
  logic        stage_turn;
  assign {range_b, low_b, high_b} = {\dut.u_coder.range_b_q , \dut.u_coder.low_b_q , \dut.u_coder.high_b_q };
  assign {lo_a, lo_b, code_b}     = {\dut.u_coder.lo_a_q , \dut.u_coder.lo_b_q , \dut.u_coder.code_b_q };
  assign {symbol_b, stage_turn}   = {\dut.u_coder.symbol_b_q , \dut.u_coder.turn_q };
  assign runs  = {\dut.u_control.gen_stream[1].u_control.run_q , \dut.u_control.gen_stream[0].u_control.run_q };
  assign banks = {\dut.u_control.gen_stream[1].u_control.bank_q , \dut.u_control.gen_stream[0].u_control.bank_q };
  assign s_a   = turn_q ? s_q[47:0] : s_q[95:48];
  for (genvar k = 0; k < 2; k++) begin : gen_good
    logic [15:0] hi_k, lo_k, code_k;
    assign {hi_k, lo_k, code_k} = s_q[48*k +: 48];
    assign good[k] = lo_k < 16'h8000 & hi_k >= 16'h8000 & (lo_k < 16'h4000 | hi_k >= 16'hc000)
                   & lo_k <= code_k & code_k <= hi_k;
  end
  always_comb begin
    if (rst_ni) begin
      `CHECK(OppositeStages, stage_turn == turn_q)
      `CHECK(RunsInItsBank, (runs & ~entered_q) == '0 & ((banks ^ bank_q) & entered_q) == '0)
      `CHECK(StatesAreGood, (entered_q & ~good) == '0)
      `CHECK(SeesItsCounts, cum_a == cum_i[CumsBits*banks[~turn_q] +: CumsBits])
      `CHECK(StageAHasIts, ~entered_q[~turn_q] | (range_a == {1'b0, s_a[47:32]} - {1'b0, s_a[31:16]} + 17'd1
        & lo_a == s_a[31:16] & code_a == s_a[15:0] - s_a[31:16]))
      `CHECK(StageBHasIts, ~entered_q[turn_q] | (range_b == {1'b0, s[47:32]} - {1'b0, s[31:16]} + 17'd1
        & lo_b == s[31:16] & code_b == s[15:0] - s[31:16]))
      `CHECK(StageBHasItsPart, ~entered_q[turn_q] | (low_b == low_q & high_b == high_q & symbol_b == symbol_q))
      `CHECK(PartIsAround, ~entered_q[turn_q] | (low_q <= {1'b0, code_b} & {1'b0, code_b} < high_q
        & high_q <= range_b & high_q - low_q >= 17'd16))
    end
  end
`endif
endmodule
