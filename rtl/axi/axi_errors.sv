// axi_errors.sv — what went wrong: every kind is remembered, the first error with its place.
//
// Where an error is: a stream's descriptor is the one that has its table's bank.
// SPDX-License-Identifier: Apache-2.0
module axi_errors #(
  parameter int Streams = 4,
  localparam int ChannelBits = $clog2(2 * Streams + 1),
  localparam int StreamBits  = Streams == 1 ? 1 : $clog2(Streams),
  localparam int StatusBits  = codec_pkg::StatusBits,
  localparam int CauseBits   = codec_pkg::CauseBits,
  localparam int Causes      = 1 << CauseBits
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
  input  logic [CauseBits-1:0]   sequencer_cause_i,      // or NoCause
  input  logic                   sequencer_of_stream_i,
  input  logic [StreamBits-1:0]  sequencer_stream_i,
  input  logic                   aborted_i,
  input  logic                   bad_stream_i,
  input  logic [StreamBits-1:0]  bad_stream_number_i,
  input  logic [StatusBits-1:0]  bad_stream_status_i,
  input  logic                   bad_stream_bank_i,
  // memory
  output logic                   error_o,
  output logic [Causes-1:0]      causes_o,      // all that there were
  output logic [CauseBits-1:0]   cause_o,       // the first, or NoCause
  output logic [StatusBits-1:0]  status_o,      // of the first stream that ended badly, else Ok
  output logic [31:0]            descriptor_o,  // of the first error
  output logic [31:0]            stream_o       // of the first error; bit 31: of no stream
);
  logic [31:0] of_bank0_q, of_bank1_q;  // descriptors
  logic        sequencer_any, of_sequencer, of_table, bank;
  logic [31:0] stream;

  assign sequencer_any = sequencer_cause_i != codec_pkg::NoCause;
  assign of_sequencer  = bus_error_i ? 32'(bus_channel_i) == 2 * Streams
                                     : sequencer_any | ~bad_stream_i;
  assign of_table      = bad_stream_status_i == codec_pkg::BadTable;  // all streams
  assign bank          = bus_error_i ? bus_bank_i : bad_stream_bank_i;
  always_comb begin
    if (bus_error_i & ~of_sequencer) begin
      stream = 32'(bus_channel_i[ChannelBits-1:1]);
    end else if (~bus_error_i & sequencer_any & sequencer_of_stream_i) begin
      stream = 32'(sequencer_stream_i);
    end else begin
      stream = of_sequencer | of_table ? 32'h8000_0000 : 32'(bad_stream_number_i);
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      of_bank0_q <= '0;
      of_bank1_q <= '0;
    end else if (~clear_i) begin
      if (load_i & ~load_bank_i) of_bank0_q <= descriptor_i;
      if (load_i & load_bank_i)  of_bank1_q <= descriptor_i;
    end
  end
  axi_first_error u_first (
    .clk_i, .rst_ni, .clear_i, .bus_error_i, .sequencer_cause_i, .bad_stream_i,
    .bad_stream_status_i, .aborted_i,
    .descriptor_i(of_sequencer ? descriptor_i : bank ? of_bank1_q : of_bank0_q),
    .stream_i(stream), .error_o, .causes_o, .cause_o, .status_o, .descriptor_o, .stream_o
  );
endmodule
