// cosim.cpp — transom cosim: every decoder that is built, in lockstep with the golden model.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>
#include <string_view>

#include "common.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/verify/fault.hpp"
#include "transom/workbench/coverage/report.hpp"
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
    input.tensors = encode_trace(read_trace_to_code(path, coding), coding.plan(), coding.n_lanes);
  }
  input.file_bytes = write_container(input.tensors).size();
  return input;
}

struct CosimOptions {
  std::string input;
  CodingOptions coding;
  TraceCosimOptions cosim;
  std::optional<Fault> inject;
  bool as_json = false;
};

/// Refuses what the tensors at hand make impossible, a unit with too few lanes, or idle: what is
/// for a unit that none runs on, and pressure on words that there are none of.
void check_options(const CosimOptions& options, const std::vector<CodedTensor>& tensors) {
  bool runs = false, has_symbols = false, has_offsets = false;
  for (const CodedTensor& tensor : tensors) {
    if (!why_not_a_job(tensor).empty()) continue;
    runs = true;
    const unsigned lanes =
        unit_shape(codec(tensor.code.coding).lane, tensor.streams.size()).n_lanes;
    if (lanes > options.cosim.n_lanes.value_or(lanes)) {
      throw std::invalid_argument("--lanes " + std::to_string(*options.cosim.n_lanes) +
                                  ": tensor '" + tensor.name + "' has " +
                                  std::to_string(tensor.streams.size()) + " streams; give " +
                                  std::to_string(lanes) + " or more");
    }
    const auto fits = [&](const char* option, std::optional<unsigned> most, std::size_t is,
                          const std::string& has) {
      if (is <= most.value_or(is)) return;
      throw std::invalid_argument(std::string(option) + " " + std::to_string(*most) + ": tensor '" +
                                  tensor.name + "' has " + has +
                                  "; code it with less, or leave the option away");
    };
    const std::size_t n_rows = tensor.code.rows.size();
    fits("--max-table-log", options.cosim.table_log, tensor.code.table_log,
         "R = " + std::to_string(tensor.code.table_log));
    fits("--max-rows", options.cosim.max_rows, n_rows, std::to_string(n_rows) + " rows");
    for (const StreamWords& stream : tensor.streams) {
      has_symbols |= !stream.symbols.empty();
      has_offsets |= !stream.offsets.empty();
    }
  }
  const auto check = [&](bool given, bool has_effect, const char* option, const char* what) {
    if (!given || has_effect) return;
    throw std::invalid_argument(std::string(option) + " has no effect: " + options.input + " has " +
                                what + "; leave it away");
  };
  const auto pressed = [](const Rhythm& rhythm) { return rhythm.kind != Rhythm::Kind::kAlways; };
  const Pressure& pressure = options.cosim.pressure;
  const char* const no_job = "no tensor that a lane takes";
  check(options.cosim.n_lanes && is_container(options.input), runs, "--lanes", no_job);
  check(options.cosim.table_log.has_value(), runs, "--max-table-log", no_job);
  check(options.cosim.max_rows.has_value(), runs, "--max-rows", no_job);
  check(!options.cosim.wave.empty(), runs, "--wave", no_job);
  check(options.cosim.coverage, runs, "--coverage", no_job);
  check(pressed(pressure.consumer), runs, "--values", no_job);
  check(pressed(pressure.symbol_words), has_symbols, "--symbol-words",
        "no symbol words for a lane");
  check(pressed(pressure.offset_words), has_offsets, "--offset-words",
        "no offset words for a lane");
}

/// A fault given on purpose, and who is given it.
struct Seeded {
  Fault fault;
  std::string tensor;  ///< its name
  std::vector<std::string_view> given_to;
  std::vector<std::string_view> others;  ///< decoders that make their tables themselves
  bool had_effect = false;

  Seeded(const Fault& where, std::vector<CodedTensor>& given, const TraceCosim& cosim)
      : fault(where) {
    fault.locate(given);
    fault.apply_to_stream(given);
    const CodedTensor& damaged = given[*fault.tensor];
    tensor = damaged.name;
    for (const Decoder* decoder : cosim.running()) {
      if (!decoder->why_not_tensor(damaged).empty()) continue;
      const bool reached = fault.place != Fault::Place::kTable || decoder->run != nullptr;
      (reached ? given_to : others).push_back(decoder->name);
    }
  }

  json to_json() const {
    return {{"what", fault.text()},
            {"tensor", *fault.tensor},
            {"name", tensor},
            {"given_to", given_to},
            {"had_effect", had_effect}};
  }
  std::string text() const {
    std::string line = "fault: " + fault.text() + " of tensor " + std::to_string(*fault.tensor) +
                       " '" + tensor + "', given to " + joined(given_to);
    if (!others.empty()) line += "; not to " + joined(others) + ", which have tables of their own";
    return line + '\n';
  }

 private:
  static std::string joined(const std::vector<std::string_view>& names) {
    std::string all;
    for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
    return all;
  }
};

std::string decoders_text(const TraceCosim& all) {
  std::string line = "decoders:";
  for (const Decoder* d : all.running()) line += ' ' + std::string(d->name);
  for (const Decoder& d : decoders()) {
    const std::string why = d.why_not();
    if (!why.empty()) line += "; not " + std::string(d.name) + ": " + why;
  }
  return line + '\n';
}

int cosim(const CosimOptions& options) {
  if (!options.cosim.wave.empty()) check_will_be_written(options.cosim.wave);
  const Input input = read_input(options.input, options.coding);
  check_options(options, input.tensors);
  std::vector<CodedTensor> given = input.tensors;
  TraceCosim all(options.cosim, input.tensors);
  std::optional<Seeded> seeded;
  if (options.inject) seeded.emplace(*options.inject, given, all);
  Progress progress("cosim", given.size());
  Figures total;
  json tensors = json::array();
  for (const std::string& decoder : all.cycle_decoders()) total.count_cycles(decoder, 0);
  Table table(Figures::header(all.cycle_decoders()));
  for (std::size_t i = 0; i < given.size(); ++i) {
    const bool is_seeded = seeded && seeded->fault.tensor == i;
    Figures figures;
    try {
      figures = all.run(input.tensors[i], given[i],
                        is_seeded ? std::optional(seeded->fault) : std::nullopt);
    } catch (const DataError& error) {
      throw DataError(options.input + ": " + error.what());
    }
    if (is_seeded) seeded->had_effect = figures.mismatches != 0;
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

  if (options.as_json) {
    json names = json::array();
    for (const Decoder* d : all.running()) names.push_back(d->name);
    json result{{"mismatches", total.mismatches},
                {"decoders", std::move(names)},
                {"total", total.to_json()},
                {"tensors", std::move(tensors)},
                {"findings", all.findings()}};
    if (seeded) result["fault"] = seeded->to_json();
    if (options.cosim.coverage) result["coverage"] = coverage_json(all.coverage());
    print(std::move(result));
  } else {
    std::cout << table.text() << "\nentropy and coded: bits per value, all tables and headers "
              << "counted; stalls: stream-cycles\n"
              << decoders_text(all) << (seeded ? seeded->text() : "");
    if (options.cosim.coverage) std::cout << coverage_text(all.coverage()) << '\n';
    for (const std::string& finding : all.findings()) std::cout << finding << '\n';
    std::cout << total.mismatches << " mismatches"
              << (seeded && !seeded->had_effect ? ": the fault had no effect" : "") << '\n';
  }
  return total.mismatches == 0 && !(seeded && !seeded->had_effect) ? kFine : kMismatch;
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
         std::string(what) +
             ": none, every:N (one of N cycles, N 1..999), random:P (P percent of "
             "the cycles do not, P 0..95)")
      ->type_name("RHYTHM");
}

}  // namespace

Action add_cosim(App& app) {
  auto options = std::make_shared<CosimOptions>();
  app.add_option("INPUT", options->input, "a TRACE, which is coded first, or a .tsm container")
      ->required();
  const ContainerUse container{&options->input};
  add_coding(app, options->coding, container);
  Option* streams = add_streams(app, options->coding, container);
  add_lanes(app, options->coding)->excludes(streams);
  app.add_option(
         "--max-table-log", options->cosim.table_log,
         "R of the hardware unit's largest table, 4..14 [default: what the kind of lane has]")
      ->check(Range(kMinLaneTableLog, kMaxTableLog));
  add_max_rows(app, options->cosim.max_rows, "what the kind of lane has");
  add_rhythm(app, "--symbol-words", options->cosim.pressure.symbol_words, "when symbol words come");
  add_rhythm(app, "--offset-words", options->cosim.pressure.offset_words, "when offset words come");
  add_rhythm(app, "--values", options->cosim.pressure.consumer, "when values are taken");
  app.add_option("--seed", options->cosim.pressure.seed, "of the random pressure")
      ->capture_default_str()
      ->no_effect_if([options]() -> std::string {
        const Pressure& p = options->cosim.pressure;
        for (const Rhythm& rhythm : {p.symbol_words, p.offset_words, p.consumer}) {
          if (rhythm.kind == Rhythm::Kind::kRandom) return {};
        }
        return "no pressure is random:P";
      });
  app.add_option_function(
         "--inject", [options](const std::string& text) { options->inject = Fault::parse(text); },
         "give the decoders one flipped bit: table:ADDRESS:BIT, symbols:STREAM:BIT or "
         "offsets:STREAM:BIT, of the first tensor that has it, or of tensor N after a leading N@; "
         "see below")
      ->type_name("FAULT");
  const Option* wave =
      app.add_option("--wave", options->cosim.wave,
                     "an FST file of the RTL around the first mismatch, if there is one")
          ->no_effect_if([] { return find_decoder("rtl")->why_not(); });
  app.add_option("--wave-window", options->cosim.wave_cycles, "cycles in it, 1..1000000")
      ->check(Range(1u, 1'000'000u))
      ->capture_default_str()
      ->needs(wave);
  app.add_flag("--coverage", options->cosim.coverage,
               "count the cover points of each kind of lane (docs/coverage.md)");
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Example: transom cosim golden/traces/digits_cnn_int8 --lanes 16 --values random:30\n"
      "Tensors that no hardware lane takes are decoded by the model and CUDA alone.\n"
      "A container brings its coding and streams; --lanes is the unit that it is decoded on.\n"
      "A finding's index is that of the step or value in its stream; where no step is seen "
      "(model,\n"
      "CUDA), the value's number in its tensor stands beside it.\n"
      "FAULT: ADDRESS 0..2^R-1 (apack-ac, apack-nrans: 0..15) and BIT 0..31 of the table that a "
      "unit is\n"
      "loaded with;\n"
      "STREAM from 0, BIT from 0 of its symbol or offset words. What there is not is refused with "
      "what\n"
      "there is. Table faults reach the unit's decoders, not the model and CUDA, which make their\n"
      "tables themselves. A fault that no decoder notices had no effect: that is exit code 1, "
      "too.");
  return [options] {
    if (options->coding.n_lanes) options->cosim.n_lanes = *options->coding.n_lanes;
    return cosim(*options);
  };
}

}  // namespace transom::cli
