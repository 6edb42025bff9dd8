// word_fifo.sv — beats of the bus in, the words of one channel out, one per cycle.
//
// A beat says itself which of its words count and whether the last of them ends a stream: so beats of
// the next stream may lie behind those of the current one, and nothing here knows of streams.
// The beat in front stands in a register and moves down a word at a time; the next one replaces it in
// the cycle of its last word. A beat is never refused: who asked for it has counted the room.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module word_fifo #(
  parameter int DataBits = 128,
  parameter int OutBits  = 32,   // of a word
  parameter int Beats    = 32,   // a power of two
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

  logic                room, head_valid, head_end, head_error, load, take;
  logic [DataBits-1:0] head_data;
  logic [WordBits-1:0] head_first, head_last;

  logic                valid_q, end_q, error_q;
  logic [DataBits-1:0] data_q;
  logic [WordBits-1:0] left_q;  // words behind the one in front

  fifo #(
    .Width(Width), .Depth(Beats)
  ) u_beats (
    .clk_i, .rst_ni, .push_i(beat_valid_i),
    .data_i({beat_error_i, beat_end_i, beat_last_i, beat_first_i, beat_i}), .room_o(room),
    .valid_o(head_valid), .data_o({head_error, head_end, head_last, head_first, head_data}),
    .pop_i(load)
  );

  assign take    = valid_q & ready_i;
  assign load    = head_valid & (~valid_q | (take & left_q == '0));
  assign freed_o = load;
  assign valid_o = valid_q;
  assign word_o  = data_q[OutBits-1:0];
  assign last_o  = end_q & left_q == '0;
  assign error_o = error_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      end_q   <= 1'b0;
      error_q <= 1'b0;
      data_q  <= '0;
      left_q  <= '0;
    end else if (load) begin
      valid_q <= 1'b1;
      end_q   <= head_end;
      error_q <= head_error;
      data_q  <= head_data >> (32'(head_first) * OutBits);
      left_q  <= head_last - head_first;
    end else if (take) begin
      valid_q <= left_q != '0;
      data_q  <= data_q >> OutBits;
      left_q  <= left_q - 1'b1;
    end
  end

  logic unused;  // but by an assertion
  assign unused = room;

  `TRANSOM_ASSERT(BeatHasRoom, beat_valid_i |-> room)
  `TRANSOM_ASSERT(WordsInOrder, beat_valid_i |-> beat_first_i <= beat_last_i)
endmodule
