// system_points.hpp — the cover points of a unit in its system, collected at its buses.
//
// Only ports and registers are looked at, as in lane_points.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transom/coverage/points.hpp"
#include "transom/system/axi_bench.hpp"
#include "transom/wide/parameters.hpp"

namespace transom::coverage {

/// A unit that is covered, which test shapes have: decoder_axi of each kind of lane, decoder_wide
/// of narrow rANS and of tANS.
struct CoveredSystem {
  const char* name;
  bool is_wide = false;
  wide::Parameters unit;  ///< of decoder_axi, its `axi` alone
};
std::span<const CoveredSystem> covered_systems();

/// The groups of a system, in the order of system_groups().
enum SystemGroup : unsigned {
  kBursts,
  kOnTheirWay,
  kBuses,
  kKeeps,
  kCauses,
  kEndings,
  kStallCounts,
  kPositions,
  kOffsetPositions,
  kSystemGroups
};
/// Labels of kCauses: the first error of a run.
inline constexpr unsigned kCauseLabels = 11;

/// No point of it hit yet.
CoverGroups system_groups(const CoveredSystem& system);

/// The bench, with all that it sees counted.
class CoveredBench final : public system::AxiBench {
 public:
  CoveredBench(const CoveredSystem& system, const system::AxiImage& image,
               std::vector<system::AxiStart> starts, const system::AxiPressure& pressure,
               std::vector<system::AxiFaultRange> faults, std::uint64_t most_cycles)
      : AxiBench(image, std::move(starts), system.unit.axi.shape, pressure, std::move(faults)),
        system_(system),
        groups_(system_groups(system)),
        most_cycles_(most_cycles) {}

  void observe(const system::AxiInputs& in, const system::AxiOutputs& out) override;
  /// Counts what its registers told, too.
  const CoverGroups& groups(const system::AxiRun& run);

 private:
  void hit(SystemGroup group, std::initializer_list<unsigned> place) { groups_[group].hit(place); }

  const CoveredSystem& system_;
  CoverGroups groups_;
  std::uint64_t most_cycles_;
  unsigned bursts_ = 0;                           ///< on their way
  unsigned late_ = 0;                             ///< those from before a reset
  bool was_reset_ = false, was_offered_ = false;  ///< in the clock before
};

}  // namespace transom::coverage
