// words.cpp — decoder_axi, loosely timed: when words are asked for, and when they are there.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "transom/lt/decoder.hpp"

namespace transom::lt {
namespace {

// Cycles of the hardware's pipelines, from rtl/README.md and rtl/AXI.md.
constexpr cycle_t kFirstCycles = 6;  // the first beat of a stream on the bus to its first value
constexpr cycle_t kOfferCycles = 4;  // the offer of a job to its first value
constexpr cycle_t kWordCycles = 4;   // a further beat on the bus to a value of it
constexpr cycle_t kRoomCycles = 1;   // a word is taken, then there is room

}  // namespace

///////////////////////////////////////////////////////////////////////////////////////////////
// Fetch and sequencer, in order of time

void Decoder::advance(cycle_t until) {
  while (std::min(loader_.next(), fetch_.next()) < until) next_event();
}

void Decoder::next_event() {
  if (loader_.next() <= fetch_.next()) {
    if (const auto started = loader_.act()) watch(started->channel, started->cycle);
  } else {
    come(fetch_.issue());
  }
}

void Decoder::come(const Burst& burst) {
  if (burst.channel == fetch_.own_channel()) return loader_.come(burst);
  Channel& channel = channels_[burst.channel];
  if (!burst.fails.empty()) {
    const auto stream = static_cast<std::uint32_t>(burst.channel / 2);
    registers_->errors.add(AxiCause::kRead, channel.tensor_of_next(), stream);
  }
  channel.come(burst, !is_draining_);
  if (is_draining_) platform_.reached(now_ = std::max(now_, burst.first));
  watch(burst.channel, burst.counted);
}

void Decoder::watch(std::size_t channel, cycle_t cycle) {
  Channel& c = channels_[channel];
  std::uint64_t& attention = attention_[channel];
  attention =
      c.flights().empty() ? Channel::kNoWord : std::max(c.flights().front().begin, c.taken()) + 1;
  if (!fetch_.active(channel) || fetch_.is_open(channel)) return;
  const std::uint64_t room = c.room_at();
  if (room <= c.taken()) {
    fetch_.open(channel, cycle);
  } else if (n_passed_ != events_.size() && room <= c.n_taken()) {
    const cycle_t at = step_cycles_ * (room - c.taken()) / (c.n_taken() - c.taken());
    const auto next = events_.begin() + static_cast<std::ptrdiff_t>(n_passed_) + 1;
    events_.insert(std::upper_bound(next, events_.end(), at,
                                    [](cycle_t a, const Event& e) { return a < e.at; }),
                   {at, kRoom, channel});
  } else {
    attention = std::min(attention, room);
  }
}

///////////////////////////////////////////////////////////////////////////////////////////////
// A tensor's streams

void Decoder::begin_streams(const Tensor& tensor) {
  out_.begin(tensor.records.size());
  streams_->load(tensor.descriptor.table_log(), tensor.table, tensor.rows);
  const std::size_t n_streams = tensor.records.size();
  for (std::size_t s = 0; s < n_streams; ++s) n_values_[s] = left_[s] = tensor.records[s].n_values;
  for (std::size_t c = 0; c < 2 * n_streams; ++c) {
    channels_[c].enter();
    watch(c, now_);
  }
  for (std::size_t c = 0; c < 2 * n_streams; ++c) want(c, c % 2 == 0 ? Streams::kHeadWords : 1);
  const cycle_t first = first_value(tensor);
  registers_->counters[system::kCountFill] += n_streams;
  for (const cycle_t job : tensor.jobs) {
    const cycle_t since = std::max(now_, job);
    if (first > since) registers_->counters[system::kCountSymbolWords] += first - since;
  }
  now_ = first;
  advance(now_);
  for (std::size_t s = 0; s < n_streams; ++s) {
    if (left_[s] != 0) streams_->start(s);
  }
}

/// When all streams have theirs.
cycle_t Decoder::first_value(const Tensor& tensor) const {
  cycle_t first = now_;
  for (std::size_t s = 0; s < tensor.records.size(); ++s) {
    first = std::max(first, tensor.jobs[s] + kOfferCycles);
    for (const std::size_t c : {2 * s, 2 * s + 1}) {
      if (channels_[c].n_words() == 0) continue;
      first = std::max(first, channels_[c].flights().front().first + kFirstCycles);
    }
  }
  return first;
}

/// Words that no value wanted are read all the same, one per cycle.
void Decoder::drain(const Tensor& tensor) {
  is_draining_ = true;
  cycle_t end = now_;
  for (std::size_t c = 0; c < 2 * tensor.records.size(); ++c) {
    const Channel& channel = channels_[c];
    end = std::max(end, now_ + channel.n_words() - std::min(channel.n_words(), channel.n_taken()));
    want(c, channel.n_words());
  }
  now_ = std::max(now_, end);
  is_draining_ = false;
}

///////////////////////////////////////////////////////////////////////////////////////////////
// Rounds

/// A stream that has run dry has room for words.
void Decoder::want(std::size_t channel, std::uint64_t n_words) {
  while (channels_[channel].n_asked_for() < n_words) {
    fetch_.open(channel, now_);
    next_event();
  }
}

std::uint32_t Decoder::with_words(std::uint32_t n) {
  std::uint64_t most = n;
  for (const std::uint32_t s : active_) {
    for (const std::size_t c : {std::size_t{2} * s, std::size_t{2} * s + 1}) {
      const std::uint64_t n_words = channels_[c].n_asked_for();
      if (n_words == Channel::kNoWord) continue;
      most = std::min(most, streams_->least_values(c, n_words));
    }
  }
  if (most >= kLeastRounds) {
    n = static_cast<std::uint32_t>(most);
  } else if (most < n) {
    n = std::min(n, kLeastRounds);
    for (const std::uint32_t s : active_) {
      for (const std::size_t c : {std::size_t{2} * s, std::size_t{2} * s + 1}) {
        want(c, streams_->most_words(c, n));
      }
    }
  }
  if (values_per_beat(parameters_.shape.unit.kind) == 2 && n > 1) n &= ~1u;
  return n;
}

void Decoder::pass(std::uint32_t n, std::size_t values_before) {
  const cycle_t room = out_.room_for(out_.buffer().size() - values_before);
  const cycle_t held_up = room - std::min(room, now_ + cycles_of(n));
  registers_->counters[system::kCountConsumer] += held_up * active_.size();
  step_cycles_ = cycles_of(n) + held_up;
  for (const std::uint32_t s : active_) {
    for (const std::size_t c : {std::size_t{2} * s, std::size_t{2} * s + 1}) {
      if (channels_[c].n_taken() >= attention_[c]) find_events(c, step_cycles_);
    }
  }
  std::sort(events_.begin(), events_.end(),
            [](const Event& a, const Event& b) { return a.at < b.at; });
  cycle_t passed = 0;
  for (n_passed_ = 0; n_passed_ < events_.size(); ++n_passed_) {
    const Event event = events_[n_passed_];
    now_ += event.at - std::exchange(passed, event.at);
    if (event.there == kRoom) {
      advance(now_ + kRoomCycles);
      fetch_.open(event.channel, now_ + kRoomCycles);
    } else if (event.there > now_) {
      const std::size_t rounds = n * event.at / step_cycles_;
      wait_for(event, values_before + rounds * active_.size());
    }
  }
  now_ += step_cycles_ - passed;
  for (const std::uint32_t s : active_) {
    for (const std::size_t c : {std::size_t{2} * s, std::size_t{2} * s + 1}) {
      const bool look = channels_[c].n_taken() >= attention_[c];
      channels_[c].step();
      if (look) watch(c, now_);
    }
  }
  events_.clear();
  n_passed_ = 0;
  advance(now_);
}

void Decoder::wait_for(const Event& event, std::size_t values_before) {
  const bool parts = event.there - now_ > parameters_.value_beats;
  if (parts && values_before > out_.buffer().size() - out_.n_waiting()) send(values_before, false);
  if (event.there > now_) {
    registers_->counters[system::kCountSymbolWords + event.channel % 2] +=
        (event.there - now_) * active_.size();
    now_ = event.there;
  }
  if (parts) out_.next_leaves(now_);
}

void Decoder::find_events(std::size_t channel, cycle_t n_cycles) {
  Channel& c = channels_[channel];
  const std::uint64_t n = c.n_taken() - c.taken();
  const auto at = [&](std::uint64_t word) { return n_cycles * (word - c.taken()) / n; };
  std::deque<Channel::Flight>& flights = c.flights();
  while (!flights.empty() && flights.front().begin < c.n_taken()) {
    const Channel::Flight& flight = flights.front();
    if (flight.last + kWordCycles > now_) {
      const std::uint64_t first = std::max(flight.begin, c.taken());
      const std::uint64_t last = std::min(flight.end, c.n_taken()) - 1;
      events_.push_back({at(first), c.there(flight, first) + kWordCycles, channel});
      if (last != first)
        events_.push_back({at(last), c.there(flight, last) + kWordCycles, channel});
      if (flight.end > c.n_taken()) break;
    } else if (flight.end > c.n_taken()) {
      // All of it is there: never mind when the rest is taken.
      flights.pop_front();
      break;
    }
    flights.pop_front();
  }
  if (!fetch_.active(channel) || fetch_.is_open(channel)) return;
  const std::uint64_t room = c.room_at();
  if (room <= c.n_taken()) events_.push_back({at(std::max(room, c.taken())), kRoom, channel});
}

}  // namespace transom::lt
