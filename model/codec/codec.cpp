// codec.cpp — the table of codecs: what each coder is to a tensor and to its streams.
// SPDX-License-Identifier: Apache-2.0
#include "transom/codec/codec.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/fast/arith.hpp"
#include "transom/fast/rans.hpp"
#include "transom/fast/raw.hpp"
#include "transom/fast/streams.hpp"
#include "transom/fast/values.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
namespace {

// What a coder is to a codec: its table, its encoder for a tensor, its decoder for a stream.
struct Tans {
  using Decoder = TansDecoder;
  static constexpr bool pairs = false;
  static constexpr LaneKind lane = LaneKind::kTans;
  static std::vector<std::uint32_t> table(const Code& c) {
    return make_decode_table(c.freq, c.table_log, c.spread);
  }
  static std::vector<std::uint32_t> unit_table(const Code& c) { return table(c); }
  static auto encoder(const Code& c) {
    return [encoder = TansEncoder(c.freq, c.table_log, c.spread),
            R = c.table_log](std::span<const symbol_t> s) { return encode_symbols(encoder, R, s); };
  }
};
struct Rans {
  using Decoder = RansDecoder<Rans32x16>;
  static constexpr bool pairs = false;
  static constexpr LaneKind lane = LaneKind::kRans;
  static std::vector<std::uint32_t> table(const Code& c) {
    return make_rans_table(c.freq, c.table_log);
  }
  static std::vector<std::uint32_t> unit_table(const Code& c) {
    return make_rans_slots(c.freq, c.table_log);
  }
  static auto encoder(const Code& c) {
    return [encoder = RansEncoder<Rans32x16>(c.freq, c.table_log)](std::span<const symbol_t> s) {
      return encode_symbols(encoder, s);
    };
  }
};
struct Arith {
  using Decoder = ArithDecoder;
  static constexpr bool pairs = false;
  static constexpr LaneKind lane = LaneKind::kArith;
  static std::vector<std::uint32_t> table(const Code& c) { return make_arith_table(c.freq); }
  static std::vector<std::uint32_t> unit_table(const Code& c) {
    require_range("make_unit_table", "number of frequencies", c.freq.size(), 1, kMaxApackRows);
    std::vector<std::uint32_t> cum = make_arith_table(c.freq);
    cum.resize(kMaxApackRows);  // the last bound, 2^10, is known
    return cum;
  }
  static auto encoder(const Code& c) {
    return [encoder = ArithEncoder(c.freq)](std::span<const symbol_t> s) {
      return encode_symbols(encoder, s);
    };
  }
};
struct TansPair {
  using Decoder = TansPairDecoder;
  static constexpr bool pairs = true;
  static constexpr LaneKind lane = LaneKind::kTansPair;
  static std::vector<std::uint32_t> table(const Code& c) {
    return make_decode_table(by_pair(c.freq, c.rows.size()), c.table_log, c.spread);
  }
  static std::vector<std::uint32_t> unit_table(const Code& c) { return table(c); }
  static auto encoder(const Code& c) {
    return [encoder = TansPairEncoder(c.freq, c.rows.size(), c.table_log, c.spread),
            R = c.table_log](std::span<const symbol_t> s) { return encode_symbols(encoder, R, s); };
  }
};
struct Nrans {
  using Decoder = NransDecoder<>;
  static constexpr bool pairs = false;
  static constexpr LaneKind lane = LaneKind::kNrans;
  static std::vector<std::uint32_t> table(const Code& c) {
    return make_nrans_table(c.freq, c.table_log);
  }
  static std::vector<std::uint32_t> unit_table(const Code& c) {
    return make_nrans_counts(c.freq, c.table_log);
  }
  static auto encoder(const Code& c) {
    return [encoder = NransEncoder<>(c.freq, c.table_log)](std::span<const symbol_t> s) {
      return encode_symbols(encoder, s);
    };
  }
};

template <class Coder>
std::vector<std::vector<std::uint32_t>> encode_all(const Code& code,
                                                   std::span<const std::vector<symbol_t>> symbols) {
  const auto encode_stream = Coder::encoder(code);
  std::vector<std::vector<std::uint32_t>> words;
  words.reserve(symbols.size());
  for (const auto& of_stream : symbols) words.push_back(encode_stream(of_stream));
  return words;
}

void check_lookup(LaneKind kind, std::span<const std::uint32_t> table, unsigned table_log,
                  std::span<const std::uint32_t> rows) {
  check_table(kind, table, table_log);
  require_range("decode_stream", "number of row words", rows.size(), kMaxAlphabet, kMaxAlphabet);
}

template <class Coder>
Status decode_one(std::span<const std::uint32_t> table, unsigned table_log,
                  std::span<const std::uint32_t> rows, const StreamWords& words,
                  const StreamLayout& layout, std::uint32_t stream, std::span<value_t> values) {
  check_lookup(Coder::lane, table, table_log, rows);
  require_range("decode_stream", "number of streams", layout.n_streams, 1, kMaxStreams);
  require_range("decode_stream", "chunk", layout.chunk, 1, UINT32_MAX);
  require_range("decode_stream", "stream", stream, 0, layout.n_streams - 1);
  require_range("decode_stream", "number of values", values.size(), layout.n_values, SIZE_MAX);
  return decode_stream(typename Coder::Decoder{table.data(), table_log}, rows.data(),
                       BitReader(words.symbols), BitReader(words.offsets), layout, stream,
                       values.data());
}

template <class Coder>
std::vector<TracedValue> trace_one(std::span<const std::uint32_t> table, unsigned table_log,
                                   std::span<const std::uint32_t> rows, const StreamWords& words,
                                   std::uint32_t n_values) {
  check_lookup(Coder::lane, table, table_log, rows);
  return trace_stream(typename Coder::Decoder{table.data(), table_log}, rows.data(),
                      BitReader(words.symbols), BitReader(words.offsets), n_values);
}

unsigned most_offset_bits(const Code& code) {
  unsigned most = 0;
  for (const Row& row : code.rows) most = std::max(most, unsigned{row.offset_bits});
  return most;
}

template <class Decoder>
DecodedStreams decode_by(const Decoder& decoder, const CodedTensor& tensor,
                         const MutablePatterns& values) {
  const Code& code = tensor.code;
  const auto statuses = [&](auto&& value_of) {
    const auto decode_to = [&](const auto& span) {
      return decode_streams(decoder, value_of, tensor.streams, tensor.layout(), span.data());
    };
    return std::visit(decode_to, values);
  };
  const unsigned most = most_offset_bits(code);
  if (most == 0) return {statuses(WholeValues{}), false};
  const std::vector<std::uint32_t> rows = make_row_words(code);
  const auto n_rows = static_cast<std::uint32_t>(code.rows.size());
  if (has_short_rows(code, tensor.dtype)) {
    std::vector<std::uint32_t> sizes(rows.size());
    for (std::size_t i = 0; i < code.rows.size(); ++i) {
      sizes[i] = row_size(code.rows, i, tensor.dtype.bits);
    }
    SizedRowValues sized{rows.data(), sizes.data(), n_rows, most};
    std::vector<Status> of_streams = statuses(sized);
    return {std::move(of_streams), sized.outside};
  }
  return {statuses(RowValues{rows.data(), n_rows, most}), false};
}

template <class Coder>
DecodedStreams decode_all(const CodedTensor& tensor, const MutablePatterns& values) {
  const unsigned R = tensor.code.table_log;
  if (tensor.code.coding == Coding::kRaw && isa() != Isa::kScalar) {
    DecodedStreams streams;
    const auto to = [&](const auto& span) {
      return decode_raw(std::span(tensor.streams), tensor.layout(), tensor.dtype.bits, span.data(),
                        streams.statuses);
    };
    if (std::visit(to, values)) return streams;
  }
  if constexpr (Coder::lane == LaneKind::kRans) {
    if (R <= kRansLaneTableLog) {
      const std::vector<std::uint32_t> slots = Coder::unit_table(tensor.code);
      return decode_by(RansFastDecoder{{slots.data(), R}}, tensor, values);
    }
  }
  if constexpr (Coder::lane == LaneKind::kArith) {
    const std::vector<std::uint32_t> slots = make_rans_slots(tensor.code.freq, R);
    return decode_by(ArithFastDecoder{{slots.data(), R}}, tensor, values);
  }
  const std::vector<std::uint32_t> table = Coder::table(tensor.code);
  return decode_by(typename Coder::Decoder{table.data(), R}, tensor, values);
}

template <class Coder>
constexpr Codec make_codec(Coding coding, std::string_view name, unsigned max_rows,
                           unsigned min_table_log, unsigned max_table_log) {
  return {coding,
          name,
          max_rows,
          min_table_log,
          max_table_log,
          Coder::pairs,
          Coder::lane,
          &Coder::table,
          &Coder::unit_table,
          &encode_all<Coder>,
          &decode_one<Coder>,
          &trace_one<Coder>,
          &decode_all<Coder>};
}

constexpr std::array kCodecs{
    make_codec<Tans>(Coding::kRaw, "raw", 1, 0, 0),
    make_codec<Tans>(Coding::kTans, "tans", 0, 0, kMaxTableLog),
    make_codec<Rans>(Coding::kRans, "rans", 0, 0, kMaxTableLog),
    make_codec<Tans>(Coding::kApackTans, "apack-tans", kMaxApackRows, 0, kMaxTableLog),
    make_codec<Rans>(Coding::kApackRans, "apack-rans", kMaxApackRows, 0, kMaxTableLog),
    make_codec<Arith>(Coding::kApackAc, "apack-ac", kMaxApackRows, kArithTableLog, kArithTableLog),
    make_codec<TansPair>(Coding::kApackTansPair, "apack-tans-pair", kMaxApackRows, 0, kMaxTableLog),
    make_codec<Nrans>(Coding::kApackNrans, "apack-nrans", kMaxApackRows, 0, kNransTableLog),
};
static_assert([] {
  for (std::size_t i = 0; i < kCodecs.size(); ++i) {
    if (static_cast<std::size_t>(kCodecs[i].coding) != i) return false;
  }
  return true;
}());

}  // namespace

std::span<const Codec> codecs() { return kCodecs; }

const Codec& codec(Coding coding) {
  const auto number = static_cast<std::size_t>(coding);
  require_range("codec", "coding", number, 0, kCodecs.size() - 1);
  return kCodecs[number];
}

const Codec* find_codec(std::string_view name) {
  const auto found =
      std::find_if(kCodecs.begin(), kCodecs.end(), [&](const Codec& c) { return c.name == name; });
  return found == kCodecs.end() ? nullptr : &*found;
}

namespace {

void check_entries(std::span<const std::uint32_t> table) {
  for (std::size_t t = 0; t < table.size(); ++t) {
    const Entry e = to_entry(table[t]);
    const auto R = static_cast<unsigned>(std::countr_zero(table.size()));
    if (e.nbits > R || e.base + (std::uint64_t{1} << e.nbits) > table.size()) {
      refuse_at("check_table", "table", t, table[t],
                "must stay below 2^" + std::to_string(R) + " with base " + std::to_string(e.base) +
                    " and " + std::to_string(e.nbits) + " bits");
    }
  }
}

void check_packed_slots(std::span<const std::uint32_t> table, unsigned R) {
  for (std::uint32_t slot = 0; slot < std::uint32_t{1} << R; ++slot) {
    const std::uint32_t s = table[kRansSymbolWords + slot / 4] >> 8 * (slot % 4) & 0xff;
    const std::uint32_t freq = table[s] & 0xffff, cum = table[s] >> 16;
    if (slot < cum || slot - cum >= freq) {
      refuse_at("check_table", "table", s, table[s],
                "must have slot " + std::to_string(slot) + ", which names its symbol");
    }
  }
}

/// Slots that are words of their own: a symbol's lie one after the other, as many as its frequency.
void check_slot_words(std::span<const std::uint32_t> table) {
  for (std::size_t t = 0, first = 0; t < table.size(); ++t) {
    const RansEntry head = to_rans_entry(table[first]), e = to_rans_entry(table[t]);
    if (e.symbol != head.symbol || e.freq != head.freq || e.bias != t - first ||
        first + e.freq > table.size()) {
      refuse_at("check_table", "table", t, table[t],
                "must be slot " + std::to_string(t - first) + " of the " +
                    std::to_string(head.freq) + " of symbol " + std::to_string(head.symbol) +
                    ", within 2^R");
    }
    if (t + 1 == first + e.freq) first = t + 1;
  }
}

void check_counts(std::span<const std::uint32_t> cum) {
  for (std::size_t s = 0; s < cum.size(); ++s) {
    const std::uint32_t least = s == 0 ? 0 : cum[s - 1];
    const std::uint32_t most = s == 0 ? 0 : std::uint32_t{1} << kArithTableLog;
    if (cum[s] < least || cum[s] > most || (s + 1 == cum.size() && cum[s] != most)) {
      refuse_at("check_table", "table", s, cum[s], "must ascend from 0 to 2^10");
    }
  }
}

}  // namespace

void check_table(LaneKind kind, std::span<const std::uint32_t> table, unsigned table_log) {
  require_range("check_table", "kind", static_cast<unsigned>(kind), 0, kLaneKinds - 1);
  const bool arith = kind == LaneKind::kArith;
  const unsigned most = kind == LaneKind::kRans ? kMaxTableLog : max_lane_table_log(kind);
  require_range("check_table", "table log", table_log, arith ? most : 0, most);
  const std::size_t L = std::size_t{1} << table_log;
  const std::size_t n_words = arith                     ? kMaxAlphabet + 1
                              : kind == LaneKind::kRans ? kRansSymbolWords + (L + 3) / 4
                                                        : L;
  require_range("check_table", "number of words", table.size(), n_words, n_words);
  if (arith) {
    check_counts(table);
  } else if (kind == LaneKind::kRans) {
    check_packed_slots(table, table_log);
  } else if (kind == LaneKind::kNrans) {
    check_slot_words(table);
  } else {
    check_entries(table);
  }
}

}  // namespace transom
