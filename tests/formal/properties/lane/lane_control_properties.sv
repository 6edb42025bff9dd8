// lane_control_properties.sv — what is around every coder, with any coder: bits, values, ends, progress.
//
// The coder is free: in each step it takes any bits and yields any symbol; so are rows. Jobs are of two
// kinds in turn, whose words, numbers of values and tables rest in each run, and are free. Handshakes are
// free. Promised: a step sees the next bits of its stream; a job's values are its rows' with the next
// offset bits, as many as it has, the last one marked, each waiting unchanged for its consumer; one end
// for each job, in order, with the status that its words, steps and table have earned; and where words are
// offered and values taken, something leaves within so many clocks.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module lane_control_properties #(
  parameter int Values = 1,
  parameter int CSlow  = 1,
  parameter int Within = 12,  // clocks
  localparam int RowBits = codec_pkg::RowBits
) (
  input logic          clk_i,
  input logic          rst_ni,
  input logic          job_valid_i,
  input logic          symbol_valid_i,
  input logic          offset_valid_i,
  input logic          value_ready_i,
  // the coder
  input logic [4:0]    take_i,
  input logic [7:0]    symbol_i,
  input logic          at_end_i,
  input logic [5:0]    enter_take_i,
  input logic [Values*RowBits-1:0] row_i,
  // of both kinds of jobs: they rest
  input logic [127:0]  symbols_i,
  input logic [127:0]  offsets_i,
  input logic [3:0]    symbol_words_i,  // 0..2
  input logic [3:0]    offset_words_i,
  input logic [3:0]    n_values_i,      // 0..3
  input logic [1:0]    bank_bad_i
);
  codec_pkg::stream_in_t  in;
  codec_pkg::stream_out_t out;
  codec_pkg::observe_t    observe;
  codec_pkg::control_t    control;
  codec_pkg::step_t       coder;
  codec_pkg::job_t        job;
  codec_pkg::word_t       symbol_word, offset_word;
  codec_pkg::values_t     values;
  logic                   enter, step, row_read, turn, turn_q;
  logic [Values*(codec_pkg::SymbolBits+1)-1:0] row_addr;
  logic [Values*RowBits-1:0] row_q;  // the memory's output: it stands until the next read
  lane_control #(
    .Values(Values), .CSlow(CSlow)
  ) dut (
    .clk_i, .rst_ni, .stream_i(in), .stream_o(out), .observe_o(observe), .turn_i(turn), .may_enter_i(1'b1),
    .enter_take_i, .enter_o(enter), .step_o(step), .control_o(control), .step_i(coder),
    .row_read_o(row_read), .row_addr_o(row_addr), .row_data_i(row_q)
  );
  assign coder  = {take_i, symbol_i, at_end_i};
  assign values = out.values;
  assign turn   = CSlow == 1 | turn_q;
  always_ff @(posedge clk_i) begin
    if (row_read) row_q <= row_i;
    turn_q <= ~turn_q;
  end
  handshake_check #(
    .Width(codec_pkg::ValuesBits)
  ) value (
    .clk_i, .rst_ni, .valid_i(values.valid), .ready_i(value_ready_i), .payload_i(values)
  );

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // What the lane is offered: the kind of the next job, and which word of which kind comes next.
  logic       job_kind_q, symbol_kind_q, symbol_at_q, offset_kind_q, offset_at_q;
  logic [1:0] some_symbols, some_offsets, some_values;
  for (genvar k = 0; k < 2; k++) begin : gen_kind
    assign some_symbols[k] = symbol_words_i[2*k +: 2] != '0;
    assign some_offsets[k] = offset_words_i[2*k +: 2] != '0;
    assign some_values[k]  = n_values_i[2*k +: 2] != '0;
  end
  assign job = {job_valid_i, ~some_symbols[job_kind_q], ~some_offsets[job_kind_q], job_kind_q, 4'd4,
                30'd0, n_values_i[2*job_kind_q +: 2]};
  assign symbol_word = {symbol_valid_i, symbol_words_i[2*symbol_kind_q +: 2] == {symbol_at_q, ~symbol_at_q},
                        symbols_i[64*symbol_kind_q + 32*symbol_at_q +: 32]};
  assign offset_word = {offset_valid_i, offset_words_i[2*offset_kind_q +: 2] == {offset_at_q, ~offset_at_q},
                        offsets_i[64*offset_kind_q + 32*offset_at_q +: 32]};
  assign in = {job, symbol_word, offset_word, value_ready_i, bank_bad_i};
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      job_kind_q <= 1'b0;
      {symbol_kind_q, symbol_at_q} <= {~some_symbols[0], 1'b0};
      {offset_kind_q, offset_at_q} <= {~some_offsets[0], 1'b0};
    end else begin
      if (job_valid_i & out.job_ready) job_kind_q <= ~job_kind_q;
      if (symbol_valid_i & out.symbol_ready) begin
        symbol_at_q <= ~symbol_word.last;
        if (symbol_word.last) symbol_kind_q <= symbol_kind_q ^ some_symbols[~symbol_kind_q];
      end
      if (offset_valid_i & out.offset_ready) begin
        offset_at_q <= ~offset_word.last;
        if (offset_word.last) offset_kind_q <= offset_kind_q ^ some_offsets[~offset_kind_q];
      end
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // What it owes. Steps: the kind of the job at work, bits taken. Values: the same of offsets.
  logic        step_kind_q, end_kind_q, value_kind_q, last_end_q;
  logic [7:0]  step_at_q, last_at_q, value_at_q, value_take, first_take;
  logic [1:0]  steps_q, given_q, finished_q;
  logic [5:0]  wanted_q;  // statuses of the job of each kind whose values have all left
  logic [2:0]  jobs_q;    // that were taken and have not ended
  logic        takes, last;
  logic [1:0]  left;
  assign takes = values.valid & value_ready_i;
  assign left  = n_values_i[2*value_kind_q +: 2] - given_q;
  assign last  = 32'(left) <= Values;
  assign first_take = 8'(row_q[16 +: 5]);
  assign value_take = first_take + (Values == 2 & left > 2'd1 ? 8'(row_q[(Values-1)*RowBits+16 +: 5]) : 8'd0);

  // stream_status() of the model, of one stream: bits beyond its end, or bits that are left.
  function automatic logic short_of(input logic [1:0] words, input logic [7:0] at);
    short_of = at > {1'b0, words, 5'b0};
  endfunction
  function automatic logic clean_of(input logic [63:0] bits, input logic [1:0] words, input logic [7:0] at);
    clean_of = {1'b0, words, 5'b0} - at < 8'd32 & (bits >> at) == '0;
  endfunction
  logic [2:0] wanted, wanted_empty;
  logic [7:0] value_end;
  assign value_end = value_at_q + value_take;
  assign wanted = bank_bad_i[value_kind_q] ? codec_pkg::BadTable
    : short_of(symbol_words_i[2*value_kind_q +: 2], last_at_q)
      | short_of(offset_words_i[2*value_kind_q +: 2], value_end) ? codec_pkg::Truncated
    : ~last_end_q ? codec_pkg::BadState
    : ~clean_of(symbols_i[64*value_kind_q +: 64], symbol_words_i[2*value_kind_q +: 2], last_at_q)
      | ~clean_of(offsets_i[64*value_kind_q +: 64], offset_words_i[2*value_kind_q +: 2], value_end)
      ? codec_pkg::Trailing : codec_pkg::Ok;
  assign wanted_empty = bank_bad_i[end_kind_q] ? codec_pkg::BadTable
    : some_symbols[end_kind_q] | some_offsets[end_kind_q] ? codec_pkg::Trailing : codec_pkg::Ok;

  // Clocks in which words were offered and values taken, and nothing left.
  logic [4:0] waits_q;
  logic       fair, moves;
  assign fair  = value_ready_i & (symbol_valid_i | some_symbols == '0) & (offset_valid_i | some_offsets == '0);
  assign moves = takes | out.done | jobs_q == '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      step_kind_q  <= 1'b1;  // of the one before the first
      value_kind_q <= ~some_values[0];
      {end_kind_q, step_at_q, value_at_q, steps_q, given_q, finished_q, jobs_q, waits_q} <= '0;
    end else begin
      if (enter) begin
        step_kind_q <= ~step_kind_q;
        step_at_q   <= some_values[~step_kind_q] ? 8'(enter_take_i) : 8'd0;
        steps_q     <= '0;
      end else if (step) begin
        step_at_q <= step_at_q + 8'(take_i);
        steps_q   <= steps_q + 2'd1;
      end
      if (step & 32'(steps_q) * Values + Values >= 32'(n_values_i[2*step_kind_q +: 2])) begin
        last_at_q  <= step_at_q + 8'(take_i);
        last_end_q <= at_end_i;
      end
      if (takes) begin
        given_q    <= last ? '0 : given_q + 2'(Values);
        value_at_q <= last ? '0 : value_end;
        if (last) value_kind_q <= value_kind_q ^ some_values[~value_kind_q];
        if (last) wanted_q[3*value_kind_q +: 3] <= wanted;
      end
      for (int k = 0; k < 2; k++) begin
        finished_q[k] <= (finished_q[k] & ~(out.done & end_kind_q == 1'(k)))
                       | (takes & last & value_kind_q == 1'(k));
      end
      if (out.done) end_kind_q <= ~end_kind_q;
      jobs_q  <= jobs_q + 3'(job_valid_i & out.job_ready) - 3'(out.done);
      waits_q <= ~fair | moves ? '0 : waits_q + 5'd1;
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  `RESET_ONCE
  logic         job_waits_q, symbol_waits_q, offset_waits_q;
  logic [269:0] resting, resting_q;
  assign resting = {symbols_i, offsets_i, symbol_words_i, offset_words_i, n_values_i, bank_bad_i};
  always_ff @(posedge clk_i) begin
    resting_q      <= resting;
    job_waits_q    <= rst_ni & job_valid_i & ~out.job_ready;
    symbol_waits_q <= rst_ni & symbol_valid_i & ~out.symbol_ready;
    offset_waits_q <= rst_ni & offset_valid_i & ~out.offset_ready;
  end
  logic [63:0] here;
  assign here = symbols_i[64*step_kind_q +: 64] >> step_at_q;
  logic [15:0] value_want, second_want;
  logic [63:0] offsets_here;
  assign offsets_here = offsets_i[64*value_kind_q +: 64] >> value_at_q;
  assign value_want   = row_q[15:0] + (offsets_here[15:0] & ~(16'hffff << first_take));
  assign second_want  = row_q[(Values-1)*RowBits +: 16]
                      + (16'(offsets_here >> first_take) & ~(16'hffff << row_q[(Values-1)*RowBits+16 +: 5]));
  always_comb begin
    assume (~begun_q | resting == resting_q);
    assume (~job_waits_q | job_valid_i);
    assume ((~symbol_waits_q | symbol_valid_i) & (~offset_waits_q | offset_valid_i));
    if (symbol_valid_i) assume (some_symbols != '0);
    if (offset_valid_i) assume (some_offsets != '0);
    for (int k = 0; k < 2; k++) begin
      assume (symbol_words_i[2*k +: 2] != 2'd3 & offset_words_i[2*k +: 2] != 2'd3);
      assume (symbol_words_i[2*k+1] | symbols_i[64*k+32 +: 32] == '0);
      assume (offset_words_i[2*k+1] | offsets_i[64*k+32 +: 32] == '0);
      assume ((some_symbols[k] | symbols_i[64*k +: 32] == '0) & (some_offsets[k] | offsets_i[64*k +: 32] == '0));
    end
    assume (take_i <= 5'd16 & enter_take_i <= (CSlow == 2 ? 6'd32 : 6'd15));
    for (int v = 0; v < Values; v++) assume (row_i[v*RowBits+16 +: 5] <= 5'd16);
    if (rst_ni) begin
      `CHECK(StepSeesItsBits, ~step | control.bits == here[15:0])
      `CHECK(StepsInItsTable, ~step | control.bank == step_kind_q)
      `CHECK(ReadsItsRow, ~step | row_addr[8:0] == {step_kind_q, Values == 2 ? {4'b0, symbol_i[3:0]} : symbol_i})
      `CHECK(StepsAsOftenAsItHasValues, ~step | 32'(steps_q) * Values < 32'(n_values_i[2*step_kind_q +: 2]))
      `CHECK(ValuesAreOwed, ~values.valid | (some_values != '0 & jobs_q != '0))
      `CHECK(ValueIsTheRowsOffset, ~values.valid | values.data[15:0] == value_want)
      `CHECK(SecondIsTheRowsOffset, ~(values.valid & values.two) | values.data[31:16] == second_want)
      `CHECK(TwoWhereTwoAreLeft, ~values.valid | values.two == (Values == 2 & left > 2'd1))
      `CHECK(LastIsMarked, ~values.valid | values.last == last)
      `CHECK(EndsInOrder, ~out.done | (jobs_q != '0 & (finished_q[end_kind_q] | ~some_values[end_kind_q])))
      `CHECK(StatusIsEarned, ~out.done | out.status
        == (some_values[end_kind_q] ? wanted_q[3*end_kind_q +: 3] : wanted_empty))
      `CHECK(LeavesInTime, 32'(waits_q) <= Within)
      `CHECK(BusyWhileOwing, out.busy | jobs_q <= 3'(out.done))
      `REACH(TwoEndsWell, out.done & end_kind_q & out.status == codec_pkg::Ok & some_values == '1)
      `REACH(Truncated, out.done & out.status == codec_pkg::Truncated)
      `REACH(Trailing, out.done & out.status == codec_pkg::Trailing & some_values == '1 & last_at_q > 8'd32)
      `REACH(ThreeJobs, jobs_q == 3'd3)
    end
  end
endmodule
