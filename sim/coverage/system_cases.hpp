// system_cases.hpp — random runs of a unit in its system; and which knobs lead to a cover point.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "transom/coverage/lane_jobs.hpp"
#include "transom/coverage/system_points.hpp"

namespace transom::coverage {

/// What is not as a driver would have it.
enum class Hazard : unsigned {
  kNone,
  kRead,
  kDescriptor,
  kAddress,
  kWindow,
  kLimit,
  kAbort,
  kReset,
  kWords,  ///< of streams
  kTable,
};
inline constexpr unsigned kHazards = 10;

struct SystemKnobs {
  unsigned n_tensors = 1;
  std::vector<LaneKnobs::Sizes> sizes;  ///< values of a tensor
  std::vector<unsigned> widths;         ///< W of its values
  std::uint32_t n_streams = 1;          ///< at most
  Hazard hazard = Hazard::kNone;
  system::AxiPressure pressure;
  std::uint64_t base = 0x1'2345'6000;  ///< where the image lies; more than 32 bits
};
SystemKnobs draw_system_knobs(const CoveredSystem& system, Draws& draws);
void aim(SystemKnobs& knobs, const CoveredSystem& system, SystemGroup group,
         const CoverGroup::Place& place, Draws& draws);

/// What a bench is given; a run that ends well follows each that does not.
struct SystemCase {
  system::AxiImage image;
  std::vector<system::AxiTensor> golden;
  std::vector<system::AxiStart> starts;  ///< of these tensors, where nothing is wrong
  std::vector<system::AxiFaultRange> faults;
  system::AxiPressure pressure;
};
SystemCase draw_case(const SystemKnobs& knobs, const CoveredSystem& system, Draws& draws);

}  // namespace transom::coverage
