// fed_unit.sv — a rANS state over a stack of words, which pops by distributions that come in and
// pushes slots that come in: the decoder of bits-back coding, beside a network.
//
//   pop    slot = x mod 2^R;  s: start_s <= slot < start_(s+1)
//          x' = (start_(s+1) - start_s) floor(x / 2^R) + slot - start_s
//   push   x' = floor(x / freq) 2^R + x mod freq + start
//
// x is in [2^31, 2^63): a push gives a word first if x >= freq 2^(63-R), a pop takes one last if x'
// is below 2^31. Uniform numbers and tables of two symbols take one cycle; a table of n symbols is
// cut into Compares + 1 parts a cycle; a push divides, DivideBits of the quotient a cycle.
// sim/fed/README.md has the unit, sim/fed/unit.cpp its model, which takes the same cycles. The
// search, the multiplication and the refill are one path here: this says what happens in a cycle,
// not how short one is.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module fed_unit #(
  parameter int Compares   = 3,   // with itself and 1 a power of two
  parameter int DivideBits = 4,
  parameter int Tables     = 4,   // places of the store, a power of two, at least 2
  parameter int SymbolLog  = 8,   // a place has 2^SymbolLog - 1 starts
  localparam int StateBits = 63,
  localparam int LogBits   = 24,  // the largest R
  localparam int PlaceBits = $clog2(Tables)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 set_i,      // the state, between two steps
  input  logic [StateBits-1:0] state_i,
  /// A start of a table into the store, from symbol 1 on; the last one that is written makes the
  /// table's size. Between two steps.
  input  logic                 load_i,
  input  logic [PlaceBits-1:0] load_place_i,
  input  logic [SymbolLog-1:0] load_symbol_i,
  input  logic [LogBits-1:0]   load_start_i,
  /// A step and its parameters, which stay until it is retired.
  input  logic                 step_i,
  input  logic [1:0]           op_i,       // 0 pop uniform, 1 pop by a table, 2 push
  input  logic [4:0]           table_log_i,  // R, 1..24
  input  logic                 stored_i,   // the table is in the store, else of two symbols
  input  logic [PlaceBits-1:0] place_i,
  input  logic [LogBits-1:0]   start_i,    // of symbol 1 of two; of a push
  input  logic [LogBits:0]     freq_i,     // of a push
  output logic                 retire_o,
  output logic [LogBits-1:0]   symbol_o,   // of a pop
  output logic [StateBits-1:0] state_o,    // after the step
  /// The stack: its top is seen, and taken or covered in this cycle.
  input  logic [31:0]          word_i,
  output logic                 take_o,
  output logic                 give_o,
  output logic [31:0]          word_o
);
  localparam int Parts = Compares + 1;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Registers
  logic [StateBits-1:0] state_q, state_d;
  logic                 going_q, going_d;  // a cycle of the step is done
  logic [SymbolLog:0]   left_q, left_d;    // symbols that are left
  logic [SymbolLog-1:0] low_q, low_d;      // the first of them
  logic [StateBits-1:0] quotient_q, quotient_d;
  logic [LogBits:0]     remainder_q, remainder_d;  // below freq
  logic [5:0]           bits_q, bits_d;    // of the quotient, to come

  logic [LogBits-1:0]   store_q [Tables*2**SymbolLog];
  logic [SymbolLog-1:0] last_q  [Tables];  // the last symbol of a place

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StateBits'(1) << 31;
      going_q <= 1'b0;
    end else begin
      state_q <= set_i ? state_i : state_d;
      going_q <= going_d;
    end
  end
  always_ff @(posedge clk_i) begin
    left_q <= left_d;
    low_q <= low_d;
    quotient_q <= quotient_d;
    remainder_q <= remainder_d;
    bits_q <= bits_d;
    if (load_i) begin
      store_q[{load_place_i, load_symbol_i}] <= load_start_i;
      last_q[load_place_i] <= load_symbol_i;
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Which symbol: of the symbols that are left the last part whose start is not above the slot.
  logic [LogBits:0]     n_slots;  // 2^R
  logic [LogBits-1:0]   slot;
  logic [StateBits-1:0] block;    // floor(x / 2^R)
  logic [SymbolLog-1:0] last, low;
  logic [SymbolLog:0]   left, part;
  logic [SymbolLog+1:0] at;
  logic [LogBits-1:0]   symbol;
  logic [LogBits:0]     start, ends;
  logic                 found;

  assign n_slots = (LogBits+1)'(1) << table_log_i;
  assign slot = state_q[LogBits-1:0] & LogBits'(n_slots - 1'b1);
  assign block = state_q >> table_log_i;
  assign last = last_q[place_i];
  assign left = going_q ? left_q : {1'b0, last} + 1'b1;
  assign low = going_q ? low_q : '0;
  assign part = (SymbolLog+1)'((32'(left) + Compares) >> $clog2(Parts));
  always_comb begin
    low_d = low;
    at = {2'b0, low};
    for (int k = 1; k <= Compares; k++) begin
      at = at + {1'b0, part};
      if (32'(at) < 32'(low) + 32'(left) && at <= {2'b0, last}
          && store_q[{place_i, at[SymbolLog-1:0]}] <= slot) low_d = at[SymbolLog-1:0];
    end
  end
  assign left_d = part;
  always_comb begin
    found = 1'b1;
    symbol = slot;
    start = {1'b0, slot};
    ends = start + 1'b1;
    if (op_i == 2'd1 && !stored_i) begin
      symbol = LogBits'(slot >= start_i);
      start = slot >= start_i ? {1'b0, start_i} : '0;
      ends = slot >= start_i ? n_slots : {1'b0, start_i};
    end else if (op_i == 2'd1) begin
      found = 32'(part) == 1;
      symbol = LogBits'(low_d);
      start = low_d == '0 ? '0 : {1'b0, store_q[{place_i, low_d}]};
      ends = low_d == last ? n_slots : {1'b0, store_q[{place_i, low_d + 1'b1}]};
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // A push: a word first, then restoring division, the highest bit first.
  logic [StateBits-1:0] dividend;
  logic [LogBits+1:0]   rest;
  logic [5:0]           n_bits;  // of the quotient: x < freq 2^(63-R)
  logic                 full;

  assign n_bits = 6'd63 - {1'b0, table_log_i};
  assign full = state_q >> n_bits >= {{(StateBits-LogBits-1){1'b0}}, freq_i};
  assign dividend = give_o ? state_q >> 32 : state_q;
  always_comb begin
    quotient_d = going_q ? quotient_q : '0;
    bits_d = going_q ? bits_q : n_bits;
    remainder_d = going_q ? remainder_q : (LogBits+1)'(dividend >> n_bits);
    rest = '0;
    for (int i = 0; i < DivideBits; i++) begin
      if (bits_d != 6'd0) begin
        bits_d = bits_d - 6'd1;
        rest = {remainder_d, dividend[bits_d]};
        quotient_d = {quotient_d[StateBits-2:0], rest >= {1'b0, freq_i}};
        remainder_d = rest >= {1'b0, freq_i} ? rest[LogBits:0] - freq_i : rest[LogBits:0];
      end
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The end of a step
  logic [StateBits-1:0] popped;
  logic [LogBits:0]     freq;
  logic                 push;

  assign push = op_i == 2'd2;
  assign freq = ends - start;
  assign popped = StateBits'(freq) * block + StateBits'(slot) - StateBits'(start);
  assign retire_o = step_i && (push ? bits_d == 6'd0 : found);
  assign going_d = step_i && !retire_o;
  assign give_o = step_i && push && full;  // in the first cycle alone: x is below 2^31 then
  assign word_o = state_q[31:0];
  assign take_o = retire_o && !push && popped[StateBits-1:31] == '0;
  assign symbol_o = symbol;
  always_comb begin
    if (push) state_o = (quotient_d << table_log_i) + StateBits'(remainder_d) + StateBits'(start_i);
    else      state_o = take_o ? {popped[30:0], word_i} : popped;
    state_d = state_q;
    if (retire_o)    state_d = state_o;
    else if (give_o) state_d = dividend;
  end

  `TRANSOM_ASSERT_INIT(PartsArePower, Parts == 2**$clog2(Parts))
  `TRANSOM_ASSERT_INIT(PlacesArePower, Tables >= 2 && Tables == 2**PlaceBits)
  `TRANSOM_ASSERT(TableLogFits, step_i |-> table_log_i >= 5'd1 && table_log_i <= 5'd24)
  `TRANSOM_ASSERT(PushHasSlots, step_i && push |->
      freq_i >= 1 && {1'b0, freq_i} + {2'b0, start_i} <= {1'b0, n_slots})
  `TRANSOM_ASSERT(StateInInterval, retire_o |-> state_o >= StateBits'(1) << 31)
  `TRANSOM_ASSERT(SlotIsOwned, retire_o && !push |-> {1'b0, slot} >= start && {1'b0, slot} < ends)
  `TRANSOM_ASSERT(BetweenSteps, set_i || load_i |-> !step_i)
  `TRANSOM_ASSERT(StepStays, going_q |-> step_i)
endmodule
