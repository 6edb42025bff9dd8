// decoder_wide.sv — the wide unit in a system: AXI4 in, AXI4-Stream out, AXI4-Lite beside.
//
// Memory holds a section: the tensors of a network, one behind the other, each with its table before
// its values (container version 2). Software writes where it is and how long, and starts; the unit
// reads it from its first word to its last, once, and sends the values of all tensors as one stream of
// beats, a value of each lane. WIDE.md is the specification.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module decoder_wide #(
  parameter int Kind        = codec_pkg::NransLane,  // or TansLane
  parameter int Lanes       = 16,   // 4..128, a power of two
  parameter int TableLog    = 10,   // R of the largest table, 4..NransTableLog; tANS: ..WideTansTableLog
  parameter int MaxOffset   = 8,    // bits of a value at most: 8 or 16
  parameter int Halves      = 16,   // halfwords that the lanes get in a cycle, a power of two, >= 8
  parameter int DataBits    = 128,  // of the read bus: 64, 128, 256, 512
  parameter int AddrBits    = 64,   // 34..64
  parameter int MaxBurst    = 16,   // beats, a power of two, at most 4 KiB
  parameter int Outstanding = 16,   // bursts, a power of two
  parameter int FifoBeats   = 32,   // a power of two, >= 2 bursts
  parameter bit FifoMacro   = 1'b1, // the FIFO's memory is a macro, else registers
  localparam int OutBits = Lanes * codec_pkg::ValueBits
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
  localparam int BeatWordBits = $clog2(DataBits / 32);
  localparam int LaneBits     = $clog2(Lanes + 1);
  localparam int StatusBits   = codec_pkg::StatusBits;
  localparam int StallBits    = codec_pkg::StallBits;
  localparam int CauseBits    = codec_pkg::CauseBits;
  localparam int CounterBits  = 48;
  localparam int Counters     = 11;

  // Registers and control
  logic                      start, run, busy, done, drained, error, bus_error;
  logic                      abort, aborts, abort_q, run_rst_n;
  logic [2:0]                settle_q;  // counters lag by so much
  logic [63:0]               section, window_base, window_limit, max_values;
  logic [31:0]               n_tensors, max_tensors, section_words;
  logic [31:0]               tensor, error_tensor, error_lane;
  logic [CauseBits-1:0]      front_cause, window_cause, error_cause;
  logic [(1<<CauseBits)-1:0] error_causes;
  logic [StatusBits-1:0]     first_status;
  logic [Counters*CounterBits-1:0] counters;
  logic                      bad;
  logic [StatusBits-1:0]     bad_status;
  logic [31:0]               bad_lane, bad_tensor;
  // Beats
  logic                      fetch_start, fetch_ready, fetch_idle, fetch_quiet, freed;
  logic                      beat_valid, beat_end, beat_error, beat_channel, beat_bank;
  logic [DataBits-1:0]       beat, next;
  logic [BeatWordBits-1:0]   beat_first, beat_last, next_last;
  logic                      next_valid, next_end, next_take;
  // Values
  logic                      values_idle;
  logic [StallBits-1:0]      stall;
  logic [LaneBits-1:0]       values;
  // Steps, for lockstep
  logic [Lanes-1:0]          retire_valid;
  logic [Lanes*codec_pkg::WideRetireBits-1:0] retire;

  assign m_axi_arsize_o  = 3'($clog2(DataBits / 8));
  assign m_axi_arburst_o = 2'b01;  // INCR
  assign m_axi_rready_o  = 1'b1;
  assign s_axil_bresp_o  = 2'b00;  // OKAY
  assign s_axil_rresp_o  = 2'b00;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Control. An abort resets all that works on a run, until what the buses were promised is done, as
  // in decoder_axi.
  assign drained   = fetch_quiet & values_idle;
  assign run       = start | busy | abort_q;
  assign aborts    = abort & busy & ~done;
  assign run_rst_n = rst_ni & ~abort_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      abort_q  <= 1'b0;
      settle_q <= '0;
    end else begin
      abort_q  <= abort_q ? ~drained : aborts;
      settle_q <= {settle_q[1:0], done | (abort_q & drained)};
    end
  end
  axi_regs #(
    .CounterBits(CounterBits), .Id(32'h5453_4d32), .Section(1'b1),
    .Config({12'(DataBits / 8), 4'(TableLog), 4'($clog2(codec_pkg::ApackRows)), 4'(Kind), 8'(Lanes)})
  ) u_regs (
    .clk_i, .rst_ni, .awaddr_i(s_axil_awaddr_i[7:2]), .awvalid_i(s_axil_awvalid_i),
    .awready_o(s_axil_awready_o), .wdata_i(s_axil_wdata_i), .wstrb_i(s_axil_wstrb_i),
    .wvalid_i(s_axil_wvalid_i), .wready_o(s_axil_wready_o), .bvalid_o(s_axil_bvalid_o),
    .bready_i(s_axil_bready_i), .araddr_i(s_axil_araddr_i[7:2]), .arvalid_i(s_axil_arvalid_i),
    .arready_o(s_axil_arready_o), .rdata_o(s_axil_rdata_o), .rvalid_o(s_axil_rvalid_o),
    .rready_i(s_axil_rready_i), .irq_o, .start_o(start), .abort_o(abort),
    .descriptors_o(section), .n_descriptors_o(n_tensors), .window_base_o(window_base),
    .window_limit_o(window_limit), .max_values_o(max_values), .max_descriptors_o(max_tensors),
    .section_words_o(section_words), .busy_i(busy | abort_q | settle_q != '0),
    .done_i(settle_q[2]), .error_i(error), .causes_i(error_causes), .cause_i(error_cause),
    .status_i(first_status), .error_descriptor_i(error_tensor), .error_stream_i(error_lane),
    .counters_i(counters)
  );
  axi_window #(
    .AddrBits(AddrBits), .DataBits(DataBits)
  ) u_window (
    .first_i({1'b0, section[63:6], 4'b0}), .words_i({1'b0, section_words}),
    .base_i(window_base), .limit_i(window_limit), .cause_o(window_cause)
  );
  assign bus_error = beat_valid & beat_error;
  axi_first_error u_errors (
    .clk_i, .rst_ni, .clear_i(start), .bus_error_i(bus_error), .sequencer_cause_i(front_cause),
    .bad_stream_i(bad), .bad_stream_status_i(bad_status), .aborted_i(aborts),
    .descriptor_i(bus_error | front_cause != codec_pkg::NoCause | ~bad ? tensor : bad_tensor),
    .stream_i(bus_error | front_cause != codec_pkg::NoCause | ~bad ? 32'h8000_0000 : bad_lane),
    .error_o(error), .causes_o(error_causes), .cause_o(error_cause), .status_o(first_status),
    .descriptor_o(error_tensor), .stream_o(error_lane)
  );

  // Counters, in the order of the registers.
  logic                         run_q;
  logic [Counters*LaneBits-1:0] sums, sums_q;
  always_comb begin
    sums = '0;
    sums[0 +: LaneBits]          = LaneBits'(1);
    sums[1*LaneBits +: LaneBits] = values;
    sums[2*LaneBits]             = stall == codec_pkg::WideFill;
    sums[3*LaneBits]             = stall == codec_pkg::WideWords;
    sums[4*LaneBits]             = stall == codec_pkg::WideRouter;
    sums[5*LaneBits]             = stall == codec_pkg::WideConsumer;
    sums[6*LaneBits]             = stall == codec_pkg::WideParse;
    sums[7*LaneBits]             = m_axi_rvalid_i;
    sums[8*LaneBits]             = m_axis_tvalid_o & m_axis_tready_i;
    sums[9*LaneBits]             = stall == codec_pkg::WideDrain;
    sums[10*LaneBits]            = stall == codec_pkg::WideStep;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      run_q  <= 1'b0;
      sums_q <= '0;
    end else begin
      run_q  <= run;
      sums_q <= sums;
    end
  end
  axi_sums #(
    .Counters(Counters), .SumBits(LaneBits), .Bits(CounterBits)
  ) u_counters (
    .clk_i, .rst_ni, .clear_i(start), .run_i(run_q), .sum_i(sums_q), .counters_o(counters)
  );

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Memory to beats
  axi_fetch #(
    .Channels(1), .AddrBits(AddrBits), .DataBits(DataBits), .MaxBurst(MaxBurst),
    .Outstanding(Outstanding), .FifoBeats(FifoBeats)
  ) u_fetch (
    .clk_i, .rst_ni, .run_rst_ni(run_rst_n), .start_i(fetch_start), .start_ready_o(fetch_ready),
    .start_channel_i(1'b0), .start_addr_i({section[AddrBits-1:6], 4'b0}),
    .start_words_i(section_words), .start_bank_i(1'b0), .idle_o(fetch_idle),
    .quiet_o(fetch_quiet), .araddr_o(m_axi_araddr_o), .arlen_o(m_axi_arlen_o),
    .arvalid_o(m_axi_arvalid_o), .arready_i(m_axi_arready_i), .rdata_i(m_axi_rdata_i),
    .rresp_i(m_axi_rresp_i), .rlast_i(m_axi_rlast_i), .rvalid_i(m_axi_rvalid_i),
    .beat_valid_o(beat_valid), .beat_o(beat), .beat_first_o(beat_first),
    .beat_last_o(beat_last), .beat_end_o(beat_end), .beat_error_o(beat_error),
    .beat_channel_o(beat_channel), .beat_bank_o(beat_bank), .freed_i(freed)
  );
  beat_fifo #(
    .Width(DataBits + BeatWordBits + 1), .Beats(FifoBeats), .Macro(FifoMacro)
  ) u_beats (
    .clk_i, .rst_ni(run_rst_n), .push_i(beat_valid), .data_i({beat_end, beat_last, beat}),
    .freed_o(freed), .valid_o(next_valid), .data_o({next_end, next_last, next}),
    .take_i(next_take)
  );

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Beats to values
  wide_decoder #(
    .Kind(Kind), .Lanes(Lanes), .TableLog(TableLog), .MaxOffset(MaxOffset), .Halves(Halves),
    .DataBits(DataBits)
  ) u_decoder (
    .clk_i, .rst_ni, .run_rst_ni(run_rst_n), .close_i(abort_q), .start_i(start),
    .section_words_i(section_words), .n_tensors_i(n_tensors), .max_tensors_i(max_tensors),
    .max_values_i(max_values), .window_cause_i(window_cause), .fetch_start_o(fetch_start),
    .fetch_ready_i(fetch_ready), .fetch_quiet_i(fetch_quiet), .busy_o(busy), .done_o(done),
    .drained_o(values_idle), .tensor_o(tensor), .cause_o(front_cause), .bad_o(bad),
    .bad_status_o(bad_status), .bad_stream_o(bad_lane), .bad_tensor_o(bad_tensor),
    .retire_valid_o(retire_valid), .retire_o(retire), .stall_o(stall), .values_o(values), .beat_valid_i(next_valid), .beat_i(next),
    .beat_last_i(next_last), .beat_end_i(next_end), .beat_take_o(next_take),
    .tvalid_o(m_axis_tvalid_o), .tdata_o(m_axis_tdata_o), .tkeep_o(m_axis_tkeep_o),
    .tlast_o(m_axis_tlast_o), .tready_i(m_axis_tready_i)
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
`endif

  // A section begins with a beat; there is one channel; registers are whole words.
  logic unused;
  assign unused = ^{retire_valid, retire, beat_first, beat_channel, beat_bank, fetch_idle, s_axil_awaddr_i[1:0],
                    s_axil_araddr_i[1:0], section[5:0]};

  `TRANSOM_ASSERT_INIT(LanesArePower, Lanes >= 4 && Lanes <= 128 && Lanes == 1 << $clog2(Lanes))
  `TRANSOM_ASSERT_INIT(KindIsOfLockstep,
    Kind == codec_pkg::NransLane || Kind == codec_pkg::TansLane)
  `TRANSOM_ASSERT_INIT(TablesFit, TableLog >= 4 && TableLog
    <= (Kind == codec_pkg::TansLane ? codec_pkg::WideTansTableLog : codec_pkg::NransTableLog))
  `TRANSOM_ASSERT_INIT(OffsetsFit, MaxOffset == 8 || MaxOffset == 16)
endmodule
