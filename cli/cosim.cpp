// cosim.cpp — transom cosim: every decoder that is built, in lockstep with the golden model.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "common.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"
#include "transom/verify/fault.hpp"
#include "transom/workbench/trace_cosim.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;
using namespace unit;
using namespace verify;
namespace {

/// A container's tensors with how many bytes they take in their file.
struct Input {
  std::vector<CodedTensor> tensors;
  std::uint64_t file_bytes = 0;
};

Input read_input(const std::string& path, const CodingOptions& coding) {
  Input input;
  if (is_container(path)) {
    input.tensors = read_container(path);
  } else {
    input.tensors = encode_trace(load_trace(path), coding.plan(), coding.n_lanes);
  }
  input.file_bytes = write_container(input.tensors).size();
  return input;
}

struct CosimOptions {
  std::string input;
  CodingOptions coding;
  TraceCosimOptions cosim;
  std::string inject;
  bool as_json = false;
};

int cosim(const CosimOptions& options) {
  const Input input = read_input(options.input, options.coding);
  std::vector<CodedTensor> given = input.tensors;
  std::optional<Fault> fault;
  if (!options.inject.empty()) {
    fault = Fault::parse(options.inject);
    fault->locate(given);
    fault->apply_to_stream(given);
  }
  TraceCosim all(options.cosim, input.tensors);
  Progress progress("cosim", given.size());
  Figures total;
  json tensors = json::array();
  for (const std::string& decoder : all.cycle_decoders()) total.count_cycles(decoder, 0);
  Table table(Figures::header(all.cycle_decoders()));
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Figures figures =
        all.run(input.tensors[i], given[i], fault && fault->tensor == i ? fault : std::nullopt);
    total.add(figures);
    json entry{{"name", given[i].name}, {"coding", codec(given[i].code.coding).name}};
    entry.update(figures.to_json());
    tensors.push_back(std::move(entry));
    table.add(figures.row(given[i].name));
    progress.step(given[i].name);
  }
  total.coded_bytes = input.file_bytes;  // names and the file's header too
  table.rule();
  table.add(total.row("total"));
  json names = json::array();
  for (const Decoder* d : all.running()) names.push_back(d->name);

  if (options.as_json) {
    print({{"mismatches", total.mismatches},
           {"decoders", names},
           {"total", total.to_json()},
           {"tensors", std::move(tensors)},
           {"findings", all.findings()}});
  } else {
    std::cout << table.text() << "\nentropy and coded: bits per value, all tables and headers "
              << "counted; stalls: stream-cycles\ndecoders:";
    for (const Decoder* d : all.running()) std::cout << ' ' << d->name;
    for (const Decoder& d : decoders()) {
      if (const std::string why = d.why_not(); !why.empty()) {
        std::cout << "; not " << d.name << ": " << why;
      }
    }
    std::cout << '\n';
    for (const std::string& finding : all.findings()) std::cout << finding << '\n';
    std::cout << total.mismatches << " mismatches\n";
  }
  return total.mismatches == 0 ? kFine : kMismatch;
}

/// "none", "every:N" or "random:P".
Rhythm parse_rhythm(const std::string& text) {
  const auto number = [&](std::size_t from, unsigned low, unsigned high) {
    const std::string digits = text.substr(from);
    const bool ok = !digits.empty() && digits.size() < 4 &&
                    digits.find_first_not_of("0123456789") == std::string::npos;
    const unsigned n = ok ? static_cast<unsigned>(std::stoul(digits)) : high + 1;
    if (n < low || n > high) {
      throw BadValue(text,
                     "the number must be " + std::to_string(low) + ".." + std::to_string(high));
    }
    return n;
  };
  if (text == "none") return {};
  if (text.rfind("every:", 0) == 0) return {Rhythm::Kind::kPeriod, number(6, 1, 999)};
  if (text.rfind("random:", 0) == 0) return {Rhythm::Kind::kRandom, number(7, 0, 95)};
  throw BadValue(text, "take none, every:N or random:PERCENT");
}

void add_rhythm(App& app, const char* name, Rhythm& rhythm, const char* what) {
  app.add_option_function(
         name, [&rhythm](const std::string& text) { rhythm = parse_rhythm(text); },
         std::string(what) + ": none, every:N (one of N cycles), random:P (P percent do not)")
      ->type_name("RHYTHM");
}

}  // namespace

Action add_cosim(App& app) {
  auto options = std::make_shared<CosimOptions>();
  app.add_option("INPUT", options->input, "a TRACE, which is coded first, or a .tsm container")
      ->required();
  add_coding(app, options->coding);
  Option* streams = add_streams(app, options->coding);
  add_lanes(app, options->coding)->excludes(streams);
  add_rhythm(app, "--symbol-words", options->cosim.pressure.symbol_words, "when symbol words come");
  add_rhythm(app, "--offset-words", options->cosim.pressure.offset_words, "when offset words come");
  add_rhythm(app, "--values", options->cosim.pressure.consumer, "when values are taken");
  app.add_option("--seed", options->cosim.pressure.seed, "of the random pressure")
      ->capture_default_str();
  app.add_option(
         "--inject", options->inject,
         "give the decoders one flipped bit: table:ADDRESS:BIT, symbols:STREAM:BIT or "
         "offsets:STREAM:BIT, of the first tensor that has it, or of tensor N after a leading N@")
      ->type_name("FAULT");
  app.add_option("--wave", options->cosim.wave,
                 "an FST file of the RTL around the first mismatch, if there is one");
  app.add_option("--wave-window", options->cosim.wave_cycles, "cycles in it")
      ->capture_default_str();
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Example: transom cosim golden/traces/digits_cnn_int8 --lanes 16 --values random:30\n"
      "Tensors that no hardware lane takes are decoded by the model and CUDA alone.");
  return [options] {
    if (options->coding.n_lanes) options->cosim.n_lanes = *options->coding.n_lanes;
    return cosim(*options);
  };
}

}  // namespace transom::cli
