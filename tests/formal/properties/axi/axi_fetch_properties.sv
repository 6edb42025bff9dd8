// axi_fetch_properties.sv — the AXI4 read master: what AMBA asks of its addresses, and no beat but those asked for.
//
// The slave answers bursts in order, a beat or none in a clock, and may send beats that nobody asked for.
// With Addressed each beat that was asked for holds its own number, so what a channel is given tells where
// it came from: the channel's words, from its address on, each once, in order.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module axi_fetch_properties #(
  parameter int Channels    = 2,
  parameter int AddrBits    = 13,   // two pages
  parameter int DataBits    = 64,
  parameter int MaxBurst    = 2,
  parameter int Outstanding = 2,
  parameter int FifoBeats   = 4,
  parameter bit Addressed   = 1'b0,
  localparam int BeatAddrBits = AddrBits - 2 - $clog2(DataBits / 32),
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

  // Numbers of the beats of owed bursts; what each channel is still to be given: of the stream whose beats
  // come next, and of one that was started behind it.
  logic [Outstanding*BeatAddrBits-1:0] beats_q, beats;
  logic [Channels-1:0] given_right, all_given, room_for_start;
  logic                started;
  assign started = start_i & start_ready;
  assign beats   = ends ? beats_q >> BeatAddrBits : beats_q;
  always_ff @(posedge clk_i) begin
    beats_q <= asked ? (beats & ~((Outstanding*BeatAddrBits)'({BeatAddrBits{1'b1}}) << (owed * BeatAddrBits)))
                       | ((Outstanding*BeatAddrBits)'(araddr[AddrBits-1:BeatWordBits+2]) << (owed * BeatAddrBits)) : beats;
  end
  for (genvar c = 0; c < Channels; c++) begin : gen_given
    logic [WordAddrBits-1:0] at_q, next_at_q, at;
    logic [3:0]              words_q, next_words_q, words, here;  // here: of this beat
    logic                    starts;
    assign here  = words_q < 4'(DataBits / 32) - 4'(at_q[BeatWordBits-1:0]) ? words_q
                                                                          : 4'(DataBits / 32) - 4'(at_q[BeatWordBits-1:0]);
    assign at    = beat_valid[c] ? at_q + WordAddrBits'(here) : at_q;
    assign words = beat_valid[c] ? words_q - here : words_q;
    assign starts = started & 32'(start_channel_i) == c;
    assign given_right[c] = ~beat_valid[c] | (words_q != '0 & beat[BeatAddrBits-1:0] == at_q[WordAddrBits-1:BeatWordBits]
      & beat_first == at_q[BeatWordBits-1:0] & beat_last == at_q[BeatWordBits-1:0] + BeatWordBits'(here - 4'd1)
      & beat_end == (here == words_q));
    assign all_given[c]      = words_q == '0;
    assign room_for_start[c] = next_words_q == '0;
    always_ff @(posedge clk_i) begin
      if (!run_rst_n) begin
        {words_q, next_words_q} <= '0;
      end else if (words == '0) begin
        {at_q, words_q}           <= next_words_q != '0 | ~starts ? {next_at_q, next_words_q} : {start_addr_i, start_words_i[3:0]};
        {next_at_q, next_words_q} <= next_words_q != '0 & starts ? {start_addr_i, start_words_i[3:0]} : '0;
      end else begin
        {at_q, words_q} <= {at, words};
        if (starts) {next_at_q, next_words_q} <= {start_addr_i, start_words_i[3:0]};
      end
    end
  end

  `RESET_ONCE
  always_comb begin
    if (Addressed) begin
      if (due) assume (rdata_i[BeatAddrBits-1:0] == beats_q[BeatAddrBits-1:0] + BeatAddrBits'(left_q));
      if (start_i) assume (start_words_i <= 32'd9 & room_for_start[start_channel_i]);
    end
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
      `CHECK(EachGetsItsNext, ~Addressed | ~run_rst_n | given_right == '1)
      `CHECK(NothingIsLost, ~Addressed | ~run_rst_n | ~quiet | (idle & ~all_given) == '0)
      `REACH(TwoOnTheirWay, 32'(owed_q) == Outstanding & arlen != '0)
      `REACH(EndsAtThePage, arvalid & 32'(araddr[11:0]) + (32'(arlen) + 1) * (DataBits / 8) == 4096)
      `REACH(DroppedWithBursts, ~run_i & owed_q != '0)
      `REACH(ASecondRun, run_i & beat_valid != '0 & araddr[12])
    end
  end
endmodule
