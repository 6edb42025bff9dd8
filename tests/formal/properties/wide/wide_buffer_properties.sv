// wide_buffer_properties.sv — wide_buffer against a queue of bits: halfwords in, bits out, and whether what is left is zero.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module wide_buffer_properties #(
  parameter int Words = 3,
  parameter int Bits  = 10,
  localparam int Most = Words * 16
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        clear_i,
  input logic        put_i,
  input logic [15:0] word_i,
  input logic        take_i,
  input logic [4:0]  count_i
);
  logic [Bits-1:0] bits;
  logic            left;
  logic [3:0]      pos;
  wide_buffer #(
    .Words(Words), .Bits(Bits)
  ) dut (
    .clk_i, .rst_ni, .clear_i, .put_i, .word_i, .bits_o(bits), .take_i, .count_i, .left_o(left), .pos_o(pos)
  );

  logic            cleared_q;
  logic [Most-1:0] queue_q, rest;
  logic [6:0]      fill_q, rest_fill;
  logic [3:0]      pos_q;
  assign rest      = take_i ? queue_q >> count_i : queue_q;
  assign rest_fill = take_i ? fill_q - 7'(count_i) : fill_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {cleared_q, queue_q, fill_q, pos_q} <= '0;
    end else if (clear_i) begin
      {queue_q, fill_q, pos_q} <= '0;
      cleared_q <= 1'b1;
    end else begin
      queue_q <= put_i ? rest | (Most'(word_i) << rest_fill) : rest;
      fill_q  <= put_i ? rest_fill + 7'd16 : rest_fill;
      pos_q   <= pos_q + (take_i ? count_i[3:0] : '0);
    end
  end

  // Nothing comes before it is cleared; as wide_lane counts, there is room and there are bits.
  `RESET_ONCE
  always_comb begin
    if (put_i) assume ((cleared_q | clear_i) & 32'(fill_q) + 32'(pos_q) + 16 <= Most);
    if (take_i) assume (cleared_q & fill_q >= 7'(count_i) & count_i <= 5'd16);
    if (rst_ni & cleared_q) begin
      `CHECK(BitsInOrder, bits == queue_q[Bits-1:0])
      `CHECK(LeftIfNotZero, left == (queue_q != '0))
      `CHECK(PositionCounts, pos == pos_q)
      `REACH(FullBehindATake, fill_q == 7'(Most) & word_i != '0 & pos_q == '0 & queue_q[Most-1])
      `REACH(TakesAWholeHalfword, take_i & count_i == 5'd16 & pos_q == 4'd7)
    end
  end

`ifndef FORMAL_BLACK_BOX
  // The ring from the halfword on that is read: it holds the queue, but for one that was read to its end.
  (* hierconn *) logic [Most-1:0]  \dut.words_q ;
  (* hierconn *) logic [Words-1:0] \dut.read_q , \dut.write_q ;
  (* hierconn *) logic             \dut.passed_q ;
  (* hierconn *) logic [3:0]       \dut.pos_q ;
  logic [Most-1:0]  words, ordered;
  logic [Words-1:0] read, write, behind;
  logic [6:0]       held;  // bits from the begin of that halfword on
  logic             passed;
  assign words  = \dut.words_q ;
  assign read   = \dut.read_q ;
  assign write  = \dut.write_q ;
  assign passed = \dut.passed_q ;
  assign held   = fill_q + 7'(pos_q);
  always_comb begin
    ordered = '0;
    behind  = '0;
    for (int r = 0; r < Words; r++) begin
      for (int i = 0; i < Words; i++) begin
        if (read[r] & ~(passed & i == Words - 1)) begin
          ordered[i*16 +: 16] = ordered[i*16 +: 16] | words[(r+i)%Words*16 +: 16];
        end
        if (read[r] & held[6:4] == 3'(i)) behind[(r+i)%Words] = 1'b1;
      end
      if (read[r] & held[6:4] == 3'(Words)) behind[r] = 1'b1;
    end
    if (rst_ni & cleared_q) begin
      `CHECK(OneIsRead, $onehot(read) & write == behind & held[3:0] == '0 & \dut.pos_q == pos_q)
      `CHECK(RingIsTheQueue, queue_q == ordered >> pos_q & (queue_q >> fill_q) == '0)
      `CHECK(OneMayLeave, 32'(fill_q) <= Most & 32'(held) <= (passed ? Most - 16 : Most))
    end
  end
`endif
endmodule
