// axi_regs.sv — the AXI4-Lite registers: control, status, interrupts, counters.
//
// Address and data of a write are taken in one by one and answered when both are there; a read is
// answered in the cycle after the next. One write and one read may be under way. Unknown addresses
// read as zero, and everything is answered with OKAY. The map is in AXI.md.
// SPDX-License-Identifier: Apache-2.0
module axi_regs #(
  parameter logic [31:0] Id     = 32'h5453_4d31,
  parameter logic [31:0] Config = 32'd0,
  parameter bit Section      = 1'b0,  // has SECTION_WORDS
  parameter int CounterBits  = 48,
  localparam int Counters    = 11,
  localparam int StatusBits  = codec_pkg::StatusBits,
  localparam int CauseBits   = codec_pkg::CauseBits,
  localparam int Causes      = 1 << CauseBits
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // AXI4-Lite
  input  logic [5:0]  awaddr_i,   // in words
  input  logic        awvalid_i,
  output logic        awready_o,
  input  logic [31:0] wdata_i,
  input  logic [3:0]  wstrb_i,
  input  logic        wvalid_i,
  output logic        wready_o,
  output logic        bvalid_o,
  input  logic        bready_i,
  input  logic [5:0]  araddr_i,
  input  logic        arvalid_i,
  output logic        arready_o,
  output logic [31:0] rdata_o,
  output logic        rvalid_o,
  input  logic        rready_i,
  output logic        irq_o,
  // the unit
  output logic        start_o,
  output logic        abort_o,
  output logic [63:0] descriptors_o,
  output logic [31:0] n_descriptors_o,
  output logic [63:0] window_base_o,     // these rest while busy
  output logic [63:0] window_limit_o,
  output logic [63:0] max_values_o,
  output logic [31:0] max_descriptors_o,
  output logic [31:0] section_words_o,
  input  logic        busy_i,
  input  logic        done_i,            // a pulse while busy_i, the run's last
  input  logic        error_i,
  input  logic [Causes-1:0]    causes_i,
  input  logic [CauseBits-1:0] cause_i,
  input  logic [StatusBits-1:0] status_i,
  input  logic [31:0] error_descriptor_i,
  input  logic [31:0] error_stream_i,
  input  logic [Counters*CounterBits-1:0] counters_i
);
  localparam logic [5:0] IdReg = 6'h0, ConfigReg = 6'h1, ControlReg = 6'h2, StatusReg = 6'h3,
    IrqEnableReg = 6'h4, IrqStatusReg = 6'h5, DescriptorsReg = 6'h6, DescriptorsHighReg = 6'h7,
    CountReg = 6'h8, ErrorDescriptorReg = 6'h9, ErrorStreamReg = 6'ha, CounterReg = 6'h10,
    WindowBaseReg = 6'h26, WindowLimitReg = 6'h28, MaxValuesReg = 6'h2a,
    MaxDescriptorsReg = 6'h2c, SectionReg = 6'h2e;
  localparam logic [5:0] High = 6'h1;  // of a register of two words

  logic        aw_q, w_q, b_q, ar_q, r_q, write;
  logic [5:0]  waddr_q, raddr_q;
  logic [31:0] wdata_q, wmask, rdata_q, rdata_d, wnew;
  logic [3:0]  wstrb_q;
  logic [63:0] descriptors_q, window_base_q, window_limit_q, max_values_q;
  logic [31:0] n_descriptors_q, max_descriptors_q, section_words_q;
  logic [1:0]  enable_q, irq_q;
  logic        start_q, abort_q, done_q, error_q, busy;

  assign awready_o = ~aw_q;
  assign wready_o  = ~w_q;
  assign bvalid_o  = b_q;
  assign arready_o = ~ar_q;
  assign rvalid_o  = r_q;
  assign rdata_o   = rdata_q;
  assign write     = aw_q & w_q & ~b_q;
  assign wmask     = {{8{wstrb_q[3]}}, {8{wstrb_q[2]}}, {8{wstrb_q[1]}}, {8{wstrb_q[0]}}};
  assign wnew      = wdata_q & wmask;
  assign busy      = busy_i | start_q;

  always_comb begin
    rdata_d = '0;
    unique case (raddr_q)
      IdReg:              rdata_d = Id;
      ConfigReg:          rdata_d = Config;
      StatusReg:          rdata_d = {9'b0, cause_i, 2'b0, causes_i[Causes-1:2], 1'b0, status_i, 5'b0,
                                     error_i, done_q, busy};
      IrqEnableReg:       rdata_d = {30'b0, enable_q};
      IrqStatusReg:       rdata_d = {30'b0, irq_q};
      DescriptorsReg:     rdata_d = descriptors_q[31:0];
      DescriptorsHighReg: rdata_d = descriptors_q[63:32];
      CountReg:           rdata_d = n_descriptors_q;
      ErrorDescriptorReg: rdata_d = error_descriptor_i;
      ErrorStreamReg:     rdata_d = error_stream_i;
      WindowBaseReg:         rdata_d = window_base_q[31:0];
      WindowBaseReg + High:  rdata_d = window_base_q[63:32];
      WindowLimitReg:        rdata_d = window_limit_q[31:0];
      WindowLimitReg + High: rdata_d = window_limit_q[63:32];
      MaxValuesReg:          rdata_d = max_values_q[31:0];
      MaxValuesReg + High:   rdata_d = max_values_q[63:32];
      MaxDescriptorsReg:     rdata_d = max_descriptors_q;
      SectionReg:            rdata_d = section_words_q;
      default: begin
        for (int c = 0; c < Counters; c++) begin
          if (raddr_q == CounterReg + 6'(2 * c)) begin
            rdata_d = counters_i[c*CounterBits +: 32];
          end
          if (raddr_q == CounterReg + 6'(2 * c + 1)) begin
            rdata_d = 32'(counters_i[c*CounterBits+32 +: CounterBits-32]);
          end
        end
      end
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      aw_q            <= 1'b0;
      w_q             <= 1'b0;
      b_q             <= 1'b0;
      ar_q            <= 1'b0;
      r_q             <= 1'b0;
      waddr_q         <= '0;
      raddr_q         <= '0;
      wdata_q         <= '0;
      wstrb_q         <= '0;
      rdata_q         <= '0;
      descriptors_q   <= '0;
      n_descriptors_q <= '0;
      enable_q        <= '0;
      irq_q           <= '0;
      window_base_q     <= '0;
      window_limit_q    <= '1;
      max_values_q      <= '1;
      max_descriptors_q <= '1;
      section_words_q   <= '0;
      start_q         <= 1'b0;
      abort_q         <= 1'b0;
      done_q          <= 1'b0;
      error_q         <= 1'b0;
    end else begin
      // Channels
      if (awvalid_i & awready_o) waddr_q <= awaddr_i;
      if (wvalid_i & wready_o) begin
        wdata_q <= wdata_i;
        wstrb_q <= wstrb_i;
      end
      if (arvalid_i & arready_o) raddr_q <= araddr_i;
      aw_q <= ~write & (aw_q | awvalid_i);
      w_q  <= ~write & (w_q | wvalid_i);
      b_q  <= write | (b_q & ~bready_i);
      ar_q <= (ar_q & r_q) | (~ar_q & arvalid_i);
      r_q  <= (ar_q & ~r_q) | (r_q & ~rready_i);
      if (ar_q & ~r_q) rdata_q <= rdata_d;
      // Registers
      start_q <= write & waddr_q == ControlReg & wnew[0] & ~busy;
      abort_q <= write & waddr_q == ControlReg & wnew[1] & busy;
      error_q <= error_i;
      if (write) begin
        unique case (waddr_q)
          IrqEnableReg:       enable_q <= (enable_q & ~wmask[1:0]) | wnew[1:0];
          DescriptorsReg:     descriptors_q[31:0] <= (descriptors_q[31:0] & ~wmask) | wnew;
          DescriptorsHighReg: descriptors_q[63:32] <= (descriptors_q[63:32] & ~wmask) | wnew;
          CountReg:           n_descriptors_q <= (n_descriptors_q & ~wmask) | wnew;
          SectionReg: if (Section) section_words_q <= (section_words_q & ~wmask) | wnew;
          default: ;
        endcase
      end
      if (write & ~busy) begin
        unique case (waddr_q)
          WindowBaseReg:         window_base_q[31:0] <= (window_base_q[31:0] & ~wmask) | wnew;
          WindowBaseReg + High:  window_base_q[63:32] <= (window_base_q[63:32] & ~wmask) | wnew;
          WindowLimitReg:        window_limit_q[31:0] <= (window_limit_q[31:0] & ~wmask) | wnew;
          WindowLimitReg + High: window_limit_q[63:32] <= (window_limit_q[63:32] & ~wmask) | wnew;
          MaxValuesReg:          max_values_q[31:0] <= (max_values_q[31:0] & ~wmask) | wnew;
          MaxValuesReg + High:   max_values_q[63:32] <= (max_values_q[63:32] & ~wmask) | wnew;
          MaxDescriptorsReg:     max_descriptors_q <= (max_descriptors_q & ~wmask) | wnew;
          default: ;
        endcase
      end
      if (start_q) done_q <= 1'b0;
      else if (done_i) done_q <= 1'b1;
      // What happens sets a flag even while it is being cleared.
      irq_q <= (irq_q & ~(write & waddr_q == IrqStatusReg ? wnew[1:0] : 2'b00))
             | {error_i & ~error_q, done_i};
    end
  end

  assign start_o           = start_q;
  assign abort_o           = abort_q;
  assign descriptors_o     = descriptors_q;
  assign n_descriptors_o   = n_descriptors_q;
  assign window_base_o     = window_base_q;
  assign window_limit_o    = window_limit_q;
  assign max_values_o      = max_values_q;
  assign max_descriptors_o = max_descriptors_q;
  assign section_words_o   = section_words_q;
  assign irq_o             = (irq_q & enable_q) != 2'b00;

  logic unused;  // of no cause, and of streams, whose status tells
  assign unused = ^causes_i[1:0];
endmodule
