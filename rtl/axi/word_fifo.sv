// word_fifo.sv — beats of the bus in, the words of one channel out, one per cycle.
//
// A beat says itself which of its words count and whether the last of them ends a stream: so beats of
// the next stream may lie behind those of the current one, and nothing here knows of streams.
// The beat in front stands at the output of the FIFO's memory, and a counter chooses its word; the
// next one replaces it in the cycle of its last word. A beat is never refused: who asked for it has
// counted the room.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module word_fifo #(
  parameter int DataBits = 128,
  parameter int OutBits  = 32,   // of a word
  parameter int Beats    = 32,   // a power of two
  parameter bit Macro    = 1'b1, // beat_fifo's
  localparam int Words    = DataBits / OutBits,
  localparam int WordBits = Words == 1 ? 1 : $clog2(Words)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  // beats
  input  logic                beat_valid_i,
  input  logic [DataBits-1:0] beat_i,
  input  logic [WordBits-1:0] beat_first_i,  // words that count
  input  logic [WordBits-1:0] beat_last_i,
  input  logic                beat_end_i,    // the last of them ends its stream
  input  logic                beat_error_i,
  output logic                freed_o,       // room for a beat has become free
  // words
  output logic                valid_o,
  output logic [OutBits-1:0]  word_o,
  output logic                last_o,        // of its stream
  output logic                error_o,       // of its beat
  input  logic                ready_i
);
  localparam int Width = DataBits + 2 * WordBits + 2;

  logic                valid, beat_end, last_word, take;
  logic [DataBits-1:0] beat;
  logic [WordBits-1:0] first, last, word;
  logic                begun_q;  // a word of the beat was taken
  logic [WordBits-1:0] next_q;   // the one behind it

  beat_fifo #(
    .Width(Width), .Beats(Beats), .Macro(Macro)
  ) u_beats (
    .clk_i, .rst_ni, .push_i(beat_valid_i),
    .data_i({beat_error_i, beat_end_i, beat_last_i, beat_first_i, beat_i}), .freed_o,
    .valid_o(valid), .data_o({error_o, beat_end, last, first, beat}), .take_i(take & last_word)
  );

  assign take      = valid & ready_i;
  assign word      = begun_q ? next_q : first;
  assign last_word = word == last;
  assign valid_o   = valid;
  assign word_o    = beat[word*OutBits +: OutBits];
  assign last_o    = beat_end & last_word;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      begun_q <= 1'b0;
      next_q  <= '0;
    end else if (take) begin
      begun_q <= ~last_word;
      next_q  <= word + 1'b1;
    end
  end

  `TRANSOM_ASSERT(WordsInOrder, beat_valid_i |-> beat_first_i <= beat_last_i)
endmodule
