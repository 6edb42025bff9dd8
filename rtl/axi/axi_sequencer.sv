// axi_sequencer.sv — descriptors, one after the other: tables to a bank, streams to their channels.
//
// Everything comes through one channel of the fetch, in groups of four words: the descriptor, then
// the table, the rows, the stream records. A table is loaded as soon as its bank is free, which is
// while the descriptor before is still decoded; of one that comes as counts, the unit makes the words
// itself while its rows are on their way. A stream is started as soon as the bursts of the one
// before have all been asked for, so that its first words wait behind that one's last.
// A descriptor that cannot be, or of which a read failed before its first stream, is skipped; a
// record that could not be read is a stream without words and values. Either way the tensor has its
// place in the stream of values, and nothing waits for what does not come.
// Nothing is asked for that was not checked (axi_window.sv): table, rows and records while the rest
// of the descriptor comes, a stream when its symbols are to be started. What may not be read is
// skipped as if its read had failed; of a descriptor itself, the run ends.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module axi_sequencer #(
  parameter int Kind     = codec_pkg::TansLane,
  parameter int Streams  = 4,
  parameter int TableLog = codec_pkg::MaxTableLog,
  parameter int MaxRows  = codec_pkg::max_rows(Kind),
  parameter int AddrBits = 64,
  parameter int DataBits = 128,
  localparam int Channels     = 2 * Streams + 1,
  localparam int ChannelBits  = $clog2(Channels),
  localparam int StreamBits   = Streams == 1 ? 1 : $clog2(Streams),
  localparam int WordAddrBits = AddrBits - 2,
  localparam int CauseBits    = codec_pkg::CauseBits
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  // control
  input  logic                    start_i,          // only while not busy
  input  logic [57:0]             descriptors_i,    // address of the first one, / 64
  input  logic [31:0]             n_descriptors_i,
  input  logic [63:0]             window_base_i,    // these rest while busy
  input  logic [63:0]             window_limit_i,
  input  logic [63:0]             max_values_i,
  input  logic [31:0]             max_descriptors_i,
  input  logic                    drained_i,        // no job, no value, no burst is anywhere
  output logic                    busy_o,
  output logic                    done_o,           // busy_o falls with the next cycle
  output logic [31:0]             descriptor_o,     // number of the current one
  output logic [CauseBits-1:0]    cause_o,          // of an error in this cycle, or NoCause
  output logic                    cause_of_stream_o,  // job_stream_o's
  // fetch
  output logic                    fetch_start_o,
  input  logic                    fetch_ready_i,
  output logic [ChannelBits-1:0]  fetch_channel_o,
  output logic [WordAddrBits-1:0] fetch_addr_o,
  output logic [31:0]             fetch_words_o,
  output logic                    fetch_bank_o,
  input  logic [Channels-1:0]     fetch_idle_i,
  // groups of four words
  input  logic                    group_valid_i,
  input  logic [127:0]            group_i,
  input  logic                    group_error_i,
  output logic                    group_ready_o,
  // load port of the decoder
  output logic                    load_bank_o,
  output logic [7:0]              load_last_row_o,  // its table log is job_table_log_o
  output logic                    load_valid_o,
  output logic [TableLog-3:0]     load_addr_o,
  output logic [127:0]            load_data_o,
  output logic                    load_row_valid_o,
  output logic [7:0]              load_row_addr_o,
  output logic [31:0]             load_row_o,
  input  logic [1:0]              bank_busy_i,      // loading must wait
  input  logic                    jobs_wait_i,      // a job has not been taken yet
  // a job
  output logic                    job_o,
  output logic [StreamBits-1:0]   job_stream_o,
  output logic [31:0]             job_n_values_o,
  output logic                    job_symbol_empty_o,
  output logic                    job_offset_empty_o,
  output logic [3:0]              job_table_log_o,
  output logic                    job_bank_o,
  // a tensor
  output logic                    tensor_valid_o,
  output logic [Streams-1:0]      tensor_streams_o, // that have values
  input  logic                    tensor_ready_i
);
  localparam logic [3:0] Idle = 4'd0, Ask = 4'd1, Descriptor = 4'd2, Check = 4'd3, Table = 4'd4,
    Rows = 4'd5, Record = 4'd6, Symbols = 4'd7, Offsets = 4'd8, Tensor = 4'd9, Drain = 4'd10, Build = 4'd11;
  localparam logic [1:0] OfDescriptor = 2'd0, OfTable = 2'd1, OfRows = 2'd2, OfRecords = 2'd3;

  logic [3:0]  state_q;
  logic [1:0]  phase_q;                          // what the next or current groups are
  logic [31:0] index_q, descriptors_left_q;
  logic [58:0] descriptor_addr_q;                // in 64 bytes: tables and the like begin there
  logic [62:0] stream_addr_q;                    // in words; a sum has a bit more than an address
  logic [32:0] stream_words_q;                   // of both channels
  logic [63:0] values_left_q;                    // that the run may have
  logic        error_q, address_q, outside_q, bank_q;
  logic [12:0] group_q;                          // groups of this phase taken
  logic [1:0]  row_q;                            // row in its group
  logic [31:0] n_values_q, symbol_words_q, offset_words_q;
  logic [StreamBits-1:0] stream_q;
  logic [Streams-1:0]    streams_q;

  // The current descriptor
  logic [3:0]  table_log;
  logic [15:0] n_streams;
  logic [31:0] n_words, n_rows;
  logic [57:0] table_addr, rows_addr, records_addr;
  logic [61:0] payload;
  logic [62:0] payload_first;
  logic        take, bad, builds;
  assign payload_first = {1'b0, payload};
  axi_descriptor #(
    .Kind(Kind), .Streams(Streams), .TableLog(TableLog), .MaxRows(MaxRows)
  ) u_descriptor (
    .clk_i, .rst_ni, .group_valid_i(state_q == Descriptor & take), .group_number_i(group_q[1:0]),
    .group_i, .table_log_o(table_log), .n_streams_o(n_streams), .n_words_o(n_words),
    .n_rows_o(n_rows), .table_addr_o(table_addr), .rows_addr_o(rows_addr),
    .records_addr_o(records_addr), .payload_o(payload), .builds_o(builds),
    .bad_o(bad)
  );

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // What may be read: one check for all, as each comes to be known.
  logic [62:0] check_first;
  logic [32:0] check_words;
  logic [CauseBits-1:0] range_cause, run_cause, descriptor_cause, stream_cause;
  always_comb begin
    unique case (state_q)
      Ask: begin
        check_first = {descriptor_addr_q, 4'b0};
        check_words = 33'd16;
      end
      Descriptor: begin  // before its third group, and before its fourth
        check_first = {1'b0, group_q[0] ? rows_addr : table_addr, 4'b0};
        check_words = {1'b0, group_q[0] ? n_rows : n_words};
      end
      Check: begin
        check_first = {1'b0, records_addr, 4'b0};
        check_words = {15'b0, n_streams, 2'b0};
      end
      default: begin
        check_first = stream_addr_q;
        check_words = stream_words_q;
      end
    endcase
  end
  axi_window #(
    .AddrBits(AddrBits), .DataBits(DataBits)
  ) u_window (
    .first_i(check_first), .words_i(check_words), .base_i(window_base_i),
    .limit_i(window_limit_i), .cause_o(range_cause)
  );
  assign run_cause = descriptors_left_q > max_descriptors_i ? codec_pkg::LimitCause : range_cause;
  always_comb begin
    descriptor_cause = codec_pkg::NoCause;
    if (bad) begin
      descriptor_cause = codec_pkg::DescriptorCause;
    end else if (address_q | range_cause == codec_pkg::AddressCause
                 | payload_first[62:WordAddrBits] != '0) begin
      descriptor_cause = codec_pkg::AddressCause;
    end else if (outside_q | range_cause == codec_pkg::WindowCause) begin
      descriptor_cause = codec_pkg::WindowCause;
    end
    stream_cause = range_cause;
    if (range_cause == codec_pkg::NoCause & 64'(n_values_q) > values_left_q) begin
      stream_cause = codec_pkg::LimitCause;
    end
    cause_o = codec_pkg::NoCause;
    if (state_q == Ask & phase_q == OfDescriptor) cause_o = run_cause;
    if (state_q == Check & ~error_q)              cause_o = descriptor_cause;
    if (state_q == Symbols)                       cause_o = stream_cause;
  end
  assign cause_of_stream_o = state_q == Symbols;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Fetching
  logic        may_read, stream_idle, stream_start, ask_start, more_streams;
  logic        may_load;  // nobody looks at the bank, and no job of another table waits
  logic [31:0] stream_words;
  logic [ChannelBits-1:0] stream_channel;

  assign may_read       = cause_o == codec_pkg::NoCause;
  assign may_load       = ~jobs_wait_i & ~bank_busy_i[bank_q];
  assign stream_channel = ChannelBits'({stream_q, state_q == Offsets});
  assign stream_words   = state_q == Offsets ? offset_words_q : symbol_words_q;
  assign stream_idle    = fetch_idle_i[stream_channel];
  assign stream_start   = (state_q == Symbols | state_q == Offsets) & stream_words != '0
                        & stream_idle & may_read;
  assign ask_start      = state_q == Ask & (phase_q != OfTable | may_load) & may_read;
  assign more_streams   = 32'(stream_q) + 32'd1 != 32'(n_streams);

  assign fetch_start_o   = ask_start | stream_start;
  assign fetch_channel_o = state_q == Ask ? ChannelBits'(2 * Streams) : stream_channel;
  assign fetch_bank_o    = bank_q;
  always_comb begin
    fetch_addr_o  = stream_addr_q[WordAddrBits-1:0];
    fetch_words_o = stream_words;
    if (state_q == Ask) begin
      unique case (phase_q)
        OfDescriptor: begin
          fetch_addr_o  = {descriptor_addr_q[AddrBits-7:0], 4'b0};
          fetch_words_o = 32'd16;
        end
        OfTable: begin
          fetch_addr_o  = {table_addr[AddrBits-7:0], 4'b0};
          fetch_words_o = n_words;
        end
        OfRows: begin
          fetch_addr_o  = {rows_addr[AddrBits-7:0], 4'b0};
          fetch_words_o = n_rows;
        end
        default: begin
          fetch_addr_o  = {records_addr[AddrBits-7:0], 4'b0};
          fetch_words_o = {14'b0, n_streams, 2'b0};
        end
      endcase
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Groups
  logic        last_row;
  logic [8:0]  row;
  assign row      = {group_q[6:0], row_q};
  assign last_row = 32'(row) + 32'd1 == n_rows;
  always_comb begin
    group_ready_o = 1'b0;
    if (state_q == Descriptor | state_q == Table | state_q == Record) group_ready_o = 1'b1;
    if (state_q == Rows) group_ready_o = last_row | row_q == 2'd3;
  end
  assign take = group_valid_i & group_ready_o;

  assign busy_o           = state_q != Idle;
  assign done_o           = state_q == Drain & drained_i;
  assign descriptor_o     = index_q;
  assign load_bank_o      = bank_q;
  assign load_last_row_o  = 8'(n_rows - 32'd1);
  axi_load #(
    .Kind(Kind), .TableLog(TableLog)
  ) u_load (
    .clk_i, .rst_ni, .table_log_i(table_log), .last_row_i(load_last_row_o),
    .table_i(state_q == Table & take & ~builds), .counts_i(state_q == Table & take & builds),
    .build_i(state_q == Build), .row_i(state_q == Rows & group_valid_i), .number_i(group_q),
    .row_number_i(row[7:0]), .group_i, .load_valid_o, .load_addr_o, .load_data_o,
    .load_row_valid_o, .load_row_addr_o, .load_row_o
  );
  assign job_stream_o     = stream_q;
  assign job_table_log_o  = table_log;
  assign job_bank_o       = bank_q;
  assign job_n_values_o   = n_values_q;
  assign job_symbol_empty_o = symbol_words_q == '0;
  assign job_offset_empty_o = offset_words_q == '0;
  assign job_o = state_q == Offsets & (offset_words_q == '0 | (stream_start & fetch_ready_i));
  assign tensor_valid_o   = state_q == Tensor;
  assign tensor_streams_o = streams_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q            <= Idle;
      phase_q            <= OfDescriptor;
      index_q            <= '0;
      descriptors_left_q <= '0;
      descriptor_addr_q  <= '0;
      stream_addr_q      <= '0;
      stream_words_q     <= '0;
      values_left_q      <= '0;
      error_q            <= 1'b0;
      address_q          <= 1'b0;
      outside_q          <= 1'b0;
      bank_q             <= 1'b0;
      group_q            <= '0;
      row_q              <= '0;
      n_values_q         <= '0;
      symbol_words_q     <= '0;
      offset_words_q     <= '0;
      stream_q           <= '0;
      streams_q          <= '0;
    end else begin
      unique case (state_q)
        Idle: begin
          index_q            <= '0;
          descriptors_left_q <= n_descriptors_i;
          descriptor_addr_q  <= {1'b0, descriptors_i};
          values_left_q      <= max_values_i;
          phase_q            <= OfDescriptor;
          if (start_i) state_q <= n_descriptors_i == '0 ? Drain : Ask;
        end
        Ask: begin
          group_q <= '0;
          row_q   <= '0;
          if (phase_q == OfDescriptor) begin
            error_q   <= 1'b0;
            address_q <= 1'b0;
            outside_q <= 1'b0;
          end
          if (~may_read) begin
            state_q <= Drain;
          end else if (ask_start & fetch_ready_i) begin
            unique case (phase_q)
              OfDescriptor: state_q <= Descriptor;
              OfTable:      state_q <= Table;
              OfRows:       state_q <= builds ? Build : Rows;
              default:      state_q <= Record;
            endcase
          end
        end
        Descriptor: if (take) begin
          group_q <= group_q + 1'b1;
          error_q <= error_q | group_error_i;
          if (group_q[1]) begin
            address_q <= address_q | range_cause == codec_pkg::AddressCause;
            outside_q <= outside_q | range_cause == codec_pkg::WindowCause;
          end
          if (group_q[1:0] == 2'd3) state_q <= Check;
        end
        Check: begin
          streams_q <= '0;
          stream_q  <= '0;
          phase_q   <= OfTable;
          state_q   <= error_q | descriptor_cause != codec_pkg::NoCause ? Tensor : Ask;
        end
        Table: if (take) begin
          group_q <= group_q + 1'b1;
          error_q <= error_q | group_error_i;
          if ({17'b0, group_q, 2'b0} + 32'd4 == n_words) begin
            phase_q <= OfRows;
            state_q <= Ask;
          end
        end
        Build: begin
          group_q <= group_q + 1'b1;
          if ({17'b0, group_q, 2'b0} + 32'd4 >= 32'd1 << table_log) begin
            group_q <= '0;
            state_q <= Rows;
          end
        end
        Rows: if (group_valid_i) begin
          error_q <= error_q | group_error_i;
          row_q   <= row_q + 1'b1;
          if (group_ready_o) group_q <= group_q + 1'b1;
          if (last_row) begin
            phase_q <= OfRecords;
            state_q <= error_q | group_error_i ? Tensor : Ask;
          end
        end
        Record: if (take) begin
          n_values_q     <= group_error_i ? '0 : group_i[31:0];
          symbol_words_q <= group_error_i ? '0 : group_i[63:32];
          offset_words_q <= group_error_i ? '0 : group_i[95:64];
          stream_words_q <= group_error_i ? '0 : {1'b0, group_i[63:32]} + {1'b0, group_i[95:64]};
          stream_addr_q  <= payload_first + 63'(group_i[127:96]);
          state_q        <= Symbols;
        end
        Symbols: begin
          if (~may_read) begin  // a stream without words and values
            n_values_q     <= '0;
            symbol_words_q <= '0;
            offset_words_q <= '0;
            stream_words_q <= '0;
            if (stream_cause == codec_pkg::LimitCause) descriptors_left_q <= 32'd1;
          end else if (symbol_words_q == '0 | (stream_start & fetch_ready_i)) begin
            stream_addr_q <= stream_addr_q + 63'(symbol_words_q);
            values_left_q <= values_left_q - 64'(n_values_q);
            state_q       <= Offsets;
          end
        end
        Offsets: if (job_o) begin
          streams_q[stream_q] <= n_values_q != '0;
          stream_q            <= stream_q + 1'b1;
          state_q             <= more_streams ? Record : Tensor;
        end
        Tensor: if (tensor_ready_i) begin
          // The bank is this tensor's only if it had a job.
          if (phase_q == OfRecords & ~error_q) bank_q <= ~bank_q;
          phase_q            <= OfDescriptor;
          index_q            <= index_q + 32'd1;
          descriptors_left_q <= descriptors_left_q - 32'd1;
          descriptor_addr_q  <= descriptor_addr_q + 1'b1;
          state_q            <= descriptors_left_q == 32'd1 ? Drain : Ask;
        end
        default: if (drained_i) state_q <= Idle;
      endcase
    end
  end

  `TRANSOM_ASSERT_INIT(AddrBitsInRange, AddrBits >= 34 && AddrBits <= 64)
  `TRANSOM_ASSERT(StartOnlyIdle, start_i |-> ~busy_o)
  `TRANSOM_ASSERT(GroupsInPlace,
    group_valid_i |-> state_q != Idle & state_q != Tensor & state_q != Drain)
  `TRANSOM_ASSERT(RowsThatThereAre, state_q == Rows |-> 32'(group_q) < 32'(MaxRows + 3) / 4)
endmodule
