// axi_fetch_properties.sv — the AXI4 read master: what AMBA asks of its addresses, and no beat but those asked for.
//
// The slave answers bursts in order, a beat or none in a clock, and may send beats that nobody asked for.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module axi_fetch_properties #(
  parameter int Channels    = 2,
  parameter int AddrBits    = 13,   // two pages
  parameter int DataBits    = 64,
  parameter int MaxBurst    = 2,
  parameter int Outstanding = 2,
  parameter int FifoBeats   = 4,
  localparam int WordAddrBits = AddrBits - 2,
  localparam int BeatWordBits = $clog2(DataBits / 32),
  localparam int CountBits    = $clog2(Outstanding + 1)
) (
  input logic                    clk_i,
  input logic                    rst_ni,
  input logic                    run_i,  // low: the run is dropped
  input logic                    start_i,
  input logic [0:0]              start_channel_i,
  input logic [WordAddrBits-1:0] start_addr_i,
  input logic [31:0]             start_words_i,
  input logic                    arready_i,
  input logic [DataBits-1:0]     rdata_i,
  input logic [1:0]              rresp_i,
  input logic                    rlast_i,
  input logic                    rvalid_i,
  input logic [Channels-1:0]     freed_i
);
  logic                    start_ready, quiet, arvalid, beat_end, beat_error, beat_bank, run_rst_n;
  logic [Channels-1:0]     idle, beat_valid;
  logic [AddrBits-1:0]     araddr;
  logic [7:0]              arlen;
  logic [DataBits-1:0]     beat;
  logic [BeatWordBits-1:0] beat_first, beat_last;
  logic [0:0]              beat_channel;
  assign run_rst_n = rst_ni & run_i;
  axi_fetch #(
    .Channels(Channels), .AddrBits(AddrBits), .DataBits(DataBits), .MaxBurst(MaxBurst),
    .Outstanding(Outstanding), .FifoBeats(FifoBeats)
  ) dut (
    .clk_i, .rst_ni, .run_rst_ni(run_rst_n), .start_i, .start_ready_o(start_ready), .start_channel_i,
    .start_addr_i, .start_words_i, .start_bank_i(1'b0), .idle_o(idle), .quiet_o(quiet), .araddr_o(araddr),
    .arlen_o(arlen), .arvalid_o(arvalid), .arready_i, .rdata_i, .rresp_i, .rlast_i, .rvalid_i,
    .beat_valid_o(beat_valid), .beat_o(beat), .beat_first_o(beat_first), .beat_last_o(beat_last),
    .beat_end_o(beat_end), .beat_error_o(beat_error), .beat_channel_o(beat_channel),
    .beat_bank_o(beat_bank), .freed_i
  );
  handshake_check #(
    .Width(AddrBits + 8)
  ) ar (
    .clk_i, .rst_ni, .valid_i(arvalid), .ready_i(arready_i), .payload_i({araddr, arlen})
  );

  // The slave: bursts that it owes, the oldest first, and beats of that one that are left.
  logic [CountBits-1:0]    owed_q;
  logic [Outstanding*8-1:0] lens_q;
  logic [7:0]              left_q;
  logic                    asked, due, ends;
  logic [CountBits-1:0]    owed;  // behind the last beat of this clock
  assign asked = arvalid & arready_i;
  assign due   = rvalid_i & owed_q != '0;
  assign ends  = due & rlast_i;
  assign owed  = owed_q - CountBits'(ends);
  logic [Outstanding*8-1:0] lens;
  assign lens  = ends ? lens_q >> 8 : lens_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {owed_q, lens_q, left_q} <= '0;
    end else begin
      owed_q <= owed + CountBits'(asked);
      lens_q <= asked ? lens | ((Outstanding*8)'(arlen) << {owed, 3'b0}) : lens;
      left_q <= ends ? '0 : due ? left_q + 8'd1 : left_q;  // beats that were sent
    end
  end

  // What was taken from the bus in the clock before; room as FIFOs have it.
  logic                    due_q, clear_q;
  logic [DataBits-1:0]     data_q;
  logic [1:0]              resp_q;
  logic [Channels*3-1:0]   fill_q;
  always_ff @(posedge clk_i) begin
    {due_q, clear_q} <= {due & run_rst_n, ~run_rst_n};
    {data_q, resp_q} <= {rdata_i, rresp_i};
    for (int c = 0; c < Channels; c++) begin
      fill_q[c*3 +: 3] <= ~run_rst_n ? '0 : fill_q[c*3 +: 3] + 3'(beat_valid[c]) - 3'(freed_i[c]);
    end
  end

  `RESET_ONCE
  always_comb begin
    if (rvalid_i & owed_q != '0) assume (rlast_i == (left_q == lens_q[7:0]));
    if (start_i) assume (run_i & idle[start_channel_i] & start_words_i != '0);
    if (start_i) assume (quiet | clear_q == 1'b0);
    // A run that is dropped stays so until the bus is quiet.
    if (clear_q & begun_q) assume (~run_i | ~rst_ni | owed_q == '0 & ~arvalid);
    for (int c = 0; c < Channels; c++) if (freed_i[c]) assume (fill_q[c*3 +: 3] != '0 & run_rst_n);
    if (rst_ni) begin
      `CHECK(AddressIsOfABeat, ~arvalid | araddr[BeatWordBits+1:0] == '0)
      `CHECK(BurstIsShort, ~arvalid | 32'(arlen) < MaxBurst)
      `CHECK(StaysInItsPage, ~arvalid | 32'(araddr[11:0]) + (32'(arlen) + 1) * (DataBits / 8) <= 4096)
      `CHECK(FewOnTheirWay, 32'(owed_q) + 32'(arvalid) <= Outstanding)
      `CHECK(BeatsAreAskedFor, ~run_rst_n | (beat_valid != '0) == due_q)
      `CHECK(BeatsAreUnchanged, ~run_rst_n | ~due_q | (beat == data_q & beat_error == (resp_q != 2'b00)))
      `CHECK(QuietIfNothingIsOwed, ~quiet | (owed_q == '0 & ~arvalid))
      `REACH(TwoOnTheirWay, 32'(owed_q) == Outstanding & arlen != '0)
      `REACH(EndsAtThePage, arvalid & 32'(araddr[11:0]) + (32'(arlen) + 1) * (DataBits / 8) == 4096)
      `REACH(DroppedWithBursts, ~run_i & owed_q != '0)
      `REACH(ASecondRun, run_i & beat_valid != '0 & araddr[12])
    end
  end
endmodule
