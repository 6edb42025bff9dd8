// lane_control.sv — what every lane has around its coder: jobs, symbol bits, steps, offsets, ends.
//
// Stage 1: the coder steps a symbol. Stage 2: the symbol's row is there, its value leaves:
//   value = row.vmin + next row.offset_bits bits of the offset stream (mod 2^16)
// as in APack, arXiv:2201.08830. The coder is combinational beside this module: it sees the head of
// the next stream when it is entered, the next bits in each step, and answers with what it takes.
// A job waits while the one before is decoded; the switch costs no cycle. A job without values
// passes through both stages as a ghost, so that jobs end in order.
// Total: any stream ends, with the status that the golden model gives it.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module lane_control #(
  parameter int Values = 1,  // in a beat: symbols of a step, 1 or 2
  parameter int CSlow  = 1,  // streams of the lane, which step in turn
  localparam int SymbolBits = codec_pkg::SymbolBits,
  localparam int RowBits    = codec_pkg::RowBits,
  localparam int ValueBits  = codec_pkg::ValueBits,
  localparam int RowSymbolBits = SymbolBits / Values,
  localparam int OffsetTakeBits = $clog2(ValueBits * Values + 1)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  codec_pkg::stream_in_t  stream_i,
  output codec_pkg::stream_out_t stream_o,
  output codec_pkg::observe_t    observe_o,
  // coder
  input  logic                   turn_i,        // this cycle may enter or step
  input  logic                   may_enter_i,   // the job that waits
  input  logic [5:0]             enter_take_i,  // bits of the head that entering takes
  output logic                   enter_o,
  output logic                   step_o,
  output codec_pkg::control_t    control_o,
  input  codec_pkg::step_t       step_i,
  // rows: data belongs to the last address that was read
  output logic                   row_read_o,
  output logic [Values*(SymbolBits+1)-1:0] row_addr_o,
  input  logic [Values*RowBits-1:0]        row_data_i
);
  // The job that waits.
  logic        job_q, job_bank_q;
  logic [3:0]  job_table_log_q;
  logic [31:0] job_n_values_q;
  // Stage 1.
  logic        run_q, last_q, ghost_q, bank_q;
  logic [3:0]  table_log_q;
  logic [31:0] left_q;  // values
  // Stage 2.
  logic        hold_q, hold_last_q, hold_two_q, hold_ghost_q, hold_bank_q;
  // Ends.
  logic        left_ok_q, check_q, done_q;
  logic        verdict_table_q, verdict_short_q, verdict_state_q, verdict_rest_q;
  logic [codec_pkg::StatusBits-1:0] status_q;

  codec_pkg::job_t    job;
  codec_pkg::values_t values;
  logic accept, enter, advance, leave, fire, finish, offset_enter, job_ready, step, busy;
  logic [codec_pkg::StallBits-1:0] stall;
  logic [codec_pkg::TakeBits-1:0] symbol_take;
  logic [OffsetTakeBits-1:0]      offset_take;
  logic [15:0]                    symbol_bits;
  logic [Values*ValueBits-1:0]    offset_bits;
  logic [codec_pkg::FillBits-1:0] symbol_fill, offset_fill;
  logic [codec_pkg::OffsetBitsBits-1:0] first_bits, last_bits;
  logic [31:0] symbol_head, offset_head;
  logic symbol_announce_ready, symbol_next, symbol_here, symbol_open, symbol_drain, symbol_enough;
  logic symbol_clean, symbol_short, symbol_ready, offset_ready;
  logic offset_announce_ready, offset_next, offset_here, offset_open, offset_drain;
  logic offset_enough, offset_clean, offset_short;

  assign job = stream_i.job;

  bit_reader #(
    .Window(16), .Slots(3)
  ) u_symbols (
    .clk_i, .rst_ni, .announce_i(accept), .announce_empty_i(job.symbol_empty),
    .announce_ready_o(symbol_announce_ready), .next_o(symbol_next), .head_valid_o(symbol_here),
    .head_o(symbol_head), .enter_i(enter),
    .enter_take_i(job_n_values_q == '0 ? 6'd0 : enter_take_i), .leave_i(leave),
    .open_o(symbol_open), .draining_o(symbol_drain), .word_valid_i(stream_i.symbol.valid),
    .word_i(stream_i.symbol.word), .word_last_i(stream_i.symbol.last),
    .word_ready_o(symbol_ready), .take_valid_i(advance), .take_i(symbol_take),
    .bits_o(symbol_bits), .fill_o(symbol_fill), .enough_o(symbol_enough), .clean_o(symbol_clean),
    .short_o(symbol_short)
  );
  bit_reader #(
    .Window(ValueBits * Values), .Slots(Values + 1)
  ) u_offsets (
    .clk_i, .rst_ni, .announce_i(accept), .announce_empty_i(job.offset_empty),
    .announce_ready_o(offset_announce_ready), .next_o(offset_next), .head_valid_o(offset_here),
    .head_o(offset_head), .enter_i(offset_enter), .enter_take_i(6'd0), .leave_i(finish),
    .open_o(offset_open), .draining_o(offset_drain), .word_valid_i(stream_i.offset.valid),
    .word_i(stream_i.offset.word), .word_last_i(stream_i.offset.last),
    .word_ready_o(offset_ready), .take_valid_i(fire), .take_i(offset_take),
    .bits_o(offset_bits), .fill_o(offset_fill), .enough_o(offset_enough), .clean_o(offset_clean),
    .short_o(offset_short)
  );

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Control
  assign job_ready    = symbol_announce_ready & offset_announce_ready;
  assign accept       = job.valid & job_ready;
  assign advance      = run_q & symbol_enough & (~hold_q | fire) & turn_i;
  assign leave        = advance & last_q;
  assign enter        = job_q & symbol_here & (~run_q | leave) & turn_i & may_enter_i;
  assign fire         = hold_q & offset_enough & (hold_ghost_q | stream_i.value_ready);
  assign finish       = fire & hold_last_q;
  assign offset_enter = offset_next & (~offset_open | finish);

  assign step         = advance & ~ghost_q;
  assign symbol_take  = ghost_q ? '0 : step_i.take;
  assign enter_o      = enter;
  assign step_o       = step;
  assign control_o.head           = symbol_head;
  assign control_o.next_bank      = job_bank_q;
  assign control_o.next_table_log = job_table_log_q;
  assign control_o.bits           = symbol_bits;
  assign control_o.bank           = bank_q;
  assign control_o.table_log      = table_log_q;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Stage 2: values. The row is not read anew while its value waits.
  assign row_read_o = advance;
  for (genvar v = 0; v < Values; v++) begin : gen_value
    logic [ValueBits-1:0]     offset, vmin;
    logic [codec_pkg::OffsetBitsBits-1:0] n_bits;
    assign row_addr_o[v*(SymbolBits+1) +: SymbolBits+1] =
      {bank_q, SymbolBits'(step_i.symbol[v*RowSymbolBits +: RowSymbolBits])};
    assign {n_bits, vmin} = row_data_i[v*RowBits +: RowBits];  // row_t
    assign offset = v == 0 ? offset_bits[ValueBits-1:0] : ValueBits'(offset_bits >> first_bits);
    assign values.data[v*ValueBits +: ValueBits] = vmin + (offset & ~(16'hffff << n_bits));
  end
  if (Values < codec_pkg::MaxValues) begin : gen_no_second
    assign values.data[codec_pkg::MaxValues*ValueBits-1:Values*ValueBits] = '0;
  end
  assign first_bits  = row_data_i[ValueBits +: codec_pkg::OffsetBitsBits];
  assign last_bits   = row_data_i[(Values-1)*RowBits+ValueBits +: codec_pkg::OffsetBitsBits];
  assign offset_take = hold_ghost_q ? '0
                     : OffsetTakeBits'(first_bits) + (hold_two_q ? OffsetTakeBits'(last_bits) : '0);
  assign values.valid = hold_q & ~hold_ghost_q & offset_enough;
  assign values.two   = hold_two_q;
  assign values.last  = hold_last_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      job_q  <= 1'b0;
      run_q  <= 1'b0;
      hold_q <= 1'b0;
    end else begin
      job_q  <= accept | (job_q & ~enter);
      run_q  <= enter | (run_q & ~leave);
      hold_q <= advance | (hold_q & ~fire);
    end
  end
  always_ff @(posedge clk_i) begin
    if (accept) begin
      job_bank_q      <= job.bank;
      job_table_log_q <= job.table_log;
      job_n_values_q  <= job.n_values;
    end
    if (advance) begin
      last_q       <= left_q <= 32'(2 * Values);  // known ahead: no counter in the step's path
      left_q       <= left_q - 32'(Values);
      hold_last_q  <= last_q;
      hold_two_q   <= Values == 2 && left_q != 32'd1;
      hold_ghost_q <= ghost_q;
      hold_bank_q  <= bank_q;
    end
    if (enter) begin
      ghost_q     <= job_n_values_q == '0;
      last_q      <= job_n_values_q <= 32'(Values);
      left_q      <= job_n_values_q;
      table_log_q <= job_table_log_q;
      bank_q      <= job_bank_q;
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Ends: the symbols' verdict stands until the offsets are left, which is at least a cycle later.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      check_q <= 1'b0;
      done_q  <= 1'b0;
    end else begin
      check_q <= finish;
      done_q  <= check_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (leave) left_ok_q <= step_i.at_end | ghost_q;
    if (finish) begin
      verdict_table_q <= stream_i.bank_bad[hold_bank_q];
      verdict_short_q <= symbol_short;
      verdict_state_q <= ~left_ok_q;
      verdict_rest_q  <= ~symbol_clean;
    end
    if (check_q) begin
      if (verdict_table_q)                      status_q <= codec_pkg::BadTable;
      else if (verdict_short_q | offset_short)  status_q <= codec_pkg::Truncated;
      else if (verdict_state_q)                 status_q <= codec_pkg::BadState;
      else if (verdict_rest_q | ~offset_clean)  status_q <= codec_pkg::Trailing;
      else                                      status_q <= codec_pkg::Ok;
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // What the stream shows of itself.
  assign busy = job_q | run_q | hold_q | check_q | symbol_drain | offset_drain;
  always_comb begin
    stall = codec_pkg::NoStall;
    if (busy & ~(fire & ~hold_ghost_q)) begin
      if (hold_q & ~offset_enough) stall = codec_pkg::OffsetWords;
      else if (hold_q & ~hold_ghost_q) stall = codec_pkg::Consumer;
      else if (run_q ? ~symbol_enough : (job_q & ~symbol_here) | symbol_drain) begin
        stall = codec_pkg::SymbolWords;
      end else if (offset_drain & ~run_q & ~job_q) stall = codec_pkg::OffsetWords;
      else stall = run_q & ~ghost_q & CSlow > 1 ? codec_pkg::Turn : codec_pkg::Fill;
    end
  end
  assign stream_o.job_ready    = job_ready;
  assign stream_o.bank_busy    = {(job_q & job_bank_q) | (run_q & bank_q) | (hold_q & hold_bank_q),
                                  (job_q & ~job_bank_q) | (run_q & ~bank_q)
                                  | (hold_q & ~hold_bank_q)};
  assign stream_o.symbol_ready = symbol_ready;
  assign stream_o.offset_ready = offset_ready;
  assign stream_o.values       = values;
  assign stream_o.done         = done_q;
  assign stream_o.status       = status_q;
  assign stream_o.busy         = busy;
  assign observe_o.retire_valid  = step;
  assign observe_o.retire.fill   = symbol_fill;
  assign observe_o.retire.take   = step_i.take;
  assign observe_o.retire.symbol = step_i.symbol;
  assign observe_o.stall         = stall;

  // Offsets need not be there when they are entered, symbols do.
  logic unused;
  assign unused = ^{offset_head, offset_here, offset_fill, symbol_next, symbol_open};

`ifdef TRANSOM_ASSERTS
  // The source of jobs. (Registers: $stable would sample the ports of all lanes for each lane.)
  logic            job_waits_q;
  codec_pkg::job_t waiting_q;
  always_ff @(posedge clk_i) begin
    job_waits_q <= rst_ni & job.valid & ~job_ready;
    waiting_q   <= job;
  end
  `TRANSOM_ASSERT(JobStays, job_waits_q |-> job == waiting_q)
`endif
  `TRANSOM_ASSERT(RowInRange, fire |-> 32'(offset_take) <= Values * ValueBits)
  `TRANSOM_ASSERT(ValueStays,
    (values.valid & ~stream_i.value_ready) |=> values.valid & $stable(values))
  `TRANSOM_ASSERT(IdleIsSilent,
    ~busy |-> ~(values.valid | step | symbol_ready | offset_ready))
  `TRANSOM_ASSERT(OneSymbolPerValue, step |=> hold_q)
  `TRANSOM_ASSERT(StepsInAStream, run_q == symbol_open)
  `TRANSOM_ASSERT(CountsDown,
    run_q |-> (ghost_q == (left_q == '0)) & (last_q == (left_q <= 32'(Values))))
  `TRANSOM_ASSERT(TurnsAlternate, CSlow == 1 | turn_i |=> CSlow == 1 | ~turn_i)
endmodule
