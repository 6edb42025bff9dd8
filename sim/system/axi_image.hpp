// axi_image.hpp — the driver of decoder_axi: a container as it lies in memory, and what comes out.
//
// The .tsm file is laid in memory unchanged, streams are decoded in place. Beside it the driver
// writes what the unit cannot read out of the file: tables, row words, stream records, descriptors
// (rtl/AXI.md). raw tensors lie flat in a file: one stream of offsets.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"
#include "transom/system/axi_bus.hpp"
#include "transom/system/axi_limits.hpp"

namespace transom::system {

inline constexpr std::size_t kDescriptorBytes = 64;
inline constexpr std::size_t kRecordBytes = 16;  ///< size of a stream's record

/// Memory from `base` on, ready to be decoded.
struct AxiImage {
  std::uint64_t base = 0;
  std::vector<std::uint8_t> bytes;
  std::size_t file_bytes = 0;     ///< the container's; tables and the like are behind it
  std::uint64_t descriptors = 0;  ///< address of the first
  std::uint32_t n_descriptors = 0;
  std::uint64_t n_values = 0;       ///< of all descriptors
  std::uint32_t section_words = 0;  ///< for decoder_wide, whose descriptors are a section
};

/// What decoding it takes, and no more: its memory in whole blocks of 64 bytes, as no beat is
/// larger; its descriptors and values.
AxiLimits image_limits(const AxiImage& image);

/// Why the unit cannot decode this tensor; empty if it can.
std::string why_not_in_image(const CodedTensor& tensor, const AxiShape& shape);

/// `tensors` are what parse_container() makes of `file`. The file begins at `base`, a multiple
/// of 4. Throws std::invalid_argument naming the tensor that the unit cannot decode.
AxiImage make_axi_image(std::span<const std::uint8_t> file, std::span<const CodedTensor> tensors,
                        const AxiShape& shape, std::uint64_t base);

/// One stream as the unit is given it.
struct AxiStream {
  std::vector<value_t> values;  ///< what the golden model decodes
  std::vector<std::uint32_t> symbols;
  std::vector<std::uint32_t> offsets;
  Status status = Status::kOk;
  std::vector<LaneStep> steps = {};  ///< of lanes in lockstep alone
  std::uint32_t first_bit = 0;       ///< of the symbol stream that the first step takes

  /// Bits of the symbol stream before a step, none of which takes over 15.
  std::uint64_t bit_before(std::size_t step) const {
    std::uint64_t bit = first_bit;
    for (std::size_t i = 0; i < step; ++i) {
      bit += (steps[i].position() + 16u - (i == 0 ? 0u : steps[i - 1].position())) % 16;
    }
    return bit;
  }
};
/// One beat of values: places, of which some hold one.
struct AxiBeat {
  std::span<const value_t> values;
  std::span<const std::uint8_t> keep;     ///< TKEEP of a value: 3 where one is there, else 0
  std::span<const std::uint16_t> stream;  ///< whose value it is
  std::span<const std::uint32_t> index;   ///< index of each value in its tensor
  std::uint64_t n_kept;
  bool last;
};
/// Values that such a TKEEP keeps.
std::uint64_t count_kept(std::span<const std::uint8_t> keep);
/// What the golden model says about a tensor. What is looked at in every clock lies in the order in
/// which it is: beat after beat, each of `beat_values` places, and round after round.
struct AxiTensor {
  std::vector<AxiStream> streams;
  std::size_t beat_values = 0;
  std::vector<value_t> values;
  std::vector<std::uint8_t> keep;
  std::vector<std::uint16_t> stream;
  std::vector<std::uint32_t> index;
  std::vector<std::uint32_t> n_kept;  ///< of each beat
  /// The streams' steps once more: those of all lanes, invalid where one has none.
  std::vector<LaneStep> rounds;

  std::size_t n_beats() const { return n_kept.size(); }
  AxiBeat beat(std::size_t b) const {
    const auto part = [&](const auto& of_all) {
      return std::span(of_all).subspan(b * beat_values, beat_values);
    };
    return {part(values), part(keep), part(stream), part(index), n_kept[b], b + 1 == n_beats()};
  }
};

/// The streams of a tensor and the order in which the unit's values leave.
AxiTensor make_axi_tensor(const CodedTensor& tensor, const AxiShape& shape);
/// Streams that no tensor stands behind: an index is that of the value in its stream.
AxiTensor make_axi_tensor(std::vector<AxiStream> streams, const AxiShape& shape);

/// Their values in the order in which they leave.
std::vector<value_t> values_out(std::span<const AxiTensor> tensors);

}  // namespace transom::system
