// Written by golden/emit_sv from model/base/spec.hpp: do not edit.
//
// codec_pkg.sv — widths, table words and codes that the RTL shares with the golden model.
// SPDX-License-Identifier: Apache-2.0
package codec_pkg;
  localparam int MaxTableLog = 14;  // R: a table has 2^R slots
  localparam int MinTableLog = 4;  // of parameter TableLog; a job may have a smaller R
  localparam int MaxLanes = 64;  // lanes of a decoder
  localparam int RansLaneTableLog = 12;  // R of the largest table of a rANS lane
  localparam int ArithTableLog = 10;  // counts of an arithmetic lane sum to 2^this
  localparam int ArithRows = 16;  // symbols of an arithmetic lane
  localparam int NransTableLog = 12;  // R of the largest table of a lane of narrow rANS
  localparam int NransBlockLog = 2;  // b: its state is in [2^(R+b), 2^(R+b+1))
  localparam int NransRows = 16;  // its symbols
  localparam int WideSymbolRounds = 3;  // rounds of bits that its streams have in stock
  localparam int WideOffsetRounds = 2;  // the same of offset bits
  localparam int WideTansTableLog = 8;  // R of the largest table of its lanes of tANS
  localparam int WideBuildEntries = 16;  // of such a table, made in a cycle
  localparam int WideRetireBits = 28;  // of a lane's step: symbol, positions of offset and symbol bits, 4 each; state
  localparam int ApackRows = 16;  // of an APack table, at most: the rows of a small unit
  localparam int TansBuildRows = 16;  // of a tANS table that the unit builds, at most
  localparam int WordBits = 32;  // streams travel in words, bit 0 first
  localparam int ValueBits = 16;  // W
  localparam int SymbolBits = 8;  // symbols 0..A-1, also the address of a row
  localparam int NbitsBits = 4;  // nbits 0..R
  localparam int OffsetBitsBits = 5;  // offset_bits 0..W
  localparam int FillBits = 7;  // a reader holds up to three words
  localparam int LoadEntries = 4;  // table words per write of the load port
  localparam int EntryBits = 26;  // width of entry_t
  localparam int RowBits = 21;  // width of row_t
  localparam int StatusBits = 3;  // width of status_e
  localparam int StallBits = 3;  // width of stall_e
  localparam int CauseBits = 3;  // width of cause_e
  localparam int TansLane = 0;  // a Kind of decoder: tans_lane
  localparam int RansLane = 1;  // rans_lane: two streams in turn
  localparam int ArithLane = 2;  // arith_lane: two streams in turn
  localparam int TansPairLane = 3;  // tans_pair_lane: two values a cycle
  localparam int NransLane = 4;  // nrans_lane: no table memory
  localparam int MaxValues = 2;  // of a beat
  localparam int TakeBits = 5;  // 0..16 bits of a symbol stream in a step
  localparam int RansEntryBits = 32;  // width of rans_entry_t
  localparam int RetireBits = 20;  // width of retire_t

  // How a stream ended; a container knows more codes than a lane.
  typedef enum logic [StatusBits-1:0] {
    Ok = 0,  // every bit is accounted for
    Truncated = 1,  // bits were read past the end of a stream
    BadState = 2,  // the final state is not the encoder's start state
    Trailing = 3,  // words or non-zero bits are left over
    BadTable = 5  // a word that was loaded is of no table
  } status_e;

  // What a lane spent the cycle on.
  typedef enum logic [StallBits-1:0] {
    NoStall = 0,  // a value left, or the lane is idle
    Fill = 1,  // initial state, pipeline filling, end check
    SymbolWords = 2,  // waited for a word of the symbol stream
    OffsetWords = 3,  // waited for a word of the offset stream
    Consumer = 4,  // a value waited for its consumer
    Turn = 5  // the lane's other stream has the cycle (C-slow)
  } stall_e;

  // What the wide unit spent the cycle on, the first of these.
  typedef enum logic [StallBits-1:0] {
    WideStep = 0,  // its lanes step, or a raw beat is made
    WideConsumer = 1,  // a beat has no room
    WideRouter = 2,  // more is wanted than it gives in a cycle
    WideWords = 3,  // what is wanted is not there
    WideFill = 4,  // a tensor's first halfwords come
    WideParse = 5,  // headers, tables, what is skipped
    WideDrain = 6  // the rest
  } wide_stall_e;

  // What went wrong in a run of decoder_axi.
  typedef enum logic [CauseBits-1:0] {
    NoCause = 0,  // nothing did
    StreamCause = 1,  // a stream ended badly
    ReadCause = 2,  // a read was answered with an error
    DescriptorCause = 3,  // a descriptor that cannot be
    AddressCause = 4,  // an address beyond the bus's bits
    WindowCause = 5,  // a read outside of the window
    LimitCause = 6,  // more descriptors or values than there may be
    AbortedCause = 7  // software ended the run
  } cause_e;

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

  // The bits in use of a table word: symbol, nbits, base, 8 + 8 + 16 bits.
  function automatic entry_t to_entry(input logic [31:0] word);
    to_entry = {word[16 +: MaxTableLog], word[8 +: NbitsBits], word[0 +: SymbolBits]};
  endfunction

  // The bits in use of a row word: vmin, offset_bits.
  function automatic row_t to_row(input logic [31:0] word);
    to_row = {word[16 +: OffsetBitsBits], word[0 +: ValueBits]};
  endfunction

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
    state_bits = kind == RansLane ? 32 : kind == ArithLane ? 48 : MaxTableLog;
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
    if (table_log == 4'd1) step_inverse = MaxTableLog'(1);
    if (table_log == 4'd2) step_inverse = MaxTableLog'(1);
    if (table_log == 4'd3) step_inverse = MaxTableLog'(1);
    if (table_log == 4'd4) step_inverse = MaxTableLog'(5);
    if (table_log == 4'd5) step_inverse = MaxTableLog'(7);
    if (table_log == 4'd6) step_inverse = MaxTableLog'(3);
    if (table_log == 4'd7) step_inverse = MaxTableLog'(91);
    if (table_log == 4'd8) step_inverse = MaxTableLog'(11);
    if (table_log == 4'd9) step_inverse = MaxTableLog'(363);
    if (table_log == 4'd10) step_inverse = MaxTableLog'(43);
    if (table_log == 4'd11) step_inverse = MaxTableLog'(1451);
    if (table_log == 4'd12) step_inverse = MaxTableLog'(171);
    if (table_log == 4'd13) step_inverse = MaxTableLog'(5803);
    if (table_log == 4'd14) step_inverse = MaxTableLog'(683);
  endfunction
endpackage
