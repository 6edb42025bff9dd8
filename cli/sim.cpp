// sim.cpp — transom sim: decoder_axi or decoder_wide behind a memory and before a consumer, clock
// by clock.
//
// The cycle model alone, which equals the RTL in every clock, for any shape; beside it the loosely
// timed view. Every word that a stream takes and every value out is compared with the golden
// model's.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <ctime>
#include <iostream>
#include <memory>
#include <tuple>
#include <utility>

#include "common.hpp"
#include "transom/cycle/axi_run.hpp"
#include "transom/lt/axi_platform.hpp"
#include "transom/lt/decoder.hpp"
#include "transom/lt/wide.hpp"
#include "transom/system/axi_bench.hpp"
#include "transom/wide/run.hpp"
#include "transom/workbench/system/sim_compare.hpp"
#include "transom/workbench/system/sim_report.hpp"
#include "transom/workbench/wave.hpp"
#include "verbs.hpp"
#ifdef TRANSOM_HAVE_RTL
#include "transom/verilated/rtl_axi.hpp"
#include "transom/verilated/rtl_wide.hpp"
#endif

namespace transom::cli {
using namespace cycle;
using namespace system;
#ifdef TRANSOM_HAVE_RTL
using namespace verilated;
#endif
using namespace workbench;
namespace {

/// Beats that have left are its progress.
class WatchedBench final : public AxiBench {
 public:
  WatchedBench(const SimCase& c, std::string who)
      : AxiBench(c.image, c.golden, c.unit.shape, c.pressure),
        who_(std::move(who)),
        progress_("sim, beats of values", n_beats(c)) {}

  void observe(const AxiInputs& in, const AxiOutputs& out) override {
    constexpr std::uint64_t kCyclesPerLook = 1 << 14;
    AxiBench::observe(in, out);
    if (cycle() % kCyclesPerLook == 0) progress_.at(beats_out(), who_);
  }

 private:
  static std::size_t n_beats(const SimCase& c) {
    std::size_t n = 0;
    for (const AxiTensor& tensor : c.golden) n += tensor.n_beats();
    return n;
  }

  std::string who_;
  Progress progress_;
};

void note(const std::string& who, const AxiRun& run, SimResult& result) {
  result.mismatches += run.n_mismatches + (run.fault.empty() ? 0 : 1);
  if (run.first) result.findings.push_back(who + ": " + run.first->text());
  if (!run.fault.empty()) result.findings.push_back(who + ": " + run.fault);
  if (run.registers.empty() || run.reg(AxiRegister::kStatus) == kAxiDone) return;
  ++result.mismatches;
  result.findings.push_back(who + ": " + run.error_text());
}

AxiRun run_model(const SimCase& c) {
  WatchedBench bench(c, "cycle model");
  return c.wide ? wide::run_model(bench, *c.wide) : run_axi_model(bench, c.unit);
}

std::function<void()> clock_of(AxiBench& bench, const SimCase& c) {
  return c.wide ? wide::unit_clock(bench, *c.wide) : axi_clock(bench, c.unit);
}

/// Two units at one memory, clock by clock, until both are done.
std::pair<AxiRun, AxiRun> run_models_together(const SimCase& first, const SimCase& second) {
  AxiMemory memory(first.pressure, first.unit.beat_bytes(), 2);
  WatchedBench one(first, "first unit"), two(second, "second unit");
  one.share(memory, 0);
  two.share(memory, 1);
  const auto clock_one = clock_of(one, first), clock_two = clock_of(two, second);
  while (!one.done() || !two.done()) {
    if (!one.done()) clock_one();
    if (!two.done()) clock_two();
  }
  return {one.take_run(), two.take_run()};
}

/// Cycles from start to done.
lt::cycle_t decode_loosely_timed(const SimCase& c, lt::AxiPlatform& platform,
                                 AxiRegisters& registers) {
  registers.descriptors = c.image.descriptors;
  registers.n_descriptors = c.image.n_descriptors;
  registers.section_words = c.image.section_words;
  return c.wide ? lt::WideDecoder(*c.wide, platform).run(registers)
                : lt::Decoder(c.unit, platform).run(registers);
}

void run_loosely_timed(const SimCase& c, SimResult& result) {
  lt::AxiPlatform platform(c.image, c.unit.shape, c.pressure, c.n_values());
  AxiRegisters registers;
  result.loosely_timed = LooselyTimed{.cycles = decode_loosely_timed(c, platform, registers)};
  if (registers.errors.any() || platform.values() != values_out(c.golden)) {
    ++result.mismatches;
    result.findings.push_back("loosely timed: values differ from the golden model's");
  }
}

/// Of the processor, which other programs do not have meanwhile.
template <class Work>
double seconds(Work work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

/// By turns, so that what else the machine does slows down both; medians.
void time_loosely_timed(const SimCase& c, LooselyTimed& lt) {
  constexpr std::size_t kRuns = 7;
  std::array<double, kRuns> lt_seconds{}, golden_seconds{};
  for (std::size_t i = 0; i < kRuns; ++i) {
    golden_seconds[i] = seconds([&] {
      for (const CodedTensor& tensor : c.tensors) decode(tensor);
    });
    lt_seconds[i] = seconds([&] {
      lt::AxiPlatform platform(c.image, c.unit.shape, c.pressure, c.n_values());
      AxiRegisters registers;
      decode_loosely_timed(c, platform, registers);
    });
  }
  const auto rate = [&](std::array<double, kRuns>& times) {
    std::nth_element(times.begin(), times.begin() + kRuns / 2, times.end());
    return static_cast<double>(c.n_values()) / times[kRuns / 2];
  };
  lt.values_per_second = rate(lt_seconds);
  lt.golden_values_per_second = rate(golden_seconds);
}

#ifdef TRANSOM_HAVE_RTL
void run_rtl(const SimCase& c, const std::string& wave, SimResult& result) {
  WatchedBench bench(c, "rtl");
  Wave file(wave);
  const RtlAxiOptions rtl{.wave = file.path()};
  const AxiRun run = c.wide ? run_rtl_wide(bench, *c.wide, rtl) : run_rtl_axi(bench, c.unit, rtl);
  file.keep();
  note("rtl", run, result);
  if (!run.registers.empty()) result.rtl_cycles = run.counter(AxiRegister::kCycles);
  for (const std::string& difference : differences(run, result.run)) {
    ++result.mismatches;
    result.findings.push_back("rtl / cycle model: " + difference);
  }
}
#else
void run_rtl(const SimCase&, const std::string&, SimResult&) {}  // make_sim_case() has refused
#endif

int show(const SimOptions& options, const json& all, std::uint64_t mismatches) {
  if (options.as_json) {
    print(all);
  } else {
    std::cout << to_text(all);
  }
  return mismatches == 0 ? kFine : kMismatch;
}

int sim_together(const SimOptions& options) {
  SimOptions others = options;
  others.input = options.also;
  const SimCase one = make_sim_case(options), two = make_sim_case(others);
  if (one.unit.beat_bytes() != two.unit.beat_bytes()) {
    throw std::invalid_argument(
        "--also: the two units have buses of different widths; say "
        "--bus-bits");
  }
  const AxiRun one_alone = run_model(one), two_alone = run_model(two);
  SimResult of_one, of_two;
  std::tie(of_one.run, of_two.run) = run_models_together(one, two);
  note("first unit", of_one.run, of_one);
  note("second unit", of_two.run, of_two);
  return show(options,
              shared_json({one, of_one, one_alone.counter(AxiRegister::kCycles)},
                          {two, of_two, two_alone.counter(AxiRegister::kCycles)}),
              of_one.mismatches + of_two.mismatches);
}

int sim(const SimOptions& options) {
  if (!options.wave.empty()) check_will_be_written(options.wave);
  if (!options.also.empty()) return sim_together(options);
  const SimCase c = make_sim_case(options);
  SimResult result;
  result.run = run_model(c);
  note("cycle model", result.run, result);
  for (std::size_t i = 0; options.alone && i < c.tensors.size(); ++i) {
    result.alone.push_back(run_model(only(c, i)));
    note("cycle model, tensor " + std::to_string(i) + " alone", result.alone.back(), result);
  }
  if (options.against_rtl) run_rtl(c, options.wave, result);
  if (!options.no_lt) run_loosely_timed(c, result);
  if (options.time) time_loosely_timed(c, *result.loosely_timed);
  return show(options, to_json(c, result), result.mismatches);
}

void add_chance(App& app, SimOptions& options) {
  system::AxiPressure& pressure = options.unit.pressure;
  app.add_option("--mem-more-latency", pressure.more_latency, "up to so many more, by chance")
      ->check(Range(0u, 100'000u))
      ->capture_default_str();
  app.add_option("--pause", options.pause, "percent of cycles in which each channel is closed")
      ->check(Range(0u, 95u))
      ->capture_default_str();
  app.add_option("--seed", pressure.seed, "of latencies (--mem-more-latency) and pauses (--pause)")
      ->capture_default_str()
      ->no_effect_if([&options]() -> std::string {
        const bool draws = options.pause != 0 || options.unit.pressure.more_latency != 0;
        return draws ? "" : "nothing is by chance without --mem-more-latency or --pause";
      });
}

void add_consumer(App& app, SimOptions& options) {
  const Option* rate =
      add_decimal(app, "--consumer-values-per-cycle", options.unit.pressure.consumer_rate, 1000,
                  "what the consumer takes, such as 2.5 [default: every beat]");
  app.add_option("--consumer-burst", options.unit.pressure.consumer_burst,
                 "values that it makes room for before it takes any, and then at once")
      ->check(Range(1u, 65'536u))
      ->capture_default_str()
      ->needs(rate);
}

}  // namespace

Action add_sim(App& app) {
  auto options = std::make_shared<SimOptions>();
  app.add_option("INPUT", options->input, "a TRACE, which is coded first, or a .tsm container")
      ->required();
  add_coding(app, options->coding, {&options->input, true, &options->unit});
  add_lanes(app, options->coding);
  add_for_unit(app, options->coding, {&options->input, true});
  add_max_rows(app, options->max_rows,
               "what the tensors want; with --against-rtl what the kind has")
      ->no_effect_if([options] { return why_not_of_wide(&options->unit); });
  add_unit(app, options->unit, [] { return std::string(); });
  add_chance(app, *options);
  add_consumer(app, *options);
  auto* no_lt = app.add_flag("--no-lt", options->no_lt, "leave out the loosely timed view");
  auto* time =
      app.add_flag("--time", options->time,
                   "measure how fast the loosely timed view is: that differs from run to run");
  time->excludes(no_lt);
  auto* rtl = app.add_flag("--against-rtl", options->against_rtl,
                           "run the Verilated RTL too, which is built for the unit if need be, "
                           "and compare all that it counts");
  auto* alone = app.add_flag(
      "--alone", options->alone,
      "run each tensor by itself, too: bytes, cycles and the first value of one that is "
      "reached at random; with --tile, of a tile");
  app.add_option(
         "--also", options->also,
         "a second INPUT, such as activations beside weights: a unit like the first decodes it "
         "at the same time, out of the same memory, which gives one of them a beat in a cycle")
      ->excludes(rtl)
      ->excludes(alone)
      ->excludes(no_lt)
      ->excludes(time);
  app.add_option("--wave", options->wave, "an FST file of the RTL's run")->needs(rtl);
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      std::string("The unit of rtl/AXI.md by its cycle model: --lanes 1..64 of the kind that "
                  "--coding wants, tables\nof --table-log; or, with --unit wide, that of "
                  "rtl/WIDE.md. A container brings its own coding "
                  "and, unless given, lanes: `sim` of what\n`encode` makes with the same options "
                  "(--lanes given) is `sim` of the trace.\nExample: transom sim "
                  "golden/traces/digits_cnn_int8 --lanes 16 --mem-bytes-per-cycle 6.4 "
                  "--mem-latency 40\n\n") +
      kSimKeys);
  return [options] { return sim(*options); };
}

}  // namespace transom::cli
