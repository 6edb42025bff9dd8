// wide_decoder.sv — lanes in lockstep over one interleaved stream: beats of a section in, values out.
//
// The wiring of window, parser, tables, lanes and values; WIDE.md is the specification. In each cycle
// of a run stall_o tells what it was spent on, the first of stall_e that applies.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module wide_decoder #(
  parameter int Kind      = codec_pkg::NransLane,
  parameter int Lanes     = 16,
  parameter int TableLog  = 10,
  parameter int MaxOffset = 8,
  parameter int Halves    = 16,
  parameter int DataBits  = 128,
  localparam int BeatWordBits = $clog2(DataBits / 32),
  localparam int LaneBits   = $clog2(Lanes + 1),
  localparam int OutBits    = Lanes * codec_pkg::ValueBits,
  localparam int StatusBits = codec_pkg::StatusBits,
  localparam int StallBits  = codec_pkg::StallBits,
  localparam int CauseBits  = codec_pkg::CauseBits
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    run_rst_ni,       // low: drop what works on a run
  input  logic                    close_i,          // only while run_rst_ni is low
  // the run
  input  logic                    start_i,
  input  logic [31:0]             section_words_i,
  input  logic [31:0]             n_tensors_i,
  input  logic [31:0]             max_tensors_i,
  input  logic [63:0]             max_values_i,
  input  logic [CauseBits-1:0]    window_cause_i,
  output logic                    fetch_start_o,
  input  logic                    fetch_ready_i,
  input  logic                    fetch_quiet_i,
  output logic                    busy_o,
  output logic                    done_o,
  output logic                    drained_o,        // of values: none is out, no tensor is open
  // errors
  output logic [31:0]             tensor_o,
  output logic [CauseBits-1:0]    cause_o,          // a pulse, or NoCause
  output logic                    bad_o,            // a pulse: a tensor ended so
  output logic [StatusBits-1:0]   bad_status_o,
  output logic [31:0]             bad_stream_o,     // a lane; bit 31: none
  output logic [31:0]             bad_tensor_o,
  // steps of the lanes, for lockstep
  output logic [Lanes-1:0]        retire_valid_o,
  output logic [Lanes*codec_pkg::WideRetireBits-1:0] retire_o,
  // counters
  output logic [StallBits-1:0]    stall_o,
  output logic [LaneBits-1:0]     values_o,         // that were made
  // beats
  input  logic                    beat_valid_i,
  input  logic [DataBits-1:0]     beat_i,
  input  logic [BeatWordBits-1:0] beat_last_i,
  input  logic                    beat_end_i,
  output logic                    beat_take_o,
  // AXI4-Stream
  output logic                    tvalid_o,
  output logic [OutBits-1:0]      tdata_o,
  output logic [OutBits/8-1:0]    tkeep_o,
  output logic                    tlast_o,
  input  logic                    tready_i
);
  localparam int FillBits   = $clog2(Halves + DataBits / 8) + 1;  // of the window
  localparam int TakeBits   = $clog2(Halves + 1);
  localparam int IndexBits  = $clog2(Lanes);
  localparam int Rows       = codec_pkg::NransRows;
  localparam int TableBits  = codec_pkg::wide_table_bits(Kind, TableLog);
  localparam int CountBits  = $clog2(MaxOffset + 1);

  // Window
  logic                       ask, loaded;
  logic [Halves*16-1:0]       halves;
  logic [FillBits-1:0]        fill;
  logic [TakeBits-1:0]        front_take, core_take;
  // Tables
  logic [3:0]                 table_log, last_row;
  logic [4:0]                 width;
  logic                       front_bank, core_bank, cums, vmins, table_bad;
  logic [1:0]                 group;
  logic [CountBits-1:0]       most_offset;
  logic                       built;
  logic [3:0]                 most_take;
  logic [TableBits-1:0]       symbols;
  logic [Rows*CountBits-1:0]  offset_counts;
  logic [Rows*MaxOffset-1:0]  row_vmins;
  // Tensors
  logic                       tensor_valid, tensor_taken, live, ended, empty, idle, over, raw_over;
  logic [LaneBits-1:0]        streams;
  logic [3*LaneBits-1:0]      counts;
  logic [31:0]                rest;
  logic [32:0]                left;
  // Values
  logic                       room, raw_valid, raw_last, bad_valid, values_idle;
  logic [1:0]                 raw_log;
  logic [LaneBits-1:0]        raw_count, beat_count;
  logic                       lanes_valid, lanes_last;
  logic [Lanes*MaxOffset-1:0] lanes_values;
  logic [Lanes-1:0]           lanes_there;
  // Ends
  logic                       core_bad, core_of_lane, front_bad_q, front_over_q;
  logic [StatusBits-1:0]      core_status;
  logic [IndexBits-1:0]       core_lane;
  logic [31:0]                core_tensor, front_tensor_q;
  // What a cycle is spent on
  logic front_words, front_room, parses, steps, core_room, core_router, core_words, fills;

  wide_window #(
    .Halves(Halves), .DataBits(DataBits)
  ) u_window (
    .clk_i, .rst_ni(run_rst_ni), .clear_i(ask), .none_i(section_words_i == '0), .beat_valid_i,
    .beat_i, .beat_last_i, .beat_end_i, .beat_take_o, .halves_o(halves), .fill_o(fill),
    .loaded_o(loaded), .take_i(front_take | core_take)
  );
  wide_front #(
    .Kind(Kind), .Lanes(Lanes), .TableLog(TableLog), .MaxOffset(MaxOffset), .Halves(Halves),
    .FillBits(FillBits)
  ) u_front (
    .clk_i, .rst_ni(run_rst_ni), .start_i, .section_words_i, .n_tensors_i, .max_tensors_i,
    .max_values_i, .window_cause_i, .ask_o(ask), .fetch_start_o, .fetch_ready_i,
    .drained_i(idle & ~tvalid_o & fetch_quiet_i), .busy_o, .done_o, .tensor_o, .cause_o,
    .halves_i(halves[95:0]), .fill_i(fill), .loaded_i(loaded), .take_o(front_take),
    .table_log_o(table_log), .last_row_o(last_row), .width_o(width),
    .bank_o(front_bank), .cums_o(cums), .vmins_o(vmins), .group_o(group),
    .table_bad_i(table_bad), .built_i(built), .tensor_valid_o(tensor_valid), .tensor_taken_i(tensor_taken),
    .streams_o(streams), .counts_o(counts), .rest_o(rest), .live_o(live), .left_o(left),
    .core_take_i(core_take), .core_ended_i(ended), .core_empty_i(empty),
    .core_idle_i(idle), .over_o(over),
    .room_i(room), .raw_valid_o(raw_valid), .raw_log_o(raw_log), .raw_count_o(raw_count),
    .raw_last_o(raw_last), .bad_valid_o(bad_valid), .raw_over_o(raw_over),
    .waits_words_o(front_words), .waits_room_o(front_room), .parses_o(parses)
  );
  wide_table #(
    .Kind(Kind), .TableLog(TableLog), .MaxOffset(MaxOffset)
  ) u_table (
    .clk_i, .rst_ni(run_rst_ni), .table_log_i(table_log), .last_row_i(last_row),
    .width_i(width), .bank_i(front_bank), .cums_i(cums), .vmins_i(vmins),
    .group_i(group), .halves_i(halves[63:0]), .bad_o(table_bad),
    .most_offset_o(most_offset), .shown_i(core_bank), .ended_i(ended), .built_o(built),
    .most_take_o(most_take), .table_o(symbols),
    .counts_o(offset_counts), .vmins_o(row_vmins)
  );
  wide_core #(
    .Kind(Kind), .Lanes(Lanes), .TableLog(TableLog), .MaxOffset(MaxOffset), .Halves(Halves),
    .FillBits(FillBits)
  ) u_core (
    .clk_i, .rst_ni(run_rst_ni), .clear_i(ask), .tensor_valid_i(tensor_valid),
    .tensor_taken_o(tensor_taken), .tensor_i(tensor_o), .table_log_i(table_log),
    .bank_i(front_bank), .most_offset_i(most_offset), .streams_i(streams), .counts_i(counts),
    .rest_i(rest), .bank_o(core_bank), .table_i(symbols),
    .most_take_i(most_take), .built_i(built), .offset_counts_i(offset_counts),
    .vmins_i(row_vmins), .halves_i(halves), .fill_i(fill), .live_i(live), .left_i(left),
    .take_o(core_take), .room_i(room), .beat_valid_o(lanes_valid), .beat_o(lanes_values),
    .beat_lanes_o(lanes_there), .beat_count_o(beat_count), .beat_last_o(lanes_last),
    .over_i(over), .ended_o(ended), .empty_o(empty), .idle_o(idle), .bad_o(core_bad),
    .bad_status_o(core_status), .bad_of_lane_o(core_of_lane), .bad_lane_o(core_lane),
    .bad_tensor_o(core_tensor), .retire_valid_o, .retire_o, .steps_o(steps), .waits_room_o(core_room),
    .waits_router_o(core_router), .waits_words_o(core_words), .fills_o(fills)
  );
  wide_values #(
    .Lanes(Lanes), .MaxOffset(MaxOffset), .Halves(Halves)
  ) u_values (
    .clk_i, .rst_ni, .close_i, .room_o(room), .beat_valid_i(lanes_valid),
    .beat_i(lanes_values), .beat_lanes_i(lanes_there), .beat_last_i(lanes_last),
    .raw_valid_i(raw_valid | bad_valid), .halves_i(halves), .raw_log_i(raw_log),
    .raw_count_i(bad_valid ? '0 : raw_count), .raw_last_i(bad_valid | raw_last), .tvalid_o,
    .tdata_o, .tkeep_o, .tlast_o, .tready_i, .idle_o(values_idle)
  );
  assign drained_o = values_idle;
  assign values_o  = lanes_valid ? beat_count : raw_valid ? raw_count : '0;

  // A bad table and a raw tensor's bad padding are told in the next cycle, when the core is idle.
  always_ff @(posedge clk_i or negedge run_rst_ni) begin
    if (!run_rst_ni) begin
      front_bad_q  <= 1'b0;
      front_over_q <= 1'b0;
    end else begin
      front_bad_q  <= bad_valid;
      front_over_q <= raw_over;
    end
  end
  always_ff @(posedge clk_i) front_tensor_q <= tensor_o;
  assign bad_o        = core_bad | front_bad_q | front_over_q;
  assign bad_status_o = core_bad ? core_status
                      : front_bad_q ? codec_pkg::BadTable : codec_pkg::Trailing;
  assign bad_stream_o = core_bad & core_of_lane ? 32'(core_lane) : 32'h8000_0000;
  assign bad_tensor_o = core_bad ? core_tensor : front_tensor_q;

  always_comb begin
    if (steps | raw_valid | bad_valid)  stall_o = codec_pkg::WideStep;
    else if (core_room | front_room)    stall_o = codec_pkg::WideConsumer;
    else if (core_router)               stall_o = codec_pkg::WideRouter;
    else if (core_words | front_words)  stall_o = codec_pkg::WideWords;
    else if (fills)                     stall_o = codec_pkg::WideFill;
    else if (parses)                    stall_o = codec_pkg::WideParse;
    else                                stall_o = codec_pkg::WideDrain;
  end

  `TRANSOM_ASSERT(OneTakes, front_take == '0 | core_take == '0)
  `TRANSOM_ASSERT(OneIsBad, 32'(core_bad) + 32'(front_bad_q) + 32'(front_over_q) <= 1)
  `TRANSOM_ASSERT(DoneIsEmpty, done_o |-> fill == '0 & ~beat_valid_i)
endmodule
