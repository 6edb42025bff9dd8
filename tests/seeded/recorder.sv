// recorder.sv — writes what lane_dut.sv tells, clock by clock, into +told=FILE: for who looks at it later.
//   CLOCK STREAM step SYMBOL STATE BITS | CLOCK STREAM value VALUE | CLOCK STREAM end STATUS
// SPDX-License-Identifier: Apache-2.0
module recorder #(
  parameter int S = 1, V = 1
) (
  input logic clk_i, rst_ni,
  input logic [S-1:0]      step_valid_o, value_valid_o, value_two_o, value_ready_i, done_o,
  input logic [S*8-1:0]    step_symbol_o,
  input logic [S*5-1:0]    step_take_o,
  input logic [S*48-1:0]   step_state_o,
  input logic [S*V*16-1:0] value_o,
  input logic [S*3-1:0]    status_o
);
  string path;
  int    file = 0, clock = 0;
  initial if ($value$plusargs("told=%s", path)) file = $fopen(path, "w");

  always @(posedge clk_i) begin
    if (rst_ni && file != 0) begin
      clock <= clock + 1;
      for (int s = 0; s < S; s++) begin
        if (step_valid_o[s]) begin
          $fdisplay(file, "%0d %0d step %0d %0d %0d", clock, s, step_symbol_o[s*8 +: 8], step_state_o[s*48 +: 48],
                    step_take_o[s*5 +: 5]);
        end
        if (value_valid_o[s] && value_ready_i[s]) begin
          for (int v = 0; v < V; v++) begin
            if (v == 0 || value_two_o[s]) $fdisplay(file, "%0d %0d value %0d", clock, s, value_o[(s*V+v)*16 +: 16]);
          end
        end
        if (done_o[s]) $fdisplay(file, "%0d %0d end %0d", clock, s, status_o[s*3 +: 3]);
      end
      $fflush(file);  // the bench may end in this clock
    end
  end
endmodule

bind lane_dut recorder #(.S(S), .V(V)) u_recorder (.*);
