// bench.cpp — the environment of the decoder unit: loads tables, offers jobs, feeds words, takes
// values, counts.
// SPDX-License-Identifier: Apache-2.0
#include "transom/unit/bench.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

namespace transom::unit {

namespace {

enum Port : std::uint64_t { kSymbolPort, kOffsetPort, kConsumerPort };

// Longer than any pause of a random rhythm: 0.95^4096 < 2^-300.
constexpr std::uint64_t kPatience = 4096;

bool is_always(const Rhythm& rhythm) { return rhythm.kind == Rhythm::Kind::kAlways; }

void check_rhythm(const Rhythm& rhythm) {
  if ((rhythm.kind == Rhythm::Kind::kPeriod && rhythm.n == 0) ||
      (rhythm.kind == Rhythm::Kind::kRandom && rhythm.n > 95)) {
    refuse("Bench", "rhythm of a port", rhythm.n, "must open it: a period from 1, a pause to 95 %");
  }
  if (rhythm.kind == Rhythm::Kind::kPattern && rhythm.pattern == 0) {
    refuse("Bench", "pattern of a port", 0, "must open it");
  }
}

bool is_open(const Rhythm& rhythm, std::uint64_t seed, Port port, unsigned stream,
             std::uint64_t cycle) {
  static_assert(kMaxDecoderStreams <= 1 << 7);
  switch (rhythm.kind) {
    case Rhythm::Kind::kAlways:
      return true;
    case Rhythm::Kind::kPeriod:
      return (cycle + stream + port) % rhythm.n == 0;
    case Rhythm::Kind::kRandom:
      return mix(mix(seed << 9 | port << 7 | stream) + cycle) % 100 >= rhythm.n;
    case Rhythm::Kind::kPattern:
      return (rhythm.pattern >> cycle % 64 & 1) != 0;
  }
  return true;
}

std::uint64_t pause_of(const Rhythm& rhythm) {
  return rhythm.kind == Rhythm::Kind::kPeriod ? rhythm.n : 0;
}

constexpr unsigned event(bool happened, EventBit bit) { return happened ? unsigned{bit} : 0; }

std::size_t n_table_writes(const Job& job) {
  const std::size_t table = (job.entries.size() + kLoadEntries - 1) / kLoadEntries;
  return std::max(table, job.rows.size());
}

void check_jobs(const UnitShape& shape, std::span<const Job> jobs) {
  require_range("Bench", "number of jobs", jobs.size(), 1, UINT32_MAX);
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    const Job& job = jobs[j];
    check_job(job);
    if (job.keeps_table &&
        (j == 0 || std::tie(job.table_log, job.entries, job.rows) !=
                       std::tie(jobs[j - 1].table_log, jobs[j - 1].entries, jobs[j - 1].rows))) {
      refuse("Bench", "table of a job that keeps one", j, "must be that of the job before");
    }
    if (job.kind != shape.kind) {
      refuse("Bench", "kind of a job", lane_kind_name(job.kind),
             "must be the unit's, " + std::string(lane_kind_name(shape.kind)));
    }
    require_range("Bench", "number of a job's streams", job.streams.size(), 1, shape.n_streams());
    require_range("Bench", "table log of a job", job.table_log, 0, max_table_log(shape));
    require_range("Bench", "number of a job's rows", job.rows.size(), 1, max_rows(shape));
  }
}

}  // namespace

std::uint64_t Run::n_values() const {
  std::uint64_t n = 0;
  for (const StreamRun& stream : streams) n += stream.values.size();
  return n;
}

Bench::Bench(const UnitShape& shape, std::span<const Job> jobs, const Pressure& pressure,
             Observer* observer)
    : shape_(shape), jobs_(jobs), pressure_(pressure), observer_(observer), patience_(kPatience) {
  check_jobs(shape, jobs);
  has_rhythm_ = pressure.early;
  for (const Rhythm& r : {pressure.symbol_words, pressure.offset_words, pressure.consumer}) {
    check_rhythm(r);
    has_rhythm_ = has_rhythm_ || !is_always(r);
    patience_ = std::max(patience_, 2 * pause_of(r));
  }
  bank_free_.fill(true);
  std::size_t n_streams = 0;
  for (const Job& job : jobs) {
    n_streams = std::max(n_streams, job.streams.size());
    n_to_end_ += job.streams.size();
  }
  streams_.resize(n_streams);
  run_.streams.resize(n_streams);
  run_.loads.resize(jobs.size());
  changed_.resize(n_streams);
  for (unsigned s = 0; s < n_streams; ++s) {
    StreamRun& run = run_.streams[s];
    run.jobs.resize(jobs.size());
    std::size_t n_values = 0;
    for (std::uint32_t j = 0; j < jobs.size(); ++j) {
      if (!uses(j, s)) continue;
      n_values += run.jobs[j].n_values = jobs[j].streams[s].n_values;
    }
    run.values.resize(n_values);
    streams_[s].next_value = streams_[s].job_end = run.values.data();
    skip_unused(s, streams_[s].taken);
    skip_unused(s, streams_[s].done);
  }
}

void Bench::skip_unused(unsigned s, std::uint32_t& job) const {
  while (job < jobs_.size() && !uses(job, s)) ++job;
}

void Bench::drive_load(UnitInputs& in) {
  in.load.table_valid = in.load.row_valid = false;
  while (n_loaded_ < jobs_.size() && jobs_[n_loaded_].keeps_table) {
    run_.loads[n_loaded_] = run_.loads[n_loaded_ - 1];
    ++n_loaded_;
  }
  if (n_loaded_ == jobs_.size()) return;
  // The bank belongs to the jobs of the table before the last one until they are over.
  if (n_writes_ == 0 && (loaded_from_ > n_offered_ || !bank_free_[load_bank_])) return;
  const Job& job = jobs_[n_loaded_];
  const std::size_t write = n_writes_++;
  in.load.bank = load_bank_ != 0;
  in.load.table_log = static_cast<std::uint8_t>(job.table_log);
  in.load.last_row = static_cast<std::uint8_t>(job.rows.size() - 1);
  in.load.table_valid = write * kLoadEntries < job.entries.size();
  in.load.row_valid = write < job.rows.size();
  if (in.load.table_valid) {
    in.load.table_addr = static_cast<std::uint16_t>(write);
    for (std::size_t i = 0; i < kLoadEntries; ++i) {  // a table of 1 or 2 words is repeated
      in.load.table_words[i] = job.entries[(write * kLoadEntries + i) % job.entries.size()];
    }
  }
  if (in.load.row_valid) {
    in.load.row_addr = static_cast<std::uint8_t>(write);
    in.load.row_word = job.rows[write];
  }
  last_event_ = cycle_;
  if (write == 0) run_.loads[n_loaded_].first_cycle = cycle_;
  if (n_writes_ < n_table_writes(job)) return;
  run_.loads[n_loaded_].last_cycle = cycle_;
  n_writes_ = 0;
  loaded_from_ = n_loaded_++;
  load_bank_ ^= 1;
}

void Bench::offer_job(UnitInputs& in) {
  if (n_waiting_ != 0 || n_offered_ == n_loaded_) return;
  const Job& job = jobs_[n_offered_];
  in.table_log = job.table_log;
  if (!job.keeps_table) job_bank_ ^= 1;
  in.bank = job_bank_ != 0;
  n_waiting_ = job.streams.size();
  ++n_offered_;
  for (std::size_t s = 0; s < n_waiting_; ++s) {
    const JobStream& stream = job.streams[s];
    in.streams[s].job_valid = true;
    in.streams[s].n_values = stream.n_values;
    in.streams[s].symbol_empty = stream.symbol_words.empty();
    in.streams[s].offset_empty = stream.offset_words.empty();
  }
}

inline void Bench::drive_source(unsigned s, Source& source, WordsOf words_of, bool open) {
  if (source.offered) return;
  const std::size_t last = pressure_.early ? jobs_.size() : streams_[s].taken;
  while (source.next == source.end && source.job < last) {
    if (uses(source.job, s)) {
      const std::vector<std::uint32_t>& words = jobs_[source.job].streams[s].*words_of;
      source.next = words.data();
      source.end = words.data() + words.size();
    }
    ++source.job;
  }
  source.offered = open && source.next != source.end;
}

inline void Bench::drive_words(unsigned s, StreamInputs& in, bool symbols_open, bool offsets_open) {
  Stream& stream = streams_[s];
  drive_source(s, stream.symbols, &JobStream::symbol_words, symbols_open);
  drive_source(s, stream.offsets, &JobStream::offset_words, offsets_open);
  in.symbol_valid = stream.symbols.offered;
  if (in.symbol_valid) {
    in.symbol_word = *stream.symbols.next;
    in.symbol_last = stream.symbols.next + 1 == stream.symbols.end;
  }
  in.offset_valid = stream.offsets.offered;
  if (in.offset_valid) {
    in.offset_word = *stream.offsets.next;
    in.offset_last = stream.offsets.next + 1 == stream.offsets.end;
  }
}

void Bench::drive(UnitInputs& in) {
  if (cycle_ == 0) {
    in = {};
    in.streams.resize(shape_.n_streams());
    for (StreamInputs& stream : in.streams) stream.value_ready = true;
  }
  drive_load(in);
  offer_job(in);
  if (has_rhythm_) {
    for (unsigned s = 0; s < streams_.size(); ++s) {
      const auto open = [&](const Rhythm& rhythm, Port port) {
        return is_open(rhythm, pressure_.seed, port, s, cycle_);
      };
      drive_words(s, in.streams[s], open(pressure_.symbol_words, kSymbolPort),
                  open(pressure_.offset_words, kOffsetPort));
      in.streams[s].value_ready = open(pressure_.consumer, kConsumerPort);
    }
  }
  for (std::size_t i = 0; i < n_changed_; ++i) {
    const unsigned s = changed_[i];
    if (!has_rhythm_) drive_words(s, in.streams[s], true, true);
    in.streams[s].job_valid = streams_[s].taken < n_offered_;
  }
  n_changed_ = 0;
}

inline void Bench::take_values(unsigned s, const StreamOutputs& out) {
  Stream& stream = streams_[s];
  std::vector<JobRun>& jobs = run_.streams[s].jobs;
  if (stream.next_value == stream.job_end) {
    while (stream.value_job < stream.taken && jobs[stream.value_job].n_values == 0) {
      ++stream.value_job;
    }
    if (stream.value_job < stream.taken) {
      stream.job_end += jobs[stream.value_job].n_values;
      jobs[stream.value_job].first_value_cycle = cycle_;
      ++stream.value_job;
    }
  }
  if (stream.job_end - stream.next_value < 1 + static_cast<std::ptrdiff_t>(out.value_two)) {
    return give_up("stream " + std::to_string(s) + " yields more values than asked for");
  }
  *stream.next_value++ = out.values[0];
  if (out.value_two) *stream.next_value++ = out.values[1];
  const bool last = stream.next_value == stream.job_end;
  if (last) jobs[stream.value_job - 1].last_value_cycle = cycle_;
  if (out.value_last != last) {
    give_up("stream " + std::to_string(s) + " marks the wrong value as the last");
  }
}

void Bench::take_words(unsigned s, unsigned events) {
  Stream& stream = streams_[s];
  if ((events & kSymbolWordTaken) != 0) {
    JobRun& job = run_.streams[s].jobs[stream.symbols.job - 1];
    if (job.first_word_cycle == 0) job.first_word_cycle = cycle_;
    ++stream.symbol_words_taken;
    ++stream.symbols.next;
    stream.symbols.offered = false;
  }
  if ((events & kOffsetWordTaken) != 0) {
    ++stream.offset_words_taken;
    ++stream.offsets.next;
    stream.offsets.offered = false;
  }
}

void Bench::take_job(unsigned s) {
  Stream& stream = streams_[s];
  run_.streams[s].jobs[stream.taken].taken_cycle = cycle_;
  skip_unused(s, ++stream.taken);
  --n_waiting_;
}

void Bench::end_job(unsigned s, Status status) {
  Stream& stream = streams_[s];
  if (stream.done >= stream.taken) {
    return give_up("stream " + std::to_string(s) + " ends a job that it was not given");
  }
  JobRun& job = run_.streams[s].jobs[stream.done];
  job.status = status;
  job.done_cycle = cycle_;
  if (observer_ != nullptr) observer_->finish(cycle_, stream.done, s, status);
  skip_unused(s, ++stream.done);
  --n_to_end_;
}

inline unsigned Bench::observe_stream(unsigned s, const StreamInputs& in,
                                      const StreamOutputs& out) {
  const bool beat = out.value_valid && in.value_ready;
  const unsigned events = event(out.retire_valid, kRetired) | event(beat, kValueLeft) |
                          event(beat && out.value_two, kTwoValuesLeft) |
                          event(in.symbol_valid && out.symbol_ready, kSymbolWordTaken) |
                          event(in.offset_valid && out.offset_ready, kOffsetWordTaken) |
                          event(in.job_valid && out.job_ready, kJobTaken) |
                          event(out.done, kJobDone);
  if (!out.busy && events == 0) return 0;
  Stream& stream = streams_[s];
  const unsigned stall = out.busy ? static_cast<unsigned>(out.stall) : 0;
  // A polynomial: what happened, and when, in order.
  stream.hash = (stream.hash ^ (cycle_ << 16 | stall << 8 | events)) * 0x9e37'79b9'7f4a'7c15;
  if (beat) {
    take_values(s, out);
    if (observer_ != nullptr) observer_->value(cycle_, s, out.values, out.value_two ? 2 : 1);
  }
  if (out.retire_valid && observer_ != nullptr) {
    observer_->retire(cycle_, s, out.retire, stream.symbol_words_taken);
  }
  if (out.busy) ++stream.stalls[stall % kStalls];
  if (beat != (out.busy && stall == 0)) {
    give_up("stream " + std::to_string(s) + " names no stall for a cycle without a value");
  }
  if (events >= kSymbolWordTaken) {
    if ((events & (kSymbolWordTaken | kOffsetWordTaken)) != 0) take_words(s, events);
    if ((events & kJobTaken) != 0) take_job(s);
    if ((events & kJobDone) != 0) end_job(s, out.status);
    changed_[n_changed_++] = static_cast<std::uint16_t>(s);
  }
  return events;
}

void Bench::observe(const UnitInputs& in, const UnitOutputs& out) {
  // A job taken in this cycle makes its bank busy in the next one.
  for (unsigned bank = 0; bank < kBanks; ++bank) {
    const bool offered = n_waiting_ != 0 && job_bank_ == bank;
    bank_free_[bank] = !out.bank_busy[bank] && !offered;
  }
  unsigned events = 0;
  const auto n_streams = static_cast<unsigned>(streams_.size());  // nothing here changes it
  for (unsigned s = 0; s < n_streams; ++s) {
    const unsigned of_stream = observe_stream(s, in.streams[s], out.streams[s]);
    if (keep_events_ && of_stream != 0) {
      run_.events.push_back(
          {cycle_, static_cast<std::uint16_t>(s), static_cast<std::uint8_t>(of_stream)});
    }
    events |= of_stream;
  }
  if (ports_ != nullptr) ports_->clock(in, out);
  if ((events & ~unsigned{kRetired}) != 0) last_event_ = cycle_;  // a step alone leads nowhere
  if (cycle_ - last_event_ > patience_) {
    give_up("no stream did anything for " + std::to_string(patience_) + " cycles");
  }
  ++cycle_;
  done_ = done_ || n_to_end_ == 0;
}

void Bench::give_up(const std::string& why) {
  if (run_.fault.empty()) run_.fault = "cycle " + std::to_string(cycle_) + ": " + why;
  done_ = true;
}

Run Bench::take_run() {
  run_.cycles = cycle_;
  Stalls& total = run_.stalls;
  for (std::size_t s = 0; s < streams_.size(); ++s) {
    const Stream& stream = streams_[s];
    StreamRun& run = run_.streams[s];
    run.values.resize(static_cast<std::size_t>(stream.next_value - run.values.data()));
    run.symbol_words_taken = stream.symbol_words_taken;
    run.offset_words_taken = stream.offset_words_taken;
    run.event_hash = stream.hash;
    const auto of = [&](Stall cause) { return stream.stalls[static_cast<unsigned>(cause)]; };
    run_.beats += of(Stall::kNone);
    total.fill += of(Stall::kFill);
    total.symbol_words += of(Stall::kSymbolWords);
    total.offset_words += of(Stall::kOffsetWords);
    total.consumer += of(Stall::kConsumer);
    total.turn += of(Stall::kTurn);
    std::uint64_t idle = cycle_;
    for (const std::uint64_t n : stream.stalls) idle -= n;
    std::uint32_t first = 0;
    skip_unused(static_cast<unsigned>(s), first);
    const bool began = stream.taken > first;
    const std::uint64_t load = began ? std::min(idle, run.jobs[first].taken_cycle + 1) : idle;
    total.load += load;
    total.drained += idle - load;
  }
  return std::move(run_);
}

}  // namespace transom::unit
