// container_read.cpp — the bytes of FORMAT.md to tensors, believing nothing before it is checked.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "transom/container/container.hpp"
#include "transom/container/container_bytes.hpp"
#include "transom/container/container_layout.hpp"
#include "transom/container/table_code.hpp"
#include "transom/fast/raw.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
namespace {

using namespace layout;

/// Raw values of the tensor's order as the offset streams of its streams.
std::vector<StreamWords> split_raw(std::span<const std::uint32_t> words, const StreamLayout& layout,
                                   const DType& dtype) {
  std::vector<StreamWords> streams(layout.n_streams);
  const auto split = [&](auto values) {
    fast::unpack(words.data(), layout.n_values, dtype.bits, values.data());
    encode_raw(std::as_const(values).data(), layout, dtype.bits, std::span(streams));
  };
  if (dtype.bits <= 8) {
    split(std::vector<std::uint8_t>(layout.n_values));
  } else {
    split(std::vector<value_t>(layout.n_values));
  }
  return streams;
}

/// The table of a record, from its bytes; anything that is not exactly a table is refused.
void read_table(ByteReader& in, std::size_t n_bytes, Code& code, const DType& dtype) {
  const auto words = in.words((n_bytes + 3) / 4, "table");
  BitReader bits(words);
  const auto bad = [&](const char* what) { in.fail(Status::kBadTable, "table", what); };
  if (code.coding == Coding::kRaw) {
    if (n_bytes != 0) bad("raw values have none");
    code = raw_code(dtype);
    return;
  }
  const Codec& c = codec(code.coding);
  std::vector<std::uint32_t> sizes(std::size_t{1} << std::min<unsigned>(dtype.bits, 8), 1);
  if (!codes_whole_values(code.coding, dtype)) {
    const std::size_t n_rows = bits.read(8) + std::size_t{1};
    if (c.max_rows != 0 && n_rows > c.max_rows) bad("more rows than the coding takes");
    auto parts = read_parts(bits, n_rows, std::uint32_t{1} << dtype.bits, 1);
    if (!parts) bad("row sizes do not sum to the number of values");
    sizes = std::move(*parts);
  }
  auto freq = read_parts(bits, c.n_freq(sizes.size()), std::uint32_t{1} << code.table_log, 0);
  if (!freq) bad("frequencies do not sum to 2^R");
  if ((bits.position() + 7) / 8 != n_bytes || bits.past_end() || !bits.clean_end()) {
    bad("its bits and its size disagree");
  }
  code.freq = std::move(*freq);
  std::vector<value_t> starts;
  std::uint32_t start = 0;
  for (const std::uint32_t size : sizes) {
    starts.push_back(static_cast<value_t>(start));
    start += size;
  }
  code.rows = make_rows(starts, dtype.bits);
  if (const std::string why = why_not_a_code(code, dtype); !why.empty()) bad(why.c_str());
}

}  // namespace

Record layout::read_head(ByteReader& in, std::size_t number) {
  in.context = "tensor " + std::to_string(number) + ": ";
  const std::size_t start = in.at();
  Record record;
  CodedTensor& tensor = record.tensor;
  const std::uint32_t coding = in.u8("coding");
  in.check(coding < codecs().size(), "coding", std::to_string(coding) + " is not known");
  tensor.code.coding = static_cast<Coding>(coding);
  tensor.dtype = read_dtype(in);
  tensor.code.table_log = in.u8("table log");
  const Codec& c = codec(tensor.code.coding);
  in.check(tensor.code.table_log >= c.min_table_log && tensor.code.table_log <= c.max_table_log,
           "table log",
           std::to_string(tensor.code.table_log) + " is not in " + std::to_string(c.min_table_log) +
               ".." + std::to_string(c.max_table_log) + ", what " + std::string(c.name) + " takes");
  const std::uint32_t dims = in.u8("dimensions");
  const std::uint32_t spread = dims >> 4;
  check_dims(in, dims & 0xf);
  in.check(uses_spread(tensor.code.coding) ? spread < kSpreads : spread == 0, "spread",
           std::to_string(spread) + " is not one of this coding");
  if (uses_spread(tensor.code.coding)) tensor.code.spread = static_cast<Spread>(spread);
  const std::size_t name_bytes = read_name_bytes(in);
  const std::size_t table_bytes = in.u16("table bytes");
  const std::uint32_t n_streams = record.n_streams = in.u16("streams");
  in.check(n_streams >= 1, "streams", "there must be one");
  in.zeros(2, "reserved");
  tensor.chunk = in.u32("chunk");
  in.check(tensor.chunk >= 1, "chunk", "must be at least 1");
  tensor.checksum = in.u32("checksum");
  const std::size_t payload_words = record.payload_words = in.u32("payload words");
  const std::uint32_t n = read_shape(in, dims & 0xf, tensor);
  in.check(n_streams <= std::max(n, std::uint32_t{1}), "streams",
           std::to_string(n_streams) + " for " + std::to_string(n) + " values");
  read_name(in, name_bytes, tensor);
  in.context = "tensor " + std::to_string(number) + " '" + tensor.name + "': ";
  read_table(in, table_bytes, tensor.code, tensor.dtype);
  const bool raw = tensor.code.coding == Coding::kRaw;
  record.directory = in.words(raw ? 0 : std::size_t{2} * n_streams, "stream directory");
  in.check_crc("header checksum", start, "the header was changed");
  std::uint64_t claimed = raw ? raw_words(n, tensor.dtype) : 0;
  for (const std::uint32_t n_words : record.directory) claimed += n_words;
  in.check(claimed == payload_words, "payload words",
           std::to_string(payload_words) + ", but the streams have " + std::to_string(claimed));
  // Memory follows the file: nothing below is larger than a constant times the bytes at hand.
  const std::size_t size = std::max(in.at() - start + 4 * payload_words, least_bytes(n));
  if (size - (in.at() - start) > in.left()) {
    in.fail(Status::kTruncated, "payload",
            "needs " + std::to_string(size - (in.at() - start)) + " bytes, " +
                std::to_string(in.left()) + " are left");
  }
  record.n_padding = size - (in.at() - start) - 4 * payload_words;
  return record;
}

StreamWords layout::read_stream(ByteReader& in, const Record& record, std::size_t stream) {
  StreamWords words;
  words.symbols = in.words(record.directory[2 * stream], "symbol stream");
  words.offsets = in.words(record.directory[2 * stream + 1], "offset stream");
  return words;
}

void layout::check_last_raw(const ByteReader& in, const Record& record,
                            std::span<const std::uint32_t> words) {
  const std::uint64_t n_bits = record.n_values() * record.tensor.dtype.bits;
  if (const unsigned used = n_bits % kWordBits; used != 0 && words.back() >> used != 0) {
    in.fail(Status::kTrailing, "payload", "bits after the last value must be zero");
  }
}

void layout::read_payload(ByteReader& in, Record& record) {
  CodedTensor& tensor = record.tensor;
  if (tensor.code.coding == Coding::kRaw) {
    const auto words = in.words(record.payload_words, "payload");
    check_last_raw(in, record, words);
    const auto n = static_cast<std::uint32_t>(record.n_values());
    tensor.streams = split_raw(words, {n, record.n_streams, tensor.chunk}, tensor.dtype);
  } else {
    for (std::size_t i = 0; i < record.n_streams; ++i) {
      tensor.streams.push_back(read_stream(in, record, i));
    }
  }
  in.zeros(record.n_padding, "padding");
}

std::uint16_t layout::read_version(ByteReader& in) {
  in.check(in.u32("magic") == kContainerMagic, "magic", "this is not a .tsm file");
  const auto version = static_cast<std::uint16_t>(in.u16("version"));
  in.check(version == kContainerVersion || version == kWideContainerVersion, "version",
           std::to_string(version) + " is neither 1 nor 2");
  in.zeros(2, "reserved");
  return version;
}

Parsed parse_container(std::span<const std::uint8_t> bytes) {
  Parsed parsed;
  ByteReader in(bytes);
  try {
    parsed.version = read_version(in);
    const std::uint32_t n_tensors = in.u32("number of tensors");
    if (parsed.version == kWideContainerVersion) {
      parsed.tensors = read_wide_tensors(in, n_tensors);
    } else {
      in.check_crc("header checksum", 0, "the header was changed");
      for (std::uint32_t i = 0; i < n_tensors; ++i) {
        Record record = read_head(in, i);
        read_payload(in, record);
        parsed.tensors.push_back(std::move(record.tensor));
      }
    }
    in.context.clear();
    in.expect_end();
  } catch (const Damage& damage) {
    parsed.tensors.clear();
    parsed.status = damage.status;
    parsed.what = damage.what;
  }
  return parsed;
}

}  // namespace transom
