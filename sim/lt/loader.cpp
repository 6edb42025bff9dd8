// loader.cpp — the sequencer of decoder_axi, loosely timed.
// SPDX-License-Identifier: Apache-2.0
#include "transom/lt/loader.hpp"

#include <array>
#include <utility>

namespace transom::lt {

void Loader::restart(system::AxiRegisters& registers) {
  constexpr std::uint64_t kBytes = system::kDescriptorWords * 4;
  descriptor_word_ = registers.descriptors / kBytes * system::kDescriptorWords;
  n_left_ = registers.n_descriptors;
  limits_ = registers.limits;
  values_left_ = limits_.max_values;
  gates_ = {0, 0};  // both banks are free
  errors_ = &registers.errors;
  loaded_.clear();
  tensor_ = {};
  any_fails_ = false;
  phase_ = Phase::kDescriptor;
  state_ = n_left_ == 0 ? State::kEnd : State::kAsk;
  at_ = kStartCycle;
  room_at_ = kNever;
}

cycle_t Loader::next_state() const {
  switch (state_) {
    case State::kAsk:
      if (phase_ != Phase::kTable) return at_;
      return gates_.empty() ? kNever : std::max(at_, gates_.front());
    case State::kSymbols:
    case State::kOffsets:  // of the tensor before, all bursts have been asked for
      return stream_words() != 0 && fetch_.active(stream_channel()) ? kNever : at_;
    case State::kGroups:
    case State::kEnd:
      return kNever;
    default:
      return at_;
  }
}

std::optional<Loader::Started> Loader::act() {
  if (room_at_ <= next_state()) {
    fetch_.open(fetch_.own_channel(), std::exchange(room_at_, kNever));
    return {};
  }
  switch (state_) {
    case State::kAsk:
      ask();
      break;
    case State::kRecord:
      take_record();
      break;
    case State::kSymbols:
    case State::kOffsets:
      return start_channel();
    case State::kTensor:
      finish();
      break;
    default:
      break;
  }
  return {};
}

void Loader::ask() {
  if (phase_ == Phase::kDescriptor) {
    const AxiCause cause =
        n_left_ > limits_.max_descriptors
            ? AxiCause::kLimit
            : system::read_cause(parameters_, limits_, descriptor_word_, system::kDescriptorWords);
    errors_->add(cause, tensor_.index);
    if (cause != AxiCause::kNone) {
      n_left_ = 0;
      state_ = State::kEnd;
      return;
    }
  }
  if (phase_ == Phase::kTable) {
    at_ = next_state();
    gate_ = gates_.front();
    gates_.pop_front();
  }
  const system::Section section = system::section_of(tensor_.descriptor, phase_, descriptor_word_);
  n_words_ = section.n_words;
  words_.clear();
  fails_.clear();
  beats_.clear();
  fronts_.clear();
  at_ = fetch_.start(fetch_.own_channel(), section.word_address, n_words_, at_) + 1;
  fetch_.open(fetch_.own_channel(), at_);
  if (phase_ == Phase::kRows && tensor_.descriptor.builds()) {
    at_ += unit::build_cycles(tensor_.descriptor.table_log());
  }
  state_ = State::kGroups;
  if (phase_ == Phase::kRecords) next_record();
}

/// Its FIFO is empty when it is asked for something.
void Loader::find_room() {
  const std::size_t kept = parameters_.fifo_beats - parameters_.max_burst;
  room_at_ = kNever;
  if (!fetch_.active(fetch_.own_channel()) || fetch_.is_open(fetch_.own_channel())) return;
  if (beats_.size() <= kept) {
    room_at_ = beats_.empty() ? at_ : 0;
  } else if (fronts_.size() >= beats_.size() - kept) {
    room_at_ = fronts_[beats_.size() - kept - 1];
  }
}

void Loader::come(const Burst& burst) {
  for (unsigned i = 0; i < burst.n_beats; ++i) beats_.push_back(burst.beat(i));
  words_.insert(words_.end(), burst.words.begin(), burst.words.end());
  fails_.resize(words_.size());
  std::copy(burst.fails.begin(), burst.fails.end(), fails_.end() - std::ssize(burst.fails));
  if (!burst.fails.empty()) {
    any_fails_ = true;
    errors_->add(AxiCause::kRead, tensor_.index);
  }
  if (state_ == State::kGroups) take_groups(burst);
  if (state_ == State::kRecord && at_ == kNever) find_record();
  find_room();
  if (state_ == State::kGroups && words_.size() == n_words_) complete();
}

/// at_ is the first cycle in which a further group can be taken.
void Loader::take_groups(const Burst& burst) {
  const unsigned beat_words = parameters_.beat_words();
  for (unsigned i = 0; i < burst.n_beats; ++i) {
    const auto beat = static_cast<std::uint32_t>(fronts_.size());
    const std::uint32_t end = std::min((beat + 1) * beat_words, n_words_);
    // Of a narrow bus the first half of a group waits for the second.
    const std::uint32_t begin = beat * beat_words / kGroupWords * kGroupWords;
    const bool is_half = end % kGroupWords != 0 && end != n_words_;
    const std::uint32_t n_groups = (end - begin + kGroupWords - 1) / kGroupWords;
    fronts_.push_back(std::max(at_, beats_[beat] + Fetch::kTakeCycles));
    if (!is_half) at_ = fronts_.back() + (phase_ == Phase::kRows ? end - begin : n_groups);
  }
}

/// at_ is the cycle behind the last group; of a descriptor of which something could not be read,
/// nothing follows.
void Loader::complete() {
  const system::Descriptor& d = tensor_.descriptor;
  state_ = State::kAsk;
  if (phase_ == Phase::kDescriptor) {
    ++at_;  // is it possible?
    std::array<std::uint32_t, system::kDescriptorWords> words;
    std::copy_n(words_.begin(), system::kDescriptorWords, words.begin());
    tensor_.descriptor = system::to_descriptor(words);
    phase_ = Phase::kTable;
    AxiCause cause = AxiCause::kDescriptor;
    if (system::is_possible(d, parameters_.shape)) {
      cause = system::read_cause(parameters_, limits_, d);
    }
    if (!any_fails_) errors_->add(cause, tensor_.index);
    if (cause != AxiCause::kNone || any_fails_) state_ = State::kTensor;
  } else if (phase_ == Phase::kTable) {
    tensor_.table = d.builds() ? built_table() : words_;
    phase_ = Phase::kRows;
  } else {
    tensor_.rows = words_;
    phase_ = Phase::kRecords;
    if (any_fails_) {
      state_ = State::kTensor;
      gates_.push_front(gate_);  // the bank stays free
    }
  }
}

/// Of the words that came, which are counts.
std::vector<std::uint32_t> Loader::built_table() const {
  const system::Descriptor& d = tensor_.descriptor;
  unit::CountWords counts;
  std::copy_n(words_.begin(), counts.size(), counts.begin());
  return unit::build_table({d.table_log(), d.n_rows - 1}, counts);
}

///////////////////////////////////////////////////////////////////////////////////////////////
// Records

void Loader::next_record() {
  state_ = State::kRecord;
  ready_ = at_;
  find_record();
}

void Loader::find_record() {
  const std::size_t last_word = (tensor_.jobs.size() + 1) * system::kRecordWords - 1;
  const std::size_t beat = last_word / parameters_.beat_words();
  at_ = beat < beats_.size() ? std::max(ready_, beats_[beat] + Fetch::kTakeCycles) : kNever;
}

/// A record that could not be read, or leads to what may not be, is a stream without words and
/// values.
void Loader::take_record() {
  const std::size_t s = tensor_.jobs.size();
  const std::size_t word = s * system::kRecordWords;
  const bool failed = std::any_of(fails_.begin() + std::ptrdiff_t(word),
                                  fails_.begin() + std::ptrdiff_t(word + system::kRecordWords),
                                  [](bool fails) { return fails; });
  const std::uint32_t* w = &words_[word];
  tensor_.records.push_back(failed ? system::StreamRecord{}
                                   : system::StreamRecord{w[0], w[1], w[2], w[3]});
  stream_word_ = tensor_.descriptor.payload / 4 + w[3];
  while (fronts_.size() * parameters_.beat_words() < word + system::kRecordWords)
    fronts_.push_back(at_);
  if (room_at_ == kNever) find_room();
  ++at_;
  state_ = State::kSymbols;
  system::StreamRecord& record = tensor_.records.back();
  const AxiCause cause =
      system::stream_cause(parameters_, limits_, record, stream_word_, values_left_);
  if (cause != AxiCause::kNone) {
    errors_->add(cause, tensor_.index, static_cast<std::uint32_t>(s));
    record = {};
    ++at_;
    if (cause == AxiCause::kLimit) n_left_ = 1;
  }
  values_left_ -= record.n_values;
}

std::optional<Loader::Started> Loader::start_channel() {
  const std::size_t channel = stream_channel();
  const std::uint32_t n_words = stream_words();
  std::optional<Started> started;
  channels_[channel].start(tensor_.index, stream_word_, n_words);
  if (n_words != 0) {
    at_ = fetch_.start(channel, stream_word_, n_words, at_);
    started = {channel, at_ + 1};
  }
  stream_word_ += n_words;
  ++at_;
  if (state_ == State::kSymbols) {
    state_ = State::kOffsets;
    return started;
  }
  tensor_.jobs.push_back(at_);
  if (tensor_.jobs.size() == tensor_.descriptor.n_streams()) {
    state_ = State::kTensor;
  } else {
    next_record();
  }
  return started;
}

/// A descriptor that is skipped has no streams to wait for.
void Loader::finish() {
  const std::uint32_t index = tensor_.index + 1;
  tensor_.loaded_at = at_;
  loaded_.push_back(std::exchange(tensor_, {}));
  tensor_.index = index;
  any_fails_ = false;
  phase_ = Phase::kDescriptor;
  state_ = --n_left_ == 0 ? State::kEnd : State::kAsk;
  descriptor_word_ += system::kDescriptorWords;
  ++at_;
}

}  // namespace transom::lt
