// wide_buffer.sv — the bits of one stream that wait in a lane: a ring of halfwords.
//
// Nothing moves: a halfword is written where the last one ended, bits are read from where the last
// ones ended, which is a bit of the halfword that read_q marks. A halfword that was read to its end
// becomes zero, so at the end of a stream what is left over are bits that are not zero. How many
// halfwords may come is not known here: who asks for them counts (wide_lane).
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module wide_buffer #(
  parameter int Words = 3,   // at least 2
  parameter int Bits  = 10   // that are shown, 8..16
) (
  input  logic            clk_i,
  input  logic            rst_ni,   // of assertions
  input  logic            clear_i,  // a stream has ended, or none was here
  input  logic            put_i,
  input  logic [15:0]     word_i,
  output logic [Bits-1:0] bits_o,   // the next ones
  input  logic            take_i,
  input  logic [4:0]      count_i,  // how many, up to 16
  output logic            left_o,   // bits that are here are not all zero
  output logic [3:0]      pos_o     // bits that were taken, modulo 16
);
  logic [Words*16-1:0] words_q;
  logic [Words-1:0]    read_q, write_q;  // one-hot
  logic [3:0]          pos_q;            // of the next bit in its halfword
  logic [4:0]          sum;
  logic                pass;             // the halfword is read to its end
  logic                passed_q;         // it was, in the cycle before
  logic [15:0]         word, next;

  assign pos_o = pos_q;
  assign sum  = {1'b0, pos_q} + {1'b0, count_i[3:0]};
  assign pass = take_i & (sum[4] | count_i[4]);
  always_comb begin
    word = '0;
    next = '0;
    for (int w = 0; w < Words; w++) begin
      word = word | (words_q[16*w +: 16] & {16{read_q[w]}});
      next = next | (words_q[16*((w+1)%Words) +: 16] & {16{read_q[w]}});
    end
  end
  logic [31:0] shown;
  assign shown  = {next, word} >> pos_q;
  assign bits_o = shown[Bits-1:0];

  logic [Words-1:0] last;  // the halfword before the one that is read
  assign last = {read_q[0], read_q[Words-1:1]};
  for (genvar w = 0; w < Words; w++) begin : gen_word
    logic put, drop;
    assign put  = put_i & write_q[w];
    assign drop = clear_i | (passed_q & last[w]);
    always_ff @(posedge clk_i) begin
      words_q[16*w +: 16] <= (words_q[16*w +: 16] & {16{~put & ~drop}})
                           | (word_i & {16{put & ~clear_i}});
    end
  end
  always_ff @(posedge clk_i) begin
    passed_q <= pass & ~clear_i;
    if (clear_i) begin
      read_q  <= Words'(1);
      write_q <= Words'(1);
      pos_q   <= '0;
    end else begin
      if (pass) read_q <= {read_q[Words-2:0], read_q[Words-1]};
      if (put_i) write_q <= {write_q[Words-2:0], write_q[Words-1]};
      if (take_i) pos_q <= sum[3:0];
    end
  end

  // What is shown ends behind the halfword, or in its upper half.
  logic [Words-1:0] used;
  for (genvar w = 0; w < Words; w++) begin : gen_used
    assign used[w] = words_q[16*w +: 16] != '0 & ~read_q[w] & ~(passed_q & last[w]);
  end
  assign left_o = used != '0 | bits_o != '0 | (~pos_q[3] & word[15:8] != '0);

  logic unused;
  assign unused = ^shown[31:Bits];

`ifdef TRANSOM_ASSERTS
  logic [6:0] fill_q;  // bits that stand here
  always_ff @(posedge clk_i) begin
    if (clear_i) fill_q <= '0;
    else fill_q <= fill_q + (put_i ? 7'd16 : '0) - (take_i ? 7'(count_i) : '0);
  end
`endif
  `TRANSOM_ASSERT_INIT(ShowsAnUpperHalf, Bits >= 8 && Bits <= 16 && Words >= 2)
  `TRANSOM_ASSERT(NeverShort, take_i |-> fill_q >= 7'(count_i))
  `TRANSOM_ASSERT(HasAHalfwordsRoom, put_i |-> 32'(fill_q) + 32'(pos_q) + 16 <= Words * 16)
  `TRANSOM_ASSERT(OneReads, take_i | put_i |-> $onehot(read_q) & $onehot(write_q))
endmodule
