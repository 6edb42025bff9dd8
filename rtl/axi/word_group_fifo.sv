// word_group_fifo.sv — beats of the bus in, groups of four words out: the sequencer's channel.
//
// A word_fifo whose words are groups: the sequencer loads a table four words at a time, as the
// unit's load port takes them. A bus of 64 bits gives half a group per beat; the first half waits
// for the second.
// SPDX-License-Identifier: Apache-2.0
module word_group_fifo #(
  parameter int DataBits = 128,
  parameter int Beats    = 32,
  parameter bit Macro    = 1'b1,  // beat_fifo's
  localparam int BeatWordBits = $clog2(DataBits / 32)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  // beats: what they hold begins and ends with a group, but for the words of a last group
  input  logic                    beat_valid_i,
  input  logic [DataBits-1:0]     beat_i,
  input  logic [BeatWordBits-1:0] beat_last_i,
  input  logic                    beat_end_i,
  input  logic                    beat_error_i,
  output logic                    freed_o,
  // groups
  output logic                    valid_o,
  output logic [127:0]            group_o,
  output logic                    error_o,
  input  logic                    ready_i
);
  logic last;  // the sequencer counts groups itself

  if (DataBits == 64) begin : gen_halves
    logic        half_valid, half_error, half_ready, low_q, low_error_q;
    logic [63:0] half, low_data_q;
    word_fifo #(
      .DataBits(64), .OutBits(64), .Beats(Beats), .Macro(Macro)
    ) u_halves (
      .clk_i, .rst_ni, .beat_valid_i, .beat_i, .beat_first_i(1'b0), .beat_last_i(1'b0),
      .beat_end_i, .beat_error_i, .freed_o, .valid_o(half_valid), .word_o(half), .last_o(last),
      .error_o(half_error), .ready_i(half_ready)
    );
    logic unused;
    assign unused = ^beat_last_i;
    // A last group of one or two words is a half: what stands above it is never looked at.
    assign valid_o    = half_valid & (low_q | last);
    assign group_o    = {half, low_q ? low_data_q : half};
    assign error_o    = half_error | (low_q & low_error_q);
    assign half_ready = ready_i | ~(low_q | last);
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        low_q       <= 1'b0;
        low_error_q <= 1'b0;
        low_data_q  <= '0;
      end else if (half_valid & half_ready) begin
        low_q       <= ~low_q & ~last;
        low_error_q <= half_error;
        low_data_q  <= half;
      end
    end
  end else begin : gen_whole
    localparam int Groups    = DataBits / 128;
    localparam int GroupBits = Groups == 1 ? 1 : $clog2(Groups);
    logic [GroupBits-1:0] beat_last;
    if (Groups == 1) begin : gen_one
      logic unused;
      assign unused    = ^beat_last_i;
      assign beat_last = '0;
    end else begin : gen_more
      logic unused;
      assign unused    = ^beat_last_i[1:0];
      assign beat_last = beat_last_i[BeatWordBits-1:2];
    end
    word_fifo #(
      .DataBits(DataBits), .OutBits(128), .Beats(Beats), .Macro(Macro)
    ) u_groups (
      .clk_i, .rst_ni, .beat_valid_i, .beat_i, .beat_first_i('0), .beat_last_i(beat_last),
      .beat_end_i, .beat_error_i, .freed_o, .valid_o, .word_o(group_o), .last_o(last), .error_o,
      .ready_i
    );
    logic unused_last;
    assign unused_last = last;
  end
endmodule
