// axi_sums.sv — counters that each add a small number per cycle.
// SPDX-License-Identifier: Apache-2.0
module axi_sums #(
  parameter int Counters = 11,
  parameter int SumBits  = 4,
  parameter int Bits     = 48   // of a counter
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        clear_i,
  input  logic                        run_i,       // this cycle counts
  input  logic [Counters*SumBits-1:0] sum_i,       // what it adds; there two cycles later
  output logic [Counters*Bits-1:0]    counters_o
);
  logic                        counts_q;
  logic [Counters*SumBits-1:0] sum_q;
  logic [Counters*Bits-1:0]    count_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      counts_q <= 1'b0;
      sum_q    <= '0;
      count_q  <= '0;
    end else begin
      counts_q <= run_i;
      sum_q    <= sum_i;
      if (clear_i) begin
        count_q <= '0;
      end else if (counts_q) begin
        for (int c = 0; c < Counters; c++) begin
          count_q[c*Bits +: Bits] <= count_q[c*Bits +: Bits] + Bits'(sum_q[c*SumBits +: SumBits]);
        end
      end
    end
  end
  assign counters_o = count_q;
endmodule
