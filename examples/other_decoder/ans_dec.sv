// ans_dec: table ANS decoder, two clocks per symbol.
//
//   FETCH  read sym/nb/base of the current state (three block RAMs)
//   EMIT   wait for nb bits and for the offset bits of the symbol's row, put out
//          value = row minimum + offset, next state = base + nb bits
//
// Input is byte-wide, first bit of the stream in bit 0 of the first byte. The tables are written
// through the cfg port after reset, then `go` starts a stream of n_sym symbols. `done` rises behind
// the last symbol; `err` says that the final state was not 0.
//
// With ANS_DEC_BUGS defined, +bug=N at run time plants one of five faults (for the checker's sake).
//
// SPDX-License-Identifier: Apache-2.0
module ans_dec #(
    parameter int RMAX = 12
) (
    input  wire        clk,
    input  wire        rst,  // synchronous, active high

    input  wire        cfg_we,
    input  wire [1:0]  cfg_sel,  // 0: base and nb, 1: symbol, 2: row, 3: lengths
    input  wire [11:0] cfg_addr,
    input  wire [31:0] cfg_data,
    input  wire        go,

    input  wire [7:0]  in_data,
    input  wire        in_vld,
    output wire        in_rdy,

    input  wire [7:0]  off_data,
    input  wire        off_vld,
    output wire        off_rdy,

    output reg  [15:0] sym_data,
    output reg         sym_vld,
    input  wire        sym_rdy,

    output reg         done,
    output reg         err
);

`ifdef ANS_DEC_BUGS
  int bug;
  initial if ($value$plusargs("bug=%d", bug) == 0) bug = 0;
`else
  localparam int bug = 0;
`endif

  // ---------------------------------------------------------------- tables
  reg [15:0]     ram_base[2**RMAX];  // {nb, base}
  reg [7:0]      ram_sym [2**RMAX];
  reg [20:0]     ram_row [256];      // {offset bits, minimum}
  reg [31:0]     n_sym;
  reg [3:0]      tlog;

  always @(posedge clk)
    if (cfg_we)
      case (cfg_sel)
        2'd0: ram_base[cfg_addr] <= cfg_data[15:0];
        2'd1: ram_sym[cfg_addr] <= cfg_data[7:0];
        2'd2: ram_row[cfg_addr[7:0]] <= cfg_data[20:0];
        2'd3: if (cfg_addr[0]) n_sym <= cfg_data; else tlog <= cfg_data[3:0];
      endcase

  // ---------------------------------------------------------------- FSM
  typedef enum logic [2:0] {IDLE, INIT, FETCH, EMIT, LAST} fsm_t;
  fsm_t fsm;

  reg  [11:0] state;
  reg  [31:0] left;
  reg  [3:0]  nb;
  reg  [11:0] base;
  reg  [7:0]  sym;

  wire [20:0] row = ram_row[sym];
  wire [4:0]  ob  = row[20:16];

  // ---------------------------------------------------------------- bit buffers
  reg  [23:0] sbuf, obuf;
  reg  [4:0]  scnt, ocnt;

  wire out_free = !sym_vld || sym_rdy;
  wire init_now = fsm == INIT && scnt >= {1'b0, tlog};
  wire emit_now = fsm == EMIT && scnt >= {1'b0, nb} && ocnt >= ob && out_free;

  reg [4:0] stake;
  always @* begin
    stake = 5'd0;
    if (init_now) stake = {1'b0, tlog};
    if (emit_now) stake = {1'b0, nb};
    // bug 2: the widest field leaves one bit behind
    if (emit_now && bug == 2 && nb == tlog && nb != 4'd0) stake = {1'b0, nb} - 5'd1;
  end
  wire [4:0] otake = emit_now ? ob : 5'd0;

  assign in_rdy  = scnt <= 5'd16;
  assign off_rdy = ocnt <= 5'd16;
  wire in_get  = in_vld && in_rdy;
  wire off_get = off_vld && off_rdy;
  // bug 1: the buffer is full but for one byte, and nothing leaves it
  wire in_put  = in_get && !(bug == 1 && scnt == 5'd16 && stake == 5'd0);

  wire [4:0] sleft = scnt - stake;
  wire [4:0] oleft = ocnt - otake;

  always @(posedge clk)
    if (rst) begin
      scnt <= 5'd0;
      ocnt <= 5'd0;
      sbuf <= 24'd0;
      obuf <= 24'd0;
    end else begin
      scnt <= sleft + (in_put ? 5'd8 : 5'd0);
      sbuf <= (sbuf >> stake) | (in_put ? 24'(in_data) << sleft : 24'd0);
      ocnt <= oleft + (off_get ? 5'd8 : 5'd0);
      obuf <= (obuf >> otake) | (off_get ? 24'(off_data) << oleft : 24'd0);
    end

  function automatic [15:0] low(input [15:0] bits, input [4:0] n);
    low = bits & ~(16'hffff << n);
  endfunction

  // bug 4: the offset with its first bit highest
  reg [15:0] offset;
  integer i;
  always @* begin
    offset = low(obuf[15:0], ob);
    if (bug == 4)
      for (i = 0; i < 16; i = i + 1)
        offset[i] = i < int'(ob) && obuf[ob - 5'd1 - 5'(i)];
  end

  always @(posedge clk)
    if (rst) begin
      fsm     <= IDLE;
      sym_vld <= 1'b0;
      done    <= 1'b0;
      err     <= 1'b0;
    end else begin
      if (sym_rdy) sym_vld <= 1'b0;
      case (fsm)
        IDLE: if (go) begin
          left <= n_sym;
          fsm  <= n_sym == 0 ? LAST : INIT;
          state <= 12'd0;
        end
        INIT: if (init_now) begin
          state <= 12'(low(sbuf[15:0], {1'b0, tlog}));
          fsm   <= FETCH;
        end
        FETCH: begin
          {nb, base} <= ram_base[state];
          // bug 3: the top bit of the base is cut
          if (bug == 3) base <= ram_base[state][11:0] & ~(12'd1 << (tlog - 4'd1));
          sym <= ram_sym[state];
          fsm <= EMIT;
        end
        EMIT: if (emit_now) begin
          sym_data <= row[15:0] + offset;
          sym_vld  <= 1'b1;
          state    <= base + 12'(low(sbuf[15:0], {1'b0, nb}));
          left     <= left - 1;
          // bug 5: one symbol too early
          fsm      <= left == (bug == 5 ? 2 : 1) ? LAST : FETCH;
        end
        default: if (out_free) begin
          done <= 1'b1;
          err  <= state != 12'd0;
        end
      endcase
    end
endmodule
