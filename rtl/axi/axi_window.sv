// axi_window.sv — whether words may be read: they are in the bus's addresses, and in the window.
//
// The bus reads whole beats, so whole beats must lie in the window: from the beat of the first word
// to that of the last. Sums have a bit more than an address, so nothing wraps.
// SPDX-License-Identifier: Apache-2.0
module axi_window #(
  parameter int AddrBits = 64,
  parameter int DataBits = 128,
  localparam int CauseBits = codec_pkg::CauseBits
) (
  input  logic [62:0]          first_i,  // address in words
  input  logic [32:0]          words_i,  // none: nothing is read
  input  logic [63:0]          base_i,   // the window's first and last byte
  input  logic [63:0]          limit_i,
  output logic [CauseBits-1:0] cause_o   // NoCause, AddressCause, WindowCause
);
  localparam int WordBits = $clog2(DataBits / 32);  // of a word in its beat

  logic [62:0] last;
  logic [63:0] first_byte, last_byte;
  assign last       = first_i + 63'(words_i) - 63'd1;
  assign first_byte = {first_i[61:WordBits], {(WordBits + 2){1'b0}}};
  assign last_byte  = {last[61:WordBits], {(WordBits + 2){1'b1}}};

  always_comb begin
    cause_o = codec_pkg::NoCause;
    if (words_i != '0) begin
      if (last[62:AddrBits-2] != '0) cause_o = codec_pkg::AddressCause;
      else if (first_byte < base_i | last_byte > limit_i) cause_o = codec_pkg::WindowCause;
    end
  end

  logic unused;  // words of a beat; and the last word is the higher one
  assign unused = ^{first_i[62], first_i[WordBits-1:0], last[WordBits-1:0]};
endmodule
