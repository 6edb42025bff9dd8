// axi_platform.cpp — memory and consumer of axi_bench.hpp around the loosely timed view.
// SPDX-License-Identifier: Apache-2.0
#include "transom/lt/axi_platform.hpp"

#include <algorithm>
#include <cstring>

namespace transom::lt {
AxiPlatform::AxiPlatform(const system::AxiImage& image, const system::AxiShape& shape,
                         const system::AxiPressure& pressure, std::size_t n_values)
    : image_(image),
      shape_(shape),
      pressure_(pressure),
      tokens_(system::memory_tokens(pressure, shape.beat_bytes()),
              system::beat_tokens(shape.beat_bytes())),
      ends_(pressure.memory_outstanding),
      consumer_(pressure) {
  values_.reserve(n_values);
}

cycle_t AxiPlatform::takes_address(cycle_t cycle) {
  return ends_.empty() ? cycle : std::max(cycle, ends_[n_bursts_ % ends_.size()]);
}

cycle_t AxiPlatform::first_beat(unsigned n_beats, cycle_t cycle) {
  const std::uint64_t beat = system::beat_tokens(shape_.beat_bytes());
  const cycle_t ready = std::max(cycle + 1 + system::latency_of(pressure_, cycle), last_beat_);
  tokens_.pass(ready - last_beat_);
  const cycle_t first = ready + tokens_.until(beat);
  last_beat_ = ready + tokens_.until(n_beats * beat);
  tokens_.take(n_beats * beat);
  tokens_.pass(last_beat_ - ready);
  if (!ends_.empty()) ends_[n_bursts_ % ends_.size()] = last_beat_ + 1;
  ++n_bursts_;
  return first;
}

bool AxiPlatform::read(std::uint64_t address, std::span<std::uint8_t> bytes, cycle_t& cycle) {
  const std::uint64_t end = image_.base + image_.bytes.size();
  const std::uint64_t begin = std::max(address, image_.base);
  if (begin >= end || address + bytes.size() <= image_.base) return false;
  const std::uint64_t n = std::min(address + bytes.size(), end) - begin;
  std::memcpy(&bytes[begin - address], &image_.bytes[begin - image_.base], n);
  cycle = first_beat(static_cast<unsigned>(bytes.size() / shape_.beat_bytes()), cycle) - 1;
  return true;
}

void AxiPlatform::write(std::span<const value_t> values, bool last, cycle_t& cycle) {
  n_tensors_ += last;
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

}  // namespace transom::lt
