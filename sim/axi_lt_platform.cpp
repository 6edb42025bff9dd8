// axi_lt_platform.cpp — memory and consumer of axi_bench.hpp around the loosely timed view.
// SPDX-License-Identifier: Apache-2.0
#include "axi_lt_platform.hpp"

#include <algorithm>
#include <cstring>

namespace transom {
namespace {

// The last beat of a burst is on the bus in one cycle, in the next one the memory has room again.
constexpr cycle_t kTurnCycles = 2;

}  // namespace

AxiLtPlatform::AxiLtPlatform(const AxiImage& image, const AxiShape& shape,
                             const AxiPressure& pressure)
    : image_(image),
      shape_(shape),
      pressure_(pressure),
      tokens_(memory_tokens(pressure, shape.beat_bytes()), beat_tokens(shape.beat_bytes())),
      ends_(pressure.memory_outstanding),
      consumer_(pressure) {}

cycle_t AxiLtPlatform::first_beat(unsigned n_beats, cycle_t cycle) {
  const std::uint64_t beat = beat_tokens(shape_.beat_bytes());
  if (!ends_.empty()) cycle = std::max(cycle, ends_[n_bursts_ % ends_.size()]);
  const cycle_t ready = std::max(cycle + latency_of(pressure_, cycle), tokens_at_);
  tokens_.pass(ready - tokens_at_);
  const cycle_t first = ready + tokens_.until(beat);
  const cycle_t last = ready + tokens_.until(n_beats * beat);
  tokens_.take(n_beats * beat);
  tokens_.pass(last - ready);
  tokens_at_ = last;
  if (!ends_.empty()) ends_[n_bursts_ % ends_.size()] = last + kTurnCycles;
  ++n_bursts_;
  return first;
}

bool AxiLtPlatform::read(std::uint64_t address, std::span<std::uint8_t> bytes, cycle_t& cycle) {
  const std::uint64_t end = image_.base + image_.bytes.size();
  const std::uint64_t begin = std::max(address, image_.base);
  if (begin >= end || address + bytes.size() <= image_.base) return false;
  const std::uint64_t n = std::min(address + bytes.size(), end) - begin;
  std::memcpy(&bytes[begin - address], &image_.bytes[begin - image_.base], n);
  cycle = first_beat(static_cast<unsigned>(bytes.size() / shape_.beat_bytes()), cycle);
  return true;
}

void AxiLtPlatform::write(std::span<const value_t> values, bool /*last*/, cycle_t& cycle) {
  values_.insert(values_.end(), values.begin(), values.end());
  if (pressure_.consumer_rate == 0) return;
  cycle_t now = std::max(cycle, consumer_at_);
  consumer_.pass(now - consumer_at_);
  for (std::size_t left = values.size(); left != 0;) {
    const cycle_t closed = consumer_.until_open();
    const std::size_t n = std::min<std::size_t>(left, shape_.beat_values());
    consumer_.pass(closed);
    consumer_.take(n);
    consumer_.pass(1);
    now += closed + 1;
    left -= n;
  }
  consumer_at_ = now;
  cycle = now;
}

}  // namespace transom
