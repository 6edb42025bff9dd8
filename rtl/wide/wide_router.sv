// wide_router.sv — the halfwords of a round to those who asked for them, in order.
//
// Requests come as bits, port 2s for symbols of lane s and 2s + 1 for its offsets. They are counted
// and kept (in a cycle with move_i), and served in the next ones in blocks: block b is the requests
// number b Halves up to (b + 1) Halves, and their halfwords are the window's, from its first on.
// Port q gets what stands at q - d, where d is how many ports below it ask for nothing. d never falls
// and rises by at most one from port to port, so log2 stages do, each moving by a power of two or not,
// the largest first, and each port decides by its own d alone: what two ports want of a third one is
// the same. Where a block is only part of the ports its halfwords stand at all distances of Halves,
// and d counts modulo that.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module wide_router #(
  parameter int Ports  = 32,  // a multiple of eight
  parameter int Halves = 16,  // a power of two
  localparam int TakeBits  = $clog2(Halves + 1),
  localparam int CountBits = $clog2(Ports + 1)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  // requests
  input  logic                 move_i,    // only while complete_o
  input  logic [Ports-1:0]     request_i,
  // halfwords
  output logic [TakeBits-1:0]  want_o,    // of this block
  input  logic                 give_i,    // they are there
  input  logic [Halves*16-1:0] halves_i,
  output logic [Ports-1:0]     put_o,
  output logic [Ports*16-1:0]  word_o,
  output logic                 empty_o,
  output logic                 complete_o // the last block is given, or nothing was asked for
);
  localparam int Groups    = Ports / 8;
  localparam int ShiftBits = $clog2(Halves);
  localparam int WideBits  = CountBits > ShiftBits ? CountBits + 1 : ShiftBits + 2;
  localparam int BlockBits = WideBits - ShiftBits;

  logic [Ports-1:0]            request_q;
  // Ports below one that ask for nothing: in its group, and in those before it.
  logic [Ports*3-1:0]          near, near_q;
  logic [Groups*CountBits-1:0] groups, groups_q;
  logic [CountBits-1:0]        total;
  logic [WideBits-1:0]         passed_q;  // ports that ask for nothing, and requests of earlier blocks
  logic [BlockBits-1:0]        block_q;
  logic                        last;
  prefix_count #(
    .Bits(Ports)
  ) u_count (
    .bits_i(~request_i), .near_o(near), .groups_o(groups), .total_o(total)
  );
  if (Ports <= Halves) begin : gen_one_block
    assign last = 1'b1;
  end else begin : gen_blocks
    assign last = passed_q >= WideBits'(Ports - Halves);
  end
  assign want_o     = last ? TakeBits'(WideBits'(Ports) - passed_q) : TakeBits'(Halves);
  assign empty_o    = passed_q == WideBits'(Ports);
  assign complete_o = empty_o | (give_i & last);

  always_ff @(posedge clk_i) begin
    if (move_i) begin
      request_q <= request_i;
      near_q    <= near;
      groups_q  <= groups;
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      passed_q <= WideBits'(Ports);
      block_q  <= '0;
    end else if (move_i) begin
      passed_q <= WideBits'(total);
      block_q  <= '0;
    end else if (give_i) begin
      passed_q <= last ? WideBits'(Ports) : passed_q + WideBits'(Halves);
      block_q  <= block_q + 1'b1;
    end
  end

  logic [Ports*WideBits-1:0] spaces;
  for (genvar p = 0; p < Ports; p++) begin : gen_put
    logic [WideBits-1:0] space;
    assign space = WideBits'(groups_q[p/8*CountBits +: CountBits])
                 + WideBits'(near_q[3*p +: 3]);
    assign spaces[p*WideBits +: WideBits] = space;
    assign put_o[p] = give_i & ~empty_o & request_q[p]
      & BlockBits'((WideBits'(p) - space) >> ShiftBits) == block_q;
  end

  // From the highest port down, so that a stage reads what the stage before left there.
  logic [Ports*16-1:0] words;
  always_comb begin
    for (int p = 0; p < Ports; p++) words[16*p +: 16] = halves_i[16*(p%Halves) +: 16];
    for (int b = ShiftBits - 1; b >= 0; b--) begin
      for (int p = Ports - 1; p >= 1 << b; p--) begin
        if (spaces[p*WideBits+b]) words[16*p +: 16] = words[16*(p-(1<<b)) +: 16];
      end
    end
  end
  assign word_o = words;

  `TRANSOM_ASSERT(MovesWhenComplete, move_i |-> complete_o)
  `TRANSOM_ASSERT(BlockIsGiven, give_i & ~empty_o |-> $countones(put_o) == 32'(want_o))
  logic unused;
  assign unused = ^spaces;
endmodule
