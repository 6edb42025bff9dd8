// bench.cpp — the environment of the decoder unit: loads tables, offers jobs, feeds words, takes
// values, counts.
// SPDX-License-Identifier: Apache-2.0
#include "transom/unit/bench.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "transom/unit/bench_stream.hpp"

namespace transom::unit {

namespace {

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

std::uint64_t pause_of(const Rhythm& rhythm) {
  return rhythm.kind == Rhythm::Kind::kPeriod ? rhythm.n : 0;
}

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
  for (const Rhythm& r :
       {pressure.symbol_words, pressure.offset_words, pressure.consumer, pressure.load}) {
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

void Bench::drive_load(LoadInputs& in) {
  in.table_valid = in.row_valid = false;
  while (n_loaded_ < jobs_.size() && jobs_[n_loaded_].keeps_table) {
    run_.loads[n_loaded_] = run_.loads[n_loaded_ - 1];
    ++n_loaded_;
  }
  if (n_loaded_ == jobs_.size()) return;
  // The bank belongs to the jobs of the table before the last one until they are over.
  if (n_writes_ == 0 && (loaded_from_ > n_offered_ || !bank_free_[load_bank_])) return;
  if (!detail::is_open(pressure_.load, pressure_.seed, detail::kLoadPort, 0, cycle_)) return;
  const Job& job = jobs_[n_loaded_];
  const std::size_t write = n_writes_++;
  in.bank = load_bank_ != 0;
  in.table_log = static_cast<std::uint8_t>(job.table_log);
  in.last_row = static_cast<std::uint8_t>(job.rows.size() - 1);
  in.table_valid = write * kLoadEntries < job.entries.size();
  in.row_valid = write < job.rows.size();
  if (in.table_valid) {
    in.table_addr = static_cast<std::uint16_t>(write);
    for (std::size_t i = 0; i < kLoadEntries; ++i) {  // a table of 1 or 2 words is repeated
      in.table_words[i] = job.entries[(write * kLoadEntries + i) % job.entries.size()];
    }
  }
  if (in.row_valid) {
    in.row_addr = static_cast<std::uint8_t>(write);
    in.row_word = job.rows[write];
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

void Bench::drive(UnitInputs& in) {
  if (cycle_ == 0) {
    in = {};
    in.streams.resize(shape_.n_streams());
    for (StreamInputs& stream : in.streams) stream.value_ready = true;
  }
  drive_load(in.load);
  offer_job(in);
  if (has_rhythm_) {
    for (unsigned s = 0; s < streams_.size(); ++s) drive_stream(s, in.streams[s]);
  }
  for (std::size_t i = 0; i < n_changed_; ++i) {
    const unsigned s = changed_[i];
    if (!has_rhythm_) drive_stream(s, in.streams[s]);
    in.streams[s].job_valid = streams_[s].taken < n_offered_;
  }
  n_changed_ = 0;
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

void Bench::observe(const UnitInputs& in, const UnitOutputs& out) {
  note_banks(out.bank_busy);
  const auto n_streams = static_cast<unsigned>(streams_.size());  // nothing here changes it
  for (unsigned s = 0; s < n_streams; ++s) {
    if (observe_stream(s, in.streams[s], out.streams[s]) >= kSymbolWordTaken) {
      changed_[n_changed_++] = static_cast<std::uint16_t>(s);
    }
  }
  if (ports_ != nullptr) ports_->clock(in, out);
  pass(1);
}

void Bench::note_banks(const std::array<bool, kBanks>& busy) {
  for (unsigned bank = 0; bank < kBanks; ++bank) {
    bank_free_[bank] = is_free_next(bank, busy[bank]);
  }
}

void Bench::pass(std::uint64_t n_clocks) {
  cycle_ += n_clocks - 1;
  if (cycle_ - last_event_ > patience_) {
    give_up("no stream did anything for " + std::to_string(patience_) + " cycles");
  }
  ++cycle_;
  done_ = done_ || n_to_end_ == 0;
}

std::uint64_t Bench::calm(const std::array<bool, kBanks>& bank_busy) const {
  const bool in_order = ports_ != nullptr || (observer_ != nullptr && !observer_->by_stream());
  if (in_order || cycle_ == 0) return 0;
  if (n_waiting_ == 0 && n_offered_ != n_loaded_) return 0;
  if (n_loaded_ == jobs_.size()) return kForever;
  if (jobs_[n_loaded_].keeps_table || !is_always(pressure_.load)) return 0;
  if (n_writes_ == 0) {
    if (loaded_from_ > n_offered_) return kForever;
    const bool free_next = is_free_next(load_bank_, bank_busy[load_bank_]);
    if (!bank_free_[load_bank_]) return free_next ? 0 : kForever;
  }
  return n_table_writes(jobs_[n_loaded_]) - n_writes_ - 1;
}

void Bench::give_up(const std::string& why) {
  if (run_.fault.empty()) run_.fault = "cycle " + std::to_string(cycle_) + ": " + why;
  done_ = true;
}

Run Bench::take_run() {
  run_.cycles = cycle_;
  std::sort(run_.events.begin(), run_.events.end(), [](const Event& a, const Event& b) {
    return std::tie(a.cycle, a.stream) < std::tie(b.cycle, b.stream);
  });
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
