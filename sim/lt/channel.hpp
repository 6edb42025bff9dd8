// channel.hpp — the words of one channel of decoder_axi on their way to their reader.
//
// The channel's FIFO by its counts: which word has to be taken until a further burst has room, and
// when words that were asked for are there. The next tensor's stream may come behind the one at
// work.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "transom/lt/fetch.hpp"
#include "transom/lt/stream.hpp"

namespace transom::lt {

/// The words of one port of a stream: bursts on their way, FIFO, and what was taken.
class Channel {
 public:
  static constexpr std::uint64_t kNoWord = ~std::uint64_t{0};
  /// A burst that is on its way.
  struct Flight {
    std::uint64_t begin = 0;  ///< words of the stream
    std::uint64_t end = 0;
    unsigned skipped = 0;  ///< words of its first beat that do not count
    cycle_t first = 0;     ///< beat is on the bus
    cycle_t last = 0;
  };

  Channel(const system::AxiParameters& parameters, RingReader& reader)
      : beat_words_(parameters.beat_words()),
        kept_beats_(parameters.fifo_beats - parameters.max_burst),
        reader_(&reader) {}

  void restart() {
    stream_ = next_ = {};
    taken_ = 0;
    next_words_.clear();
  }
  /// The fetch is started on a stream, which comes behind the one at work.
  void start(std::uint32_t tensor, std::uint64_t word_address, std::uint32_t n_words) {
    next_ = {tensor, static_cast<unsigned>(word_address % beat_words_), n_words, 0, 0, {}};
  }
  /// The stream that was started is at work.
  void enter() {
    stream_ = std::exchange(next_, {});
    reader_->begin(stream_.n_words);
    for (const std::uint32_t word : next_words_) reader_->put(word);
    next_words_.clear();
    taken_ = 0;
  }
  /// The next burst. `keep`: the stream at work wants its words.
  void come(const Burst& burst, bool keep) {
    const bool is_next = all_asked_for();
    Stream& stream = is_next ? next_ : stream_;
    const auto n = static_cast<std::uint32_t>(burst.words.size());
    const unsigned skipped = stream.asked == 0 ? stream.skipped : 0;
    const Flight flight{stream.asked, stream.asked + n, skipped, burst.first, burst.last};
    if (is_next || keep) stream.flights.push_back(flight);
    stream.asked += n;
    stream.n_beats += burst.n_beats;
    if (is_next) {
      next_words_.insert(next_words_.end(), burst.words.begin(), burst.words.end());
    } else if (keep) {
      for (const std::uint32_t word : burst.words) reader_->put(word);
    }
  }
  /// Of the stream at work.
  bool all_asked_for() const { return stream_.asked == stream_.n_words; }
  /// The tensor whose words the next burst brings.
  std::uint32_t tensor_of_next() const { return (all_asked_for() ? next_ : stream_).tensor; }

  /// Words of the stream at work that are taken when there is room for a further burst.
  std::uint64_t room_at() const {
    const std::uint64_t n_beats = stream_.n_beats + next_.n_beats;
    if (n_beats <= kept_beats_) return 0;
    const std::uint64_t beat = n_beats - kept_beats_ - 1;  // that is in front by then
    if (beat * beat_words_ >= stream_.skipped + std::uint64_t{stream_.n_words}) return kNoWord;
    const std::uint64_t words_before = beat * beat_words_;
    const std::uint64_t ahead = stream_.skipped + Streams::kWordsAhead;
    return words_before > ahead ? words_before - ahead : 0;
  }
  /// Words that can be taken without a further burst; kNoWord: all.
  std::uint64_t n_asked_for() const {
    return all_asked_for() ? kNoWord : stream_.asked - std::min(taken_, stream_.asked);
  }
  std::uint64_t n_words() const { return stream_.n_words; }
  std::deque<Flight>& flights() { return stream_.flights; }
  const std::deque<Flight>& flights() const { return stream_.flights; }
  /// Beat of a word on the bus.
  cycle_t there(const Flight& flight, std::uint64_t word) const {
    const std::uint64_t n = (flight.skipped + flight.end - flight.begin - 1) / beat_words_;
    const std::uint64_t beat = (flight.skipped + word - flight.begin) / beat_words_;
    return n == 0 ? flight.first : flight.first + (flight.last - flight.first) * beat / n;
  }

  std::uint64_t n_taken() const { return reader_->n_taken(); }
  /// As of the last step.
  std::uint64_t taken() const { return taken_; }
  void step() { taken_ = n_taken(); }

 private:
  struct Stream {
    std::uint32_t tensor = 0;
    unsigned skipped = 0;  ///< words of the first beat that are not the stream's
    std::uint32_t n_words = 0;
    std::uint64_t asked = 0;     ///< words
    std::uint64_t n_beats = 0;   ///< beats that hold these words
    std::deque<Flight> flights;  ///< bursts of which some words were not taken yet
  };

  unsigned beat_words_;
  std::uint64_t kept_beats_;  ///< beats that may be in the FIFO when a burst is asked for
  RingReader* reader_;
  Stream stream_;
  Stream next_;
  std::vector<std::uint32_t> next_words_;
  std::uint64_t taken_ = 0;
};

}  // namespace transom::lt
