// axi_load.sv — the load port of the decoder, from the sequencer's groups: table words and rows as
// they come; of a table that comes as counts, what tans_build makes of them.
// SPDX-License-Identifier: Apache-2.0
module axi_load #(
  parameter int Kind     = codec_pkg::TansLane,
  parameter int TableLog = codec_pkg::MaxTableLog,
  localparam int NumberBits = codec_pkg::MaxTableLog - 1
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic [3:0]            table_log_i,
  input  logic [7:0]            last_row_i,
  // what is taken in this cycle, or built
  input  logic                  table_i,
  input  logic                  counts_i,
  input  logic                  build_i,
  input  logic                  row_i,
  input  logic [NumberBits-1:0] number_i,     // of the group
  input  logic [7:0]            row_number_i,
  input  logic [127:0]          group_i,
  // load port
  output logic                  load_valid_o,
  output logic [TableLog-3:0]   load_addr_o,
  output logic [127:0]          load_data_o,
  output logic                  load_row_valid_o,
  output logic [7:0]            load_row_addr_o,
  output logic [31:0]           load_row_o
);
  logic                built_valid;
  logic [TableLog-3:0] built_number;
  logic [127:0]        built;
  if (Kind == codec_pkg::TansLane) begin : gen_build
    tans_build #(
      .TableLog(TableLog)
    ) u_build (
      .clk_i, .rst_ni, .table_log_i, .last_row_i, .counts_valid_i(counts_i),
      .counts_upper_i(number_i[0]), .counts_i(group_i), .build_i,
      .group_number_i(number_i[TableLog-3:0]), .group_valid_o(built_valid),
      .group_number_o(built_number), .group_o(built)
    );
  end else begin : gen_no_build
    logic unused;
    assign unused       = ^{table_log_i, last_row_i, counts_i, build_i};
    assign built_valid  = 1'b0;
    assign built_number = '0;
    assign built        = '0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      load_valid_o     <= 1'b0;
      load_addr_o      <= '0;
      load_data_o      <= '0;
      load_row_valid_o <= 1'b0;
      load_row_addr_o  <= '0;
      load_row_o       <= '0;
    end else begin
      load_valid_o     <= table_i | built_valid;
      load_addr_o      <= built_valid ? built_number : number_i[TableLog-3:0];
      load_data_o      <= built_valid ? built : group_i;
      load_row_valid_o <= row_i;
      load_row_addr_o  <= row_number_i;
      load_row_o       <= group_i[row_number_i[1:0]*32 +: 32];
    end
  end

  logic unused_number;  // no table of the unit has as many groups
  assign unused_number = ^number_i;
endmodule
