// axi_support.hpp — containers for decoder_axi, and sessions held to the golden model.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "random.hpp"
#include "support.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"
#include "transom/plan/plan.hpp"
#include "transom/system/axi_bench.hpp"
#include "transom/system/axi_parameters.hpp"
#include "transom/verilated/rtl_axi.hpp"

namespace transom::axi {
using namespace golden;
using namespace system;
using namespace verilated;

using support::Random;

inline constexpr std::uint64_t kBase = 0x1'2345'6000;  // more than 32 bits
inline constexpr AxiShape kTans4{{LaneKind::kTans, 4, kMaxTableLog}, 128};
inline constexpr AxiShape kTans16{{LaneKind::kTans, 16, kMaxTableLog}, 128};
/// Every kind of lane and every width of the bus; shapes.sh has the same.
inline constexpr AxiShape kTestShapes[] = {
    kTans4,
    kTans16,
    {{LaneKind::kRans, 4, kRansLaneTableLog}, 64},
    {{LaneKind::kArith, 4, kArithTableLog}, 512},
    {{LaneKind::kTansPair, 4, kMaxTableLog}, 256},
    {{LaneKind::kNrans, 4, kNransTableLog}, 128},
};

inline std::vector<Tensor> embedded_trace() {
  const char* source = std::getenv("TRANSOM_SOURCE");
  REQUIRE(source != nullptr);
  return read_trace(std::filesystem::path(source) / "golden/traces/digits_cnn_int8");
}

/// A container, its image, and what should come of it.
struct Case {
  AxiShape shape;
  std::vector<CodedTensor> tensors;
  AxiImage image;
  std::vector<AxiTensor> golden;
};

inline Case make_case(const AxiShape& shape, std::vector<CodedTensor> tensors,
                      std::uint64_t base = kBase) {
  const std::vector<std::uint8_t> file = write_container(tensors);
  Case made{shape, std::move(tensors), make_axi_image(file, made.tensors, shape, base), {}};
  for (const CodedTensor& tensor : made.tensors) {
    made.golden.push_back(make_axi_tensor(tensor, shape));
  }
  return made;
}

/// The codings that a lane decodes; a raw tensor wants tANS lanes.
inline std::vector<Coding> codings_of(LaneKind kind) {
  std::vector<Coding> codings;
  for (const Codec& c : codecs()) {
    if (c.lane == kind) codings.push_back(c.coding);
  }
  return codings;
}

/// Two-sided geometric values: about 5 bits each with a scale of 7.
inline Tensor made_up(std::uint32_t n, double scale, std::uint32_t seed) {
  Random random(seed);
  Tensor tensor{"made up", {8, true}, {n}, std::vector<value_t>(n)};
  for (value_t& v : tensor.values) {
    const double u = (static_cast<double>(random()) + 1) / 4294967297.0;
    const auto magnitude = static_cast<std::int32_t>(-scale * std::log(u));
    v = to_pattern(std::clamp(random() % 2 != 0 ? -magnitude : magnitude, -128, 127), {8, true});
  }
  return tensor;
}

/// A code that fits the shape, of random rows and frequencies.
inline Code random_code(const AxiShape& shape, Coding coding, const DType& dtype, Random& random) {
  std::mt19937 engine(random());
  Code code;
  do {
    code = support::random_code(coding, dtype, engine);
  } while (code.table_log > shape.unit.table_log || code.rows.size() > unit::max_rows(shape.unit));
  return code;
}

/// Small tables for most tensors, so that a test spends its time on streams.
inline CodedTensor random_tensor(const AxiShape& shape, std::uint32_t n_values,
                                 std::uint32_t n_lanes, std::uint32_t chunk, Random& random) {
  const std::vector<Coding> codings = codings_of(shape.unit.kind);
  Coding coding;
  DType dtype;
  do {
    coding = codings[random() % codings.size()];
    const unsigned widths[] = {4, 8, 8, 16, 1 + random() % 16};
    dtype = {static_cast<std::uint8_t>(widths[random() % 5]), random() % 2 == 0};
  } while (coding != Coding::kRaw && codec(coding).max_rows == 0 && dtype.bits <= 8 &&
           1u << dtype.bits > unit::max_rows(shape.unit));  // a row for each value
  Code code;
  for (unsigned attempt = 0; attempt < 8; ++attempt) {
    code = random_code(shape, coding, dtype, random);
    if (code.table_log <= 8) break;
  }
  std::mt19937 engine(random());
  Tensor tensor = support::random_tensor(dtype, {n_values}, engine);
  tensor.name = "random";
  return encode(tensor, code, n_lanes, chunk);
}

/// Runs the case; everything that must hold for any case is required here.
inline AxiRun run_case(const Case& c, const AxiPressure& pressure = {},
                       std::vector<AxiFaultRange> faults = {}, unsigned n_starts = 1) {
  AxiBench bench(c.image, c.golden, c.shape, pressure, std::move(faults), n_starts);
  return run_rtl_axi(bench, {.shape = c.shape});
}

/// What had happened up to the last beat of each tensor of the last start.
inline void check_layers(const Case& c, const AxiRun& run) {
  REQUIRE(run.layers.size() == c.golden.size());
  std::uint64_t n_beats = 0;
  for (std::size_t i = 0; i < c.golden.size(); ++i) {
    const AxiLayer& layer = run.layers[i];
    n_beats += c.golden[i].n_beats();
    REQUIRE(layer.counters[kCountBeatsOut] == n_beats);
    REQUIRE(layer.counters[kCountCycles] - run.layers[0].counters[kCountCycles] ==
            layer.last_beat_cycle - run.layers[0].last_beat_cycle);
  }
}

/// Counters and registers of a run without errors of the bus or the descriptors.
inline void check_run(const Case& c, const AxiRun& run, unsigned n_starts = 1) {
  REQUIRE(run.fault == "");
  REQUIRE((run.first ? run.first->text() : "") == "");
  REQUIRE(run.registers.size() == n_starts);
  std::uint64_t n_values = 0, n_beats = 0;
  for (const AxiTensor& tensor : c.golden) {
    for (const AxiStream& stream : tensor.streams) n_values += stream.values.size();
    n_beats += tensor.n_beats();
  }
  for (unsigned start = 0; start < n_starts; ++start) {
    const auto count = [&](AxiRegister r) { return run.counter(r, start); };
    REQUIRE(run.reg(AxiRegister::kId, start) == kAxiId);
    REQUIRE(run.reg(AxiRegister::kConfig, start) ==
            (c.shape.unit.n_lanes | static_cast<unsigned>(c.shape.unit.kind) << 8 |
             (unit::max_rows(c.shape.unit) == kMaxApackRows ? 4u : 8u) << 12 |
             c.shape.unit.table_log << 16 | c.shape.beat_bytes() << 20));
    REQUIRE((run.reg(AxiRegister::kStatus, start) & (kAxiBusy | kAxiDone)) == kAxiDone);
    REQUIRE(count(AxiRegister::kValues) == n_values);
    REQUIRE(count(AxiRegister::kBeatsOut) == n_beats);
    REQUIRE(n_starts * count(AxiRegister::kBeatsRead) == run.beats_read);
    REQUIRE(c.shape.unit.n_streams() * count(AxiRegister::kCycles) ==
            count(AxiRegister::kBeats) + count(AxiRegister::kFill) +
                count(AxiRegister::kSymbolWords) + count(AxiRegister::kOffsetWords) +
                count(AxiRegister::kConsumer) + count(AxiRegister::kTurn) +
                count(AxiRegister::kIdle));
    if (values_per_beat(c.shape.unit.kind) == 1) REQUIRE(count(AxiRegister::kBeats) == n_values);
  }
  REQUIRE(run.irq_cycles > 0);
  check_layers(c, run);
}

inline std::uint32_t read_word(const AxiImage& image, std::uint64_t address) {
  std::uint32_t word = 0;
  for (unsigned byte = 0; byte < 4; ++byte) {
    const std::uint64_t at = address + byte - image.base;
    if (at < image.bytes.size()) word |= std::uint32_t{image.bytes[at]} << 8 * byte;
  }
  return word;
}
inline void write_word(AxiImage& image, std::uint64_t address, std::uint32_t word) {
  for (unsigned byte = 0; byte < 4; ++byte) {
    image.bytes.at(address + byte - image.base) = static_cast<std::uint8_t>(word >> 8 * byte);
  }
}
/// Address of a word of a descriptor.
inline std::uint64_t descriptor_word(const AxiImage& image, std::size_t i, unsigned word) {
  return image.descriptors + kDescriptorBytes * i + 4 * word;
}
/// An address that a descriptor holds, in its words `word` and `word` + 1.
inline std::uint64_t address_in(const AxiImage& image, std::size_t i, unsigned word) {
  return read_word(image, descriptor_word(image, i, word)) |
         std::uint64_t{read_word(image, descriptor_word(image, i, word + 1))} << 32;
}

/// No error is told.
inline void check_ok(const AxiRun& run, unsigned start = 0) {
  REQUIRE(run.reg(AxiRegister::kStatus, start) == kAxiDone);
  REQUIRE(run.reg(AxiRegister::kErrorDescriptor, start) == 0);
  REQUIRE(run.reg(AxiRegister::kErrorStream, start) == 0);
}

/// Everything pauses, each channel by chance.
inline AxiPressure random_pressure(std::uint32_t seed) {
  Random random(seed);
  const auto percent = [&] { return random() % 3 == 0 ? 0 : random() % 90; };
  AxiPressure pressure;
  pressure.seed = seed;
  pressure.ar_closed = percent();
  pressure.r_closed = percent();
  pressure.values_closed = percent();
  pressure.lite_closed = percent();
  pressure.latency = random() % 60 * 2;
  pressure.more_latency = random() % 3 * 40;
  if (random() % 3 == 0) pressure.memory_rate = 1'000 + random() % 40'000;
  if (random() % 3 == 0) pressure.memory_outstanding = 1 + random() % 20;
  if (random() % 3 == 0) {
    pressure.consumer_rate = 500 + random() % 20'000;
    pressure.consumer_burst = 1 + random() % 200;
  }
  return pressure;
}

}  // namespace transom::axi
