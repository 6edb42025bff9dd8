// lane_files.cpp — see lane_files.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/vectors/lane_files.hpp"

#include <algorithm>
#include <stdexcept>

#include "transom/base/crc32.hpp"

namespace transom::golden {
namespace {

/// So many digits, the highest first.
void add_hex(std::string& text, std::uint64_t number, unsigned digits) {
  for (unsigned d = digits; d-- > 0;) text += "0123456789abcdef"[number >> 4 * d & 15];
}
/// Words for $readmemh, one to a line.
template <class Words>
void add_words(std::string& text, const Words& words) {
  for (const std::uint32_t word : words) {
    add_hex(text, word, 8);
    text += '\n';
  }
}
std::uint32_t to_size(std::size_t n) { return static_cast<std::uint32_t>(n); }

/// Numbers of all streams together.
struct Sizes {
  std::uint32_t symbol_words = 0, offset_words = 0, steps = 0;
};
Sizes sizes_of(const LaneVector& v) {
  Sizes n;
  for (std::size_t s = 0; s < v.streams.size(); ++s) {
    n.symbol_words += to_size(v.streams[s].symbols.size());
    n.offset_words += to_size(v.streams[s].offsets.size());
    n.steps += to_size(v.steps[s].size());
  }
  return n;
}

std::string localparam(const char* name, std::uint64_t value, const std::string& what) {
  return "localparam int " + std::string(name) + " = " + std::to_string(value) + ";" +
         (what.empty() ? "" : "  // " + what) + '\n';
}

std::string params(const LaneVector& v) {
  const Sizes n = sizes_of(v);
  std::string statuses;
  for (auto status = v.statuses.rbegin(); status != v.statuses.rend(); ++status) {
    statuses += (statuses.empty() ? "" : ", ") + std::to_string(kStatusBits) + "'d" +
                std::to_string(static_cast<unsigned>(*status));
  }
  return "// " + v.name + ": " + v.comment + '\n' + localparam("TC_ID", v.id, "") +
         localparam("KIND", static_cast<unsigned>(v.kind), std::string(lane_kind_name(v.kind))) +
         localparam("TABLE_LOG", v.table_log, "R") +
         localparam("VALUE_BITS", v.dtype.bits, type_name(v.dtype)) +
         localparam("VALUE_SIGNED", v.dtype.is_signed, "") +
         localparam("CHUNK", v.layout.chunk, "") + localparam("STREAMS", v.streams.size(), "") +
         "// Lines of files.\n" + localparam("TABLE_WORDS", v.table.size(), "table.hex") +
         localparam("ROWS", v.rows.size(), "rows.hex, of which 256 lines are there") +
         localparam("SYMBOL_WORDS", n.symbol_words, "symbols.hex") +
         localparam("OFFSET_WORDS", n.offset_words, "offsets.hex") +
         localparam("STEPS", n.steps, "steps.hex") +
         localparam("VALUES", v.values.size(), "values.hex") +
         localparam("STALL_PATTERNS", kStallPatterns,
                    "stalls.hex: each is " + std::to_string(kStallPorts) + " lines") +
         localparam("STALL_CLOCKS", kStallClocks, "bits of a line") +
         "// Of each stream, stream 0 lowest.\nlocalparam logic [" +
         std::to_string(kStatusBits * v.statuses.size() - 1) + ":0] STATUSES = {" + statuses +
         "};\n";
}

std::string steps_text(const LaneVector& v) {
  std::string text;
  for (const auto& stream : v.steps) {
    for (const LaneStep& step : stream) {
      add_hex(text, step.symbol, 2);
      text += '_';
      add_hex(text, step.state, 12);
      text += '_';
      add_hex(text, step.position, 8);
      text += '\n';
    }
  }
  return text;
}

std::string stalls_text(const LaneVector& v) {
  std::string text;
  for (const auto& pattern : stall_patterns(v.name)) {
    for (const std::uint64_t port : pattern) {
      add_hex(text, port, 16);
      text += '\n';
    }
  }
  return text;
}

}  // namespace

unsigned first_state_bits(LaneKind kind, unsigned table_log) {
  if (kind == LaneKind::kRans) return 32;
  if (kind == LaneKind::kArith) return 16;
  return kind == LaneKind::kNrans ? table_log + kNransBlockLog : table_log;
}

std::array<std::array<std::uint64_t, kStallPorts>, kStallPatterns> stall_patterns(
    const std::string& name) {
  const std::vector<std::uint8_t> bytes(name.begin(), name.end());
  Random random(crc32c(bytes));
  const auto bits = [&random] { return std::uint64_t{random()} << 32 | random(); };
  const auto half = [&] { return bits() | 1; };
  const auto quarter = [&] { return (bits() & bits()) | 1; };
  constexpr std::uint64_t kOpen = ~std::uint64_t{0}, kOneInFour = 0x1111'1111'1111'1111;
  const std::uint64_t symbols = quarter(), offsets = quarter();
  const std::uint64_t a = half(), b = half(), c = half(), d = half();
  return {{{kOpen, kOpen, kOpen, kOpen},
           {kOpen, kOpen, kOneInFour, kOpen},
           {symbols, offsets, kOpen, kOpen},
           {a, b, c, d}}};
}

LaneVector lane_vector(const Vector& vector) {
  const CodedTensor& tensor = vector.tensor;
  const Codec& c = codec(tensor.code.coding);
  LaneVector v{vector.id,
               vector.name,
               vector.comment,
               c.lane,
               tensor.code.table_log,
               tensor.dtype,
               tensor.layout(),
               {},
               {},
               tensor.streams,
               vector.decoded.streams,
               vector.decoded.values,
               {}};
  if (c.lane != LaneKind::kRans || v.table_log <= kRansLaneTableLog) {
    v.table = c.make_unit_table(tensor.code);
  }
  for (const Row& row : tensor.code.rows) v.rows.push_back(to_word(row));
  const auto table = c.make_table(tensor.code), rows = make_row_words(tensor.code);
  for (std::uint32_t s = 0; s < v.layout.n_streams; ++s) {
    const std::uint32_t n = v.layout.stream_values(s);
    const std::uint32_t each = c.pairs ? 2 : 1;  // the symbol that is dropped is one of its step
    const auto trace =
        c.trace_stream(table, v.table_log, rows, tensor.streams[s], (n + each - 1) / each * each);
    std::vector<LaneStep>& steps = v.steps.emplace_back();
    for (std::size_t i = 0; i < trace.size(); i += each) {
      const unsigned second = c.pairs ? trace[i + 1].symbol : 0u;
      steps.push_back({static_cast<symbol_t>(trace[i].symbol | second << 4), trace[i].state,
                       trace[i].symbol_position});
    }
  }
  return v;
}

std::vector<TextFile> lane_files(const LaneVector& v) {
  std::string directory, status, symbols, offsets, values, table, rows;
  for (std::uint32_t s = 0; s < v.streams.size(); ++s) {
    const StreamWords& words = v.streams[s];
    add_words(directory, std::array{v.layout.stream_values(s), to_size(words.symbols.size()),
                                    to_size(words.offsets.size())});
    add_words(status, std::array{static_cast<std::uint32_t>(v.statuses[s])});
    add_words(symbols, words.symbols);
    add_words(offsets, words.offsets);
  }
  add_words(values, v.values);
  std::vector<std::uint32_t> all_rows = v.rows;
  all_rows.resize(kMaxAlphabet);
  add_words(rows, all_rows);
  std::vector<TextFile> files{{"params.svh", params(v)}};
  if (!v.table.empty()) {
    add_words(table, v.table);
    files.push_back({"table.hex", table});
  }
  for (TextFile file :
       {TextFile{"rows.hex", rows}, TextFile{"streams.hex", directory},
        TextFile{"status.hex", status}, TextFile{"symbols.hex", symbols},
        TextFile{"offsets.hex", offsets}, TextFile{"values.hex", values},
        TextFile{"steps.hex", steps_text(v)}, TextFile{"stalls.hex", stalls_text(v)}}) {
    files.push_back(std::move(file));
  }
  return files;
}

void LaneIndex::add(const LaneVector& v) {
  if (v.table.empty()) return;
  if (v.name.size() > kNameBytes) {
    throw std::logic_error("vectors: the name '" + v.name + "' has more than " +
                           std::to_string(kNameBytes) + " bytes");
  }
  const Sizes n = sizes_of(v);
  Kind& k = kinds_[static_cast<unsigned>(v.kind)];
  add_words(k.index, std::array{v.id, v.table_log, to_size(v.table.size()), to_size(v.rows.size()),
                                first_state_bits(v.kind, v.table_log), v.layout.chunk,
                                to_size(v.values.size()), to_size(v.streams.size()), n.symbol_words,
                                n.offset_words, n.steps, 0u});
  k.names += std::string(2 * (kNameBytes - v.name.size()), '0');
  for (const char letter : v.name) add_hex(k.names, static_cast<std::uint8_t>(letter), 2);
  k.names += '\n';
  ++k.n_vectors;
  k.table_words += v.table.size();
  k.streams += v.streams.size();
  k.symbol_words += n.symbol_words;
  k.offset_words += n.offset_words;
  k.steps += n.steps;
  k.values += v.values.size();
  k.most_streams = std::max<std::uint64_t>(k.most_streams, v.streams.size());
  k.most_rows = std::max<std::uint64_t>(k.most_rows, v.rows.size());
  k.most_table_log = std::max<std::uint64_t>(k.most_table_log, v.table_log);
}

std::uint64_t LaneIndex::n_vectors(LaneKind kind) const {
  return kinds_[static_cast<unsigned>(kind)].n_vectors;
}

std::vector<TextFile> LaneIndex::files(LaneKind kind) const {
  const Kind& k = kinds_[static_cast<unsigned>(kind)];
  const std::string text =
      "// All vectors for lanes of " + std::string(lane_kind_name(kind)) + ".\n" +
      localparam("KIND", static_cast<unsigned>(kind), "") +
      localparam("VECTORS", k.n_vectors, "names.hex; index.hex: 12 words each") +
      localparam("NAME_BITS", 8 * kNameBytes, "of a line of names.hex") +
      localparam("MOST_STREAMS", k.most_streams, "of a vector") +
      localparam("MOST_ROWS", k.most_rows, "") +
      localparam("MOST_TABLE_LOG", k.most_table_log, "") +
      localparam("STALL_PATTERNS", kStallPatterns, "of a vector") +
      localparam("STALL_PORTS", kStallPorts, "of a pattern") +
      localparam("STALL_CLOCKS", kStallClocks, "") + "// Of all vectors together.\n" +
      localparam("ALL_STREAMS", k.streams, "") + localparam("ALL_TABLE_WORDS", k.table_words, "") +
      localparam("ALL_SYMBOL_WORDS", k.symbol_words, "") +
      localparam("ALL_OFFSET_WORDS", k.offset_words, "") + localparam("ALL_STEPS", k.steps, "") +
      localparam("ALL_VALUES", k.values, "");
  return {{"params.svh", text}, {"index.hex", k.index}, {"names.hex", k.names}};
}

}  // namespace transom::golden
