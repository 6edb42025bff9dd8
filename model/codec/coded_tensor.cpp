// coded_tensor.cpp — whole tensors through the codecs: what is asked of them, encode, decode,
// verdicts.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <type_traits>

#include "transom/base/crc32.hpp"
#include "transom/codec/codec.hpp"
#include "transom/codec/count.hpp"
#include "transom/codec/encode_streams.hpp"
#include "transom/fast/raw.hpp"
#include "transom/table/pairs.hpp"
#include "transom/table/ranges.hpp"

namespace transom {

namespace {

/// Whether no value has more than W bits. A plain loop, which compilers turn into vectors.
bool fit(const Patterns& values, unsigned W) {
  const auto of_span = [W]<class T>(std::span<T> span) {
    if (8 * sizeof(T) <= W) return true;
    std::remove_const_t<T> bits = 0;
    for (const T v : span) bits |= v;
    return bits >> W == 0;
  };
  return std::visit(of_span, values);
}

/// CRC-32C of values in `width` bytes each.
template <class T>
std::uint32_t crc_of(std::span<const T> values, std::size_t width, std::uint32_t crc) {
  std::array<std::uint8_t, 8192> bytes;  // in pieces: a tensor may be large
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

}  // namespace

std::uint32_t checksum(const Patterns& values, const DType& dtype, std::uint32_t before) {
  const std::size_t width = dtype.bits <= 8 ? 1 : 2;
  if (const auto* bytes = std::get_if<0>(&values); bytes != nullptr && width == 1) {
    return crc32c(*bytes, before);
  }
  return std::visit([&](const auto& span) { return crc_of(span, width, before); }, values);
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
void check_tensor(const TensorView& tensor) {
  const auto of_tensor = [&](std::string_view what) {
    return std::string(what) + " of tensor '" + std::string(tensor.name) + "'";
  };
  const auto n = n_values(tensor.shape);
  if (n != tensor.n_values()) {
    refuse("encode", of_tensor("number of values"), tensor.n_values(),
           "must be " + (n ? std::to_string(*n) : "below 2^32") + ", as the shape has");
  }
  const unsigned W = tensor.dtype.bits;
  if (fit(tensor.values, W)) return;
  const auto refuse_first = [&](const auto& span) {
    const auto bad = std::find_if(span.begin(), span.end(), [W](value_t v) { return v >> W != 0; });
    refuse("encode", of_tensor("values[" + std::to_string(bad - span.begin()) + "]"),
           std::uint32_t{*bad}, "must be 0.." + std::to_string((1u << W) - 1));
  };
  std::visit(refuse_first, tensor.values);
}

[[noreturn, gnu::cold, gnu::noinline]] void refuse_value(std::string_view tensor, std::uint32_t i,
                                                         value_t value) {
  refuse("encode", "values[" + std::to_string(i) + "] of tensor '" + std::string(tensor) + "'",
         value, "must have a frequency");
}

/// Throws unless the pairs of a stream's symbols have a frequency.
void check_pairs(std::string_view tensor, const Code& code, std::span<const symbol_t> symbols) {
  const std::size_t A = code.rows.size();
  const auto refuse_pair = [&](const std::string& pair) {
    refuse("encode", "the pair of symbols of tensor '" + std::string(tensor) + "'", pair,
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

/// The symbols of a stream; its offsets become words. Throws for a symbol without a frequency,
/// unless symbols have none but in pairs.
template <class T>
std::vector<symbol_t> split(const TensorView& tensor, std::span<const T> values, const Code& code,
                            const PrefixMap& map, const StreamLayout& layout, std::uint32_t stream,
                            std::vector<std::uint32_t>& offset_words) {
  const bool pairs = codec(code.coding).pairs;
  const std::span<const symbol_t> prefix = map.symbols();
  std::vector<symbol_t> symbols;
  symbols.reserve(layout.stream_values(stream));
  BitWriter offsets;
  layout.for_each(stream, [&](std::uint32_t i) {
    const value_t value = values[i];
    const symbol_t s = prefix[value];
    if (!pairs && code.freq[s] == 0) [[unlikely]]
      refuse_value(tensor.name, i, value);
    symbols.push_back(s);
    offsets.append(static_cast<std::uint32_t>(value - code.rows[s].vmin), code.rows[s].offset_bits);
  });
  offset_words = offsets.take();
  if (pairs) check_pairs(tensor.name, code, symbols);
  return symbols;
}

}  // namespace

void check_encode(const TensorView& tensor, const Code& code, std::uint32_t n_streams,
                  std::uint32_t chunk) {
  if (const std::string why = why_not_a_code(code, tensor.dtype); !why.empty()) {
    refuse("encode", "code", codec(code.coding).name, why);
  }
  check_tensor(tensor);
  require_range("encode", "n_streams", n_streams, 1, kMaxStreams);
  require_range("encode", "chunk", chunk, 1, UINT32_MAX);
}

CodedTensor encode(const TensorView& tensor, const Code& code, std::uint32_t n_streams,
                   std::uint32_t chunk) {
  check_encode(tensor, code, n_streams, chunk);
  n_streams = std::min(n_streams, std::max(static_cast<std::uint32_t>(tensor.n_values()), 1u));
  CodedTensor coded{std::string(tensor.name),
                    tensor.dtype,
                    {tensor.shape.begin(), tensor.shape.end()},
                    code,
                    chunk,
                    std::vector<StreamWords>(n_streams),
                    checksum(tensor.values, tensor.dtype)};
  if (!uses_spread(code.coding)) coded.code.spread = Spread::kTuned;
  const StreamLayout layout = coded.layout();
  if (code.coding == Coding::kRaw) {
    const auto raw = [&](const auto& values) {
      encode_raw(values.data(), layout, tensor.dtype.bits, std::span(coded.streams));
    };
    std::visit(raw, tensor.values);
    return coded;
  }
  const PrefixMap map(code.rows, tensor.dtype.bits);
  if (encode_streams(tensor, map, coded)) return coded;
  coded.streams.assign(n_streams, {});
  std::vector<std::vector<symbol_t>> symbols(n_streams);
  const auto split_all = [&](const auto& values) {
    for (std::uint32_t stream = 0; stream < n_streams; ++stream) {
      symbols[stream] =
          split(tensor, values, code, map, layout, stream, coded.streams[stream].offsets);
    }
  };
  std::visit(split_all, tensor.values);
  auto words = codec(code.coding).encode(code, symbols);
  for (std::uint32_t stream = 0; stream < n_streams; ++stream) {
    coded.streams[stream].symbols = std::move(words[stream]);
  }
  return coded;
}

namespace {

/// All but the checksum. @param outside whether an offset is not below its row's size
Status status_of_part(const CodedTensor& tensor, const Patterns& values,
                      std::span<const Status> streams, bool outside) {
  const auto bad =
      std::find_if(streams.begin(), streams.end(), [](Status s) { return s != Status::kOk; });
  if (bad != streams.end()) return *bad;
  return outside || !fit(values, tensor.dtype.bits) ? Status::kBadValue : Status::kOk;
}

Status status_of(const CodedTensor& tensor, const Patterns& values, std::span<const Status> streams,
                 bool outside) {
  const Status status = status_of_part(tensor, values, streams, outside);
  if (status != Status::kOk) return status;
  return checksum(values, tensor.dtype) == tensor.checksum ? Status::kOk : Status::kBadChecksum;
}

}  // namespace

Decoded judge(const CodedTensor& tensor, std::vector<value_t> values, std::vector<Status> streams,
              bool outside) {
  check_coded(tensor, "judge");
  const StreamLayout layout = tensor.layout();
  require_range("judge", "number of values", values.size(), layout.n_values, layout.n_values);
  require_range("judge", "number of statuses", streams.size(), layout.n_streams, layout.n_streams);
  const Status status = status_of(tensor, values, streams, outside);
  return {status, std::move(values), std::move(streams)};
}

Decoded judge(const CodedTensor& tensor, std::vector<value_t> values, std::vector<Status> streams) {
  check_coded(tensor, "judge");
  const bool ok =
      std::all_of(streams.begin(), streams.end(), [](Status s) { return s == Status::kOk; });
  bool outside = false;
  if (ok && has_short_rows(tensor.code, tensor.dtype)) {
    std::vector<value_t> again(tensor.layout().n_values);
    outside = codec(tensor.code.coding).decode_streams(tensor, again).outside;
  }
  return judge(tensor, std::move(values), std::move(streams), outside);
}

namespace {

/// decode() of a tensor that check_coded() has passed, into room for it.
template <class Judge>
Statuses decode_checked(const CodedTensor& tensor, const MutablePatterns& values,
                        const Judge& judge_values) {
  DecodedStreams streams = codec(tensor.code.coding).decode_streams(tensor, values);
  const auto written = [](const auto& span) -> Patterns { return span; };
  const Status status =
      judge_values(tensor, std::visit(written, values), streams.statuses, streams.outside);
  return {status, std::move(streams.statuses)};
}

/// Throws unless it is a tensor, and there is room for its values.
void check_room(const CodedTensor& tensor, const MutablePatterns& values) {
  check_coded(tensor, "decode");
  const std::size_t n = tensor.layout().n_values;
  require_range("decode", "number of values", n_patterns(values), n, n);
  if (std::holds_alternative<std::span<std::uint8_t>>(values)) {
    require_range("decode", "value bits, into bytes,", tensor.dtype.bits, 1, 8);
  }
}

}  // namespace

Statuses decode(const CodedTensor& tensor, const MutablePatterns& values) {
  check_room(tensor, values);
  return decode_checked(tensor, values, status_of);
}

Statuses decode_part(const CodedTensor& tensor, const MutablePatterns& values) {
  check_room(tensor, values);
  return decode_checked(tensor, values, status_of_part);
}

Decoded decode(const CodedTensor& tensor) {
  check_coded(tensor, "decode");
  std::vector<value_t> values(tensor.layout().n_values);
  Statuses statuses = decode_checked(tensor, values, status_of);
  return {statuses.status, std::move(values), std::move(statuses.streams)};
}

}  // namespace transom
