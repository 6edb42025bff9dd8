// axi_values.hpp — rtl/axi/axi_jobs.sv and rtl/axi/value_gather.sv in C++: jobs in, beats of values
// out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "transom/cycle/axi_fetch.hpp"
#include "transom/cycle/axi_sequencer.hpp"
#include "transom/system/axi_parameters.hpp"

namespace transom::cycle {

/// The jobs between sequencer and decoder: offered, at work, ended.
class Jobs {
 public:
  explicit Jobs(std::size_t n_streams) : jobs_(n_streams) {}
  void reset() { *this = Jobs(jobs_.size()); }

  struct Bad {
    bool valid = false;
    bool bank = false;
    std::uint32_t stream = 0;
    Status status = Status::kOk;
  };

  bool waits() const { return valid_.any(); }
  bool bank_out(bool bank) const { return out_[bank].any(); }
  /// The lowest stream whose job ended badly, a clock later.
  const Bad& bad() const { return bad_; }
  void drive(unit::UnitInputs& in) const {
    in.table_log = table_log_;
    in.bank = bank_;
    for (std::size_t s = 0; s < jobs_.size(); ++s) {
      unit::StreamInputs& stream = in.streams[s];
      stream.job_valid = valid_[s];
      if (!stream.job_valid) continue;
      stream.n_values = jobs_[s].n_values;
      stream.symbol_empty = jobs_[s].symbol_empty;
      stream.offset_empty = jobs_[s].offset_empty;
    }
  }

  void edge(const Sequencer::Job& job, const StreamMask& ready, const StreamMask& done,
            const std::vector<unit::StreamOutputs>& streams) {
    const StreamMask taken = valid_ & ready;
    // The older job's bank, where two are out; else the one that is out.
    const StreamMask ended = (older_ & out_[1]) | (~out_[0] & out_[1]);
    bad_ = {};
    for (std::size_t s = 0; done.any() && s < jobs_.size(); ++s) {
      if (!done[s] || streams[s].status == Status::kOk) continue;
      bad_ = {true, ended[s], static_cast<std::uint32_t>(s), streams[s].status};
      break;
    }
    out_[0] &= ~(done & ~ended);
    out_[1] &= ~(done & ended);
    // Of a stream's two jobs the one just taken is the younger.
    older_ = (taken & (bank_ ? ~out_[0] : out_[1])) | (~taken & older_);
    out_[bank_] |= taken;
    valid_ &= ~taken;
    if (job.valid) {
      valid_[job.stream] = true;
      jobs_[job.stream] = job;
      table_log_ = job.table_log;
      bank_ = job.bank;
    }
  }

 private:
  std::vector<Sequencer::Job> jobs_;
  StreamMask valid_, older_;
  std::array<StreamMask, unit::kBanks> out_;  ///< jobs at work, by bank
  unsigned table_log_ = 0;
  bool bank_ = false;
  Bad bad_;
};

/// Values of all streams, joined to the beats of one stream.
class Gather {
 public:
  explicit Gather(const system::AxiParameters& p)
      : n_lanes_(p.shape.unit.n_lanes),
        per_stream_(values_per_beat(p.shape.unit.kind)),
        tensors_(4),
        values_(p.n_streams(), Fifo<Value>(p.value_beats)),
        out_(2) {
    const bool two_halves = streams_per_lane(p.shape.unit.kind) == 2;
    for (std::size_t s = 0; s < p.n_streams(); ++s)
      (two_halves && s >= n_lanes_ ? high_ : low_)[s] = true;
    for (std::size_t i = 0; i < 2; ++i) {
      Beat& beat = out_.push();
      beat.values.resize(p.shape.beat_values());
      beat.keep.resize(p.shape.beat_values());
    }
    out_.pop();
    out_.pop();
  }

  struct Beat {
    std::vector<value_t> values;
    std::vector<std::uint8_t> keep;
    bool last = false;
  };

  bool tensor_ready() const { return tensors_.room(); }
  bool value_ready(std::size_t s) const { return values_[s].room(); }
  bool valid() const { return out_.valid(); }
  const Beat& beat() const { return out_.front(); }
  bool idle() const {
    return !tensors_.valid() && !open_ && !out_.valid() && !frame_ && valid_.none();
  }
  /// Drops all but the beats that are out.
  void reset() {
    tensors_.clear();
    for (Fifo<Value>& values : values_) values.clear();
    valid_.reset();
    active_.reset();
    open_ = half_ = false;
  }
  /// These too.
  void reset_bus() {
    out_.clear();
    frame_ = false;
  }

  /// @param fires streams whose value is offered and taken in this clock
  /// @param close after reset(): a tensor that was open is ended by a beat without values
  void edge(bool tensor_valid, const StreamMask& tensor_streams, const StreamMask& fires,
            const std::vector<unit::StreamOutputs>& streams, bool tready, bool close) {
    const StreamMask low = active_ & low_, high = active_ & high_;
    const bool half = half_ ? high.any() : high.any() && low.none();
    const StreamMask& turn = half ? high : low;
    const bool fire = out_.room() && (open_ ? (turn & ~valid_).none() : close && frame_);
    const bool next_valid = tensors_.valid();
    const bool tensor_room = tensors_.room();
    if (out_.valid() && tready) out_.pop();
    bool ends = false;
    if (fire) {
      StreamMask after = active_;
      Beat& beat = out_.push();
      take(turn, beat, after);
      ends = after.none();
      beat.last = ends;
      frame_ = !ends;
      active_ = after;
      half_ = !half;
    }
    if (!open_ || ends) {
      half_ = false;
      open_ = next_valid;
      if (next_valid) {
        active_ = tensors_.front();
        tensors_.pop();
      }
    }
    if (tensor_valid && tensor_room) tensors_.push() = tensor_streams;
    if (fires.none()) return;
    for (std::size_t s = 0; s < values_.size(); ++s) {
      if (!fires[s]) continue;
      values_[s].push() = {streams[s].values, streams[s].value_two, streams[s].value_last};
      valid_[s] = true;
    }
  }

 private:
  struct Value {
    std::array<value_t, 2> values{};
    bool two = false;
    bool last = false;
  };

  void take(const StreamMask& turn, Beat& beat, StreamMask& active) {
    std::fill(beat.keep.begin(), beat.keep.end(), std::uint8_t{0});
    std::fill(beat.values.begin(), beat.values.end(), value_t{0});
    for (std::size_t s = 0; s < values_.size(); ++s) {
      if (!turn[s]) continue;
      const Value value = values_[s].front();
      values_[s].pop();
      valid_[s] = values_[s].valid();
      if (value.last) active[s] = false;
      const std::size_t lane = s % n_lanes_;
      for (unsigned v = 0; v < per_stream_; ++v) {
        if (v == 1 && !value.two) break;
        beat.values[v * n_lanes_ + lane] = value.values[v];
        beat.keep[v * n_lanes_ + lane] = 3;
      }
    }
  }

  std::size_t n_lanes_;
  unsigned per_stream_;
  Fifo<StreamMask> tensors_;
  std::vector<Fifo<Value>> values_;
  Fifo<Beat> out_;
  StreamMask low_, high_;  ///< the halves of the streams
  StreamMask valid_;       ///< a value waits
  StreamMask active_;      ///< values of the current tensor are to come
  bool open_ = false;
  bool frame_ = false;  ///< a beat is out, and the tensor's last one is not
  bool half_ = false;
};

}  // namespace transom::cycle
