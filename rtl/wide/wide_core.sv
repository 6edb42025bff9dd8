// wide_core.sv — the lanes in lockstep, what they ask for, and how a tensor ends.
//
// Four stages, which move together (go): A, every lane steps; B, every lane's value leaves, while the
// halfwords that the round makes it ask for are counted (wide_router); Q, the window gives them, block
// by block. So a round in each cycle, unless its halfwords are not there, or a beat has no room.
// Before the first round come passes (fill_q): states, then each stream's first halfwords.
// The lanes that have a value in a round are those below a number: in all rounds but a tensor's last
// one it is that of the streams. Rounds are looked at three ahead: who has no such round asks for
// nothing.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module wide_core #(
  parameter int Kind      = codec_pkg::NransLane,
  parameter int Lanes     = 16,
  parameter int TableLog  = 10,
  parameter int MaxOffset = 8,
  parameter int Halves    = 16,
  parameter int FillBits  = 7,
  localparam int Rows       = codec_pkg::NransRows,
  localparam int TableBits  = codec_pkg::wide_table_bits(Kind, TableLog),
  localparam int CountBits  = $clog2(MaxOffset + 1),
  localparam int TakeBits   = $clog2(Halves + 1),
  localparam int LaneBits   = $clog2(Lanes + 1),
  localparam int IndexBits  = $clog2(Lanes),
  localparam int StatusBits = codec_pkg::StatusBits
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       clear_i,        // a run begins
  // tensors; one is taken in a cycle with both
  input  logic                       tensor_valid_i,
  output logic                       tensor_taken_o,
  input  logic [31:0]                tensor_i,       // its number
  input  logic [3:0]                 table_log_i,
  input  logic                       bank_i,
  input  logic [CountBits-1:0]       most_offset_i,
  input  logic [LaneBits-1:0]        streams_i,
  input  logic [3*LaneBits-1:0]      counts_i,
  input  logic [31:0]                rest_i,
  // tables
  output logic                       bank_o,
  input  logic [TableBits-1:0]       table_i,
  input  logic [3:0]                 most_take_i,    // of a step, at most 12
  input  logic                       built_i,        // the table is, with the next cycle
  input  logic [Rows*CountBits-1:0]  offset_counts_i,
  input  logic [Rows*MaxOffset-1:0]  vmins_i,
  // the payload
  input  logic [Halves*16-1:0]       halves_i,
  input  logic [FillBits-1:0]        fill_i,
  input  logic                       live_i,
  input  logic [32:0]                left_i,
  output logic [TakeBits-1:0]        take_o,
  // values
  input  logic                       room_i,
  output logic                       beat_valid_o,
  output logic [Lanes*MaxOffset-1:0] beat_o,
  output logic [Lanes-1:0]           beat_lanes_o,
  output logic [LaneBits-1:0]        beat_count_o,
  output logic                       beat_last_o,
  // the end
  input  logic                       over_i,         // a pulse: halfwords are left over
  output logic                       ended_o,        // there is no step to come
  output logic                       empty_o,        // nor a beat
  output logic                       idle_o,         // nor anything else
  output logic                       bad_o,          // a pulse: the tensor ended so
  output logic [StatusBits-1:0]      bad_status_o,
  output logic                       bad_of_lane_o,
  output logic [IndexBits-1:0]       bad_lane_o,
  output logic [31:0]                bad_tensor_o,
  // what it does: steps, for lockstep; the rest for counters
  output logic [Lanes-1:0]           retire_valid_o,
  output logic [Lanes*codec_pkg::WideRetireBits-1:0] retire_o,
  output logic                       steps_o,
  output logic                       waits_room_o,
  output logic                       waits_router_o,
  output logic                       waits_words_o,
  output logic                       fills_o
);
  localparam int Ports    = 2 * Lanes;
  localparam int RetireBits = codec_pkg::WideRetireBits;
  localparam int SymbolRounds = codec_pkg::WideSymbolRounds, OffsetRounds = codec_pkg::WideOffsetRounds;

  logic go, step, take, complete, empty, ok, short_of;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The tensor at work
  logic [31:0]         tensor_q, ended_tensor_q, rest_q;
  logic [3:0]          table_log_q;
  logic                bank_q, fill_q;
  logic [1:0]          symbol_halves_q, offset_halves_q, last_pass;
  logic [2:0]          pass_q;  // one beyond the last of three, too
  logic                passed;
  logic [LaneBits-1:0] streams_q, count0_q, count1_q, count2_q, count3;
  logic [Lanes-1:0]    lanes0_q, lanes1_q, lanes2_q, lanes3;  // of the next round, those behind it
  logic [CountBits-1:0] most_offset_q;

  // Lanes below a number.
  function automatic logic [Lanes-1:0] below(input logic [LaneBits-1:0] count);
    for (int s = 0; s < Lanes; s++) below[s] = LaneBits'(s) < count;
  endfunction
  assign count3 = rest_q < 32'(streams_q) ? rest_q[LaneBits-1:0] : streams_q;
  assign lanes3 = below(count3);

  assign take    = tensor_valid_i & ended_o & go;
  assign step    = go & ~fill_q & lanes0_q[0];
  assign ended_o = ~fill_q & ~lanes0_q[0];
  assign tensor_taken_o = take;
  assign bank_o  = bank_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      fill_q   <= 1'b0;
      lanes0_q <= '0;
    end else begin
      if (take) fill_q <= 1'b1;
      else if (go & passed & built_i) fill_q <= 1'b0;
      if (take) lanes0_q <= below(counts_i[0 +: LaneBits]);
      else if (step) lanes0_q <= lanes1_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (take) begin
      tensor_q      <= tensor_i;
      table_log_q   <= table_log_i;
      bank_q        <= bank_i;
      most_offset_q <= most_offset_i;
      streams_q     <= streams_i;
      count0_q      <= counts_i[0 +: LaneBits];
      count1_q      <= counts_i[LaneBits +: LaneBits];
      count2_q      <= counts_i[2*LaneBits +: LaneBits];
      lanes1_q      <= below(counts_i[LaneBits +: LaneBits]);
      lanes2_q      <= below(counts_i[2*LaneBits +: LaneBits]);
      rest_q        <= rest_i;
    end else if (step) begin
      count0_q <= count1_q;
      count1_q <= count2_q;
      count2_q <= count3;
      lanes1_q <= lanes2_q;
      lanes2_q <= lanes3;
      rest_q   <= rest_q - 32'(count3);
    end
    if (take) pass_q <= '0;
    else if (fill_q & go & ~passed) pass_q <= pass_q + 1'b1;
  end

  // Stocks of bits
  logic [5:0] symbol_stock, offset_stock;
  assign symbol_stock = 6'(SymbolRounds) * 6'(most_take_i);
  assign offset_stock = 6'(OffsetRounds) * 6'(most_offset_q);
  always_ff @(posedge clk_i) begin
    if (pass_q == '0) begin
      symbol_halves_q <= 2'((7'(symbol_stock) + 7'd15) >> 4);
      offset_halves_q <= 2'((7'(offset_stock) + 7'd15) >> 4);
    end
  end
  assign last_pass = symbol_halves_q > offset_halves_q ? symbol_halves_q : offset_halves_q;
  assign passed    = pass_q > 3'(last_pass) & pass_q != '0;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Requests, and the halfwords that they get
  logic [Lanes-1:0]     wants_symbols, wants_offset, ask_symbols, ask_offset;
  logic [Ports-1:0]     request, put;
  logic [Ports*16-1:0]  word;
  logic [TakeBits-1:0]  want;
  logic [Halves*16-1:0] given;
  logic                 states_q;  // Q holds pass 0
  logic                 valid_q, last_q;
  logic [Lanes-1:0]     lanes_q;
  logic [LaneBits-1:0]  count_q;

  always_comb begin
    if (fill_q) begin
      ask_symbols = lanes0_q & {Lanes{pass_q == '0 | pass_q <= 3'(symbol_halves_q)}};
      ask_offset  = lanes0_q & {Lanes{pass_q != '0 & pass_q <= 3'(offset_halves_q)}};
    end else begin
      ask_symbols = wants_symbols & lanes2_q & {Lanes{valid_q}};
      ask_offset  = wants_offset & lanes1_q & {Lanes{valid_q}};
    end
  end
  for (genvar s = 0; s < Lanes; s++) begin : gen_request
    assign request[2*s +: 2] = {ask_offset[s], ask_symbols[s]};
  end
  // What lies behind the payload is zero here.
  for (genvar h = 0; h < Halves; h++) begin : gen_given
    assign given[16*h +: 16] = halves_i[16*h +: 16] & {16{live_i & left_i > 33'(h)}};
  end
  wide_router #(
    .Ports(Ports), .Halves(Halves)
  ) u_router (
    .clk_i, .rst_ni, .move_i(go), .request_i(request), .want_o(want), .give_i(ok),
    .halves_i(given), .put_o(put), .word_o(word), .empty_o(empty), .complete_o(complete)
  );
  assign short_of = ~live_i | left_i < 33'(want);
  assign ok       = ~live_i | fill_i >= FillBits'(want) | 33'(fill_i) >= left_i;
  assign take_o   = ~live_i | ~ok ? '0 : short_of ? left_i[TakeBits-1:0] : want;
  assign go       = complete & (~valid_q | room_i);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (go) valid_q <= step;
  end
  always_ff @(posedge clk_i) begin
    if (go) begin
      states_q <= fill_q & pass_q == '0;
      lanes_q  <= lanes0_q;
      count_q  <= count0_q;
      last_q   <= ~lanes1_q[0];
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The lanes
  logic             judge_q, clear;  // the cycle after a tensor's last beat
  logic [Lanes-1:0] bad_state, left;
  logic [15:0]      no_state;        // bits of a state's halfword
  assign clear    = clear_i | judge_q;
  assign no_state = Kind == codec_pkg::TansLane
                  ? 16'hffff << table_log_q
                  : 16'hffff >> (32'(table_log_q) + codec_pkg::NransBlockLog);
  assign retire_valid_o = lanes_q & {Lanes{beat_valid_o}};
  for (genvar s = 0; s < Lanes; s++) begin : gen_lane
    wide_lane #(
      .Kind(Kind), .TableLog(TableLog), .MaxOffset(MaxOffset)
    ) u_lane (
      .clk_i, .rst_ni, .clear_i(clear), .fill_i(fill_q),
      .symbol_spare_i(-symbol_stock[3:0]), .offset_spare_i(-offset_stock[3:0]),
      .table_log_i(table_log_q), .no_state_i(no_state), .table_i, .counts_i(offset_counts_i),
      .vmins_i, .step_i(step & lanes0_q[s]), .wants_symbols_o(wants_symbols[s]),
      .wants_offset_o(wants_offset[s]), .ask_symbols_i(go & ~fill_q & ask_symbols[s]),
      .ask_offset_i(go & ~fill_q & ask_offset[s]), .value_i(retire_valid_o[s]),
      .value_o(beat_o[s*MaxOffset +: MaxOffset]), .put_state_i(put[2*s] & states_q),
      .put_symbols_i(put[2*s] & ~states_q), .symbols_i(word[2*s*16 +: 16]),
      .put_offset_i(put[2*s+1]), .offset_i(word[(2*s+1)*16 +: 16]),
      .bad_state_o(bad_state[s]), .left_o(left[s]),
      .retire_o(retire_o[s*RetireBits +: RetireBits])
    );
  end
  assign beat_valid_o = valid_q & go;
  assign beat_lanes_o = lanes_q;
  assign beat_count_o = count_q;
  assign beat_last_o  = last_q;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The end: all lanes are judged in the cycle after the last beat, and clear from the next one on.
  logic                  truncated_q, over_q, told_q, told_of_lane_q;
  logic [StatusBits-1:0] told_status_q;
  logic [IndexBits-1:0]  told_lane_q, lane;
  logic                  any_bad_state, any;
  assign any_bad_state = bad_state != '0;
  priority_pick #(
    .Bits(Lanes)
  ) u_lane (
    .bits_i(any_bad_state ? bad_state : left), .any_o(any), .index_o(lane)
  );
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      judge_q     <= 1'b0;
      truncated_q <= 1'b0;
      over_q      <= 1'b0;
      told_q      <= 1'b0;
    end else begin
      judge_q     <= beat_valid_o & last_q;
      truncated_q <= ~judge_q & (truncated_q | (~empty & ok & short_of));
      over_q      <= ~told_q & (over_q | over_i);
      told_q      <= judge_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (beat_valid_o & last_q) ended_tensor_q <= tensor_q;  // the next one may be taken already
    if (judge_q) begin
      told_status_q  <= truncated_q ? codec_pkg::Truncated : any_bad_state ? codec_pkg::BadState
                      : any ? codec_pkg::Trailing : codec_pkg::Ok;
      told_of_lane_q <= any & ~truncated_q;
      told_lane_q    <= lane;
    end
  end
  assign bad_o         = told_q & (over_q | told_status_q != codec_pkg::Ok);
  assign bad_status_o  = told_status_q == codec_pkg::Ok ? codec_pkg::Trailing : told_status_q;
  assign bad_of_lane_o = told_of_lane_q;
  assign bad_lane_o    = told_lane_q;
  assign bad_tensor_o  = ended_tensor_q;
  assign empty_o       = ended_o & ~valid_q & empty;
  assign idle_o        = empty_o & ~judge_q & ~told_q;

  assign steps_o        = step;
  assign waits_room_o   = valid_q & ~room_i;
  assign waits_router_o = ~complete & ok;
  assign waits_words_o  = ~complete & ~ok;
  assign fills_o        = fill_q;

  `TRANSOM_ASSERT(JudgesBeforeStates, judge_q |-> empty | ~states_q)
  `TRANSOM_ASSERT(LanesAreBelow, (lanes2_q & ~lanes1_q) == '0 & (lanes1_q & ~lanes0_q) == '0 | ended_o)
  `TRANSOM_ASSERT(OneHalfwordARound, fill_q |-> 32'(most_take_i) <= 12)
endmodule
