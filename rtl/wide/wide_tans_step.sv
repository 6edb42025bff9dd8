// wide_tans_step.sv — a step of tANS, combinational, out of a table in registers that all lanes see.
//
// An entry is a symbol and a code of R + 1 bits: base, a one, nbits zeros. base is a multiple of
// 2^nbits, so nothing is lost, and nbits is not asked for in the loop: below the lowest one of the code
// the next state has bits of the stream, from there on those of base. The loop is: choose among 2^R,
// or, select. The table lies in columns: bit i of the entries of all slots, then bit i + 1.
// SPDX-License-Identifier: Apache-2.0
module wide_tans_step #(
  parameter int TableLog = codec_pkg::WideTansTableLog,  // R of the largest table
  localparam int Slots     = 2**TableLog,
  localparam int TableBits = codec_pkg::wide_table_bits(codec_pkg::TansLane, TableLog)
) (
  input  logic [TableLog-1:0]  state_i,  // t, below 2^R
  input  logic [TableLog-1:0]  bits_i,   // the next bits of the symbol stream
  input  logic [TableBits-1:0] table_i,  // of wide_tans_table
  output logic [TableLog-1:0]  state_o,  // after the step
  output logic [3:0]           take_o,   // nbits
  output logic [3:0]           symbol_o
);
  localparam int CodeBits  = TableLog + 1;
  localparam int EntryBits = TableBits / Slots;

  logic [EntryBits-1:0] entry;
  logic [CodeBits-1:0]  code, above;  // above: the lowest one of the code, and all bits from there on
  for (genvar i = 0; i < EntryBits; i++) begin : gen_choose
    logic [Slots-1:0] column;
    assign column   = table_i[i*Slots +: Slots];
    assign entry[i] = column[state_i];
  end
  assign {symbol_o, code} = entry;
  for (genvar i = 0; i < CodeBits; i++) begin : gen_above
    assign above[i] = code[i:0] != '0;
  end
  assign state_o = (code[CodeBits-1:1] & above[TableLog-1:0]) | (bits_i & ~above[TableLog-1:0]);
  always_comb begin
    take_o = '0;
    for (int i = 0; i < TableLog; i++) begin
      take_o = take_o | (4'(i + 1) & {4{~above[i] & above[i+1]}});
    end
  end
endmodule
