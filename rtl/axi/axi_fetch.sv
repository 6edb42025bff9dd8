// axi_fetch.sv — the AXI4 read master: many channels of words through one port.
//
// A channel is started with a word address and a number of words, and asks for them in bursts of
// whole beats: MaxBurst of them, or less at the end of the words or of 4 KiB. Of a burst's first and
// last beat only the channel's words count. A channel may ask while its FIFO has room for a whole
// burst that is neither there nor on its way (room_q): so RREADY is always high and no channel can
// stand in another's way.
// What the bus was promised outlives run_rst_ni, which drops the rest: an address on offer stays
// until it is taken, bursts on their way are counted (on_way_q) to their last beats, which go nowhere.
// A beat that no burst is on its way for goes nowhere either.
// One burst at a time, three cycles each: pick the next channel that may ask, cyclically behind the
// one picked last; read what it wants; offer the burst on AR and write back what is left.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module axi_fetch #(
  parameter int Channels    = 9,
  parameter int AddrBits    = 64,
  parameter int DataBits    = 128,
  parameter int MaxBurst    = 16,   // beats, a power of two up to 256
  parameter int Outstanding = 16,   // bursts, a power of two
  parameter int FifoBeats   = 32,   // of each channel's FIFO
  localparam int ChannelBits = Channels == 1 ? 1 : $clog2(Channels),
  localparam int WordAddrBits = AddrBits - 2,
  localparam int BeatWordBits = $clog2(DataBits / 32)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    run_rst_ni,      // low: drop all channels, bursts and beats
  // starts: only of an idle channel, with at least one word
  input  logic                    start_i,
  output logic                    start_ready_o,
  input  logic [ChannelBits-1:0]  start_channel_i,
  input  logic [WordAddrBits-1:0] start_addr_i,    // in words
  input  logic [31:0]             start_words_i,
  input  logic                    start_bank_i,    // told back with an error
  output logic [Channels-1:0]     idle_o,          // all of its bursts have been asked for
  output logic                    quiet_o,         // no burst is on its way, on the bus or here
  // AXI4 read address and data; RREADY is 1
  output logic [AddrBits-1:0]     araddr_o,
  output logic [7:0]              arlen_o,
  output logic                    arvalid_o,
  input  logic                    arready_i,
  input  logic [DataBits-1:0]     rdata_i,
  input  logic [1:0]              rresp_i,
  input  logic                    rlast_i,
  input  logic                    rvalid_i,
  // beats, to the FIFOs of the channels
  output logic [Channels-1:0]     beat_valid_o,
  output logic [DataBits-1:0]     beat_o,
  output logic [BeatWordBits-1:0] beat_first_o,
  output logic [BeatWordBits-1:0] beat_last_o,
  output logic                    beat_end_o,
  output logic                    beat_error_o,
  output logic [ChannelBits-1:0]  beat_channel_o,
  output logic                    beat_bank_o,
  input  logic [Channels-1:0]     freed_i
);
  localparam int BurstBits = $clog2(MaxBurst);
  localparam int PageBeatBits = 12 - 2 - BeatWordBits;  // of a beat in 4 KiB
  localparam int SpanBits  = BurstBits + BeatWordBits + 1;
  localparam int RoomBits  = $clog2(FifoBeats + 1);
  localparam int WantBits  = 1 + WordAddrBits + 32;
  localparam int QueueBits = ChannelBits + 2 * BeatWordBits + 2;
  localparam logic [1:0] Pick = 2'd0, Read = 2'd1, Issue = 2'd2;

  // What a channel still wants: bank, address, words.
  logic [WantBits-1:0]          wants [Channels];
  logic [WantBits-1:0]          want_q;
  logic [Channels-1:0]          active_q, may_ask, above;
  logic [Channels*RoomBits-1:0] room_q;
  logic [1:0]                   state_q;
  logic [ChannelBits-1:0]       pick_q, pick_d, pick_above, pick_all;
  logic                         found_above, found, start, issue;
  // Bursts on their way.
  logic                         queue_room, queue_valid, queue_end;
  logic [BeatWordBits-1:0]      queue_first, queue_last;
  logic [$clog2(Outstanding):0] on_way_q;  // whose address was taken
  logic                         asked, answered;
  logic                         beat_q, beat_begin_q, beat_last_q;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Pick: the lowest channel above the last one, else the lowest.
  for (genvar c = 0; c < Channels; c++) begin : gen_channel
    assign may_ask[c] = active_q[c] & room_q[c*RoomBits +: RoomBits] >= RoomBits'(MaxBurst);
  end
  assign above = may_ask & ({Channels{1'b1}} << ({1'b0, pick_q} + 1'b1));
  priority_pick #(
    .Bits(Channels)
  ) u_above (
    .bits_i(above), .any_o(found_above), .index_o(pick_above)
  );
  priority_pick #(
    .Bits(Channels)
  ) u_all (
    .bits_i(may_ask), .any_o(found), .index_o(pick_all)
  );
  assign pick_d = found_above ? pick_above : pick_all;
  assign start_ready_o = state_q == Pick;
  assign start = start_i & start_ready_o;
  assign issue = state_q == Issue & ~arvalid_o;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Issue: span_beats are the most that the burst may have, span the words in them. Where the words
  // fit into these, the burst is their last; the sum of its first word and their number tells where
  // they end.
  logic                     bank, fits;
  logic [WordAddrBits-1:0]  addr, next_addr;
  logic [31:0]              words, next_words;
  logic [PageBeatBits:0]    page_left;   // beats up to the end of 4 KiB
  logic [BurstBits:0]       span_beats;
  logic [SpanBits-1:0]      span;
  logic [SpanBits-2:0]      last_word;  // from the begin of the first beat on
  logic [BeatWordBits-1:0]  first;
  logic [BurstBits-1:0]     len;

  assign {bank, addr, words} = want_q;
  assign first      = addr[BeatWordBits-1:0];
  assign page_left  = {1'b1, {PageBeatBits{1'b0}}} - {1'b0, addr[9:BeatWordBits]};
  assign span_beats = 32'(page_left) < MaxBurst ? page_left[BurstBits:0]
                                                : (BurstBits + 1)'(MaxBurst);
  assign span       = {span_beats, {BeatWordBits{1'b0}}} - SpanBits'(first);
  assign fits       = words <= 32'(span);
  assign last_word  = (fits ? words[SpanBits-2:0] : span[SpanBits-2:0]) + (SpanBits - 1)'(first)
                    - 1'b1;
  assign len        = last_word[SpanBits-2:BeatWordBits];
  assign next_addr  = {addr[WordAddrBits-1:BeatWordBits]
                       + (WordAddrBits - BeatWordBits)'(span_beats), {BeatWordBits{1'b0}}};
  assign next_words = words - 32'(span);

  always_ff @(posedge clk_i) begin
    if (start) wants[start_channel_i] <= {start_bank_i, start_addr_i, start_words_i};
    else if (issue) wants[pick_q] <= {bank, next_addr, next_words};
    want_q <= wants[pick_q];
  end
  always_ff @(posedge clk_i or negedge run_rst_ni) begin
    if (!run_rst_ni) begin
      state_q  <= Pick;
      pick_q   <= '0;
      active_q <= '0;
    end else begin
      unique case (state_q)
        Pick: begin
          if (start) begin
            active_q[start_channel_i] <= 1'b1;
          end else if (found & queue_room) begin
            pick_q  <= pick_d;
            state_q <= Read;
          end
        end
        Read: state_q <= Issue;
        default: begin
          if (issue) begin
            active_q[pick_q] <= ~fits;
            state_q          <= Pick;
          end
        end
      endcase
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      arvalid_o <= 1'b0;
      araddr_o  <= '0;
      arlen_o   <= '0;
    end else if (issue) begin
      arvalid_o <= 1'b1;
      araddr_o  <= {addr[WordAddrBits-1:BeatWordBits], {(BeatWordBits + 2){1'b0}}};
      arlen_o   <= 8'(len);
    end else if (arready_i) begin
      arvalid_o <= 1'b0;
    end
  end
  always_ff @(posedge clk_i or negedge run_rst_ni) begin
    if (!run_rst_ni) begin
      for (int c = 0; c < Channels; c++) room_q[c*RoomBits +: RoomBits] <= RoomBits'(FifoBeats);
    end else begin
      for (int c = 0; c < Channels; c++) begin
        room_q[c*RoomBits +: RoomBits] <= room_q[c*RoomBits +: RoomBits] + RoomBits'(freed_i[c])
          - (issue & pick_q == ChannelBits'(c) ? RoomBits'(len) + 1'b1 : '0);
      end
    end
  end
  assign idle_o = ~active_q;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The bursts on their way, in order, tell whose beats come back.
  fifo #(
    .Width(QueueBits), .Depth(Outstanding)
  ) u_queue (
    .clk_i, .rst_ni(run_rst_ni), .push_i(issue), .room_o(queue_room), .valid_o(queue_valid),
    .data_i({bank, pick_q, fits, last_word[BeatWordBits-1:0], first}),
    .data_o({beat_bank_o, beat_channel_o, queue_end, queue_last, queue_first}),
    .pop_i(beat_q & beat_last_q)
  );
  assign asked    = arvalid_o & arready_i;
  assign answered = rvalid_i & on_way_q != '0;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      on_way_q <= '0;
    end else begin
      if (asked & ~(answered & rlast_i)) on_way_q <= on_way_q + 1'b1;
      if (~asked & answered & rlast_i)   on_way_q <= on_way_q - 1'b1;
    end
  end
  always_ff @(posedge clk_i or negedge run_rst_ni) begin
    if (!run_rst_ni) begin
      beat_q       <= 1'b0;
      beat_begin_q <= 1'b1;
      beat_last_q  <= 1'b0;
      beat_error_o <= 1'b0;
      beat_o       <= '0;
    end else begin
      beat_q <= answered;
      if (answered) begin
        beat_o       <= rdata_i;
        beat_last_q  <= rlast_i;
        beat_error_o <= rresp_i != 2'b00;
      end
      if (beat_q) beat_begin_q <= beat_last_q;
    end
  end
  // Not beat_valid_o[beat_channel_o] = beat_q: before the first burst nobody knows the channel, and in a
  // netlist an unknown index makes every bit unknown.
  assign beat_valid_o = beat_q ? Channels'(1) << beat_channel_o : '0;
  assign beat_first_o = beat_begin_q ? queue_first : '0;
  assign beat_last_o  = beat_last_q ? queue_last : '1;
  assign beat_end_o   = beat_last_q & queue_end;
  assign quiet_o      = ~(queue_valid | arvalid_o | beat_q | state_q != Pick | on_way_q != '0);

  `TRANSOM_ASSERT_INIT(BurstIsPower, MaxBurst >= 2 && MaxBurst <= 256 && MaxBurst == 1 << BurstBits)
  `TRANSOM_ASSERT_INIT(BurstInPage, MaxBurst * DataBits / 8 <= 4096)
  `TRANSOM_ASSERT_INIT(FifoHasABurst, FifoBeats >= 2 * MaxBurst)
  `TRANSOM_ASSERT(StartIdle, start |-> ~active_q[start_channel_i] & start_words_i != '0)
  `TRANSOM_ASSERT(PickWanted, issue |-> may_ask[pick_q] & words != '0)
  `TRANSOM_ASSERT(BeatExpected, beat_q |-> queue_valid)
  `TRANSOM_ASSERT(OnTheirWay, 32'(on_way_q) <= Outstanding)
endmodule
