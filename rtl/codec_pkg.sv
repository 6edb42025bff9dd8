// Written by golden/emit_sv from model/spec.hpp: do not edit.
//
// codec_pkg.sv — widths, table words and codes that the RTL shares with the golden model.
// SPDX-License-Identifier: Apache-2.0
package codec_pkg;
  localparam int MaxTableLog = 14;  // R: a table has 2^R slots
  localparam int MaxLanes = 64;  // lanes of a decoder
  localparam int WordBits = 32;  // streams travel in words, bit 0 first
  localparam int ValueBits = 16;  // W
  localparam int SymbolBits = 8;  // symbols 0..A-1, also the address of a row
  localparam int NbitsBits = 4;  // nbits 0..R
  localparam int OffsetBitsBits = 5;  // offset_bits 0..W
  localparam int FillBits = 7;  // a bit buffer holds up to two words
  localparam int LoadEntries = 4;  // table words per write of the load port
  localparam int EntryBits = 26;  // width of entry_t
  localparam int RowBits = 21;  // width of row_t
  localparam int StatusBits = 3;  // width of status_e
  localparam int StallBits = 3;  // width of stall_e
  localparam int RetireBits = 33;  // width of retire_t

  // How a stream ended; a container knows more codes than a lane.
  typedef enum logic [StatusBits-1:0] {
    Ok = 0,
    Truncated = 1,  // bits were read past the end of a stream
    BadState = 2,  // the final state is not the encoder's start state
    Trailing = 3  // words or non-zero bits are left over
  } status_e;

  // What a lane spent the cycle on.
  typedef enum logic [StallBits-1:0] {
    NoStall = 0,  // a value left, or the lane is idle
    Fill = 1,  // initial state, pipeline filling, end check
    SymbolWords = 2,  // waited for a word of the symbol stream
    OffsetWords = 3,  // waited for a word of the offset stream
    Consumer = 4  // a value waited for its consumer
  } stall_e;

  typedef struct packed {
    logic [MaxTableLog-1:0] base;    // next t before the absorbed bits
    logic [NbitsBits-1:0]   nbits;   // bits to absorb
    logic [SymbolBits-1:0]  symbol;
  } entry_t;

  typedef struct packed {
    logic [OffsetBitsBits-1:0] offset_bits;
    logic [ValueBits-1:0]      vmin;  // value = vmin + offset
  } row_t;

  // One symbol step, as lockstep compares it.
  typedef struct packed {
    logic [FillBits-1:0]    fill;   // bits in the symbol buffer before the step
    logic [MaxTableLog-1:0] state;  // after the step
    logic [NbitsBits-1:0]   nbits;
    logic [SymbolBits-1:0]  symbol;
  } retire_t;

  // The bits in use of a table word: symbol, nbits, base, 8 + 8 + 16 bits.
  function automatic entry_t to_entry(input logic [31:0] word);
    to_entry = {word[16 +: MaxTableLog], word[8 +: NbitsBits], word[0 +: SymbolBits]};
  endfunction

  // The bits in use of a row word: vmin, offset_bits.
  function automatic row_t to_row(input logic [31:0] word);
    to_row = {word[16 +: OffsetBitsBits], word[0 +: ValueBits]};
  endfunction
endpackage
