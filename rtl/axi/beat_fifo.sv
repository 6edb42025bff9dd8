// beat_fifo.sv — beats of the bus in a memory with a synchronous read port: every prefetch FIFO.
//
// One write port, one read port, whose output stands until the next read: what a macro has, or a block
// of an FPGA. `Macro` tells synthesis which it is to be, by the attribute that FPGA flows and Yosys
// read; a flow with a compiler of memories replaces `mem`. A beat that is pushed in t can be read in t + 1 and is shown in t + 2; one that is
// taken is followed by the next one in the next cycle. A beat is never refused: who asked for it has
// counted the room, which is told when a beat is read.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module beat_fifo #(
  parameter int Width = 128,
  parameter int Beats = 32,  // a power of two, at least 2
  // verilator lint_off UNUSEDPARAM
  parameter bit Macro = 1'b1,  // the memory is to be a macro, else registers
  // verilator lint_on UNUSEDPARAM
  localparam int AddrBits = $clog2(Beats)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             push_i,
  input  logic [Width-1:0] data_i,
  output logic             freed_o,  // room for a beat has become free
  output logic             valid_o,
  output logic [Width-1:0] data_o,
  input  logic             take_i    // only while valid_o
);
  (* ram_style = Macro ? "block" : "registers" *)
  logic [Width-1:0]    mem [Beats];
  logic [AddrBits-1:0] head_q, tail_q;
  logic [AddrBits:0]   count_q;
  logic                read, valid_q;
  logic [Width-1:0]    data_q;

  assign read    = count_q != '0 & (~valid_q | take_i);
  assign freed_o = read;
  assign valid_o = valid_q;
  assign data_o  = data_q;

  always_ff @(posedge clk_i) begin
    if (push_i) mem[tail_q] <= data_i;
    if (read) data_q <= mem[head_q];
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      head_q  <= '0;
      tail_q  <= '0;
      count_q <= '0;
      valid_q <= 1'b0;
    end else begin
      if (push_i) tail_q <= tail_q + 1'b1;
      if (read) head_q <= head_q + 1'b1;
      if (push_i & ~read) count_q <= count_q + 1'b1;
      if (~push_i & read) count_q <= count_q - 1'b1;
      valid_q <= read | (valid_q & ~take_i);
    end
  end

  `TRANSOM_ASSERT_INIT(BeatsIsPower, Beats >= 2 && Beats == 1 << AddrBits)
  `TRANSOM_ASSERT(PushHasRoom, push_i |-> ~count_q[AddrBits])
  `TRANSOM_ASSERT(TakeOnlyValid, take_i |-> valid_o)
endmodule
