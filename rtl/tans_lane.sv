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
  input  logic        clk_i,
  input  logic        rst_ni,
  // jobs
  input  logic        job_valid_i,
  input  logic [31:0] job_n_values_i,
  input  logic        job_symbol_empty_i,
  input  logic        job_offset_empty_i,
  input  logic [3:0]  job_table_log_i,
  input  logic        job_bank_i,
  output logic        job_ready_o,
  output logic [1:0]  bank_busy_o,
  // table and rows: data belongs to the last address that was read; the bank is the highest bit
  output logic                                             table_read_o,
  output logic [TableLog:0]                                table_addr_o,
  input  logic [codec_pkg::EntryBits-1:0]                  table_data_i,
  output logic                                             row_read_o,
  output logic [Values*(codec_pkg::SymbolBits+1)-1:0]      row_addr_o,
  input  logic [Values*codec_pkg::RowBits-1:0]             row_data_i,
  // compressed words
  input  logic        symbol_valid_i,
  input  logic [31:0] symbol_word_i,
  input  logic        symbol_last_i,
  output logic        symbol_ready_o,
  input  logic        offset_valid_i,
  input  logic [31:0] offset_word_i,
  input  logic        offset_last_i,
  output logic        offset_ready_o,
  // values
  output logic        value_valid_o,
  output logic [Values*codec_pkg::ValueBits-1:0] value_o,
  output logic        value_two_o,
  output logic        value_last_o,
  input  logic        value_ready_i,
  // ends
  output logic        done_o,
  output logic [codec_pkg::StatusBits-1:0] status_o,
  // observation
  output logic        busy_o,
  output logic        retire_valid_o,
  output logic [codec_pkg::RetireBits-1:0] retire_o,
  output logic [StateBits-1:0]             retire_state_o,
  output logic [codec_pkg::StallBits-1:0]  stall_o
);
  logic [TableLog-1:0] state_d, state_init;
  logic        enter, step, bank, next_bank;
  logic [3:0]  table_log, next_table_log;
  logic [31:0] head;
  logic [15:0] bits;
  codec_pkg::entry_t entry;

  lane_control #(
    .Values(Values)
  ) u_control (
    .clk_i, .rst_ni,
    .job_valid_i, .job_n_values_i, .job_symbol_empty_i, .job_offset_empty_i, .job_table_log_i,
    .job_bank_i, .job_ready_o, .bank_busy_o,
    .turn_i(1'b1), .enter_o(enter), .head_o(head), .next_table_log_o(next_table_log),
    .next_bank_o(next_bank), .enter_take_i({2'b0, next_table_log}),
    .step_o(step), .bits_o(bits), .table_log_o(table_log), .bank_o(bank),
    .take_i({1'b0, entry.nbits}), .symbol_i(entry.symbol), .end_ok_i(state_d == '0),
    .row_read_o, .row_addr_o, .row_data_i,
    .symbol_valid_i, .symbol_word_i, .symbol_last_i, .symbol_ready_o,
    .offset_valid_i, .offset_word_i, .offset_last_i, .offset_ready_o,
    .value_valid_o, .value_o, .value_two_o, .value_last_o, .value_ready_i,
    .done_o, .status_o, .busy_o, .retire_valid_o, .retire_o, .stall_o
  );

  assign entry      = table_data_i;
  assign state_init = head[TableLog-1:0] & ~({TableLog{1'b1}} << next_table_log);
  assign state_d    = entry.base[TableLog-1:0]
                    | (bits[TableLog-1:0] & ~({TableLog{1'b1}} << entry.nbits));
  // While the stream waits, the memory keeps its entry: no register holds the state.
  assign table_read_o = enter | step;
  assign table_addr_o = enter ? {next_bank, state_init} : {bank, state_d};
  always_comb begin
    retire_state_o               = '0;
    retire_state_o[TableLog-1:0] = state_d;
  end

  // Only assertions ask for the table log of the current job.
  logic unused;
  assign unused = ^table_log;

  `TRANSOM_ASSERT(TableFits, job_valid_i |-> 32'(job_table_log_i) <= TableLog)
  `TRANSOM_ASSERT(EntryInTable,
    step |-> 32'(entry.base) + (32'd1 << entry.nbits) <= (32'd1 << table_log))
  `TRANSOM_ASSERT(EntryIsAligned,
    step |-> (entry.base & ~({codec_pkg::MaxTableLog{1'b1}} << entry.nbits)) == '0)
endmodule
