// container.hpp — .tsm files: any number of coded tensors as bytes, and back.
//
// FORMAT.md describes every bit. All distrust of foreign data lives in parse(): what it returns as
// kOk can be decoded without a further check, and it never allocates more than the bytes it was
// given explain (kMaxValuesPerByte).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/codec/codec.hpp"

namespace transom {

inline constexpr std::uint32_t kContainerMagic = 0x4d53'5403;  ///< bytes 03 'T' 'S' 'M'
inline constexpr std::uint16_t kContainerVersion = 1;
inline constexpr std::uint16_t kWideContainerVersion = 2;  ///< what the wide unit reads
inline constexpr std::size_t kContainerHeaderBytes = 16;
inline constexpr std::size_t kWideContainerHeaderBytes = 64;
/// Fixed part of a tensor's record, before its shape.
inline constexpr std::size_t kRecordHeaderBytes = 24;
inline constexpr std::size_t kMaxDims = 8;
inline constexpr std::size_t kMaxNameBytes = 4096;
/// A record is zero-padded up to one byte per this many values, so that a reader can bound what it
/// allocates by what it was given: 2^12 values a byte cost at most 0.002 bits a value.
inline constexpr std::uint64_t kMaxValuesPerByte = std::uint64_t{1} << 12;

/// Where the bytes of a record go. All are counted in coded bits but the name.
struct RecordBytes {
  std::size_t header = 0;   ///< fixed part, shape, header checksum
  std::size_t name = 0;     ///< its padding included
  std::size_t table = 0;    ///< its padding included
  std::size_t streams = 0;  ///< stream directory
  std::size_t payload = 0;  ///< streams
  std::size_t padding = 0;  ///< up to kMaxValuesPerByte

  std::size_t total() const { return header + name + table + streams + payload + padding; }
  /// What coding the tensor costs: all but its name.
  std::size_t coded() const { return total() - name; }
};

/// What a tensor takes in a container. Throws as check_coded() does.
RecordBytes record_bytes(const CodedTensor& tensor);
/// The same of a tensor whose streams, not there yet, will have so many words of 32 bits in all.
/// Throws for a code that is none.
RecordBytes record_bytes(const Code& code, const DType& dtype, const StreamLayout& layout,
                         std::size_t n_dims, std::size_t n_name_bytes, std::uint64_t n_words);
/// The table's share alone, for a planner. Throws for a code that is none.
std::size_t table_bits(const Code& code, const DType& dtype);

/// The bytes of a container, in the order of `tensors`. Throws as check_coded() does, and for what
/// the format cannot hold: names that are not printable UTF-8 or too long, over kMaxDims
/// dimensions, more streams than values, ranges where a coding has whole values, 2^32 payload
/// words.
std::vector<std::uint8_t> write_container(std::span<const CodedTensor> tensors);
/// Its first part, for one that need not fit in memory; the record of each tensor follows.
std::vector<std::uint8_t> container_header(std::size_t n_tensors);
/// @param number of the tensor, for what is thrown
std::vector<std::uint8_t> container_record(const CodedTensor& tensor, std::size_t number);

/// Words of a stream.
struct StreamSize {
  std::uint32_t symbols = 0, offsets = 0;
};
/// Of each of some streams.
std::vector<StreamSize> stream_sizes(std::span<const StreamWords> streams);
/// The payload of some streams, as a record has it; of raw values a record has another one.
std::vector<std::uint8_t> stream_bytes(std::span<const StreamWords> streams);
/// Of a record whose payload is written in pieces: what precedes it, and how many zeros follow it.
/// `tensor` has as many streams as `sizes`, which say what words they will have. Throws as
/// write_container() does.
struct RecordFrame {
  std::vector<std::uint8_t> head;
  std::size_t n_padding = 0;
};
RecordFrame record_frame(const CodedTensor& tensor, std::span<const StreamSize> sizes,
                         std::size_t number);

/// The same as version 2: records of interleave.hpp, which the wide unit reads one behind the
/// other. Throws as wide_record() does, too.
std::vector<std::uint8_t> write_wide_container(std::span<const CodedTensor> tensors);

/// What a tensor takes there: header and name are those of the record and of the index.
/// Throws as wide_record() does.
RecordBytes wide_record_bytes(const CodedTensor& tensor);

/// What parse_container() found; no tensors unless the status is kOk.
struct Parsed {
  Status status = Status::kOk;
  std::uint16_t version = 0;  ///< kContainerVersion or kWideContainerVersion
  std::string what;  ///< empty if kOk: byte offset, tensor, field, and what is wrong with it
  std::vector<CodedTensor> tensors;
};
/// Reads foreign bytes: any bytes give a status. Never throws for what they hold.
Parsed parse_container(std::span<const std::uint8_t> bytes);

}  // namespace transom
