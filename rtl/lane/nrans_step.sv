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
//   most        the larger of the two k that a symbol has
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
  // Fields of table_i: cum of each symbol, then columns: a bit of all symbols each.
  localparam int BaseAt  = Rows * CumBits;
  localparam int LimitAt = BaseAt + Rows * Blocks * BaseBits;
  localparam int MostAt  = LimitAt + Rows * StateBits;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Which symbol: the last that begins at or below the slot, as one-hot. Their bases for this block
  // are chosen in the meantime.
  logic [TableLog-1:0]      slot;
  logic [B-1:0]             block;  // without its leading one
  logic [Rows:0]            reached;
  logic [Rows-1:0]          hot;
  logic [Rows*BaseBits-1:0] bases;  // in columns
  assign {block, slot} = state_i;
  assign reached[Rows] = 1'b0;
  assign hot = reached[Rows-1:0] & ~reached[Rows:1];
  for (genvar s = 0; s < Rows; s++) begin : gen_reached
    if (s == 0) begin : gen_first
      assign reached[0] = 1'b1;
    end else begin : gen_other
      assign reached[s] = {1'b0, slot} >= table_i[s*CumBits +: CumBits];
    end
  end
  always_comb begin
    bases = '0;
    for (int q = 0; q < Blocks; q++) begin
      bases = bases | (table_i[BaseAt+q*Rows*BaseBits +: Rows*BaseBits]
                       & {Rows*BaseBits{32'(block) == q}});
    end
  end

  logic [BaseBits-1:0]  base;
  logic [StateBits-1:0] limit;
  logic [3:0]           most;
  for (genvar i = 0; i < BaseBits; i++) begin : gen_base
    assign base[i] = (bases[i*Rows +: Rows] & hot) != '0;
  end
  for (genvar i = 0; i < StateBits; i++) begin : gen_limit
    assign limit[i] = (table_i[LimitAt+i*Rows +: Rows] & hot) != '0;
  end
  for (genvar i = 0; i < 4; i++) begin : gen_most
    assign most[i] = (table_i[MostAt+i*Rows +: Rows] & hot) != '0;
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // y << most has its leading one at bit StateBits, or above it: then k is one less.
  logic                less;
  logic [BaseBits-1:0] y;
  logic [StateBits:0]  shifted;
  logic [TableLog:0]   place;  // where bits come in, and below
  logic [TableLog-1:0] bits;
  assign less    = state_i > limit;
  assign y       = base + BaseBits'(slot);
  assign shifted = y << most;
  for (genvar i = 0; i < 4; i++) begin : gen_number
    logic [15:0] numbers;  // that have this bit
    for (genvar n = 0; n < 16; n++) begin : gen_of
      assign numbers[n] = (n >> i) % 2 == 1;
    end
    assign symbol_o[i] = (numbers & hot) != '0;
  end
  assign place   = ~({CumBits{1'b1}} << (most + 4'(TableLog) - table_log_i));
  assign bits    = (bits_i << (4'(TableLog) - table_log_i)) & place[TableLog-1:0]
                 & ~({TableLog{less}} & ~place[TableLog:1]);
  assign take_o  = less ? most - 4'd1 : most;
  assign state_o = (less ? shifted[StateBits:1] : shifted[StateBits-1:0]) | StateBits'(bits);
endmodule
