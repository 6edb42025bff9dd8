// system.cpp — transom system: decoder_axi decodes a container out of a memory, on all its buses.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <memory>

#include "axi_bench.hpp"
#include "axi_image.hpp"
#include "common.hpp"
#include "container.hpp"
#include "job.hpp"
#include "rtl_axi.hpp"
#include "trace.hpp"
#include "verbs.hpp"

namespace transom::cli {
namespace {

struct Options {
  std::string input;
  CodingOptions coding;
  AxiPressure pressure;
  unsigned pause = 0;
  std::string wave;
  bool as_json = false;
};

/// The built unit that the tensors fit into. Those that are raw fit tANS lanes only.
AxiShape shape_for(const std::vector<CodedTensor>& tensors) {
  if (tensors.empty()) throw std::invalid_argument("there is no tensor to decode");
  std::string why;
  for (const AxiShape& shape : rtl_axi_shapes()) {
    bool fits = true;
    for (const CodedTensor& tensor : tensors) {
      if (const std::string reason = why_not_in_image(tensor, shape); !reason.empty()) {
        if (why.empty() || codec(tensor.code.coding).lane == shape.unit.kind) {
          why = "tensor '" + tensor.name + "': " + reason;
        }
        fits = false;
        break;
      }
    }
    if (fits) return shape;
  }
  std::string built;
  for (const AxiShape& shape : rtl_axi_shapes()) {
    built += (built.empty() ? "" : ", ") + std::string(lane_kind_name(shape.unit.kind)) + " x " +
             std::to_string(shape.unit.n_lanes);
  }
  throw std::invalid_argument("no unit that is built (" + built + " lanes) decodes this: " + why);
}

std::vector<CodedTensor> tensors_of(const Options& options) {
  if (is_container(options.input)) return read_container(options.input);
  PlanOptions plan = options.coding.plan();
  plan.n_lanes *= streams_per_lane(codec(plan.coding).lane);
  return encode_for_lanes(read_trace(options.input), plan);
}

int decode_in_system(const Options& options) {
  const std::vector<CodedTensor> tensors = tensors_of(options);
  const AxiShape shape = shape_for(tensors);
  const std::vector<std::uint8_t> file = write_container(tensors);
  const AxiImage image = make_axi_image(file, tensors, shape, 0x8000'0000);
  std::vector<AxiTensor> golden;
  for (const CodedTensor& tensor : tensors) golden.push_back(make_axi_tensor(tensor, shape));
  AxiPressure pressure = options.pressure;
  pressure.ar_closed = pressure.r_closed = options.pause;
  pressure.values_closed = pressure.lite_closed = options.pause;
  AxiBench bench(image, golden, shape, pressure);
  const AxiRun run = run_rtl_axi(bench, {.wave = options.wave});

  std::uint64_t mismatches = run.n_mismatches + (run.fault.empty() ? 0 : 1);
  std::string finding = run.first ? run.first->text() : "";
  if (!run.fault.empty()) finding += (finding.empty() ? "" : "; ") + run.fault;
  json result{{"mismatches", mismatches},         {"kind", lane_kind_name(shape.unit.kind)},
              {"lanes", shape.unit.n_lanes},      {"data_bits", shape.data_bits},
              {"tensors", tensors.size()},        {"file_bytes", image.file_bytes},
              {"image_bytes", image.bytes.size()}};
  if (!run.registers.empty()) {
    const auto counter = [&](AxiRegister r) { return run.counter(r); };
    const double cycles =
        static_cast<double>(std::max<std::uint64_t>(counter(AxiRegister::kCycles), 1));
    const double values = static_cast<double>(counter(AxiRegister::kValues));
    result.update({{"cycles", counter(AxiRegister::kCycles)},
                   {"values", counter(AxiRegister::kValues)},
                   {"values_per_cycle", values / cycles},
                   {"of_peak", values / cycles / shape.beat_values()},
                   {"beats_read", counter(AxiRegister::kBeatsRead)},
                   {"read_bus_use", static_cast<double>(counter(AxiRegister::kBeatsRead)) / cycles},
                   {"bursts", run.bursts},
                   {"max_outstanding", run.max_outstanding},
                   {"stalls",
                    {{"fill", counter(AxiRegister::kFill)},
                     {"symbol_words", counter(AxiRegister::kSymbolWords)},
                     {"offset_words", counter(AxiRegister::kOffsetWords)},
                     {"consumer", counter(AxiRegister::kConsumer)},
                     {"turn", counter(AxiRegister::kTurn)},
                     {"idle", counter(AxiRegister::kIdle)}}},
                   {"status", run.reg(AxiRegister::kStatus)}});
  }
  if (!finding.empty()) result["finding"] = finding;
  if (options.as_json) {
    print(result);
  } else {
    Table table({"", "value"});
    for (const auto& [key, value] : result.items()) {
      if (value.is_object()) {
        for (const auto& [cause, n] : value.items()) table.add({"stalled, " + cause, n.dump()});
      } else {
        table.add({key, value.is_string()         ? value.get<std::string>()
                        : value.is_number_float() ? fixed(value.get<double>(), 4)
                                                  : value.dump()});
      }
    }
    std::cout << table.text() << mismatches << " mismatches\n";
  }
  return mismatches == 0 ? kFine : kMismatch;
}

}  // namespace

Action add_system(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("INPUT", options->input, "a TRACE, which is coded first, or a .tsm container")
      ->required();
  options->coding.add_to(app);
  app.add_option("--latency", options->pressure.latency, "cycles from a read's address to its data")
      ->check(CLI::Range(0u, 100'000u))
      ->capture_default_str();
  app.add_option("--more-latency", options->pressure.more_latency, "up to so many more, by chance")
      ->check(CLI::Range(0u, 100'000u))
      ->capture_default_str();
  app.add_option("--beat-period", options->pressure.beat_period,
                 "bandwidth: at most one beat of the read bus in so many cycles")
      ->check(CLI::Range(1u, 1000u))
      ->capture_default_str();
  app.add_option("--pause", options->pause, "percent of cycles in which each channel is closed")
      ->check(CLI::Range(0u, 95u))
      ->capture_default_str();
  app.add_option("--seed", options->pressure.seed, "of latencies and pauses")
      ->capture_default_str();
  app.add_option("--wave", options->wave, "an FST file of the whole run");
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "The unit of rtl/AXI.md, Verilated: the container lies in memory, tables and descriptors\n"
      "beside it; every word taken and every value out is compared. --lanes are those of the "
      "unit.\n"
      "Example: transom system golden/traces/digits_cnn_int8 --lanes 16 --latency 40");
  return [options] { return decode_in_system(*options); };
}

}  // namespace transom::cli
