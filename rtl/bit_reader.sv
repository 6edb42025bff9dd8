// bit_reader.sv — a word stream as a window of bits: look at 16, take 0..16 of them each cycle.
//
// Bit 0 of the first word comes first. Total: past the end of the stream the window is zero, and
// short_o tells that missing bits were taken. A word is taken in while at most one is buffered, so
// a source that offers one in every cycle is never outrun by 16 bits a cycle.
// word_ready_o is a function of registers alone: a source may wait for it, it waits for nobody.
// SPDX-License-Identifier: Apache-2.0
module bit_reader (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        clear_i,       // empties the buffer; the stream begins in the next cycle
  input  logic        open_i,        // words are taken in only while open
  // words
  input  logic        word_valid_i,
  input  logic [31:0] word_i,
  input  logic        word_end_i,    // no further word beyond the one offered now
  output logic        word_ready_o,
  // bits
  input  logic [4:0]  take_i,        // bits taken in this cycle, 0..16; 0 unless enough_o
  output logic [15:0] bits_o,        // the next bits, zero beyond fill_o
  output logic [codec_pkg::FillBits-1:0] fill_o,
  output logic        enough_o,      // any take is allowed
  // end of stream
  output logic        clean_o,       // all words read, and what is left of the last one is zero
  output logic        short_o        // bits past the end were taken
);
  localparam int FillBits = codec_pkg::FillBits;
  localparam int WordBits = codec_pkg::WordBits;

  logic [63:0]         buf_q, buf_d, merged;
  logic [FillBits-1:0] fill_q, fill_d, available;
  logic                short_q;
  logic                accept, ended, missing;

  assign word_ready_o = open_i & (fill_q <= FillBits'(WordBits));
  assign accept       = word_valid_i & word_ready_o;
  assign ended        = word_end_i & ~word_valid_i;

  // Not compared with the bits that the step wants: the table's output stays out of the handshake.
  assign enough_o = (fill_q >= FillBits'(16)) | ended;
  assign bits_o   = buf_q[15:0];
  assign fill_o   = fill_q;

  // The word lands behind the buffered bits before these move down.
  assign merged    = accept ? buf_q | ({32'b0, word_i} << fill_q[5:0]) : buf_q;
  assign available = accept ? fill_q + FillBits'(WordBits) : fill_q;
  assign missing   = {{(FillBits - 5){1'b0}}, take_i} > available;
  assign buf_d     = merged >> take_i;
  assign fill_d    = missing ? '0 : available - {{(FillBits - 5){1'b0}}, take_i};

  assign clean_o = ended & (fill_q < FillBits'(WordBits)) & (buf_q == '0);
  assign short_o = short_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      buf_q   <= '0;
      fill_q  <= '0;
      short_q <= 1'b0;
    end else if (clear_i) begin
      buf_q   <= '0;
      fill_q  <= '0;
      short_q <= 1'b0;
    end else begin
      buf_q   <= buf_d;
      fill_q  <= fill_d;
      short_q <= short_q | missing;
    end
  end

`ifdef VERILATOR
  // The source: a word stays until it is taken, and the end is the end.
  logic        waits_q;
  logic [31:0] word_q;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni & open_i & ~clear_i & word_valid_i & ~word_ready_o;
    word_q  <= word_i;
    if (rst_ni & waits_q) WordStays: assert (word_valid_i & (word_i == word_q));
  end
  EndStays: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (open_i & ~clear_i & ended) |=> (ended | ~open_i));
  // The lane.
  TakeAtMost16: assert property (@(posedge clk_i) disable iff (!rst_ni) take_i <= 5'd16);
  TakeOnlyEnough: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (take_i != '0) |-> enough_o);
  // The buffer.
  FillBound: assert property (@(posedge clk_i) disable iff (!rst_ni) fill_q <= FillBits'(64));
  ZeroBeyondFill: assert property (@(posedge clk_i) disable iff (!rst_ni)
    fill_q[6] | ((buf_q >> fill_q[5:0]) == '0));
  ShortOnlyAtEnd: assert property (@(posedge clk_i) disable iff (!rst_ni) missing |-> ended);
`endif
endmodule
