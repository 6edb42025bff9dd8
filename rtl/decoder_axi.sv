// decoder_axi.sv — the decoder unit in a system: AXI4 in, AXI4-Stream out, AXI4-Lite beside.
//
// Memory holds .tsm files as they are, and beside each its tables, stream records and descriptors
// (sim/axi_image.hpp lays them out). Software writes where the descriptors are and starts; the unit
// fetches tables and streams, decodes descriptor by descriptor, and sends the values of all of them
// as one stream of beats. AXI.md is the specification: ports, registers, layout, order, timing.
// Channel 2s of the fetch is the symbol stream of stream s, 2s + 1 its offset stream, the last one
// the sequencer's.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module decoder_axi #(
  parameter int Kind        = codec_pkg::TansLane,
  parameter int Lanes       = 4,                       // 1..MaxLanes
  parameter int TableLog    = codec_pkg::MaxTableLog,  // R of the largest table, 4..MaxTableLog
  parameter int MaxRows     = codec_pkg::max_rows(Kind),  // of a bank: 16, or what the kind has
  parameter int DataBits    = 128,                     // of the read bus: 64, 128, 256, 512
  parameter int AddrBits    = 64,                      // 34..64
  parameter int MaxBurst    = 16,                      // beats, a power of two, at most 4 KiB
  parameter int Outstanding = 16,                      // bursts, a power of two
  parameter int FifoBeats   = 32,                      // per channel, a power of two, >= 2 bursts
  parameter bit FifoMacro   = 1'b1,                    // the FIFOs' memories are macros, else registers
  parameter int ValueBeats  = 8,                       // of a stream that wait for other streams
  localparam int OutBits = Lanes * codec_pkg::values_per_beat(Kind) * codec_pkg::ValueBits
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  // AXI4 read master; one ID
  output logic [AddrBits-1:0]   m_axi_araddr_o,
  output logic [7:0]            m_axi_arlen_o,
  output logic [2:0]            m_axi_arsize_o,
  output logic [1:0]            m_axi_arburst_o,
  output logic                  m_axi_arvalid_o,
  input  logic                  m_axi_arready_i,
  input  logic [DataBits-1:0]   m_axi_rdata_i,
  input  logic [1:0]            m_axi_rresp_i,
  input  logic                  m_axi_rlast_i,
  input  logic                  m_axi_rvalid_i,
  output logic                  m_axi_rready_o,
  // AXI4-Stream of values
  output logic [OutBits-1:0]    m_axis_tdata_o,
  output logic [OutBits/8-1:0]  m_axis_tkeep_o,
  output logic                  m_axis_tlast_o,
  output logic                  m_axis_tvalid_o,
  input  logic                  m_axis_tready_i,
  // AXI4-Lite registers
  input  logic [7:0]            s_axil_awaddr_i,
  input  logic                  s_axil_awvalid_i,
  output logic                  s_axil_awready_o,
  input  logic [31:0]           s_axil_wdata_i,
  input  logic [3:0]            s_axil_wstrb_i,
  input  logic                  s_axil_wvalid_i,
  output logic                  s_axil_wready_o,
  output logic [1:0]            s_axil_bresp_o,
  output logic                  s_axil_bvalid_o,
  input  logic                  s_axil_bready_i,
  input  logic [7:0]            s_axil_araddr_i,
  input  logic                  s_axil_arvalid_i,
  output logic                  s_axil_arready_o,
  output logic [31:0]           s_axil_rdata_o,
  output logic [1:0]            s_axil_rresp_o,
  output logic                  s_axil_rvalid_o,
  input  logic                  s_axil_rready_i,
  output logic                  irq_o
);
  localparam int Streams      = Lanes * codec_pkg::streams_per_lane(Kind);
  localparam int Values       = codec_pkg::values_per_beat(Kind);
  localparam int BeatBits     = Values * codec_pkg::ValueBits;
  localparam int Channels     = 2 * Streams + 1;
  localparam int ChannelBits  = $clog2(Channels);
  localparam int StreamBits   = Streams == 1 ? 1 : $clog2(Streams);
  localparam int BeatWordBits = $clog2(DataBits / 32);
  localparam int StatusBits   = codec_pkg::StatusBits;
  localparam int StallBits    = codec_pkg::StallBits;
  localparam int CauseBits    = codec_pkg::CauseBits;
  localparam int CounterBits  = 48;
  localparam int Counters     = 11;

  // Registers and control
  logic                      start, run, seq_busy, seq_done, drained, error, bus_error;
  logic                      abort, aborts, abort_q, run_rst_n, seq_cause_of_stream;
  logic [2:0]                settle_q;  // counters lag by so much
  logic [63:0]               descriptors, window_base, window_limit, max_values;
  logic [31:0]               n_descriptors, max_descriptors, section_words;
  logic [31:0]               descriptor, error_descriptor, error_stream;
  logic [CauseBits-1:0]      seq_cause, error_cause;
  logic [(1<<CauseBits)-1:0] error_causes;
  logic [StatusBits-1:0]     first_status;
  logic [Counters*CounterBits-1:0] counters;
  // Fetch
  logic                      fetch_start, fetch_ready, fetch_bank, fetch_quiet, beat_end, beat_error;
  logic                      beat_bank;
  logic [ChannelBits-1:0]    fetch_channel, beat_channel;
  logic [AddrBits-3:0]       fetch_addr;
  logic [31:0]               fetch_words;
  logic [Channels-1:0]       fetch_idle, beat_valid, freed;
  logic [DataBits-1:0]       beat;
  logic [BeatWordBits-1:0]   beat_first, beat_last;
  logic                      group_valid, group_ready, group_error;
  logic [127:0]              group;
  // Words, jobs, values
  logic [Channels-2:0]       word_error;
  logic [Streams-1:0]        symbol_valid, symbol_last, symbol_ready;
  logic [Streams-1:0]        offset_valid, offset_last, offset_ready;
  logic [Streams*32-1:0]     symbol_word, offset_word, job_n_values;
  logic                      load_bank, load_valid, load_row_valid;
  logic [TableLog-3:0]       load_addr;
  logic [127:0]              load_data;
  logic [7:0]                load_last_row, load_row_addr;
  logic [31:0]               load_row, new_n_values;
  logic [1:0]                bank_busy, bank_out;
  logic                      new_job, new_symbol_empty, new_offset_empty, new_bank, jobs_wait;
  logic [StreamBits-1:0]     new_stream, bad_stream;
  logic [3:0]                new_table_log, job_table_log;
  logic                      job_bank, bad, bad_bank;
  logic [StatusBits-1:0]     bad_status;
  logic [Streams-1:0]        job_valid, job_ready, job_symbol_empty, job_offset_empty;
  logic [Streams-1:0]        value_valid, value_two, value_last, value_ready, done, busy;
  logic [Streams*BeatBits-1:0]   value;
  logic [Streams*StatusBits-1:0] status;
  logic [Streams*StallBits-1:0]  stall;
  logic                      tensor_valid, tensor_ready, gather_idle;
  logic [Streams-1:0]        tensor_streams;

  assign m_axi_arsize_o  = 3'($clog2(DataBits / 8));
  assign m_axi_arburst_o = 2'b01;  // INCR
  assign m_axi_rready_o  = 1'b1;
  assign s_axil_bresp_o  = 2'b00;  // OKAY
  assign s_axil_rresp_o  = 2'b00;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Control
  assign drained = fetch_quiet & gather_idle & ~jobs_wait & bank_out == '0 & busy == '0;
  assign run     = start | seq_busy | abort_q;
  // An abort resets all that works on a run, until what the buses were promised is done: bursts on
  // their way have come, beats of values are taken, the tensor that was open is closed. One input of
  // run_rst_n's gate rests whenever the other, a register, changes.
  assign aborts    = abort & seq_busy & ~seq_done;
  assign run_rst_n = rst_ni & ~abort_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      abort_q  <= 1'b0;
      settle_q <= '0;
    end else begin
      abort_q  <= abort_q ? ~drained : aborts;
      settle_q <= {settle_q[1:0], seq_done | (abort_q & drained)};
    end
  end
  axi_regs #(
    .CounterBits(CounterBits),
    .Config({12'(DataBits / 8), 4'(TableLog), 4'($clog2(MaxRows)), 4'(Kind), 8'(Lanes)})
  ) u_regs (
    .clk_i, .rst_ni, .awaddr_i(s_axil_awaddr_i[7:2]), .awvalid_i(s_axil_awvalid_i),
    .awready_o(s_axil_awready_o), .wdata_i(s_axil_wdata_i), .wstrb_i(s_axil_wstrb_i),
    .wvalid_i(s_axil_wvalid_i), .wready_o(s_axil_wready_o), .bvalid_o(s_axil_bvalid_o),
    .bready_i(s_axil_bready_i), .araddr_i(s_axil_araddr_i[7:2]), .arvalid_i(s_axil_arvalid_i),
    .arready_o(s_axil_arready_o), .rdata_o(s_axil_rdata_o), .rvalid_o(s_axil_rvalid_o),
    .rready_i(s_axil_rready_i), .irq_o, .start_o(start), .abort_o(abort),
    .descriptors_o(descriptors), .n_descriptors_o(n_descriptors), .window_base_o(window_base),
    .window_limit_o(window_limit), .max_values_o(max_values),
    .max_descriptors_o(max_descriptors), .section_words_o(section_words),
    .busy_i(seq_busy | abort_q | settle_q != '0),
    .done_i(settle_q[2]), .error_i(error), .causes_i(error_causes), .cause_i(error_cause),
    .status_i(first_status), .error_descriptor_i(error_descriptor),
    .error_stream_i(error_stream), .counters_i(counters)
  );
  axi_sequencer #(
    .Kind(Kind), .Streams(Streams), .TableLog(TableLog), .MaxRows(MaxRows), .AddrBits(AddrBits),
    .DataBits(DataBits)
  ) u_sequencer (
    .clk_i, .rst_ni(run_rst_n), .start_i(start), .descriptors_i(descriptors[63:6]),
    .n_descriptors_i(n_descriptors), .window_base_i(window_base),
    .window_limit_i(window_limit), .max_values_i(max_values),
    .max_descriptors_i(max_descriptors), .drained_i(drained), .busy_o(seq_busy),
    .done_o(seq_done), .descriptor_o(descriptor), .cause_o(seq_cause),
    .cause_of_stream_o(seq_cause_of_stream),
    .fetch_start_o(fetch_start), .fetch_ready_i(fetch_ready), .fetch_channel_o(fetch_channel),
    .fetch_addr_o(fetch_addr), .fetch_words_o(fetch_words), .fetch_bank_o(fetch_bank),
    .fetch_idle_i(fetch_idle), .group_valid_i(group_valid), .group_i(group),
    .group_error_i(group_error), .group_ready_o(group_ready),
    .load_bank_o(load_bank), .load_last_row_o(load_last_row), .load_valid_o(load_valid),
    .load_addr_o(load_addr),
    .load_data_o(load_data), .load_row_valid_o(load_row_valid),
    .load_row_addr_o(load_row_addr), .load_row_o(load_row),
    .bank_busy_i(bank_busy | bank_out), .jobs_wait_i(jobs_wait),
    .job_o(new_job), .job_stream_o(new_stream), .job_n_values_o(new_n_values),
    .job_symbol_empty_o(new_symbol_empty), .job_offset_empty_o(new_offset_empty),
    .job_table_log_o(new_table_log), .job_bank_o(new_bank),
    .tensor_valid_o(tensor_valid), .tensor_streams_o(tensor_streams),
    .tensor_ready_i(tensor_ready)
  );
  axi_jobs #(
    .Streams(Streams)
  ) u_jobs (
    .clk_i, .rst_ni(run_rst_n), .job_i(new_job), .job_stream_i(new_stream),
    .job_n_values_i(new_n_values),
    .job_symbol_empty_i(new_symbol_empty), .job_offset_empty_i(new_offset_empty),
    .job_table_log_i(new_table_log), .job_bank_i(new_bank), .wait_o(jobs_wait),
    .bank_busy_o(bank_out), .job_valid_o(job_valid), .job_ready_i(job_ready),
    .job_n_values_o(job_n_values), .job_symbol_empty_o(job_symbol_empty),
    .job_offset_empty_o(job_offset_empty), .job_table_log_o(job_table_log),
    .job_bank_o(job_bank), .done_i(done), .status_i(status),
    .bad_o(bad), .bad_stream_o(bad_stream), .bad_status_o(bad_status), .bad_bank_o(bad_bank)
  );
  assign bus_error = beat_valid != '0 & beat_error;
  axi_errors #(
    .Streams(Streams)
  ) u_errors (
    .clk_i, .rst_ni, .clear_i(start), .descriptor_i(descriptor), .load_i(load_row_valid),
    .load_bank_i(load_bank), .bus_error_i(bus_error), .bus_channel_i(beat_channel),
    .bus_bank_i(beat_bank), .sequencer_cause_i(seq_cause),
    .sequencer_of_stream_i(seq_cause_of_stream), .sequencer_stream_i(new_stream),
    .aborted_i(aborts), .bad_stream_i(bad), .bad_stream_number_i(bad_stream),
    .bad_stream_status_i(bad_status), .bad_stream_bank_i(bad_bank), .error_o(error),
    .causes_o(error_causes), .cause_o(error_cause), .status_o(first_status),
    .descriptor_o(error_descriptor), .stream_o(error_stream)
  );
  axi_counters #(
    .Streams(Streams), .Bits(CounterBits)
  ) u_counters (
    .clk_i, .rst_ni, .clear_i(start), .run_i(run), .beat_i(value_valid & value_ready),
    .beat_two_i(value_two), .stall_i(stall), .beat_read_i(m_axi_rvalid_i),
    .beat_out_i(m_axis_tvalid_o & m_axis_tready_i), .counters_o(counters)
  );

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Memory to words
  axi_fetch #(
    .Channels(Channels), .AddrBits(AddrBits), .DataBits(DataBits), .MaxBurst(MaxBurst),
    .Outstanding(Outstanding), .FifoBeats(FifoBeats)
  ) u_fetch (
    .clk_i, .rst_ni, .run_rst_ni(run_rst_n), .start_i(fetch_start), .start_ready_o(fetch_ready),
    .start_channel_i(fetch_channel), .start_addr_i(fetch_addr), .start_words_i(fetch_words),
    .start_bank_i(fetch_bank), .idle_o(fetch_idle), .quiet_o(fetch_quiet),
    .araddr_o(m_axi_araddr_o), .arlen_o(m_axi_arlen_o), .arvalid_o(m_axi_arvalid_o),
    .arready_i(m_axi_arready_i), .rdata_i(m_axi_rdata_i), .rresp_i(m_axi_rresp_i),
    .rlast_i(m_axi_rlast_i), .rvalid_i(m_axi_rvalid_i), .beat_valid_o(beat_valid),
    .beat_o(beat), .beat_first_o(beat_first), .beat_last_o(beat_last), .beat_end_o(beat_end),
    .beat_error_o(beat_error), .beat_channel_o(beat_channel), .beat_bank_o(beat_bank),
    .freed_i(freed)
  );
  word_group_fifo #(
    .DataBits(DataBits), .Beats(FifoBeats), .Macro(FifoMacro)
  ) u_groups (
    .clk_i, .rst_ni(run_rst_n), .beat_valid_i(beat_valid[Channels-1]), .beat_i(beat),
    .beat_last_i(beat_last), .beat_end_i(beat_end), .beat_error_i(beat_error),
    .freed_o(freed[Channels-1]), .valid_o(group_valid), .group_o(group), .error_o(group_error),
    .ready_i(group_ready)
  );
  for (genvar s = 0; s < Streams; s++) begin : gen_stream
    word_fifo #(
      .DataBits(DataBits), .OutBits(32), .Beats(FifoBeats), .Macro(FifoMacro)
    ) u_symbols (
      .clk_i, .rst_ni(run_rst_n), .beat_valid_i(beat_valid[2*s]), .beat_i(beat),
      .beat_first_i(beat_first),
      .beat_last_i(beat_last), .beat_end_i(beat_end), .beat_error_i(beat_error),
      .freed_o(freed[2*s]), .valid_o(symbol_valid[s]), .word_o(symbol_word[s*32 +: 32]),
      .last_o(symbol_last[s]), .error_o(word_error[2*s]), .ready_i(symbol_ready[s])
    );
    word_fifo #(
      .DataBits(DataBits), .OutBits(32), .Beats(FifoBeats), .Macro(FifoMacro)
    ) u_offsets (
      .clk_i, .rst_ni(run_rst_n), .beat_valid_i(beat_valid[2*s+1]), .beat_i(beat),
      .beat_first_i(beat_first), .beat_last_i(beat_last), .beat_end_i(beat_end),
      .beat_error_i(beat_error), .freed_o(freed[2*s+1]), .valid_o(offset_valid[s]),
      .word_o(offset_word[s*32 +: 32]), .last_o(offset_last[s]), .error_o(word_error[2*s+1]),
      .ready_i(offset_ready[s])
    );
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Words to values
  logic [Streams-1:0]                        retire_valid;
  logic [Streams*codec_pkg::RetireBits-1:0]  retire;
  logic [Streams*codec_pkg::state_bits(Kind)-1:0] retire_state;
  decoder #(
    .Kind(Kind), .Lanes(Lanes), .TableLog(TableLog), .MaxRows(MaxRows)
  ) u_decoder (
    .clk_i, .rst_ni(run_rst_n), .load_bank_i(load_bank), .load_table_log_i(new_table_log),
    .load_last_row_i(load_last_row), .load_valid_i(load_valid), .load_addr_i(load_addr),
    .load_data_i(load_data), .load_row_valid_i(load_row_valid),
    .load_row_addr_i(load_row_addr), .load_row_i(load_row), .bank_busy_o(bank_busy),
    .job_valid_i(job_valid), .job_ready_o(job_ready), .job_n_values_i(job_n_values),
    .job_symbol_empty_i(job_symbol_empty), .job_offset_empty_i(job_offset_empty),
    .job_table_log_i(job_table_log), .job_bank_i(job_bank),
    .symbol_valid_i(symbol_valid), .symbol_word_i(symbol_word), .symbol_last_i(symbol_last),
    .symbol_ready_o(symbol_ready), .offset_valid_i(offset_valid), .offset_word_i(offset_word),
    .offset_last_i(offset_last), .offset_ready_o(offset_ready),
    .value_valid_o(value_valid), .value_o(value), .value_two_o(value_two),
    .value_last_o(value_last), .value_ready_i(value_ready), .done_o(done), .status_o(status),
    .busy_o(busy), .retire_valid_o(retire_valid), .retire_o(retire),
    .retire_state_o(retire_state), .stall_o(stall)
  );
  value_gather #(
    .Lanes(Lanes), .Streams(Streams), .Values(Values), .Depth(ValueBeats)
  ) u_gather (
    .clk_i, .rst_ni, .run_rst_ni(run_rst_n), .close_i(abort_q),
    .tensor_valid_i(tensor_valid), .tensor_streams_i(tensor_streams),
    .tensor_ready_o(tensor_ready), .value_valid_i(value_valid), .value_i(value),
    .value_two_i(value_two), .value_last_i(value_last), .value_ready_o(value_ready),
    .tvalid_o(m_axis_tvalid_o), .tdata_o(m_axis_tdata_o), .tkeep_o(m_axis_tkeep_o),
    .tlast_o(m_axis_tlast_o), .tready_i(m_axis_tready_i), .idle_o(gather_idle)
  );

`ifdef TRANSOM_ASSERTS
  axi_checks #(
    .AddrBits(AddrBits), .DataBits(DataBits), .OutBits(OutBits), .MaxBurst(MaxBurst),
    .Outstanding(Outstanding)
  ) u_checks (
    .clk_i, .rst_ni, .abort_i(abort_q), .done_i(settle_q[0]), .window_base_i(window_base),
    .window_limit_i(window_limit), .araddr_i(m_axi_araddr_o), .arlen_i(m_axi_arlen_o),
    .arsize_i(m_axi_arsize_o), .arburst_i(m_axi_arburst_o), .arvalid_i(m_axi_arvalid_o),
    .arready_i(m_axi_arready_i), .rdata_i(m_axi_rdata_i), .rresp_i(m_axi_rresp_i),
    .rlast_i(m_axi_rlast_i), .rvalid_i(m_axi_rvalid_i), .rready_i(m_axi_rready_o),
    .tdata_i(m_axis_tdata_o), .tkeep_i(m_axis_tkeep_o), .tlast_i(m_axis_tlast_o),
    .tvalid_i(m_axis_tvalid_o), .tready_i(m_axis_tready_i),
    .lite_awaddr_i(s_axil_awaddr_i), .lite_awvalid_i(s_axil_awvalid_i),
    .lite_awready_i(s_axil_awready_o), .lite_wdata_i(s_axil_wdata_i),
    .lite_wstrb_i(s_axil_wstrb_i), .lite_wvalid_i(s_axil_wvalid_i),
    .lite_wready_i(s_axil_wready_o), .lite_bresp_i(s_axil_bresp_o),
    .lite_bvalid_i(s_axil_bvalid_o), .lite_bready_i(s_axil_bready_i),
    .lite_araddr_i(s_axil_araddr_i), .lite_arvalid_i(s_axil_arvalid_i),
    .lite_arready_i(s_axil_arready_o), .lite_rdata_i(s_axil_rdata_o),
    .lite_rresp_i(s_axil_rresp_o), .lite_rvalid_i(s_axil_rvalid_o),
    .lite_rready_i(s_axil_rready_i)
  );
  `TRANSOM_ASSERT(DoneIsEmpty, seq_done |-> symbol_valid == '0 & offset_valid == '0 & ~group_valid)
`endif

  // A stream that was read with an error is decoded all the same; nobody follows single symbols;
  // registers are whole words, and descriptors whole blocks of 64 bytes.
  // There is no section.
  logic unused;
  assign unused = ^{word_error, retire_valid, retire, retire_state, s_axil_awaddr_i[1:0],
                    s_axil_araddr_i[1:0], descriptors[5:0], section_words};
endmodule
