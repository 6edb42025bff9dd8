// axi_first_error.sv — all causes of errors there were in a run, and the first error's place.
//
// Of several errors in a cycle a failed read comes first, then what the sequencer found, then a
// stream that ended badly, then an abort. The place that is given is that of the first of them.
// SPDX-License-Identifier: Apache-2.0
module axi_first_error #(
  localparam int StatusBits = codec_pkg::StatusBits,
  localparam int CauseBits  = codec_pkg::CauseBits,
  localparam int Causes     = 1 << CauseBits
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  clear_i,
  // events
  input  logic                  bus_error_i,
  input  logic [CauseBits-1:0]  sequencer_cause_i,  // or NoCause
  input  logic                  bad_stream_i,
  input  logic [StatusBits-1:0] bad_stream_status_i,
  input  logic                  aborted_i,
  input  logic [31:0]           descriptor_i,
  input  logic [31:0]           stream_i,
  // memory
  output logic                  error_o,
  output logic [Causes-1:0]     causes_o,      // all that there were
  output logic [CauseBits-1:0]  cause_o,       // the first, or NoCause
  output logic [StatusBits-1:0] status_o,      // of the first stream that ended badly, else Ok
  output logic [31:0]           descriptor_o,  // of the first error
  output logic [31:0]           stream_o       // of the first error; bit 31: of no stream
);
  logic                 sequencer_any;
  logic [Causes-1:0]    causes;
  logic [CauseBits-1:0] cause;

  assign sequencer_any = sequencer_cause_i != codec_pkg::NoCause;
  assign error_o       = cause_o != codec_pkg::NoCause;
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
      causes_o     <= '0;
      cause_o      <= codec_pkg::NoCause;
      status_o     <= codec_pkg::Ok;
      descriptor_o <= '0;
      stream_o     <= '0;
    end else if (clear_i) begin
      causes_o     <= '0;
      cause_o      <= codec_pkg::NoCause;
      status_o     <= codec_pkg::Ok;
      descriptor_o <= '0;
      stream_o     <= '0;
    end else begin
      causes_o <= causes_o | causes;
      if (bad_stream_i & status_o == codec_pkg::Ok) status_o <= bad_stream_status_i;
      if (cause != codec_pkg::NoCause & ~error_o) begin
        cause_o      <= cause;
        descriptor_o <= descriptor_i;
        stream_o     <= stream_i;
      end
    end
  end
endmodule
