// hostile.cpp — good containers of both versions, and the table of what is done to them.
//
// Most damages are sealed: every CRC is made right again, so that the field itself is what a reader
// must look at. Those that are not are for the CRCs.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/vectors/hostile.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "transom/base/crc32.hpp"
#include "transom/container/container.hpp"
#include "transom/container/interleave.hpp"
#include "transom/table/ranges.hpp"

namespace transom::golden {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A part of a container with one tensor.
enum class Part : std::uint8_t {
  kFile,
  kRecord,  ///< version 2: the section
  kDims,
  kName,
  kTable,
  kDirectory,  ///< version 2: the index
  kRecordCrc,
  kPayload,
  kEnd,
};
enum class Op : std::uint8_t { kSet8, kSet16, kSet32, kFlip, kCut, kAppend };
enum class Crc : bool { kStale, kSealed };

struct Change {
  unsigned version;
  const char* name;
  const char* flag;
  const char* comment;
  Status status;
  Part part;
  int at;  ///< in the part
  Op op;
  std::uint32_t value;
  Crc crc = Crc::kSealed;
};

constexpr auto kHeader = Status::kBadHeader;
constexpr auto kTable = Status::kBadTable;
constexpr auto kCut = Status::kTruncated;
constexpr auto kSum = Status::kBadChecksum;
constexpr auto kTrail = Status::kTrailing;

constexpr Change kChanges[] = {
    {1, "magic", "ContainerHeader", "another magic", kHeader, Part::kFile, 0, Op::kSet8, 2},
    {1, "version_0", "ContainerHeader", "version 0", kHeader, Part::kFile, 4, Op::kSet16, 0},
    {1, "version_3", "ContainerHeader", "version 3", kHeader, Part::kFile, 4, Op::kSet16, 3},
    {1, "reserved", "ContainerHeader", "a reserved byte is 1", kHeader, Part::kFile, 6, Op::kSet8,
     1},
    {1, "count_less", "ContainerHeader", "no tensor is told, one follows", kTrail, Part::kFile, 8,
     Op::kSet32, 0},
    {1, "count_more", "ContainerHeader", "two tensors are told", kCut, Part::kFile, 8, Op::kSet32,
     2},
    {1, "count_most", "ContainerHeader", "2^32 - 1 tensors are told", kCut, Part::kFile, 8,
     Op::kSet32, 0xffff'ffff},
    {1, "file_crc", "ContainerCrc", "a bit of the file's CRC", kSum, Part::kFile, 12, Op::kFlip, 0,
     Crc::kStale},
    {1, "coding", "ContainerHeader", "coding 8", kHeader, Part::kRecord, 0, Op::kSet8, 8},
    {1, "width_0", "ContainerHeader", "values of 0 bits", kHeader, Part::kRecord, 1, Op::kSet8,
     0x20},
    {1, "width_17", "ContainerHeader", "values of 17 bits", kHeader, Part::kRecord, 1, Op::kSet8,
     0x31},
    {1, "type", "ContainerHeader", "type 6", kHeader, Part::kRecord, 1, Op::kSet8, 0xc8},
    {1, "float_width", "ContainerHeader", "bf16 of 8 bits", kHeader, Part::kRecord, 1, Op::kSet8,
     0x48},
    {1, "table_log", "ContainerHeader", "R = 15", kHeader, Part::kRecord, 2, Op::kSet8, 15},
    {1, "dimensions", "ContainerHeader", "9 dimensions", kHeader, Part::kRecord, 3, Op::kSet8,
     0x29},
    {1, "spread", "ContainerHeader", "spread 3", kHeader, Part::kRecord, 3, Op::kSet8, 0x31},
    {1, "dims_reserved", "ContainerHeader", "bit 7 beside the spread", kHeader, Part::kRecord, 3,
     Op::kSet8, 0xa1},
    {1, "name_bytes", "ContainerHeader", "a name of 4097 bytes", kHeader, Part::kRecord, 4,
     Op::kSet16, 4097},
    {1, "table_bytes", "ContainerHeader", "a table of 65535 bytes", kCut, Part::kRecord, 6,
     Op::kSet16, 65535},
    {1, "lanes_0", "ContainerHeader", "no stream", kHeader, Part::kRecord, 8, Op::kSet16, 0},
    {1, "lanes_most", "ContainerHeader", "more streams than values", kHeader, Part::kRecord, 8,
     Op::kSet16, 65535},
    {1, "record_reserved", "ContainerHeader", "a reserved byte is 1", kHeader, Part::kRecord, 10,
     Op::kSet8, 1},
    {1, "chunk_0", "ContainerHeader", "chunks of no value", kHeader, Part::kRecord, 12, Op::kSet32,
     0},
    {1, "payload_less", "ContainerHeader", "fewer payload words than the directory has", kHeader,
     Part::kRecord, 20, Op::kSet32, 1},
    {1, "payload_most", "ContainerHeader", "2^32 - 1 payload words", kHeader, Part::kRecord, 20,
     Op::kSet32, 0xffff'ffff},
    {1, "shape_most", "ContainerHeader", "2^32 - 1 values in a short file", kCut, Part::kDims, 0,
     Op::kSet32, 0xffff'ffff},
    {1, "name_control", "ContainerHeader", "a control character in the name", kHeader, Part::kName,
     0, Op::kSet8, 7},
    {1, "name_utf8", "ContainerHeader", "a name that is no UTF-8", kHeader, Part::kName, 0,
     Op::kSet8, 0xff},
    {1, "name_padding", "ContainerPadding", "a byte behind the name is 1", kHeader, Part::kName, 3,
     Op::kSet8, 1},
    {1, "rows_most", "ContainerTable", "256 rows of a coding that has 16", kTable, Part::kTable, 0,
     Op::kSet8, 255},
    {1, "row_sizes", "ContainerTable", "row sizes over 2^W", kTable, Part::kTable, 1, Op::kSet8, 0},
    {1, "frequencies", "ContainerTable", "frequencies over 2^R", kTable, Part::kTable, 4, Op::kSet8,
     0},
    {1, "directory_less", "ContainerDirectory", "a stream of fewer words than the sum", kHeader,
     Part::kDirectory, 0, Op::kSet32, 0},
    {1, "directory_most", "ContainerDirectory", "a stream of 2^32 - 1 words", kHeader,
     Part::kDirectory, 0, Op::kSet32, 0xffff'ffff},
    {1, "record_crc", "ContainerCrc", "a bit of the record's CRC", kSum, Part::kRecordCrc, 0,
     Op::kFlip, 0, Crc::kStale},
    {1, "flip_record", "ContainerCrc", "a bit of the record, its CRC stale", kSum, Part::kRecord,
     16, Op::kFlip, 3, Crc::kStale},
    {1, "flip_name", "ContainerCrc", "a letter of the name, the CRC stale", kSum, Part::kName, 0,
     Op::kFlip, 1, Crc::kStale},
    {1, "values_crc", "ContainerCrc", "another CRC of the values", kSum, Part::kRecord, 16,
     Op::kFlip, 0},
    {1, "cut_0", "ContainerCut", "no byte", kCut, Part::kFile, 0, Op::kCut, 0},
    {1, "cut_header", "ContainerCut", "15 bytes", kCut, Part::kFile, 15, Op::kCut, 0},
    {1, "cut_record", "ContainerCut", "no byte of the record", kCut, Part::kRecord, 0, Op::kCut, 0},
    {1, "cut_dims", "ContainerCut", "no dimension", kCut, Part::kDims, 0, Op::kCut, 0},
    {1, "cut_name", "ContainerCut", "a byte of the name", kCut, Part::kName, 1, Op::kCut, 0},
    {1, "cut_table", "ContainerCut", "a byte of the table", kCut, Part::kTable, 1, Op::kCut, 0},
    {1, "cut_directory", "ContainerCut", "no directory", kCut, Part::kDirectory, 0, Op::kCut, 0},
    {1, "cut_payload", "ContainerCut", "no payload", kCut, Part::kPayload, 0, Op::kCut, 0},
    {1, "cut_last", "ContainerCut", "the last byte is missing", kCut, Part::kEnd, -1, Op::kCut, 0},
    {1, "append", "ContainerTrailing", "a byte follows", kTrail, Part::kEnd, 0, Op::kAppend, 0},

    {2, "magic", "ContainerHeader", "another magic", kHeader, Part::kFile, 0, Op::kSet8, 2},
    {2, "reserved", "ContainerHeader", "a reserved byte is 1", kHeader, Part::kFile, 6, Op::kSet8,
     1},
    {2, "count_less", "ContainerHeader", "no tensor is told", kHeader, Part::kFile, 8, Op::kSet32,
     0},
    {2, "count_most", "ContainerHeader", "2^32 - 1 tensors are told", kCut, Part::kFile, 8,
     Op::kSet32, 0xffff'ffff},
    {2, "section_most", "ContainerHeader", "a section of 2^32 - 1 words", kCut, Part::kFile, 12,
     Op::kSet32, 0xffff'ffff},
    {2, "index_odd", "ContainerHeader", "an index that is no words", kHeader, Part::kFile, 16,
     Op::kSet32, 0xffff'ffff},
    {2, "index_most", "ContainerHeader", "an index of 2^32 - 4 bytes", kCut, Part::kFile, 16,
     Op::kSet32, 0xffff'fffc},
    {2, "lanes_0", "ContainerHeader", "no lane", kHeader, Part::kFile, 20, Op::kSet32, 0},
    {2, "lanes_most", "ContainerHeader", "129 lanes", kHeader, Part::kFile, 20, Op::kSet32, 129},
    {2, "header_reserved", "ContainerHeader", "a reserved word is 1", kHeader, Part::kFile, 40,
     Op::kSet32, 1},
    {2, "file_crc", "ContainerCrc", "a bit of the file's CRC", kSum, Part::kFile, 60, Op::kFlip, 0,
     Crc::kStale},
    {2, "coding", "ContainerHeader", "coding 5, which the wide unit has not", kHeader,
     Part::kRecord, 0, Op::kSet8, 0x58},
    {2, "record_reserved", "ContainerHeader", "a reserved bit of the record", kHeader,
     Part::kRecord, 3, Op::kSet8, 0x80},
    {2, "values_most", "ContainerHeader", "2^32 - 1 values in a short file", kHeader, Part::kRecord,
     4, Op::kSet32, 0xffff'ffff},
    {2, "halves_most", "ContainerHeader", "2^32 - 1 halfwords of payload", kCut, Part::kRecord, 8,
     Op::kSet32, 0xffff'ffff},
    {2, "counts", "ContainerTable", "sums of frequencies that do not ascend", kTable, Part::kTable,
     2, Op::kSet16, 0xfff},
    {2, "counts_first", "ContainerTable", "the first sum is not 0", kTable, Part::kTable, 0,
     Op::kSet16, 1},
    {2, "flip_record", "ContainerCrc", "a bit of the record, its CRC stale", kSum, Part::kRecord,
     16, Op::kFlip, 0, Crc::kStale},
    {2, "index_first", "ContainerDirectory", "the first record is not at word 0", kHeader,
     Part::kDirectory, 0, Op::kSet32, 1},
    {2, "index_crc", "ContainerCrc", "a bit of the index's CRC", kSum, Part::kEnd, -4, Op::kFlip, 0,
     Crc::kStale},
    {2, "values_crc", "ContainerCrc", "another CRC of the values", kSum, Part::kDirectory, 8,
     Op::kFlip, 0},
    {2, "index_type", "ContainerDirectory", "type 6", kHeader, Part::kDirectory, 12, Op::kSet8,
     0xc8},
    {2, "index_dimensions", "ContainerDirectory", "9 dimensions", kHeader, Part::kDirectory, 13,
     Op::kSet8, 9},
    {2, "index_name", "ContainerDirectory", "a name of 4097 bytes", kHeader, Part::kDirectory, 14,
     Op::kSet16, 4097},
    {2, "index_shape", "ContainerDirectory", "a shape of other values than the record's", kHeader,
     Part::kDirectory, 16, Op::kSet32, 1},
    {2, "payload_zero", "ContainerDirectory", "a state of 0 in a stream that has another",
     Status::kBadState, Part::kPayload, 0, Op::kFlip, 6},
    {2, "cut_0", "ContainerCut", "no byte", kCut, Part::kFile, 0, Op::kCut, 0},
    {2, "cut_header", "ContainerCut", "63 bytes", kCut, Part::kFile, 63, Op::kCut, 0},
    {2, "cut_record", "ContainerCut", "no byte of the section", kCut, Part::kRecord, 0, Op::kCut,
     0},
    {2, "cut_index", "ContainerCut", "no index", kCut, Part::kDirectory, 0, Op::kCut, 0},
    {2, "cut_last", "ContainerCut", "the last byte is missing", kCut, Part::kEnd, -1, Op::kCut, 0},
    {2, "append", "ContainerTrailing", "a byte follows", kTrail, Part::kEnd, 0, Op::kAppend, 0},
};

void put(Bytes& bytes, std::size_t at, std::uint32_t value, unsigned n_bytes) {
  for (unsigned i = 0; i < n_bytes && at + i < bytes.size(); ++i) {
    bytes[at + i] = static_cast<std::uint8_t>(value >> 8 * i);
  }
}
void put_crc(Bytes& bytes, std::size_t at, std::size_t from, std::size_t to) {
  if (at + 4 <= bytes.size()) put(bytes, at, crc32c(std::span(bytes).subspan(from, to - from)), 4);
}

/// A good container of one tensor, and where its parts are.
struct Base {
  unsigned version;
  Bytes bytes;
  std::size_t at[static_cast<std::size_t>(Part::kEnd) + 1];

  std::size_t operator[](Part part) const { return at[static_cast<std::size_t>(part)]; }
};

/// 24 values of 8 bits in 3 rows over 2 streams.
CodedTensor small_tensor(Coding coding, Spread spread, unsigned R) {
  const std::uint32_t rest = (1u << R) - 96;
  const Code code{
      coding, R, spread, {96, rest - 60, 60}, make_rows(std::vector<value_t>{0, 10, 100}, 8)};
  Tensor tensor{"ab", {8, true}, {24}, {}};
  for (unsigned i = 0; i < 24; ++i) tensor.values.push_back(static_cast<value_t>(i * i * 7 % 251));
  return encode(tensor, code, 2, 1);
}

Base base_1() {
  const CodedTensor tensor = small_tensor(Coding::kApackTans, Spread::kTuned, 8);
  const RecordBytes size = record_bytes(tensor);
  constexpr std::size_t kRecord = kContainerHeaderBytes, kDims = kRecord + kRecordHeaderBytes;
  const std::size_t name = kDims + 4, table = name + size.name, directory = table + size.table,
                    crc = directory + size.streams;
  Base base{1,
            write_container({&tensor, 1}),
            {0, kRecord, kDims, name, table, directory, crc, crc + 4, 0}};
  base.at[static_cast<std::size_t>(Part::kEnd)] = base.bytes.size();
  return base;
}
Base base_2() {
  const CodedTensor tensor = small_tensor(Coding::kApackNrans, Spread::kTuned, 8);
  constexpr std::size_t kSection = kWideContainerHeaderBytes, kTableAt = kSection + 12;
  const std::size_t index = kSection + 4 * wide_record(tensor).size();
  Base base{2,
            write_wide_container({&tensor, 1}),
            {0, kSection, index + 16, index + 20, kTableAt, index, index + 4, kTableAt + 12, 0}};
  base.at[static_cast<std::size_t>(Part::kEnd)] = base.bytes.size();
  return base;
}

/// Every CRC as it must be, so far as its place is there.
void seal(const Base& base, Bytes& bytes) {
  if (base.version == 1) {
    put_crc(bytes, 12, 0, 12);
    put_crc(bytes, base[Part::kRecordCrc], base[Part::kRecord], base[Part::kRecordCrc]);
    return;
  }
  const std::size_t index = base[Part::kDirectory], crc = base[Part::kEnd] - 4;
  put_crc(bytes, index + 4, base[Part::kRecord], index);
  put_crc(bytes, crc, index, crc);
  put_crc(bytes, 60, 0, 60);
}

std::string text_of(const Change& change, std::size_t at) {
  const std::string byte = "byte " + std::to_string(at);
  const std::string crc = change.crc == Crc::kSealed ? ", CRCs made right" : ", CRCs as they were";
  switch (change.op) {
    case Op::kSet8:
    case Op::kSet16:
    case Op::kSet32:
      return byte + ": " + std::to_string(change.value) + crc;
    case Op::kFlip:
      return byte + ": bit " + std::to_string(change.value) + " flipped" + crc;
    case Op::kCut:
      return "cut before " + byte;
    case Op::kAppend:
      return byte + " added";
  }
  return byte;
}

Bytes changed(const Base& base, const Change& change, std::size_t at) {
  Bytes bytes = base.bytes;
  switch (change.op) {
    case Op::kSet8:
      put(bytes, at, change.value, 1);
      break;
    case Op::kSet16:
      put(bytes, at, change.value, 2);
      break;
    case Op::kSet32:
      put(bytes, at, change.value, 4);
      break;
    case Op::kFlip:
      bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 1u << change.value);
      break;
    case Op::kCut:
      bytes.resize(at);
      return bytes;
    case Op::kAppend:
      bytes.push_back(static_cast<std::uint8_t>(change.value));
      return bytes;
  }
  if (change.crc == Crc::kSealed) seal(base, bytes);
  return bytes;
}

ContainerVector good(const std::string& name, const std::string& comment, unsigned version,
                     Bytes bytes) {
  return {0, name, comment, {}, version, std::move(bytes), Status::kOk, std::nullopt, "", 0};
}

void add(std::vector<ContainerVector>& all, const Base& base, const std::string& name) {
  const std::size_t parent = all.size();
  all.push_back(good(name, "one tensor", base.version, base.bytes));
  for (const Change& change : kChanges) {
    if (change.version != base.version) continue;
    const std::size_t at = base[change.part] + static_cast<std::size_t>(change.at);
    ContainerVector bad{0,
                        name + '_' + change.name,
                        change.comment,
                        {change.flag},
                        base.version,
                        changed(base, change, at),
                        change.status,
                        parent,
                        text_of(change, at),
                        at};
    if (const Status got = container_status(bad.bytes); got != bad.status) {
      throw std::logic_error("vectors: container " + bad.name + " ends in " +
                             std::string(status_name(got)) + ", not in " +
                             std::string(status_name(bad.status)));
    }
    all.push_back(std::move(bad));
  }
}

}  // namespace

Status container_status(const std::vector<std::uint8_t>& bytes) {
  const Parsed parsed = parse_container(bytes);
  if (parsed.status != Status::kOk) return parsed.status;
  for (const CodedTensor& tensor : parsed.tensors) {
    if (const Status status = decode(tensor).status; status != Status::kOk) return status;
  }
  return Status::kOk;
}

std::vector<ContainerVector> container_vectors() {
  std::vector<ContainerVector> all;
  const std::vector<CodedTensor> several{small_tensor(Coding::kApackTans, Spread::kStep, 8),
                                         small_tensor(Coding::kApackNrans, Spread::kTuned, 9)};
  all.push_back(good("container_empty", "no tensor", 1, write_container({})));
  all.push_back(good("container_several", "two tensors", 1, write_container(several)));
  add(all, base_1(), "container");
  all.push_back(good("wide_container_several", "two tensors, of both codings", 2,
                     write_wide_container(several)));
  add(all, base_2(), "wide_container");
  return all;
}

}  // namespace transom::golden
