// emit_sv.cpp — prints rtl/codec_pkg.sv: what the RTL shares with model/base/spec.hpp; with
// --python, python/transom/spec.py.
//
// The files are committed so that rtl/ and python/ stand alone; tests run this program and compare
// the bytes. The text keeps to what Yosys 0.23 reads: packed structs, functions that assign their
// own name, and one package, because one cannot refer to another.
// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <initializer_list>
#include <iostream>
#include <string_view>

#include "emit_python.hpp"
#include "transom/base/spec.hpp"

namespace {

using namespace transom;

static_assert(streams_per_lane(LaneKind::kArith) == 2 && streams_per_lane(LaneKind::kRans) == 2);
static_assert(streams_per_lane(LaneKind::kTans) == 1);
static_assert(state_bits(LaneKind::kTans) == kMaxTableLog);
static_assert(state_bits(LaneKind::kNrans) == kMaxTableLog);
static_assert(streams_per_lane(LaneKind::kNrans) == 1 && values_per_beat(LaneKind::kNrans) == 1);
static_assert(values_per_beat(LaneKind::kTansPair) == 2 && values_per_beat(LaneKind::kTans) == 1);

constexpr const char* kHead = R"(// Written by golden/emit_sv from model/base/spec.hpp: do not edit.
//
// codec_pkg.sv — widths, table words and codes that the RTL shares with the golden model.
// SPDX-License-Identifier: Apache-2.0
package codec_pkg;
)";

template <class Enum>
constexpr unsigned number(Enum e) {
  return static_cast<unsigned>(e);
}

void constant(const char* name, unsigned value, const char* meaning) {
  std::cout << "  localparam int " << name << " = " << value << ";  // " << meaning << "\n";
}

void constants() {
  constant("MaxTableLog", kMaxTableLog, "R: a table has 2^R slots");
  constant("MinTableLog", kMinLaneTableLog, "of parameter TableLog; a job may have a smaller R");
  constant("MaxLanes", kMaxDecoderLanes, "lanes of a decoder");
  constant("RansLaneTableLog", kRansLaneTableLog, "R of the largest table of a rANS lane");
  constant("ArithTableLog", kArithTableLog, "counts of an arithmetic lane sum to 2^this");
  constant("ArithRows", kMaxApackRows, "symbols of an arithmetic lane");
  constant("NransTableLog", kNransTableLog, "R of the largest table of a lane of narrow rANS");
  constant("NransBlockLog", kNransBlockLog, "b: its state is in [2^(R+b), 2^(R+b+1))");
  constant("NransRows", kMaxApackRows, "its symbols");
  constant("WideSymbolRounds", kWideSymbolRounds, "rounds of bits that its streams have in stock");
  constant("WideOffsetRounds", kWideOffsetRounds, "the same of offset bits");
  constant("WideTansTableLog", kWideTansTableLog, "R of the largest table of its lanes of tANS");
  constant("WideBuildEntries", kWideBuildEntries, "of such a table, made in a cycle");
  constant("WideRetireBits", kWideRetireBits,
           "of a lane's step: symbol, positions of offset and symbol bits, 4 each; state");
  constant("ApackRows", kMaxApackRows, "of an APack table, at most: the rows of a small unit");
  constant("TansBuildRows", kMaxApackRows, "of a tANS table that the unit builds, at most");
  constant("WordBits", kWordBits, "streams travel in words, bit 0 first");
  constant("ValueBits", kMaxValueBits, "W");
  constant("SymbolBits", kSymbolBits, "symbols 0..A-1, also the address of a row");
  constant("NbitsBits", kNbitsBits, "nbits 0..R");
  constant("OffsetBitsBits", kOffsetBitsBits, "offset_bits 0..W");
  constant("FillBits", kFillBits, "a reader holds up to three words");
  constant("LoadEntries", kLoadEntries, "table words per write of the load port");
  constant("EntryBits", kEntryBits, "width of entry_t");
  constant("RowBits", kRowBits, "width of row_t");
  constant("StatusBits", kStatusBits, "width of status_e");
  constant("StallBits", kStallBits, "width of stall_e");
  constant("CauseBits", kAxiCauseBits, "width of cause_e");
  constant("TansLane", number(LaneKind::kTans), "a Kind of decoder: tans_lane");
  constant("RansLane", number(LaneKind::kRans), "rans_lane: two streams in turn");
  constant("ArithLane", number(LaneKind::kArith), "arith_lane: two streams in turn");
  constant("TansPairLane", number(LaneKind::kTansPair), "tans_pair_lane: two values a cycle");
  constant("NransLane", number(LaneKind::kNrans), "nrans_lane: no table memory");
  constant("MaxValues", values_per_beat(LaneKind::kTansPair), "of a beat");
  constant("TakeBits", kTakeBits, "0..16 bits of a symbol stream in a step");
  constant("RansEntryBits", kRansEntryBits, "width of rans_entry_t");
  constant("RetireBits", kRetireBits, "width of retire_t");
}

/// One line of an enum: the last has no comma.
struct Code {
  const char* name;
  unsigned value;
  const char* meaning;
};
void enumeration(const char* type, const char* bits, const char* what,
                 std::initializer_list<Code> codes) {
  std::cout << "\n  // " << what << "\n  typedef enum logic [" << bits << "-1:0] {\n";
  for (const Code& code : codes) {
    std::cout << "    " << code.name << " = " << code.value
              << (&code + 1 == codes.end() ? "  // " : ",  // ") << code.meaning << "\n";
  }
  std::cout << "  } " << type << ";\n";
}
void enums() {
  enumeration(
      "status_e", "StatusBits", "How a stream ended; a container knows more codes than a lane.",
      {{"Ok", number(Status::kOk), "every bit is accounted for"},
       {"Truncated", number(Status::kTruncated), "bits were read past the end of a stream"},
       {"BadState", number(Status::kBadState), "the final state is not the encoder's start state"},
       {"Trailing", number(Status::kTrailing), "words or non-zero bits are left over"},
       {"BadTable", number(Status::kBadTable), "a word that was loaded is of no table"}});
  enumeration(
      "stall_e", "StallBits", "What a lane spent the cycle on.",
      {{"NoStall", number(Stall::kNone), "a value left, or the lane is idle"},
       {"Fill", number(Stall::kFill), "initial state, pipeline filling, end check"},
       {"SymbolWords", number(Stall::kSymbolWords), "waited for a word of the symbol stream"},
       {"OffsetWords", number(Stall::kOffsetWords), "waited for a word of the offset stream"},
       {"Consumer", number(Stall::kConsumer), "a value waited for its consumer"},
       {"Turn", number(Stall::kTurn), "the lane's other stream has the cycle (C-slow)"}});
  enumeration(
      "wide_stall_e", "StallBits", "What the wide unit spent the cycle on, the first of these.",
      {{"WideStep", number(WideStall::kStep), "its lanes step, or a raw beat is made"},
       {"WideConsumer", number(WideStall::kConsumer), "a beat has no room"},
       {"WideRouter", number(WideStall::kRouter), "more is wanted than it gives in a cycle"},
       {"WideWords", number(WideStall::kWords), "what is wanted is not there"},
       {"WideFill", number(WideStall::kFill), "a tensor's first halfwords come"},
       {"WideParse", number(WideStall::kParse), "headers, tables, what is skipped"},
       {"WideDrain", number(WideStall::kDrain), "the rest"}});
  enumeration(
      "cause_e", "CauseBits", "What went wrong in a run of decoder_axi.",
      {{"NoCause", number(AxiCause::kNone), "nothing did"},
       {"StreamCause", number(AxiCause::kStream), "a stream ended badly"},
       {"ReadCause", number(AxiCause::kRead), "a read was answered with an error"},
       {"DescriptorCause", number(AxiCause::kDescriptor), "a descriptor that cannot be"},
       {"AddressCause", number(AxiCause::kAddress), "an address beyond the bus's bits"},
       {"WindowCause", number(AxiCause::kWindow), "a read outside of the window"},
       {"LimitCause", number(AxiCause::kLimit), "more descriptors or values than there may be"},
       {"AbortedCause", number(AxiCause::kAborted), "software ended the run"}});
}

void structs() {
  std::cout << R"(
  typedef struct packed {
    logic [MaxTableLog-1:0] base;    // next t before the absorbed bits
    logic [NbitsBits-1:0]   nbits;   // bits to absorb
    logic [SymbolBits-1:0]  symbol;
  } entry_t;

  // x = freq * (x >> R) + bias, before renormalisation.
  typedef struct packed {
    logic [RansLaneTableLog-1:0] bias;
    logic [RansLaneTableLog-1:0] freq_minus_1;
    logic [SymbolBits-1:0]       symbol;
  } rans_entry_t;

  typedef struct packed {
    logic [OffsetBitsBits-1:0] offset_bits;
    logic [ValueBits-1:0]      vmin;  // value = vmin + offset
  } row_t;

  // One symbol step, as lockstep compares it; the state after it is a port of the lane.
  typedef struct packed {
    logic [FillBits-1:0]   fill;    // bits in the symbol buffer before the step
    logic [TakeBits-1:0]   take;    // bits that the step takes
    logic [SymbolBits-1:0] symbol;  // of a pair: first symbol in bits 3..0, second in 7..4
  } retire_t;
)";
}

/// What passes between the unit, a lane, and the coder inside. A field is as wide as the widest
/// kind of lane has it: what a kind has no use for is constant, and no gate. Tools that know
/// neither $bits of a type nor arrays of structs (Yosys 0.23) want the widths as numbers;
/// rtl/lane/lane.sv asserts them.
void ports() {
  std::cout << R"(
  // A job that is offered to a stream. It stays, with the same data, until job_ready.
  typedef struct packed {
    logic        valid;
    logic        symbol_empty;  // no word of that stream comes
    logic        offset_empty;
    logic        bank;          // of table and rows
    logic [3:0]  table_log;     // R
    logic [31:0] n_values;
  } job_t;

  // A word of a symbol or an offset stream. It stays until its ready.
  typedef struct packed {
    logic valid;
    logic last;  // of its stream
    logic [WordBits-1:0] word;
  } word_t;

  // A beat of values, which stays until value_ready.
  typedef struct packed {
    logic valid;
    logic last;  // of the job
    logic two;   // both values count
    logic [MaxValues*ValueBits-1:0] data;  // first one lowest
  } values_t;

  // All that a stream is given.
  typedef struct packed {
    job_t  job;
    word_t symbol;
    word_t offset;
    logic  value_ready;
    logic [1:0] bank_bad;  // what was loaded into this bank is no table
  } stream_in_t;
  localparam int JobBits      = 8 + 32;
  localparam int WordPortBits = 2 + WordBits;
  localparam int StreamInBits = JobBits + 2 * WordPortBits + 3;

  // All that it gives, which depends on registers and memories alone. What depends on inputs is
  // apart: Verilator evaluates a struct as a whole, and would simulate a lane at two thirds.
  typedef struct packed {
    logic       job_ready;
    logic [1:0] bank_busy;  // a job here wants this bank
    logic       symbol_ready;
    logic       offset_ready;
    values_t    values;
    logic       done;       // a job has ended, with this status
    logic [StatusBits-1:0] status;
    logic       busy;
  } stream_out_t;
  localparam int ValuesBits    = 3 + MaxValues * ValueBits;
  localparam int StreamOutBits = 7 + ValuesBits + StatusBits;

  // What it does in this cycle, for those who watch.
  typedef struct packed {
    logic                 retire_valid;
    retire_t              retire;
    logic [StallBits-1:0] stall;  // stall_e
  } observe_t;
  localparam int ObserveBits = 1 + RetireBits + StallBits;

  // What a coder is told of the stream whose turn it is, from registers; that it enters or steps,
  // which depends on inputs, is apart.
  typedef struct packed {
    logic [31:0] head;            // the bits that the job that waits enters with
    logic        next_bank;       // of that job
    logic [3:0]  next_table_log;
    logic [15:0] bits;            // the next bits of the job at work
    logic        bank;
    logic [3:0]  table_log;
  } control_t;

  // What the coder answers: the step that it takes, or would take.
  typedef struct packed {
    logic [TakeBits-1:0]   take;
    logic [SymbolBits-1:0] symbol;
    logic at_end;  // the state after it is the encoder's first
  } step_t;
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
            << lsb(Row{1, 0}) << " +: ValueBits]};\n  endfunction\n"
            << R"(
  // What follows from the kind of lane.
  function automatic int streams_per_lane(input int kind);
    streams_per_lane = kind == RansLane || kind == ArithLane ? 2 : 1;
  endfunction
  function automatic int values_per_beat(input int kind);
    values_per_beat = kind == TansPairLane ? 2 : 1;
  endfunction
  function automatic int max_rows(input int kind);  // symbols that it can tell apart
    max_rows = kind == TansLane || kind == RansLane ? 2**SymbolBits : ApackRows;
  endfunction
  function automatic int entry_bits(input int kind);  // of a table word, as a lane sees it
    entry_bits = kind == RansLane ? RansEntryBits : EntryBits;
  endfunction
  // Of its three fields, as wide as tables of this size want: symbol, or two of a pair; nbits, or
  // freq - 1; base, or bias, table_log bits.
  function automatic int stored_symbol_bits(input int kind, input int rows);
    stored_symbol_bits = kind == TansPairLane ? SymbolBits : $clog2(rows);
  endfunction
  function automatic int middle_bits(input int kind);
    middle_bits = kind == RansLane ? RansLaneTableLog : NbitsBits;
  endfunction
  function automatic int stored_middle_bits(input int kind, input int table_log);
    stored_middle_bits = kind == RansLane ? table_log : $clog2(table_log + 1);
  endfunction
  function automatic int stored_bits(input int kind, input int table_log, input int rows);
    stored_bits = stored_symbol_bits(kind, rows) + stored_middle_bits(kind, table_log) + table_log;
  endfunction
  function automatic int state_bits(input int kind);  // as retired
    state_bits = kind == RansLane ? )"
            << state_bits(LaneKind::kRans) << " : kind == ArithLane ? "
            << state_bits(LaneKind::kArith) << R"( : MaxTableLog;
  endfunction
  // Constants of a symbol of narrow rANS: cum, freq * block - cum of each block, limit, most.
  function automatic int nrans_symbol_bits(input int table_log);
    nrans_symbol_bits = table_log + 1 + 2**NransBlockLog * (table_log + NransBlockLog + 1)
                      + table_log + NransBlockLog + 4;
  endfunction
  // Of tables in registers that all lanes see: counts of both banks, or constants of one.
  function automatic int shared_bits(input int kind, input int table_log);
    shared_bits = kind == ArithLane ? 2 * ArithRows * (ArithTableLog + 1)
                : kind == NransLane ? NransRows * nrans_symbol_bits(table_log) : 1;
  endfunction
  // The same of the wide unit: constants of a bank, or entries of symbol, base and a mark at nbits.
  function automatic int wide_table_bits(input int kind, input int table_log);
    wide_table_bits = kind == NransLane ? NransRows * nrans_symbol_bits(table_log)
                    : 2**table_log * (4 + table_log + 1);
  endfunction

  // Of the step spread, modulo 2^R: slot u is the (u * inverse mod 2^R)-th one that it visits.
  // No case: Yosys would make a memory of it.
  function automatic logic [MaxTableLog-1:0] step_inverse(input logic [3:0] table_log);
    step_inverse = '0;
)";
  for (unsigned R = 1; R <= kMaxTableLog; ++R) {
    std::cout << "    if (table_log == 4'd" << R << ") step_inverse = MaxTableLog'("
              << spread_step_inverse(R) << ");\n";
  }
  std::cout << R"(  endfunction
endpackage
)";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--python") {
    emit_python(std::cout);
    return std::cout.flush() ? 0 : 3;
  }
  if (argc != 1) {
    std::cerr << "usage: emit_sv [--python]\n";
    return 2;
  }
  std::cout << kHead;
  constants();
  enums();
  structs();
  ports();
  functions();
  return std::cout.flush() ? 0 : 3;
}
