// bit_reader.sv — word streams, one after the other, as a window of bits: look at some, take some.
//
// Bit 0 of the first word comes first. Total: past the end of a stream the window is zero, and
// short_o tells that missing bits were taken. A word is taken in while at most three windows are
// buffered. So a source that offers one in every cycle is never outrun; and the stream's last word,
// if it is wanted at all, is there two cycles before the last take: enough for the next one's head.
// A stream is announced, entered and left. While the current one is read to its end, the first words
// of the announced one are taken in behind it and wait as its head: leaving one stream and entering
// the other is one cycle, and the next take may come in the cycle after. Words that are left over
// when a stream is left are drained.
// word_ready_o is a function of registers alone: a source may wait for it, it waits for nobody.
// SPDX-License-Identifier: Apache-2.0
module bit_reader #(
  parameter int Window    = 16,  // most bits that a cycle takes, 16 or 32
  parameter int HeadWords = 1,   // words that may wait as the head of the announced stream, 1 or 2
  localparam int TakeBits = $clog2(Window + 1)
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // streams
  input  logic        announce_i,        // another stream follows
  input  logic        announce_empty_i,  // it has no word
  output logic        announce_ready_o,
  output logic        head_valid_o,      // the announced stream may be entered
  output logic [31:0] head_o,            // its first bits, zero beyond its end
  input  logic        enter_i,
  input  logic [5:0]  enter_take_i,      // bits of the head taken on entering, 0..32
  input  logic        leave_i,           // the take of this cycle was the stream's last
  output logic        open_o,            // in a stream
  output logic        draining_o,
  // words
  input  logic        word_valid_i,
  input  logic [31:0] word_i,
  input  logic        word_last_i,       // of its stream
  output logic        word_ready_o,
  // bits
  input  logic [TakeBits-1:0] take_i,    // bits taken in this cycle; 0 unless enough_o
  output logic [Window-1:0]   bits_o,    // the next bits, zero beyond fill_o
  output logic [codec_pkg::FillBits-1:0] fill_o,
  output logic        enough_o,          // any take is allowed
  // verdict on a stream, in the cycle after it was left
  output logic        clean_o,           // all words were read, and the rest of the last one is zero
  output logic        short_o            // bits past the end were taken
);
  localparam int HeadBits  = 32 * HeadWords;
  localparam int Most      = 3 * Window;  // buffered, for a word to be taken in
  localparam int BufBits   = Most + codec_pkg::WordBits;
  localparam int FillBits  = $clog2(BufBits + 1);
  localparam int ShiftBits = $clog2(Most + 1);
  localparam logic [FillBits-1:0] Word = FillBits'(codec_pkg::WordBits);

  // The stream that is read.
  logic [BufBits-1:0]  buf_q, buf_d, merged;
  logic [FillBits-1:0] fill_q, fill_d, available, take;
  logic                open_q, ended_q, ended_d, short_q, missing, drain_q;
  // The one announced.
  logic                next_q, next_ended_q, next_ended_d;
  logic [HeadBits-1:0] head_q, head_d;
  logic [FillBits-1:0] head_fill_q, head_available, enter_take;
  logic                enter_missing;
  // The one just left.
  logic                left_short_q, left_whole_q, left_in_head_q;
  logic [31:0]         rest;
  logic                to_buffer, to_head, accept, accept_buffer, accept_head;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Words go to the stream that has not ended yet.
  assign to_buffer = open_q & ~ended_q;
  assign to_head   = ~to_buffer & ~drain_q & next_q & ~next_ended_q
                   & (head_fill_q < FillBits'(HeadBits));
  assign word_ready_o  = drain_q | (to_buffer ? fill_q <= FillBits'(Most) : to_head);
  assign accept        = word_valid_i & word_ready_o;
  assign accept_buffer = accept & to_buffer;
  assign accept_head   = accept & to_head;

  // Not compared with the bits that the step wants: the table's output stays out of the handshake.
  assign enough_o = open_q & ((fill_q >= FillBits'(Window)) | ended_q);
  assign bits_o   = buf_q[Window-1:0];
  assign fill_o   = codec_pkg::FillBits'(fill_q);
  assign open_o   = open_q;

  // The word lands behind the buffered bits before these move down.
  assign take      = FillBits'(take_i);
  assign merged    = accept_buffer ? buf_q | (BufBits'(word_i) << fill_q[ShiftBits-1:0]) : buf_q;
  assign available = accept_buffer ? fill_q + Word : fill_q;
  assign missing   = take > available;
  assign buf_d     = merged >> take_i;
  assign fill_d    = missing ? '0 : available - take;
  assign ended_d   = ended_q | (accept_buffer & word_last_i);

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The head
  if (HeadWords == 1) begin : gen_one
    assign head_d = accept_head ? word_i : head_q;
  end else begin : gen_two
    always_comb begin
      head_d = head_q;
      if (accept_head) head_d = head_fill_q == '0 ? {32'b0, word_i} : {word_i, head_q[31:0]};
    end
  end
  assign head_available   = accept_head ? head_fill_q + Word : head_fill_q;
  assign next_ended_d     = next_ended_q | (accept_head & word_last_i);
  assign announce_ready_o = ~next_q;
  assign head_valid_o     = next_q & ~to_buffer & ~drain_q & ((head_fill_q != '0) | next_ended_q);
  assign head_o           = head_fill_q != '0 ? head_q[31:0] : '0;
  assign enter_take       = FillBits'(enter_take_i);
  assign enter_missing    = enter_take > head_available;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // What is left of a stream lies where no word has come since.
  assign rest       = left_in_head_q ? head_q[31:0] : buf_q[31:0];
  assign clean_o    = left_whole_q & (rest == '0);
  assign short_o    = left_short_q;
  assign draining_o = drain_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      buf_q          <= '0;
      fill_q         <= '0;
      open_q         <= 1'b0;
      ended_q        <= 1'b0;
      short_q        <= 1'b0;
      drain_q        <= 1'b0;
      next_q         <= 1'b0;
      next_ended_q   <= 1'b0;
      head_q         <= '0;
      head_fill_q    <= '0;
      left_short_q   <= 1'b0;
      left_whole_q   <= 1'b0;
      left_in_head_q <= 1'b0;
    end else begin
      buf_q        <= buf_d;
      fill_q       <= fill_d;
      ended_q      <= ended_d;
      short_q      <= short_q | missing;
      head_q       <= head_d;
      head_fill_q  <= head_available;
      next_ended_q <= next_ended_d;
      if (drain_q) drain_q <= ~(accept & word_last_i);
      if (announce_i) begin
        next_q       <= 1'b1;
        next_ended_q <= announce_empty_i;
      end
      if (leave_i) begin
        open_q         <= 1'b0;
        drain_q        <= ~ended_d;
        left_short_q   <= short_q | missing;
        left_whole_q   <= ended_d & (fill_d < Word);
        left_in_head_q <= enter_i;
        if (enter_i) head_q <= HeadBits'(buf_d[31:0]);
      end
      if (enter_i) begin
        open_q      <= 1'b1;
        next_q      <= 1'b0;
        buf_q       <= head_available == '0 ? '0 : BufBits'(head_d) >> enter_take_i;
        fill_q      <= enter_missing ? '0 : head_available - enter_take;
        ended_q     <= next_ended_d;
        short_q     <= enter_missing;
        head_fill_q <= '0;
      end
    end
  end

`ifdef VERILATOR
  // The source: a word stays until it is taken.
  logic        waits_q, last_q;
  logic [31:0] word_q;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni & word_valid_i & ~word_ready_o;
    word_q  <= word_i;
    last_q  <= word_last_i;
    if (rst_ni & waits_q) begin
      WordStays: assert (word_valid_i & (word_i == word_q) & (word_last_i == last_q));
    end
  end
  // The lane.
  AnnounceOnlyReady: assert property (@(posedge clk_i) disable iff (!rst_ni)
    announce_i |-> announce_ready_o);
  EnterOnlyHead: assert property (@(posedge clk_i) disable iff (!rst_ni)
    enter_i |-> head_valid_o & (~open_q | leave_i));
  LeaveOnlyOpen: assert property (@(posedge clk_i) disable iff (!rst_ni) leave_i |-> open_q);
  TakeAtMostWindow: assert property (@(posedge clk_i) disable iff (!rst_ni)
    32'(take_i) <= Window);
  TakeOnlyEnough: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (take_i != '0) |-> enough_o);
  // The buffer.
  FillBound: assert property (@(posedge clk_i) disable iff (!rst_ni) fill_q <= FillBits'(BufBits));
  ZeroBeyondFill: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (buf_q >> fill_q) == '0);
  ShortOnlyAtEnd: assert property (@(posedge clk_i) disable iff (!rst_ni) missing |-> ended_d);
  OneSink: assert property (@(posedge clk_i) disable iff (!rst_ni)
    ~(to_buffer & to_head) & ~(drain_q & (to_buffer | to_head)));
  HeadIsWhole: assert property (@(posedge clk_i) disable iff (!rst_ni)
    head_fill_q[4:0] == '0);
`endif
endmodule
