// bench.cpp — the environment of the decoder unit: loads, starts, feeds words, takes values,
// counts.
// SPDX-License-Identifier: Apache-2.0
#include "bench.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "lockstep.hpp"

namespace transom {

namespace {

enum Port : std::uint64_t { kSymbolPort, kOffsetPort, kConsumerPort };

// Longer than any pause of a random rhythm: 0.95^4096 < 2^-300.
constexpr std::uint64_t kPatience = 4096;

void check_rhythm(const Rhythm& rhythm) {
  if ((rhythm.kind == Rhythm::Kind::kPeriod && rhythm.n == 0) ||
      (rhythm.kind == Rhythm::Kind::kRandom && rhythm.n > 95)) {
    throw std::invalid_argument("bench: a port that is never open (rhythm " +
                                std::to_string(rhythm.n) + ")");
  }
}

/// splitmix64's finaliser (Steele, Lea, Flood, OOPSLA 2014): every input bit moves every output
/// bit.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58'476d'1ce4'e5b9;
  x = (x ^ x >> 27) * 0x94d0'49bb'1331'11eb;
  return x ^ x >> 31;
}

bool is_open_now(const Rhythm& rhythm, std::uint64_t seed, Port port, unsigned lane,
                 std::uint64_t cycle) {
  if (rhythm.kind == Rhythm::Kind::kPeriod) return (cycle + lane + port) % rhythm.n == 0;
  return mix(mix(seed << 8 | port << 6 | lane) + cycle) % 100 >= rhythm.n;
}

/// The common case stays in the loop over the lanes.
inline bool is_open(const Rhythm& rhythm, std::uint64_t seed, Port port, unsigned lane,
                    std::uint64_t cycle) {
  return rhythm.kind == Rhythm::Kind::kAlways || is_open_now(rhythm, seed, port, lane, cycle);
}

std::uint64_t pause_of(const Rhythm& rhythm) {
  return rhythm.kind == Rhythm::Kind::kPeriod ? rhythm.n : 0;
}

std::size_t n_writes(const Job& job) {
  const std::size_t table = (job.entries.size() + kLoadEntries - 1) / kLoadEntries;
  return std::max(table, job.rows.size());
}

}  // namespace

std::uint64_t Run::n_values() const {
  std::uint64_t n = 0;
  for (const LaneRun& lane : lanes) n += lane.values.size();
  return n;
}

Bench::Bench(const Job& job, const Pressure& pressure, Lockstep* lockstep)
    : job_(job),
      pressure_(pressure),
      lockstep_(lockstep),
      n_loads_(n_writes(job)),
      patience_(kPatience) {
  check_job(job);
  for (const Rhythm& r : {pressure.symbol_words, pressure.offset_words, pressure.consumer}) {
    check_rhythm(r);
    patience_ = std::max(patience_, 2 * pause_of(r));
  }
  lanes_.resize(job.lanes.size());
  run_.lanes.resize(job.lanes.size());
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    const JobLane& lane = job.lanes[l];
    lanes_[l].symbols = {lane.symbol_words.data(),
                         lane.symbol_words.data() + lane.symbol_words.size()};
    lanes_[l].offsets = {lane.offset_words.data(),
                         lane.offset_words.data() + lane.offset_words.size()};
    run_.lanes[l].values.reserve(lane.n_values);
  }
}

inline void Bench::Source::drive(bool open, std::uint32_t& word, bool& valid, bool& last) {
  if (!offered && open && next != end) {
    offered = true;
    word = *next;
  }
  valid = offered;
  last = end - next == static_cast<std::ptrdiff_t>(offered);
}

void Bench::drive_load(UnitInputs& in) const {
  const std::size_t write = cycle_;
  in.load.table_valid = write * kLoadEntries < job_.entries.size();
  in.load.row_valid = write < job_.rows.size();
  if (in.load.table_valid) {
    in.load.table_addr = static_cast<std::uint16_t>(write);
    for (std::size_t i = 0; i < kLoadEntries; ++i) {  // a table of 1 or 2 words is repeated
      in.load.table_words[i] = job_.entries[(write * kLoadEntries + i) % job_.entries.size()];
    }
  }
  if (in.load.row_valid) {
    in.load.row_addr = static_cast<std::uint8_t>(write);
    in.load.row_word = job_.rows[write];
  }
  in.start = cycle_ + 1 == n_loads_;
  if (in.start) {
    in.table_log = job_.table_log;
    in.n_values.clear();
    for (const JobLane& lane : job_.lanes) in.n_values.push_back(lane.n_values);
  }
}

void Bench::drive(UnitInputs& in) {
  if (cycle_ == 0) {
    in = {};
    in.lanes.resize(lanes_.size());
  }
  if (cycle_ < n_loads_) return drive_load(in);
  in.start = in.load.table_valid = in.load.row_valid = false;
  const std::uint64_t seed = pressure_.seed;
  for (unsigned l = 0; l < lanes_.size(); ++l) {
    LaneInputs& lane = in.lanes[l];
    lanes_[l].symbols.drive(is_open(pressure_.symbol_words, seed, kSymbolPort, l, cycle_),
                            lane.symbol_word, lane.symbol_valid, lane.symbol_end);
    lanes_[l].offsets.drive(is_open(pressure_.offset_words, seed, kOffsetPort, l, cycle_),
                            lane.offset_word, lane.offset_valid, lane.offset_end);
    lane.value_ready = is_open(pressure_.consumer, seed, kConsumerPort, l, cycle_);
  }
}

std::uint8_t Bench::observe_lane(unsigned l, const LaneInputs& in, const LaneOutputs& out) {
  Lane& lane = lanes_[l];
  LaneRun& run = run_.lanes[l];
  unsigned events = 0;
  if (out.value_valid && in.value_ready) {
    if (run.values.size() == job_.lanes[l].n_values) {
      give_up("lane " + std::to_string(l) + " yields more values than asked for");
      return 0;
    }
    if (run.values.empty()) run.first_value_cycle = cycle_;
    run.last_value_cycle = cycle_;
    run.values.push_back(out.value);
    if (lockstep_ != nullptr) lockstep_->value(cycle_, l, out.value);
    events |= kValueLeft;
  }
  if (out.retire_valid) {
    if (lockstep_ != nullptr) lockstep_->retire(cycle_, l, out.retire, run.symbol_words_taken);
    events |= kRetired;
  }
  if (in.symbol_valid && out.symbol_ready) {
    if (run.symbol_words_taken++ == 0) run.first_word_cycle = cycle_;
    ++lane.symbols.next;
    lane.symbols.offered = false;
    events |= kSymbolWordTaken;
  }
  if (in.offset_valid && out.offset_ready) {
    ++run.offset_words_taken;
    ++lane.offsets.next;
    lane.offsets.offered = false;
    events |= kOffsetWordTaken;
  }
  if (out.busy) {
    ++lane.busy_cycles;
    ++lane.stalls[static_cast<unsigned>(out.stall)];
    if ((out.stall == Stall::kNone) != ((events & kValueLeft) != 0)) {
      give_up("lane " + std::to_string(l) + " names no stall for a cycle without a value");
    }
  }
  // Idle cycles count too: the hash is a polynomial over the cycles.
  run.event_hash = run.event_hash * 0x9e37'79b9'7f4a'7c15 + events + 1;
  return static_cast<std::uint8_t>(events);
}

void Bench::observe(const UnitInputs& in, const UnitOutputs& out) {
  if (cycle_ < n_loads_) {
    last_event_ = cycle_++;
    ++run_.load_cycles;
    return;
  }
  bool busy = false;
  unsigned events = 0;
  for (unsigned l = 0; l < lanes_.size(); ++l) busy |= out.lanes[l].busy;
  if (!busy) return finish(out);
  ++run_.decode_cycles;
  for (unsigned l = 0; l < lanes_.size(); ++l) {
    const std::uint8_t lane_events = observe_lane(l, in.lanes[l], out.lanes[l]);
    if (keep_events_ && lane_events != 0) {
      run_.events.push_back({cycle_, static_cast<std::uint16_t>(l), lane_events});
    }
    events |= lane_events;
  }
  if ((events & ~kRetired) != 0) last_event_ = cycle_;  // a step without a value leads nowhere
  if (cycle_ - last_event_ > patience_) {
    give_up("no lane did anything for " + std::to_string(patience_) + " cycles");
  }
  ++cycle_;
}

void Bench::give_up(const std::string& why) {
  if (run_.fault.empty()) run_.fault = "cycle " + std::to_string(cycle_) + ": " + why;
  done_ = true;
}

void Bench::finish(const UnitOutputs& out) {
  for (unsigned l = 0; l < lanes_.size(); ++l) {
    run_.lanes[l].status = out.lanes[l].status;
    if (lockstep_ != nullptr) lockstep_->finish(cycle_, l, out.lanes[l].status);
  }
  done_ = true;
}

Run Bench::take_run() {
  Stalls& total = run_.stalls;
  total.load = lanes_.size() * run_.load_cycles;
  for (const Lane& lane : lanes_) {
    const auto of = [&](Stall cause) { return lane.stalls[static_cast<unsigned>(cause)]; };
    total.fill += of(Stall::kFill);
    total.symbol_words += of(Stall::kSymbolWords);
    total.offset_words += of(Stall::kOffsetWords);
    total.consumer += of(Stall::kConsumer);
    total.drained += run_.decode_cycles - lane.busy_cycles;
  }
  return std::move(run_);
}

}  // namespace transom
