// unit_cases.cpp — the vectors of a kind of lane as cases of decoder.
// SPDX-License-Identifier: Apache-2.0
#include "unit_cases.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "high_counts.hpp"
#include "noise.hpp"
#include "transom/cycle/run.hpp"
#include "transom/golden/tally/sha256.hpp"
#include "transom/golden/vectors/chains.hpp"
#include "transom/golden/vectors/plan.hpp"
#include "transom/unit/bench.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/verify/lockstep.hpp"
#include "transom/workbench/vectors/vector_set.hpp"

namespace transom::mutate {
namespace {

using unit::Job;
using unit::Pressure;
using unit::Rhythm;

struct Stalls {
  std::string name;
  Pressure pressure;
};
constexpr Rhythm kAlways{}, kHalf{Rhythm::Kind::kRandom, 50}, kSeldom{Rhythm::Kind::kRandom, 90};
constexpr Rhythm kOneInSeven{Rhythm::Kind::kPeriod, 7}, kRare{Rhythm::Kind::kPeriod, 80};
/// Of a chain.
std::vector<Stalls> chain_stalls() {
  return {{"none", {}},
          {"all ports at random", {1, kHalf, kHalf, kHalf}},
          {"few offset words", {2, kAlways, kOneInSeven, kAlways}},
          {"few symbol words", {3, kOneInSeven, kAlways, kAlways}},
          {"a slow consumer", {4, kAlways, kAlways, kSeldom}},
          {"pauses in loads", {.seed = 5, .load = kHalf}},
          {"words before their job", {.early = true}}};
}
/// None, and those of the vector's stalls.hex.
std::vector<Stalls> stalls_of(const std::string& vector) {
  std::vector<Stalls> all{{"none", {}}};
  for (const auto& pattern : golden::stall_patterns(vector)) {
    const auto rhythm = [&](unsigned port) {
      return Rhythm{Rhythm::Kind::kPattern, 0, pattern[port]};
    };
    all.push_back({"pattern " + std::to_string(all.size() - 1),
                   {.symbol_words = rhythm(0),
                    .offset_words = rhythm(1),
                    .consumer = rhythm(2),
                    .load = rhythm(3)}});
  }
  all.erase(all.begin() + 1);  // the first pattern is none
  return all;
}

/// A job's streams as jobs of at most `n_streams` each, with one load.
std::vector<Job> jobs_of(const Job& whole, unsigned n_streams) {
  std::vector<Job> jobs;
  for (std::size_t first = 0; first < whole.streams.size(); first += n_streams) {
    const auto begin = whole.streams.begin() + static_cast<std::ptrdiff_t>(first);
    const auto n = std::min<std::size_t>(n_streams, whole.streams.size() - first);
    Job job{whole.kind, whole.table_log, whole.entries, whole.rows, {}, whole.code, first != 0};
    job.streams.assign(begin, begin + static_cast<std::ptrdiff_t>(n));
    jobs.push_back(std::move(job));
  }
  return jobs;
}

/// The same in a unit's other streams: the last comes first.
Job turned(const Job& job, unsigned n_streams) {
  Job other = job;
  other.streams.resize(n_streams);
  std::rotate(other.streams.begin(), other.streams.end() - 1, other.streams.end());
  return other;
}

/// Good streams of one, again and again: each time another bit behind one's end is 1.
std::vector<Job> filled(const golden::Vector& good) {
  const Job whole = unit::make_job(good.tensor);
  const TracedValue last = golden::trace_of(good.tensor, 0).back();
  std::vector<Job> jobs;
  const auto add = [&](std::vector<std::uint32_t> unit::JobStream::*words, std::uint64_t used) {
    for (std::uint64_t bit = used; bit % kWordBits != 0; ++bit) {
      jobs.push_back(whole);
      jobs.back().keeps_table = jobs.size() != 1;
      (jobs.back().streams[0].*words)[bit / kWordBits] |= std::uint32_t{1} << bit % kWordBits;
    }
  };
  add(&unit::JobStream::symbol_words, last.symbol_position);
  add(&unit::JobStream::offset_words, last.offset_position);
  return jobs;
}

constexpr std::uint32_t kOfChain = 1024;  ///< values of a step that are asked for

/// A job of each table of a coding, in the order of its chain and with its words, which are random:
/// what no encoder writes. Tensors are those of the plans.
std::vector<Job> chain_jobs(const Codec& of, const std::vector<CodedTensor>& tensors,
                            std::uint32_t seed) {
  std::vector<Code> codes;
  for (const CodedTensor& tensor : tensors) codes.push_back(tensor.code);
  const auto hash_of = [](std::span<const std::uint8_t> bytes) {
    golden::Sha256 hash;
    hash.add(bytes);
    return hash.digest();
  };
  std::vector<Job> jobs;
  std::size_t step = 0;
  golden::run_chain(codes, golden::chain_start(of, seed), hash_of,
                    [&](const Code&, const StreamWords& words) {
                      if (step == tensors.size()) return;
                      CodedTensor tensor = tensors[step++];
                      tensor.shape = {kOfChain};
                      tensor.chunk = 1;
                      tensor.streams = {words};
                      if (unit::why_not_a_job(tensor).empty())
                        jobs.push_back(unit::make_job(tensor));
                    });
  return jobs;
}

/// Loads with few words: many a job waits longer for its first one than the load behind it takes.
std::vector<Job> short_jobs(const std::vector<Job>& jobs) {
  constexpr std::size_t kFewWords = 16;
  std::vector<Job> chosen;
  for (const Job& job : jobs) {
    std::size_t n_words = 0;
    for (const unit::JobStream& stream : job.streams) {
      n_words += stream.symbol_words.size() + stream.offset_words.size();
    }
    if (n_words > kFewWords) continue;
    chosen.push_back(job);
    chosen.back().keeps_table = false;
  }
  return chosen;
}

/// Valid stays, with the same data, until the transfer.
class ValuesStay {
 public:
  /// The stream that broke the rule in this clock.
  std::optional<std::size_t> broken(const unit::UnitInputs& in, const unit::UnitOutputs& out) {
    waits_.resize(out.streams.size());
    std::optional<std::size_t> stream;
    for (std::size_t s = 0; s < out.streams.size(); ++s) {
      const unit::StreamOutputs& now = out.streams[s];
      const std::optional<Beat> beat = beat_of(now);
      if (waits_[s] && waits_[s] != beat) stream = s;
      waits_[s] = in.streams[s].value_ready ? std::nullopt : beat;
    }
    return stream;
  }

 private:
  struct Beat {
    std::array<value_t, 2> values;
    bool two, last;
    friend bool operator==(const Beat&, const Beat&) = default;
  };
  static std::optional<Beat> beat_of(const unit::StreamOutputs& out) {
    if (!out.value_valid) return std::nullopt;
    return Beat{
        {out.values[0], out.value_two ? out.values[1] : value_t{0}}, out.value_two, out.value_last};
  }
  std::vector<std::optional<Beat>> waits_;
};

class UnitCase final : public Case {
 public:
  UnitCase(const unit::UnitShape& shape, const std::string& vector, const Stalls& stalls,
           std::vector<Job> jobs)
      : Case(vector, stalls.name),
        shape_(shape),
        jobs_(std::move(jobs)),
        pressure_(stalls.pressure) {
    verify::Lockstep lockstep(jobs_);
    unit::Bench bench(shape_, jobs_, pressure_, &lockstep);
    want_ = cycle::run(bench);
    if (!want_.fault.empty() || lockstep.n_mismatches() != 0) {
      throw std::logic_error(vector + ": the cycle model: " + want_.fault + lockstep.text());
    }
  }
  std::uint64_t clocks() const override { return want_.cycles; }

  Kill run(Make make) const override {
    const std::unique_ptr<verilated::DecoderShape> module(
        static_cast<verilated::DecoderShape*>(make({})));
    verify::Lockstep lockstep(jobs_);
    unit::Bench bench(shape_, jobs_, pressure_, &lockstep);
    ValuesStay rule;
    Noise noise(shape_);
    unit::UnitInputs in;
    unit::UnitOutputs out;
    out.streams.resize(shape_.n_streams());
    while (!bench.done()) {
      bench.drive(in);
      module->drive(noise(in), out);
      if (const auto stream = rule.broken(in, out)) {
        return {"handshake", "cycle " + std::to_string(bench.cycle()) + ", stream " +
                                 std::to_string(*stream) + ": a value does not stay"};
      }
      try {
        bench.observe(in, out);
      } catch (const std::exception& refused) {  // what no job has
        return {"count", refused.what()};
      }
      if (const auto& first = lockstep.first()) {
        return {std::string(first->what), verify::to_text(*first)};
      }
      module->edge();
      if (bench.cycle() > most_clocks(want_.cycles)) {
        return {"time-out", "cycle " + std::to_string(bench.cycle()) + ": not done"};
      }
    }
    const unit::Run got = bench.take_run();
    if (!got.fault.empty()) return {"count", got.fault};
    if (got == want_) return {};
    return {"clocks", std::to_string(got.cycles) + " clocks instead of " +
                          std::to_string(want_.cycles) + ", or other stalls"};
  }

 private:
  unit::UnitShape shape_;
  std::vector<Job> jobs_;
  Pressure pressure_;
  unit::Run want_;
};

constexpr std::uint64_t kLong =
    1u << 14;  ///< values of a vector that is in no chain and has no stalls
/// Of a stream of one symbol, which has no bits: counters with all bits set, and all but the
/// lowest.
constexpr std::uint32_t kCounts[] = {(1u << 18) - 1, (1u << 18) - 2};

}  // namespace

Cases unit_cases(const unit::UnitShape& shape, std::uint32_t seed) {
  Cases cases;
  std::vector<Job> chain;
  std::map<Coding, std::vector<CodedTensor>> tensors;  // of all plans
  const auto add = [&](const std::string& name, const Job& whole, bool is_long) {
    const std::vector<Job> jobs = jobs_of(whole, shape.n_streams());
    for (const Stalls& stalls : stalls_of(name)) {
      if (is_long && stalls.name != "none") continue;
      cases.push_back(std::make_unique<UnitCase>(shape, name, stalls, jobs));
    }
    if (is_long) return;
    for (const Job& job : jobs) {
      chain.push_back(job);
      if (shape.n_streams() == 1) continue;
      chain.push_back(turned(job, shape.n_streams()));
      chain.back().keeps_table = true;
    }
  };
  for (const golden::Subject& subject : golden::subjects()) {
    for (const golden::Plan& plan : subject.plans()) {
      if (codec(plan.coding).lane != shape.kind) continue;
      const std::vector<golden::Vector> vectors = golden::vectors_of(plan, seed);
      tensors[plan.coding].push_back(vectors.front().tensor);
      for (const golden::Vector& v : vectors) {
        if (!unit::why_not_a_job(v.tensor).empty()) continue;
        add(v.name, unit::make_job(v.tensor), v.tensor.layout().n_values > kLong);
      }
      if (plan.wants == golden::ends_across || plan.wants == golden::ends_after_a_word) {
        cases.push_back(std::make_unique<UnitCase>(shape, plan.name + ", every bit behind it",
                                                   Stalls{"none", {}}, filled(vectors.front())));
      }
      if (plan.name.ends_with("_constant")) {
        for (const std::uint32_t count : kCounts) {
          std::vector<Job> jobs =
              jobs_of(unit::make_job(vectors.front().tensor), shape.n_streams());
          jobs.resize(1);
          std::vector<unit::JobStream>& streams = jobs.front().streams;
          streams.resize(shape.n_streams(), streams.front());
          for (unit::JobStream& stream : streams) stream.n_values = count;
          cases.push_back(std::make_unique<UnitCase>(
              shape, plan.name + " of " + std::to_string(count), Stalls{"none", {}}, jobs));
        }
      }
      for (const golden::LaneVector& load : workbench::bad_loads(vectors.front())) {
        add(load.name, workbench::load_job(load), false);
      }
    }
  }
  for (const Stalls& stalls : chain_stalls()) {
    cases.push_back(std::make_unique<UnitCase>(shape, "all, one behind the other", stalls, chain));
  }
  std::vector<Job> few = short_jobs(chain);
  for (const char* name : {"few words", "few words, in the other banks"}) {
    cases.push_back(std::make_unique<UnitCase>(
        shape, name, Stalls{"words in one clock of 80", {6, kRare, kRare}}, few));
    few.erase(few.begin());
  }
  for (const auto& [coding, of_plans] : tensors) {
    std::vector<Job> jobs = chain_jobs(codec(coding), of_plans, seed);
    const std::string name = "chain_" + std::string(codec(coding).name);
    cases.push_back(std::make_unique<UnitCase>(shape, name, Stalls{"none", {}}, jobs));
    jobs.erase(jobs.begin());
    cases.push_back(
        std::make_unique<UnitCase>(shape, name + ", in the other banks", Stalls{"none", {}}, jobs));
  }
  chain.erase(chain.begin(), std::find_if(chain.begin() + 1, chain.end(),
                                          [](const Job& job) { return !job.keeps_table; }));
  cases.push_back(std::make_unique<UnitCase>(shape, "all but one, in the other banks",
                                             Stalls{"none", {}}, chain));
  add_high_counts(cases, shape, chain);
  return cases;
}

}  // namespace transom::mutate
