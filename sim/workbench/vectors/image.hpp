// image.hpp — a memory with tensors as a vector: what it holds, and what a unit must make of it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "transom/system/axi_registers.hpp"
#include "transom/wide/image.hpp"
#include "transom/workbench/vectors/beats.hpp"
#include "transom/workbench/vectors/vector_set.hpp"

namespace transom::workbench {

/// What must be the same in every system.
struct Expected {
  std::vector<Beat> beats;
  std::vector<std::pair<system::AxiRegister, std::uint32_t>> registers;

  friend bool operator==(const Expected&, const Expected&) = default;
};

/// What an image is for, and all that it needs.
struct Image {
  std::string name, comment;
  const char* flag = "";  ///< a type of bug that it is for
  bool is_wide = false;
  wide::Parameters unit;
  std::vector<CodedTensor> tensors;
  std::vector<unsigned> ids;  ///< tcIds of the tensors
  system::AxiImage memory;
  std::optional<std::vector<system::AxiTensor>> golden;  ///< none: the image is forged
  bool is_good = false;                                  ///< each of the tensors is
  unsigned id = 0;
  Expected wanted;
};

/// The images for a decoder_axi of a kind, of all vectors of a set: without ids, and nothing is
/// `wanted` yet.
std::vector<Image> axi_images(std::span<const golden::PlannedVectors> all, LaneKind kind);
/// Values of good vectors in the form that the lanes of a decoder_wide take.
Image wide_image(std::span<const golden::PlannedVectors> all, const wide::Parameters& unit);

/// What software does to have an image decoded.
system::AxiStart start_of(const Image& image);

/// Four bytes of a memory, `at` behind its first; 0 for those that are not there.
std::uint32_t word_at(const system::AxiImage& memory, std::uint64_t at);

/// Runs it, gives it an id and writes its files. Throws std::logic_error where what comes out is
/// not what should, or hangs on the system around the unit.
void finish(golden::VectorSet& set, Image& image);
/// The test of an image, in a group of its own: a unit and its memory.
golden::json group_json(const Image& image, unsigned group, golden::Half half);

}  // namespace transom::workbench
