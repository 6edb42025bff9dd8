// wide_container.cpp — version 2 of FORMAT.md: a section that the wide unit reads, an index for
// software.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cassert>

#include "transom/base/crc32.hpp"
#include "transom/container/container.hpp"
#include "transom/container/container_bytes.hpp"
#include "transom/container/interleave.hpp"

namespace transom {
namespace {

using namespace layout;

/// An entry of the index up to the shape.
constexpr std::size_t kEntryBytes = 16;

/// Bytes that the index adds to a record, so that a reader's memory follows what it was given.
std::size_t index_padding(std::uint64_t n_values, std::size_t record_and_entry) {
  return std::max(least_bytes(n_values), record_and_entry) - record_and_entry;
}

}  // namespace

RecordBytes wide_record_bytes(const CodedTensor& tensor) {
  const std::vector<std::uint32_t> record = wide_record(tensor);
  const WideHeader header = to_wide_header(std::span(record).first<kWideHeaderWords>());
  RecordBytes size;
  size.header = 4 * kWideHeaderWords + kEntryBytes + 4 * tensor.shape.size();
  size.name = round_up_to_word(tensor.name.size());
  size.table = 2 * (header.count_halves() + header.row_halves());
  size.payload = 4 * record.size() - 4 * kWideHeaderWords - size.table;
  size.padding = index_padding(header.n_values, size.total());
  return size;
}

std::vector<std::uint8_t> write_wide_container(std::span<const CodedTensor> tensors) {
  require_range("write_wide_container", "number of tensors", tensors.size(), 0, UINT32_MAX);
  ByteWriter section, index;
  std::size_t n_lanes = 1;
  for (const CodedTensor& tensor : tensors) {
    check_entry(tensor, static_cast<std::size_t>(&tensor - tensors.data()), "write_wide_container");
    const std::vector<std::uint32_t> record = wide_record(tensor);
    if (tensor.code.coding != Coding::kRaw) n_lanes = std::max(n_lanes, tensor.streams.size());
    const std::size_t start = index.size(), record_start = section.size();
    section.words(record);
    index.u32(static_cast<std::uint32_t>(record_start / 4));
    index.u32(section.crc(record_start));
    index.u32(tensor.checksum);
    index.u8(dtype_byte(tensor.dtype));
    index.u8(static_cast<std::uint32_t>(tensor.shape.size()));
    index.u16(static_cast<std::uint32_t>(tensor.name.size()));
    index.words(tensor.shape);
    index.bytes(tensor.name);
    index.pad_to_word(start);
    index.zeros_to(index.size() + index_padding(tensor.layout().n_values,
                                                index.size() - start + 4 * record.size()));
  }
  index.u32(index.crc(0));
  require_range("write_wide_container", "words of the section", section.size() / 4, 0, UINT32_MAX);
  require_range("write_wide_container", "bytes of the index", index.size(), 0, UINT32_MAX);
  ByteWriter out;
  out.u32(kContainerMagic);
  out.u16(kWideContainerVersion);
  out.u16(0);
  out.u32(static_cast<std::uint32_t>(tensors.size()));
  out.u32(static_cast<std::uint32_t>(section.size() / 4));
  out.u32(static_cast<std::uint32_t>(index.size()));
  out.u32(static_cast<std::uint32_t>(n_lanes));
  out.zeros_to(kWideContainerHeaderBytes - 4);
  out.u32(out.crc(0));
  std::vector<std::uint8_t> bytes = out.take();
  const std::vector<std::uint8_t> records = section.take(), entries = index.take();
  bytes.insert(bytes.end(), records.begin(), records.end());
  bytes.insert(bytes.end(), entries.begin(), entries.end());
  return bytes;
}

namespace {

/// A record, where the section is. Its values are decoded once `entries` has the bytes that allow
/// for them: memory follows the file.
void read_wide_tensor(ByteReader& section, ByteReader& entries, std::uint32_t n_lanes,
                      std::size_t section_start, CodedTensor& tensor) {
  const std::string number = entries.context;
  const std::size_t start = entries.at();
  const std::uint32_t first_word = entries.u32("first word");
  entries.check(first_word == (section.at() - section_start) / 4, "first word",
                std::to_string(first_word) + " is not where the record before it ends");
  const std::uint32_t record_crc = entries.u32("record checksum");
  tensor.checksum = entries.u32("checksum");
  tensor.dtype = read_dtype(entries);
  const std::uint32_t n_dims = entries.u8("dimensions");
  check_dims(entries, n_dims);
  const std::size_t name_bytes = read_name_bytes(entries);
  const std::uint32_t n = read_shape(entries, n_dims, tensor);
  read_name(entries, name_bytes, tensor);
  entries.context = section.context =
      number.substr(0, number.size() - 2) + " '" + tensor.name + "': ";

  const std::size_t record_start = section.at();
  std::vector<std::uint32_t> record = section.words(kWideHeaderWords, "record");
  const WideHeader header = to_wide_header(std::span(record).first<kWideHeaderWords>());
  const char* const why = why_bad_header(header, {.n_lanes = n_lanes});
  section.check(why == nullptr, "record", why == nullptr ? "" : why);
  section.check(header.n_values == n, "record", "its values are not those of the shape");
  section.check(header.value_bits == tensor.dtype.bits, "record", "its W is not that of the index");
  section.check(header.n_streams <= std::max(n, 1u), "record", "it has more streams than values");
  section.check(!header.is_identity() || header.plain, "record", "its rows are values: plain");
  const auto rest = section.words(header.n_words() - kWideHeaderWords, "record");
  record.insert(record.end(), rest.begin(), rest.end());
  section.check_is_crc(record_crc, "record", record_start, "it was changed");
  entries.zeros(index_padding(n, entries.at() - start + 4 * record.size()), "padding");

  WideTensor read = read_wide_record(header, record);
  if (read.status != Status::kOk) {
    section.fail(read.status, "record", "its verdict is " + std::string(status_name(read.status)));
  }
  tensor.code = std::move(read.code);
  tensor.streams = std::move(read.streams);
}

}  // namespace

std::vector<CodedTensor> layout::read_wide_tensors(ByteReader& in, std::uint32_t n_tensors) {
  const std::size_t section_words = in.u32("words of the section");
  const std::size_t index_bytes = in.u32("bytes of the index");
  in.check(index_bytes >= 4 && index_bytes % 4 == 0, "bytes of the index",
           "must be words, one or more");
  const std::uint32_t n_lanes = in.u32("lanes");
  in.check(n_lanes >= 1 && n_lanes <= kMaxWideLanes, "lanes",
           std::to_string(n_lanes) + " is not 1.." + std::to_string(kMaxWideLanes));
  in.zeros(kWideContainerHeaderBytes - 4 - in.at(), "reserved");
  in.check_crc("header checksum", 0, "the header was changed");
  const std::size_t section_start = in.at();
  ByteReader section = in.part(section_words, "section");
  const std::size_t index_start = in.at();
  ByteReader entries = in.part(index_bytes / 4 - 1, "index");
  in.check_crc("index checksum", index_start, "the index was changed");
  std::vector<CodedTensor> tensors;
  for (std::uint32_t i = 0; i < n_tensors; ++i) {
    entries.context = "tensor " + std::to_string(i) + ": ";
    read_wide_tensor(section, entries, n_lanes, section_start, tensors.emplace_back());
  }
  std::size_t most = 1;
  for (const CodedTensor& tensor : tensors) most = std::max(most, tensor.streams.size());
  in.check(most == n_lanes, "lanes",
           std::to_string(n_lanes) + ", but tensors have up to " + std::to_string(most));
  entries.context.clear();
  entries.expect_end();
  section.context.clear();
  section.expect_end();
  return tensors;
}

}  // namespace transom
