// rates.hpp — what lanes sustain on a whole trace, and that the models agree in every cycle.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "transom/base/tensor.hpp"
#include "transom/codec/codec.hpp"
#include "transom/workbench/decoders.hpp"

namespace transom::workbench {

struct RateOptions {
  unsigned seeds = 20;  ///< runs with constant, and as many with random back-pressure
  std::uint32_t pressed_values = 1024;  ///< values of each tensor in these runs; 0: all
};

/// A trace on a unit: every tensor a job, one behind the other.
struct RateLine {
  std::string coding;
  std::string trace;
  unsigned lanes = 0;
  std::uint64_t values = 0;
  std::vector<std::uint64_t> cycles;  ///< one per decoder, without pressure
  double rate = 0;                    ///< values per cycle and lane, sustained
  std::uint64_t runs = 0;             ///< under pressure
  std::uint64_t pressed_values = 0;
  std::uint64_t mismatches = 0;
  std::string first;  ///< the first of them

  double whole_rate() const {
    return static_cast<double>(values) / static_cast<double>(cycles.front() * lanes);
  }
};

/// The decoders that count cycles and can run here; the first is compared with. Throws
/// std::runtime_error if there is none.
std::vector<const Decoder*> cycle_decoders();

/// @param name of the trace, for messages
RateLine measure_rate(const RateOptions& options, const std::vector<const Decoder*>& running,
                      const Codec& codec, const std::string& name, const std::vector<Tensor>& trace,
                      unsigned n_lanes);

}  // namespace transom::workbench
