// wide_window.sv — the next halfwords of the section, beside each other.
//
// A ring of whole beats: halfword h of the section lies at h mod Capacity, so nothing moves when
// beats come or halfwords go; what is shown is turned by where the next one lies. A beat is taken in
// when its place is free, which registers alone tell. The section's last beat tells how many of its
// halfwords count, and that nothing follows (loaded_o).
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module wide_window #(
  parameter int Halves   = 16,   // that are shown, a power of two
  parameter int DataBits = 128,
  localparam int BeatHalves   = DataBits / 16,
  localparam int BeatHalfBits = $clog2(BeatHalves),
  localparam int BeatWordBits = $clog2(DataBits / 32),
  localparam int PlaceBits = $clog2(Halves + 2 * BeatHalves),
  localparam int Capacity  = 1 << PlaceBits,
  localparam int TakeBits  = $clog2(Halves + 1)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    clear_i,       // a section begins
  input  logic                    none_i,        // with clear_i: it has no words
  // beats
  input  logic                    beat_valid_i,
  input  logic [DataBits-1:0]     beat_i,
  input  logic [BeatWordBits-1:0] beat_last_i,   // the last word that counts
  input  logic                    beat_end_i,    // it is the section's last
  output logic                    beat_take_o,
  // halfwords
  output logic [Halves*16-1:0]    halves_o,      // what lies above fill_o is of no meaning
  output logic [PlaceBits:0]      fill_o,
  output logic                    loaded_o,      // nothing more comes
  input  logic [TakeBits-1:0]     take_i         // at most fill_o
);
  localparam int Slots    = Capacity / BeatHalves;
  localparam int SlotBits = PlaceBits - BeatHalfBits;

  logic [Capacity*16-1:0] ring_q;
  logic [PlaceBits-1:0]   head_q;  // place of the next halfword
  logic [SlotBits-1:0]    slot_q;  // of the next beat
  logic [PlaceBits:0]     fill_q, used, come;
  logic                   loaded_q, load;

  // From the begin of the beat that the next halfword is in.
  assign used = fill_q + (PlaceBits + 1)'(head_q[BeatHalfBits-1:0]);
  assign load = beat_valid_i & ~loaded_q & used <= (PlaceBits + 1)'(Capacity - BeatHalves);
  assign come = ~load ? '0
              : beat_end_i ? (PlaceBits + 1)'({beat_last_i, 1'b0}) + (PlaceBits + 1)'(2)
              : (PlaceBits + 1)'(BeatHalves);

  for (genvar s = 0; s < Slots; s++) begin : gen_slot
    always_ff @(posedge clk_i) begin
      if (load & slot_q == SlotBits'(s)) ring_q[s*DataBits +: DataBits] <= beat_i;
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      head_q   <= '0;
      slot_q   <= '0;
      fill_q   <= '0;
      loaded_q <= 1'b0;
    end else if (clear_i) begin
      head_q   <= '0;
      slot_q   <= '0;
      fill_q   <= '0;
      loaded_q <= none_i;
    end else begin
      head_q <= head_q + PlaceBits'(take_i);
      fill_q <= fill_q - (PlaceBits + 1)'(take_i) + come;
      if (load) begin
        slot_q   <= slot_q + 1'b1;
        loaded_q <= beat_end_i;
      end
    end
  end

  // The ring from head_q on: the higher bits of head_q turn first, as fewer bits are left then.
  logic [2*Capacity*16-1:0] turned;
  always_comb begin
    turned = {ring_q, ring_q};
    for (int b = PlaceBits - 1; b >= 0; b--) begin
      if (head_q[b]) turned = turned >> (16 << b);
    end
  end
  assign halves_o    = turned[Halves*16-1:0];
  assign beat_take_o = load;
  assign fill_o      = fill_q;
  assign loaded_o    = loaded_q;

  `TRANSOM_ASSERT_INIT(HalvesIsPower, Halves >= 8 && Halves == 1 << $clog2(Halves))
  `TRANSOM_ASSERT(NothingBehindTheLast, loaded_q |-> ~beat_valid_i)
  `TRANSOM_ASSERT(TakesWhatIsThere, (PlaceBits + 1)'(take_i) <= fill_q)
  `TRANSOM_ASSERT(FillBelowCapacity, used <= (PlaceBits + 1)'(Capacity))
endmodule
