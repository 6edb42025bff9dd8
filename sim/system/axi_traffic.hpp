// axi_traffic.hpp — what decoder_axi reads of a tensor: whole beats, by what they are for.
//
// Counted from the descriptor and the records as they lie in memory, so that the sum over a run's
// descriptors is what its bus carries.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "transom/system/axi_descriptor.hpp"
#include "transom/system/axi_image.hpp"

namespace transom::system {

/// Bytes.
struct AxiTraffic {
  std::uint64_t descriptor = 0;
  std::uint64_t table = 0;
  std::uint64_t rows = 0;
  std::uint64_t records = 0;
  std::uint64_t streams = 0;

  std::uint64_t total() const { return descriptor + table + rows + records + streams; }
};

/// Bytes of the whole beats that hold a section's words.
constexpr std::uint64_t beat_bytes_of(const Section& section, unsigned beat_bytes) {
  if (section.n_words == 0) return 0;
  const std::uint64_t begin = section.word_address * 4 / beat_bytes;
  const std::uint64_t end =
      ((section.word_address + section.n_words) * 4 + beat_bytes - 1) / beat_bytes;
  return (end - begin) * beat_bytes;
}

/// What a good descriptor makes a unit read. @param index of it in the image's list
inline AxiTraffic traffic_of(const AxiImage& image, std::uint32_t index, unsigned beat_bytes) {
  const auto word_at = [&](std::uint64_t word_address) {
    std::uint32_t word = 0;
    for (unsigned byte = 0; byte < 4; ++byte) {
      word |= std::uint32_t{image.bytes.at(4 * word_address + byte - image.base)} << 8 * byte;
    }
    return word;
  };
  const std::uint64_t at = image.descriptors / 4 + kDescriptorWords * index;
  std::array<std::uint32_t, kDescriptorWords> words;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = word_at(at + i);
  const Descriptor d = to_descriptor(words);
  const auto bytes = [&](LoadPhase phase) {
    return beat_bytes_of(section_of(d, phase, at), beat_bytes);
  };
  AxiTraffic traffic{bytes(LoadPhase::kDescriptor), bytes(LoadPhase::kTable),
                     bytes(LoadPhase::kRows), bytes(LoadPhase::kRecords), 0};
  for (std::uint32_t s = 0; s < d.n_streams(); ++s) {
    const std::uint64_t record = d.records / 4 + kRecordWords * s;
    const std::uint32_t n_symbols = word_at(record + 1), n_offsets = word_at(record + 2);
    const std::uint64_t first = d.payload / 4 + word_at(record + 3);
    traffic.streams += beat_bytes_of({first, n_symbols}, beat_bytes) +
                       beat_bytes_of({first + n_symbols, n_offsets}, beat_bytes);
  }
  return traffic;
}

}  // namespace transom::system
