// nrans_step.sv — a step of narrow rANS, combinational: no table memory, no multiplier.
//
//   slot = x mod 2^R, block = x >> R, s: cum[s] <= slot < cum[s+1]
//   y = freq[s] * block + slot - cum[s];  x' = (y << k) | next k bits, in [2^(R+b), 2^(R+b+1))
//
// J. Duda, arXiv:1311.2540 (rANS), renormalised bit by bit. The state is t = x - 2^(R+b), aligned to
// the largest R: t << (TableLog - R). So nothing but where bits come in depends on R.
// The loop is: compare, select, add, shift. What else there is to it is known ahead, from constants
// of each symbol that nrans_table derives when a table is loaded:
//   base[block] = freq * block - cum, so that y = base[block] + slot
//   most        the larger of the two k that a symbol has, one-hot
//   limit       the last t that takes so many: whether k is one less is decided beside the addition
// SPDX-License-Identifier: Apache-2.0
module nrans_step #(
  parameter int TableLog = codec_pkg::NransTableLog,  // R of the largest table, at most 12
  localparam int B          = codec_pkg::NransBlockLog,
  localparam int Rows       = codec_pkg::NransRows,
  localparam int StateBits  = TableLog + B,
  localparam int SymbolBits = codec_pkg::nrans_symbol_bits(TableLog)
) (
  input  logic [3:0]                 table_log_i,  // R
  input  logic [StateBits-1:0]       state_i,      // t << (TableLog - R)
  input  logic [TableLog-1:0]        bits_i,       // the next bits of the symbol stream
  input  logic [Rows*SymbolBits-1:0] table_i,      // of nrans_table
  output logic [StateBits-1:0]       state_o,      // after the step
  output logic [3:0]                 take_o,       // k
  output logic [3:0]                 symbol_o
);
  localparam int Blocks   = 2**B;
  localparam int CumBits  = TableLog + 1;  // 0..2^TableLog
  localparam int BaseBits = TableLog + B + 1;
  // Where the fields of a symbol's constants are.
  localparam int BaseAt  = CumBits;
  localparam int LimitAt = BaseAt + Blocks * BaseBits;
  localparam int MostAt  = LimitAt + StateBits;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Which symbol: the last that begins at or below the slot, as one-hot. Its base for this block is
  // chosen for all of them in the meantime.
  logic [TableLog-1:0]      slot;
  logic [B-1:0]             block;  // without its leading one
  logic [Rows:0]            reached;
  logic [Rows-1:0]          hot;
  logic [Rows*BaseBits-1:0] bases;
  assign {block, slot} = state_i;
  assign reached[Rows] = 1'b0;
  assign hot = reached[Rows-1:0] & ~reached[Rows:1];
  for (genvar s = 0; s < Rows; s++) begin : gen_symbol
    if (s == 0) begin : gen_first
      assign reached[0] = 1'b1;
    end else begin : gen_other
      assign reached[s] = {1'b0, slot} >= table_i[s*SymbolBits +: CumBits];
    end
    assign bases[s*BaseBits +: BaseBits] =
      table_i[s*SymbolBits+BaseAt+32'(block)*BaseBits +: BaseBits];
  end

  logic [BaseBits-1:0]  base;
  logic [StateBits-1:0] limit;
  logic [TableLog:0]    most;
  always_comb begin
    base     = '0;
    limit    = '0;
    most     = '0;
    symbol_o = '0;
    for (int s = 0; s < Rows; s++) begin
      base     = base | (bases[s*BaseBits +: BaseBits] & {BaseBits{hot[s]}});
      limit    = limit | (table_i[s*SymbolBits+LimitAt +: StateBits] & {StateBits{hot[s]}});
      most     = most | (table_i[s*SymbolBits+MostAt +: CumBits] & {CumBits{hot[s]}});
      symbol_o = symbol_o | (4'(s) & {4{hot[s]}});
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // y << most has its leading one at bit StateBits, or above it: then k is one less.
  logic                less;
  logic [BaseBits-1:0] y;
  logic [BaseBits:0]   shifted;
  logic [3:0]          take;
  logic [TableLog:0]   below, place;  // place: below `most` bits, where they come in
  logic [TableLog-1:0] bits, bits_in;
  assign less = state_i > limit;
  assign y    = base + BaseBits'(slot);
  always_comb begin
    shifted = '0;
    below   = '0;
    take    = '0;
    for (int k = 0; k <= TableLog; k++) begin
      shifted = shifted | (((BaseBits+1)'(y) << k) & {(BaseBits+1){most[k]}});
      below   = below | (CumBits'((1 << k) - 1) & {CumBits{most[k]}});
      take    = take | (4'(k) & {4{most[k]}});
    end
  end
  assign place   = (below << (4'(TableLog) - table_log_i))
                 | ~({CumBits{1'b1}} << (4'(TableLog) - table_log_i));
  assign bits    = bits_i << (4'(TableLog) - table_log_i);
  assign bits_in = bits & place[TableLog-1:0] & ~({TableLog{less}} & ~place[TableLog:1]);
  assign take_o  = less ? take - 4'd1 : take;
  assign state_o = (less ? shifted[StateBits:1] : shifted[StateBits-1:0]) | StateBits'(bits_in);
endmodule
