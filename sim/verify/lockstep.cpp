// lockstep.cpp — one golden step per retired step, one golden value per value.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/lockstep.hpp"

#include <algorithm>
#include <utility>

#include "transom/base/stream.hpp"
#include "transom/codec/codec.hpp"

namespace transom::verify {

namespace {

[[noreturn]] void refuse_word(std::size_t word, const char* why) {
  refuse("lockstep", "table word", word, "it " + std::string(why));
}

/// The words in which the model's decoder of the job's code looks symbols up; none without a code.
std::vector<std::uint32_t> golden_table(const unit::Job& job) {
  unit::check_job(job);
  const Code& code = job.code;
  if (code.freq.empty()) return {};
  const Codec& c = codec(code.coding);
  if (c.lane != job.kind || code.table_log != job.table_log || code.rows.size() > job.rows.size()) {
    refuse("lockstep", "code of a job", c.name,
           "must be of its kind, its table log and its rows: it is not of its code");
  }
  const std::vector<std::uint32_t> want = c.make_unit_table(code);
  for (std::size_t i = 0; i < job.entries.size(); ++i) {
    if (i >= want.size() || want[i] != job.entries[i]) {
      refuse_word(i, "is not one that the coder makes");
    }
  }
  return c.make_table(code);
}

/// A job without a code is decoded from the words that the unit has.
GoldenDecoder decoder_of(const unit::Job& job, const std::vector<std::uint32_t>& table,
                         const unit::TableBank& bank) {
  if (!table.empty()) return make_decoder(job.kind, table.data(), job.table_log);
  if (job.kind == LaneKind::kRans) return RansSlotDecoder{bank.words(), job.table_log};
  if (job.kind == LaneKind::kNrans) return NransCountDecoder{bank.words(), job.table_log};
  return make_decoder(job.kind, bank.words(), job.table_log);
}

}  // namespace

std::string to_text(const Mismatch& m) {
  return "cycle " + std::to_string(m.cycle) + ", job " + std::to_string(m.job) + ", stream " +
         std::to_string(m.stream) + ", index " + std::to_string(m.index) + ": " +
         std::string(m.what) + ": want " + std::to_string(m.want) + ", got " +
         std::to_string(m.got);
}

Lockstep::Lockstep(std::span<const unit::Job> jobs) : jobs_(jobs) {
  require_range("lockstep", "number of jobs", jobs.size(), 1, UINT32_MAX);
  kind_ = jobs[0].kind;
  std::size_t n_streams = 0;
  for (const unit::Job& job : jobs) {
    if (job.kind != kind_) {
      refuse("lockstep", "kind of a job", lane_kind_name(job.kind), "must be that of the others");
    }
    tables_.push_back(golden_table(job));
    banks_.emplace_back(job.kind).load(job.table_log, job.entries, job.rows);
    n_streams = std::max(n_streams, job.streams.size());
  }
  streams_.resize(n_streams);
  for (Stream& stream : streams_) stream.ends.resize(jobs.size());
}

Lockstep::Stream& Lockstep::stream_at(unsigned s) {
  if (s >= streams_.size()) [[unlikely]] {
    refuse("lockstep", "stream", s, "must be below " + std::to_string(streams_.size()));
  }
  return streams_[s];
}

void Lockstep::mismatch(const Mismatch& what) {
  const auto when = [](const Mismatch& m) { return std::pair(m.cycle, m.stream); };
  if (n_mismatches_++ == 0 || when(what) < when(*first_)) first_ = what;
}

const unit::JobStream* Lockstep::stream_of(std::uint32_t job, unsigned s) const {
  return s < jobs_[job].streams.size() ? &jobs_[job].streams[s] : nullptr;
}

/// To the next job of which steps retire. False if there is none.
bool Lockstep::begin_steps(Stream& stream, unsigned s) {
  while (stream.step_job < jobs_.size()) {
    const std::uint32_t j = stream.step_job++;
    const unit::Job& job = jobs_[j];
    const unit::JobStream* of_job = stream_of(j, s);
    if (of_job == nullptr) continue;
    stream.words_before = stream.words_until;
    stream.words_until += of_job->symbol_words.size();
    if (of_job->n_values == 0) continue;
    stream.n_steps = n_steps(kind_, of_job->n_values);
    stream.n_retired = 0;
    stream.steps = GoldenSteps(decoder_of(job, tables_[j], banks_[j]), of_job->symbol_words);
    return true;
  }
  return false;
}

void Lockstep::retire(std::uint64_t cycle, unsigned s, const unit::Retire& got,
                      std::uint64_t words_taken) {
  Stream& stream = stream_at(s);
  if (stream.n_retired == stream.n_steps && !begin_steps(stream, s)) {
    const auto job = static_cast<std::uint32_t>(jobs_.size() - 1);
    return mismatch({cycle, job, s, stream.n_steps, "count", stream.n_steps, stream.n_steps + 1});
  }
  const GoldenStep want = stream.steps.step();
  const std::uint64_t position = stream.steps.within(want.position);
  // Words of the next job may be in the lane already.
  const std::uint64_t got_position =
      stream.steps.within((words_taken - stream.words_before) * kWordBits) - got.fill;
  stream.held[stream.n_held++ % kHeld] = want.symbol;
  const std::uint64_t index = stream.n_retired++;
  const std::uint32_t job = stream.step_job - 1;
  if (stream.n_retired == stream.n_steps) {
    End& end = stream.ends[job];
    end.symbols = stream.steps.symbols();
    end.state_at_end = stream.steps.at_end();
  }
  ++n_compared_;
  if (got.symbol != want.symbol) {
    mismatch({cycle, job, s, index, "symbol", want.symbol, got.symbol});
  } else if (got.take != want.take) {
    mismatch({cycle, job, s, index, "take", want.take, got.take});
  } else if (got.state != want.state) {
    mismatch({cycle, job, s, index, "state", want.state, got.state});
  } else if (got_position != position) {
    mismatch({cycle, job, s, index, "position", position, got_position});
  }
}

/// To the next job that has values. False if there is none.
bool Lockstep::begin_values(Stream& stream, unsigned s) {
  while (stream.value_job < jobs_.size()) {
    const unit::JobStream* of_job = stream_of(stream.value_job++, s);
    if (of_job == nullptr || of_job->n_values == 0) continue;
    stream.offsets = BitReader(of_job->offset_words);
    stream.n_values = of_job->n_values;
    stream.n_left = 0;
    stream.rows = banks_[stream.value_job - 1].rows();
    return true;
  }
  return false;
}

void Lockstep::value(std::uint64_t cycle, unsigned s, const std::array<value_t, 2>& got,
                     unsigned n) {
  Stream& stream = stream_at(s);
  if (stream.n_released == stream.n_held) {  // a value before its step
    const std::uint32_t job = stream.step_job == 0 ? 0 : stream.step_job - 1;
    return mismatch({cycle, job, s, stream.n_left, "count", stream.n_left, stream.n_left + 1});
  }
  if (stream.n_left == stream.n_values) begin_values(stream, s);  // there is one: it has a step
  const symbol_t step = stream.held[stream.n_released++ % kHeld];
  const std::uint32_t job = stream.value_job - 1;
  const unsigned want_n = std::min(symbols_per_step(kind_), stream.n_values - stream.n_left);
  if (n != want_n) mismatch({cycle, job, s, stream.n_left, "count", want_n, n});
  for (unsigned i = 0; i < want_n; ++i) {
    const value_t want = read_value(stream.rows[symbol_of(kind_, step, i)], stream.offsets);
    const std::uint64_t index = stream.n_left++;
    ++n_compared_;
    if (i < n && got[i] != want) mismatch({cycle, job, s, index, "value", want, got[i]});
  }
  if (stream.n_left == stream.n_values) {
    End& end = stream.ends[job];
    end.status = stream_status(end.state_at_end, end.symbols, stream.offsets, !banks_[job].bad());
  }
}

void Lockstep::finish(std::uint64_t cycle, std::uint32_t job, unsigned s, Status got) {
  const Stream& stream = stream_at(s);
  if (job >= jobs_.size() || s >= jobs_[job].streams.size()) [[unlikely]] {
    refuse("lockstep", "job", job, "must be one that has stream " + std::to_string(s));
  }
  const unit::JobStream& of_job = jobs_[job].streams[s];
  std::optional<Status> want = stream.ends[job].status;
  if (of_job.n_values == 0) {
    want = stream_status(true, BitReader(of_job.symbol_words), BitReader(of_job.offset_words),
                         !banks_[job].bad());
  }
  const std::uint64_t n = of_job.n_values;
  if (!want) {
    const std::uint64_t n_left = stream.value_job == job + 1 ? stream.n_left : 0;
    return mismatch({cycle, job, s, n_left, "count", n, n_left});
  }
  if (got != *want) {
    mismatch({cycle, job, s, n, "status", static_cast<std::uint64_t>(*want),
              static_cast<std::uint64_t>(got)});
  }
}

std::string Lockstep::text() const {
  if (!first_) return "0 mismatches";
  return std::to_string(n_mismatches_) + " mismatches, the first in " + to_text(*first_);
}

}  // namespace transom::verify
