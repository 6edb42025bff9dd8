// decoder.sv — the unit: N lanes of one kind over one table and one set of rows, double-buffered.
//
// A stream is what a container calls a lane: words, values and a state of its own. Lane p of N holds
// the streams p, p + N, ... (one, or two where a lane steps them in turn). Ports of all streams are
// flat, stream 0 in the lowest bits. Each stream takes its jobs from a queue of one; a bank may be
// loaded while no job wants it, and the job be offered with the last write.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module decoder #(
  parameter int Kind     = codec_pkg::TansLane,
  parameter int Lanes    = 1,                       // 1..MaxLanes
  parameter int TableLog = codec_pkg::MaxTableLog,  // R of the largest table
  parameter int MaxRows  = codec_pkg::max_rows(Kind),  // of a bank: 16, or what the kind has
  localparam int W       = codec_pkg::WordBits,
  localparam int Streams = Lanes * codec_pkg::streams_per_lane(Kind),
  localparam int Values  = codec_pkg::values_per_beat(Kind),
  localparam int BeatBits  = Values * codec_pkg::ValueBits,
  localparam int StateBits = codec_pkg::state_bits(Kind)
) (
  input  logic clk_i,
  input  logic rst_ni,
  // load: LoadEntries table words and one row word may be written in a cycle
  input  logic                load_bank_i,
  input  logic [3:0]          load_table_log_i,   // R of the table, and its last row
  input  logic [codec_pkg::SymbolBits-1:0] load_last_row_i,
  input  logic                load_valid_i,
  input  logic [TableLog-3:0] load_addr_i,        // in units of LoadEntries
  input  logic [codec_pkg::LoadEntries*32-1:0] load_data_i,
  input  logic                load_row_valid_i,
  input  logic [codec_pkg::SymbolBits-1:0] load_row_addr_i,
  input  logic [31:0]         load_row_i,
  output logic [1:0]          bank_busy_o,        // a job in the unit wants this bank
  // jobs
  input  logic [Streams-1:0]    job_valid_i,
  output logic [Streams-1:0]    job_ready_o,
  input  logic [Streams*32-1:0] job_n_values_i,
  input  logic [Streams-1:0]    job_symbol_empty_i,  // no word of that stream comes
  input  logic [Streams-1:0]    job_offset_empty_i,
  input  logic [3:0]            job_table_log_i,     // of all jobs offered now
  input  logic                  job_bank_i,
  // compressed words
  input  logic [Streams-1:0]    symbol_valid_i,
  input  logic [Streams*W-1:0]  symbol_word_i,
  input  logic [Streams-1:0]    symbol_last_i,    // of its stream
  output logic [Streams-1:0]    symbol_ready_o,
  input  logic [Streams-1:0]    offset_valid_i,
  input  logic [Streams*W-1:0]  offset_word_i,
  input  logic [Streams-1:0]    offset_last_i,
  output logic [Streams-1:0]    offset_ready_o,
  // values
  output logic [Streams-1:0]    value_valid_o,
  output logic [Streams*BeatBits-1:0] value_o,
  output logic [Streams-1:0]    value_two_o,      // both values of the beat count
  output logic [Streams-1:0]    value_last_o,     // of the job
  input  logic [Streams-1:0]    value_ready_i,
  // ends
  output logic [Streams-1:0]    done_o,           // a job has ended
  output logic [Streams*codec_pkg::StatusBits-1:0] status_o,
  // observation
  output logic [Streams-1:0]    busy_o,
  output logic [Streams-1:0]    retire_valid_o,
  output logic [Streams*codec_pkg::RetireBits-1:0] retire_o,
  output logic [Streams*StateBits-1:0]             retire_state_o,
  output logic [Streams*codec_pkg::StallBits-1:0]  stall_o
);
  localparam int EntryBits  = codec_pkg::stored_bits(Kind, TableLog, MaxRows);
  localparam int RowBits    = codec_pkg::RowBits;
  localparam int StatusBits = codec_pkg::StatusBits;
  localparam int RetireBits = codec_pkg::RetireBits;
  localparam int StallBits  = codec_pkg::StallBits;
  localparam int S          = codec_pkg::streams_per_lane(Kind);
  localparam int InBits     = codec_pkg::StreamInBits;
  localparam int OutBits    = codec_pkg::StreamOutBits;
  localparam int ObserveBits = codec_pkg::ObserveBits;
  localparam int SharedBits = codec_pkg::shared_bits(Kind, TableLog);
  localparam int Loads      = codec_pkg::LoadEntries;
  localparam int RowPorts   = Streams * Values;
  localparam int SymbolBits = codec_pkg::SymbolBits;
  localparam int RowLog     = $clog2(MaxRows);

  logic [Loads*32-1:0]             load_words;  // as checked
  logic [RowBits-1:0]              load_row;
  // Ports of memories are in the order of lanes, and of the streams in each.
  logic [Streams-1:0]              row_read;
  logic [RowPorts-1:0]             row_port_read;
  logic [RowPorts*(SymbolBits+1)-1:0] row_symbol;  // the bank in front
  logic [RowPorts*(RowLog+1)-1:0]  row_addr;
  logic [RowPorts*RowBits-1:0]     row_data;
  logic [Lanes-1:0]                table_read;
  logic [Lanes*(TableLog+1)-1:0]   table_addr;
  logic [Lanes*EntryBits-1:0]      table_data;
  logic [SharedBits-1:0]           shared;     // tables in registers
  logic [1:0]                      bank_open;  // jobs of these banks may be entered
  logic [Streams*2-1:0]            bank_busy;
  logic [1:0]                      bank_bad;

  always_comb begin
    bank_busy_o = '0;
    for (int s = 0; s < Streams; s++) bank_busy_o = bank_busy_o | bank_busy[s*2 +: 2];
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Tables. Words travel with 32 bits, memories keep the bits in use.
  table_check #(
    .Kind(Kind), .TableLog(TableLog)
  ) u_check (
    .clk_i, .rst_ni, .bank_i(load_bank_i), .table_log_i(load_table_log_i),
    .last_row_i(load_last_row_i), .table_valid_i(load_valid_i), .table_addr_i(load_addr_i),
    .table_i(load_data_i), .table_o(load_words), .row_valid_i(load_row_valid_i),
    .row_addr_i(load_row_addr_i), .row_i(load_row_i), .row_o(load_row), .bad_o(bank_bad)
  );
  for (genvar p = 0; p < RowPorts; p++) begin : gen_row_port
    assign row_port_read[p] = row_read[p/Values];
    assign row_addr[p*(RowLog+1) +: RowLog+1] =
      {row_symbol[p*(SymbolBits+1)+SymbolBits], row_symbol[p*(SymbolBits+1) +: RowLog]};
  end
  // Of 16 rows a bank it is registers that all lanes share, or should be: synthesis decides.
  table_ram #(
    .AddrBits(RowLog + 1), .Width(RowBits), .WriteWords(1), .Ports(RowPorts)
  ) u_rows (
    .clk_i, .write_i(load_row_valid_i), .write_addr_i({load_bank_i, load_row_addr_i[RowLog-1:0]}),
    .write_data_i(load_row), .read_i(row_port_read), .read_addr_i(row_addr), .read_data_o(row_data)
  );

  if (Kind == codec_pkg::ArithLane) begin : gen_counts
    localparam int CumBits = codec_pkg::ArithTableLog + 1;
    logic [Loads*CumBits-1:0] load_cums;
    for (genvar e = 0; e < Loads; e++) begin : gen_cum
      assign load_cums[e*CumBits +: CumBits] = load_words[e*32 +: CumBits];
    end
    arith_table u_table (
      .clk_i, .write_i(load_valid_i), .write_bank_i(load_bank_i),
      .write_addr_i(load_addr_i[1:0]), .write_data_i(load_cums), .cum_o(shared)
    );
    assign table_data = '0;
    assign bank_open  = '1;
  end else if (Kind == codec_pkg::NransLane) begin : gen_nrans
    // All lanes are at work in one bank. It changes when no job wants it any more and one wants the
    // other: a job is offered to all its streams before the next one is to any.
    localparam int CumBits = TableLog + 1;
    logic [Loads*CumBits-1:0] load_counts;
    logic                     bank_q;
    logic [1:0]               bank_late;
    for (genvar e = 0; e < Loads; e++) begin : gen_count
      assign load_counts[e*CumBits +: CumBits] = load_words[e*32 +: CumBits];
    end
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) bank_q <= 1'b0;
      else if (~bank_busy_o[bank_q] & bank_busy_o[~bank_q]) bank_q <= ~bank_q;
    end
    nrans_table #(
      .TableLog(TableLog)
    ) u_table (
      .clk_i, .rst_ni, .write_i(load_valid_i), .write_bank_i(load_bank_i),
      .write_addr_i(load_addr_i[1:0]), .table_log_i(load_table_log_i), .counts_i(load_counts),
      .late_o(bank_late), .bank_i(bank_q), .table_o(shared)
    );
    assign table_data = '0;
    assign bank_open  = {bank_q, ~bank_q} & ~bank_late;
  end else begin : gen_table
    // Fields as wide as the table wants: what was checked fits.
    localparam int FullBits   = codec_pkg::entry_bits(Kind);
    localparam int Middle     = SymbolBits + codec_pkg::middle_bits(Kind);
    localparam int StoredBits = codec_pkg::stored_symbol_bits(Kind, MaxRows);
    localparam int MiddleBits = codec_pkg::stored_middle_bits(Kind, TableLog);
    logic [Loads*EntryBits-1:0] load_entries;
    for (genvar e = 0; e < Loads; e++) begin : gen_entry
      logic [FullBits-1:0] full;
      if (Kind == codec_pkg::RansLane) begin : gen_slot
        assign full = load_words[e*32 +: 32];
      end else begin : gen_state
        assign full = codec_pkg::to_entry(load_words[e*32 +: 32]);
      end
      assign load_entries[e*EntryBits +: EntryBits] =
        {full[Middle +: TableLog], full[SymbolBits +: MiddleBits], full[0 +: StoredBits]};
      logic unused;
      assign unused = ^full;
    end
    table_ram #(
      .AddrBits(TableLog + 1), .Width(EntryBits), .WriteWords(Loads), .Ports(Lanes)
    ) u_table (
      .clk_i, .write_i(load_valid_i), .write_addr_i({load_bank_i, load_addr_i}),
      .write_data_i(load_entries), .read_i(table_read), .read_addr_i(table_addr),
      .read_data_o(table_data)
    );
    assign shared    = '0;
    assign bank_open = '1;
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Lanes
  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic [S*InBits-1:0]      stream_in;
    logic [S*OutBits-1:0]     stream_out;
    logic [S*ObserveBits-1:0] observe;
    logic [StateBits-1:0]     state;

    // Flat ports to and from structs, field by field in their order: Yosys 0.23 does not find the
    // fields of a struct that is declared in a generate block.
    for (genvar k = 0; k < S; k++) begin : gen_stream
      localparam int s = k * Lanes + l;
      logic [codec_pkg::MaxValues*codec_pkg::ValueBits-1:0] beat;
      assign stream_in[k*InBits +: InBits] = {  // stream_in_t
        job_valid_i[s], job_symbol_empty_i[s], job_offset_empty_i[s], job_bank_i, job_table_log_i,
        job_n_values_i[s*32 +: 32],
        symbol_valid_i[s], symbol_last_i[s], symbol_word_i[s*W +: W],
        offset_valid_i[s], offset_last_i[s], offset_word_i[s*W +: W],
        value_ready_i[s], bank_bad
      };
      assign {  // stream_out_t
        job_ready_o[s], bank_busy[s*2 +: 2], symbol_ready_o[s], offset_ready_o[s],
        value_valid_o[s], value_last_o[s], value_two_o[s], beat,
        done_o[s], status_o[s*StatusBits +: StatusBits], busy_o[s]
      } = stream_out[k*OutBits +: OutBits];
      assign {  // observe_t
        retire_valid_o[s], retire_o[s*RetireBits +: RetireBits], stall_o[s*StallBits +: StallBits]
      } = observe[k*ObserveBits +: ObserveBits];
      assign value_o[s*BeatBits +: BeatBits]          = beat[BeatBits-1:0];
      assign retire_state_o[s*StateBits +: StateBits] = state;
    end

    lane #(
      .Kind(Kind), .TableLog(TableLog), .MaxRows(MaxRows)
    ) u_lane (
      .clk_i, .rst_ni, .stream_i(stream_in), .stream_o(stream_out), .observe_o(observe),
      .state_o(state),
      .table_read_o(table_read[l]), .table_addr_o(table_addr[l*(TableLog+1) +: TableLog+1]),
      .table_data_i(table_data[l*EntryBits +: EntryBits]), .shared_i(shared),
      .bank_open_i(bank_open),
      .row_read_o(row_read[l*S +: S]),
      .row_addr_o(row_symbol[l*S*Values*(SymbolBits+1) +: S*Values*(SymbolBits+1)]),
      .row_data_i(row_data[l*S*Values*RowBits +: S*Values*RowBits])
    );
  end

  `TRANSOM_ASSERT_INIT(LanesInRange, Lanes >= 1 && Lanes <= codec_pkg::MaxLanes)
  `TRANSOM_ASSERT_INIT(TableLogInRange,
    TableLog >= codec_pkg::MinTableLog && TableLog <= codec_pkg::MaxTableLog)
  `TRANSOM_ASSERT_INIT(RowsOfTheKind, (MaxRows == codec_pkg::ApackRows || MaxRows == 1 << SymbolBits)
    && MaxRows <= codec_pkg::max_rows(Kind))
  `TRANSOM_ASSERT_INIT(RansTableLog,
    Kind != codec_pkg::RansLane || TableLog <= codec_pkg::RansLaneTableLog)
  `TRANSOM_ASSERT_INIT(NransTableLog,
    Kind != codec_pkg::NransLane || TableLog <= codec_pkg::NransTableLog)
`ifdef TRANSOM_ASSERTS
  // What the banks were loaded for: nothing else of them may be seen.
  logic [2*4-1:0]          loaded_log_q;
  logic [2*SymbolBits-1:0] loaded_row_q;
  always_ff @(posedge clk_i) begin
    if (load_valid_i) loaded_log_q[load_bank_i*4 +: 4] <= load_table_log_i;
    if (load_row_valid_i) loaded_row_q[load_bank_i*SymbolBits +: SymbolBits] <= load_last_row_i;
  end
  `TRANSOM_ASSERT(JobIsOfItsTable, (job_valid_i & job_ready_o) != '0
    |=> loaded_log_q[$past(job_bank_i)*4 +: 4] == $past(job_table_log_i))
  for (genvar p = 0; p < RowPorts; p++) begin : gen_row_is_loaded
    localparam int s = p / Values % S * Lanes + p / Values / S;  // of the unit
    logic [SymbolBits:0] addr;
    assign addr = row_symbol[p*(SymbolBits+1) +: SymbolBits+1];
    `TRANSOM_ASSERT(RowIsLoaded, retire_valid_o[s] |-> addr[SymbolBits-1:0]
      <= loaded_row_q[addr[SymbolBits]*SymbolBits +: SymbolBits])
  end
`endif
  `TRANSOM_ASSERT(LoadFits, (load_valid_i | load_row_valid_i)
    |-> 32'(load_table_log_i) <= TableLog & 32'(load_last_row_i) < MaxRows)
  `TRANSOM_ASSERT(LoadOnlyFree, (load_valid_i | load_row_valid_i) |-> ~bank_busy_o[load_bank_i])
endmodule
