// axi_platform.hpp — memory and consumer of axi_bench.hpp around the loosely timed view: the
// same rates, latencies and limits, a burst or a run of values at a time. Pauses by chance are left
// out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transom/lt/platform.hpp"
#include "transom/system/axi_consumer.hpp"
#include "transom/system/axi_image.hpp"
#include "transom/system/axi_memory.hpp"

namespace transom::lt {

/// Memory and consumer at the rates of an AxiPressure.
class AxiPlatform final : public Platform {
 public:
  /// The image is referred to.
  /// Room is made for n_values; there may be more.
  AxiPlatform(const system::AxiImage& image, const system::AxiShape& shape,
              const system::AxiPressure& pressure, std::size_t n_values = 0);

  bool read(std::uint64_t address, std::span<std::uint8_t> bytes, cycle_t& cycle) override;
  cycle_t last_beat(cycle_t, unsigned) override { return last_beat_ - 1; }
  cycle_t takes_address(cycle_t cycle) override;
  void write(std::span<const value_t> values, bool last, cycle_t& cycle) override;
  void reached(cycle_t) override {}

  /// All that was written.
  const std::vector<value_t>& values() const { return values_; }
  /// Tensors of which the last value was.
  std::size_t n_tensors() const { return n_tensors_; }

 private:
  /// When the first beat of n is on the bus, of a burst whose address is taken in `cycle`.
  cycle_t first_beat(unsigned n_beats, cycle_t cycle);

  const system::AxiImage& image_;
  system::AxiShape shape_;
  system::AxiPressure pressure_;
  // memory
  system::TokenBucket tokens_;
  cycle_t last_beat_ = 0;      ///< end of the last burst on the bus; tokens_ is as of then
  std::vector<cycle_t> ends_;  ///< when the last bursts leave room, as many as the memory holds
  std::uint64_t n_bursts_ = 0;
  // consumer
  system::AxiConsumer consumer_;
  cycle_t consumer_at_ = 0;
  std::vector<value_t> values_;
  std::size_t n_tensors_ = 0;
};

}  // namespace transom::lt
