// wide_window_properties.sv — wide_window: the halfwords of every beat that count, each once, in order, side by side.
//
// Of the halfwords that are shown at most as many as there are, any number, leave in a clock. One is
// followed, any one of a beat, to the clock in which it leaves: all along it stands at its place.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module wide_window_properties #(
  parameter int Halves   = 8,
  parameter int DataBits = 64,
  localparam int BeatHalves   = DataBits / 16,
  localparam int BeatWordBits = $clog2(DataBits / 32),
  localparam int PlaceBits    = $clog2(Halves + 2 * BeatHalves),
  localparam int TakeBits     = $clog2(Halves + 1)
) (
  input logic                    clk_i,
  input logic                    rst_ni,
  input logic                    clear_i,
  input logic                    none_i,
  input logic                    beat_valid_i,
  input logic [DataBits-1:0]     beat_i,
  input logic [BeatWordBits-1:0] beat_last_i,
  input logic                    beat_end_i,
  input logic [TakeBits-1:0]     take_i,
  input logic                    follow_i,
  input logic [$clog2(BeatHalves)-1:0] place_i
);
  logic                 beat_take, loaded;
  logic [Halves*16-1:0] halves;
  logic [PlaceBits:0]   fill;
  wide_window #(
    .Halves(Halves), .DataBits(DataBits)
  ) dut (
    .clk_i, .rst_ni, .clear_i, .none_i, .beat_valid_i, .beat_i, .beat_last_i, .beat_end_i,
    .beat_take_o(beat_take), .halves_o(halves), .fill_o(fill), .loaded_o(loaded), .take_i
  );

  logic               followed_q, ended_q;
  logic [PlaceBits:0] count_q, ahead_q, come;
  logic [15:0]        half_q;
  assign come = ~beat_take ? '0 : beat_end_i ? (PlaceBits + 1)'({beat_last_i, 1'b0}) + (PlaceBits + 1)'(2)
                                             : (PlaceBits + 1)'(BeatHalves);
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {followed_q, ended_q, count_q, ahead_q, half_q} <= '0;
    end else if (clear_i) begin
      {followed_q, count_q} <= '0;
      ended_q <= none_i;
    end else begin
      count_q <= count_q - (PlaceBits + 1)'(take_i) + come;
      ended_q <= ended_q | (beat_take & beat_end_i);
      if (followed_q) begin
        if (ahead_q < (PlaceBits + 1)'(take_i)) followed_q <= 1'b0;
        else ahead_q <= ahead_q - (PlaceBits + 1)'(take_i);
      end else if (follow_i & (PlaceBits + 1)'(place_i) < come) begin
        followed_q <= 1'b1;
        ahead_q    <= count_q + (PlaceBits + 1)'(place_i) - (PlaceBits + 1)'(take_i);
        half_q     <= beat_i[place_i*16 +: 16];
      end
    end
  end

  `RESET_ONCE
  logic shown;
  assign shown = followed_q & 32'(ahead_q) < Halves;
  always_comb begin
    assume (32'(take_i) <= Halves & (PlaceBits + 1)'(take_i) <= count_q);
    if (rst_ni) begin
      `CHECK(FillCounts, fill == count_q)
      `CHECK(NeverTooMany, 32'(count_q) <= 2**PlaceBits)
      `CHECK(InOrder, ~shown | halves[ahead_q[TakeBits-1:0]*16 +: 16] == half_q)
      `CHECK(LoadedAtTheEnd, loaded == ended_q)
      `CHECK(NothingBehindTheEnd, ~(beat_take & (ended_q | ~beat_valid_i)))
      // A round's halfwords are there before the window is full.
      `CHECK(TakesBeats, ~beat_valid_i | ended_q | beat_take | 32'(count_q) >= Halves)
      `REACH(LeavesBehindOthers, shown & ahead_q == (PlaceBits + 1)'(Halves - 1) & 32'(take_i) == Halves)
      `REACH(OddTake, followed_q & take_i == TakeBits'(3) & beat_take)
      `REACH(EndsAndEmpties, ended_q & count_q == '0 & ~followed_q)
    end
  end

`ifndef FORMAL_BLACK_BOX
  // Where the one that is followed lies in the ring.
  localparam int SlotBits = PlaceBits - $clog2(BeatHalves);
  (* hierconn *) logic [16*2**PlaceBits-1:0] \dut.ring_q ;
  (* hierconn *) logic [PlaceBits-1:0] \dut.head_q ;
  (* hierconn *) logic [SlotBits-1:0]  \dut.slot_q ;
  logic [16*2**PlaceBits-1:0] ring;
  logic [PlaceBits-1:0] head, place, tail;
  logic [SlotBits-1:0]  slot;
  assign ring  = \dut.ring_q ;
  assign head  = \dut.head_q ;
  assign slot  = \dut.slot_q ;
  assign place = head + ahead_q[PlaceBits-1:0];
  assign tail  = head + count_q[PlaceBits-1:0];
  always_comb begin
    if (rst_ni) begin
      `CHECK(StandsInItsPlace, ~followed_q | (ahead_q < count_q & ring[place*16 +: 16] == half_q))
      `CHECK(NextBeatIsBehind, ended_q | tail == {slot, {$clog2(BeatHalves){1'b0}}})
      `CHECK(Fits, 32'(count_q) + 32'(head[$clog2(BeatHalves)-1:0]) <= 2**PlaceBits)
    end
  end
`endif
endmodule
