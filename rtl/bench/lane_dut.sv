// lane_dut.sv — the decoder that lane_bench.sv tries: here Transom's (rtl/decoder.sv). Put yours in
// its place: the ports say what it is given and what it must tell (rtl/README.md, "Ports"). One that
// shows no steps leaves step_* at 0 (+values); one without a port for loads has its table elsewhere.
// SPDX-License-Identifier: Apache-2.0
module lane_dut #(
  parameter int Kind = 0, Lanes = 1, TableLog = 14, MaxRows = 256,
  localparam int S = Lanes * (Kind == 1 || Kind == 2 ? 2 : 1),  // streams
  localparam int V = Kind == 3 ? 2 : 1                          // values of a beat
) (
  input  logic clk_i, rst_ni,
  // table and rows: four words of table.hex and a word of rows.hex in a cycle, into one of two banks
  input  logic          load_bank_i,
  input  logic [3:0]    load_table_log_i,
  input  logic [7:0]    load_last_row_i,
  input  logic          load_valid_i,
  input  logic [11:0]   load_addr_i,
  input  logic [127:0]  load_data_i,
  input  logic          load_row_valid_i,
  input  logic [7:0]    load_row_addr_i,
  input  logic [31:0]   load_row_i,
  output logic [1:0]    bank_busy_o,
  // a job for each stream
  input  logic [S-1:0]    job_valid_i,
  output logic [S-1:0]    job_ready_o,
  input  logic [S*32-1:0] job_n_values_i,
  input  logic [S-1:0]    job_symbol_empty_i, job_offset_empty_i,
  input  logic [3:0]      job_table_log_i,
  input  logic            job_bank_i,
  // words
  input  logic [S-1:0]    symbol_valid_i, symbol_last_i,
  input  logic [S*32-1:0] symbol_word_i,
  output logic [S-1:0]    symbol_ready_o,
  input  logic [S-1:0]    offset_valid_i, offset_last_i,
  input  logic [S*32-1:0] offset_word_i,
  output logic [S-1:0]    offset_ready_o,
  // values, ends
  output logic [S-1:0]      value_valid_o, value_two_o, value_last_o,
  output logic [S*V*16-1:0] value_o,
  input  logic [S-1:0]      value_ready_i,
  output logic [S-1:0]      done_o,
  output logic [S*3-1:0]    status_o,
  // steps: the symbol, the bits that it takes, the state after it
  output logic [S-1:0]      step_valid_o,
  output logic [S*8-1:0]    step_symbol_o,
  output logic [S*5-1:0]    step_take_o,
  output logic [S*48-1:0]   step_state_o
);
  localparam int StateBits = Kind == 1 ? 32 : Kind == 2 ? 48 : 14;
  logic [S*20-1:0]        retire;
  logic [S*StateBits-1:0] state;

  decoder
`ifndef FLAT  // a netlist has none
  #(.Kind(Kind), .Lanes(Lanes), .TableLog(TableLog), .MaxRows(MaxRows))
`endif
  u_decoder (
    .clk_i(clk_i), .rst_ni(rst_ni), .load_bank_i(load_bank_i), .load_table_log_i(load_table_log_i),
    .load_last_row_i(load_last_row_i), .load_valid_i(load_valid_i),
    .load_addr_i(load_addr_i[TableLog-3:0]), .load_data_i(load_data_i),
    .load_row_valid_i(load_row_valid_i), .load_row_addr_i(load_row_addr_i),
    .load_row_i(load_row_i), .bank_busy_o(bank_busy_o), .job_valid_i(job_valid_i),
    .job_ready_o(job_ready_o), .job_n_values_i(job_n_values_i),
    .job_symbol_empty_i(job_symbol_empty_i), .job_offset_empty_i(job_offset_empty_i),
    .job_table_log_i(job_table_log_i), .job_bank_i(job_bank_i), .symbol_valid_i(symbol_valid_i),
    .symbol_word_i(symbol_word_i), .symbol_last_i(symbol_last_i),
    .symbol_ready_o(symbol_ready_o), .offset_valid_i(offset_valid_i),
    .offset_word_i(offset_word_i), .offset_last_i(offset_last_i),
    .offset_ready_o(offset_ready_o), .value_valid_o(value_valid_o), .value_o(value_o),
    .value_two_o(value_two_o), .value_last_o(value_last_o), .value_ready_i(value_ready_i),
    .done_o(done_o), .status_o(status_o), .busy_o(), .retire_valid_o(step_valid_o),
    .retire_o(retire), .retire_state_o(state), .stall_o()
  );
  for (genvar s = 0; s < S; s++) begin : gen_step
    assign step_symbol_o[s*8 +: 8]  = retire[s*20 +: 8];
    assign step_take_o[s*5 +: 5]    = retire[s*20+8 +: 5];
    assign step_state_o[s*48 +: 48] = 48'(state[s*StateBits +: StateBits]);
  end
endmodule
