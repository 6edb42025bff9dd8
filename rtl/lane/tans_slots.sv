// tans_slots.sv — the slots of a tANS table of at most 16 rows out of its counts, a group per cycle.
//
// The table of the step spread (model/coder/tans.hpp), in the order of its slots. Occurrence j of all
// symbols in ascending order lies at slot j * step mod L, L = 2^R, and the step is odd: slot u holds
// occurrence u * step^-1 mod L, whose symbol s is the one with cum[s] <= j < cum[s+1]. A register per
// slot of a group has its j, and a register per symbol the x that its next slot gets: freq[s], then
// one more for each slot that has s.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module tans_slots #(
  parameter int TableLog = codec_pkg::MaxTableLog,
  parameter int Slots    = codec_pkg::LoadEntries,  // of a group
  localparam int Rows    = codec_pkg::TansBuildRows,
  localparam int CumBits = TableLog + 1,  // of a count, and of x
  localparam int RowBits = $clog2(Rows),
  localparam int SlotBits  = $clog2(Slots),
  localparam int CountBits = $clog2(Slots + 1)
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,       // of assertions
  input  logic [3:0]               table_log_i,  // R
  input  logic [Rows*CumBits-1:0]  cums_i,       // counts; R and they rest from the cycle before the
  input  logic                     good_i,       //   first group on; they are counts
  input  logic                     build_i,      // a group, from slot 0 on
  output logic [Slots*RowBits-1:0] symbols_o,    // in the next cycle
  output logic [Slots*CumBits-1:0] xs_o
);
  logic [TableLog-1:0]         in_table;  // bits of a slot
  logic [TableLog-1:0]         inverse;   // of the step
  logic [Slots*TableLog-1:0]   occurrence_q;
  logic [Rows*CumBits-1:0]     next_q;    // x of a symbol's next slot
  logic [(Rows+1)*CumBits-1:0] bounds;
  logic [Slots*Rows-1:0]       hits;      // one bit for each slot
  logic [Slots*RowBits-1:0]    symbols;
  logic [Slots*CumBits-1:0]    xs;
  assign in_table = ~({TableLog{1'b1}} << table_log_i);
  assign inverse  = TableLog'(codec_pkg::step_inverse(table_log_i));
  assign bounds   = {CumBits'(1) << table_log_i, cums_i};

  for (genvar e = 0; e < Slots; e++) begin : gen_slot
    logic [Rows:0]   reached;
    logic [Rows-1:0] hit;
    assign reached[0]    = 1'b1;
    assign reached[Rows] = 1'b0;
    for (genvar s = 1; s < Rows; s++) begin : gen_row
      assign reached[s] = bounds[s*CumBits +: CumBits]
                        <= {1'b0, occurrence_q[e*TableLog +: TableLog]};
    end
    assign hit = reached[Rows-1:0] & ~reached[Rows:1];
    assign hits[e*Rows +: Rows] = hit;
    always_comb begin
      symbols[e*RowBits +: RowBits] = '0;
      for (int s = 0; s < Rows; s++) begin
        symbols[e*RowBits +: RowBits] = symbols[e*RowBits +: RowBits]
                                      | (RowBits'(s) & {RowBits{hit[s]}});
      end
    end
    `TRANSOM_ASSERT(OneSymbol, build_i & good_i |-> $onehot(hit))
  end
  for (genvar e = 0; e < Slots; e++) begin : gen_x
    logic [SlotBits-1:0] earlier;  // slots of this group with the same symbol
    logic [CumBits-1:0]       first;    // x of the first of these
    always_comb begin
      earlier = '0;
      for (int b = 0; b < e; b++) begin
        earlier = earlier + SlotBits'(symbols[b*RowBits +: RowBits]
                                      == symbols[e*RowBits +: RowBits]);
      end
      first = '0;
      for (int s = 0; s < Rows; s++) begin
        first = first | (next_q[s*CumBits +: CumBits] & {CumBits{hits[e*Rows+s]}});
      end
    end
    assign xs[e*CumBits +: CumBits] = first + CumBits'(earlier);
  end

  for (genvar s = 0; s < Rows; s++) begin : gen_next
    logic [CountBits-1:0] count;  // of the group's slots that have s
    always_comb begin
      count = '0;
      for (int e = 0; e < Slots; e++) count = count + CountBits'(hits[e*Rows+s]);
    end
    always_ff @(posedge clk_i) begin
      next_q[s*CumBits +: CumBits] <= build_i
        ? next_q[s*CumBits +: CumBits] + CumBits'(count)
        : bounds[(s+1)*CumBits +: CumBits] - bounds[s*CumBits +: CumBits];
    end
  end
  always_ff @(posedge clk_i) begin
    for (int e = 0; e < Slots; e++) begin
      occurrence_q[e*TableLog +: TableLog] <= in_table
        & (build_i ? occurrence_q[e*TableLog +: TableLog] + TableLog'(Slots) * inverse
                   : TableLog'(e) * inverse);
    end
    symbols_o <= symbols;
    xs_o      <= xs;
  end
endmodule
