// cosim.cpp — transom cosim: every decoder that is built, in lockstep with the golden model.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <memory>

#include "common.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/verify/fault.hpp"
#include "transom/verify/lockstep.hpp"
#include "transom/workbench/decoders.hpp"
#include "transom/workbench/figures.hpp"
#include "transom/workbench/unit_shapes.hpp"
#include "verbs.hpp"
#ifdef TRANSOM_HAVE_RTL
#include "transom/verilated/rtl_decoder.hpp"
#endif

namespace transom::cli {
using namespace golden;
using namespace unit;
using namespace verify;
using namespace verilated;
using namespace workbench;
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
    input.tensors = encode_trace(read_trace(path), coding.plan(), coding.n_lanes);
  }
  input.file_bytes = write_container(input.tensors).size();
  return input;
}

struct Options {
  std::string input;
  CodingOptions coding;
  Pressure pressure;
  std::string inject;
  std::string wave;
  std::uint64_t wave_window = 200;
  bool as_json = false;
};

/// What is decoded, what it is compared with, and who disagreed first.
class Cosim {
 public:
  Cosim(const Options& options, std::span<const CodedTensor> tensors)
      : options_(options), units_(tensors, options.coding.n_lanes) {
    for (const Decoder& d : decoders()) {
      if (d.why_not().empty()) running_.push_back(&d);
    }
  }
  const std::vector<const Decoder*>& running() const { return running_; }
  std::vector<std::string> cycle_decoders() const {
    std::vector<std::string> names;
    for (const Decoder* d : running_) {
      if (d->run != nullptr) names.emplace_back(d->name);
    }
    return names;
  }
  const std::vector<std::string>& findings() const { return findings_; }

  /// Runs all decoders on a tensor. `damaged` is what they are given.
  Figures run(const CodedTensor& tensor, const CodedTensor& damaged) {
    Figures figures;
    const Decoded golden = decode(tensor);
    if (golden.status != Status::kOk) {
      throw DataError("tensor '" + tensor.name + "': " + std::string(status_name(golden.status)) +
                      "; the file is damaged, encode it again");
    }
    figures.values = golden.values.size();
    figures.raw_bytes = raw_bytes(tensor);
    figures.coded_bytes = record_bytes(tensor).coded();
    figures.entropy_bits = entropy_bits(golden.values) * static_cast<double>(golden.values.size());
    std::optional<Run> first;
    std::vector<Job> jobs, golden_jobs;
    if (why_not_a_job(tensor).empty()) {
      jobs = {make_job(damaged)};
      if (fault_) fault_->apply_to_table(jobs[0]);
      golden_jobs = {make_job(tensor)};
    }
    for (const std::string& decoder : cycle_decoders()) figures.count_cycles(decoder, 0);
    for (const Decoder* decoder : running_) {
      if (!decoder->why_not_tensor(tensor).empty()) continue;
      if (decoder->run == nullptr) {
        compare(figures, *decoder, tensor, golden, decoder->decode(damaged));
        continue;
      }
      const UnitShape shape = units_.of(jobs[0].kind);
      Lockstep lockstep(golden_jobs);
      Bench bench(shape, jobs, options_.pressure, &lockstep);
      Run run = decoder->run(bench);
      figures.count_cycles(std::string(decoder->name), run.cycles);
      judge_run(figures, *decoder, tensor, run, lockstep);
#ifdef TRANSOM_HAVE_RTL
      if (decoder->name == "rtl" && lockstep.first()) {
        write_wave(tensor, jobs, lockstep.first()->cycle);
      }
#endif
      if (!first) {
        figures.stalls = run.stalls;
        figures.lane_values = run.n_values();
        figures.lane_cycles =
            run.cycles * std::min<std::uint64_t>(run.streams.size(), shape.n_lanes);
        first = std::move(run);
      } else if (!(run == *first)) {
        ++figures.mismatches;
        find(tensor, std::string(decoder->name) + " and another decoder differ in time: " +
                         std::to_string(run.cycles) + " and " + std::to_string(first->cycles) +
                         " cycles, or events in other cycles");
      }
    }
    return figures;
  }

  void set_fault(std::optional<Fault> fault) { fault_ = std::move(fault); }

 private:
  void find(const CodedTensor& tensor, const std::string& what) {
    findings_.push_back("tensor '" + tensor.name + "': " + what);
  }

  /// A decoder that only decodes: values and verdicts.
  void compare(Figures& figures, const Decoder& decoder, const CodedTensor& tensor,
               const Decoded& golden, const Decoded& got) {
    std::size_t n_wrong = 0, first_wrong = 0;
    std::string what = "status: want " + std::string(status_name(golden.status));
    for (std::size_t i = golden.values.size(); i-- > 0;) {
      if (got.values[i] != golden.values[i]) {
        ++n_wrong;
        first_wrong = i;
      }
    }
    if (n_wrong != 0) {
      what = "index " + std::to_string(first_wrong) + ": value: want " +
             std::to_string(golden.values[first_wrong]) + ", got " +
             std::to_string(got.values[first_wrong]);
    } else if (got.status != golden.status) {
      n_wrong = 1;
    }
    figures.mismatches += n_wrong;
    if (n_wrong == 0) return;
    find(tensor, std::string(decoder.name) + ": " + what + " (status " +
                     std::string(status_name(got.status)) + ")");
  }

  void judge_run(Figures& figures, const Decoder& decoder, const CodedTensor& tensor,
                 const Run& run, const Lockstep& lockstep) {
    figures.mismatches += lockstep.n_mismatches() + (run.fault.empty() ? 0 : 1);
    if (lockstep.first()) {
      find(tensor, std::string(decoder.name) + ": " + to_text(*lockstep.first()));
    }
    if (!run.fault.empty()) find(tensor, std::string(decoder.name) + ": " + run.fault);
  }

#ifdef TRANSOM_HAVE_RTL
  /// Runs the RTL again with a wave around the first difference; only the first tensor gets one.
  void write_wave(const CodedTensor& tensor, const std::vector<Job>& jobs, std::uint64_t cycle) {
    if (options_.wave.empty() || wave_written_) return;
    const std::uint64_t half = options_.wave_window / 2;
    Bench bench(units_.of(jobs[0].kind), jobs, options_.pressure);
    run_rtl(bench, {.wave = options_.wave,
                    .wave_from = cycle - std::min(cycle, half),
                    .wave_to = cycle + half});
    wave_written_ = true;
    find(tensor, "wave of the cycles around " + std::to_string(cycle) + " in " + options_.wave);
  }
#endif

  const Options& options_;
  UnitShapes units_;
  std::vector<const Decoder*> running_;
  std::optional<Fault> fault_;
  std::vector<std::string> findings_;
  bool wave_written_ = false;
};

int cosim(const Options& options) {
  const Input input = read_input(options.input, options.coding);
  std::vector<CodedTensor> given = input.tensors;
  std::optional<Fault> fault;
  if (!options.inject.empty()) {
    fault = Fault::parse(options.inject);
    fault->locate(given);
    fault->apply_to_stream(given);
  }
  Cosim all(options, input.tensors);
  Progress progress("cosim", given.size());
  Figures total;
  json tensors = json::array();
  for (const std::string& decoder : all.cycle_decoders()) total.count_cycles(decoder, 0);
  Table table(Figures::header(all.cycle_decoders()));
  for (std::size_t i = 0; i < given.size(); ++i) {
    all.set_fault(fault && fault->tensor == i ? fault : std::nullopt);
    const Figures figures = all.run(input.tensors[i], given[i]);
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
      throw CLI::ValidationError(
          text, "the number must be " + std::to_string(low) + ".." + std::to_string(high));
    }
    return n;
  };
  if (text == "none") return {};
  if (text.rfind("every:", 0) == 0) return {Rhythm::Kind::kPeriod, number(6, 1, 999)};
  if (text.rfind("random:", 0) == 0) return {Rhythm::Kind::kRandom, number(7, 0, 95)};
  throw CLI::ValidationError(text, "take none, every:N or random:PERCENT");
}

void add_rhythm(CLI::App& app, const char* name, Rhythm& rhythm, const char* what) {
  app.add_option_function<std::string>(
         name, [&rhythm](const std::string& text) { rhythm = parse_rhythm(text); },
         std::string(what) + ": none, every:N (one of N cycles), random:P (P percent do not)")
      ->type_name("RHYTHM");
}

}  // namespace

Action add_cosim(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("INPUT", options->input, "a TRACE, which is coded first, or a .tsm container")
      ->required();
  add_coding(app, options->coding);
  CLI::Option* streams = add_streams(app, options->coding);
  add_lanes(app, options->coding)->excludes(streams);
  add_rhythm(app, "--symbol-words", options->pressure.symbol_words, "when symbol words come");
  add_rhythm(app, "--offset-words", options->pressure.offset_words, "when offset words come");
  add_rhythm(app, "--values", options->pressure.consumer, "when values are taken");
  app.add_option("--seed", options->pressure.seed, "of the random pressure")->capture_default_str();
  app.add_option(
         "--inject", options->inject,
         "give the decoders one flipped bit: table:ADDRESS:BIT, symbols:STREAM:BIT or "
         "offsets:STREAM:BIT, of the first tensor that has it, or of tensor N after a leading N@")
      ->type_name("FAULT");
  app.add_option("--wave", options->wave,
                 "an FST file of the RTL around the first mismatch, if there is one");
  app.add_option("--wave-window", options->wave_window, "cycles in it")->capture_default_str();
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Example: transom cosim golden/traces/digits_cnn_int8 --lanes 16 --values random:30\n"
      "Tensors that no hardware lane takes are decoded by the model and CUDA alone.");
  return [options] { return cosim(*options); };
}

}  // namespace transom::cli
