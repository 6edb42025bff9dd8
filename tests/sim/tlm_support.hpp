// tlm_support.hpp — both views of several units side by side, and containers for them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tlm_platform.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"
#include "transom/plan/plan.hpp"
#include "transom/systemc/tlm_ca.hpp"
#include "transom/systemc/tlm_lt.hpp"

namespace transom::support {
using namespace golden;
using namespace system;
using namespace systemc;
using namespace unit;

inline constexpr std::uint64_t kBase = 0x1'8000'0000;
inline constexpr std::uint64_t kValuesAddress = 0x4000'0000;

/// One unit in both views.
struct Pair {
  AxiShape shape;
  std::unique_ptr<TestPlatform<TlmDecoderLt>> lt;
  std::unique_ptr<TestPlatform<TlmDecoderCa>> ca;

  void lay(const AxiImage& image) {
    lt->lay(image);
    ca->lay(image);
  }
};

/// All units of the process, elaborated together.
inline std::vector<Pair>& units() {
  static std::vector<Pair>& all = *new std::vector<Pair>;
  if (!all.empty()) return all;
  tlm::tlm_global_quantum::instance().set(sc_core::sc_time(1, sc_core::SC_US));
  for (const UnitShape unit : {UnitShape{LaneKind::kTans, 4}, UnitShape{LaneKind::kRans, 4},
                               UnitShape{LaneKind::kArith, 4}, UnitShape{LaneKind::kTansPair, 4},
                               UnitShape{LaneKind::kNrans, 4}, UnitShape{LaneKind::kTans, 16}}) {
    TlmParameters parameters;
    parameters.axi.shape.unit = unit;
    if (unit.kind == LaneKind::kRans || unit.kind == LaneKind::kNrans) {
      parameters.axi.shape.unit.table_log = max_lane_table_log(unit.kind);
    }
    parameters.values_address = kValuesAddress;
    const std::string name = std::to_string(all.size());
    all.push_back(
        {parameters.axi.shape,
         std::make_unique<TestPlatform<TlmDecoderLt>>(("lt" + name).c_str(), parameters),
         std::make_unique<TestPlatform<TlmDecoderCa>>(("ca" + name).c_str(), parameters)});
  }
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  return all;
}

/// Cycles of a clock that a burst's first beat takes, and of a byte on the bus, times 1000.
struct MemoryTiming {
  unsigned latency;
  unsigned byte_time;
};
inline constexpr MemoryTiming kFast{0, 0}, kUsual{40, 63}, kSlow{150, 700};

inline void set_timing(Pair& unit, const MemoryTiming& timing, bool offers_dmi = false,
                       unsigned value_time = 0) {
  for (TestMemory* memory : {&unit.lt->memory, &unit.ca->memory}) {
    memory->latency = sc_core::sc_time(timing.latency, sc_core::SC_NS);
    memory->byte_time = sc_core::sc_time(timing.byte_time, sc_core::SC_PS);
    memory->offers_dmi = offers_dmi;
    memory->bad = ~std::uint64_t{0};
    memory->forget_dmi();
  }
  for (TestSink* sink : {&unit.lt->sink, &unit.ca->sink}) {
    sink->value_time = sc_core::sc_time(value_time, sc_core::SC_PS);
    sink->values_address = kValuesAddress;
  }
}

/// A container as it lies in memory, and what it holds.
struct Laid {
  std::vector<CodedTensor> tensors;
  AxiImage image;
  std::vector<value_t> values;
  std::vector<std::size_t> ends;
};
/// @param copies of each tensor's values, one behind the other
inline Laid lay_out(const std::vector<Tensor>& tensors, Coding coding, const AxiShape& shape,
                    std::size_t copies = 1) {
  Laid laid;
  for (Tensor tensor : tensors) {
    const std::vector<value_t> once = tensor.values;
    for (std::size_t i = 1; i < copies; ++i) {
      tensor.values.insert(tensor.values.end(), once.begin(), once.end());
    }
    tensor.shape = {static_cast<std::uint32_t>(tensor.values.size())};
    PlanOptions options;
    options.coding = coding;
    options.n_streams = shape.unit.n_streams();
    CodedTensor coded = encode_best(tensor, options);
    if (!why_not_in_image(coded, shape).empty())
      continue;  // raw, where the lanes are no tANS lanes
    laid.values.insert(laid.values.end(), tensor.values.begin(), tensor.values.end());
    laid.ends.push_back(laid.values.size());
    laid.tensors.push_back(std::move(coded));
  }
  laid.image = make_axi_image(write_container(laid.tensors), laid.tensors, shape, kBase);
  return laid;
}

inline std::vector<Tensor> digits() {
  const char* source = std::getenv("TRANSOM_SOURCE");
  return read_trace(std::filesystem::path(source == nullptr ? "." : source) /
                    "golden/traces/digits_cnn_int8");
}

template <class Platform>
TlmRun run(Platform& platform, const Laid& laid) {
  return platform.run(laid.image.descriptors, laid.image.n_descriptors);
}

inline std::uint64_t cycles(const TlmRun& run) { return run.counter(AxiRegister::kCycles); }
inline double error_percent(const TlmRun& lt, const TlmRun& ca) {
  return 100 * (static_cast<double>(cycles(lt)) / static_cast<double>(cycles(ca)) - 1);
}

/// What both views must tell alike.
inline void check_alike(const TlmRun& lt, const TlmRun& ca) {
  CHECK(lt.status == ca.status);
  CHECK(lt.irq_status == ca.irq_status);
  CHECK(lt.error_descriptor == ca.error_descriptor);
  CHECK(lt.error_stream == ca.error_stream);
  CHECK((lt.values == ca.values));
  CHECK(lt.ends == ca.ends);
  for (const AxiRegister r : {AxiRegister::kValues, AxiRegister::kBeatsRead, AxiRegister::kBeatsOut,
                              AxiRegister::kBeats}) {
    CHECK(lt.counter(r) == ca.counter(r));
  }
}

}  // namespace transom::support
