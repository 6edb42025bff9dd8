// axi_sequencer.cpp — rtl/axi/axi_sequencer.sv in C++: its clock edge.
// SPDX-License-Identifier: Apache-2.0
#include "transom/cycle/axi_sequencer.hpp"

#include <algorithm>

namespace transom::cycle {

AxiCause Sequencer::cause(const system::AxiLimits& limits) const {
  switch (state_) {
    case State::kAsk:
      if (phase_ != Phase::kDescriptor) break;
      if (left_ > limits.max_descriptors) return AxiCause::kLimit;
      return system::read_cause(*parameters_, limits, descriptor_word_, system::kDescriptorWords);
    case State::kCheck:
      if (error_) break;
      return is_bad() ? AxiCause::kDescriptor
                      : system::read_cause(*parameters_, limits, descriptor_);
    case State::kSymbols:
      return system::stream_cause(*parameters_, limits, record_, stream_word_, values_left_);
    default:
      break;
  }
  return AxiCause::kNone;
}

void Sequencer::take_descriptor(const Inputs& in) {
  std::copy(in.group.begin(), in.group.end(), words_.begin() + (group_ & 3) * 4);
  error_ |= in.group_error;
  if ((group_++ & 3) != 3) return;
  descriptor_ = system::to_descriptor(words_);
  state_ = State::kCheck;
}

void Sequencer::next_descriptor() {
  // The bank is this tensor's only if it had a job.
  if (phase_ == Phase::kRecords && !error_) bank_ = !bank_;
  phase_ = Phase::kDescriptor;
  ++index_;
  descriptor_word_ += system::kDescriptorWords;
  state_ = --left_ == 0 ? State::kDrain : State::kAsk;
}

void Sequencer::edge(const Inputs& in, AxiCause cause, const FetchStart& start, const Job& job) {
  const bool take = in.group_valid && group_ready();
  const bool started = start.valid && in.fetch_ready;
  load_.table_valid =
      (state_ == State::kTable && take && !descriptor_.builds()) || state_ == State::kBuild;
  load_.row_valid = state_ == State::kRows && in.group_valid;
  load_.table_log = static_cast<std::uint8_t>(descriptor_.table_log());
  load_.last_row = static_cast<std::uint8_t>(descriptor_.n_rows - 1);
  if (load_.table_valid) {
    load_.table_addr =
        static_cast<std::uint16_t>(group_ & ((1u << (parameters_->shape.unit.table_log - 2)) - 1));
    load_.table_words = state_ == State::kBuild ? build_.next() : in.group;
  }
  if (load_.row_valid) {
    load_.row_addr = static_cast<std::uint8_t>(row_number());
    load_.row_word = in.group[row_];
  }

  switch (state_) {
    case State::kIdle:
      index_ = 0;
      left_ = in.n_descriptors;
      descriptor_word_ = in.descriptors / 64 * system::kDescriptorWords;
      values_left_ = in.limits.max_values;
      phase_ = Phase::kDescriptor;
      if (in.start) state_ = left_ == 0 ? State::kDrain : State::kAsk;
      break;
    case State::kAsk:
      group_ = row_ = 0;
      if (phase_ == Phase::kDescriptor) error_ = false;
      if (cause != AxiCause::kNone) state_ = State::kDrain;
      if (!started) break;
      state_ = phase_ == Phase::kDescriptor ? State::kDescriptor
               : phase_ == Phase::kTable    ? State::kTable
               : phase_ == Phase::kRecords  ? State::kRecord
               : descriptor_.builds()       ? State::kBuild
                                            : State::kRows;
      break;
    case State::kDescriptor:
      if (take) take_descriptor(in);
      break;
    case State::kCheck:
      streams_.reset();
      stream_ = 0;
      phase_ = Phase::kTable;
      state_ = cause != AxiCause::kNone || error_ ? State::kTensor : State::kAsk;
      break;
    case State::kTable:
      if (!take) break;
      error_ |= in.group_error;
      if (descriptor_.builds()) {
        std::copy(in.group.begin(), in.group.end(), counts_.begin() + group_ * 4);
      }
      if (++group_ * 4 == descriptor_.n_table_words) {
        build_ = {bank_size(), counts_};
        phase_ = Phase::kRows;
        state_ = State::kAsk;
      }
      break;
    case State::kBuild:
      if (++group_ == unit::build_cycles(descriptor_.table_log())) {
        group_ = 0;
        state_ = State::kRows;
      }
      break;
    case State::kRows: {
      if (!in.group_valid) break;
      error_ |= in.group_error;
      const bool last = last_row();
      if (take) ++group_;
      row_ = (row_ + 1) & 3;
      if (last) {
        phase_ = Phase::kRecords;
        state_ = error_ ? State::kTensor : State::kAsk;
      }
      break;
    }
    case State::kRecord:
      if (!take) break;
      record_ = in.group_error
                    ? system::StreamRecord{}
                    : system::StreamRecord{in.group[0], in.group[1], in.group[2], in.group[3]};
      stream_word_ = descriptor_.payload / 4 + in.group[3];
      state_ = State::kSymbols;
      break;
    case State::kSymbols:
      if (cause != AxiCause::kNone) {
        record_ = {};  // a stream without words and values
        if (cause == AxiCause::kLimit) left_ = 1;
        break;
      }
      if (record_.symbol_words != 0 && !started) break;
      stream_word_ += record_.symbol_words;
      values_left_ -= record_.n_values;
      state_ = State::kOffsets;
      break;
    case State::kOffsets:
      if (!job.valid) break;
      streams_[stream_] = record_.n_values != 0;
      state_ = ++stream_ != descriptor_.n_streams() ? State::kRecord : State::kTensor;
      break;
    case State::kTensor:
      if (in.tensor_ready) next_descriptor();
      break;
    case State::kDrain:
      if (in.drained) state_ = State::kIdle;
      break;
  }
}

}  // namespace transom::cycle
