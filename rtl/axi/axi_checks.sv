// axi_checks.sv — the handshake rules of AXI4 (read), AXI4-Lite and AXI4-Stream, as assertions.
//
// After ARM IHI 0022 (A3.2, A3.4, B1) and IHI 0051 (2.2). What the unit owes is asserted; what the
// other side owes is asserted as well, so that a test bench cannot cheat: those names begin with
// Env. The unit's own promises about the buses are here too: reads stay in the window, an abort asks
// for nothing, and a run that has ended has left nothing on either bus. Instantiated by decoder_axi
// in simulation only.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

`ifdef TRANSOM_ASSERTS
module axi_checks #(
  parameter int AddrBits = 64,
  parameter int DataBits = 128,
  parameter int OutBits  = 64,
  parameter int MaxBurst = 16,
  parameter int Outstanding = 16
) (
  input logic                 clk_i,
  input logic                 rst_ni,
  input logic                 abort_i,  // an abort drains the buses
  input logic                 done_i,   // a run ended in the cycle before
  input logic [63:0]          window_base_i,
  input logic [63:0]          window_limit_i,
  input logic [AddrBits-1:0]  araddr_i,
  input logic [7:0]           arlen_i,
  input logic [2:0]           arsize_i,
  input logic [1:0]           arburst_i,
  input logic                 arvalid_i,
  input logic                 arready_i,
  input logic [DataBits-1:0]  rdata_i,
  input logic [1:0]           rresp_i,
  input logic                 rlast_i,
  input logic                 rvalid_i,
  input logic                 rready_i,
  input logic [OutBits-1:0]   tdata_i,
  input logic [OutBits/8-1:0] tkeep_i,
  input logic                 tlast_i,
  input logic                 tvalid_i,
  input logic                 tready_i,
  input logic [7:0]           lite_awaddr_i,
  input logic                 lite_awvalid_i,
  input logic                 lite_awready_i,
  input logic [31:0]          lite_wdata_i,
  input logic [3:0]           lite_wstrb_i,
  input logic                 lite_wvalid_i,
  input logic                 lite_wready_i,
  input logic [1:0]           lite_bresp_i,
  input logic                 lite_bvalid_i,
  input logic                 lite_bready_i,
  input logic [7:0]           lite_araddr_i,
  input logic                 lite_arvalid_i,
  input logic                 lite_arready_i,
  input logic [31:0]          lite_rdata_i,
  input logic [1:0]           lite_rresp_i,
  input logic                 lite_rvalid_i,
  input logic                 lite_rready_i
);
  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Reset: nobody is valid in the cycle after it.
  logic reset_q;
  always_ff @(posedge clk_i) reset_q <= ~rst_ni;
  `TRANSOM_ASSERT(NoValidAfterReset,
    reset_q |-> ~(arvalid_i | tvalid_i | lite_bvalid_i | lite_rvalid_i))

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // AXI4 read address
  `TRANSOM_ASSERT(ArStays,
    (arvalid_i & ~arready_i) |=> (arvalid_i & $stable(araddr_i) & $stable(arlen_i)
      & $stable(arsize_i) & $stable(arburst_i)))
  `TRANSOM_ASSERT(ArIncr, arvalid_i |-> arburst_i == 2'b01)
  `TRANSOM_ASSERT(ArWidth, arvalid_i |-> 32'd8 << arsize_i == DataBits)
  `TRANSOM_ASSERT(ArAligned, arvalid_i |-> araddr_i[$clog2(DataBits/8)-1:0] == '0)
  `TRANSOM_ASSERT(ArLength, arvalid_i |-> 32'(arlen_i) < MaxBurst)
  `TRANSOM_ASSERT(ArInPage,
    arvalid_i |-> 32'(araddr_i[11:0]) + ((32'(arlen_i) + 1) << arsize_i) <= 32'd4096)

  logic [63:0] first_byte, last_byte;
  assign first_byte = 64'(araddr_i);
  assign last_byte  = first_byte + ((64'(arlen_i) + 64'd1) << arsize_i) - 64'd1;
  `TRANSOM_ASSERT(ArInWindow,
    arvalid_i |-> first_byte >= window_base_i & last_byte <= window_limit_i
      & last_byte >= first_byte)
  `TRANSOM_ASSERT(AbortAsksNothing, (abort_i & ~arvalid_i) |=> ~arvalid_i)

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // AXI4 read data: bursts in order, each as long as was asked for. The memory is not reset with the
  // unit, so bursts on their way outlive a reset here.
  logic [7:0] lens [256];  // beats - 1 of the bursts on their way
  logic [7:0] head_q = '0, tail_q = '0, beat_q = '0, bursts, len;
  assign bursts = tail_q - head_q;
  assign len    = lens[head_q];
  always_ff @(posedge clk_i) begin
    if (arvalid_i & arready_i) begin
      lens[tail_q] <= arlen_i;
      tail_q       <= tail_q + 1'b1;
    end
    if (rvalid_i & rready_i) begin
      beat_q <= rlast_i ? '0 : beat_q + 1'b1;
      if (rlast_i) head_q <= head_q + 1'b1;
    end
  end
  `TRANSOM_ASSERT(OutstandingBound, 32'(bursts) <= Outstanding)
  `TRANSOM_ASSERT(RAlwaysReady, rready_i)
  `TRANSOM_ASSERT(EnvRStays,
    (rvalid_i & ~rready_i) |=> (rvalid_i & $stable(rdata_i) & $stable(rresp_i)
      & $stable(rlast_i)))
  `TRANSOM_ASSERT(EnvRExpected, rvalid_i |-> bursts != '0)
  `TRANSOM_ASSERT(EnvRLast, rvalid_i |-> rlast_i == (beat_q == len))

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // AXI4-Stream; a value's two bytes are there together.
  `TRANSOM_ASSERT(TStays,
    (tvalid_i & ~tready_i) |=> (tvalid_i & $stable(tdata_i) & $stable(tkeep_i)
      & $stable(tlast_i)))
  logic [OutBits/16-1:0] halves;
  for (genvar v = 0; v < OutBits / 16; v++) begin : gen_half
    assign halves[v] = tkeep_i[2*v] ^ tkeep_i[2*v+1];
  end
  `TRANSOM_ASSERT(TKeepWhole, tvalid_i |-> halves == '0)
  `TRANSOM_ASSERT(TNeverEmpty, tvalid_i |-> tkeep_i != '0 | tlast_i)
  logic frame_q;  // a tensor's last beat is still to come
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) frame_q <= 1'b0;
    else if (tvalid_i & tready_i) frame_q <= ~tlast_i;
  end
  `TRANSOM_ASSERT(DoneIsQuiet, done_i |-> ~(frame_q | tvalid_i | arvalid_i))

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // AXI4-Lite. An answer comes after its request, one for each.
  logic [1:0] aw_q, w_q, ar_q;  // requests without an answer
  logic       aw, w, b, ar, r;
  assign aw = lite_awvalid_i & lite_awready_i;
  assign w  = lite_wvalid_i & lite_wready_i;
  assign b  = lite_bvalid_i & lite_bready_i;
  assign ar = lite_arvalid_i & lite_arready_i;
  assign r  = lite_rvalid_i & lite_rready_i;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      aw_q <= '0;
      w_q  <= '0;
      ar_q <= '0;
    end else begin
      aw_q <= aw_q + 2'(aw) - 2'(b);
      w_q  <= w_q + 2'(w) - 2'(b);
      ar_q <= ar_q + 2'(ar) - 2'(r);
    end
  end
  `TRANSOM_ASSERT(BStays,
    (lite_bvalid_i & ~lite_bready_i) |=> (lite_bvalid_i & $stable(lite_bresp_i)))
  `TRANSOM_ASSERT(BAfterBoth, lite_bvalid_i |-> aw_q != '0 & w_q != '0)
  `TRANSOM_ASSERT(LiteRStays,
    (lite_rvalid_i & ~lite_rready_i) |=> (lite_rvalid_i & $stable(lite_rdata_i)
      & $stable(lite_rresp_i)))
  `TRANSOM_ASSERT(LiteRAfterAr, lite_rvalid_i |-> ar_q != '0)
  `TRANSOM_ASSERT(NoExclusiveOkay,
    ~(lite_bvalid_i & lite_bresp_i == 2'b01) & ~(lite_rvalid_i & lite_rresp_i == 2'b01))
  `TRANSOM_ASSERT(EnvAwStays,
    (lite_awvalid_i & ~lite_awready_i) |=> (lite_awvalid_i & $stable(lite_awaddr_i)))
  `TRANSOM_ASSERT(EnvWStays,
    (lite_wvalid_i & ~lite_wready_i) |=> (lite_wvalid_i & $stable(lite_wdata_i)
      & $stable(lite_wstrb_i)))
  `TRANSOM_ASSERT(EnvArStays,
    (lite_arvalid_i & ~lite_arready_i) |=> (lite_arvalid_i & $stable(lite_araddr_i)))
endmodule
`endif
