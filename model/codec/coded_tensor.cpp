// coded_tensor.cpp — whole tensors through the codecs: what is asked of them, encode, decode,
// verdicts. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "transom/base/crc32.hpp"
#include "transom/codec/codec.hpp"
#include "transom/table/pairs.hpp"
#include "transom/table/ranges.hpp"

namespace transom {

namespace {

/// The bits that are set in some value. A plain loop, which compilers turn into vectors.
std::uint32_t all_bits(std::span<const value_t> values) {
  value_t bits = 0;
  for (const value_t v : values) bits |= v;
  return bits;
}

}  // namespace

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

StreamLayout CodedTensor::layout() const {
  const auto n = n_values(shape);
  if (!n) refuse("CodedTensor::layout", "shape", "2^32 values or more", "must have fewer");
  require_range("CodedTensor::layout", "number of streams", streams.size(), 0, kMaxStreams);
  return {*n, static_cast<std::uint32_t>(streams.size()), chunk};
}

std::string why_not_a_code(const Code& code, const DType& dtype) {
  const Codec& c = codec(code.coding);
  const auto text = [](auto n) { return std::to_string(n); };
  if (dtype.bits < 1 || dtype.bits > kMaxValueBits) {
    return "values have " + text(unsigned{dtype.bits}) + " bits; there must be 1.." +
           text(kMaxValueBits);
  }
  if (!dtype.exists())
    return "no float has " + text(unsigned{dtype.exponent_bits}) + " bits of exponent";
  if (static_cast<unsigned>(code.spread) >= kSpreads) {
    return "spread " + text(static_cast<unsigned>(code.spread)) + " is not in 0.." +
           text(kSpreads - 1);
  }
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

void check_coded(const CodedTensor& tensor, std::string_view function) {
  const auto wrong = [&](std::string_view what, std::string_view value, std::string_view limit) {
    refuse(function, std::string(what) + " of tensor '" + tensor.name + "'", value, limit);
  };
  if (const std::string why = why_not_a_code(tensor.code, tensor.dtype); !why.empty()) {
    wrong("code", codec(tensor.code.coding).name, why);
  }
  if (tensor.streams.empty() || tensor.streams.size() > kMaxStreams) {
    wrong("number of streams", std::to_string(tensor.streams.size()), "must be 1..65535");
  }
  if (tensor.chunk == 0) wrong("chunk", "0", "must be at least 1");
  if (!n_values(tensor.shape)) wrong("shape", "2^32 values or more", "must have fewer");
}

Code one_row_code(Coding coding, const DType& dtype) {
  require_range("one_row_code", "value bits", dtype.bits, 1, kMaxValueBits);
  const unsigned R = codec(coding).min_table_log;
  const Spread spread = uses_spread(coding) ? Spread::kStep : Spread::kTuned;
  return {coding, R, spread, {std::uint32_t{1} << R}, {Row{0, dtype.bits}}};
}

Code raw_code(const DType& dtype) { return one_row_code(Coding::kRaw, dtype); }

bool has_short_rows(const Code& code, const DType& dtype) {
  for (std::size_t i = 0; i < code.rows.size(); ++i) {
    if (row_size(code.rows, i, dtype.bits) < std::uint32_t{1} << code.rows[i].offset_bits) {
      return true;
    }
  }
  return false;
}

std::vector<std::uint32_t> make_row_words(const Code& code) {
  require_range("make_row_words", "number of rows", code.rows.size(), 0, kMaxAlphabet);
  std::vector<std::uint32_t> words(kMaxAlphabet);
  std::transform(code.rows.begin(), code.rows.end(), words.begin(),
                 [](const Row& row) { return to_word(row); });
  return words;
}

namespace {

/// Throws unless the values fill the shape and fit the type.
void check_tensor(const Tensor& tensor) {
  const auto of_tensor = [&](std::string_view what) {
    return std::string(what) + " of tensor '" + tensor.name + "'";
  };
  const auto n = n_values(tensor.shape);
  if (n != tensor.values.size()) {
    refuse("encode", of_tensor("number of values"), tensor.values.size(),
           "must be " + (n ? std::to_string(*n) : "below 2^32") + ", as the shape has");
  }
  const unsigned W = tensor.dtype.bits;
  if (all_bits(tensor.values) >> W == 0) return;
  const auto bad = std::find_if(tensor.values.begin(), tensor.values.end(),
                                [W](value_t v) { return v >> W != 0; });
  refuse("encode", of_tensor("values[" + std::to_string(bad - tensor.values.begin()) + "]"),
         std::uint32_t{*bad}, "must be 0.." + std::to_string((1u << W) - 1));
}

[[noreturn, gnu::cold, gnu::noinline]] void refuse_value(const Tensor& tensor, std::uint32_t i) {
  refuse("encode", "values[" + std::to_string(i) + "] of tensor '" + tensor.name + "'",
         tensor.values[i], "must have a frequency");
}

/// Throws unless the pairs of a stream's symbols have a frequency.
void check_pairs(const Tensor& tensor, const Code& code, std::span<const symbol_t> symbols) {
  const std::size_t A = code.rows.size();
  const auto refuse_pair = [&](const std::string& pair) {
    refuse("encode", "the pair of symbols of tensor '" + tensor.name + "'", pair,
           "must have a frequency");
  };
  for (std::size_t i = 0; i + 1 < symbols.size(); i += 2) {
    if (code.freq[symbols[i] * A + symbols[i + 1]] == 0) {
      refuse_pair(std::to_string(symbols[i]) + ", " + std::to_string(symbols[i + 1]));
    }
  }
  if (symbols.size() % 2 != 0 && !completion(code.freq, A, symbols.back())) {
    refuse_pair("odd last symbol " + std::to_string(symbols.back()));
  }
}

}  // namespace

CodedTensor encode(const Tensor& tensor, const Code& code, std::uint32_t n_streams,
                   std::uint32_t chunk) {
  if (const std::string why = why_not_a_code(code, tensor.dtype); !why.empty()) {
    refuse("encode", "code", codec(code.coding).name, why);
  }
  check_tensor(tensor);
  require_range("encode", "n_streams", n_streams, 1, kMaxStreams);
  require_range("encode", "chunk", chunk, 1, UINT32_MAX);
  n_streams = std::min(n_streams, std::max(static_cast<std::uint32_t>(tensor.values.size()), 1u));
  CodedTensor coded{tensor.name,
                    tensor.dtype,
                    tensor.shape,
                    code,
                    chunk,
                    std::vector<StreamWords>(n_streams),
                    checksum(tensor.values, tensor.dtype)};
  if (!uses_spread(code.coding)) coded.code.spread = Spread::kTuned;
  const StreamLayout layout = coded.layout();
  const Codec& c = codec(code.coding);
  const PrefixMap map(code.rows, tensor.dtype.bits);
  const std::span<const symbol_t> prefix = map.symbols();
  std::vector<std::vector<symbol_t>> symbols(n_streams);
  for (std::uint32_t stream = 0; stream < n_streams; ++stream) {
    symbols[stream].reserve(layout.stream_values(stream));
    BitWriter offsets;
    layout.for_each(stream, [&](std::uint32_t i) {
      const value_t value = tensor.values[i];
      const symbol_t s = prefix[value];
      if (!c.pairs && code.freq[s] == 0) [[unlikely]]
        refuse_value(tensor, i);
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

namespace {

/// @param outside whether an offset is not below its row's size
Decoded verdict(const CodedTensor& tensor, std::vector<value_t> values, std::vector<Status> streams,
                bool outside) {
  Decoded decoded{Status::kOk, std::move(values), std::move(streams)};
  const auto bad = std::find_if(decoded.streams.begin(), decoded.streams.end(),
                                [](Status s) { return s != Status::kOk; });
  if (bad != decoded.streams.end()) {
    decoded.status = *bad;
  } else if (outside ||
             std::reduce(decoded.values.begin(), decoded.values.end(), 0u, std::bit_or<>()) >>
                     tensor.dtype.bits !=
                 0) {
    decoded.status = Status::kBadValue;
  } else if (checksum(decoded.values, tensor.dtype) != tensor.checksum) {
    decoded.status = Status::kBadChecksum;
  }
  return decoded;
}

}  // namespace

Decoded judge(const CodedTensor& tensor, std::vector<value_t> values, std::vector<Status> streams) {
  check_coded(tensor, "judge");
  const StreamLayout layout = tensor.layout();
  require_range("judge", "number of values", values.size(), layout.n_values, layout.n_values);
  require_range("judge", "number of statuses", streams.size(), layout.n_streams, layout.n_streams);
  const bool ok =
      std::all_of(streams.begin(), streams.end(), [](Status s) { return s == Status::kOk; });
  const bool outside = ok && has_short_rows(tensor.code, tensor.dtype) &&
                       codec(tensor.code.coding).decode_streams(tensor).outside;
  return verdict(tensor, std::move(values), std::move(streams), outside);
}

Decoded decode(const CodedTensor& tensor) {
  check_coded(tensor, "decode");
  DecodedStreams streams = codec(tensor.code.coding).decode_streams(tensor);
  return verdict(tensor, std::move(streams.values), std::move(streams.statuses), streams.outside);
}

}  // namespace transom
