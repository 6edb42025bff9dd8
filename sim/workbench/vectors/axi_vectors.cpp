// axi_vectors.cpp — which memories there are for decoder_axi and decoder_wide, and how they are
// made.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "transom/container/container.hpp"
#include "transom/workbench/vectors/image.hpp"

namespace transom::workbench {
namespace {

using namespace system;
using golden::PlannedVectors;
using golden::Vector;

constexpr std::uint64_t kBase = 0x1'2345'6000;  // more than 32 bits
constexpr std::uint32_t kMostValues = 310;      // of a tensor
constexpr std::uint32_t kMostWideValues = 10'000;
constexpr unsigned kMostTableLog = 10;  // of one: its table is in the image
constexpr unsigned kWideTans = 8;       // R that a wide unit of tANS lanes has

/// The vectors that a unit takes, in the order of the set.
std::vector<const Vector*> vectors_for(std::span<const PlannedVectors> all, const AxiShape& shape,
                                       bool good_alone) {
  std::vector<const Vector*> found;
  for (const PlannedVectors& planned : all) {
    for (const Vector& v : planned.vectors) {
      const CodedTensor& tensor = v.tensor;
      const bool fits = v.decoded.values.size() <= kMostValues &&
                        tensor.code.table_log <= kMostTableLog &&
                        why_not_in_image(tensor, shape).empty();
      if (fits && (!good_alone || v.decoded.status == Status::kOk)) found.push_back(&v);
    }
  }
  return found;
}

Image axi_image(const AxiShape& shape, const std::string& name, const std::string& comment,
                const std::vector<const Vector*>& vectors) {
  Image image;
  image.name = name;
  image.comment = comment;
  image.flag = "BackToBack";
  image.unit.axi.shape = shape;
  image.is_good = true;
  std::vector<AxiTensor> golden;
  for (const Vector* v : vectors) {
    image.tensors.push_back(v->tensor);
    image.ids.push_back(v->id);
    image.is_good &= v->decoded.status == Status::kOk;
    golden.push_back(make_axi_tensor(v->tensor, shape));
  }
  image.memory = make_axi_image(write_container(image.tensors), image.tensors, shape, kBase);
  image.golden = std::move(golden);
  return image;
}

/// Words of a descriptor that are wrong, one way after the other.
struct Forgery {
  unsigned word;
  std::uint32_t (*make)(std::uint32_t);
};
constexpr Forgery kForgeries[] = {
    {0, [](std::uint32_t w) { return w ^ 0x100; }},         // kind
    {0, [](std::uint32_t w) { return w | 0xf; }},           // R
    {0, [](std::uint32_t w) { return w & 0xffff; }},        // no stream
    {0, [](std::uint32_t w) { return w | 0xff00'0000; }},   // too many
    {0, [](std::uint32_t w) { return w | 0x8000; }},        // reserved
    {2, [](std::uint32_t w) { return w + 4; }},             // table words
    {3, [](std::uint32_t) { return std::uint32_t{0}; }},    // rows
    {3, [](std::uint32_t) { return std::uint32_t{257}; }},  // rows
    {4, [](std::uint32_t w) { return w + 0x0100'0000; }},   // table outside of the window
    {7, [](std::uint32_t w) { return w + 1; }},             // rows outside
    {9, [](std::uint32_t w) { return w ^ 0x8000'0000; }},   // records outside
    {10, [](std::uint32_t w) { return w + 0x0100'0000; }},  // streams outside
};

void put_word(AxiImage& memory, std::uint64_t address, std::uint32_t word) {
  for (unsigned b = 0; b < 4; ++b) {
    memory.bytes[address - memory.base + b] = static_cast<std::uint8_t>(word >> 8 * b);
  }
}

/// A good image, of which every second descriptor is forged; the last one has a table that is none.
Image forged_image(const AxiShape& shape, const std::string& name,
                   const std::vector<const Vector*>& good) {
  std::vector<const Vector*> vectors;
  for (std::size_t i = 0; i < 2 * std::size(kForgeries) + 3; ++i) {
    vectors.push_back(good[i % good.size()]);
  }
  Image image =
      axi_image(shape, name, "forged descriptors between good ones, a table of noise", vectors);
  image.flag = "ForgedDescriptor";
  image.golden.reset();
  image.is_good = false;
  AxiImage& memory = image.memory;
  const auto word = [&](std::uint64_t address) { return word_at(memory, address - memory.base); };
  for (std::size_t i = 0; i < std::size(kForgeries); ++i) {
    const Forgery& forgery = kForgeries[i];
    const std::uint64_t at = memory.descriptors + (2 * i + 1) * kDescriptorBytes + 4 * forgery.word;
    put_word(memory, at, forgery.make(word(at)));
  }
  const std::uint64_t last = memory.descriptors + (vectors.size() - 2) * kDescriptorBytes;
  const std::uint64_t table = word(last + 16) | std::uint64_t{word(last + 20)} << 32;
  put_word(memory, table, 0xffff'ffff);
  return image;
}

}  // namespace

Image wide_image(std::span<const PlannedVectors> all, const wide::Parameters& unit) {
  Image image;
  image.name = "wide_" + std::string(lane_kind_name(unit.axi.shape.unit.kind));
  image.comment = "values of the vectors for lanes in lockstep, and raw ones between";
  image.flag = "Lockstep";
  image.is_wide = image.is_good = true;
  image.unit = unit;
  const unit::UnitShape& shape = unit.axi.shape.unit;
  wide::check_parameters(unit);
  const Coding coding = image.unit.coding();
  std::vector<AxiTensor> golden;
  for (const PlannedVectors& planned : all) {
    const Vector& v = planned.vectors.front();
    const Code& of = v.tensor.code;
    const bool fits = v.decoded.values.size() <= kMostWideValues && of.table_log <= shape.table_log;
    if (!fits || v.decoded.values.empty()) continue;  // none is coded: it would be stored raw
    if (of.coding != coding && of.coding != Coding::kRaw) continue;
    Tensor tensor{v.name, v.tensor.dtype, v.tensor.shape, v.decoded.values};
    Code code = of;
    if (uses_spread(coding) && of.coding != Coding::kRaw) code.spread = Spread::kStep;
    CodedTensor coded = encode(tensor, code, shape.n_lanes, 1);
    if (!wide::why_not_in_image(coded, image.unit).empty()) continue;
    golden.push_back(wide::make_tensor(coded, image.unit));
    image.tensors.push_back(std::move(coded));
    image.ids.push_back(v.id);
  }
  image.memory =
      wide::make_image(write_wide_container(image.tensors), image.tensors, image.unit, kBase);
  image.golden = std::move(golden);
  return image;
}

std::vector<Image> axi_images(std::span<const PlannedVectors> all, LaneKind kind) {
  const std::string name(lane_kind_name(kind));
  const AxiShape shape{
      .unit = {kind, 4, max_lane_table_log(kind), static_cast<unsigned>(unit::max_rows(kind))}};
  const auto good = vectors_for(all, shape, true);
  return {axi_image(shape, name + "_good", "good tensors, jobs back to back", good),
          axi_image(shape, name + "_all", "good and damaged tensors, jobs back to back",
                    vectors_for(all, shape, false)),
          forged_image(shape, name + "_forged", good)};
}

void add_axi_images(golden::VectorSet& set) {
  if (!set.tests_alone) set.manifest["axi"] = golden::json::array();
  std::vector<Image> images;
  for (unsigned k = 0; k < kLaneKinds; ++k) {
    std::ranges::move(axi_images(set.planned, static_cast<LaneKind>(k)),
                      std::back_inserter(images));
  }
  for (const auto& [kind, table_log] :
       {std::pair(LaneKind::kNrans, 10u), {LaneKind::kTans, kWideTans}}) {
    images.push_back(wide_image(
        set.planned,
        {.axi = {.shape = {.unit = {kind, 16, table_log, kMaxApackRows}}}, .halves = 16}));
  }
  for (Image& image : images) finish(set, image);
  set.tests("units", "memories for units behind AXI", [&](golden::Half half, unsigned number) {
    golden::json all = golden::json::array();
    for (const Image& image : images) all.push_back(group_json(image, number++, half));
    return all;
  });
}

}  // namespace transom::workbench
