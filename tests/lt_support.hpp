// lt_support.hpp — one memory and one consumer, seen by the cycle model a clock at a time and by
// the loosely timed view a burst at a time.
//
// In order, as axi_bench.hpp has it: the first beat of a burst `latency` + 1 cycles behind its
// address at the earliest, each beat `period` cycles behind the one before; the consumer takes a
// beat of values in every `value_period`-th cycle.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>
#include <deque>
#include <vector>

#include "axi_image.hpp"
#include "lt_decoder.hpp"
#include "sc_axi.hpp"

namespace transom::support {

struct Surroundings {
  unsigned latency = 0;
  unsigned period = 1;        ///< cycles of a beat of the read bus
  unsigned bursts = ~0u;      ///< that the memory holds at a time
  unsigned value_period = 1;  ///< cycles of a beat of values
};

struct TimedRun {
  cycle_t cycles = 0;
  std::vector<cycle_t> ends;  ///< of tensors: their last values are gone, counted from the start
  AxiCounters counters{};
  std::vector<value_t> values;
};

/// Copies what of the image is there. False where nothing is, or not all of several beats.
inline bool copy_image(const AxiImage& image, std::uint64_t address, std::span<std::uint8_t> bytes,
                       std::size_t beat_bytes) {
  if (address < image.base || address - image.base >= image.bytes.size()) return false;
  const std::uint64_t at = address - image.base;
  const std::size_t n = std::min<std::uint64_t>(bytes.size(), image.bytes.size() - at);
  std::memcpy(bytes.data(), &image.bytes[at], n);
  return n == bytes.size() || bytes.size() == beat_bytes;
}

/// The cycle model in such surroundings.
class ClockedRun {
 public:
  ClockedRun(const AxiParameters& parameters, const AxiImage& image, const Surroundings& around)
      : model_(parameters), image_(image), around_(around), beat_bytes_(parameters.beat_bytes()) {}

  TimedRun run() {
    write(AxiRegister::kDescriptorsLow, static_cast<std::uint32_t>(image_.descriptors));
    write(AxiRegister::kDescriptorsHigh, static_cast<std::uint32_t>(image_.descriptors >> 32));
    write(AxiRegister::kDescriptorCount, image_.n_descriptors);
    write(AxiRegister::kControl, kAxiStart);
    while (!model_.quiet()) clock();
    run_.counters = model_.registers().counters;
    run_.cycles = run_.counters[kCountCycles];
    return std::move(run_);
  }
  const AxiErrors& errors() const { return model_.registers().errors; }

 private:
  struct Burst {
    std::uint64_t address;
    unsigned beats;
    cycle_t earliest;
  };

  void write(AxiRegister address, std::uint32_t word) {
    in_.lite_awvalid = in_.lite_wvalid = in_.lite_bready = true;
    in_.lite_awaddr = static_cast<std::uint8_t>(address);
    in_.lite_wdata = word;
    clock();
    in_.lite_awvalid = in_.lite_wvalid = false;
    while (!out_.lite_bvalid) clock();
  }

  void clock() {
    if (model_.starts()) start_ = now_;
    in_.arready = bursts_.size() < around_.bursts;
    in_.rvalid = !bursts_.empty() && std::max(bursts_.front().earliest, next_beat_) <= now_;
    if (in_.rvalid) drive_beat();
    in_.tready = now_ % around_.value_period == 0;
    model_.outputs(out_);
    if (out_.arvalid && in_.arready) {
      bursts_.push_back({out_.araddr, out_.arlen + 1u, now_ + 1 + around_.latency});
    }
    if (out_.tvalid && in_.tready) take_values();
    model_.edge(in_);
    ++now_;
  }

  void drive_beat() {
    Burst& burst = bursts_.front();
    in_.rdata.assign(beat_bytes_ / 4, 0);
    auto* const bytes = reinterpret_cast<std::uint8_t*>(in_.rdata.data());
    const bool ok = copy_image(image_, burst.address, {bytes, beat_bytes_}, beat_bytes_);
    in_.rresp = ok ? 0 : 3;
    in_.rlast = burst.beats == 1;
    burst.address += beat_bytes_;
    if (--burst.beats == 0) bursts_.pop_front();
    next_beat_ = now_ + around_.period;
  }

  void take_values() {
    for (std::size_t i = 0; i < out_.values.size(); ++i) {
      if (out_.keep[i] != 0) run_.values.push_back(out_.values[i]);
    }
    if (out_.tlast) run_.ends.push_back(now_ - start_);
  }

  AxiModel model_;
  const AxiImage& image_;
  Surroundings around_;
  unsigned beat_bytes_;
  AxiInputs in_;
  AxiOutputs out_;
  std::deque<Burst> bursts_;
  cycle_t next_beat_ = 0;
  cycle_t now_ = 0;
  cycle_t start_ = 0;
  TimedRun run_;
};

/// The loosely timed view in them.
class LooseRun : private LtPlatform {
 public:
  LooseRun(const AxiParameters& parameters, const AxiImage& image,
           std::span<const CodedTensor> tensors, const Surroundings& around)
      : decoder_(parameters, *this),
        image_(image),
        tensors_(tensors),
        around_(around),
        beat_bytes_(parameters.beat_bytes()),
        unit_(parameters.shape.unit) {
    registers_.descriptors = image.descriptors;
    registers_.n_descriptors = image.n_descriptors;
  }

  const TimedRun& run() {
    run_.values.clear();  // and keeps its room
    run_.ends.clear();
    free_ = values_free_ = 0;
    ends_.clear();
    run_.cycles = decoder_.run(registers_);
    run_.counters = registers_.counters;
    return run_;
  }
  const AxiErrors& errors() const { return registers_.errors; }

 private:
  cycle_t takes_address(cycle_t cycle) override {
    return ends_.size() < around_.bursts ? cycle : std::max(cycle, ends_.front() + 2);
  }
  bool read(std::uint64_t address, std::span<std::uint8_t> bytes, cycle_t& cycle) override {
    cycle = std::max(cycle + around_.latency, free_);
    free_ = cycle + bytes.size() / beat_bytes_ * around_.period;
    ends_.push_back(free_ - around_.period);
    if (ends_.size() > around_.bursts) ends_.pop_front();
    return copy_image(image_, address, bytes, beat_bytes_);
  }
  cycle_t last_beat(cycle_t first, unsigned n_beats) override {
    return first + (n_beats - 1) * around_.period;
  }
  void write(std::span<const value_t> values, bool last, cycle_t& cycle) override {
    const std::size_t n_beats = (values.size() + beat_values() - 1) / beat_values();
    values_free_ = std::max(cycle, values_free_) + n_beats * around_.value_period;
    if (around_.value_period > 1) cycle = std::max(cycle, values_free_);
    run_.values.insert(run_.values.end(), values.begin(), values.end());
    if (last) run_.ends.push_back(cycle);
  }
  void reached(cycle_t) override {}
  /// Of the tensor that is being written.
  std::size_t beat_values() const {
    const CodedTensor& tensor = tensors_[run_.ends.size()];
    const std::size_t n_streams = tensor.code.coding == Coding::kRaw ? 1 : tensor.lanes.size();
    return std::min<std::size_t>(std::max<std::size_t>(n_streams, 1), unit_.n_lanes) *
           values_per_beat(unit_.kind);
  }

  LtDecoder decoder_;
  const AxiImage& image_;
  std::span<const CodedTensor> tensors_;
  Surroundings around_;
  std::size_t beat_bytes_;
  UnitShape unit_;
  AxiRegisters registers_;
  std::deque<cycle_t> ends_;  ///< of the bursts that the memory can hold
  cycle_t free_ = 0;
  cycle_t values_free_ = 0;
  TimedRun run_;
};

}  // namespace transom::support
