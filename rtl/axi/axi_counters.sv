// axi_counters.sv — what the streams did in the cycles between start and done.
//
// Each stream is in each cycle in exactly one of: a beat of values leaves it, a stall of one cause,
// no work. So Streams * cycles = beats + stalls + idle. Counted three cycles late: registered, added
// up, accumulated.
// SPDX-License-Identifier: Apache-2.0
module axi_counters #(
  parameter int Streams = 4,
  parameter int Bits    = 48,  // of a counter
  localparam int Counters  = 11,
  localparam int StallBits = codec_pkg::StallBits
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic                         clear_i,
  input  logic                         run_i,         // this cycle counts
  input  logic [Streams-1:0]           beat_i,        // of values, from a stream
  input  logic [Streams-1:0]           beat_two_i,    // it has two
  input  logic [Streams*StallBits-1:0] stall_i,
  input  logic                         beat_read_i,
  input  logic                         beat_out_i,
  output logic [Counters*Bits-1:0]     counters_o     // in the order of the registers
);
  localparam int SumBits = $clog2(2 * Streams + 1);
  // Cycles, values, the stalls in the order of stall_e, beats read, beats out, idle, beats.
  localparam int Cycles = 0, Values = 1, Fill = 2, BeatsRead = 7, BeatsOut = 8, Idle = 9, Beats = 10;

  logic                         run_q, read_q, out_q;
  logic [Streams-1:0]           beat_q, two_q, idle;
  logic [Streams*5-1:0]         stalled;  // by cause
  logic [Streams*StallBits-1:0] stall_q;
  logic [Counters*SumBits-1:0]  sum;

  for (genvar s = 0; s < Streams; s++) begin : gen_stream
    assign idle[s] = ~beat_q[s] & stall_q[s*StallBits +: StallBits] == codec_pkg::NoStall;
    for (genvar c = 0; c < 5; c++) begin : gen_cause
      assign stalled[s*5+c] = stall_q[s*StallBits +: StallBits] == StallBits'(c + 1);
    end
  end
  always_comb begin
    sum = '0;
    sum[Cycles*SumBits +: SumBits]    = SumBits'(1);
    sum[BeatsRead*SumBits +: SumBits] = SumBits'(read_q);
    sum[BeatsOut*SumBits +: SumBits]  = SumBits'(out_q);
    for (int s = 0; s < Streams; s++) begin
      sum[Values*SumBits +: SumBits] = sum[Values*SumBits +: SumBits]
        + SumBits'(beat_q[s]) + SumBits'(two_q[s]);
      sum[Beats*SumBits +: SumBits] = sum[Beats*SumBits +: SumBits] + SumBits'(beat_q[s]);
      sum[Idle*SumBits +: SumBits] = sum[Idle*SumBits +: SumBits]
        + SumBits'(idle[s]);
      for (int c = 0; c < 5; c++) begin
        sum[(Fill+c)*SumBits +: SumBits] = sum[(Fill+c)*SumBits +: SumBits]
          + SumBits'(stalled[s*5+c]);
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      run_q   <= 1'b0;
      read_q  <= 1'b0;
      out_q   <= 1'b0;
      beat_q  <= '0;
      two_q   <= '0;
      stall_q <= '0;
    end else begin
      run_q   <= run_i;
      read_q  <= beat_read_i;
      out_q   <= beat_out_i;
      beat_q  <= beat_i;
      two_q   <= beat_i & beat_two_i;
      stall_q <= stall_i;
    end
  end
  axi_sums #(
    .Counters(Counters), .SumBits(SumBits), .Bits(Bits)
  ) u_sums (
    .clk_i, .rst_ni, .clear_i, .run_i(run_q), .sum_i(sum), .counters_o
  );
endmodule
