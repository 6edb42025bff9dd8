// axi_bench.sv — a memory image of the golden vectors through decoder_axi or decoder_wide: memory,
// software and consumer in plain SystemVerilog. Every beat of values and
// the registers afterwards are compared. Compile with -I VECTORS/axi/NAME, whose params.svh says
// what unit the image is for.
//   +image=VECTORS/axi/NAME
//   +stalls=0..3   which pattern of stalls.hex: when addresses and beats of the memory pass, and
//                  when values are taken; 0: always
// Ends with "axi_bench: N beats, M registers: all as wanted", or tells the first difference and ends
// by $fatal.
// SPDX-License-Identifier: Apache-2.0
module axi_bench;
  `include "params.svh"
  localparam int BeatWords = DATA_BITS / 32;
  localparam int OutBits   = BEAT_VALUES * 16;
  localparam int Keep      = BEAT_VALUES * 2;
  localparam int StatusAddr = 8'h0c;
  localparam int Patience  = 20000;  // clocks in which nothing happens that mean a hang
  localparam int Bursts    = 256;    // that the memory has at once, at most

  logic clk_i = 1'b0, rst_ni = 1'b0;
  always #5 clk_i = ~clk_i;

  logic [63:0]          m_axi_araddr_o;
  logic [7:0]           m_axi_arlen_o;
  logic [2:0]           m_axi_arsize_o;
  logic [1:0]           m_axi_arburst_o;
  logic                 m_axi_arvalid_o, m_axi_rready_o, m_axi_arready_i = 1'b0;
  logic [DATA_BITS-1:0] m_axi_rdata_i = '0;
  logic [1:0]           m_axi_rresp_i = 2'b00;
  logic                 m_axi_rlast_i = 1'b0, m_axi_rvalid_i = 1'b0;
  logic [OutBits-1:0]   m_axis_tdata_o;
  logic [Keep-1:0]      m_axis_tkeep_o;
  logic                 m_axis_tlast_o, m_axis_tvalid_o, m_axis_tready_i = 1'b0;
  logic [7:0]           s_axil_awaddr_i = '0, s_axil_araddr_i = '0;
  logic                 s_axil_awvalid_i = 1'b0, s_axil_wvalid_i = 1'b0, s_axil_arvalid_i = 1'b0;
  logic                 s_axil_bready_i = 1'b1, s_axil_rready_i = 1'b1;
  logic [31:0]          s_axil_wdata_i = '0;
  logic [3:0]           s_axil_wstrb_i = 4'hf;
  logic                 s_axil_awready_o, s_axil_wready_o, s_axil_bvalid_o, s_axil_arready_o, s_axil_rvalid_o;
  logic [1:0]           s_axil_bresp_o, s_axil_rresp_o;
  logic [31:0]          s_axil_rdata_o;
  logic                 irq_o;

`ifdef FLAT  // a netlist, whose parameters are set
  if (WIDE != 0) begin : gen_wide
    decoder_wide u_dut (.*);
  end else begin : gen_axi
    decoder_axi u_dut (.*);
  end
`else
  if (WIDE != 0) begin : gen_wide
    decoder_wide #(
      .Kind(KIND), .Lanes(LANES), .TableLog(TABLE_LOG), .MaxOffset(MAX_OFFSET), .Halves(HALVES),
      .DataBits(DATA_BITS)
    ) u_dut (.*);
  end else begin : gen_axi
    decoder_axi #(
      .Kind(KIND), .Lanes(LANES), .TableLog(TABLE_LOG), .MaxRows(MAX_ROWS), .DataBits(DATA_BITS)
    ) u_dut (.*);
  end
`endif

  logic [31:0] memory    [0:WORDS-1];
  logic [39:0] writes    [0:WRITES-1];     // address, data
  logic [39:0] registers [0:REGISTERS-1];  // the same
  logic [3+Keep+OutBits:0] beats [0:BEATS-1];
  logic [63:0] stalls    [0:11];

  string image;
  int    pattern, clock = 0, idle = 0;

  function bit open(input int port);  // 0 addresses, 1 beats of the memory, 2 values
    open = stalls[pattern*3+port][clock % 64];
  endfunction

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Memory: bursts are answered in order; what is outside of the image is 0.
  logic [63:0] burst_at  [0:Bursts-1];
  int          burst_left [0:Bursts-1];
  int          burst_first = 0, burst_next = 0;  // numbers, modulo Bursts a place

  task read_memory;
    logic [63:0] word;
    if (m_axi_arvalid_o && m_axi_arready_i) begin
      burst_at[burst_next%Bursts]   = m_axi_araddr_o;
      burst_left[burst_next%Bursts] = int'(m_axi_arlen_o) + 1;
      burst_next = burst_next + 1;
      idle = 0;
    end
    m_axi_arready_i <= open(0) && burst_next - burst_first < Bursts - 1;
    if (!m_axi_rvalid_i || m_axi_rready_o) begin
      m_axi_rvalid_i <= 1'b0;
      if (burst_first != burst_next && open(1)) begin
        for (int w = 0; w < BeatWords; w++) begin
          word = (burst_at[burst_first%Bursts] - BASE) / 4 + 64'(w);
          m_axi_rdata_i[w*32 +: 32] <= word < 64'(WORDS) ? memory[int'(word)] : '0;
        end
        m_axi_rvalid_i <= 1'b1;
        m_axi_rlast_i  <= burst_left[burst_first%Bursts] == 1;
        burst_at[burst_first%Bursts]   = burst_at[burst_first%Bursts] + 64'(DATA_BITS / 8);
        burst_left[burst_first%Bursts] = burst_left[burst_first%Bursts] - 1;
        if (burst_left[burst_first%Bursts] == 0) burst_first = burst_first + 1;
        idle = 0;
      end
    end
  endtask

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Values
  int beat = 0, tensor = 0, beat_of_tensor = 0;

  task differs(input string what, input longint want, input longint got);
    $display("axi_bench: tensor %0d, beat %0d (of all %0d): %0s: want %0h, got %0h", tensor,
             beat_of_tensor, beat, what, want, got);
    $fatal(1, "axi_bench: the decoder differs");
  endtask

  task take_values;
    logic [3+Keep+OutBits:0] want;
    if (m_axis_tvalid_o && m_axis_tready_i) begin
      idle = 0;
      if (beat == BEATS) differs("a beat more than there are", 0, 1);
      want = beats[beat];
      if (m_axis_tlast_o !== want[Keep+OutBits]) differs("TLAST", want[Keep+OutBits], m_axis_tlast_o);
      if (m_axis_tkeep_o !== want[OutBits +: Keep]) differs("TKEEP", want[OutBits +: Keep], m_axis_tkeep_o);
      for (int v = 0; v < BEAT_VALUES; v++) begin
        if (m_axis_tdata_o[v*16 +: 16] !== want[v*16 +: 16]) begin
          differs($sformatf("value %0d of TDATA", v), want[v*16 +: 16], m_axis_tdata_o[v*16 +: 16]);
        end
      end
      beat = beat + 1;
      beat_of_tensor = m_axis_tlast_o ? 0 : beat_of_tensor + 1;
      if (m_axis_tlast_o) tensor = tensor + 1;
    end
    m_axis_tready_i <= open(2);
  endtask

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Software: writes, then STATUS until done, then what must stand in the registers.
  int access = 0;      // writes, and then registers
  bit asked = 1'b0;    // it is on its way

  task ask(input logic [7:0] address);
    s_axil_arvalid_i <= 1'b1;
    s_axil_araddr_i  <= address;
    asked = 1'b1;
  endtask

  task software;
    logic [39:0] line;
    if (s_axil_awvalid_i && s_axil_awready_o) s_axil_awvalid_i <= 1'b0;
    if (s_axil_wvalid_i && s_axil_wready_o) s_axil_wvalid_i <= 1'b0;
    if (s_axil_arvalid_i && s_axil_arready_o) s_axil_arvalid_i <= 1'b0;
    if (s_axil_bvalid_o) begin
      if (s_axil_bresp_o !== 2'b00) differs("BRESP", 0, s_axil_bresp_o);
      access = access + 1;
      asked  = 1'b0;
    end
    if (s_axil_rvalid_o) begin
      asked = 1'b0;
      if (s_axil_rresp_o !== 2'b00) differs("RRESP of a register", 0, s_axil_rresp_o);
      if (access == WRITES) begin
        if (s_axil_rdata_o[1]) access = access + 1;  // done
      end else begin
        line = registers[access-WRITES-1];
        if (s_axil_rdata_o !== line[31:0]) begin
          $display("axi_bench: register %0h: want %0h, got %0h", line[39:32], line[31:0], s_axil_rdata_o);
          $fatal(1, "axi_bench: the decoder differs");
        end
        access = access + 1;
      end
    end
    if (!asked) begin
      if (access < WRITES) begin
        line = writes[access];
        s_axil_awvalid_i <= 1'b1;
        s_axil_wvalid_i  <= 1'b1;
        s_axil_awaddr_i  <= line[39:32];
        s_axil_wdata_i   <= line[31:0];
        asked = 1'b1;
      end else if (access == WRITES) begin
        ask(StatusAddr);
      end else if (access - WRITES - 1 < REGISTERS) begin
        line = registers[access-WRITES-1];
        ask(line[39:32]);
      end
    end
  endtask

  initial begin
    if (!$value$plusargs("image=%s", image)) $fatal(1, "axi_bench: +image=FOLDER is missing");
    if (!$value$plusargs("stalls=%d", pattern)) pattern = 0;
    if (pattern < 0 || pattern > 3) $fatal(1, "axi_bench: +stalls is 0..3");
    $readmemh({image, "/image.hex"}, memory);
    $readmemh({image, "/writes.hex"}, writes);
    $readmemh({image, "/registers.hex"}, registers);
    $readmemh({image, "/beats.hex"}, beats);
    $readmemh({image, "/stalls.hex"}, stalls);
    repeat (4) @(negedge clk_i);
    rst_ni = 1'b1;
  end

  always @(posedge clk_i) begin
    if (rst_ni) begin
      clock = clock + 1;
      idle  = idle + 1;
      take_values;
      software;
      read_memory;
      if (access == WRITES + 1 + REGISTERS) begin
        if (beat != BEATS) differs("beats in all", BEATS, beat);
        $display("axi_bench: %0d beats, %0d registers: all as wanted", BEATS, REGISTERS);
        $finish;
      end
      if (idle == Patience) begin
        $display("axi_bench: tensor %0d, beat %0d: nothing happens any more", tensor, beat_of_tensor);
        $fatal(1, "axi_bench: the decoder hangs");
      end
    end
  end
endmodule
