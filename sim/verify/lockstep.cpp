// lockstep.cpp — one golden step per retired step, one golden value per value.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/lockstep.hpp"

#include <algorithm>
#include <stdexcept>

#include "transom/base/stream.hpp"

namespace transom::verify {

namespace {

[[noreturn]] void refuse(std::size_t word, const char* why) {
  throw std::invalid_argument("lockstep: table word " + std::to_string(word) + " " + why);
}

/// The rows that a step of `job` can lead to.
bool has_rows(const unit::Job& job, symbol_t symbol) {
  if (job.kind != LaneKind::kTansPair) return symbol < job.rows.size();
  return (symbol & 15u) < job.rows.size() && symbol >> 4 < static_cast<int>(job.rows.size());
}

void check_tans(const unit::Job& job) {
  const std::uint64_t L = std::uint64_t{1} << job.table_log;
  for (std::size_t t = 0; t < L; ++t) {
    const Entry e = to_entry(job.entries[t]);
    if (e.nbits > job.table_log || e.base + (std::uint64_t{1} << e.nbits) > L) {
      refuse(t, "leads out of the table");
    }
    if (!has_rows(job, e.symbol)) refuse(t, "has no row");
  }
}

void check_equal(const std::vector<std::uint32_t>& want, const unit::Job& job) {
  for (std::size_t i = 0; i < job.entries.size(); ++i) {
    if (want[i] != job.entries[i]) refuse(i, "is not one that the coder makes");
  }
}

/// Frequencies are recovered from the unit's table; made again from them, it must be the same.
std::vector<std::uint32_t> golden_rans_table(const unit::Job& job) {
  std::vector<std::uint32_t> freq(kMaxAlphabet);
  for (std::size_t slot = 0; slot < job.entries.size(); ++slot) {
    const RansEntry e = to_rans_entry(job.entries[slot]);
    if (!has_rows(job, e.symbol)) refuse(slot, "has no row");
    ++freq[e.symbol];
  }
  check_equal(make_rans_slots(freq, job.table_log), job);
  return make_rans_table(freq, job.table_log);
}

std::vector<std::uint32_t> golden_arith_table(const unit::Job& job) {
  std::vector<std::uint32_t> freq(kMaxApackRows);
  std::uint32_t below = 0;
  for (std::size_t s = 0; s < freq.size(); ++s) {
    const std::uint32_t above =
        s + 1 < freq.size() ? job.entries[s + 1] : std::uint32_t{1} << kArithTableLog;
    if (s == 0 && job.entries[0] != 0) refuse(0, "is not 0");
    if (above < below || above > std::uint32_t{1} << kArithTableLog) {
      refuse(std::min(s + 1, freq.size() - 1), "is not in order");
    }
    freq[s] = above - below;
    if (freq[s] != 0 && !has_rows(job, static_cast<symbol_t>(s))) refuse(s, "has no row");
    below = above;
  }
  return make_arith_table(freq);
}

/// The words in which the model's decoder looks symbols up; empty where they are the unit's.
std::vector<std::uint32_t> golden_table(const unit::Job& job) {
  unit::check_job(job);
  if (job.kind == LaneKind::kRans) return golden_rans_table(job);
  if (job.kind == LaneKind::kArith) return golden_arith_table(job);
  check_tans(job);
  return {};
}

}  // namespace

std::string to_text(const Mismatch& m) {
  return "cycle " + std::to_string(m.cycle) + ", job " + std::to_string(m.job) + ", stream " +
         std::to_string(m.stream) + ", index " + std::to_string(m.index) + ": " +
         std::string(m.what) + ": want " + std::to_string(m.want) + ", got " +
         std::to_string(m.got);
}

Lockstep::Lockstep(std::span<const unit::Job> jobs) : jobs_(jobs) {
  if (jobs.empty()) throw std::invalid_argument("lockstep: no job");
  kind_ = jobs[0].kind;
  std::size_t n_streams = 0;
  for (const unit::Job& job : jobs) {
    if (job.kind != kind_) throw std::invalid_argument("lockstep: jobs of several kinds");
    tables_.push_back(golden_table(job));
    n_streams = std::max(n_streams, job.streams.size());
  }
  streams_.resize(n_streams);
  for (Stream& stream : streams_) stream.ends.resize(jobs.size());
}

void Lockstep::mismatch(const Mismatch& what) {
  if (n_mismatches_++ == 0) first_ = what;
}

const unit::JobStream* Lockstep::stream_of(std::uint32_t job, unsigned s) const {
  return s < jobs_[job].streams.size() ? &jobs_[job].streams[s] : nullptr;
}

/// To the next job of which steps retire. False if there is none.
bool Lockstep::begin_steps(Stream& stream, unsigned s) {
  while (stream.step_job < jobs_.size()) {
    const unit::Job& job = jobs_[stream.step_job];
    const std::vector<std::uint32_t>& table = tables_[stream.step_job++];
    const unit::JobStream* of_job = stream_of(stream.step_job - 1, s);
    if (of_job == nullptr) continue;
    stream.words_before += stream.n_symbol_bits / kWordBits;
    stream.symbols = BitReader(of_job->symbol_words);
    stream.n_symbol_bits = std::uint64_t{of_job->symbol_words.size()} * kWordBits;
    if (of_job->n_values == 0) continue;
    const unsigned per_step = values_per_beat(kind_);
    stream.n_steps = of_job->n_values / per_step + (of_job->n_values % per_step != 0);
    stream.n_retired = 0;
    if (kind_ == LaneKind::kRans) {
      stream.decoder = RansDecoder<Rans32x16>{table.data(), job.table_log};
    } else if (kind_ == LaneKind::kArith) {
      stream.decoder = ArithDecoder{table.data(), job.table_log};
    } else {
      stream.decoder = TansDecoder{job.entries.data(), job.table_log};
    }
    std::visit([&](auto& decoder) { decoder.start(stream.symbols); }, stream.decoder);
    return true;
  }
  return false;
}

template <class D>
inline void Lockstep::step(Stream& stream, D& decoder, std::uint64_t cycle, unsigned s,
                           const unit::Retire& got, std::uint64_t words_taken) {
  const std::uint64_t before = stream.symbols.position();
  const symbol_t symbol = decoder.step(stream.symbols);
  const std::uint64_t take = stream.symbols.position() - before;
  // Past its end a stream has no position: hardware stays there, the model counts on.
  const std::uint64_t position = std::min(before, stream.n_symbol_bits);
  // Words of the next job may be in the lane already.
  const std::uint64_t got_position =
      std::min((words_taken - stream.words_before) * kWordBits, stream.n_symbol_bits) - got.fill;
  stream.held[stream.n_held++ % kHeld] = symbol;
  const std::uint64_t index = stream.n_retired++;
  if (stream.n_retired == stream.n_steps) {
    End& end = stream.ends[stream.step_job - 1];
    end.symbols = stream.symbols;
    end.state_at_end = decoder.at_end();
  }
  ++n_compared_;
  if ((got.symbol == symbol) & (got.take == take) & (got.state == decoder.state()) &
      (got_position == position)) {
    return;
  }
  const std::uint32_t job = stream.step_job - 1;
  if (got.symbol != symbol) {
    mismatch({cycle, job, s, index, "symbol", symbol, got.symbol});
  } else if (got.take != take) {
    mismatch({cycle, job, s, index, "take", take, got.take});
  } else if (got.state != decoder.state()) {
    mismatch({cycle, job, s, index, "state", decoder.state(), got.state});
  } else {
    mismatch({cycle, job, s, index, "position", position, got_position});
  }
}

void Lockstep::retire(std::uint64_t cycle, unsigned s, const unit::Retire& got,
                      std::uint64_t words_taken) {
  Stream& stream = streams_[s];
  if (stream.n_retired == stream.n_steps && !begin_steps(stream, s)) {
    const auto job = static_cast<std::uint32_t>(jobs_.size() - 1);
    return mismatch({cycle, job, s, stream.n_steps, "count", stream.n_steps, stream.n_steps + 1});
  }
  switch (kind_) {
    case LaneKind::kTans:
    case LaneKind::kTansPair:
      return step(stream, std::get<TansDecoder>(stream.decoder), cycle, s, got, words_taken);
    case LaneKind::kRans:
      return step(stream, std::get<RansDecoder<Rans32x16>>(stream.decoder), cycle, s, got,
                  words_taken);
    case LaneKind::kArith:
      return step(stream, std::get<ArithDecoder>(stream.decoder), cycle, s, got, words_taken);
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
    stream.rows = jobs_[stream.value_job - 1].rows.data();
    return true;
  }
  return false;
}

void Lockstep::value(std::uint64_t cycle, unsigned s, const std::array<value_t, 2>& got,
                     unsigned n) {
  Stream& stream = streams_[s];
  if (stream.n_released == stream.n_held) {  // a value before its step
    const std::uint32_t job = stream.step_job == 0 ? 0 : stream.step_job - 1;
    return mismatch({cycle, job, s, stream.n_left, "count", stream.n_left, stream.n_left + 1});
  }
  if (stream.n_left == stream.n_values) begin_values(stream, s);  // there is one: it has a step
  const symbol_t pair = stream.held[stream.n_released++ % kHeld];
  const std::uint32_t job = stream.value_job - 1;
  const unsigned want_n = std::min(values_per_beat(kind_), stream.n_values - stream.n_left);
  if (n != want_n) mismatch({cycle, job, s, stream.n_left, "count", want_n, n});
  for (unsigned i = 0; i < want_n; ++i) {
    const unsigned symbol = kind_ == LaneKind::kTansPair ? pair >> 4 * i & 15 : pair;
    const Row row = to_row(stream.rows[symbol]);
    const auto want = static_cast<value_t>(row.vmin + stream.offsets.read(row.offset_bits));
    const std::uint64_t index = stream.n_left++;
    ++n_compared_;
    if (i < n && got[i] != want) mismatch({cycle, job, s, index, "value", want, got[i]});
  }
  if (stream.n_left == stream.n_values) {
    End& end = stream.ends[job];
    end.status = stream_status(end.state_at_end, end.symbols, stream.offsets);
  }
}

void Lockstep::finish(std::uint64_t cycle, std::uint32_t job, unsigned s, Status got) {
  const Stream& stream = streams_[s];
  const unit::JobStream& of_job = jobs_[job].streams[s];
  std::optional<Status> want = stream.ends[job].status;
  if (of_job.n_values == 0) {
    want = stream_status(true, BitReader(of_job.symbol_words), BitReader(of_job.offset_words));
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
