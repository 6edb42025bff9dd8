// page_top.sv — a decoder that plays the golden steps of +file=A.tsm, with a state that is wrong at step +wrong=N. The
// scoreboard is bound to it as docs/dpi.md shows; beside it stands the UVM component.
// SPDX-License-Identifier: Apache-2.0
module my_decoder (
  input logic clk,
  input logic rst_n
);
  logic        sym_vld = 1'b0, done = 1'b0;
  logic [7:0]  sym;
  logic [13:0] state;
  logic [2:0]  err = '0;
  logic [15:0] value;
  int handle = 0, n = 0, wrong = -1;
  int unsigned     symbol, pattern, bits;
  longint unsigned after;

  always @(posedge clk) begin
    if (rst_n && !done) begin
      sym_vld <= transom_pkg::transom_step(handle, 0, symbol, pattern, after, bits) == 1;
      sym     <= symbol[7:0];
      state   <= after[13:0] ^ 14'(n == wrong);
      value   <= pattern[15:0];
      done    <= n == int'(transom_pkg::transom_stream_steps(handle, 0));
      n       <= n + 1;
    end
  end
endmodule

module page_top;
  logic clk = 1'b0, rst_n = 1'b0;
  always #5 clk = ~clk;
  my_decoder u_decoder (.*);
  string file;
  uvm_pkg::uvm_component nobody;  // none: 5.006 of Verilator passes no null
  transom_uvm_pkg::transom_uvm_scoreboard component = new("scoreboard", nobody);

  function void tell(transom_uvm_pkg::transom_what_e what);
    transom_uvm_pkg::transom_retired item = new();
    item.what   = what;
    item.stream = 0;
    item.symbol = 32'(u_decoder.sym);
    item.state  = 64'(u_decoder.state);
    item.value  = 32'(u_decoder.value);
    item.status = 32'(u_decoder.err);
    component.write(item);
  endfunction

  uvm_pkg::uvm_phase phase = new();
  initial begin
    void'($value$plusargs("file=%s", file));
    void'($value$plusargs("wrong=%d", u_decoder.wrong));
    component.shown = 1;
    component.push(file, "logits");
    u_decoder.handle = transom_pkg::transom_open(file, "logits");
    u_decoder.u_scoreboard.push(transom_pkg::transom_open(file, "logits"));
    @(negedge clk);
    rst_n = 1'b1;
    while (!u_decoder.done) begin
      @(negedge clk);
      if (u_decoder.sym_vld) begin
        tell(transom_uvm_pkg::TransomStep);
        tell(transom_uvm_pkg::TransomValue);
      end
    end
    tell(transom_uvm_pkg::TransomEnd);
    component.check_phase(phase);
    component.report_phase(phase);
    @(negedge clk);
    if (u_decoder.u_scoreboard.finish()) $display("scoreboard: %0d", u_decoder.u_scoreboard.n_compared());
    $finish;
  end
endmodule
