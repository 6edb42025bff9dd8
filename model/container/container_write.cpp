// container_write.cpp — tensors to the bytes of FORMAT.md.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cassert>
#include <span>
#include <string>
#include <string_view>

#include "transom/container/container.hpp"
#include "transom/container/container_bytes.hpp"
#include "transom/container/container_layout.hpp"
#include "transom/container/table_code.hpp"
#include "transom/fast/raw.hpp"

namespace transom {
namespace {

using namespace layout;

BitWriter write_table(const Code& code, const DType& dtype) {
  BitWriter out;
  if (code.coding == Coding::kRaw) return out;
  if (!codes_whole_values(code.coding, dtype)) {
    out.append(static_cast<std::uint32_t>(code.rows.size() - 1), 8);
    std::vector<std::uint32_t> sizes;
    for (std::size_t i = 0; i < code.rows.size(); ++i) {
      const std::uint32_t next =
          i + 1 < code.rows.size() ? code.rows[i + 1].vmin : std::uint32_t{1} << dtype.bits;
      sizes.push_back(next - code.rows[i].vmin);
    }
    write_parts(out, sizes, std::uint32_t{1} << dtype.bits, 1);
  }
  write_parts(out, code.freq, std::uint32_t{1} << code.table_log, 0);
  return out;
}

/// Raw values lie in the order of the tensor, not stream by stream.
std::vector<std::uint32_t> flatten_raw(const CodedTensor& tensor) {
  const std::uint64_t n = tensor.layout().n_values;
  std::vector<std::uint32_t> words(raw_words(n, tensor.dtype));
  const auto flatten = [&](auto values) {
    codec(Coding::kRaw).decode_streams(tensor, std::span(values));
    fast::pack(values.data(), n, tensor.dtype.bits, words.data());
  };
  if (tensor.dtype.bits <= 8) {
    flatten(std::vector<std::uint8_t>(n));
  } else {
    flatten(std::vector<value_t>(n));
  }
  return words;
}

/// Up to the checksum of the header.
void write_head(ByteWriter& out, const CodedTensor& tensor, std::span<const StreamSize> streams,
                std::size_t payload_words) {
  const Code& code = tensor.code;
  const std::size_t start = out.size();
  BitWriter table = write_table(code, tensor.dtype);
  const auto table_bytes = static_cast<std::uint32_t>((table.n_bits() + 7) / 8);
  out.u8(static_cast<std::uint32_t>(code.coding));
  out.u8(dtype_byte(tensor.dtype));
  out.u8(code.table_log);
  const std::uint32_t spread =
      uses_spread(code.coding) ? static_cast<std::uint32_t>(code.spread) : 0;
  out.u8(static_cast<std::uint32_t>(tensor.shape.size()) | spread << 4);
  out.u16(static_cast<std::uint32_t>(tensor.name.size()));
  out.u16(table_bytes);
  out.u16(static_cast<std::uint32_t>(streams.size()));
  out.u16(0);
  out.u32(tensor.chunk);
  out.u32(tensor.checksum);
  out.u32(static_cast<std::uint32_t>(payload_words));
  out.words(tensor.shape);
  out.bytes(tensor.name);
  out.pad_to_word(start);
  out.words(table.take());
  if (code.coding != Coding::kRaw) {
    for (const StreamSize& stream : streams) {
      out.u32(stream.symbols);
      out.u32(stream.offsets);
    }
  }
  out.u32(out.crc(start));
}

void write_streams(ByteWriter& out, std::span<const StreamWords> streams) {
  for (const StreamWords& stream : streams) {
    out.words(stream.symbols);
    out.words(stream.offsets);
  }
}

void write_record(ByteWriter& out, const CodedTensor& tensor) {
  const RecordBytes size = record_bytes(tensor);
  const std::size_t start = out.size();
  write_head(out, tensor, stream_sizes(tensor.streams), size.payload / 4);
  if (tensor.code.coding == Coding::kRaw) {
    out.words(flatten_raw(tensor));
  } else {
    write_streams(out, tensor.streams);
  }
  out.zeros_to(start + size.total());
  assert(out.size() == start + size.total());
}

}  // namespace

std::vector<StreamSize> stream_sizes(std::span<const StreamWords> streams) {
  std::vector<StreamSize> sizes;
  for (const StreamWords& stream : streams) {
    sizes.push_back({static_cast<std::uint32_t>(stream.symbols.size()),
                     static_cast<std::uint32_t>(stream.offsets.size())});
  }
  return sizes;
}

std::vector<std::uint8_t> stream_bytes(std::span<const StreamWords> streams) {
  std::size_t n_words = 0;
  for (const StreamSize& size : stream_sizes(streams)) n_words += size.symbols + size.offsets;
  ByteWriter out;
  out.reserve(4 * n_words);
  write_streams(out, streams);
  return out.take();
}

void layout::check_entry(const CodedTensor& tensor, std::size_t number, std::string_view function) {
  if (!is_printable(tensor.name)) {
    refuse(function, "the name of tensor", number, "must be printable UTF-8; rename it");
  }
  check_coded(tensor, function);
  const std::string of_tensor = " of tensor '" + tensor.name + "'";
  require_range(function, "length of the name" + of_tensor, tensor.name.size(), 0, kMaxNameBytes);
  require_range(function, "number of dimensions" + of_tensor, tensor.shape.size(), 0, kMaxDims);
  const StreamLayout layout = tensor.layout();
  require_range(function, "number of streams" + of_tensor, layout.n_streams, 1,
                std::max(layout.n_values, std::uint32_t{1}));
}

std::size_t table_bits(const Code& code, const DType& dtype) {
  if (const std::string why = why_not_a_code(code, dtype); !why.empty()) {
    refuse("table_bits", "code", codec(code.coding).name, why);
  }
  return static_cast<std::size_t>(write_table(code, dtype).n_bits());
}

RecordBytes record_bytes(const CodedTensor& tensor) {
  check_coded(tensor, "record_bytes");
  std::uint64_t n_words = 0;
  for (const StreamWords& stream : tensor.streams) {
    n_words += stream.symbols.size() + stream.offsets.size();
  }
  return record_bytes(tensor.code, tensor.dtype, tensor.layout(), tensor.shape.size(),
                      tensor.name.size(), n_words);
}

RecordBytes record_bytes(const Code& code, const DType& dtype, const StreamLayout& layout,
                         std::size_t n_dims, std::size_t n_name_bytes, std::uint64_t n_words) {
  const bool raw = code.coding == Coding::kRaw;
  RecordBytes size;
  size.header = kRecordHeaderBytes + 4 * n_dims + 4;
  size.name = round_up_to_word(n_name_bytes);
  size.table = round_up_to_word((table_bits(code, dtype) + 7) / 8);
  size.streams = raw ? 0 : std::size_t{8} * layout.n_streams;
  size.payload = 4 * (raw ? raw_words(layout.n_values, dtype) : static_cast<std::size_t>(n_words));
  size.padding = std::max(size.total(), least_bytes(layout.n_values)) - size.total();
  return size;
}

namespace {

/// Throws for what the format cannot hold.
void check_record(const CodedTensor& tensor, const RecordBytes& size) {
  constexpr std::string_view kName = "write_container";
  const std::string of_tensor = " of tensor '" + tensor.name + "'";
  if (codes_whole_values(tensor.code.coding, tensor.dtype)) {
    const std::size_t n_patterns = std::size_t{1} << tensor.dtype.bits;
    require_range(kName, "number of rows" + of_tensor, tensor.code.rows.size(), n_patterns,
                  n_patterns);
  }
  require_range(kName, "payload words" + of_tensor, size.payload / 4, 0, UINT32_MAX);
}

}  // namespace

std::vector<std::uint8_t> container_header(std::size_t n_tensors) {
  require_range("container_header", "number of tensors", n_tensors, 0, UINT32_MAX);
  ByteWriter out;
  out.u32(kContainerMagic);
  out.u16(kContainerVersion);
  out.u16(0);
  out.u32(static_cast<std::uint32_t>(n_tensors));
  out.u32(out.crc(0));
  return out.take();
}

std::vector<std::uint8_t> container_record(const CodedTensor& tensor, std::size_t number) {
  check_entry(tensor, number, "write_container");
  check_record(tensor, record_bytes(tensor));
  ByteWriter out;
  write_record(out, tensor);
  return out.take();
}

RecordFrame record_frame(const CodedTensor& tensor, std::span<const StreamSize> sizes,
                         std::size_t number) {
  check_entry(tensor, number, "write_container");
  require_range("record_frame", "number of sizes", sizes.size(), tensor.streams.size(),
                tensor.streams.size());
  std::uint64_t n_words = 0;
  for (const StreamSize& stream : sizes) n_words += std::uint64_t{stream.symbols} + stream.offsets;
  const RecordBytes size = record_bytes(tensor.code, tensor.dtype, tensor.layout(),
                                        tensor.shape.size(), tensor.name.size(), n_words);
  check_record(tensor, size);
  ByteWriter out;
  write_head(out, tensor, sizes, size.payload / 4);
  return {out.take(), size.padding};
}

std::vector<std::uint8_t> write_container(std::span<const CodedTensor> tensors) {
  std::vector<std::uint8_t> bytes = container_header(tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::vector<std::uint8_t> record = container_record(tensors[i], i);
    bytes.insert(bytes.end(), record.begin(), record.end());
  }
  return bytes;
}

}  // namespace transom
