// nrans_table.sv — tables of narrow rANS in registers, two banks: what nrans_step wants of each symbol.
//
// Loaded with the cumulative counts of 16 symbols, 4 in a cycle, from count 0 on; the one after the
// last is 2^R. A write in cycle t is in the bank in t + 2, symbol 15 in t + 3: a symbol's frequency
// wants the count behind it. Cycle t: counts are aligned to the largest R, frequencies subtracted;
// t + 1: constants. All lanes see one bank, which they are at work in together.
// SPDX-License-Identifier: Apache-2.0
module nrans_table #(
  parameter int TableLog = codec_pkg::NransTableLog,  // R of the largest table, at most 12
  localparam int B          = codec_pkg::NransBlockLog,
  localparam int Rows       = codec_pkg::NransRows,
  localparam int Words      = codec_pkg::LoadEntries,
  localparam int CumBits    = TableLog + 1,  // 0..2^TableLog
  localparam int SymbolBits = codec_pkg::nrans_symbol_bits(TableLog)
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       write_i,
  input  logic                       write_bank_i,
  input  logic [1:0]                 write_addr_i,  // in units of Words
  input  logic [3:0]                 table_log_i,   // R, with every write
  input  logic [Words*CumBits-1:0]   counts_i,      // none falls, none is over 2^R
  output logic [1:0]                 late_o,        // a step may not be in the next cycle
  input  logic                       bank_i,        // what table_o shows
  output logic [Rows*SymbolBits-1:0] table_o        // as nrans_step wants it
);
  localparam int Blocks    = 2**B;
  localparam int StateBits = TableLog + B;
  localparam int BaseBits  = TableLog + B + 1;
  localparam logic [CumBits-1:0] All = {1'b1, {TableLog{1'b0}}};

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // A write ends the symbol of the last count before it and holds three whole ones; after the last
  // write, symbol 15 ends by itself, beside the first write of another table. Slot 0 holds the last
  // symbol of group end_group_q, and is written in every cycle: the same again while nothing loads,
  // symbol 15 as anything beside a table's first write, which its last one makes good.
  logic               last_q;   // the write before was a table's last
  logic               whole_q;  // slots 1..3 hold the first ones of group group_q
  logic               write_bank_q, end_bank_q;
  logic [1:0]         group_q, end_group_q;
  logic [CumBits-1:0] before_q;  // the last count
  logic [Words*CumBits-1:0] counts, cum_q, freq_q;  // of slots 0..3
  assign late_o = {last_q & write_bank_q, last_q & ~write_bank_q};
  for (genvar w = 0; w < Words; w++) begin : gen_align
    assign counts[w*CumBits +: CumBits] =
      counts_i[w*CumBits +: CumBits] << (4'(TableLog) - table_log_i);
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      last_q  <= 1'b0;
      whole_q <= 1'b0;
    end else begin
      last_q  <= write_i & write_addr_i == 2'd3;
      whole_q <= write_i;
    end
  end
  always_ff @(posedge clk_i) begin
    if (write_i) begin
      write_bank_q   <= write_bank_i;
      group_q  <= write_addr_i;
      before_q <= counts[(Words-1)*CumBits +: CumBits];
    end
    if (write_i | last_q) begin
      end_bank_q  <= last_q ? write_bank_q : write_bank_i;
      end_group_q <= last_q ? 2'd3 : write_addr_i - 2'd1;
      cum_q       <= {counts[0 +: (Words-1)*CumBits], before_q};
      freq_q[0 +: CumBits] <= (last_q ? All : counts[0 +: CumBits]) - before_q;
      for (int w = 1; w < Words; w++) begin
        freq_q[w*CumBits +: CumBits] <=
          counts[w*CumBits +: CumBits] - counts[(w-1)*CumBits +: CumBits];
      end
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Constants of the symbols in the slots. freq is in [2^m, 2^(m+1)), so y = freq * block + ... is
  // below 2^(m+b+2): k is R - m, or one less from y = 2^(m+b+1) on. That is reached in the last block
  // whose first y is not above it; not at all if freq is 2^m.
  logic [Words*SymbolBits-1:0] derived;
  for (genvar w = 0; w < Words; w++) begin : gen_derive
    logic [CumBits-1:0]         cum, freq, top;  // top: 2^m
    logic [3:0]                 most;
    logic [BaseBits:0]          bound;
    logic [B-1:0]               block;
    logic [StateBits-1:0]       rest, limit;
    logic [Blocks*BaseBits-1:0] bases;
    assign cum  = cum_q[w*CumBits +: CumBits];
    assign freq = freq_q[w*CumBits +: CumBits];
    for (genvar i = 0; i < CumBits; i++) begin : gen_top
      if (i == TableLog) begin : gen_highest
        assign top[i] = freq[i];
      end else begin : gen_other
        assign top[i] = freq[i] & ~|freq[TableLog:i+1];
      end
    end
    assign bound = {top, {(B+1){1'b0}}};
    always_comb begin
      most = '0;
      for (int m = 0; m <= TableLog; m++) most = most | (4'(TableLog - m) & {4{top[m]}});
      block = '0;
      rest  = '0;
      for (int q = 0; q < Blocks; q++) begin
        bases[q*BaseBits +: BaseBits] =
          BaseBits'(freq) * BaseBits'(Blocks + q) - BaseBits'(cum);
        if (bound >= (BaseBits+1)'(freq) * (BaseBits+1)'(Blocks + q)) begin
          block = B'(q);
          rest  = bound[StateBits-1:0] - StateBits'(freq) * StateBits'(Blocks + q);
        end
      end
    end
    assign limit = freq == top ? '1
                 : {block, cum[TableLog-1:0]} + rest - StateBits'(1);
    assign derived[w*SymbolBits +: SymbolBits] = {most, limit, bases, cum};
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The banks: cum of each symbol, then a column of 16 bits for each bit of the rest. Symbol s comes
  // from slot (s + 1) mod Words.
  logic [Rows*SymbolBits-1:0] values;
  for (genvar s = 0; s < Rows; s++) begin : gen_cum
    assign values[s*CumBits +: CumBits] = derived[(s+1)%Words*SymbolBits +: CumBits];
  end
  for (genvar i = CumBits; i < SymbolBits; i++) begin : gen_column
    logic [Words-1:0] column;
    for (genvar w = 0; w < Words; w++) begin : gen_slot
      assign column[w] = derived[(w+1)%Words*SymbolBits+i];
    end
    assign values[i*Rows +: Rows] = {(Rows/Words){column}};
  end

  logic [2*Rows*SymbolBits-1:0] banks;
  for (genvar k = 0; k < 2; k++) begin : gen_bank
    logic [Rows-1:0]            write;  // symbols
    logic [Rows*SymbolBits-1:0] enable, bank_q;
    for (genvar s = 0; s < Rows; s++) begin : gen_write
      if (s % Words == Words - 1) begin : gen_end
        assign write[s] = end_bank_q == 1'(k) & 32'(end_group_q) == s / Words;
      end else begin : gen_whole
        assign write[s] = whole_q & write_bank_q == 1'(k) & 32'(group_q) == s / Words;
      end
      assign enable[s*CumBits +: CumBits] = {CumBits{write[s]}};
    end
    assign enable[Rows*SymbolBits-1:Rows*CumBits] = {(SymbolBits-CumBits){write}};
    always_ff @(posedge clk_i) bank_q <= (bank_q & ~enable) | (values & enable);
    assign banks[k*Rows*SymbolBits +: Rows*SymbolBits] = bank_q;
  end
  assign table_o = bank_i ? banks[Rows*SymbolBits +: Rows*SymbolBits]
                          : banks[0 +: Rows*SymbolBits];
endmodule
