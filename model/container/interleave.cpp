// interleave.cpp — records of the wide unit: tensors to halfwords in the order of lanes in
// lockstep, and back.
// SPDX-License-Identifier: Apache-2.0
#include "transom/container/interleave.hpp"

#include <cassert>
#include <string>

#include "transom/base/bits.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/table/ranges.hpp"

namespace transom {

std::array<std::uint32_t, kWideHeaderWords> to_words(const WideHeader& h) {
  return {h.table_log | h.coding << 4 | (h.n_streams - 1) << 8 | (h.value_bits - 1) << 16 |
              (h.n_rows - 1) << 20 | unsigned{h.plain} << 24 | h.reserved << 25,
          h.n_values, h.n_halves};
}

WideHeader to_wide_header(std::span<const std::uint32_t, kWideHeaderWords> words) {
  const std::uint32_t w = words[0];
  return {.table_log = w & 0xf,
          .coding = w >> 4 & 0xf,
          .n_streams = (w >> 8 & 0xff) + 1,
          .value_bits = (w >> 16 & 0xf) + 1,
          .n_rows = (w >> 20 & 0xf) + 1,
          .plain = (w >> 24 & 1) != 0,
          .n_values = words[1],
          .n_halves = words[2],
          .reserved = w >> 25};
}

const char* why_bad_header(const WideHeader& h, const WideLimits& limits) {
  if (h.reserved != 0) return "bits 25..31 must be zero";
  if (h.value_bits > limits.max_offset) return "values are wider than the unit's offsets";
  if (h.raw()) {
    if (h.table_log != 0 || h.n_streams != 1 || h.n_rows != 1 || h.plain) {
      return "raw values have no table, one stream and one row";
    }
    const std::uint64_t bits = std::uint64_t{h.n_values} * h.raw_bits();
    return h.n_halves == (bits + 15) / 16 ? nullptr : "raw values fill their halfwords";
  }
  const Coding coding = h.tans() ? Coding::kApackTans : Coding::kApackNrans;
  if (h.coding != static_cast<unsigned>(coding)) return "the coding is not known";
  if (limits.coding.value_or(coding) != coding) return "the coding is not that of the unit's lanes";
  if (h.n_values == 0) return "no values are stored raw";
  if (h.table_log > std::min(limits.table_log, max_wide_table_log(coding))) {
    return "the table log is over the unit's";
  }
  if (h.n_streams > limits.n_lanes) return "there are more streams than lanes";
  if (h.plain && !h.is_identity()) return "rows are not the values";
  return nullptr;
}

void WideTable::derive(const WideHeader& h) {
  const std::uint32_t slots = 1u << h.table_log, values = 1u << h.value_bits;
  good = cum[0] == 0 && vmin[0] == 0;
  unsigned most_symbol = 0, most_offset = 0;
  for (unsigned i = 0; i < h.room(); ++i) {
    if (i >= h.n_rows) {
      good = good && cum[i] == slots && (h.plain || vmin[i] == 0);
      continue;
    }
    if (h.plain) vmin[i] = static_cast<value_t>(i);
    const bool last = i + 1 == h.n_rows;
    const std::uint32_t next_cum = last ? slots : cum[i + 1];
    const std::uint32_t next_vmin = last ? values : h.plain ? i + 1 : vmin[i + 1];
    good = good && cum[i] <= next_cum && next_cum <= slots && vmin[i] < next_vmin &&
           next_vmin <= values;
    if (!good) return;
    offset_bits[i] = static_cast<std::uint8_t>(std::bit_width(next_vmin - vmin[i] - 1));
    most_offset = std::max<unsigned>(most_offset, offset_bits[i]);
    if (next_cum != cum[i]) {
      const auto log = static_cast<unsigned>(std::bit_width(next_cum - cum[i])) - 1;
      most_symbol = std::max(most_symbol, h.table_log - log);
    }
  }
  symbol_bits_wanted = kWideSymbolRounds * most_symbol;
  offset_bits_wanted = kWideOffsetRounds * most_offset;
  symbol_passes = (symbol_bits_wanted + 15) / 16;
  offset_passes = (offset_bits_wanted + 15) / 16;
}

namespace {

/// Halfwords as they fill words, from the lower half on.
class HalfWriter {
 public:
  explicit HalfWriter(std::vector<std::uint32_t>& words) : words_(words) {}
  void put(std::uint32_t half) {
    if (n_++ % 2 == 0) {
      words_.push_back(half);
    } else {
      words_.back() |= half << 16;
    }
  }
  std::uint64_t n() const { return n_; }

 private:
  std::vector<std::uint32_t>& words_;
  std::uint64_t n_ = 0;
};

std::uint32_t half_at(std::span<const std::uint32_t> words, std::uint64_t i) {
  return words[i / 2] >> i % 2 * 16 & 0xffff;
}

/// The streams of a coded tensor, a halfword at a time.
template <class Decoder>
class Interleaver {
 public:
  Interleaver(const CodedTensor& tensor, const WideHeader& header, HalfWriter& out)
      : header_(header),
        table_(codec(tensor.code.coding).make_table(tensor.code)),
        rows_(tensor.code.rows),
        out_(out) {
    for (const StreamWords& words : tensor.streams) {
      streams_.push_back({{table_.data(), tensor.code.table_log},
                          BitReader(words.symbols),
                          BitReader(words.symbols),
                          BitReader(words.offsets)});
    }
  }

  void state(std::uint32_t s) {
    Stream& stream = streams_[s];
    stream.decoder.start(stream.in);
    stream.symbols.read(header_.state_bits());
    out_.put(stream.decoder.t << header_.state_shift());
  }
  void symbols(std::uint32_t s) { out_.put(streams_[s].symbols.read(16)); }
  void offsets(std::uint32_t s) { out_.put(streams_[s].offsets.read(16)); }
  std::pair<unsigned, unsigned> step(std::uint32_t s) {
    Stream& stream = streams_[s];
    const std::uint64_t before = stream.in.position();
    const symbol_t symbol = stream.decoder.step(stream.in);
    return {static_cast<unsigned>(stream.in.position() - before), rows_[symbol].offset_bits};
  }

 private:
  struct Stream {
    Decoder decoder;
    BitReader in;  ///< of the decoder
    BitReader symbols, offsets;
  };
  const WideHeader& header_;
  std::vector<std::uint32_t> table_;
  std::span<const Row> rows_;
  HalfWriter& out_;
  std::vector<Stream> streams_;
};

/// Bits that have come and not gone.
struct Buffer {
  std::uint64_t bits = 0;
  unsigned n = 0;

  void put(std::uint32_t half) {
    bits |= std::uint64_t{half} << n;
    n += 16;
  }
  std::uint32_t read(unsigned nbits) {
    assert(nbits <= n);
    const auto value = static_cast<std::uint32_t>(bits) & low_bits(nbits);
    bits >>= nbits;
    n -= nbits;
    return value;
  }
};

/// Halfwords as the streams of a tensor: it decodes, to see what is whose.
template <class Decoder>
class Deinterleaver {
 public:
  Deinterleaver(const Code& code, const WideHeader& header, std::span<const std::uint32_t> payload)
      : header_(header),
        table_(codec(code.coding).make_table(code)),
        rows_(code.rows),
        payload_(payload),
        n_(header.n_halves),
        streams_(header.n_streams, Stream{{table_.data(), code.table_log}}) {}

  void state(std::uint32_t s) {
    Stream& stream = streams_[s];
    const unsigned shift = header_.state_shift(), nbits = header_.state_bits();
    const std::uint32_t half = take(), t = half >> shift & low_bits(nbits);
    bad_state_ |= half != t << shift;
    stream.decoder.t = t;
    stream.words.symbols.append(t, nbits);
  }
  void symbols(std::uint32_t s) { streams_[s].symbols.put(take()); }
  void offsets(std::uint32_t s) { streams_[s].offsets.put(take()); }
  std::pair<unsigned, unsigned> step(std::uint32_t s) {
    Stream& stream = streams_[s];
    const Buffer before = stream.symbols;
    const unsigned nbits = rows_[stream.decoder.step(stream.symbols)].offset_bits;
    const unsigned took = before.n - stream.symbols.n;
    stream.words.symbols.append(static_cast<std::uint32_t>(before.bits) & low_bits(took), took);
    stream.words.offsets.append(stream.offsets.read(nbits), nbits);
    return {took, nbits};
  }

  Status status() const {
    if (truncated_) return Status::kTruncated;
    bool bad_state = bad_state_, trailing = at_ != n_;
    for (const Stream& stream : streams_) {
      bad_state |= !stream.decoder.at_end();
      trailing |= stream.symbols.bits != 0 || stream.offsets.bits != 0;
    }
    if (bad_state) return Status::kBadState;
    if (n_ % 2 != 0) trailing |= half_at(payload_, n_) != 0;
    return trailing ? Status::kTrailing : Status::kOk;
  }
  std::vector<StreamWords> take_streams() {
    std::vector<StreamWords> words;
    for (Stream& stream : streams_) {
      words.push_back({stream.words.symbols.take(), stream.words.offsets.take()});
    }
    return words;
  }

 private:
  struct Stream {
    Decoder decoder;
    Buffer symbols = {}, offsets = {};
    struct {
      BitWriter symbols, offsets;
    } words = {};
  };
  std::uint32_t take() {
    if (at_ < n_) return half_at(payload_, at_++);
    truncated_ = true;
    return 0;
  }

  const WideHeader& header_;
  std::vector<std::uint32_t> table_;
  std::span<const Row> rows_;
  std::span<const std::uint32_t> payload_;
  std::uint64_t n_;
  std::uint64_t at_ = 0;
  bool truncated_ = false, bad_state_ = false;
  std::vector<Stream> streams_;
};

void append_raw(const CodedTensor& tensor, const WideHeader& header,
                std::vector<std::uint32_t>& words) {
  BitWriter out;
  std::vector<value_t> values(header.n_values);
  codec(Coding::kRaw).decode_streams(tensor, values);
  for (const value_t value : values) out.append(value, header.raw_bits());
  const std::vector<std::uint32_t> payload = out.take();
  words.insert(words.end(), payload.begin(), payload.end());
}

void append_table(const WideHeader& header, const WideTable& table,
                  std::vector<std::uint32_t>& words) {
  HalfWriter out(words);
  for (unsigned i = 0; i < header.count_halves(); ++i) out.put(table.cum[i]);
  const bool bytes = header.value_bits <= 8;
  for (unsigned i = 0; i < header.row_halves(); ++i) {
    out.put(bytes ? table.vmin[2 * i] | std::uint32_t{table.vmin[2 * i + 1]} << 8 : table.vmin[i]);
  }
}

WideTable table_of(const Code& code, const WideHeader& header) {
  WideTable table;
  const std::vector<std::uint32_t> cum = make_nrans_counts(code.freq, code.table_log);
  std::copy(cum.begin(), cum.end(), table.cum.begin());
  for (std::size_t i = 0; i < code.rows.size(); ++i) table.vmin[i] = code.rows[i].vmin;
  table.derive(header);
  assert(table.good);
  return table;
}

WideTensor read_raw(const WideHeader& header, std::span<const std::uint32_t> payload) {
  WideTensor tensor;
  tensor.code = raw_code({static_cast<std::uint8_t>(header.value_bits), false});
  BitReader in(payload);
  BitWriter out;
  std::uint32_t beyond = 0;
  for (std::uint32_t i = 0; i < header.n_values; ++i) {
    const std::uint32_t value = in.read(header.raw_bits());
    beyond |= value >> header.value_bits;
    out.append(value & low_bits(header.value_bits), header.value_bits);
  }
  tensor.streams.push_back({{}, out.take()});
  if (!in.clean_end()) tensor.status = Status::kTrailing;
  if (beyond != 0) tensor.status = Status::kBadValue;
  return tensor;
}

}  // namespace

std::vector<std::uint32_t> wide_record(const CodedTensor& tensor) {
  check_coded(tensor, "wide_record");
  const Code& code = tensor.code;
  const std::string of_tensor = " of tensor '" + tensor.name + "'";
  const bool raw = code.coding == Coding::kRaw, tans = code.coding == Coding::kApackTans;
  if (!raw && !tans && code.coding != Coding::kApackNrans) {
    refuse("wide_record", "the coding" + of_tensor, codec(code.coding).name,
           "must be raw, apack-nrans or apack-tans");
  }
  require_range("wide_record", "table log" + of_tensor, code.table_log, 0,
                max_wide_table_log(code.coding));
  if (tans && code.spread != Spread::kStep) {
    refuse("wide_record", "the spread" + of_tensor, static_cast<unsigned>(code.spread),
           "must be step, which hardware builds");
  }
  require_range("wide_record", "chunk" + of_tensor, raw ? 1 : tensor.chunk, 1, 1);
  require_range("wide_record", "number of streams" + of_tensor, raw ? 1 : tensor.streams.size(), 1,
                kMaxWideLanes);
  WideHeader header{.table_log = code.table_log,
                    .coding = static_cast<unsigned>(code.coding),
                    .n_streams = raw ? 1 : static_cast<unsigned>(tensor.streams.size()),
                    .value_bits = tensor.dtype.bits,
                    .n_rows = static_cast<unsigned>(code.rows.size()),
                    .n_values = tensor.layout().n_values};
  header.plain = header.is_identity();
  if (!raw && header.n_values == 0) {
    refuse("wide_record", "number of values" + of_tensor, 0u, "must be 1 or more, or stored raw");
  }
  std::vector<std::uint32_t> words(kWideHeaderWords);
  if (raw) {
    header.n_halves =
        static_cast<std::uint32_t>((std::uint64_t{header.n_values} * header.raw_bits() + 15) / 16);
    append_raw(tensor, header, words);
  } else {
    const WideTable table = table_of(code, header);
    append_table(header, table, words);
    HalfWriter out(words);
    const auto write = [&](auto on) { walk_interleaved(header, table, on); };
    tans ? write(Interleaver<TansDecoder>(tensor, header, out))
         : write(Interleaver<NransDecoder<>>(tensor, header, out));
    require_range("wide_record", "halfwords" + of_tensor, out.n(), 0, UINT32_MAX);
    header.n_halves = static_cast<std::uint32_t>(out.n());
  }
  const auto first = to_words(header);
  std::copy(first.begin(), first.end(), words.begin());
  assert(words.size() == header.n_words());
  return words;
}

WideTensor read_wide_record(const WideHeader& header, std::span<const std::uint32_t> record) {
  require_range("read_wide_record", "number of words", record.size(), header.n_words(),
                header.n_words());
  std::uint64_t at = 2 * kWideHeaderWords;
  if (header.raw()) return read_raw(header, record.subspan(at / 2));
  WideTable table;
  for (unsigned i = 0; i < header.count_halves(); ++i) {
    table.cum[i] = static_cast<std::uint16_t>(half_at(record, at++));
  }
  for (unsigned i = 0; i < header.row_halves(); ++i) {
    const std::uint32_t half = half_at(record, at++);
    if (header.value_bits > 8) {
      table.vmin[i] = static_cast<value_t>(half);
    } else {
      table.vmin[2 * i] = static_cast<value_t>(half & 0xff);
      table.vmin[2 * i + 1] = static_cast<value_t>(half >> 8);
    }
  }
  table.derive(header);
  WideTensor tensor;
  if (!table.good) {
    tensor.status = Status::kBadTable;
    return tensor;
  }
  tensor.code = {static_cast<Coding>(header.coding),
                 header.table_log,
                 header.tans() ? Spread::kStep : Spread::kTuned,
                 {},
                 {}};
  for (unsigned row = 0; row < header.n_rows; ++row) {
    tensor.code.freq.push_back(table.freq(row, header));
    tensor.code.rows.push_back({table.vmin[row], table.offset_bits[row]});
  }
  const auto read = [&](auto on) {
    walk_interleaved(header, table, on);
    tensor.status = on.status();
    tensor.streams = on.take_streams();
  };
  const auto payload = record.subspan(at / 2);
  header.tans() ? read(Deinterleaver<TansDecoder>(tensor.code, header, payload))
                : read(Deinterleaver<NransDecoder<>>(tensor.code, header, payload));
  return tensor;
}

}  // namespace transom
