// codec.cpp — the table of codecs, and tensors through it.
// SPDX-License-Identifier: Apache-2.0
#include "transom/codec/codec.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "transom/base/crc32.hpp"
#include "transom/coder/arith.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans_pair.hpp"
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

template <class Coder>
std::vector<std::vector<std::uint32_t>> encode_all(const Code& code,
                                                   std::span<const std::vector<symbol_t>> symbols) {
  const auto encode_stream = Coder::encoder(code);
  std::vector<std::vector<std::uint32_t>> words;
  words.reserve(symbols.size());
  for (const auto& of_stream : symbols) words.push_back(encode_stream(of_stream));
  return words;
}

template <class Coder>
Status decode_one(const std::uint32_t* table, unsigned table_log, const std::uint32_t* rows,
                  const StreamWords& words, const StreamLayout& layout, std::uint32_t stream,
                  value_t* values) {
  return decode_stream(typename Coder::Decoder{table, table_log}, rows, BitReader(words.symbols),
                       BitReader(words.offsets), layout, stream, values);
}

template <class Coder>
std::vector<TracedValue> trace_one(const std::uint32_t* table, unsigned table_log,
                                   const std::uint32_t* rows, const StreamWords& words,
                                   std::uint32_t n_values) {
  return trace_stream(typename Coder::Decoder{table, table_log}, rows, BitReader(words.symbols),
                      BitReader(words.offsets), n_values);
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
          &trace_one<Coder>};
}

constexpr std::array kCodecs{
    make_codec<Tans>(Coding::kRaw, "raw", 1, 0, 0),
    make_codec<Tans>(Coding::kTans, "tans", 0, 0, kMaxTableLog),
    make_codec<Rans>(Coding::kRans, "rans", 0, 0, kMaxTableLog),
    make_codec<Tans>(Coding::kApackTans, "apack-tans", kMaxApackRows, 0, kMaxTableLog),
    make_codec<Rans>(Coding::kApackRans, "apack-rans", kMaxApackRows, 0, kMaxTableLog),
    make_codec<Arith>(Coding::kApackAc, "apack-ac", kMaxApackRows, kArithTableLog, kArithTableLog),
    make_codec<TansPair>(Coding::kApackTansPair, "apack-tans-pair", kMaxApackRows, 0, kMaxTableLog),
};
static_assert([] {
  for (std::size_t i = 0; i < kCodecs.size(); ++i) {
    if (static_cast<std::size_t>(kCodecs[i].coding) != i) return false;
  }
  return true;
}());

}  // namespace

std::span<const Codec> codecs() { return kCodecs; }

const Codec& codec(Coding coding) { return kCodecs.at(static_cast<std::size_t>(coding)); }

const Codec* find_codec(std::string_view name) {
  const auto found =
      std::find_if(kCodecs.begin(), kCodecs.end(), [&](const Codec& c) { return c.name == name; });
  return found == kCodecs.end() ? nullptr : &*found;
}

std::uint32_t checksum(std::span<const value_t> values, const DType& dtype) {
  const std::size_t width = dtype.bits <= 8 ? 1 : 2;
  std::array<std::uint8_t, 8192> bytes;  // in pieces: a tensor may be large
  std::uint32_t crc = 0;
  while (!values.empty()) {
    const auto piece = values.first(std::min(values.size(), bytes.size() / width));
    for (std::size_t i = 0; i < piece.size(); ++i) {
      bytes[i * width] = static_cast<std::uint8_t>(piece[i]);
      if (width == 2) bytes[i * 2 + 1] = static_cast<std::uint8_t>(piece[i] >> 8);
    }
    crc = crc32c(std::span(bytes).first(piece.size() * width), crc);
    values = values.subspan(piece.size());
  }
  return crc;
}

std::string why_not_a_code(const Code& code, const DType& dtype) {
  const Codec& c = codec(code.coding);
  const auto text = [](auto n) { return std::to_string(n); };
  if (code.table_log < c.min_table_log || code.table_log > c.max_table_log) {
    return "table log " + text(code.table_log) + " is not in " + text(c.min_table_log) + ".." +
           text(c.max_table_log);
  }
  const std::size_t max_rows = c.max_rows != 0 ? c.max_rows : kMaxAlphabet;
  if (code.rows.empty() || code.rows.size() > max_rows) {
    return text(code.rows.size()) + " rows; there must be 1.." + text(max_rows);
  }
  if (code.freq.size() != c.n_freq(code.rows.size())) {
    return text(code.freq.size()) + " frequencies for " + text(code.rows.size()) +
           " rows; there must be " + text(c.n_freq(code.rows.size()));
  }
  std::uint64_t sum = 0;
  for (const std::uint32_t f : code.freq) sum += f;
  if (sum != std::uint64_t{1} << code.table_log) {
    return "frequencies sum to " + text(sum) + ", not to 2^" + text(code.table_log);
  }
  if (code.rows != make_rows(row_starts(code.rows), dtype.bits)) {
    return "rows do not tile the values of " + text(dtype.bits) + " bits";
  }
  return {};
}

Code one_row_code(Coding coding, const DType& dtype) {
  const unsigned R = codec(coding).min_table_log;
  return {coding, R, Spread::kStep, {std::uint32_t{1} << R}, {Row{0, dtype.bits}}};
}

Code raw_code(const DType& dtype) { return one_row_code(Coding::kRaw, dtype); }

std::vector<std::uint32_t> make_row_words(const Code& code) {
  std::vector<std::uint32_t> words(kMaxAlphabet);
  std::transform(code.rows.begin(), code.rows.end(), words.begin(),
                 [](const Row& row) { return to_word(row); });
  return words;
}

namespace {

/// Throws unless the pairs of a stream's symbols have a frequency.
void check_pairs(const Tensor& tensor, const Code& code, std::span<const symbol_t> symbols) {
  const std::size_t A = code.rows.size();
  const auto refuse = [&](const std::string& what) {
    throw std::invalid_argument(what + " of tensor '" + tensor.name + "' has no frequency");
  };
  for (std::size_t i = 0; i + 1 < symbols.size(); i += 2) {
    if (code.freq[symbols[i] * A + symbols[i + 1]] == 0) {
      refuse("the pair of symbols " + std::to_string(symbols[i]) + ", " +
             std::to_string(symbols[i + 1]));
    }
  }
  if (symbols.size() % 2 != 0 && !completion(code.freq, A, symbols.back())) {
    refuse("a pair of symbols that begins with the odd last symbol " +
           std::to_string(symbols.back()));
  }
}

}  // namespace

CodedTensor encode(const Tensor& tensor, const Code& code, std::uint32_t n_streams,
                   std::uint32_t chunk) {
  if (const std::string why = why_not_a_code(code, tensor.dtype); !why.empty()) {
    throw std::invalid_argument(why);
  }
  if (n_streams == 0 || n_streams > kMaxStreams || chunk == 0) {
    throw std::invalid_argument(std::to_string(n_streams) + " streams of chunks of " +
                                std::to_string(chunk) + " values: streams must be 1.." +
                                std::to_string(kMaxStreams) + ", chunks at least 1");
  }
  n_streams = std::min(n_streams, std::max(static_cast<std::uint32_t>(tensor.values.size()), 1u));
  CodedTensor coded{tensor.name,
                    tensor.dtype,
                    tensor.shape,
                    code,
                    chunk,
                    std::vector<StreamWords>(n_streams),
                    checksum(tensor.values, tensor.dtype)};
  const StreamLayout layout = coded.layout();
  assert(layout.n_values == tensor.values.size());
  const Codec& c = codec(code.coding);
  const PrefixMap prefix(code.rows, tensor.dtype.bits);
  std::vector<std::vector<symbol_t>> symbols(n_streams);
  for (std::uint32_t stream = 0; stream < n_streams; ++stream) {
    symbols[stream].reserve(layout.stream_values(stream));
    BitWriter offsets;
    layout.for_each(stream, [&](std::uint32_t i) {
      const value_t value = tensor.values[i];
      const symbol_t s = prefix[value];
      if (!c.pairs && code.freq[s] == 0) {
        throw std::invalid_argument("value " + std::to_string(value) + " of tensor '" +
                                    tensor.name + "' has no frequency");
      }
      symbols[stream].push_back(s);
      offsets.append(static_cast<std::uint32_t>(value - code.rows[s].vmin),
                     code.rows[s].offset_bits);
    });
    coded.streams[stream].offsets = offsets.take();
    if (c.pairs) check_pairs(tensor, code, symbols[stream]);
  }
  auto words = c.encode(code, symbols);
  for (std::uint32_t stream = 0; stream < n_streams; ++stream) {
    coded.streams[stream].symbols = std::move(words[stream]);
  }
  return coded;
}

Decoded judge(const CodedTensor& tensor, std::vector<value_t> values, std::vector<Status> streams) {
  Decoded decoded{Status::kOk, std::move(values), std::move(streams)};
  const auto bad = std::find_if(decoded.streams.begin(), decoded.streams.end(),
                                [](Status s) { return s != Status::kOk; });
  if (bad != decoded.streams.end()) {
    decoded.status = *bad;
  } else if (std::reduce(decoded.values.begin(), decoded.values.end(), 0u, std::bit_or<>()) >>
                 tensor.dtype.bits !=
             0) {
    decoded.status = Status::kBadValue;
  } else if (checksum(decoded.values, tensor.dtype) != tensor.checksum) {
    decoded.status = Status::kBadChecksum;
  }
  return decoded;
}

Decoded decode(const CodedTensor& tensor) {
  const Codec& c = codec(tensor.code.coding);
  const StreamLayout layout = tensor.layout();
  const std::vector<std::uint32_t> table = c.make_table(tensor.code);
  const std::vector<std::uint32_t> rows = make_row_words(tensor.code);
  std::vector<value_t> values(layout.n_values);
  std::vector<Status> statuses(layout.n_streams);
  for (std::uint32_t stream = 0; stream < layout.n_streams; ++stream) {
    statuses[stream] = c.decode_stream(table.data(), tensor.code.table_log, rows.data(),
                                       tensor.streams[stream], layout, stream, values.data());
  }
  return judge(tensor, std::move(values), std::move(statuses));
}

}  // namespace transom
