// lt_loader.hpp — the sequencer of decoder_axi, loosely timed: descriptors, tables, rows, records.
//
// rtl/axi_sequencer.sv a burst at a time, so that a load goes along with the decoding of the tensor
// before it. What it takes per group of four words is the state machine's: a cycle for a descriptor
// or a table, one per row, and the start of two channels for a record.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "axi_descriptor.hpp"
#include "axi_registers.hpp"
#include "lt_bus.hpp"

namespace transom {

/// A descriptor and all that it leads to, but for the streams.
struct LtTensor {
  std::uint32_t index = 0;
  Descriptor descriptor;
  std::vector<std::uint32_t> table;
  std::vector<std::uint32_t> rows;
  std::vector<StreamRecord> records;   ///< none: it is skipped
  std::vector<cycle_t> record_cycles;  ///< when each record is there
};

class LtLoader {
 public:
  LtLoader(const AxiParameters& parameters, LtBus& bus) : parameters_(parameters), bus_(bus) {}

  /// The first burst of a run is asked for at `earliest`; what fails goes to `errors`.
  void restart(std::uint64_t address, std::uint32_t n_descriptors, cycle_t earliest,
               AxiErrors& errors) {
    address_ = address / kDescriptorBytes * kDescriptorBytes;
    n_descriptors_ = n_descriptors;
    n_begun_ = 0;
    gates_ = {0, 0};  // both banks are free
    errors_ = &errors;
    loaded_.clear();
    phase_ = Phase::kDone;
    taken_at_ = earliest;
    resume(earliest);
  }
  /// A tensor has ended: its bank is free for the next but one.
  void open(cycle_t cycle) { gates_.push_back(cycle); }
  /// The streams of the tensor loaded last have been started: on to the next descriptor.
  void resume(cycle_t cycle) {
    if (phase_ != Phase::kDone || n_begun_ == n_descriptors_) return;
    tensor_ = {};
    tensor_.index = n_begun_++;
    any_fails_ = false;
    next_at_ = std::max(cycle, taken_at_);
    ask(Phase::kDescriptor, address_, kDescriptorWords);
    address_ += kDescriptorBytes;
  }

  /// All bursts that can be asked for up to here.
  void advance(cycle_t now) {
    while (phase_ != Phase::kDone && start_of_next() <= now) step();
  }
  /// The next tensor, if it is loaded.
  const LtTensor* loaded() const { return loaded_.empty() ? nullptr : &loaded_.front(); }
  /// The next tensor, once it is loaded. There is one.
  LtTensor take() {
    while (loaded_.empty()) step();
    LtTensor tensor = std::move(loaded_.front());
    loaded_.pop_front();
    return tensor;
  }
  /// When the last group was taken.
  cycle_t done_at() const { return taken_at_; }

 private:
  enum class Phase { kDescriptor, kTable, kRows, kRecords, kDone };
  static constexpr cycle_t kClosed = ~cycle_t{0};
  static constexpr unsigned kAskCycles = 2;  ///< between the last group and the next channel start
  static constexpr unsigned kGroupCycles = 3;  ///< from the bus to the sequencer
  static constexpr unsigned kSkipCycles = 3;
  static constexpr std::uint64_t kDescriptorBytes = kDescriptorWords * 4;

  bool begins_table() const {
    return phase_ == Phase::kTable && next_word_ * 4 == tensor_.descriptor.table;
  }
  cycle_t start_of_next() const {
    if (!begins_table()) return next_at_;
    return gates_.empty() ? kClosed : std::max(next_at_, gates_.front());
  }

  void ask(Phase phase, std::uint64_t address, std::uint32_t n_words) {
    phase_ = phase;
    words_.clear();
    fails_.clear();
    next_word_ = address / 4;
    left_ = n_words;
    before_ = 0;
  }

  /// One burst, and what it completes.
  void step() {
    LtBus::Burst burst;
    const std::uint32_t n =
        bus_.read(next_word_, left_, start_of_next(), burst, [&](std::uint32_t word, bool failed) {
          words_.push_back(word);
          fails_.push_back(failed);
          any_fails_ |= failed;
        });
    if (any_fails_) errors_->bus_error(tensor_.index, kNoStream);
    next_word_ += n;
    left_ -= n;
    // Two bursts fit into the FIFO: the next but one waits until this one has been taken out.
    const cycle_t taken = std::max(taken_at_, burst.first + kGroupCycles) + cycles_of(n);
    const cycle_t room = parameters_.fifo_beats > 2 * parameters_.max_burst ? 0 : before_;
    before_ = taken;
    taken_at_ = std::max(taken, burst.last + kGroupCycles);
    next_at_ = std::max(burst.asked, room);
    if (left_ != 0) return;
    complete();
    if (phase_ == Phase::kDone) finish();
  }

  unsigned cycles_of(std::uint32_t n_words) const {
    if (phase_ == Phase::kRows) return n_words;
    const unsigned n_groups = (n_words + 3) / 4;
    return n_groups;
  }

  /// A descriptor that is skipped has no streams to wait for.
  void finish() {
    const bool skipped = tensor_.records.empty();
    if (skipped && !tensor_.table.empty()) gates_.push_front(gate_);  // the bank stays free
    loaded_.push_back(std::move(tensor_));
    if (skipped) resume(taken_at_ + kSkipCycles);
  }

  /// What follows a phase; of a descriptor of which something could not be read, nothing.
  void complete() {
    next_at_ = taken_at_ + kAskCycles;
    const Descriptor& d = tensor_.descriptor;
    switch (std::exchange(phase_, Phase::kDone)) {
      case Phase::kDescriptor: {
        std::array<std::uint32_t, kDescriptorWords> words;
        std::copy_n(words_.begin(), kDescriptorWords, words.begin());
        tensor_.descriptor = to_descriptor(words);
        if (any_fails_) break;
        if (!is_possible(d, parameters_.shape)) return errors_->bad_descriptor(tensor_.index);
        return ask(Phase::kTable, d.table, d.n_table_words);
      }
      case Phase::kTable:
        tensor_.table = words_;
        return ask(Phase::kRows, d.rows, d.n_rows);
      case Phase::kRows:
        tensor_.rows = words_;
        if (any_fails_) break;
        return ask(Phase::kRecords, d.records,
                   d.n_streams() * static_cast<std::uint32_t>(kRecordWords));
      case Phase::kRecords:
        return take_records();
      case Phase::kDone:
        break;
    }
  }

  /// A record that could not be read is a stream without words and values.
  void take_records() {
    const std::size_t n = words_.size() / kRecordWords;
    for (std::size_t s = 0; s < n; ++s) {
      const std::uint32_t* word = &words_[s * kRecordWords];
      bool failed = false;
      for (std::size_t i = 0; i < kRecordWords; ++i) failed |= fails_[s * kRecordWords + i];
      tensor_.records.push_back(failed ? StreamRecord{}
                                       : StreamRecord{word[0], word[1], word[2], word[3]});
      tensor_.record_cycles.push_back(taken_at_ - (n - 1 - s));
    }
  }

  const AxiParameters& parameters_;
  LtBus& bus_;
  std::uint64_t address_ = 0;        ///< of the next descriptor
  std::uint32_t n_descriptors_ = 0;  ///< of the run
  std::uint32_t n_begun_ = 0;
  std::deque<cycle_t> gates_;    ///< when the banks of the next tables are free, as far as known
  cycle_t gate_ = 0;             ///< that the current table waited for
  std::deque<LtTensor> loaded_;  ///< not yet taken
  LtTensor tensor_;              ///< being loaded
  Phase phase_ = Phase::kDone;
  std::vector<std::uint32_t> words_;  ///< of the phase
  std::vector<bool> fails_;           ///< of its words
  bool any_fails_ = false;            ///< since the descriptor
  AxiErrors* errors_ = nullptr;
  std::uint64_t next_word_ = 0;  ///< address
  std::uint32_t left_ = 0;       ///< words
  cycle_t next_at_ = 0;          ///< earliest time of the next burst
  cycle_t taken_at_ = 0;         ///< when the last group was
  cycle_t before_ = 0;           ///< when the last burst but one was taken out
};

}  // namespace transom
