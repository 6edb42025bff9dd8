// axi_descriptor.sv — the current descriptor, group by group, and whether it can be.
//
// Addresses have 64 bits here, whatever the bus has: those of tables and the like are kept in blocks
// of 64 bytes, that of the payload in words; the bits below are not looked at. The number of table
// words follows from kind and table log, or it is that of counts to build a table from, and must be
// right; reserved bits of the control word must be zero.
// SPDX-License-Identifier: Apache-2.0
module axi_descriptor #(
  parameter int Kind     = codec_pkg::TansLane,
  parameter int Streams  = 4,
  parameter int TableLog = codec_pkg::MaxTableLog,
  parameter int MaxRows  = codec_pkg::max_rows(Kind)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                group_valid_i,
  input  logic [1:0]          group_number_i,  // of the descriptor's four
  input  logic [127:0]        group_i,
  output logic [3:0]          table_log_o,
  output logic [15:0]         n_streams_o,
  output logic [31:0]         n_words_o,       // of the table
  output logic [31:0]         n_rows_o,
  output logic [57:0]         table_addr_o,
  output logic [57:0]         rows_addr_o,
  output logic [57:0]         records_addr_o,
  output logic [61:0]         payload_o,
  output logic                builds_o,        // the table comes as counts
  output logic                bad_o
);
  logic [31:0] control_q, n_words_q, n_rows_q, table_words;
  logic [57:0] table_addr_q, rows_addr_q, records_addr_q;
  logic [61:0] payload_q;
  logic        possible;

  if (Kind == codec_pkg::ArithLane) begin : gen_counts
    assign table_words = 32'(codec_pkg::ArithRows);
    assign possible    = control_q[3:0] == 4'(codec_pkg::ArithTableLog)
                       & n_rows_q <= MaxRows;
  end else if (Kind == codec_pkg::NransLane) begin : gen_nrans
    assign table_words = 32'(codec_pkg::NransRows);
    assign possible    = 32'(control_q[3:0]) <= TableLog & n_rows_q <= MaxRows;
  end else begin : gen_slots
    localparam int BuildRows = codec_pkg::TansBuildRows;
    assign table_words = builds_o ? 32'(BuildRows / 2)
                       : control_q[3:0] < 4'd2 ? 32'd4 : 32'd1 << control_q[3:0];
    assign possible    = 32'(control_q[3:0]) <= TableLog
                       & n_rows_q <= (builds_o ? BuildRows : MaxRows);
  end
  assign builds_o = Kind == codec_pkg::TansLane & control_q[12];
  assign bad_o = ~possible | n_rows_q == '0 | n_words_q != table_words
               | control_q[11:8] != 4'(Kind) | control_q[7:4] != '0 | control_q[15:13] != '0
               | control_q[12] != builds_o
               | control_q[31:16] == '0 | 32'(control_q[31:16]) > Streams;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      control_q      <= '0;
      n_words_q      <= '0;
      n_rows_q       <= '0;
      table_addr_q   <= '0;
      rows_addr_q    <= '0;
      records_addr_q <= '0;
      payload_q      <= '0;
    end else if (group_valid_i) begin
      unique case (group_number_i)
        2'd0: begin
          control_q <= group_i[31:0];
          n_words_q <= group_i[95:64];
          n_rows_q  <= group_i[127:96];
        end
        2'd1: begin
          table_addr_q <= group_i[63:6];
          rows_addr_q  <= group_i[127:70];
        end
        2'd2: begin
          records_addr_q <= group_i[63:6];
          payload_q      <= group_i[127:66];
        end
        default: ;
      endcase
    end
  end

  assign table_log_o    = control_q[3:0];
  assign n_streams_o    = control_q[31:16];
  assign n_words_o      = n_words_q;
  assign n_rows_o       = n_rows_q;
  assign table_addr_o   = table_addr_q;
  assign rows_addr_o    = rows_addr_q;
  assign records_addr_o = records_addr_q;
  assign payload_o      = payload_q;

  logic unused;  // what is not looked at
  assign unused = ^group_i;
endmodule
