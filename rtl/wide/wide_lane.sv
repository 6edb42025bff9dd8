// wide_lane.sv — one of the lanes in lockstep: a state, the bits of two streams, a value a round.
//
// In a round the state steps (nrans_step, wide_tans_step); in the next cycle the symbol's row and its offset bits make
// the value. What the streams hold is not counted from zero: spare is what there will be beyond the
// bits that are wanted in stock, when all that was asked for has come. So a negative sign is the
// wish for a halfword, which adds 16 and clears it.
//   symbols: stock Ts = 3 Kmax; a step takes k <= Kmax <= 12.   spare in [-12, 15]
//   offsets: stock To = 2 Omax; a step wants o <= Omax <= 16.   spare in [-16, 15]
// One halfword a round is enough, since neither is over 16: spare is at least 0 after each round's
// wish. A halfword that round j wishes for is there for the step of round j + 3 and the offset of
// round j + 2 at the latest: what rounds j + 1 and j + 2 (j + 1) take is in stock. At the end of a
// stream, where nothing is wished for any more, spare wraps and nobody looks.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module wide_lane #(
  parameter int Kind      = codec_pkg::NransLane,
  parameter int TableLog  = 10,
  parameter int MaxOffset = 8,  // bits of a value, and of an offset: 8 or 16
  localparam int Rows       = codec_pkg::NransRows,
  localparam int StateBits  = Kind == codec_pkg::TansLane
                              ? TableLog : TableLog + codec_pkg::NransBlockLog,
  localparam int TableBits  = codec_pkg::wide_table_bits(Kind, TableLog),
  localparam int CountBits  = $clog2(MaxOffset + 1)  // of an offset
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,          // of assertions
  // of all lanes
  input  logic                       clear_i,         // a tensor has ended, or none was here
  input  logic                       fill_i,          // the streams' first halfwords are asked for
  input  logic [3:0]                 symbol_spare_i,  // of these, beyond the stock
  input  logic [3:0]                 offset_spare_i,
  input  logic [3:0]                 table_log_i,     // R
  input  logic [15:0]                no_state_i,      // bits of a state's halfword that are zero
  input  logic [TableBits-1:0]       table_i,
  input  logic [Rows*CountBits-1:0]  counts_i,        // offset bits of each row
  input  logic [Rows*MaxOffset-1:0]  vmins_i,
  // the round
  input  logic                       step_i,
  output logic                       wants_symbols_o,
  output logic                       wants_offset_o,
  input  logic                       ask_symbols_i,   // the wish is taken
  input  logic                       ask_offset_i,
  input  logic                       value_i,         // the value of the step before leaves
  output logic [MaxOffset-1:0]       value_o,
  // halfwords
  input  logic                       put_state_i,
  input  logic                       put_symbols_i,
  input  logic [15:0]                symbols_i,       // a state, too
  input  logic                       put_offset_i,
  input  logic [15:0]                offset_i,
  // the end
  output logic                       bad_state_o,
  output logic                       left_o,
  // what the step before did, with value_i; the state as its halfword has it
  output logic [codec_pkg::WideRetireBits-1:0] retire_o
);
  // Halfwords that stock and the next one may lie in, wherever the first bit is in the first one.
  localparam int SymbolWords = (3 * TableLog + 30) / 16;
  localparam int OffsetWords = (2 * MaxOffset + 30) / 16;
  localparam int SymbolShown = TableLog < 8 ? 8 : TableLog;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The step
  logic [StateBits-1:0]   state_q, state_next, put;
  logic                   junk_q;  // the state's halfword had bits where there are none
  logic [SymbolShown-1:0] symbol_bits;
  logic [3:0]             take, symbol, symbol_q;
  logic [CountBits-1:0]   count, count_q;
  logic                   symbols_left, offset_left;
  logic [3:0]             symbol_pos, offset_pos;
  logic [15:0]            retire_state;

  if (Kind == codec_pkg::TansLane) begin : gen_tans
    wide_tans_step #(
      .TableLog(TableLog)
    ) u_step (
      .state_i(state_q), .bits_i(symbol_bits[TableLog-1:0]), .table_i, .state_o(state_next),
      .take_o(take), .symbol_o(symbol)
    );
    assign put = symbols_i[StateBits-1:0] & ~no_state_i[StateBits-1:0];
    assign retire_state = 16'(state_q);
    logic unused;  // a table of another R is another table
    assign unused = ^table_log_i;
  end else begin : gen_nrans
    nrans_step #(
      .TableLog(TableLog)
    ) u_step (
      .table_log_i, .state_i(state_q), .bits_i(symbol_bits[TableLog-1:0]), .table_i,
      .state_o(state_next), .take_o(take), .symbol_o(symbol)
    );
    assign put = symbols_i[15 -: StateBits] & ~no_state_i[15 -: StateBits];
    assign retire_state = 16'(state_q) << (16 - StateBits);
  end
  assign count = counts_i[32'(symbol)*CountBits +: CountBits];
  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      state_q <= '0;
      junk_q  <= 1'b0;
    end else if (put_state_i) begin
      state_q <= put;
      junk_q  <= (symbols_i & no_state_i) != '0;
    end else if (step_i) begin
      state_q <= state_next;
    end
    if (step_i) begin
      symbol_q <= symbol;
      count_q  <= count;
    end
  end
  assign bad_state_o = state_q != '0 | junk_q;
  assign retire_o    = {symbol_q, offset_pos, symbol_pos, retire_state};

  // Spare bits. A wish is only taken where its sign is set.
  logic [4:0] symbol_spare_q, symbol_spare, offset_spare_q, offset_spare;
  assign symbol_spare = symbol_spare_q - (step_i ? 5'(take) : '0);
  assign offset_spare = offset_spare_q - (step_i ? 5'(count) : '0);
  always_ff @(posedge clk_i) begin
    symbol_spare_q <= fill_i ? {1'b0, symbol_spare_i}
                             : {symbol_spare[4] ^ ask_symbols_i, symbol_spare[3:0]};
    offset_spare_q <= fill_i ? {1'b0, offset_spare_i}
                             : {offset_spare[4] ^ ask_offset_i, offset_spare[3:0]};
  end
  assign wants_symbols_o = symbol_spare_q[4];
  assign wants_offset_o  = offset_spare_q[4];

  wide_buffer #(
    .Words(SymbolWords), .Bits(SymbolShown)
  ) u_symbols (
    .clk_i, .rst_ni, .clear_i, .put_i(put_symbols_i), .word_i(symbols_i), .bits_o(symbol_bits),
    .take_i(step_i), .count_i({1'b0, take}), .left_o(symbols_left), .pos_o(symbol_pos)
  );

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The value
  logic [MaxOffset-1:0] offset_bits, vmin;
  wide_buffer #(
    .Words(OffsetWords), .Bits(MaxOffset)
  ) u_offsets (
    .clk_i, .rst_ni, .clear_i, .put_i(put_offset_i), .word_i(offset_i), .bits_o(offset_bits),
    .take_i(value_i), .count_i(5'(count_q)), .left_o(offset_left), .pos_o(offset_pos)
  );
  assign vmin    = vmins_i[32'(symbol_q)*MaxOffset +: MaxOffset];
  assign value_o = vmin + (offset_bits & ~({MaxOffset{1'b1}} << count_q));
  assign left_o  = symbols_left | offset_left;

  `TRANSOM_ASSERT(AsksForAWish,
    ({ask_symbols_i, ask_offset_i} & ~{wants_symbols_o, wants_offset_o}) == 2'b00)
endmodule
