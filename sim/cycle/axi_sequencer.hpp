// axi_sequencer.hpp — rtl/axi/axi_sequencer.sv in C++: descriptors to loads, channel starts and
// jobs.
//
// A clock is: outputs, which are registers alone (and what the clock's inputs make of them); then
// edge().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstdint>

#include "transom/cycle/axi_fetch.hpp"
#include "transom/system/axi_descriptor.hpp"
#include "transom/system/axi_limits.hpp"
#include "transom/system/axi_parameters.hpp"
#include "transom/unit/ports.hpp"
#include "transom/unit/tans_build.hpp"

namespace transom::cycle {

/// One bit per stream of the largest unit.
using StreamMask = std::bitset<kMaxDecoderStreams>;

/// rtl/axi/axi_sequencer.sv: walks descriptors, loads tables, starts channels and hands out jobs.
class Sequencer {
 public:
  explicit Sequencer(const system::AxiParameters& p) : parameters_(&p) {}

  struct Inputs {
    bool start = false;
    std::uint64_t descriptors = 0;
    std::uint32_t n_descriptors = 0;
    system::AxiLimits limits;
    bool drained = false;
    bool fetch_ready = false;
    bool group_valid = false;
    bool group_error = false;
    bool may_load = false;  ///< nobody looks at bank(), and no job of another table waits
    bool tensor_ready = false;
    std::array<std::uint32_t, 4> group{};
  };
  struct Job {
    bool valid = false;
    std::uint32_t stream = 0;
    std::uint32_t n_values = 0;
    bool symbol_empty = false;
    bool offset_empty = false;
    unsigned table_log = 0;
    bool bank = false;
  };

  bool busy() const { return state_ != State::kIdle; }
  bool done(bool drained) const { return state_ == State::kDrain && drained; }
  std::uint32_t descriptor() const { return index_; }
  /// What is wrong in this clock, or kNone; if cause_of_stream(), of stream().
  AxiCause cause(const system::AxiLimits& limits) const;
  bool cause_of_stream() const { return state_ == State::kSymbols; }
  std::uint32_t stream() const { return stream_; }
  bool bank() const { return bank_; }
  /// Of the decoder's load port, but for the bank.
  const unit::LoadInputs& load() const { return load_; }
  bool tensor_valid() const { return state_ == State::kTensor; }
  const StreamMask& tensor_streams() const { return streams_; }

  bool group_ready() const {
    switch (state_) {
      case State::kDescriptor:
      case State::kTable:
      case State::kRecord:
        return true;
      case State::kRows:
        return last_row() || row_ == 3;
      default:
        return false;
    }
  }

  /// @param cause of this clock: nothing is started if there is one
  template <class Idle>
  FetchStart fetch_start(AxiCause cause, bool may_load, Idle&& idle) const;
  Job job(const FetchStart& start, bool fetch_ready) const {
    const bool offered =
        state_ == State::kOffsets && (record_.offset_words == 0 || (start.valid && fetch_ready));
    return {offered,
            stream_,
            record_.n_values,
            record_.symbol_words == 0,
            record_.offset_words == 0,
            descriptor_.table_log(),
            bank_};
  }

  void edge(const Inputs& in, AxiCause cause, const FetchStart& start, const Job& job);

 private:
  enum class State {
    kIdle,
    kAsk,
    kDescriptor,
    kCheck,
    kTable,
    kBuild,
    kRows,
    kRecord,
    kSymbols,
    kOffsets,
    kTensor,
    kDrain
  };
  using Phase = system::LoadPhase;

  bool is_bad() const { return !system::is_possible(descriptor_, parameters_->shape); }
  unit::BankSize bank_size() const { return {descriptor_.table_log(), descriptor_.n_rows - 1}; }
  bool last_row() const { return row_number() + 1 == descriptor_.n_rows; }
  std::uint32_t row_number() const { return (group_ & 0x7f) * 4 + row_; }
  std::uint32_t stream_words() const {
    return state_ == State::kOffsets ? record_.offset_words : record_.symbol_words;
  }
  void take_descriptor(const Inputs& in);
  void next_descriptor();

  const system::AxiParameters* parameters_;
  State state_ = State::kIdle;
  Phase phase_ = Phase::kDescriptor;
  std::uint32_t index_ = 0;
  std::uint32_t left_ = 0;             ///< descriptors
  std::uint64_t descriptor_word_ = 0;  ///< address
  std::uint64_t values_left_ = 0;      ///< that the run may have
  std::array<std::uint32_t, system::kDescriptorWords> words_{};
  system::Descriptor descriptor_;
  system::StreamRecord record_;
  std::uint64_t stream_word_ = 0;  ///< address
  std::uint32_t stream_ = 0;
  StreamMask streams_;
  std::uint32_t group_ = 0;
  std::uint32_t row_ = 0;  ///< number of the row in its group
  bool error_ = false;
  bool bank_ = false;
  unit::CountWords counts_{};
  unit::TansBuild build_;
  unit::LoadInputs load_;
};

/// @param idle of a channel: all of its bursts have been asked for
template <class Idle>
FetchStart Sequencer::fetch_start(AxiCause cause, bool may_load, Idle&& idle) const {
  FetchStart start;
  start.bank = bank_;
  if (cause != AxiCause::kNone) return start;
  if (state_ == State::kAsk) {
    const system::Section section = system::section_of(descriptor_, phase_, descriptor_word_);
    start.valid = phase_ != Phase::kTable || may_load;
    start.channel = 2 * parameters_->n_streams();
    start.word_address = section.word_address;
    start.n_words = section.n_words;
  } else if (state_ == State::kSymbols || state_ == State::kOffsets) {
    start.channel = 2 * stream_ + (state_ == State::kOffsets);
    start.n_words = stream_words();
    start.word_address = stream_word_;
    start.valid = start.n_words != 0 && idle(start.channel);
  }
  return start;
}

}  // namespace transom::cycle
