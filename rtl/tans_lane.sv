// tans_lane.sv — one tANS lane: a value per cycle while bits and a consumer are there.
//
//   s = table[t].symbol,  t' = table[t].base + next table[t].nbits bits of the symbol stream
//   value = row[s].vmin + next row[s].offset_bits bits of the offset stream (mod 2^16)
//
// J. Duda, arXiv:1311.2540 (tANS); offsets as in APack, arXiv:2201.08830. Tables are memories with a
// synchronous read: the address of the next entry leaves in the cycle of the step, its word is there
// in the next one. Stage 1 steps symbols, stage 2 holds the one whose row has just been read.
// Total: any stream ends, with the status that the golden model gives it.
// SPDX-License-Identifier: Apache-2.0
module tans_lane #(
  parameter int TableLog = codec_pkg::MaxTableLog  // R of the largest table
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // control: start_i counts only while the lane is not busy
  input  logic        start_i,
  input  logic [31:0] n_values_i,
  input  logic [3:0]  table_log_i,     // R of this table, 0..TableLog
  output logic        busy_o,
  output logic [codec_pkg::StatusBits-1:0] status_o,  // once no longer busy, until the next start
  // table and rows: data belongs to the address of the cycle before
  output logic [TableLog-1:0]                   table_addr_o,
  input  logic [codec_pkg::EntryBits-1:0]       table_data_i,
  output logic [codec_pkg::SymbolBits-1:0]      row_addr_o,
  input  logic [codec_pkg::RowBits-1:0]         row_data_i,
  // compressed words
  input  logic        symbol_valid_i,
  input  logic [31:0] symbol_word_i,
  input  logic        symbol_end_i,
  output logic        symbol_ready_o,
  input  logic        offset_valid_i,
  input  logic [31:0] offset_word_i,
  input  logic        offset_end_i,
  output logic        offset_ready_o,
  // values
  output logic        value_valid_o,
  output logic [codec_pkg::ValueBits-1:0] value_o,
  input  logic        value_ready_i,
  // observation
  output logic        retire_valid_o,
  output logic [codec_pkg::RetireBits-1:0] retire_o,  // retire_t
  output logic [codec_pkg::StallBits-1:0]  stall_o    // stall_e
);
  logic                busy_q, init_q, run_q, last_q, hold_q;
  logic [31:0]         left_q;     // symbols left to step
  logic [3:0]          table_log_q;
  logic [TableLog-1:0] state_q, state_d, state_init;
  logic [codec_pkg::SymbolBits-1:0] symbol_q;
  logic [codec_pkg::StatusBits-1:0] status_q;

  logic        begin_job, init, step, fire, check;
  logic [4:0]  symbol_take, offset_take;
  logic [15:0] symbol_bits, offset_bits;
  logic [codec_pkg::FillBits-1:0] symbol_fill, offset_fill;
  logic        symbol_enough, offset_enough;
  logic        symbol_clean, offset_clean, symbol_short, offset_short;

  codec_pkg::entry_t  entry;
  codec_pkg::row_t    row;
  codec_pkg::retire_t retire;

  bit_reader u_symbols (
    .clk_i, .rst_ni, .clear_i(begin_job), .open_i(busy_q),
    .word_valid_i(symbol_valid_i), .word_i(symbol_word_i), .word_end_i(symbol_end_i),
    .word_ready_o(symbol_ready_o),
    .take_i(symbol_take), .bits_o(symbol_bits), .fill_o(symbol_fill), .enough_o(symbol_enough),
    .clean_o(symbol_clean), .short_o(symbol_short)
  );
  bit_reader u_offsets (
    .clk_i, .rst_ni, .clear_i(begin_job), .open_i(busy_q),
    .word_valid_i(offset_valid_i), .word_i(offset_word_i), .word_end_i(offset_end_i),
    .word_ready_o(offset_ready_o),
    .take_i(offset_take), .bits_o(offset_bits), .fill_o(offset_fill), .enough_o(offset_enough),
    .clean_o(offset_clean), .short_o(offset_short)
  );

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Control
  assign begin_job = start_i & ~busy_q;
  assign init      = init_q & symbol_enough;
  assign step      = run_q & symbol_enough & (~hold_q | fire);
  assign fire      = value_valid_o & value_ready_i;
  assign check     = busy_q & ~init_q & ~run_q & ~hold_q;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Stage 1: symbols
  assign entry      = table_data_i;
  assign state_init = symbol_bits[TableLog-1:0] & ~({TableLog{1'b1}} << table_log_q);
  assign state_d    = entry.base[TableLog-1:0]
                    + (symbol_bits[TableLog-1:0] & ~({TableLog{1'b1}} << entry.nbits));
  assign table_addr_o = init_q ? state_init : (step ? state_d : state_q);

  always_comb begin
    symbol_take = '0;
    if (init) symbol_take = {1'b0, table_log_q};
    else if (step) symbol_take = {1'b0, entry.nbits};
  end

  always_comb begin
    retire.fill                = symbol_fill;
    retire.state               = '0;
    retire.state[TableLog-1:0] = state_d;
    retire.nbits               = entry.nbits;
    retire.symbol              = entry.symbol;
  end
  assign retire_valid_o = step;
  assign retire_o       = retire;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Stage 2: values. The held symbol stays the row's address while its value waits.
  assign row           = row_data_i;
  assign row_addr_o    = step ? entry.symbol : symbol_q;
  assign value_valid_o = hold_q & offset_enough;
  assign value_o       = row.vmin + (offset_bits & ~(16'hffff << row.offset_bits));
  assign offset_take   = fire ? row.offset_bits : '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      busy_q      <= 1'b0;
      init_q      <= 1'b0;
      run_q       <= 1'b0;
      last_q      <= 1'b0;
      hold_q      <= 1'b0;
      left_q      <= '0;
      table_log_q <= '0;
      state_q     <= '0;
      symbol_q    <= '0;
      status_q    <= codec_pkg::Ok;
    end else if (begin_job) begin
      busy_q      <= 1'b1;
      init_q      <= n_values_i != '0;
      last_q      <= n_values_i == 32'd1;
      left_q      <= n_values_i;
      table_log_q <= table_log_i;
      state_q     <= '0;
      status_q    <= codec_pkg::Ok;
    end else begin
      if (init) begin
        init_q  <= 1'b0;
        run_q   <= 1'b1;
        state_q <= state_init;
      end
      if (step) begin
        run_q    <= ~last_q;
        last_q   <= left_q == 32'd2;  // known a cycle ahead: the counter is not in the step's path
        left_q   <= left_q - 32'd1;
        state_q  <= state_d;
        symbol_q <= entry.symbol;
      end
      hold_q <= step | (hold_q & ~fire);
      if (check) begin
        busy_q <= 1'b0;
        if (symbol_short | offset_short)         status_q <= codec_pkg::Truncated;
        else if (state_q != '0)                  status_q <= codec_pkg::BadState;
        else if (~symbol_clean | ~offset_clean)  status_q <= codec_pkg::Trailing;
      end
    end
  end

  assign busy_o   = busy_q;
  assign status_o = status_q;

  always_comb begin
    stall_o = codec_pkg::NoStall;
    if (busy_q & ~fire) begin
      if (hold_q) stall_o = offset_enough ? codec_pkg::Consumer : codec_pkg::OffsetWords;
      else if ((init_q | run_q) & ~symbol_enough) stall_o = codec_pkg::SymbolWords;
      else stall_o = codec_pkg::Fill;
    end
  end

`ifdef VERILATOR
  StartOnlyIdle: assert property (@(posedge clk_i) disable iff (!rst_ni) start_i |-> ~busy_q);
  TableFits: assert property (@(posedge clk_i) disable iff (!rst_ni)
    begin_job |-> 32'(table_log_i) <= TableLog);
  StateInTable: assert property (@(posedge clk_i) disable iff (!rst_ni)
    32'(state_q) < (32'd1 << table_log_q));
  EntryInTable: assert property (@(posedge clk_i) disable iff (!rst_ni)
    step |-> 32'(entry.base) + (32'd1 << entry.nbits) <= (32'd1 << table_log_q));
  RowInRange: assert property (@(posedge clk_i) disable iff (!rst_ni)
    fire |-> 32'(row.offset_bits) <= codec_pkg::ValueBits);
  ValueStays: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (value_valid_o & ~value_ready_i) |=> (value_valid_o & $stable(value_o)));
  IdleIsSilent: assert property (@(posedge clk_i) disable iff (!rst_ni)
    ~busy_q |-> ~(value_valid_o | retire_valid_o | symbol_ready_o | offset_ready_o));
  OneSymbolPerValue: assert property (@(posedge clk_i) disable iff (!rst_ni)
    retire_valid_o |=> hold_q);
  OneStage: assert property (@(posedge clk_i) disable iff (!rst_ni) ~(init_q & (run_q | hold_q)));
  CountsDown: assert property (@(posedge clk_i) disable iff (!rst_ni)
    run_q |-> (left_q != '0) & (last_q == (left_q == 32'd1)));
`endif
endmodule
