// harness.cpp — one case: a Dut, a few streams, a stimulus.
// SPDX-License-Identifier: Apache-2.0
#include "transom/harness/harness.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "transom/base/bits.hpp"
#include "transom/unit/pressure.hpp"
#include "transom/verify/golden_steps.hpp"

namespace transom::harness {

namespace {

// Clocks that an ended decoder is watched for what it should not show.
constexpr std::uint64_t kAfterEnd = 64;

constexpr std::array kStimuli{
    Stimulus{"plain"},
    Stimulus{.name = "slow-words", .words_closed = 60},
    Stimulus{.name = "slow-consumer", .consumer_closed = 60},
    Stimulus{.name = "both", .words_closed = 40, .consumer_closed = 40},
    Stimulus{.name = "bursts", .words_closed = 50, .consumer_closed = 50, .burst = 24},
    Stimulus{.name = "reset", .words_closed = 20, .consumer_closed = 20, .resets = 3},
};

enum Port : std::uint64_t { kSymbolPort, kOffsetPort, kConsumerPort, kResetPort };

constexpr std::uint64_t draw(std::uint64_t seed, Port port, unsigned lane, std::uint64_t i) {
  using unit::mix;
  return mix(mix(mix(seed) + (std::uint64_t{lane} << 2 | port)) + i * 0x9e37'79b9'7f4a'7c15);
}

/// A stream in words of any width.
class WordSource {
 public:
  WordSource() = default;
  WordSource(std::span<const std::uint32_t> words, unsigned width) : words_(words), width_(width) {
    n_ = (words.size() * kWordBits + width - 1) / width;
  }

  bool has_word() const { return next_ < n_; }
  bool is_last() const { return next_ + 1 == n_; }
  std::uint64_t word() const {
    const std::size_t bit = next_ * width_;
    const std::size_t i = bit / kWordBits;
    std::uint64_t word = words_[i] >> bit % kWordBits;
    if (width_ == 64 && i + 1 < words_.size()) word |= std::uint64_t{words_[i + 1]} << kWordBits;
    return width_ < kWordBits ? word & low_bits(width_) : word;
  }
  void take() {
    ++next_;
    offered = false;
  }

  bool offered = false;

 private:
  std::span<const std::uint32_t> words_;
  unsigned width_ = kWordBits;
  std::size_t n_ = 0;
  std::size_t next_ = 0;
};

void check_width(const char* what, unsigned bits) {
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
    refuse("run_case", what, bits, "must be 8, 16, 32 or 64");
  }
}

/// The streams of one case alone.
Task streams_of(const Task& task, unsigned first, unsigned n_lanes) {
  if (first >= task.streams.size()) {
    refuse("run_case", "first stream", first,
           "must be below the tensor's " + std::to_string(task.streams.size()));
  }
  require_range("run_case", "lanes of the Dut", n_lanes, 1, kMaxStreams);
  const std::size_t end = std::min(task.streams.size(), std::size_t{first} + n_lanes);
  Task part{task.name, task.table, task.rows, {}};
  part.streams.assign(task.streams.begin() + first,
                      task.streams.begin() + static_cast<std::ptrdiff_t>(end));
  return part;
}

class Case {
 public:
  Case(Dut& dut, const Task& task, unsigned first, const Stimulus& stimulus,
       const HarnessOptions& options)
      : dut_(dut),
        stimulus_(stimulus),
        options_(options),
        cosim_(streams_of(task, first, dut.n_lanes())),
        in_(dut.n_lanes()),
        out_(dut.n_lanes()),
        lanes_(cosim_.n_lanes()) {
    check_width("symbol_word_bits", dut.symbol_word_bits());
    check_width("offset_word_bits", dut.offset_word_bits());
  }

  CaseResult run() {
    begin();
    for (std::uint64_t i = 1; i <= stimulus_.resets && result_.problem.empty(); ++i) {
      decode(1 + draw(options_.seed, kResetPort, 0, i) % (n_to_come_ + 1));
      if (cosim_.ok()) begin();
    }
    if (result_.problem.empty()) decode(verify::kNever);
    return finish();
  }

 private:
  struct Lane {
    WordSource symbols;
    WordSource offsets;
    bool done = false;
  };

  void begin() {
    cosim_.restart();
    dut_.reset();
    dut_.load(Load(cosim_.task(), 0));
    n_to_come_ = 0;
    n_shown_ = 0;
    for (unsigned l = 0; l < lanes_.size(); ++l) {
      const unit::JobStream& stream = cosim_.task().streams[l];
      lanes_[l] = {WordSource(stream.symbol_words, dut_.symbol_word_bits()),
                   WordSource(stream.offset_words, dut_.offset_word_bits()), false};
      n_to_come_ += stream.n_values;
    }
    last_event_ = clock_;
  }

  /// Clocks until the end, a problem, or so many values or steps.
  void decode(std::uint64_t n_shown) {
    std::uint64_t after_end = 0, after_difference = 0;
    while (n_shown_ < n_shown && after_end < kAfterEnd) {
      one_clock();
      if (ended()) ++after_end;
      // What follows a difference is evidence; a decoder that went astray may never end.
      if (!cosim_.ok() && ++after_difference > options_.patience) return;
      if (!cosim_.ok() && n_shown_ >= n_at_difference_ + 2 * Cosim::kWindow) return;
      if (std::string complaint = dut_.complaint(); !complaint.empty()) {
        return give_up("the decoder complains: " + complaint);
      }
      if (clock_ - last_event_ > options_.patience) {
        return give_up("the decoder hangs: for " + std::to_string(options_.patience) +
                       " clocks it took no word and showed nothing");
      }
    }
  }

  void give_up(const std::string& why) {
    if (!cosim_.ok()) return;
    result_.problem = why;
    result_.at = dut_.now();
  }

  /// A decoder without an end has ended when all its values came.
  bool ended() const {
    if (!dut_.shows_end()) return n_shown_ >= n_to_come_;
    return std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& l) { return l.done; });
  }

  bool is_open(Port port, unsigned lane, unsigned closed) const {
    return closed == 0 || draw(options_.seed, port, lane, clock_ / stimulus_.burst) % 100 >= closed;
  }

  void offer(WordSource& source, Port port, unsigned lane) const {
    source.offered =
        source.has_word() && (source.offered || is_open(port, lane, stimulus_.words_closed));
  }

  void one_clock() {
    for (unsigned l = 0; l < lanes_.size(); ++l) {
      Lane& lane = lanes_[l];
      offer(lane.symbols, kSymbolPort, l);
      offer(lane.offsets, kOffsetPort, l);
      LaneIn& in = in_[l];
      in = {};
      in.symbol_valid = lane.symbols.offered;
      in.offset_valid = lane.offsets.offered;
      if (in.symbol_valid) in.symbol_word = lane.symbols.word();
      if (in.offset_valid) in.offset_word = lane.offsets.word();
      in.symbol_last = in.symbol_valid && lane.symbols.is_last();
      in.offset_last = in.offset_valid && lane.offsets.is_last();
      in.ready = is_open(kConsumerPort, l, stimulus_.consumer_closed);
    }
    std::fill(out_.begin(), out_.end(), LaneOut{});
    cosim_.at(dut_.now());
    const bool was_ok = cosim_.ok();
    dut_.clock(in_, out_);
    for (unsigned l = 0; l < lanes_.size(); ++l) observe(l);
    ++clock_;
    if (was_ok && !cosim_.ok()) n_at_difference_ = n_shown_;
  }

  void observe(unsigned l) {
    Lane& lane = lanes_[l];
    const LaneOut& out = out_[l];
    const bool symbol_taken = in_[l].symbol_valid && out.symbol_ready;
    const bool offset_taken = in_[l].offset_valid && out.offset_ready;
    const bool value_left = out.value_valid && in_[l].ready;
    if (symbol_taken) lane.symbols.take();
    if (offset_taken) lane.offsets.take();
    if (out.step_valid) tell_step(l, out);
    if (value_left) cosim_.value(l, out.value);
    if (out.done && !std::exchange(lane.done, true)) {
      if (out.status) {
        cosim_.end(l, *out.status);
      } else if (out.good) {
        cosim_.end(l, *out.good);
      } else {
        cosim_.end(l);
      }
      last_event_ = clock_;
    }
    shows_values_ = shows_values_ || value_left;
    n_shown_ += shows_values_ ? value_left
                              : verify::symbols_per_step(cosim_.task().table.kind) * out.step_valid;
    if (symbol_taken || offset_taken || value_left || out.step_valid) last_event_ = clock_;
  }

  void tell_step(unsigned l, const LaneOut& out) {
    if (out.state && out.position) {
      cosim_.step(l, out.symbol, *out.state, *out.position);
    } else if (out.state) {
      cosim_.step(l, out.symbol, *out.state);
    } else {
      cosim_.step(l, out.symbol);
    }
  }

  CaseResult finish() {
    cosim_.at(dut_.now());
    cosim_.finish();
    result_.n_clocks = clock_;
    result_.n_compared = cosim_.n_compared();
    result_.difference = cosim_.first();
    if (result_.difference) {
      result_.at = result_.difference->cycle.value_or(dut_.now());
      const std::string hang = std::exchange(result_.problem, to_text(*result_.difference));
      if (!hang.empty()) result_.problem += " " + hang + ".";
    }
    return std::move(result_);
  }

  Dut& dut_;
  const Stimulus& stimulus_;
  const HarnessOptions& options_;
  Cosim cosim_;
  std::vector<LaneIn> in_;
  std::vector<LaneOut> out_;
  std::vector<Lane> lanes_;
  CaseResult result_;
  bool shows_values_ = false;
  std::uint64_t n_to_come_ = 0;  ///< values
  std::uint64_t n_shown_ = 0;
  std::uint64_t n_at_difference_ = 0;
  std::uint64_t clock_ = 0;
  std::uint64_t last_event_ = 0;
};

}  // namespace

std::span<const Stimulus> stimuli() { return kStimuli; }

const Stimulus& find_stimulus(std::string_view name) {
  const auto found = std::find_if(kStimuli.begin(), kStimuli.end(),
                                  [&](const Stimulus& s) { return s.name == name; });
  if (found != kStimuli.end()) return *found;
  std::string names;
  for (const Stimulus& s : kStimuli) names += (names.empty() ? "" : ", ") + std::string(s.name);
  refuse("find_stimulus", "stimulus", "'" + std::string(name) + "'", "must be one of " + names);
}

CaseResult run_case(Dut& dut, const Task& task, unsigned first, const Stimulus& stimulus,
                    const HarnessOptions& options) {
  require_range("run_case", "burst of the stimulus", stimulus.burst, 1, UINT32_MAX);
  require_range("run_case", "words_closed of the stimulus", stimulus.words_closed, 0, 95);
  require_range("run_case", "consumer_closed of the stimulus", stimulus.consumer_closed, 0, 95);
  require_range("run_case", "patience", options.patience, 1, UINT64_MAX);
  return Case(dut, task, first, stimulus, options).run();
}

}  // namespace transom::harness
