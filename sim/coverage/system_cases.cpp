// system_cases.cpp — random runs of a unit in its system; and which knobs lead to a cover point.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coverage/system_cases.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "transom/container/container.hpp"
#include "transom/wide/image.hpp"

namespace transom::coverage {

using namespace system;

namespace {

using Sizes = LaneKnobs::Sizes;

Coding coding_of(LaneKind kind) {
  constexpr Coding kOf[kLaneKinds] = {Coding::kApackTans, Coding::kApackRans, Coding::kApackAc,
                                      Coding::kApackTansPair, Coding::kApackNrans};
  return kOf[static_cast<unsigned>(kind)];
}

/// Equal ranges, any frequencies.
Code draw_code(const CoveredSystem& covered, const DType& dtype, Draws& draws) {
  const LaneKind kind = covered.unit.axi.shape.unit.kind;
  const bool pairs = kind == LaneKind::kTansPair;
  const unsigned rows_log = draw(draws, 0, std::min(4u, unsigned{dtype.bits}));
  const unsigned symbols_log = pairs ? 2 * rows_log : rows_log;
  Code code{coding_of(kind), 0, Spread::kTuned, {}, {}};
  code.table_log = kind == LaneKind::kArith ? kArithTableLog : draw(draws, symbols_log, 8);
  if (uses_spread(code.coding)) {
    code.spread = covered.is_wide ? Spread::kStep : static_cast<Spread>(draws() % kSpreads);
  }
  for (unsigned row = 0; row < 1u << rows_log; ++row) {
    const unsigned offset_bits = dtype.bits - rows_log;
    code.rows.push_back(
        {static_cast<value_t>(row << offset_bits), static_cast<std::uint8_t>(offset_bits)});
  }
  code.freq.assign(std::size_t{1} << symbols_log, 1u << (code.table_log - symbols_log));
  for (unsigned i = 0; i < 8; ++i) {
    std::uint32_t& from = code.freq[draws() % code.freq.size()];
    const std::uint32_t some = draws() % from;
    from -= some;
    code.freq[draws() % code.freq.size()] += some;
  }
  return code;
}

CodedTensor draw_tensor(const SystemKnobs& knobs, const CoveredSystem& covered, Draws& draws) {
  const auto& sizes = knobs.sizes[draws() % knobs.sizes.size()];
  const std::uint32_t n = draw(draws, sizes.least, sizes.most);
  const auto width = static_cast<std::uint8_t>(knobs.widths[draws() % knobs.widths.size()]);
  Tensor tensor{"random", {width, false}, {n}, std::vector<value_t>(n)};
  for (value_t& v : tensor.values) v = static_cast<value_t>(draws() & low_bits(width));
  const bool has_raw = covered.is_wide || covered.unit.axi.shape.unit.kind == LaneKind::kTans;
  const bool raw = has_raw && ((covered.is_wide && n == 0) || draws() % 8 == 0);
  const Code code = raw ? raw_code(tensor.dtype) : draw_code(covered, tensor.dtype, draws);
  const std::uint32_t n_streams = raw ? 1 : draw(draws, 1, knobs.n_streams);
  return encode(tensor, code, n_streams, covered.is_wide ? 1 : draw(draws, 1, 3));
}

/// Flips some bits of bytes begin..end of the image.
void flip(AxiImage& image, std::uint64_t begin, std::uint64_t end, Draws& draws) {
  end = std::min<std::uint64_t>(end, image.bytes.size());
  if (begin >= end) return;
  for (std::uint32_t n = draw(draws, 1, 4); n > 0; --n) {
    std::uint8_t& byte = image.bytes.at(begin + draws() % (end - begin));
    byte = static_cast<std::uint8_t>(byte ^ 1u << draws() % 8);
  }
}

/// Sets a word of a random descriptor.
void set_word(AxiImage& image, unsigned word, std::uint32_t to, Draws& draws) {
  if (image.n_descriptors == 0) return;
  const std::uint64_t at =
      image.descriptors - image.base + draws() % image.n_descriptors * kDescriptorBytes + 4 * word;
  for (unsigned i = 0; i < 4; ++i) image.bytes.at(at + i) = static_cast<std::uint8_t>(to >> 8 * i);
}

void endanger(SystemCase& made, const CoveredSystem& covered, Hazard hazard, Draws& draws) {
  AxiImage& image = made.image;
  AxiStart& start = made.starts[0];
  const std::uint64_t size = image.bytes.size();
  const std::uint64_t list = image.descriptors - image.base;
  switch (hazard) {
    case Hazard::kNone:
      return;
    case Hazard::kRead: {
      const std::uint64_t begin = image.base + draws() % size;
      made.faults.push_back({begin, begin + draw(draws, 1, 64)});
      break;
    }
    case Hazard::kDescriptor:
      if (covered.is_wide) {
        if (draws() % 2 == 0) {  // the section ends before its records, or behind them
          start.section_words = draw(draws, image.section_words - std::min(image.section_words, 8u),
                                     image.section_words + 8);
          image.bytes.resize(size + 64);
        } else {
          image.bytes.at(list + 3) = 2;  // reserved bits
        }
      } else {
        for (std::uint32_t n = 2 * image.n_descriptors; n > 0; --n) {
          set_word(image, 0, draws(), draws);
        }
      }
      break;
    case Hazard::kAddress:
      if (covered.is_wide) {
        start.descriptors = ~std::uint64_t{63};
        start.section_words = 64;
      } else {
        set_word(image, 11, ~std::uint32_t{0}, draws);
        set_word(image, 10, ~std::uint32_t{3}, draws);
      }
      break;
    case Hazard::kWindow:
      start.limits.window_limit = image.base + draws() % size;
      break;
    case Hazard::kLimit:
      if (draws() % 2 == 0) {
        start.limits.max_descriptors = draws() % (image.n_descriptors + 1);
      } else {
        start.limits.max_values = draws() % (image.n_values + 1);
      }
      break;
    case Hazard::kAbort:
      start.abort_after = draws() % 1500;
      break;
    case Hazard::kReset:
      start.reset_after = draws() % 1500;
      break;
    case Hazard::kWords:
      if (covered.is_wide) {
        flip(image, list + 8, list + 4 * std::uint64_t{image.section_words}, draws);
      } else {
        flip(image, 0, image.file_bytes, draws);
      }
      break;
    case Hazard::kTable:
      flip(image, covered.is_wide ? list : image.file_bytes, covered.is_wide ? list + 64 : list,
           draws);
      break;
  }
  start.tensors.reset();
  const bool damaged = hazard == Hazard::kDescriptor || hazard == Hazard::kAddress ||
                       hazard == Hazard::kWords || hazard == Hazard::kTable;
  if (!damaged && hazard != Hazard::kRead) {  // and a run as it should be
    AxiStart again = start;
    again.limits = {};
    again.abort_after = again.reset_after = AxiStart::kNever;
    again.tensors = made.golden;
    if (hazard == Hazard::kReset) again.rest = 5000;  // what the memory still sends goes nowhere
    made.starts.push_back(again);
  }
  if (damaged) {  // a count may be any now
    start.limits = image_limits(image);
    start.limits.max_values = 5000;
  }
}

}  // namespace

SystemKnobs draw_system_knobs(const CoveredSystem& covered, Draws& draws) {
  SystemKnobs knobs;
  knobs.n_tensors = draw(draws, 0, 4);
  knobs.sizes = {{0, 3}, {1, 40}, {40, 700}};
  for (unsigned i = 0; i < 3; ++i) knobs.widths.push_back(draw(draws, 1, kMaxValueBits));
  knobs.n_streams = draw(draws, 1, covered.unit.axi.n_streams());
  knobs.hazard = Hazard{draws() % (2 * kHazards)};
  if (static_cast<unsigned>(knobs.hazard) >= kHazards) knobs.hazard = Hazard::kNone;
  const auto percent = [&] { return draws() % 2 == 0 ? 0 : draw(draws, 1, 85); };
  AxiPressure& p = knobs.pressure;
  p.seed = draws();
  p.ar_closed = percent();
  p.r_closed = percent();
  p.values_closed = percent();
  p.lite_closed = percent() / 3;  // the bench begins with the start's response: it must not be late
  p.latency = draws() % 2 == 0 ? 0 : draw(draws, 1, 100);
  if (draws() % 4 == 0) p.memory_rate = draw(draws, 2'000, 20'000);
  if (draws() % 8 == 0) {  // many small ones before a consumer that stops
    knobs.n_tensors = 12;
    knobs.n_streams = 1;
    knobs.sizes = {{4, 12}};
    p.values_closed = 95;
    if (draws() % 2 == 0) knobs.hazard = Hazard::kDescriptor;  // what is skipped comes fast
  }
  return knobs;
}

void aim(SystemKnobs& knobs, const CoveredSystem& covered, SystemGroup group,
         const CoverGroup::Place& place, Draws& draws) {
  const std::uint32_t all = covered.unit.axi.n_streams();
  AxiPressure& p = knobs.pressure;
  switch (group) {
    case kBursts:
      knobs.n_tensors = draw(draws, 1, 3);
      knobs.n_streams = draw(draws, 1, 2);
      knobs.sizes = {{40, 700}, {700, 1500}};
      return;
    case kOnTheirWay:
      p.latency = place[0] == 0 ? 0 : draw(draws, 20, 100);
      knobs.n_tensors = 4;
      knobs.n_streams = all;
      return;
    case kBuses:
      p.values_closed = place[1] == 2 ? draw(draws, 50, 90) : p.values_closed;
      p.ar_closed = place[2] == 2 ? draw(draws, 50, 90) : p.ar_closed;
      knobs.n_tensors = 4;
      return;
    case kKeeps:
      knobs.hazard = Hazard::kNone;
      knobs.n_tensors = 4;
      knobs.n_streams = std::min(all, draw(draws, 1, std::max(place[0], 1u)));
      knobs.sizes = {place[0] == 0 ? Sizes{0, 0} : Sizes{1, 3 * all}};
      return;
    case kCauses: {
      constexpr Hazard kOf[kCauseLabels] = {Hazard::kNone,    Hazard::kRead,   Hazard::kDescriptor,
                                            Hazard::kAddress, Hazard::kWindow, Hazard::kLimit,
                                            Hazard::kAbort,   Hazard::kTable,  Hazard::kWords,
                                            Hazard::kTable,   Hazard::kTable};
      knobs.hazard = kOf[place[0]];
      knobs.n_tensors = draw(draws, 1, 4);
      return;
    }
    case kEndings:
      knobs.hazard = place[0] == 0 ? Hazard::kAbort : Hazard::kReset;
      knobs.n_tensors = 4;
      if (place[1] != 0) p.latency = draw(draws, 20, 100);
      if (place[2] != 0) p.values_closed = draw(draws, 50, 90);
      return;
    case kStallCounts:
      p.values_closed = draw(draws, 0, 80);
      knobs.n_tensors = 4;
      return;
    case kPositions:
    case kOffsetPositions:
      knobs.n_tensors = 4;
      knobs.n_streams = all;
      knobs.sizes = {{300, 700}};
      return;
    case kSystemGroups:
      return;
  }
}

SystemCase draw_case(const SystemKnobs& knobs, const CoveredSystem& covered, Draws& draws) {
  const AxiShape& shape = covered.unit.axi.shape;
  std::vector<CodedTensor> tensors;
  for (unsigned i = 0; i < knobs.n_tensors; ++i) {
    tensors.push_back(draw_tensor(knobs, covered, draws));
  }
  SystemCase made{{}, {}, {}, {}, knobs.pressure};
  made.image =
      covered.is_wide
          ? wide::make_image(write_wide_container(tensors), tensors, covered.unit, knobs.base)
          : make_axi_image(write_container(tensors), tensors, shape, knobs.base);
  for (const CodedTensor& tensor : tensors) {
    made.golden.push_back(covered.is_wide ? wide::make_tensor(tensor, covered.unit)
                                          : make_axi_tensor(tensor, shape));
  }
  AxiStart start;
  start.descriptors = made.image.descriptors;
  start.n_descriptors = made.image.n_descriptors;
  // decoder_axi has no such register: what is written there goes nowhere.
  start.section_words = covered.is_wide ? made.image.section_words : draws() % 2;
  start.tensors = made.golden;
  made.starts.push_back(start);
  endanger(made, covered, knobs.hazard, draws);
  return made;
}

}  // namespace transom::coverage
