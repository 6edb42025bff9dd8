// axi_errors.sv — what went wrong: every kind is remembered, the first error with its place.
//
// Of several errors in a cycle a failed read comes first, then what the sequencer found, then a
// stream that ended badly, then an abort.
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
  logic [31:0] of_bank;
  logic [Causes-1:0]    causes;
  logic [CauseBits-1:0] cause;

  assign error_o       = cause_o != codec_pkg::NoCause;
  assign sequencer_any = sequencer_cause_i != codec_pkg::NoCause;
  assign of_sequencer  = bus_error_i ? 32'(bus_channel_i) == 2 * Streams
                                     : sequencer_any | ~bad_stream_i;
  assign of_table      = bad_stream_status_i == codec_pkg::BadTable;  // all streams
  assign bank          = bus_error_i ? bus_bank_i : bad_stream_bank_i;
  assign of_bank       = bank ? of_bank1_q : of_bank0_q;
  always_comb begin
    cause = codec_pkg::NoCause;
    if (aborted_i)     cause = codec_pkg::AbortedCause;
    if (bad_stream_i)  cause = codec_pkg::StreamCause;
    if (sequencer_any) cause = sequencer_cause_i;
    if (bus_error_i)   cause = codec_pkg::ReadCause;
    causes = '0;
    causes[codec_pkg::AbortedCause] = aborted_i;
    causes[codec_pkg::StreamCause]  = bad_stream_i;
    causes[codec_pkg::ReadCause]    = bus_error_i;
    if (sequencer_any) causes[sequencer_cause_i] = 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      of_bank0_q       <= '0;
      of_bank1_q       <= '0;
      causes_o         <= '0;
      cause_o          <= codec_pkg::NoCause;
      status_o         <= codec_pkg::Ok;
      descriptor_o     <= '0;
      stream_o         <= '0;
    end else if (clear_i) begin
      causes_o         <= '0;
      cause_o          <= codec_pkg::NoCause;
      status_o         <= codec_pkg::Ok;
      descriptor_o     <= '0;
      stream_o         <= '0;
    end else begin
      if (load_i & ~load_bank_i) of_bank0_q <= descriptor_i;
      if (load_i & load_bank_i)  of_bank1_q <= descriptor_i;
      causes_o <= causes_o | causes;
      if (bad_stream_i & status_o == codec_pkg::Ok) status_o <= bad_stream_status_i;
      if (cause != codec_pkg::NoCause & ~error_o) begin
        cause_o      <= cause;
        descriptor_o <= of_sequencer ? descriptor_i : of_bank;
        if (bus_error_i & ~of_sequencer) begin
          stream_o <= 32'(bus_channel_i[ChannelBits-1:1]);
        end else if (~bus_error_i & sequencer_any & sequencer_of_stream_i) begin
          stream_o <= 32'(sequencer_stream_i);
        end else begin
          stream_o <= of_sequencer | of_table ? 32'h8000_0000 : 32'(bad_stream_number_i);
        end
      end
    end
  end
endmodule
