// arith_table.sv — cumulative counts in registers: every lane reads all of them in each cycle.
//
// Two banks of ArithRows counts; the one after the last is 2^ArithTableLog and not stored.
// SPDX-License-Identifier: Apache-2.0
module arith_table #(
  localparam int Rows    = codec_pkg::ArithRows,
  localparam int CumBits = codec_pkg::ArithTableLog + 1,
  localparam int Words   = codec_pkg::LoadEntries,
  localparam int Groups  = Rows / Words
) (
  input  logic                         clk_i,
  input  logic                         write_i,
  input  logic                         write_bank_i,
  input  logic [$clog2(Groups)-1:0]    write_addr_i,  // in units of Words
  input  logic [Words*CumBits-1:0]     write_data_i,
  output logic [2*Rows*CumBits-1:0]    cum_o          // bank 0 lowest, its count 0 lowest
);
  for (genvar g = 0; g < 2 * Groups; g++) begin : gen_group
    logic [Words*CumBits-1:0] cum_q;
    always_ff @(posedge clk_i) begin
      if (write_i && 32'({write_bank_i, write_addr_i}) == g) cum_q <= write_data_i;
    end
    assign cum_o[g*Words*CumBits +: Words*CumBits] = cum_q;
  end
endmodule
