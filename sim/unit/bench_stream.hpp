// bench_stream.hpp — the bench at the ports of one stream, in one clock: cycle().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "transom/unit/bench.hpp"

namespace transom::unit {

namespace detail {

enum Port : std::uint64_t { kSymbolPort, kOffsetPort, kConsumerPort, kLoadPort };

inline bool is_open(const Rhythm& rhythm, std::uint64_t seed, Port port, unsigned stream,
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

constexpr unsigned event(bool happened, EventBit bit) { return happened ? unsigned{bit} : 0; }

}  // namespace detail

inline void Bench::drive_source(unsigned s, Source& source, WordsOf words_of, bool open) {
  if (source.offered) return;
  const std::size_t last = pressure_.early ? jobs_.size() : streams_[s].taken;
  while (source.next == source.end && source.job < last) {
    if (uses(source.job, s)) {
      const std::vector<std::uint32_t>& words = jobs_[source.job].streams[s].*words_of;
      source.begin = source.next = words.data();
      source.end = words.data() + words.size();
    }
    ++source.job;
  }
  source.offered = open && source.next != source.end;
}

inline void Bench::drive_stream(unsigned s, StreamInputs& in) {
  bool symbols_open = true, offsets_open = true;
  if (has_rhythm_) {
    const auto open = [&](const Rhythm& rhythm, detail::Port port) {
      return detail::is_open(rhythm, pressure_.seed, port, s, cycle_);
    };
    symbols_open = open(pressure_.symbol_words, detail::kSymbolPort);
    offsets_open = open(pressure_.offset_words, detail::kOffsetPort);
    in.value_ready = open(pressure_.consumer, detail::kConsumerPort);
  }
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

inline void Bench::take_words(unsigned s, unsigned events) {
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

inline void Bench::take_job(unsigned s) {
  Stream& stream = streams_[s];
  run_.streams[s].jobs[stream.taken].taken_cycle = cycle_;
  skip_unused(s, ++stream.taken);
  --n_waiting_;
}

inline unsigned Bench::observe_stream(unsigned s, const StreamInputs& in,
                                      const StreamOutputs& out) {
  const bool beat = out.value_valid && in.value_ready;
  const unsigned events =
      detail::event(out.retire_valid, kRetired) | detail::event(beat, kValueLeft) |
      detail::event(beat && out.value_two, kTwoValuesLeft) |
      detail::event(in.symbol_valid && out.symbol_ready, kSymbolWordTaken) |
      detail::event(in.offset_valid && out.offset_ready, kOffsetWordTaken) |
      detail::event(in.job_valid && out.job_ready, kJobTaken) | detail::event(out.done, kJobDone);
  if (!out.busy && events == 0) return 0;
  Stream& stream = streams_[s];
  const unsigned stall = out.busy ? static_cast<unsigned>(out.stall) : 0;
  stream.hash = hash_clock(stream.hash, cycle_, stall, events);
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
  }
  if (keep_events_ && events != 0) {
    run_.events.push_back(
        {cycle_, static_cast<std::uint16_t>(s), static_cast<std::uint8_t>(events)});
  }
  // A step alone leads nowhere.
  if ((events & ~unsigned{kRetired}) != 0) last_event_ = std::max(last_event_, cycle_);
  return events;
}

}  // namespace transom::unit
