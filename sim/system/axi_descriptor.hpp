// axi_descriptor.hpp — a descriptor of decoder_axi and a record of a stream, out of memory.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/coder/tans.hpp"
#include "transom/system/axi_parameters.hpp"
#include "transom/unit/job.hpp"
#include "transom/unit/tans_build.hpp"

namespace transom::system {

inline constexpr std::size_t kDescriptorWords = 16;
inline constexpr std::size_t kRecordWords = 4;  ///< words of a stream's record

inline constexpr std::uint32_t kBuildsBit = 1u << 12;  ///< of a descriptor's control word

/// Whether a unit is given a table's counts instead of its words: a tANS table of the step spread
/// for at most 16 rows, if these are fewer.
inline bool is_built(LaneKind kind, Spread spread, std::size_t n_rows, unsigned R) {
  return kind == LaneKind::kTans && spread == Spread::kStep && n_rows <= kMaxApackRows &&
         unit::n_table_words(kind, R) > unit::kCountWords;
}

/// What the unit takes from a descriptor: tables begin at multiples of 64 bytes, words at 4.
struct Descriptor {
  /// [3:0] table log, [11:8] kind, [12] the table comes as counts, [31:16] streams; others 0
  std::uint32_t control = 0;
  std::uint32_t n_table_words = 0;
  std::uint32_t n_rows = 0;
  std::uint64_t table = 0;  ///< addresses
  std::uint64_t rows = 0;
  std::uint64_t records = 0;
  std::uint64_t payload = 0;

  unsigned table_log() const { return control & 0xf; }
  /// Its table words are cumulative counts, of which the unit builds the table.
  bool builds() const { return (control & kBuildsBit) != 0; }
  std::uint32_t n_streams() const { return control >> 16; }
};

/// The descriptor in its words; low bits of addresses that must be 0 are taken as 0.
inline Descriptor to_descriptor(const std::array<std::uint32_t, kDescriptorWords>& words) {
  const auto address = [&](std::size_t i, std::uint64_t align) {
    return (words[i] | std::uint64_t{words[i + 1]} << 32) & ~(align - 1);
  };
  return {words[0],       words[2],       words[3],      address(4, 64),
          address(6, 64), address(8, 64), address(10, 4)};
}

/// Whether a unit of this shape can decode it; the number of table words follows from the rest.
inline bool is_possible(const Descriptor& d, const AxiShape& shape) {
  const unit::LaneTraits& lane = unit::lane_traits(shape.unit.kind);
  const unsigned R = d.table_log();
  const bool builds = d.builds() && lane.kind == LaneKind::kTans;
  const std::size_t table_words =
      builds ? unit::kCountWords
             : std::max<std::size_t>(unit::n_table_words(shape.unit.kind, R), kLoadEntries);
  const bool fits = unit::fits_table_log(lane.kind, R, shape.unit.table_log) &&
                    d.n_rows <= (builds ? kMaxApackRows : unit::max_rows(shape.unit));
  const std::uint32_t reserved = 0xf0f0 & ~(builds ? kBuildsBit : 0u);
  return fits && d.n_rows != 0 && d.n_table_words == table_words && (d.control & reserved) == 0 &&
         (d.control >> 8 & 0xf) == static_cast<unsigned>(shape.unit.kind) && d.n_streams() != 0 &&
         d.n_streams() <= shape.unit.n_streams();
}

/// What is read of a tensor, in this order.
enum class LoadPhase : std::uint8_t { kDescriptor, kTable, kRows, kRecords };

/// Words in memory.
struct Section {
  std::uint64_t word_address = 0;
  std::uint32_t n_words = 0;
};

/// Where a phase reads. @param at the descriptor's own word address
inline Section section_of(const Descriptor& d, LoadPhase phase, std::uint64_t at) {
  switch (phase) {
    case LoadPhase::kTable:
      return {d.table / 4, d.n_table_words};
    case LoadPhase::kRows:
      return {d.rows / 4, d.n_rows};
    case LoadPhase::kRecords:
      return {d.records / 4, d.n_streams() * static_cast<std::uint32_t>(kRecordWords)};
    case LoadPhase::kDescriptor:
      break;
  }
  return {at, static_cast<std::uint32_t>(kDescriptorWords)};
}

/// A stream of a tensor; its offset words lie right behind its symbol words.
struct StreamRecord {
  std::uint32_t n_values = 0;
  std::uint32_t symbol_words = 0;
  std::uint32_t offset_words = 0;
  std::uint32_t first_word = 0;  ///< counted from the payload's address
};

}  // namespace transom::system
