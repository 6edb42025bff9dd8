// container.cpp — any bytes as a .tsm file, with their checksums put right where the first byte
// says so.
// SPDX-License-Identifier: Apache-2.0
#include "transom/container/container.hpp"

#include "fuzz.hpp"
#include "transom/base/crc32.hpp"

namespace {

using namespace transom;

std::uint32_t number(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t n) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < n; ++i) value |= std::uint32_t{bytes[at + i]} << 8 * i;
  return value;
}

/// The checksum of [from, to) right behind it; whether there is room for one.
bool put_checksum(std::vector<std::uint8_t>& bytes, std::size_t from, std::size_t to) {
  if (to > bytes.size() || bytes.size() - to < 4) return false;
  const std::uint32_t crc = crc32c(std::span(bytes).subspan(from, to - from));
  for (std::size_t i = 0; i < 4; ++i) bytes[to + i] = static_cast<std::uint8_t>(crc >> 8 * i);
  return true;
}

/// Of version 2: header, index, and of each record its own in the index.
void put_wide_checksums(std::vector<std::uint8_t>& bytes) {
  if (!put_checksum(bytes, 0, kWideContainerHeaderBytes - 4)) return;
  const std::size_t section = kWideContainerHeaderBytes;
  const std::size_t index = section + 4 * std::size_t{number(bytes, 12, 4)};
  const std::size_t end = index + number(bytes, 16, 4);
  // The first record's alone: where others are is known after its entry's padding.
  if (end > bytes.size() || end < index + 20) return;
  const bool is_last = number(bytes, 8, 4) == 1;
  if (is_last) {
    const std::uint32_t crc = crc32c(std::span(bytes).subspan(section, index - section));
    for (std::size_t i = 0; i < 4; ++i)
      bytes[index + 4 + i] = static_cast<std::uint8_t>(crc >> 8 * i);
  }
  put_checksum(bytes, index, end - 4);
}

/// What is behind a header's checksum is reached by changes in front of it (FORMAT.md, "Record").
void put_checksums(std::vector<std::uint8_t>& bytes) {
  if (bytes.size() >= kWideContainerHeaderBytes && bytes[4] == kWideContainerVersion) {
    return put_wide_checksums(bytes);
  }
  if (!put_checksum(bytes, 0, 12)) return;
  const auto words = [](std::size_t n_bytes) { return (n_bytes + 3) / 4 * 4; };
  for (std::size_t at = kContainerHeaderBytes; bytes.size() - at >= kRecordHeaderBytes;) {
    const bool raw = bytes[at] == 0;
    const std::size_t dims = bytes[at + 3] & 0xf;
    const std::size_t end = at + kRecordHeaderBytes + 4 * dims + words(number(bytes, at + 4, 2)) +
                            words(number(bytes, at + 6, 2)) +
                            (raw ? 0 : 8 * number(bytes, at + 8, 2));
    if (!put_checksum(bytes, at, end)) return;
    const std::size_t next = end + 4 + 4 * std::size_t{number(bytes, at + 20, 4)};
    if (next > bytes.size()) return;
    at = next;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  fuzz::Input in(data, n);
  const bool mend = in.flag();
  std::vector<std::uint8_t> bytes(in.rest().begin(), in.rest().end());
  if (mend) put_checksums(bytes);
  const Parsed parsed = parse_container(bytes);
  if (parsed.status != Status::kOk) {
    fuzz::claim(parsed.tensors.empty() && !parsed.what.empty(),
                "a refusal says why, and holds nothing");
    return 0;
  }
  fuzz::claim((parsed.version == kWideContainerVersion ? write_wide_container(parsed.tensors)
                                                       : write_container(parsed.tensors)) == bytes,
              "what is read is written as it was");
  for (const CodedTensor& tensor : parsed.tensors) {
    const Decoded decoded = decode(tensor);
    fuzz::claim(decoded.streams.size() == tensor.streams.size(), "every stream has a status");
    if (tensor.dtype.bits <= 8) {
      std::vector<std::uint8_t> room(decoded.values.size());
      const Statuses statuses = decode(tensor, room);
      fuzz::claim(statuses.status == decoded.status && statuses.streams == decoded.streams,
                  "a verdict is that of bytes, too");
    }
    if (decoded.status != Status::kOk) continue;
    fuzz::claim(checksum(decoded.values, tensor.dtype) == tensor.checksum,
                "ok is what the checksum says");
  }
  return 0;
}
