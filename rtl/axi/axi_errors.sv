// axi_errors.sv — what went wrong: every kind is remembered, the first error with its place.
//
// Of several errors in a cycle a failed read comes first, then a descriptor, then a stream.
// SPDX-License-Identifier: Apache-2.0
module axi_errors #(
  parameter int Streams = 4,
  localparam int ChannelBits = $clog2(2 * Streams + 1),
  localparam int StreamBits  = Streams == 1 ? 1 : $clog2(Streams),
  localparam int StatusBits  = codec_pkg::StatusBits
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   clear_i,
  // where the sequencer is; a row is loaded for every descriptor that has jobs
  input  logic [31:0]            descriptor_i,
  input  logic                   load_i,
  input  logic                   load_bank_i,
  // events
  input  logic                   bus_error_i,
  input  logic [ChannelBits-1:0] bus_channel_i,
  input  logic                   bus_bank_i,
  input  logic                   bad_descriptor_i,
  input  logic                   bad_stream_i,
  input  logic [StreamBits-1:0]  bad_stream_number_i,
  input  logic [StatusBits-1:0]  bad_stream_status_i,
  input  logic                   bad_stream_bank_i,
  // memory
  output logic                   error_o,
  output logic                   bus_error_o,
  output logic                   bad_descriptor_o,
  output logic [StatusBits-1:0]  status_o,      // of the first stream that ended badly, else Ok
  output logic [31:0]            descriptor_o,  // of the first error
  output logic [31:0]            stream_o       // of the first error; bit 31: of no stream
);
  logic [31:0] of_bank0_q, of_bank1_q;  // descriptors
  logic        event_any, of_sequencer, of_table, bank;
  logic [31:0] of_bank;

  assign event_any    = bus_error_i | bad_descriptor_i | bad_stream_i;
  assign of_sequencer = bus_error_i ? 32'(bus_channel_i) == 2 * Streams : bad_descriptor_i;
  assign of_table     = ~bus_error_i & bad_stream_status_i == codec_pkg::BadTable;  // all streams
  assign bank         = bus_error_i ? bus_bank_i : bad_stream_bank_i;
  assign of_bank      = bank ? of_bank1_q : of_bank0_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      of_bank0_q       <= '0;
      of_bank1_q       <= '0;
      error_o          <= 1'b0;
      bus_error_o      <= 1'b0;
      bad_descriptor_o <= 1'b0;
      status_o         <= codec_pkg::Ok;
      descriptor_o     <= '0;
      stream_o         <= '0;
    end else if (clear_i) begin
      error_o          <= 1'b0;
      bus_error_o      <= 1'b0;
      bad_descriptor_o <= 1'b0;
      status_o         <= codec_pkg::Ok;
      descriptor_o     <= '0;
      stream_o         <= '0;
    end else begin
      if (load_i & ~load_bank_i) of_bank0_q <= descriptor_i;
      if (load_i & load_bank_i)  of_bank1_q <= descriptor_i;
      error_o          <= error_o | event_any;
      bus_error_o      <= bus_error_o | bus_error_i;
      bad_descriptor_o <= bad_descriptor_o | bad_descriptor_i;
      if (bad_stream_i & status_o == codec_pkg::Ok) status_o <= bad_stream_status_i;
      if (event_any & ~error_o) begin
        descriptor_o <= of_sequencer ? descriptor_i : of_bank;
        if (of_sequencer | of_table) stream_o <= 32'h8000_0000;
        else if (bus_error_i) stream_o <= 32'(bus_channel_i[ChannelBits-1:1]);
        else                  stream_o <= 32'(bad_stream_number_i);
      end
    end
  end
endmodule
