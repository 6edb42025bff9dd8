// transom_scoreboard.sv — compares what a decoder retires with the golden decoder, stream by stream.
//
// Connect it, or bind it, to the decoder's retire port; hand it the jobs, in the order of the
// decoder's, by push(handle); call finish() at the end. At the first difference it goes on for
// `Window` clocks, since what follows tells the class of the fault, then says it once by $error.
// Ports of all streams are flat, stream 0 in the lowest bits. What a decoder does not show is left
// open: `Shown` says how much of a step it tells.
// SPDX-License-Identifier: Apache-2.0
module transom_scoreboard #(
  parameter int Streams    = 1,
  parameter int Shown      = 2,   // of a step: 0 symbol, 1 state too, 2 bits too
  parameter int SymbolBits = 8,
  parameter int StateBits  = 14,
  parameter int TakeBits   = 5,
  parameter int ValueBits  = 16,
  parameter int Values     = 1,   // of a beat
  parameter int StatusBits = 3,
  parameter int Window     = 256  // clocks from the first difference to its report
) (
  input logic clk_i,
  input logic rst_ni,
  // a step has retired: its symbol, the state after it, the bits of the symbol stream it took
  input logic [Streams-1:0]            step_valid_i,
  input logic [Streams*SymbolBits-1:0] symbol_i,
  input logic [Streams*StateBits-1:0]  state_i,
  input logic [Streams*TakeBits-1:0]   bits_i,
  // a beat of values has left; the second one of two counts if two_i
  input logic [Streams-1:0]            value_valid_i,
  input logic [Streams-1:0]            two_i,
  input logic [Streams*Values*ValueBits-1:0] value_i,
  // a job has ended
  input logic [Streams-1:0]            done_i,
  input logic [Streams*StatusBits-1:0] status_i
);
  transom_pkg::transom_jobs jobs = new();
  longint unsigned cycle = 0;
  int              late = 0;         // clocks since the first difference
  bit              reported = 1'b0;  // it stopped here

  // The decoder's next job.
  function void push(input int handle);
    jobs.push(handle);
  endfunction

  // Ends that have come, and all that are to come.
  function int n_ended();
    return jobs.n_ended;
  endfunction
  function int n_ends();
    return jobs.n_ends();
  endfunction
  function longint n_compared();
    return jobs.n_compared;
  endfunction

  // Says the first difference, once.
  function void report();
    if (!reported) $error("transom: %s", jobs.text());
    reported = 1'b1;
  endfunction

  // Nothing more comes. 1 if nothing differed.
  function bit finish();
    finish = jobs.finish();
    if (!finish) report();
  endfunction

  always @(posedge clk_i) begin
    if (rst_ni) begin
      for (int s = 0; s < Streams; s++) begin
        if (step_valid_i[s]) begin
          jobs.step(s, Shown, 32'(symbol_i[s*SymbolBits +: SymbolBits]),
                    64'(state_i[s*StateBits +: StateBits]), 32'(bits_i[s*TakeBits +: TakeBits]),
                    cycle);
        end
        if (value_valid_i[s]) begin
          for (int v = 0; v < Values; v++) begin
            if (v == 0 || two_i[s]) begin
              jobs.value(s, 32'(value_i[(s*Values+v)*ValueBits +: ValueBits]), cycle);
            end
          end
        end
        if (done_i[s]) jobs.ended(s, 32'(status_i[s*StatusBits +: StatusBits]), cycle);
      end
      if (!jobs.ok()) late <= late + 1;
      if (late == Window) report();
    end
    cycle <= cycle + 1;
  end
endmodule
