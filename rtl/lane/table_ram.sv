// table_ram.sv — a table that one port writes, several words at a time, and every lane reads.
//
// Synchronous read: data belongs to the last address that was read. All read ports see one memory;
// where a technology has no such memory, synthesis replicates it for each port.
// The memory is a plain vector: Yosys 0.23 drops the dimension of an array of structs.
// SPDX-License-Identifier: Apache-2.0
module table_ram #(
  parameter int AddrBits   = 14,
  parameter int Width      = 26,
  parameter int WriteWords = 4,   // per write, a power of two
  parameter int Ports      = 1,
  localparam int GroupBits = AddrBits - $clog2(WriteWords)
) (
  input  logic                        clk_i,
  input  logic                        write_i,
  input  logic [GroupBits-1:0]        write_addr_i,  // in units of WriteWords
  input  logic [WriteWords*Width-1:0] write_data_i,
  input  logic [Ports-1:0]            read_i,
  input  logic [Ports*AddrBits-1:0]   read_addr_i,
  output logic [Ports*Width-1:0]      read_data_o
);
  logic [Width-1:0] mem [2**AddrBits];

  // The word's place in its group, beside the group's address; no such bits if a group is one word.
  always_ff @(posedge clk_i) begin
    for (int w = 0; w < WriteWords; w++) begin
      if (write_i) begin
        mem[AddrBits'(write_addr_i) << $clog2(WriteWords) | AddrBits'(w)]
          <= write_data_i[w*Width +: Width];
      end
    end
  end

  for (genvar p = 0; p < Ports; p++) begin : gen_read
    logic [Width-1:0] data_q;
    always_ff @(posedge clk_i) begin
      if (read_i[p]) data_q <= mem[read_addr_i[p*AddrBits +: AddrBits]];
    end
    assign read_data_o[p*Width +: Width] = data_q;
  end
endmodule
