// emit_sv.cpp — prints rtl/codec_pkg.sv: what the RTL shares with model/spec.hpp.
//
// The file is committed so that rtl/ stands alone; a test runs this program and compares the bytes.
// The text keeps to what Yosys 0.23 reads: packed structs, functions that assign their own name.
// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <iostream>

#include "spec.hpp"

namespace {

using namespace transom;

constexpr unsigned kSymbolBits = static_cast<unsigned>(std::bit_width(kMaxAlphabet - 1));
constexpr unsigned kNbitsBits = static_cast<unsigned>(std::bit_width(kMaxTableLog));
constexpr unsigned kOffsetBitsBits = static_cast<unsigned>(std::bit_width(kMaxValueBits));
constexpr unsigned kFillBits = static_cast<unsigned>(std::bit_width(2 * kWordBits));
constexpr unsigned kStatusBits =
    static_cast<unsigned>(std::bit_width(static_cast<unsigned>(Status::kBadChecksum)));
constexpr unsigned kStallBits =
    static_cast<unsigned>(std::bit_width(static_cast<unsigned>(Stall::kConsumer)));

constexpr const char* kHead = R"(// Written by golden/emit_sv from model/spec.hpp: do not edit.
//
// codec_pkg.sv — widths, table words and codes that the RTL shares with the golden model.
// SPDX-License-Identifier: Apache-2.0
package codec_pkg;
)";

void constant(const char* name, unsigned value, const char* meaning) {
  std::cout << "  localparam int " << name << " = " << value << ";  // " << meaning << "\n";
}

void constants() {
  constant("MaxTableLog", kMaxTableLog, "R: a table has 2^R slots");
  constant("MaxLanes", kMaxDecoderLanes, "lanes of a decoder");
  constant("WordBits", kWordBits, "streams travel in words, bit 0 first");
  constant("ValueBits", kMaxValueBits, "W");
  constant("SymbolBits", kSymbolBits, "symbols 0..A-1, also the address of a row");
  constant("NbitsBits", kNbitsBits, "nbits 0..R");
  constant("OffsetBitsBits", kOffsetBitsBits, "offset_bits 0..W");
  constant("FillBits", kFillBits, "a bit buffer holds up to two words");
  constant("LoadEntries", kLoadEntries, "table words per write of the load port");
  constant("EntryBits", kSymbolBits + kNbitsBits + kMaxTableLog, "width of entry_t");
  constant("RowBits", kOffsetBitsBits + kMaxValueBits, "width of row_t");
  constant("StatusBits", kStatusBits, "width of status_e");
  constant("StallBits", kStallBits, "width of stall_e");
  constant("RetireBits", kFillBits + kMaxTableLog + kNbitsBits + kSymbolBits, "width of retire_t");
}

void enums() {
  std::cout << "\n  // How a stream ended; a container knows more codes than a lane.\n"
               "  typedef enum logic [StatusBits-1:0] {\n"
            << "    Ok = " << static_cast<unsigned>(Status::kOk)
            << ",\n    Truncated = " << static_cast<unsigned>(Status::kTruncated)
            << ",  // bits were read past the end of a stream\n    BadState = "
            << static_cast<unsigned>(Status::kBadState)
            << ",  // the final state is not the encoder's start state\n    Trailing = "
            << static_cast<unsigned>(Status::kTrailing)
            << "  // words or non-zero bits are left over\n  } status_e;\n";
  std::cout << "\n  // What a lane spent the cycle on.\n  typedef enum logic [StallBits-1:0] {\n"
            << "    NoStall = " << static_cast<unsigned>(Stall::kNone)
            << ",  // a value left, or the lane is idle\n    Fill = "
            << static_cast<unsigned>(Stall::kFill)
            << ",  // initial state, pipeline filling, end check\n    SymbolWords = "
            << static_cast<unsigned>(Stall::kSymbolWords)
            << ",  // waited for a word of the symbol stream\n    OffsetWords = "
            << static_cast<unsigned>(Stall::kOffsetWords)
            << ",  // waited for a word of the offset stream\n    Consumer = "
            << static_cast<unsigned>(Stall::kConsumer)
            << "  // a value waited for its consumer\n  } stall_e;\n";
}

void structs() {
  std::cout << R"(
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
)";
}

/// Where a field of a table word starts, asked of to_word() itself.
template <class Word>
unsigned lsb(const Word& with_lowest_bit_set) {
  return static_cast<unsigned>(std::countr_zero(to_word(with_lowest_bit_set)));
}

void functions() {
  std::cout << "\n  // The bits in use of a table word: symbol, nbits, base, 8 + 8 + 16 bits.\n"
               "  function automatic entry_t to_entry(input logic [31:0] word);\n"
            << "    to_entry = {word[" << lsb(Entry{0, 0, 1}) << " +: MaxTableLog], word["
            << lsb(Entry{0, 1, 0}) << " +: NbitsBits], word[" << lsb(Entry{1, 0, 0})
            << " +: SymbolBits]};\n  endfunction\n"
            << "\n  // The bits in use of a row word: vmin, offset_bits.\n"
               "  function automatic row_t to_row(input logic [31:0] word);\n"
            << "    to_row = {word[" << lsb(Row{0, 1}) << " +: OffsetBitsBits], word["
            << lsb(Row{1, 0}) << " +: ValueBits]};\n  endfunction\nendpackage\n";
}

}  // namespace

int main() {
  std::cout << kHead;
  constants();
  enums();
  structs();
  functions();
  return std::cout.good() ? 0 : 1;
}
