// lt_words.cpp — decoder_axi, loosely timed: when words are asked for, and when they are there.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "lt_decoder.hpp"

namespace transom {
namespace {

// Cycles of the hardware's pipelines, from rtl/: where they are not hidden behind values.
constexpr cycle_t kRecordCycles = 4;      // from a stream to the start of the next one
constexpr cycle_t kFirstCycles = 7;       // the first beat of a stream to its first value
constexpr cycle_t kWordCycles = 4;        // a further beat to a value of it
constexpr std::uint64_t kWordsAhead = 2;  // that a lane holds beside those it needs

constexpr std::uint64_t kNever = ~std::uint64_t{0};

}  // namespace

void LtDecoder::begin_streams(const LtTensor& tensor) {
  streams_->load(tensor.descriptor.table_log(), tensor.table, tensor.rows);
  const std::size_t n_channels = 2 * tensor.records.size();
  for (std::size_t s = 0; s < tensor.records.size(); ++s) {
    n_values_[s] = left_[s] = tensor.records[s].n_values;
  }
  start_streams(tensor);
  for (std::size_t c = 0; c < n_channels; ++c) begin_channel(c);
  starting_ = 0;
  // In turn a burst of each while there is room, as the fetch picks them; the next descriptor is
  // among the first.
  for (bool asks = true; asks; loader_.advance(started_at_ + kCheckCycles)) {
    asks = false;
    for (std::size_t c = 0; c < n_channels; ++c) {
      if (channels_[c].feed.left == 0 || channels_[c].room != 0) continue;
      ask(c, channels_[c].free_at);
      asks = true;
    }
  }
  cycle_t first_value = now_;
  for (std::size_t c = 0; c < n_channels; ++c) {
    std::deque<Feed::Flight>& flights = channels_[c].feed.flights;
    if (flights.empty()) continue;
    first_value = std::max(first_value, flights.front().first_beat + kFirstCycles);
    flights.pop_front();
  }
  registers_->counters[kCountFill] += tensor.records.size();
  for (const cycle_t job : tensor.record_cycles) {
    const cycle_t since = std::max(now_, job);
    if (first_value > since) registers_->counters[kCountSymbolWords] += first_value - since;
  }
  now_ = first_value;
  for (std::size_t c = 0; c < n_channels; ++c) {
    look_ahead(c);
    if (c % 2 == 0 && left_[c / 2] != 0) streams_->start(c / 2);
  }
}

LtDecoder::Feed LtDecoder::feed_of(std::size_t channel, const LtTensor& tensor) const {
  const StreamRecord& record = tensor.records[channel / 2];
  const std::uint64_t symbols = tensor.descriptor.payload / 4 + record.first_word;
  if (channel % 2 == 0) return {symbols, 0, record.symbol_words, {}};
  return {symbols + record.symbol_words, 0, record.offset_words, {}};
}

/// The sequencer goes from stream to stream, and waits where bursts of the tensor before are still
/// to be asked for.
void LtDecoder::start_streams(const LtTensor& tensor) {
  const std::size_t n_channels = 2 * tensor.records.size();
  if (starting_ == n_channels) return;
  for (; starting_ < n_channels; ++starting_) {
    Channel& c = channels_[starting_];
    if (c.feed.left != 0) return;
    const cycle_t ready = starting_ % 2 == 0 ? tensor.record_cycles[starting_ / 2] : c.free_at;
    started_at_ = std::max(
        {started_at_ + (starting_ % 2 == 0 ? kRecordCycles : 1), ready + 1, c.free_at + 1});
    bus_.hold(started_at_, 1);
    c.free_at = started_at_ + 1;
    c.next = feed_of(starting_, tensor);
    c.has_next = true;
  }
  loader_.resume(started_at_ + kCheckCycles);
}

void LtDecoder::begin_channel(std::size_t channel) {
  Channel& c = channels_[channel];
  c.feed = std::move(c.next);
  c.reader->begin(static_cast<std::uint32_t>(c.feed.asked + c.feed.left));
  for (const std::uint32_t word : c.next_words) c.reader->put(word);
  c.next_words.clear();
  c.has_next = false;
  c.taken = 0;
  find_room(c);
}

template <class Put>
void LtDecoder::ask(std::size_t channel, Feed& feed, std::uint32_t descriptor, cycle_t cycle,
                    Put&& put) {
  LtBus::Burst burst;
  const auto stream = static_cast<std::uint32_t>(channel / 2);
  const std::uint32_t n = bus_.read(feed.begin + feed.asked, feed.left, cycle, burst,
                                    [&](std::uint32_t word, bool failed) {
                                      put(word);
                                      if (failed) registers_->errors.bus_error(descriptor, stream);
                                    });
  feed.flights.push_back({feed.asked, burst.first});
  feed.asked += n;
  feed.left -= n;
  channels_[channel].free_at = burst.asked;
}

void LtDecoder::ask(std::size_t channel, cycle_t cycle) {
  Channel& c = channels_[channel];
  ask(channel, c.feed, tensor_, cycle, [&](std::uint32_t word) {
    if (!is_draining_) c.reader->put(word);
  });
  find_room(c);
}

/// In turn a burst of each channel that is through with this tensor, while bursts may be asked for:
/// those of this tensor are not to wait for them.
void LtDecoder::ask_next(const LtTensor& tensor, cycle_t cycle) {
  start_streams(tensor);
  const std::uint64_t room =
      (parameters_.fifo_beats - parameters_.max_burst) * std::uint64_t{parameters_.beat_words()};
  for (std::size_t i = 0; i < starting_ && bus_.has_room(now_); ++i) {
    next_channel_ = (next_channel_ + 1) % starting_;
    Channel& c = channels_[next_channel_];
    const std::uint64_t here = c.feed.asked - std::min(c.taken, c.feed.asked);
    if (c.next.left == 0 || here + c.next_words.size() > room) continue;
    ask(next_channel_, c.next, tensor.index, std::max(cycle, c.free_at),
        [&](std::uint32_t word) { c.next_words.push_back(word); });
  }
}

/// Beats count whole; the one in front of the FIFO is out of it.
void LtDecoder::find_room(Channel& c) const {
  const std::uint64_t beat_words = parameters_.beat_words();
  const std::uint64_t end =
      (c.feed.begin + c.feed.asked + beat_words - 1) / beat_words * beat_words - c.feed.begin;
  const std::uint64_t ahead =
      (parameters_.fifo_beats - parameters_.max_burst + 1) * beat_words + kWordsAhead;
  c.room = end > ahead ? end - ahead : 0;
}

void LtDecoder::look_ahead(std::size_t channel) {
  Channel& c = channels_[channel];
  const std::uint64_t need = step_ * LtStreams::kMostBits / kWordBits + LtStreams::kHeadWords;
  while (c.feed.left != 0 && (c.feed.asked < c.taken + need || c.taken >= c.room)) {
    ask(channel, now_);
  }
  c.attention = kNever;
  if (!c.feed.flights.empty()) c.attention = c.feed.flights.front().first_word + 1;
  if (c.feed.left != 0) c.attention = std::min({c.attention, c.room, c.feed.asked - need + 1});
}

cycle_t LtDecoder::wait_for_words(std::size_t channel, cycle_t n_cycles) {
  Channel& c = channels_[channel];
  const std::uint64_t taken = c.reader->n_taken();
  cycle_t wait = 0;
  std::deque<Feed::Flight>& flights = c.feed.flights;
  while (!flights.empty() && flights.front().first_word < taken) {
    const std::uint64_t first = flights.front().first_word;
    const std::uint64_t into = first - std::min(c.taken, first);
    const cycle_t needed = now_ + n_cycles * into / std::max<std::uint64_t>(taken - c.taken, 1);
    const cycle_t there = flights.front().first_beat + kWordCycles;
    if (there > needed) wait = std::max(wait, there - needed);
    flights.pop_front();
  }
  return wait;
}

void LtDecoder::ask_behind(std::size_t channel, cycle_t begin, cycle_t end) {
  Channel& c = channels_[channel];
  const std::uint64_t taken = c.reader->n_taken();
  while (c.feed.left != 0 && c.room <= taken) {
    const std::uint64_t into = c.room - std::min(c.room, c.taken);
    ask(channel, begin + (end - begin) * into / std::max<std::uint64_t>(taken - c.taken, 1));
  }
}

}  // namespace transom
