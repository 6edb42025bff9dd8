// axi_regs_properties.sv — the AXI4-Lite port: every request has one answer, in time; registers hold what was written.
//
// A write counts in the clock before its answer, a read in the clock before its data. The register
// that is looked at, any of three, is free but rests.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module axi_regs_properties #(
  localparam int Counters    = 11,
  localparam int CounterBits = 48,
  localparam int Causes      = 1 << codec_pkg::CauseBits
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic [5:0]  awaddr_i,
  input logic        awvalid_i,
  input logic [31:0] wdata_i,
  input logic [3:0]  wstrb_i,
  input logic        wvalid_i,
  input logic        bready_i,
  input logic [5:0]  araddr_i,
  input logic        arvalid_i,
  input logic        rready_i,
  input logic        busy_i,
  input logic        done_i,
  input logic        error_i,
  input logic [Causes-1:0] causes_i,
  input logic [codec_pkg::CauseBits-1:0]  cause_i,
  input logic [codec_pkg::StatusBits-1:0] status_i,
  input logic [31:0] error_descriptor_i,
  input logic [31:0] error_stream_i,
  input logic [Counters*CounterBits-1:0] counters_i,
  input logic [5:0]  sel_i
);
  localparam logic [5:0] IrqEnable = 6'h4, IrqStatus = 6'h5, Low = 6'h6, High = 6'h7, Count = 6'h8;
  logic        awready, wready, bvalid, arready, rvalid, irq, start, abort;
  logic [31:0] rdata, n_descriptors, max_descriptors, section_words;
  logic [63:0] descriptors, window_base, window_limit, max_values;
  axi_regs dut (
    .clk_i, .rst_ni, .awaddr_i, .awvalid_i, .awready_o(awready), .wdata_i, .wstrb_i, .wvalid_i,
    .wready_o(wready), .bvalid_o(bvalid), .bready_i, .araddr_i, .arvalid_i, .arready_o(arready),
    .rdata_o(rdata), .rvalid_o(rvalid), .rready_i, .irq_o(irq), .start_o(start), .abort_o(abort),
    .descriptors_o(descriptors), .n_descriptors_o(n_descriptors), .window_base_o(window_base),
    .window_limit_o(window_limit), .max_values_o(max_values), .max_descriptors_o(max_descriptors),
    .section_words_o(section_words), .busy_i, .done_i, .error_i, .causes_i, .cause_i, .status_i,
    .error_descriptor_i, .error_stream_i, .counters_i
  );
  handshake_check #(
    .Width(32)
  ) r (
    .clk_i, .rst_ni, .valid_i(rvalid), .ready_i(rready_i), .payload_i(rdata)
  );

  // What was taken and not carried out, what was carried out and not answered: one of each.
  logic        aw_q, w_q, b_q, ar_q, r_q, done_q, enabled_q, busy_q, fresh_q;
  logic [5:0]  waddr_q, raddr_q, answer_q, sel_q;
  logic [31:0] wdata_q, held_q, mask, shown_q;
  logic [3:0]  wstrb_q;
  logic        write, read;
  assign mask  = {{8{wstrb_q[3]}}, {8{wstrb_q[2]}}, {8{wstrb_q[1]}}, {8{wstrb_q[0]}}};
  assign write = aw_q & w_q & ~b_q;
  assign read  = ar_q & ~r_q;
  always_ff @(posedge clk_i) sel_q <= sel_i;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {aw_q, w_q, b_q, ar_q, r_q, held_q, done_q, enabled_q, busy_q, fresh_q} <= '0;
      {waddr_q, raddr_q, answer_q, wdata_q, wstrb_q, shown_q} <= '0;
    end else begin
      aw_q <= (aw_q | (awvalid_i & awready)) & ~write;
      w_q  <= (w_q | (wvalid_i & wready)) & ~write;
      b_q  <= write | (b_q & ~bready_i);
      ar_q <= (ar_q | (arvalid_i & arready)) & ~read;
      r_q  <= read | (r_q & ~rready_i);
      if (awvalid_i & awready) waddr_q <= awaddr_i;
      if (wvalid_i & wready) {wdata_q, wstrb_q} <= {wdata_i, wstrb_i};
      if (arvalid_i & arready) raddr_q <= araddr_i;
      if (write & waddr_q == sel_i) held_q <= (held_q & ~mask) | (wdata_q & mask);
      if (read) {answer_q, shown_q} <= {raddr_q, held_q};
      busy_q <= busy_i;
      // The interrupt of a run's end, and whether it is let through.
      done_q <= done_i | (done_q & ~(write & waddr_q == IrqStatus & wdata_q[0] & wstrb_q[0]));
      if (write & waddr_q == IrqEnable & wstrb_q[0]) enabled_q <= wdata_q[0];
    end
  end

  `RESET_ONCE
  always_comb begin
    assume (sel_i == Low | sel_i == High | sel_i == Count);
    assume (~begun_q | sel_i == sel_q);
    if (rst_ni) begin
      // One answer for each request, as soon as the one before was taken; a request has room for one more.
      `CHECK(AnswersEachWrite, bvalid == b_q)
      `CHECK(AnswersEachRead, rvalid == r_q)
      `CHECK(TakesAWrite, awready == ~aw_q & wready == ~w_q)
      `CHECK(TakesARead, arready == ~ar_q)
      `CHECK(HoldsWhatWasWritten, sel_i == Low ? descriptors[31:0] == held_q
        : sel_i == High ? descriptors[63:32] == held_q : n_descriptors == held_q)
      `CHECK(ReadsWhatWasWritten, ~(r_q & answer_q == sel_i) | rdata == shown_q)
      `CHECK(StartsIdle, ~start | ~busy_q)
      `CHECK(TellsOfTheEnd, ~(done_q & enabled_q) | irq)
      `REACH(WriteAndReadAtOnce, b_q & r_q & answer_q == sel_i & rdata != '0 & ar_q & aw_q)
      `REACH(Starts, start)
      `REACH(DataFirst, w_q & ~aw_q)
    end
  end
endmodule
