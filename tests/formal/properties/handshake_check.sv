// handshake_check.sv — AMBA's rule of every channel: once valid, valid and payload stay until ready.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module handshake_check #(
  parameter int Width = 1
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input logic             ready_i,
  input logic [Width-1:0] payload_i
);
  logic             waits_q;
  logic [Width-1:0] payload_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      waits_q   <= 1'b0;
      payload_q <= '0;
    end else begin
      waits_q   <= valid_i & ~ready_i;
      payload_q <= payload_i;
    end
  end
  always_comb begin
    if (rst_ni) begin
      `CHECK(ValidStays, ~waits_q | valid_i)
      `CHECK(PayloadStays, ~waits_q | payload_i == payload_q)
      `REACH(WaitsAndGoes, waits_q & ready_i)
    end
  end
endmodule
