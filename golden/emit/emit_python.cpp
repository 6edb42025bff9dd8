// SPDX-License-Identifier: Apache-2.0
#include "emit_python.hpp"

#include <string_view>

#include "transom/base/spec.hpp"

namespace transom {
namespace {

constexpr const char* kHead =
    R"(# Written by golden/emit_sv --python from model/base/spec.hpp: do not edit.
"""spec.py — numbers and names that the Python shares with the golden model."""
# SPDX-License-Identifier: Apache-2.0

)";

void constant(std::ostream& out, std::string_view name, unsigned value, std::string_view meaning) {
  out << name << " = " << value << "  # " << meaning << "\n";
}

/// A dictionary from the names of n codes, in order, to what `value` gives.
template <class Enum, class Name, class Value>
void dictionary(std::ostream& out, std::string_view name, std::string_view meaning, unsigned n,
                Name word, Value value) {
  out << "\n# " << meaning << "\n" << name << " = {\n";
  for (unsigned code = 0; code < n; ++code) {
    const auto e = static_cast<Enum>(code);
    out << "    \"" << word(e) << "\": " << value(e) << ",\n";
  }
  out << "}\n";
}

template <class Value>
void by_kind(std::ostream& out, std::string_view name, std::string_view meaning, Value value) {
  dictionary<LaneKind>(out, name, meaning, kLaneKinds, lane_kind_name, value);
}

}  // namespace

void emit_python(std::ostream& out) {
  out << kHead;
  constant(out, "MAX_VALUE_BITS", kMaxValueBits, "W");
  constant(out, "MAX_TABLE_LOG", kMaxTableLog, "R: a table has 2^R slots");
  constant(out, "MIN_LANE_TABLE_LOG", kMinLaneTableLog, "of parameter TableLog of a unit");
  constant(out, "MAX_ALPHABET", kMaxAlphabet, "A");
  constant(out, "MAX_APACK_ROWS", kMaxApackRows, "rows of an APack table");
  constant(out, "RANS_LANE_TABLE_LOG", kRansLaneTableLog, "R of the largest table of a rANS lane");
  constant(out, "ARITH_TABLE_LOG", kArithTableLog, "APack's counts sum to 2^this");
  constant(out, "NRANS_BLOCK_LOG", kNransBlockLog, "b: state bits of narrow rANS beyond R");
  constant(out, "MAX_TAKE", kMaxTake, "bits of a symbol stream in a lane's step");
  constant(out, "WORD_BITS", kWordBits, "streams travel in words, bit 0 first");
  constant(out, "MAX_DECODER_LANES", kMaxDecoderLanes, "lanes of a unit");
  constant(out, "LOAD_ENTRIES", kLoadEntries, "table words per write of the load port");
  out << "\n# Widths in bits, of rtl/codec_pkg.sv.\n";
  constant(out, "SYMBOL_BITS", kSymbolBits, "symbols 0..A-1");
  constant(out, "ENTRY_BITS", kEntryBits, "a tANS table word's bits in use");
  constant(out, "RANS_ENTRY_BITS", kRansEntryBits, "a rANS table word's");
  constant(out, "ROW_BITS", kRowBits, "a row word's");
  constant(out, "CUM_BITS", kArithTableLog + 1, "a cumulative count of the arithmetic coder");
  constant(out, "RETIRE_BITS", kRetireBits, "a retired step: symbol, take, fill");
  constant(out, "STATUS_BITS", kStatusBits, "a Status");
  constant(out, "STALL_BITS", kStallBits, "a Stall");
  out << "\n# Float types of values: bits, and those of the exponent.\nFLOAT_TYPES = {\n";
  for (const FloatType& type : kFloatTypes) {
    out << "    \"" << type.name << "\": (" << unsigned{type.bits} << ", "
        << unsigned{type.exponent_bits} << "),\n";
  }
  out << "}\n";
  by_kind(out, "LANE_KINDS", "Kinds of lanes: parameter Kind of rtl/decoder.sv.",
          [](LaneKind kind) { return static_cast<unsigned>(kind); });
  by_kind(out, "STREAMS_PER_LANE", "Streams that a lane decodes in turn.", streams_per_lane);
  by_kind(out, "VALUES_PER_BEAT", "Values that leave a lane in a cycle.", values_per_beat);
  by_kind(out, "MAX_LANE_TABLE_LOG", "R of a lane's largest table.", max_lane_table_log);
  by_kind(out, "STATE_BITS", "The state that a lane retires, in bits.", state_bits);
  dictionary<Status>(out, "STATUSES", "How a stream ended; a lane knows the first four.",
                     static_cast<unsigned>(Status::kBadChecksum) + 1, status_name,
                     [](Status status) { return static_cast<unsigned>(status); });
  dictionary<Stall>(out, "STALLS", "What a lane spent a cycle on.", kStalls, stall_name,
                    [](Stall stall) { return static_cast<unsigned>(stall); });
}

}  // namespace transom
