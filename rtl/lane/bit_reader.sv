// bit_reader.sv — word streams, one after the other, as a window of bits: look at some, take some.
//
// Bit 0 of the first word comes first. Total: past the end of a stream the window is zero, and
// short_o tells that missing bits were taken.
// Slots hold words as they came, each with its mark of a stream's last; what moves is a position in
// slot 0. A word whose bits are all taken is dead: until it leaves, in the next cycle, the position
// counts in slot 1. So no take decides where a word goes, and the table's output stays away from the
// slots. A source that offers a word in every cycle is never outrun.
// A stream is announced, entered and left. Words of the announced one queue up behind the last word
// of the current one, which becomes the dead word before its first one: leaving one stream and
// entering the other is one cycle, and the next take may come in the cycle after. Words that are
// left over when a stream is left pass through slot 0, one in a cycle.
// With two slots the next stream's first word may still stand at the port when it is entered: then
// it is copied, and taken over in the next cycle.
// word_ready_o is a function of registers alone: a source may wait for it, it waits for nobody.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module bit_reader #(
  parameter int Window = 16,  // most bits that a cycle takes, 16 or 32
  parameter int Slots  = 3,   // 3; or 2 if Window is 16 and no bits are taken on entering
  localparam int TakeBits = $clog2(Window + 1)
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // streams
  input  logic        announce_i,        // another stream follows
  input  logic        announce_empty_i,  // it has no word
  output logic        announce_ready_o,
  output logic        next_o,            // the announced stream may be entered
  output logic        head_valid_o,      // and its first word is there, or it has none
  output logic [31:0] head_o,            // its first bits, zero beyond its end
  input  logic        enter_i,
  input  logic [5:0]  enter_take_i,      // bits of the head taken on entering, 0..15; 16..32 if no
                                         // bits are taken in the cycle after
  input  logic        leave_i,           // the take of this cycle was the stream's last
  output logic        open_o,            // in a stream
  output logic        draining_o,
  // words
  input  logic        word_valid_i,
  input  logic [31:0] word_i,
  input  logic        word_last_i,       // of its stream
  output logic        word_ready_o,
  // bits
  input  logic        take_valid_i,      // bits are taken in this cycle; only if enough_o
  input  logic [TakeBits-1:0] take_i,    // how many
  output logic [Window-1:0]   bits_o,    // the next bits, zero beyond the stream's end
  output logic [codec_pkg::FillBits-1:0] fill_o,  // bits of the stream that are here
  output logic        enough_o,          // any take is allowed
  // verdict on the stream that was left last
  output logic        clean_o,           // all words were read, and the rest of the last one is zero
  output logic        short_o            // bits past the end were taken
);
  localparam int W = codec_pkg::WordBits;

  // Slot 0 always holds a word. Those behind it may be of the announced stream.
  logic [W-1:0] slot0_q, slot1_q, slot2;
  logic         last0_q, last1_q, last2, valid1_q, valid2;
  logic [4:0]   pos_q;   // of the next bit in slot 0, in slot 1 if that is dead
  logic         dead_q, skip_q;
  logic         open_q, short_q, next_q, next_ended_q;  // next_ended: all of its words have come
  logic         copied_q;  // the word at the port is here already
  logic         left_clean_q, left_short_q;

  // The slot of the stream's last word.
  logic ends0, ends1, ends2, ended, head_here;
  assign ends0     = last0_q;
  assign ends1     = ~last0_q & valid1_q & last1_q;
  assign ends2     = ~last0_q & ~last1_q & valid2 & last2;
  assign ended     = ends0 | ends1 | ends2;
  assign head_here = ends0 ? valid1_q : ends1 & valid2;

  // A take of more than 16 bits may lead from a dead slot 0 into slot 2.
  logic ends_far;
  assign ends_far         = ends2 & Window > 16;
  assign announce_ready_o = ~next_q;
  assign next_o           = next_q & (ends0 | ends1 | ends_far);
  assign head_valid_o     = next_q & (head_here | (next_ended_q & (ends0 | ends1)));
  assign head_o           = head_here ? (ends0 ? slot1_q : slot2) : '0;
  assign open_o           = open_q;
  assign draining_o       = ~open_q & ~ends0 & ~ends1;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Words come in behind the others, and move down.
  logic drop, room, wanted, accept, copy, shift1, shift2, more1, valid1_d;
  assign drop         = dead_q & ~last0_q & valid1_q;
  assign room         = (Slots == 2 ? ~valid1_q : ~valid2) | drop;
  assign wanted       = ~ended | (next_q & ~next_ended_q);
  assign word_ready_o = copied_q | (room & wanted);
  assign accept       = word_valid_i & room & wanted & ~copied_q;
  assign shift2       = enter_i & ends_far;
  assign shift1       = drop | (enter_i & ends1);
  assign more1        = ~shift2 & (shift1 ? valid2 : valid1_q);  // a word is in slot 1 after the move
  assign copy         = Slots == 2 & enter_i & ends1 & ~room & wanted & word_valid_i;
  assign valid1_d     = more1 | accept | copy;

  always_ff @(posedge clk_i) begin
    if (shift2)      slot0_q <= slot2;
    else if (shift1) slot0_q <= slot1_q;
    if (shift1 & ~shift2 & valid2) {last1_q, slot1_q} <= {last2, slot2};
    else if (~more1)               {last1_q, slot1_q} <= {word_last_i, word_i};
  end
  if (Slots == 2) begin : gen_two
    assign {valid2, last2, slot2} = '0;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) copied_q <= 1'b0;
      else copied_q <= copy;
    end
  end else begin : gen_three
    logic         last2_q, valid2_q;
    logic [W-1:0] slot2_q;
    assign copied_q = 1'b0;
    assign {valid2, last2, slot2} = {valid2_q, last2_q, slot2_q};
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) valid2_q <= 1'b0;
      else valid2_q <= (~shift2 & ~shift1 & valid2_q) | (more1 & accept);
    end
    always_ff @(posedge clk_i) begin
      if (room) {last2_q, slot2_q} <= {word_last_i, word_i};
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Bits
  logic [W-1:0] next_word;  // slot 1, zero if it is of another stream
  logic [5:0]   sum, take;
  logic         over, far;
  assign next_word = slot1_q & {W{~last0_q}};
  assign over      = dead_q & last0_q;
  assign take      = 6'(take_i);
  assign sum       = 6'(pos_q) + take;
  if (Window == 16) begin : gen_16
    // A dead word has left before another 16 bits are taken: the position in slot 1 is below 16.
    logic [31:0] upper;
    assign upper    = dead_q ? next_word : pos_q[4] ? {next_word[15:0], slot0_q[31:16]} : slot0_q;
    assign bits_o   = 16'(upper >> pos_q[3:0]);
    assign far      = ((upper[31:16] >> pos_q[3:0]) != '0)
                    | (~dead_q & pos_q[4] & (next_word[31:16] != '0));
    assign enough_o = open_q & (ends0 | (skip_q ? ends1 | valid2 : valid1_q)
                                | (~dead_q & pos_q <= 5'd16));
  end else begin : gen_32
    logic [31:0] word, behind;
    assign word     = dead_q ? next_word : slot0_q;
    assign behind   = dead_q ? slot2 & {W{~last0_q & ~last1_q}} : next_word;
    assign bits_o   = 32'({behind, word} >> pos_q);
    assign far      = (behind >> pos_q) != '0;
    assign enough_o = open_q & (ends0 | (dead_q ? valid1_q & (last1_q | valid2 | pos_q == '0)
                                                : valid1_q | pos_q == '0));
  end
  assign fill_o = over ? '0
    : {{1'b0, ~dead_q} + {1'b0, ~ends0 & valid1_q} + {1'b0, ~ends0 & ~ends1 & valid2}, 5'b0}
      - 7'(pos_q);

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The end. The stream's last word is the one at the position, or the one behind it.
  logic at_last, before_last, missing, whole, rest;
  assign at_last     = dead_q ? ends1 : ends0;
  assign before_last = dead_q ? ends_far : ends1;
  assign missing     = over ? take != '0 : at_last & (sum > 6'd32);
  assign whole       = over | (at_last & sum != '0) | (before_last & sum > 6'd32);
  assign rest        = ((bits_o & ({Window{1'b1}} << take_i)) != '0) | far;
  assign clean_o     = left_clean_q;
  assign short_o     = left_short_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      last0_q  <= 1'b1;
      valid1_q <= 1'b0;
      dead_q   <= 1'b1;
      open_q   <= 1'b0;
      next_q   <= 1'b0;
    end else begin
      valid1_q <= valid1_d;
      if (enter_i) last0_q <= next_ended_q & ~head_here;  // it has no word
      else if (drop) last0_q <= last1_q;
      dead_q <= (dead_q & ~drop) | (take_valid_i & sum[5]) | skip_q | ~open_q | leave_i | enter_i;
      open_q <= enter_i | (open_q & ~leave_i);
      next_q <= announce_i | (next_q & ~enter_i);
    end
  end
  always_ff @(posedge clk_i) begin
    if (enter_i)           pos_q <= enter_take_i[4:0];
    else if (take_valid_i) pos_q <= sum[4:0];
    skip_q <= enter_i & enter_take_i[5];  // the head will be dead as soon as it is slot 0
    if (enter_i)           short_q <= next_ended_q & ~head_here & (enter_take_i != '0);
    else if (take_valid_i) short_q <= short_q | missing;
    if (announce_i) next_ended_q <= announce_empty_i;
    else if (accept & ended & word_last_i) next_ended_q <= 1'b1;
    if (leave_i) begin
      left_clean_q <= whole & ~rest;
      left_short_q <= short_q | missing;
    end
  end

`ifdef TRANSOM_ASSERTS
  // The source: a word stays until it is taken.
  logic         waits_q, last_q;
  logic [W-1:0] word_q;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni & word_valid_i & ~word_ready_o;
    word_q  <= word_i;
    last_q  <= word_last_i;
  end
  `TRANSOM_ASSERT(WordStays,
    waits_q |-> word_valid_i & (word_i == word_q) & (word_last_i == last_q))
`endif
  // The lane.
  `TRANSOM_ASSERT(AnnounceOnlyReady, announce_i |-> announce_ready_o)
  `TRANSOM_ASSERT(EnterOnlyNext, enter_i |-> next_o & (~open_q | leave_i))
  `TRANSOM_ASSERT(LeaveOnlyOpen, leave_i |-> open_q & take_valid_i)
  `TRANSOM_ASSERT(TakeAtMostWindow, take_valid_i |-> 32'(take_i) <= Window)
  `TRANSOM_ASSERT(TwoSlotsTakeNothingOnEntering, (Slots == 2 & enter_i) |-> enter_take_i == '0)
  `TRANSOM_ASSERT(TakeOnlyEnough, take_valid_i |-> enough_o)
  // The slots.
  `TRANSOM_ASSERT(NoHole, valid2 |-> valid1_q)
  `TRANSOM_ASSERT(DeadBetweenStreams, ~open_q |=> dead_q | open_q)
  `TRANSOM_ASSERT(AcceptedIsKept, accept |-> valid1_d)
  `TRANSOM_ASSERT(PositionInReach, (Window == 16 & take_valid_i & dead_q & ~over) |-> pos_q < 5'd16)
  `TRANSOM_ASSERT(ShortOnlyAtEnd, (take_valid_i & missing) |-> ends0 | (dead_q & ends1))
  `TRANSOM_ASSERT(CopiedIsThere, copied_q |-> word_valid_i & valid1_q & dead_q)
endmodule
