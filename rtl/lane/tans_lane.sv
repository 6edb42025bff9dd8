// tans_lane.sv — one tANS lane: a step per cycle, of one symbol, or of two with a table of pairs.
//
//   s = table[t].symbol,  t' = table[t].base + next table[t].nbits bits of the symbol stream
//
// J. Duda, arXiv:1311.2540 (tANS). The table is a memory with a synchronous read: the address of the
// next entry leaves in the cycle of the step, its word is there in the next one. The loop is
// memory, nbits, mask, or, address: one cycle. The sum needs no adder: base = (x << nbits) - 2^R with
// x in [freq, 2 freq) and nbits <= R, so the low nbits bits of base are zero.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module tans_lane #(
  parameter int TableLog = codec_pkg::MaxTableLog,  // R of the largest table
  parameter int Values   = 1,                       // symbols of an entry, 1 or 2
  localparam int StateBits = codec_pkg::MaxTableLog
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  codec_pkg::stream_in_t  stream_i,
  output codec_pkg::stream_out_t stream_o,
  output codec_pkg::observe_t    observe_o,
  output logic [StateBits-1:0]   state_o,
  output logic                   table_read_o,
  output logic [TableLog:0]      table_addr_o,
  input  logic [codec_pkg::EntryBits-1:0] table_data_i,
  output logic                   row_read_o,
  output logic [Values*(codec_pkg::SymbolBits+1)-1:0] row_addr_o,
  input  logic [Values*codec_pkg::RowBits-1:0]        row_data_i
);
  logic [TableLog-1:0] state_d, state_init;
  logic                enter, advance;
  codec_pkg::control_t control;
  codec_pkg::step_t    step;
  codec_pkg::entry_t   entry;

  lane_control #(
    .Values(Values)
  ) u_control (
    .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .turn_i(1'b1), .may_enter_i(1'b1),
    .enter_take_i({2'b0, control.next_table_log}), .enter_o(enter), .step_o(advance),
    .control_o(control), .step_i(step), .row_read_o, .row_addr_o, .row_data_i
  );

  assign entry      = table_data_i;
  assign state_init = control.head[TableLog-1:0] & ~({TableLog{1'b1}} << control.next_table_log);
  assign state_d    = entry.base[TableLog-1:0]
                    | (control.bits[TableLog-1:0] & ~({TableLog{1'b1}} << entry.nbits));
  assign step.take   = {1'b0, entry.nbits};
  assign step.symbol = entry.symbol;
  assign step.at_end = state_d == '0;
  // While the stream waits, the memory keeps its entry: no register holds the state.
  assign table_read_o = enter | advance;
  assign table_addr_o = enter ? {control.next_bank, state_init} : {control.bank, state_d};
  always_comb begin
    state_o               = '0;
    state_o[TableLog-1:0] = state_d;
  end

  `TRANSOM_ASSERT(TableFits, stream_i.job.valid |-> 32'(stream_i.job.table_log) <= TableLog)
  `TRANSOM_ASSERT(EntryInTable,
    advance |-> 32'(entry.base) + (32'd1 << entry.nbits) <= (32'd1 << control.table_log))
  `TRANSOM_ASSERT(EntryIsAligned,
    advance |-> (entry.base & ~({codec_pkg::MaxTableLog{1'b1}} << entry.nbits)) == '0)
endmodule
