// arith_coder.sv — APack's arithmetic decoder for two streams in turn, without a divider.
//
//   b[i] = floor(range * cum[i] / 2^10),  s: b[s] <= CODE - LO < b[s+1]
//   LO' = LO + b[s], range' = b[s+1] - b[s]; then all shift by the bits that are decided
//
// A. Delmas Lascorz et al., arXiv:2201.08830 (APack); I. H. Witten, R. M. Neal, J. G. Cleary, CACM
// 30(6), 1987 (E1..E3: common leading bits, and underflow). The state is (CODE - LO, range, LO).
// Its loop is cut in two: stage A multiplies, compares and selects, stage B subtracts, counts and
// shifts, and the two streams are always in opposite stages (C-slow), so that each steps in every
// second cycle and the lane in each. Nothing waits inside: a stream that may not step goes round.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module arith_coder (
  input  logic                clk_i,
  input  logic                rst_ni,
  output logic [1:0]          turn_o,   // one-hot: the stream in stage B
  // the stream in stage B
  input  logic                enter_i,
  input  logic                step_i,
  input  codec_pkg::control_t control_i,
  output codec_pkg::step_t    step_o,
  output logic [47:0]         state_o,  // after the step: HI, LO, CODE
  // the counts of the stream in stage A
  input  logic [codec_pkg::ArithRows*(codec_pkg::ArithTableLog+1)-1:0] cum_i
);
  localparam int Rows    = codec_pkg::ArithRows;
  localparam int CumBits = codec_pkg::ArithTableLog + 1;

  // Into stage A, and into stage B.
  logic [16:0] range_a_q, range_b_q, low_b_q, high_b_q;
  logic [15:0] code_a_q, code_b_q, lo_a_q, lo_b_q;  // code: CODE - LO
  logic [3:0]  symbol_b_q;
  logic        turn_q;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Stage A: the boundaries, all at once; the symbol is the last whose lower one is not above.
  logic [Rows:0]        reached;
  logic [(Rows+1)*17-1:0] bound;
  logic [16:0]          low, high;
  logic [3:0]           symbol;
  for (genvar i = 0; i <= Rows; i++) begin : gen_bound
    if (i == 0) begin : gen_first
      assign bound[16:0] = '0;
      assign reached[0]  = 1'b1;
    end else if (i == Rows) begin : gen_last
      assign bound[i*17 +: 17] = range_a_q;
      assign reached[i]        = 1'b0;
    end else begin : gen_inner
      logic [27:0] product;
      assign product = 28'(range_a_q) * 28'(cum_i[i*CumBits +: CumBits]);
      assign bound[i*17 +: 17] = 17'(product >> codec_pkg::ArithTableLog);
      assign reached[i]        = bound[i*17 +: 17] <= {1'b0, code_a_q};
    end
  end
  always_comb begin
    low    = '0;
    high   = '0;
    symbol = '0;
    for (int s = 0; s < Rows; s++) begin
      if (reached[s] & ~reached[s+1]) begin
        low    = low | bound[s*17 +: 17];
        high   = high | bound[(s+1)*17 +: 17];
        symbol = symbol | 4'(s);
      end
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Stage B: narrow, then shift out what is decided. Bits before the first in which LO' and HI'
  // differ, and after it those where LO' has 1 and HI' has 0, are one run of ones in `settled`.
  logic [15:0] lo, hi, differ, upper, settled, code, code_next, lo_next, reversed;
  logic [16:0] range_next;
  logic [3:0]  shift;
  logic [31:0] window;
  assign lo     = lo_b_q + 16'(low_b_q);
  assign hi     = lo_b_q + 16'(high_b_q) - 16'd1;
  assign differ = lo ^ hi;
  for (genvar i = 0; i < 16; i++) begin : gen_upper
    if (i == 15) begin : gen_top
      assign upper[i] = 1'b1;
    end else begin : gen_below
      assign upper[i] = ~|differ[15:i+1];
    end
    assign reversed[i] = control_i.bits[15-i];  // the coder's first bit is its highest
  end
  assign settled = upper | (lo & ~hi);
  always_comb begin
    shift = 4'd15;  // leading ones less one
    for (int n = 0; n < 15; n++) begin
      if (~settled[n]) shift = 4'(14 - n);
    end
  end
  assign code       = code_b_q - 16'(low_b_q);
  assign window     = {code, reversed} << shift;
  assign code_next  = window[31:16];
  assign range_next = (high_b_q - low_b_q) << shift;
  assign lo_next    = (lo << shift) & 16'h7fff;
  assign step_o.take   = {1'b0, shift};  // 0..15
  assign step_o.symbol = {4'b0, symbol_b_q};
  assign step_o.at_end = code_next == '0;  // CODE = LO
  assign state_o    = {16'(lo_next + 16'(range_next) - 16'd1), lo_next, 16'(lo_next + code_next)};
  assign turn_o     = {turn_q, ~turn_q};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      turn_q     <= 1'b0;
      range_a_q  <= 17'h1_0000;
      code_a_q   <= '0;
      lo_a_q     <= '0;
      range_b_q  <= 17'h1_0000;
      code_b_q   <= '0;
      lo_b_q     <= '0;
      low_b_q    <= '0;
      high_b_q   <= 17'h1_0000;
      symbol_b_q <= '0;
    end else begin
      turn_q     <= ~turn_q;
      range_b_q  <= range_a_q;
      code_b_q   <= code_a_q;
      lo_b_q     <= lo_a_q;
      low_b_q    <= low;
      high_b_q   <= high;
      symbol_b_q <= symbol;
      if (enter_i) begin
        range_a_q <= 17'h1_0000;
        lo_a_q    <= '0;
        for (int i = 0; i < 16; i++) code_a_q[i] <= control_i.head[15-i];
      end else if (step_i) begin
        range_a_q <= range_next;
        code_a_q  <= code_next;
        lo_a_q    <= lo_next;
      end else begin
        range_a_q <= range_b_q;
        code_a_q  <= code_b_q;
        lo_a_q    <= lo_b_q;
      end
    end
  end

  // Sums and differences that carry a bit more than is kept.
  logic unused;
  assign unused = ^{low_b_q[16], high_b_q[16]};

  `TRANSOM_ASSERT(CodeInRange, {1'b0, code_a_q} < range_a_q)
  `TRANSOM_ASSERT(RangeIsWide, range_a_q > 17'h4000 && range_a_q <= 17'h1_0000)
  `TRANSOM_ASSERT(LowHalf, lo_a_q < 16'h8000)
  `TRANSOM_ASSERT(HighHalf,
    17'(lo_a_q) + range_a_q > 17'h8000 && 17'(lo_a_q) + range_a_q <= 17'h1_0000)
  // Of a stream that steps: the counts that others see may be half loaded.
  `TRANSOM_ASSERT(OneSymbol, step_i |-> (low_b_q <= 17'(code_b_q)) && (17'(code_b_q) < high_b_q))
  `TRANSOM_ASSERT(Apart, step_i |-> high_b_q - low_b_q >= 17'd16)
  `TRANSOM_ASSERT(EndsInRange, step_i |-> 18'(lo_b_q) + 18'(high_b_q) <= 18'h1_0000)
  `TRANSOM_ASSERT(InOrder, step_i |-> $past(reached & {1'b0, reached[Rows:1]}) == $past(reached >> 1))
endmodule
