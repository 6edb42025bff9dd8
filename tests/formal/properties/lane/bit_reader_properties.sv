// bit_reader_properties.sv — bit_reader against a queue of bits, under any handshake of words and takes.
//
// The queue is the obvious one: a word that comes is put behind the bits that are here, what is taken
// is shifted out, what is announced has a queue of its own until it is entered. So no word is lost,
// doubled or out of order, and bits_o, fill_o, head_o and the verdicts are what the queue has.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module bit_reader_properties #(
  parameter int Window = 16,
  parameter int Slots  = 3,
  localparam int TakeBits = $clog2(Window + 1),
  localparam int Most     = 96  // bits of a queue: three words
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        announce_i,
  input logic        announce_empty_i,
  input logic        enter_i,
  input logic [5:0]  enter_take_i,
  input logic        leave_i,
  input logic        word_valid_i,
  input logic [31:0] word_i,
  input logic        word_last_i,
  input logic        take_valid_i,
  input logic [TakeBits-1:0] take_i
);
  logic              announce_ready, next, head_valid, open, draining, word_ready, enough, clean, short_read;
  logic [31:0]       head;
  logic [Window-1:0] bits;
  logic [codec_pkg::FillBits-1:0] fill;

  bit_reader #(
    .Window(Window), .Slots(Slots)
  ) dut (
    .clk_i, .rst_ni, .announce_i, .announce_empty_i, .announce_ready_o(announce_ready), .next_o(next),
    .head_valid_o(head_valid), .head_o(head), .enter_i, .enter_take_i, .leave_i, .open_o(open),
    .draining_o(draining), .word_valid_i, .word_i, .word_last_i, .word_ready_o(word_ready),
    .take_valid_i, .take_i, .bits_o(bits), .fill_o(fill), .enough_o(enough), .clean_o(clean),
    .short_o(short_read)
  );

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The queues: of the stream at work, and of the one that is announced.
  logic            here_q, ended_q, short_q, next_q, next_ended_q, left_q, left_clean_q, left_short_q;
  logic [Most-1:0] queue_q, next_queue_q;
  logic [7:0]      count_q, next_count_q;
  logic            entered_q, far_q;  // in the cycle before; with 16 bits or more

  // Two slots may copy the word that waits at the port when its stream is entered, and take it over
  // in the next cycle: then it counts while it is at the port.
  logic            waits_q;
  logic            accept, here, late, ended, missing;
  logic [Most-1:0] queue, rest;
  logic [7:0]      count, rest_count, take;
  assign accept  = word_valid_i & word_ready;
  assign here    = accept & ~ended_q;  // a word of the stream at work
  assign late    = Slots == 2 & entered_q & waits_q & count_q == '0 & here;
  assign queue   = late ? queue_q | (Most'(word_i) << count_q) : queue_q;
  assign count   = late ? count_q + 8'd32 : count_q;
  assign ended   = ended_q | (late & word_last_i);
  assign take    = take_valid_i ? 8'(take_i) : 8'd0;
  assign missing = take > count;
  assign rest       = queue >> take;
  assign rest_count = missing ? 8'd0 : count - take;

  logic [Most-1:0] next_queue;  // with the word at the port
  logic [7:0]      next_count;
  logic            next_ended;
  assign next_queue = accept & ended_q ? next_queue_q | (Most'(word_i) << next_count_q) : next_queue_q;
  assign next_count = accept & ended_q ? next_count_q + 8'd32 : next_count_q;
  assign next_ended = next_ended_q | (accept & ended_q & word_last_i);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {here_q, short_q, next_q, next_ended_q, left_q, left_clean_q, left_short_q} <= '0;
      {queue_q, count_q, next_queue_q, next_count_q, entered_q, far_q} <= '0;
      ended_q <= 1'b1;
    end else begin
      here_q    <= enter_i | (here_q & ~leave_i);
      entered_q <= enter_i;
      far_q     <= enter_i & enter_take_i >= 6'd16;
      next_q    <= announce_i | (next_q & ~enter_i);
      if (enter_i) begin
        queue_q      <= next_queue >> enter_take_i;
        count_q      <= next_count < 8'(enter_take_i) ? 8'd0 : next_count - 8'(enter_take_i);
        short_q      <= next_count < 8'(enter_take_i);
        ended_q      <= next_ended;
        next_queue_q <= '0;
        next_count_q <= '0;
      end else begin
        queue_q      <= leave_i | ~here_q ? '0
                      : here & ~late ? rest | (Most'(word_i) << rest_count) : rest;
        count_q      <= leave_i | ~here_q ? 8'd0 : here & ~late ? rest_count + 8'd32 : rest_count;
        short_q      <= short_q | missing;
        ended_q      <= ended_q | (here & word_last_i);
        next_queue_q <= next_queue;
        next_count_q <= next_count;
      end
      if (announce_i) next_ended_q <= announce_empty_i;
      else if (enter_i) next_ended_q <= 1'b0;
      else next_ended_q <= next_ended;
      if (leave_i) begin
        left_q       <= 1'b1;
        left_clean_q <= ended & rest_count < 8'd32 & rest == '0;
        left_short_q <= short_q | missing;
      end
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The environment: what the comments of the ports want.
  `RESET_ONCE
  logic        last_q;
  logic [31:0] word_q;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni & word_valid_i & ~word_ready;
    word_q  <= word_i;
    last_q  <= word_last_i;
  end
  always_comb begin
    if (waits_q) assume (word_valid_i & word_i == word_q & word_last_i == last_q);
    if (announce_i) assume (announce_ready);
    if (enter_i) begin
      assume (next & (~open | leave_i));
      assume (enter_take_i <= (Slots == 2 ? 6'd0 : 6'd32));
      assume (enter_take_i == '0 | head_valid);
    end
    if (leave_i) assume (open & take_valid_i);
    if (take_valid_i) begin
      assume (enough & ~far_q);
      assume (32'(take_i) <= Window);
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // What is proven
  logic shown;
  assign shown = enough & ~far_q;
  always_comb begin
    if (rst_ni) begin
      // No underflow: a take finds as many bits as it may want, or the stream's end.
      `CHECK(EnoughIsThere, ~shown | (here_q & (ended | count >= 8'(Window))))
      `CHECK(BitsInOrder, ~shown | bits == queue[Window-1:0])
      `CHECK(FillCounts, ~shown | 8'(fill) == count)
      // No overflow: three words, or two and the one that is handed over late.
      `CHECK(RoomForAll, count_q + next_count_q <= 8'd96)
      `CHECK(OpenAsEntered, open == here_q)
      `CHECK(DrainsToTheEnd, draining ? ~here_q : here_q | ended_q)
      `CHECK(OneIsAnnounced, announce_ready == ~next_q)
      `CHECK(NextIsBehindTheEnd, ~next | (next_q & ended_q))
      `CHECK(HeadIsTheNextsFirst, ~head_valid | (next_count_q >= 8'd32 ? head == next_queue_q[31:0]
                                                                         : next_ended_q & head == '0))
      `CHECK(CleanIfAllIsRead, ~left_q | clean == left_clean_q)
      `CHECK(ShortIfBeyondTheEnd, ~left_q | short_read == left_short_q)
      `REACH(ALaterStreamIsShort, left_q & left_short_q & here_q & next_q)
      `REACH(FullAndTaken, take_valid_i & count == 8'(32 * (Slots - 1)) & take == 8'(Window))
      `REACH(CleanEnd, left_q & left_clean_q & ~left_short_q & here_q & count != '0)
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // How slots hold the queues: what makes the rest inductive.
`ifndef FORMAL_BLACK_BOX
  (* hierconn *) logic [31:0] \dut.slot0_q , \dut.slot1_q , \dut.slot2 ;
  (* hierconn *) logic        \dut.last0_q , \dut.last1_q , \dut.last2 , \dut.valid1_q , \dut.valid2 ;
  (* hierconn *) logic        \dut.dead_q , \dut.skip_q , \dut.copied_q , \dut.next_ended_q , \dut.short_q ;
  (* hierconn *) logic [4:0]  \dut.pos_q ;
  logic [31:0] slot0, slot1, slot2;
  logic        last0, last1, last2, valid1, valid2, dead, skip, copied, dut_next_ended, dut_short;
  logic [4:0]  pos;
  assign {slot0, slot1, slot2} = {\dut.slot0_q , \dut.slot1_q , \dut.slot2 };
  assign {last0, last1, last2} = {\dut.last0_q , \dut.last1_q , \dut.last2 };
  assign {valid1, valid2, dead, skip} = {\dut.valid1_q , \dut.valid2 , \dut.dead_q , \dut.skip_q };
  assign {copied, dut_next_ended, dut_short} = {\dut.copied_q , \dut.next_ended_q , \dut.short_q };
  assign pos = \dut.pos_q ;
  logic [95:0] words;
  logic [1:0]  n_words, n_here;  // that slots hold, of the stream that slot 0 is of
  logic        slots_end;
  logic [7:0]  here_bits, gone;
  logic [95:0] here_words, next_words;
  assign words      = {slot2, slot1, slot0};
  assign n_words    = 2'd1 + 2'(valid1) + 2'(valid2);
  assign n_here     = last0? 2'd1 : valid1& last1? 2'd2 : n_words;
  assign slots_end  = last0| (valid1& last1) | (valid2& last2);
  assign here_bits  = {1'b0, n_here, 5'b0};
  assign here_words = words & ~({96{1'b1}} << here_bits);
  assign next_words = (words & ~({96{1'b1}} << {n_words, 5'b0})) >> here_bits;
  assign gone = 8'(pos) + (dead? 8'd32 : 8'd0) + (skip? 8'd32 : 8'd0);
  always_comb begin
    if (rst_ni) begin
      `CHECK(NoHole, ~valid2| valid1)
      `CHECK(HereAreTheWords, ~here_q | (queue == Most'(here_words >> gone)
                                          & count == (gone > here_bits ? 8'd0 : here_bits - gone)))
      `CHECK(NextAreTheWords, next_queue_q == Most'(next_words)
                               & next_count_q == {1'b0, n_words - n_here, 5'b0})
      `CHECK(GoneWasHere, ~here_q | slots_end | gone <= here_bits)
      `CHECK(EndIsMarked, ended == slots_end)
      `CHECK(NextEndIsMarked, n_here == n_words | next_ended_q == (n_words == 2'd2 ? last1: last2))
      `CHECK(NoneIsMarkedBetween, ~(n_here == 2'd1 & n_words == 2'd3 & last1))
      `CHECK(NextComesLater, (ended_q | next_count_q == '0) & (next_q | (next_count_q == '0 & ~next_ended_q)))
      `CHECK(NextAsAnnounced, ~next_q | dut_next_ended== next_ended_q)
      `CHECK(DeadBetween, here_q | dead)
      `CHECK(InReach, ~(here_q & dead& ~last0& ~far_q) | Window > 16 | ~pos[4])
      `CHECK(FarIsBegun, ~far_q | (here_q & dead& entered_q))
      `CHECK(SkipIsFar, ~skip| (far_q & pos== '0))
      `CHECK(ShortAsHere, ~here_q | dut_short== short_q)
      `CHECK(EnteredIsDead, ~entered_q | (here_q & dead))
      `CHECK(CopiedIsAtThePort, copied== (Slots == 2 & entered_q & waits_q & count_q == '0 & ~ended_q))
      `CHECK(CopiedIsTheWord, ~copied| (n_here == 2'd2 & slot1== word_q & last1== last_q ))
    end
  end
`endif
endmodule
