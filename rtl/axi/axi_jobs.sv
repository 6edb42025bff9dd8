// axi_jobs.sv — the jobs between sequencer and decoder: offered, at work, ended.
//
// A job stands here until its stream takes it. A stream has at most one job per bank at work, because
// a bank is loaded anew only when no job wants it; so two bits tell which jobs are out, and a third
// which of two is the older one, whose end the next done_i is.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module axi_jobs #(
  parameter int Streams = 4,
  localparam int StreamBits = Streams == 1 ? 1 : $clog2(Streams),
  localparam int StatusBits = codec_pkg::StatusBits
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  // from the sequencer: only while no job of another table waits
  input  logic                  job_i,
  input  logic [StreamBits-1:0] job_stream_i,
  input  logic [31:0]           job_n_values_i,
  input  logic                  job_symbol_empty_i,
  input  logic                  job_offset_empty_i,
  input  logic [3:0]            job_table_log_i,
  input  logic                  job_bank_i,
  output logic                  wait_o,            // a job has not been taken
  output logic [1:0]            bank_busy_o,       // a job of this bank has not ended
  // to the decoder
  output logic [Streams-1:0]    job_valid_o,
  input  logic [Streams-1:0]    job_ready_i,
  output logic [Streams*32-1:0] job_n_values_o,
  output logic [Streams-1:0]    job_symbol_empty_o,
  output logic [Streams-1:0]    job_offset_empty_o,
  output logic [3:0]            job_table_log_o,
  output logic                  job_bank_o,
  // from the decoder
  input  logic [Streams-1:0]    done_i,
  input  logic [Streams*StatusBits-1:0] status_i,
  // the lowest stream whose job ended badly, a cycle later
  output logic                  bad_o,
  output logic [StreamBits-1:0] bad_stream_o,
  output logic [StatusBits-1:0] bad_status_o,
  output logic                  bad_bank_o
);
  logic [Streams-1:0] valid_q, symbol_empty_q, offset_empty_q, older_q, taken, other, ended_bank;
  logic [Streams-1:0] out0_q, out1_q;  // jobs at work, by bank
  logic [Streams*32-1:0] n_values_q;
  logic [3:0]         table_log_q;
  logic               bank_q, bad_d, bad_bank_d;
  logic [StreamBits-1:0] bad_stream_d;
  logic [StatusBits-1:0] bad_status_d;

  assign taken = valid_q & job_ready_i;
  // The older job's bank, where two are out; else the one that is out.
  assign ended_bank = (older_q & out1_q) | (~out0_q & out1_q);
  assign other      = bank_q ? out0_q & ~(done_i & ~ended_bank) : out1_q & ~(done_i & ended_bank);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q        <= '0;
      symbol_empty_q <= '0;
      offset_empty_q <= '0;
      n_values_q     <= '0;
      table_log_q    <= '0;
      bank_q         <= 1'b0;
      out0_q       <= '0;
      out1_q       <= '0;
      older_q        <= '0;
    end else begin
      valid_q  <= valid_q & ~taken;
      out0_q <= (out0_q & ~(done_i & ~ended_bank)) | (bank_q ? '0 : taken);
      out1_q <= (out1_q & ~(done_i & ended_bank)) | (bank_q ? taken : '0);
      // Of a stream's two jobs the one just taken is the younger.
      older_q  <= (taken & (bank_q ? ~other : other)) | (~taken & older_q);
      if (job_i) begin
        valid_q[job_stream_i]             <= 1'b1;
        symbol_empty_q[job_stream_i]      <= job_symbol_empty_i;
        offset_empty_q[job_stream_i]      <= job_offset_empty_i;
        n_values_q[job_stream_i*32 +: 32] <= job_n_values_i;
        table_log_q                       <= job_table_log_i;
        bank_q                            <= job_bank_i;
      end
    end
  end

  always_comb begin
    bad_d        = 1'b0;
    bad_stream_d = '0;
    bad_status_d = '0;
    bad_bank_d   = 1'b0;
    for (int s = Streams - 1; s >= 0; s--) begin
      if (done_i[s] & status_i[s*StatusBits +: StatusBits] != codec_pkg::Ok) begin
        bad_d        = 1'b1;
        bad_stream_d = StreamBits'(s);
        bad_status_d = status_i[s*StatusBits +: StatusBits];
        bad_bank_d   = ended_bank[s];
      end
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bad_o        <= 1'b0;
      bad_stream_o <= '0;
      bad_status_o <= '0;
      bad_bank_o   <= 1'b0;
    end else begin
      bad_o        <= bad_d;
      bad_stream_o <= bad_stream_d;
      bad_status_o <= bad_status_d;
      bad_bank_o   <= bad_bank_d;
    end
  end

  assign wait_o             = valid_q != '0;
  assign bank_busy_o        = {out1_q != '0, out0_q != '0};
  assign job_valid_o        = valid_q;
  assign job_n_values_o     = n_values_q;
  assign job_symbol_empty_o = symbol_empty_q;
  assign job_offset_empty_o = offset_empty_q;
  assign job_table_log_o    = table_log_q;
  assign job_bank_o         = bank_q;

  `TRANSOM_ASSERT(OneJobPerStream, job_i |-> ~valid_q[job_stream_i])
  `TRANSOM_ASSERT(OneJobPerBank, (taken & (bank_q ? out1_q : out0_q)) == '0)
  `TRANSOM_ASSERT(OneTableAtATime,
    job_i & wait_o |-> job_bank_i == bank_q & job_table_log_i == table_log_q)
  `TRANSOM_ASSERT(EndOfAJob, (done_i & ~out0_q & ~out1_q) == '0)
endmodule
