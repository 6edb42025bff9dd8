// arith_coder_properties.sv — every step of both streams of arith_coder is model/FORMAT.md's, for every table.
//
// A model has HI, LO and CODE of each stream: the symbol is the one whose boundaries are around CODE - LO, and
// HI, LO and CODE shift a bit at a time, as long as one of the page's two cases holds. A stream enters or
// steps in its turn, or not, with any bits; counts are free in every clock: a step of each is the definition's.
// Its products are free here: that boundaries are the formula's is proven by itself (arith_bounds_properties).
// Assumed is the order that the formula gives them: those of one count are one, those of two counts are 16
// apart, where a range is wide (tests/python/formal tries all).
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module arith_coder_properties #(
  localparam int Rows     = codec_pkg::ArithRows,
  localparam int CumBits  = codec_pkg::ArithTableLog + 1,
  localparam int CumsBits = Rows * CumBits
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        enter_i,
  input logic        step_i,
  input logic [31:0] head_i,
  input logic [15:0] bits_i,
  input logic [CumsBits-1:0] cum_i
);
  codec_pkg::control_t control;
  codec_pkg::step_t    step;
  logic [1:0]          turn;
  logic [47:0]         state;
  assign control = {head_i, 5'd0, bits_i, 5'd0};
  arith_coder dut (
    .clk_i, .rst_ni, .turn_o(turn), .enter_i, .step_i, .control_i(control), .step_o(step), .state_o(state), .cum_i
  );
  logic [15:0] code_init;
  for (genvar i = 0; i < 16; i++) assign code_init[i] = head_i[15-i];

  // HI, LO and CODE of each stream, which was entered.
  logic [95:0] s_q;
  logic [1:0]  entered_q;
  logic        turn_q;  // the stream that steps
  logic [47:0] s_a, s;  // of the stream in stage A, and of this one
  assign s_a = turn_q ? s_q[47:0] : s_q[95:48];
  assign s   = turn_q ? s_q[95:48] : s_q[47:0];

  // Boundaries of the stream in stage A, and between which of them CODE - LO is: as the coder has it, which
  // StageAHasIts compares with the model's.
  (* hierconn *) logic [(Rows+1)*17-1:0] \dut.bound ;
  (* hierconn *) logic [16:0] \dut.range_a_q ;
  (* hierconn *) logic [15:0] \dut.code_a_q ;
  logic [(Rows+1)*17-1:0]      b;
  logic [(Rows+1)*CumBits-1:0] c;
  logic [16:0] range_shown, code_shown, range_a, code_a, low, high, low_q, high_q;
  logic [3:0]  symbol, symbol_q;
  assign b       = \dut.bound ;
  assign range_shown = \dut.range_a_q ;
  assign code_shown  = {1'b0, \dut.code_a_q };
  assign c       = {CumBits'(1) << codec_pkg::ArithTableLog, cum_i};
  assign range_a = {1'b0, s_a[47:32]} - {1'b0, s_a[31:16]} + 17'd1;
  assign code_a  = {1'b0, s_a[15:0]} - {1'b0, s_a[31:16]};
  always_comb begin
    {symbol, low, high} = '0;
    for (int i = 0; i < Rows; i++) begin
      if (b[i*17 +: 17] <= code_shown & ~(b[(i+1)*17 +: 17] <= code_shown)) {symbol, low, high} = {4'(i), b[i*17 +: 17], b[(i+1)*17 +: 17]};
    end
  end

  // A step of the stream whose turn it is.
  logic [47:0] next;
  logic [15:0] hi, lo, code;
  logic [4:0]  shifts;
  always_comb begin
    hi     = s[31:16] + high_q[15:0] - 16'd1;
    lo     = s[31:16] + low_q[15:0];
    code   = s[15:0];
    shifts = '0;
    for (int n = 0; n < 16; n++) begin
      if (32'(shifts) == n) begin
        if (hi < 16'h8000 | lo >= 16'h8000) begin
          {hi, lo, code} = {hi[14:0], 1'b1, lo[14:0], 1'b0, code[14:0], bits_i[n]};
          shifts = shifts + 5'd1;
        end else if (lo >= 16'h4000 & hi < 16'hc000) begin
          {hi, lo, code} = {hi - 16'h4000, lo - 16'h4000, code - 16'h4000};
          {hi, lo, code} = {hi[14:0], 1'b1, lo[14:0], 1'b0, code[14:0], bits_i[n]};
          shifts = shifts + 5'd1;
        end
      end
    end
    next = {hi, lo, code};
  end
  logic [47:0] come;
  logic        steps;
  assign steps = step_i & entered_q[turn_q];
  assign come  = enter_i ? {32'hffff_0000, code_init} : steps ? next : s;
  always_ff @(posedge clk_i) {symbol_q, low_q, high_q} <= {symbol, low, high};
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {turn_q, entered_q, s_q} <= '0;
    end else begin
      turn_q    <= ~turn_q;
      entered_q <= entered_q | ({turn_q, ~turn_q} & {2{enter_i}});
      s_q       <= turn_q ? {come, s_q[47:0]} : {s_q[95:48], come};
    end
  end

  `RESET_ONCE
  always_comb begin
    assume (~(enter_i & step_i) & (~step_i | entered_q[turn_q]));
    assume (cum_i[0 +: CumBits] == '0);
    for (int i = 0; i < Rows; i++) assume (c[i*CumBits +: CumBits] <= c[(i+1)*CumBits +: CumBits]);
    for (int i = 0; i < Rows; i++) begin
      if (entered_q[~turn_q]) assume (c[i*CumBits +: CumBits] == c[(i+1)*CumBits +: CumBits]
        ? b[i*17 +: 17] == b[(i+1)*17 +: 17] : 18'(b[i*17 +: 17]) + 18'd16 <= 18'(b[(i+1)*17 +: 17]));
    end
    if (rst_ni) begin
      `CHECK(StepsInTurn, turn == {turn_q, ~turn_q})
      if (steps) begin
        `CHECK(YieldsItsSymbol, step.symbol == 8'(symbol_q))
        `CHECK(TakesItsBits, step.take == shifts)
        `CHECK(GoesToItsState, state == next)
        `CHECK(TellsTheEnd, step.at_end == (code == lo))
        `REACH(ShiftsOften, shifts == 5'd10 & turn_q & entered_q[0])
        `REACH(Underflows, shifts == 5'd1 & s[31:16] + low_q[15:0] >= 16'h4000 & s[31:16] + low_q[15:0] < 16'h8000)
      end
    end
  end
`ifndef FORMAL_BLACK_BOX
  // A stream is in one of two stages; its interval is wide, its code in it.
  (* hierconn *) logic [16:0] \dut.range_b_q , \dut.low_b_q , \dut.high_b_q ;
  (* hierconn *) logic [15:0] \dut.lo_a_q , \dut.lo_b_q , \dut.code_b_q ;
  (* hierconn *) logic [3:0]  \dut.symbol_b_q ;
  logic [101:0] held, held_want;  // stage A's, then stage B's: range, CODE - LO, LO; zero in the highest
  logic [37:0]  part;
  logic [1:0]   good;
  logic [Rows:0] reached;
  logic [16:0]  range_b, code_b;
  assign range_b = {1'b0, s[47:32]} - {1'b0, s[31:16]} + 17'd1;
  assign code_b  = {1'b0, s[15:0]} - {1'b0, s[31:16]};
  assign held = {range_shown, code_shown, 1'b0, \dut.lo_a_q , \dut.range_b_q , 1'b0, \dut.code_b_q , 1'b0, \dut.lo_b_q };
  assign held_want = {range_a, code_a, 1'b0, s_a[31:16], range_b, code_b, 1'b0, s[31:16]};
  assign part = {\dut.low_b_q , \dut.high_b_q , \dut.symbol_b_q };
  for (genvar k = 0; k < 2; k++) begin : gen_good
    logic [15:0] hi_k, lo_k, code_k;
    assign {hi_k, lo_k, code_k} = s_q[48*k +: 48];
    assign good[k] = lo_k < 16'h8000 & hi_k >= 16'h8000 & (lo_k < 16'h4000 | hi_k >= 16'hc000)
                   & lo_k <= code_k & code_k <= hi_k;
  end
  for (genvar i = 0; i <= Rows; i++) assign reached[i] = b[i*17 +: 17] <= code_shown;
  for (genvar n = 0; n < 16; n++) begin : gen_shift  // by their number: each for itself is easy
    logic now;
    assign now = rst_ni & steps & shifts == 5'(n);
    case_check of_hi (.when_i(now), .right_i(state[47:32] == hi));
    case_check of_code (.when_i(now), .right_i(state[15:0] == code));
  end
  always_comb begin
    if (rst_ni) begin
      `CHECK(BoundariesInOrder, ~entered_q[~turn_q] | (reached & ~{reached[Rows-1:0], 1'b1}) == '0)
      `CHECK(StatesAreGood, (entered_q & ~good) == '0)
      `CHECK(StageAHasIts, ~entered_q[~turn_q] | held[101:51] == held_want[101:51])
      `CHECK(StageBHasIts, ~entered_q[turn_q] | held[50:0] == held_want[50:0])
      `CHECK(StageBHasItsPart, ~entered_q[turn_q] | part == {low_q, high_q, symbol_q})
      `CHECK(PartIsAround, ~entered_q[turn_q] | (low_q <= code_b & code_b < high_q & high_q <= range_b & high_q - low_q >= 17'd16))
    end
  end
`endif
endmodule
