// fed_bench.sv — a recorded run through fed_unit: symbol, state and stack of every step compared,
// cycles counted. Words and commands are those of model/vae/run/README.md, with each table's starts
// before the step that names it (tests/python/bbans/recorded.py writes them). FLAT: the unit is a
// netlist and has no parameters.
//
// commands.hex has a line of 256 bits for each: [1:0] 0 load, 1 step; then, from bit 32 on, words of
// 32 bits: place, symbol, start; or place, stored << 7 | op << 5 | R, start, freq, state, state, symbol.
// SPDX-License-Identifier: Apache-2.0
module fed_bench;
`include "fed_params.svh"
  localparam int StackLog = 20;

  logic          clk = 1'b0;
  logic          rst_n = 1'b0;
  logic [255:0]  commands [N_COMMANDS];
  logic [31:0]   stack [2**StackLog];
  logic [31:0]   words_left [N_WORDS_LEFT + 1];
  integer        at = 0, n_words = N_WORDS, n_steps = 0, n_cycles = 0, n_wrong = 0, n_busy = 0;
  logic          begun = 1'b0;

  logic [255:0]  command;
  logic          running, is_step, retire, take, give;
  logic [23:0]   symbol;
  logic [62:0]   state;
  logic [31:0]   word;
  assign running = begun && at < N_COMMANDS;
  assign command = commands[running ? at : 0];
  assign is_step = command[0];

  fed_unit
`ifndef FLAT
  #(
    .Compares(COMPARES), .DivideBits(DIVIDE_BITS), .Tables(TABLES), .SymbolLog(SYMBOL_LOG)
  )
`endif
  u_unit (
    .clk_i(clk), .rst_ni(rst_n), .set_i(rst_n && !begun), .state_i(HEAD),
    .load_i(running && !is_step), .load_place_i(command[32 +: $clog2(TABLES)]),
    .load_symbol_i(command[64 +: SYMBOL_LOG]), .load_start_i(command[96 +: 24]),
    .step_i(running && is_step), .place_i(command[32 +: $clog2(TABLES)]),
    .table_log_i(command[68:64]), .op_i(command[70:69]), .stored_i(command[71]),
    .start_i(command[96 +: 24]), .freq_i(command[128 +: 25]),
    .retire_o(retire), .symbol_o(symbol), .state_o(state),
    .word_i(stack[n_words - 1]), .take_o(take), .give_o(give), .word_o(word)
  );

  task automatic check(input string what, input logic [63:0] want, input logic [63:0] got);
    if (want != got) begin
      if (n_wrong == 0) $display("fed_bench: step %0d: %0s: want %0d, got %0d", n_steps, what, want, got);
      n_wrong = n_wrong + 1;
    end
  endtask

  initial begin
    $readmemh("commands.hex", commands);
    $readmemh("words.hex", stack);
    $readmemh("words_left.hex", words_left);
  end
  always #1 clk = !clk;

  always @(posedge clk) begin
    rst_n <= 1'b1;
    begun <= rst_n;
    if (running) begin
      if (is_step) n_cycles = n_cycles + 1;
      n_busy = is_step && !retire ? n_busy + 1 : 0;
      if (n_busy > 100) begin
        $display("fed_bench: step %0d does not end", n_steps);
        $finish;
      end
      if (give) stack[n_words] <= word;
      if (give) n_words <= n_words + 1;
      if (take) n_words <= n_words - 1;
      if (retire) begin
        if (command[70:69] != 2'd2) check("symbol", {32'd0, command[224 +: 32]}, {40'd0, symbol});
        check("state", command[160 +: 64], {1'b0, state});
        n_steps = n_steps + 1;
      end
      if (retire || !is_step) at <= at + 1;
    end else if (begun) begin
      check("words left", 64'(N_WORDS_LEFT), 64'(n_words));
      for (int i = 0; i < N_WORDS_LEFT; i++) check("word left", 64'(words_left[i]), 64'(stack[i]));
      $display("fed_bench: %0d steps in %0d cycles, %0d mismatches", n_steps, n_cycles, n_wrong);
      $finish;
    end
  end
endmodule
