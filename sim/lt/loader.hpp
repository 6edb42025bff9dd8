// loader.hpp — the sequencer of decoder_axi, loosely timed: descriptors, tables, rows, records.
//
// rtl/axi/axi_sequencer.sv by its states' times (rtl/AXI.md): a cycle for a group of a descriptor
// or a table, whether it comes or is built, one for a row, and for a record the start of two
// channels. Groups are counted a burst at a time, as soon as it is known when they come.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "transom/lt/channel.hpp"
#include "transom/lt/fetch.hpp"
#include "transom/system/axi_descriptor.hpp"
#include "transom/system/axi_registers.hpp"

namespace transom::lt {

/// A descriptor and all that it leads to, but for the streams.
struct Tensor {
  std::uint32_t index = 0;
  system::Descriptor descriptor;
  std::vector<std::uint32_t> table;
  std::vector<std::uint32_t> rows;
  std::vector<system::StreamRecord> records;  ///< none: it is skipped
  std::vector<cycle_t> jobs;                  ///< cycle in which each stream was given its job
  cycle_t loaded_at = 0;
};

/// Descriptors, tables, rows and records, loaded beside the rounds of the streams.
class Loader {
 public:
  Loader(const system::AxiParameters& parameters, Fetch& fetch, std::vector<Channel>& channels)
      : parameters_(parameters), fetch_(fetch), channels_(channels) {}

  /// Descriptors are asked for from kStartCycle on; what fails goes to the registers' errors.
  void restart(system::AxiRegisters& registers);
  /// A tensor has ended: its bank is free for the next but one.
  void open_bank(cycle_t cycle) { gates_.push_back(cycle); }
  /// A burst of its own channel.
  void come(const Burst& burst);

  /// When something is to be done next; kNever while it waits for somebody else.
  cycle_t next() const { return std::min(room_at_, next_state()); }
  /// Does it. A channel that it started: it has the fetch's attention from then on.
  struct Started {
    std::size_t channel;
    cycle_t cycle;
  };
  std::optional<Started> act();

  /// Nothing is left to load.
  bool is_done() const { return state_ == State::kEnd; }
  /// The descriptor being loaded.
  std::uint32_t index() const { return tensor_.index; }
  /// The tensors whose streams have been started and that were not taken yet.
  bool is_loaded() const { return !loaded_.empty(); }
  Tensor take() {
    Tensor tensor = std::move(loaded_.front());
    loaded_.pop_front();
    return tensor;
  }
  /// When there was nothing left to load; 0 if there is.
  cycle_t done_at() const { return is_done() ? at_ : 0; }

 private:
  using Phase = system::LoadPhase;
  enum class State { kAsk, kGroups, kRecord, kSymbols, kOffsets, kTensor, kEnd };
  static constexpr cycle_t kStartCycle = 1;
  static constexpr unsigned kGroupWords = 4;

  cycle_t next_state() const;
  void ask();
  void take_groups(const Burst& burst);
  void complete();
  std::vector<std::uint32_t> built_table() const;
  void next_record();
  void find_record();
  void take_record();
  /// That is started in this state.
  std::size_t stream_channel() const {
    return 2 * tensor_.jobs.size() + (state_ == State::kOffsets);
  }
  std::uint32_t stream_words() const {
    const system::StreamRecord& record = tensor_.records.back();
    return state_ == State::kOffsets ? record.offset_words : record.symbol_words;
  }
  std::optional<Started> start_channel();
  void finish();
  void find_room();

  const system::AxiParameters& parameters_;
  Fetch& fetch_;
  std::vector<Channel>& channels_;
  std::uint64_t descriptor_word_ = 0;  ///< address of the next descriptor
  std::uint32_t n_left_ = 0;           ///< descriptors of the run
  system::AxiLimits limits_;
  std::uint64_t values_left_ = 0;  ///< that the run may have
  std::deque<cycle_t> gates_;      ///< when the banks of the next tables are free, as far as known
  cycle_t gate_ = 0;               ///< the gate that the current table waited for
  std::deque<Tensor> loaded_;
  Tensor tensor_;  ///< being loaded
  system::AxiErrors* errors_ = nullptr;
  Phase phase_ = Phase::kDescriptor;
  State state_ = State::kEnd;
  cycle_t at_ = 0;                    ///< earliest cycle in which the state is left
  cycle_t ready_ = 0;                 ///< cycle from which an awaited record is looked at
  cycle_t room_at_ = 0;               ///< cycle in which its channel has room again
  bool any_fails_ = false;            ///< whether a read failed since the descriptor
  std::uint32_t n_words_ = 0;         ///< words of the phase
  std::vector<std::uint32_t> words_;  ///< words that came
  std::vector<bool> fails_;
  std::vector<cycle_t> beats_;     ///< cycles in which the beats were on the bus
  std::vector<cycle_t> fronts_;    ///< when the beats came to the FIFO's front
  std::uint64_t stream_word_ = 0;  ///< address
};

}  // namespace transom::lt
