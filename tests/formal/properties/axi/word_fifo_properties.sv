// word_fifo_properties.sv — word_fifo: the words of every beat that count, each once, in order, the last one marked.
//
// `follow_i` picks a word of a beat, any.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module word_fifo_properties #(
  parameter int Words   = 4,  // of a beat
  parameter int OutBits = 4,
  parameter int Beats   = 4,
  localparam int WordBits  = $clog2(Words),
  localparam int Most      = Words * (Beats + 1),
  localparam int CountBits = $clog2(Most + 1)
) (
  input logic                     clk_i,
  input logic                     rst_ni,
  input logic                     beat_valid_i,
  input logic [Words*OutBits-1:0] beat_i,
  input logic [WordBits-1:0]      beat_first_i,
  input logic [WordBits-1:0]      beat_last_i,
  input logic                     beat_end_i,
  input logic                     beat_error_i,
  input logic                     ready_i,
  input logic                     follow_i,
  input logic [WordBits-1:0]      place_i
);
  logic                 freed, valid, last, error;
  logic [OutBits-1:0]   word;
  logic [WordBits-1:0]  place;  // in the beat
  logic [CountBits-1:0] count;
  logic [$clog2(Beats+1)-1:0] room_q;
  word_fifo #(
    .DataBits(Words * OutBits), .OutBits(OutBits), .Beats(Beats)
  ) dut (
    .clk_i, .rst_ni, .beat_valid_i, .beat_i, .beat_first_i, .beat_last_i, .beat_end_i, .beat_error_i,
    .freed_o(freed), .valid_o(valid), .word_o(word), .last_o(last), .error_o(error), .ready_i
  );
  assign place = beat_first_i + place_i;
  queue_check #(
    .Width(OutBits + 2), .Most(Most), .Latency(1)
  ) queue (
    .clk_i, .rst_ni, .follow_i,
    .push_i(beat_valid_i ? CountBits'(beat_last_i) - CountBits'(beat_first_i) + CountBits'(1) : '0),
    .place_i(CountBits'(place_i)),
    .item_i({beat_error_i, beat_end_i & place == beat_last_i, beat_i[place*OutBits +: OutBits]}),
    .valid_i(valid), .head_i({error, last, word}), .pop_i(valid & ready_i), .count_o(count)
  );
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) room_q <= ($clog2(Beats + 1))'(Beats);
    else room_q <= room_q + ($clog2(Beats + 1))'(freed) - ($clog2(Beats + 1))'(beat_valid_i);
  end

  `RESET_ONCE
  always_comb begin
    if (beat_valid_i) assume (room_q != '0 & beat_first_i <= beat_last_i);
  end
endmodule
