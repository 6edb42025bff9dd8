// wide_front.sv — reads the section: headers, tables, what lies between payloads; raw tensors.
//
// One state a cycle; a state whose halfwords are not there stays. While the lanes are at work on a
// tensor they take its payload from the window themselves (Payload); then header and table of the next
// one are read. A header tells how long its record is, so what does not fit into the section is known
// before any of it is read, and no state but Header can wait in vain.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module wide_front #(
  parameter int Kind      = codec_pkg::NransLane,
  parameter int Lanes     = 16,
  parameter int TableLog  = 10,
  parameter int MaxOffset = 8,
  parameter int Halves    = 16,
  parameter int FillBits  = 7,   // of the window
  localparam int TakeBits  = $clog2(Halves + 1),
  localparam int LaneBits  = $clog2(Lanes + 1),
  localparam int CauseBits = codec_pkg::CauseBits,
  localparam int Shown     = 6   // halfwords of a header
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  // the run
  input  logic                 start_i,
  input  logic [31:0]          section_words_i,
  input  logic [31:0]          n_tensors_i,
  input  logic [31:0]          max_tensors_i,
  input  logic [63:0]          max_values_i,
  input  logic [CauseBits-1:0] window_cause_i,  // of the whole section
  output logic                 ask_o,           // the run begins: nothing is left of the last one
  output logic                 fetch_start_o,
  input  logic                 fetch_ready_i,
  input  logic                 drained_i,       // with nothing left to decode or to read
  output logic                 busy_o,
  output logic                 done_o,
  output logic [31:0]          tensor_o,        // its number
  output logic [CauseBits-1:0] cause_o,         // a pulse, or NoCause
  // the window
  input  logic [Shown*16-1:0]  halves_i,
  input  logic [FillBits-1:0]  fill_i,
  input  logic                 loaded_i,
  output logic [TakeBits-1:0]  take_o,
  // tables
  output logic [3:0]           table_log_o,
  output logic [3:0]           last_row_o,
  output logic [4:0]           width_o,
  output logic                 bank_o,
  output logic                 cums_o,
  output logic                 vmins_o,
  output logic [1:0]           group_o,
  input  logic                 table_bad_i,
  input  logic                 built_i,         // counts may come: those before are a table
  // the core; a tensor is taken in a cycle with both
  output logic                 tensor_valid_o,
  input  logic                 tensor_taken_i,
  output logic [LaneBits-1:0]  streams_o,
  output logic [3*LaneBits-1:0] counts_o,       // lanes with a value in rounds 0, 1, 2
  output logic [31:0]          rest_o,          // values behind these
  output logic                 live_o,          // it may take the payload
  output logic [32:0]          left_o,          // halfwords of it
  input  logic [TakeBits-1:0]  core_take_i,
  input  logic                 core_ended_i,    // its last step is done
  input  logic                 core_empty_i,    // and its last beat left
  input  logic                 core_idle_i,     // and its end was told
  output logic                 over_o,          // a pulse: halfwords are left over, or padding is not 0
  // beats without lanes
  input  logic                 room_i,
  output logic                 raw_valid_o,
  output logic [1:0]           raw_log_o,       // log2 of a value's bits, less 2
  output logic [LaneBits-1:0]  raw_count_o,
  output logic                 raw_last_o,
  output logic                 bad_valid_o,     // of a table that is none: no values
  output logic                 raw_over_o,      // a pulse: a raw tensor's padding is not 0
  // what it does, for counters
  output logic                 waits_words_o,
  output logic                 waits_room_o,
  output logic                 parses_o
);
  localparam logic [3:0] Idle = 4'd0, Ask = 4'd1, Header = 4'd2, Cums = 4'd3, Vmins = 4'd4,
    Wait = 4'd5, Payload = 4'd6, Pad = 4'd7, Skip = 4'd8, Raw = 4'd9, Discard = 4'd10,
    Drain = 4'd11;
  localparam logic [3:0] RawCode = 4'd0,  // model/FORMAT.md, codings
    LaneCode = Kind == codec_pkg::TansLane ? 4'd3 : 4'd7;

  logic [3:0]  state_q, state_d;
  logic [31:0] tensor_q, n_tensors_q, words_left_q;
  logic [63:0] values_left_q;
  // The header
  logic [31:0] control_q, n_q, h_q;
  logic        raw_q;
  logic [32:0] left_q;
  logic [1:0]  group_q, prepared_q;
  logic        bank_q;
  logic [3*LaneBits-1:0] counts_q;

  logic        plain, ended, odd, next, give_up;
  logic [3:0]  after_payload;
  assign ended  = loaded_i & fill_i == '0;
  assign odd    = h_q[0];
  assign table_log_o = control_q[3:0];
  assign last_row_o  = control_q[23:20];
  assign width_o     = {1'b0, control_q[19:16]} + 5'd1;
  assign plain     = control_q[24];
  assign streams_o   = LaneBits'(control_q[15:8]) + 1'b1;
  assign after_payload = odd ? Pad : Header;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // A header is judged in the two cycles behind it, the first ones of Cums or Raw: sums and what is only
  // looked up; then sums are compared. Counts that are taken meanwhile are of no use if it is bad.
  logic [2:0]  groups;     // of four rows
  logic [5:0]  row_words;
  logic [31:0] raw_halves, raw_halves_q;  // of n values of 4, 8 or 16 bits
  logic        raw_rest;                  // the last is not full
  logic [33:0] record_words_q;
  logic        bad, bad_q, too_many_q, check_q, judge_q, good;
  logic [CauseBits-1:0] judged;
  assign groups     = {1'b0, last_row_o[3:2]} + 3'd1;
  assign raw_log_o  = width_o <= 5'd4 ? 2'd0 : width_o <= 5'd8 ? 2'd1 : 2'd2;
  assign raw_rest   = raw_log_o == 2'd0 ? n_q[1:0] != '0 : raw_log_o == 2'd1 & n_q[0];
  assign raw_halves = (n_q >> (2'd2 - raw_log_o)) + 32'(raw_rest);
  assign row_words  = raw_q ? '0 : {2'b0, groups, 1'b0}
                    + (plain ? '0 : width_o <= 5'd8 ? 6'(groups) : {2'b0, groups, 1'b0});
  always_comb begin
    bad = control_q[31:25] != '0 | 32'(width_o) > MaxOffset;
    if (raw_q) begin
      bad = bad | control_q[3:0] != '0 | control_q[15:8] != '0 | last_row_o != '0 | plain;
    end else begin
      bad = bad | control_q[7:4] != LaneCode | 32'(control_q[3:0]) > TableLog
          | 32'(control_q[15:8]) >= Lanes | n_q == '0
          | (plain & (width_o > 5'd4 | 5'd1 << width_o[2:0] != 5'(last_row_o) + 5'd1));
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      check_q <= 1'b0;
      judge_q <= 1'b0;
    end else begin
      check_q <= state_q == Header & there & tensor_q != n_tensors_q;
      judge_q <= check_q;
    end
  end
  always_ff @(posedge clk_i) begin
    bad_q          <= bad;
    too_many_q     <= 64'(n_q) > values_left_q;
    raw_halves_q   <= raw_halves;
    record_words_q <= 34'(row_words) + 34'(h_q[31:1]) + 34'(h_q[0]);
  end
  always_comb begin
    judged = codec_pkg::NoCause;
    if (bad_q | (raw_q & raw_halves_q != h_q) | record_words_q > 34'(words_left_q)) begin
      judged = codec_pkg::DescriptorCause;
    end else if (too_many_q) begin
      judged = codec_pkg::LimitCause;
    end
  end
  assign good = judged == codec_pkg::NoCause;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Values of a round, or of a beat of raw ones, and the halfwords of these.
  logic [LaneBits-1:0] most, chunk;
  logic [TakeBits-1:0] raw_need, need_most, need_rest;
  logic                raw_last, prepare, raw_there, raw_may, raw_goes;
  always_comb begin
    most = streams_o;
    if (raw_q) begin
      most = LaneBits'(Lanes);
      if (raw_log_o == 2'd0 & 4 * Halves < Lanes) most = LaneBits'(4 * Halves);
      if (raw_log_o == 2'd1 & 2 * Halves < Lanes) most = LaneBits'(2 * Halves);
      if (raw_log_o == 2'd2 & Halves < Lanes)     most = LaneBits'(Halves);
    end
  end
  assign raw_last = n_q <= 32'(most);
  assign chunk    = raw_last ? n_q[LaneBits-1:0] : most;
  // Beside raw_last, both.
  assign need_most = TakeBits'((32'(most) << raw_log_o) + 32'd3 >> 2);
  assign need_rest = TakeBits'((32'(n_q[LaneBits-1:0]) << raw_log_o) + 32'd3 >> 2);
  assign raw_need  = raw_last ? need_rest : need_most;
  assign prepare  = state_q == Cums & ~check_q & prepared_q != 2'd3;
  assign raw_there   = raw_last ? FillBits'(need_rest) <= fill_i : FillBits'(need_most) <= fill_i;
  assign raw_may     = state_q == Raw & ~check_q & (good | ~judge_q) & core_empty_i;
  assign raw_count_o = chunk;
  assign raw_last_o  = raw_last;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // What is waited for, and what is taken
  logic [TakeBits-1:0] need, skip;
  logic                there, group_there, skips_all, held, bytes, vmins_end;
  assign group_there = group_q > last_row_o[3:2] | fill_i >= FillBits'(4);
  assign skip = FillBits'(Halves) <= fill_i ? TakeBits'(Halves) : fill_i[TakeBits-1:0];
  assign skips_all = left_q <= 33'(skip);  // at once, if nothing is left
  assign bytes       = width_o <= 5'd8;  // smallest values: eight rows a cycle
  assign vmins_end   = plain | (bytes ? group_q[1] == last_row_o[3] : group_q == last_row_o[3:2]);
  assign raw_valid_o = raw_may & raw_there & room_i;
  // Whether the header is good, too, is too late for counts, which are of no use if it is not.
  assign raw_goes    = state_q == Raw & ~check_q & core_empty_i & raw_there & room_i;
  assign bad_valid_o = state_q == Wait & table_bad_i & core_idle_i & room_i;
  always_comb begin
    need  = '0;
    there = 1'b1;
    unique case (state_q)
      Header: begin
        need  = tensor_q == n_tensors_q ? '0 : TakeBits'(Shown);
        there = fill_i >= FillBits'(Shown);
      end
      Cums: begin
        need  = group_q > last_row_o[3:2] ? '0 : TakeBits'(4);
        there = group_there & built_i;
      end
      Vmins: begin
        need  = plain ? '0 : bytes & group_q == last_row_o[3:2] ? TakeBits'(2) : TakeBits'(4);
        there = fill_i >= FillBits'(need);
      end
      Pad: begin
        need  = TakeBits'(1);
        there = fill_i != '0;
      end
      Skip: begin
        need  = skips_all ? left_q[TakeBits-1:0] : skip;
        there = fill_i != '0;
      end
      Discard: begin
        need  = skip;
        there = fill_i != '0;
      end
      Raw: begin
        need  = raw_need;
        there = raw_valid_o;
      end
      default: ;
    endcase
  end
  assign held   = state_q == Cums & ~built_i;
  assign take_o = there ? need : '0;

  always_comb begin
    state_d = state_q;
    next    = 1'b0;  // the tensor is read
    cause_o = codec_pkg::NoCause;
    over_o  = 1'b0;
    raw_over_o = 1'b0;
    unique case (state_q)
      Idle: if (start_i) state_d = Ask;
      Ask: begin
        if (n_tensors_i > max_tensors_i) cause_o = codec_pkg::LimitCause;
        else cause_o = window_cause_i;
        if (cause_o != codec_pkg::NoCause) state_d = Drain;
        else if (fetch_ready_i | section_words_i == '0) state_d = Header;
      end
      Header: begin
        if (tensor_q == n_tensors_q & ended) begin
          state_d = Drain;
        end else if (tensor_q == n_tensors_q | (loaded_i & ~there)) begin
          cause_o = codec_pkg::DescriptorCause;
          state_d = Discard;
        end else if (there) begin
          state_d = halves_i[7:4] == RawCode ? Raw : Cums;
        end
      end
      Cums: if (there & group_q == 2'd3) state_d = Vmins;
      Vmins: if (there & vmins_end) state_d = Wait;
      Wait: begin
        if (bad_valid_o) state_d = Skip;
        else if (tensor_taken_i) state_d = Payload;
      end
      Payload: begin
        if (left_q == 33'(core_take_i)) begin
          state_d = after_payload;
          next    = ~odd;
        end else if (core_ended_i) begin
          state_d = Skip;
          over_o  = 1'b1;
        end
      end
      Pad: begin
        if (there) begin
          state_d = Header;
          next    = 1'b1;
          over_o     = ~raw_q & halves_i[15:0] != '0;
          raw_over_o = raw_q & halves_i[15:0] != '0;
        end
      end
      Skip: begin
        if (skips_all) begin
          state_d = Header;
          next    = 1'b1;
        end
      end
      Raw: begin
        if (raw_goes & raw_last) begin
          state_d = after_payload;
          next    = ~odd;
        end
      end
      Discard: if (ended) state_d = Drain;
      default: if (drained_i) state_d = Idle;
    endcase
    if (judge_q & ~good) begin
      state_d = Discard;
      cause_o = judged;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) state_q <= Idle;
    else state_q <= state_d;
  end
  always_ff @(posedge clk_i) begin
    if (start_i & state_q == Idle) begin
      tensor_q      <= '0;
      n_tensors_q   <= n_tensors_i;
      words_left_q  <= section_words_i;
      values_left_q <= max_values_i;
      bank_q        <= 1'b0;
    end else begin
      if (next) tensor_q <= tensor_q + 1'b1;
      if (check_q | judge_q) begin  // of a header that is bad nobody asks any more
        words_left_q <= words_left_q - (judge_q ? record_words_q[31:0] : 32'd3);
      end
      if (judge_q) values_left_q <= values_left_q - 64'(n_q);
      if (tensor_taken_i) bank_q <= ~bank_q;
    end
    if (state_q == Header) begin
      control_q <= halves_i[31:0];
      raw_q     <= halves_i[7:4] == RawCode;
      h_q       <= halves_i[95:64];
    end
    if (state_q == Header) n_q <= halves_i[63:32];
    else if (prepare | raw_goes) n_q <= n_q - 32'(chunk);
    if (prepare) counts_q <= {chunk, counts_q[3*LaneBits-1:LaneBits]};
    if (state_q == Header) prepared_q <= '0;
    else if (prepare) prepared_q <= prepared_q + 1'b1;
    if (state_q == Header) group_q <= '0;
    else if (state_q == Cums & there) group_q <= group_q + 2'd1;
    else if (state_q == Vmins & there) group_q <= group_q + (bytes ? 2'd2 : 2'd1);
    if (state_q == Wait) left_q <= {1'b0, h_q} + (table_bad_i ? 33'(odd) : '0);
    else if (over_o & state_q == Payload) left_q <= left_q + 33'(odd);
    else left_q <= left_q - 33'(core_take_i) - (state_q == Skip ? 33'(take_o) : '0);
  end

  assign ask_o          = state_q == Ask;
  assign fetch_start_o  = state_q == Ask & cause_o == codec_pkg::NoCause & section_words_i != '0;
  assign busy_o         = state_q != Idle;
  assign done_o         = state_q == Drain & drained_i;
  assign tensor_o       = tensor_q;
  assign bank_o         = bank_q;
  assign cums_o         = state_q == Cums & there;
  assign vmins_o        = state_q == Vmins & there & ~plain;
  assign group_o        = group_q;
  assign tensor_valid_o = state_q == Wait & ~table_bad_i;
  assign counts_o       = counts_q;
  assign rest_o         = n_q;
  assign live_o         = state_q == Payload;
  assign left_o         = left_q;

  assign parses_o = state_q == Header | state_q == Cums | state_q == Vmins | state_q == Pad
                  | state_q == Skip | state_q == Discard | (state_q == Raw & check_q);
  assign waits_words_o = state_q == Raw ? raw_may & ~raw_there
                       : state_q == Header & tensor_q == n_tensors_q ? 1'b0
                       : ~there & ~held & ~give_up;
  assign waits_room_o  = ~room_i & ((raw_may & raw_there)
                                    | (state_q == Wait & table_bad_i & core_idle_i));
  assign give_up = loaded_i & (state_q == Header | state_q == Skip | state_q == Discard);

  logic unused;  // halfwords of a round
  assign unused = ^record_words_q[33:32];

  `TRANSOM_ASSERT(StartOnlyIdle, start_i |-> ~busy_o)
  `TRANSOM_ASSERT(HasPrepared, tensor_valid_o |-> prepared_q == 2'd3)
  `TRANSOM_ASSERT(NothingIsShort,
    (state_q == Cums | state_q == Vmins | state_q == Pad | state_q == Raw) & loaded_i |-> there
      | held | check_q | judge_q | (state_q == Raw & (~core_empty_i | ~room_i)))
  `TRANSOM_ASSERT(PayloadIsLeft, core_take_i != '0 |-> live_o & 33'(core_take_i) <= left_q)
endmodule
