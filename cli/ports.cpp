// ports.cpp — transom ports: what is at the ports of the RTL while it decodes a trace, clock by
// clock.
//
// For whoever runs the unit in another simulator, e.g. as a netlist: inputs to drive, outputs to
// compare with. The format is that of sim/verilated/shape/record.hpp.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "common.hpp"
#include "transom/golden/manifest.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/verify/lockstep.hpp"
#include "transom/verilated/rtl_decoder.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;
using namespace unit;
using namespace verify;
#ifdef TRANSOM_HAVE_RTL
using namespace verilated;
#endif
namespace {

struct PortsOptions {
  std::string trace, folder;
  CodingOptions coding;
  std::uint64_t cycles = 4096;
  bool as_json = false;
};

/// Decodes the tensor, in lockstep with the model, and records it as `name` in the folder.
json record(const CodedTensor& tensor, unsigned n_lanes, const files::WholeFolder& folder,
            const std::string& name, std::uint64_t cycles) {
  if (const std::string why = why_not_a_job(tensor); !why.empty()) {
    throw std::invalid_argument("tensor '" + tensor.name + "': " + why);
  }
  const std::vector<Job> jobs{make_job(tensor)};
  Lockstep lockstep(jobs);
  Bench bench({jobs[0].kind, n_lanes}, jobs, {}, &lockstep);
  std::ofstream out(folder.path() / name);
  const Run run = run_rtl(bench, {.ports = &out, .ports_cycles = cycles});
  out.close();
  if (!out) {
    throw files::FileError((folder.target() / name).string(), "file",
                           "cannot be written; free some space, or name another folder");
  }
  const std::string fault = lockstep.first() ? to_text(*lockstep.first()) : run.fault;
  if (!fault.empty()) throw std::runtime_error("tensor '" + tensor.name + "': rtl: " + fault);
  return {{"name", tensor.name},      {"file", name},
          {"values", run.n_values()}, {"load_cycles", run.loads[0].last_cycle + 1},
          {"cycles", run.cycles},     {"recorded", std::min(cycles, run.cycles)}};
}

int ports(const PortsOptions& options) {
  const auto tensors =
      encode_for_lanes(read_trace_to_code(options.trace, options.coding), options.coding.plan());
  files::WholeFolder folder(options.folder, why_not_replace);
  Progress progress("ports", tensors.size());
  json recorded = json::array();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::string number = std::to_string(1000 + i).substr(1);
    recorded.push_back(
        record(tensors[i], *options.coding.n_lanes, folder, number + ".ports", options.cycles));
    progress.step(tensors[i].name);
  }
  write_manifest(folder, "transom ports");
  folder.keep();
  if (options.as_json) {
    print({{"folder", options.folder}, {"tensors", std::move(recorded)}});
  } else {
    std::cout << printable(options.folder) << ": the ports of " << recorded.size() << " tensors\n";
  }
  return kFine;
}

}  // namespace

Action add_ports(App& app) {
  auto options = std::make_shared<PortsOptions>();
  options->coding.n_lanes = 4;
  app.add_option("TRACE", options->trace, "a trace, which is coded first")->required();
  app.add_option("-o,--output", options->folder, "the folder to write to: a file per tensor")
      ->required();
  add_coding(app, options->coding);
  add_lanes(app, options->coding);
  app.add_option("--cycles", options->cycles, "record the first N clocks of every tensor")
      ->check(Range(1u, 0xffff'ffffu))
      ->capture_default_str();
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "A file's first line names the ports, the others are clocks: hexadecimal, just before the\n"
      "rising edge. Every tensor is a job of its own, right after reset.\n"
      "Example: transom ports golden/traces/digits_cnn_int8 -o /tmp/ports --lanes 1");
  return [options] { return ports(*options); };
}

}  // namespace transom::cli
