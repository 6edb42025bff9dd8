// axi_lists.hpp — a bench that sees what a list of descriptors reads.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "axi_compare.hpp"

namespace transom::axi {

/// Sees reads outside of a window, and ends a session that takes too long.
class Watcher : public Recorder {
 public:
  /// @param outside counts clocks in which a read there is on offer
  Watcher(const AxiImage& image, std::vector<AxiStart> starts, const AxiShape& shape,
          const AxiPressure& pressure, std::uint64_t most_cycles, std::uint64_t& outside)
      : Recorder(image, starts, shape, pressure),
        window_(starts.front().limits),
        most_cycles_(most_cycles),
        outside_(outside) {}

  void observe(const AxiInputs& in, const AxiOutputs& out) override {
    const std::uint64_t last = out.araddr + (out.arlen + 1u) * shape().beat_bytes() - 1;
    outside_ += out.arvalid && (out.araddr < window_.window_base || last > window_.window_limit);
    Recorder::observe(in, out);
    if (cycle() > most_cycles_) give_up("the list does not end");
  }

 private:
  AxiLimits window_;
  std::uint64_t most_cycles_;
  std::uint64_t& outside_;
};

}  // namespace transom::axi
