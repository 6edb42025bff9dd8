// table_check_properties.sv — of whatever is loaded, what table_check writes is a table, and it tells of what was none.
//
// Loads are of any words, R, rows and bank, each in order, one behind the other. What a table may have is
// asked of numbers, as model/FORMAT.md and the lanes' comments say it: a word of slots for itself, a count
// beside the one that was written before it.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module table_check_properties #(
  parameter int Kind     = codec_pkg::TansLane,
  parameter int TableLog = 6,
  localparam int Words    = codec_pkg::LoadEntries,
  localparam int AddrBits = TableLog - 2
) (
  input logic                clk_i,
  input logic                rst_ni,
  input logic                bank_i,
  input logic [3:0]          table_log_i,
  input logic [7:0]          last_row_i,
  input logic                table_valid_i,
  input logic [AddrBits-1:0] table_addr_i,
  input logic [Words*32-1:0] table_i,
  input logic                row_valid_i,
  input logic [7:0]          row_addr_i,
  input logic [31:0]         row_i
);
  localparam bit Counts = Kind == codec_pkg::ArithLane || Kind == codec_pkg::NransLane;
  localparam int Log = Kind == codec_pkg::ArithLane ? codec_pkg::ArithTableLog
                     : Kind == codec_pkg::NransLane ? codec_pkg::NransTableLog : codec_pkg::MaxTableLog;  // the largest R
  logic [Words*32-1:0] written;
  logic [20:0]         row;
  logic [1:0]          bad;
  table_check #(
    .Kind(Kind), .TableLog(TableLog)
  ) dut (
    .clk_i, .rst_ni, .bank_i, .table_log_i, .last_row_i, .table_valid_i, .table_addr_i, .table_i,
    .table_o(written), .row_valid_i, .row_addr_i, .row_i, .row_o(row), .bad_o(bad)
  );

  logic [16:0] all;  // 2^R
  assign all = 17'd1 << (Kind == codec_pkg::ArithLane ? 4'(Log) : table_log_i);

  // A word of slots, as a number of each of its fields.
  function automatic logic is_slot(input logic [31:0] word);
    logic [16:0] base, span, freq, bias;
    base = {3'd0, word[29:16]};
    span = 17'd1 << word[11:8];
    bias = {5'd0, word[31:20]};
    freq = {5'd0, word[19:8]} + 17'd1;
    is_slot = Kind == codec_pkg::RansLane ? bias < freq & freq <= all & word[7:0] <= last_row_i
      : base + span <= all & (base & (span - 17'd1)) == '0
        & (Kind == codec_pkg::TansPairLane ? {4'd0, word[3:0]} <= last_row_i & {4'd0, word[7:4]} <= last_row_i
                                           : word[7:0] <= last_row_i);
  endfunction
  // A count behind another, of symbol s of this load.
  function automatic logic is_count(input logic [16:0] count, input logic [16:0] before, input logic [9:0] s);
    is_count = (s == '0 ? count == '0 : count >= before) & count <= all & (s <= {2'd0, last_row_i} | count == all);
  endfunction

  // Words of this write: as they came, and as they are written.
  logic [Words-1:0] good, fits, same;
  logic [16:0]      came_q, kept_q;
  logic [Log:0]     count;  // of which no more bits are looked at
  logic [16:0]      came, kept;
  logic [9:0]       s;
  always_comb begin
    came = came_q;
    kept = kept_q;
    for (int w = 0; w < Words; w++) begin
      s       = {10'(table_addr_i), 2'(w)};
      count   = table_i[w*32 +: Log+1];
      same[w] = written[w*32 +: 32] == (Counts ? 32'(count) : table_i[w*32 +: 32]);
      if (Counts) begin
        good[w] = is_count(17'(count), came, s);
        fits[w] = is_count(written[w*32 +: 17], kept, s) & written[w*32+17 +: 15] == '0;
      end else begin
        good[w] = is_slot(table_i[w*32 +: 32]);
        fits[w] = is_slot(written[w*32 +: 32]) | written[w*32 +: 32] == '0;
      end
      came = 17'(count);
      kept = written[w*32 +: 17];
    end
  end

  // What is known of each bank; the load at work.
  logic [1:0] table_bad_q, row_bad_q;
  logic       loaded_q, bank_q, wrong_q, row_good;
  logic [3:0] table_log_q;
  logic [7:0] last_row_q;
  logic [AddrBits-1:0] addr_q;
  logic       wrong;  // a word of this load was none, before this write
  assign wrong    = wrong_q & table_addr_i != '0;
  assign row_good = row_i[20:16] <= 5'd16;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      table_bad_q <= '0;
      row_bad_q   <= '0;
      {loaded_q, wrong_q, bank_q, addr_q, came_q, kept_q, table_log_q, last_row_q} <= '0;
    end else begin
      if (table_valid_i) begin
        loaded_q <= 1'b1;
        {bank_q, addr_q, table_log_q, last_row_q} <= {bank_i, table_addr_i, table_log_i, last_row_i};
        {came_q, kept_q}    <= {came, kept};
        wrong_q             <= wrong | good != '1;
        table_bad_q[bank_i] <= wrong | good != '1;
      end
      if (row_valid_i) row_bad_q[bank_i] <= ~row_good | (row_bad_q[bank_i] & row_addr_i != '0);
    end
  end

  `RESET_ONCE
  always_comb begin
    assume (32'(table_log_i) <= Log);
    if (table_valid_i & table_addr_i != '0) begin
      assume (loaded_q & bank_i == bank_q & table_addr_i == addr_q + 1'b1);
      assume ({table_log_i, last_row_i} == {table_log_q, last_row_q});
    end
    if (rst_ni) begin
      if (table_valid_i) begin
        `CHECK(WritesATable, fits == '1)
        `CHECK(AGoodOneUnchanged, wrong | good != '1 | same == '1)
        `REACH(AGoodOne, ~wrong & good == '1 & table_addr_i == AddrBits'(2) & table_i[64 +: 4] == 4'd3)
        `REACH(ABadOne, ~wrong & good == 4'b0111 & table_addr_i == AddrBits'(1) & bad == 2'b11)
      end
      `CHECK(WritesARow, row == (row_good ? row_i[20:0] : 21'd0))
      `CHECK(TellsOfBadOnes, bad == (table_bad_q | row_bad_q))
      `REACH(GoodAgain, table_valid_i & table_addr_i == AddrBits'(1) & bad == 2'b01 & ~wrong & ~bank_i)
    end
  end
`ifndef FORMAL_BLACK_BOX
  // Verdicts are the model's; where no count was wrong, what came was written.
  (* hierconn *) logic [1:0] \dut.table_bad_q , \dut.row_bad_q ;
  logic [1:0] tables_bad, rows_bad;
  assign {tables_bad, rows_bad} = {\dut.table_bad_q , \dut.row_bad_q };
  always_comb begin
    if (rst_ni) begin
      `CHECK(SameVerdicts, tables_bad == table_bad_q & rows_bad == row_bad_q & (~loaded_q | table_bad_q[bank_q] == wrong_q))
      `CHECK(KeptIsInReach, ~Counts | ~loaded_q | kept_q <= (Kind == codec_pkg::ArithLane ? all : 17'd1 << table_log_q))
      `CHECK(KeptIsWhatCame, ~Counts | wrong_q | came_q == kept_q)
      `CHECK(KeptIsAllIfWrong, ~Counts | ~loaded_q | ~wrong_q | kept_q == (Kind == codec_pkg::ArithLane ? all : 17'd1 << table_log_q))
    end
  end
`endif
endmodule
