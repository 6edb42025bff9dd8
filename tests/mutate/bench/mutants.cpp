// mutants.cpp — the golden vectors on mutants of a lane in a unit of one, see hunt.hpp.
//
// NAME is that of the module as sim/verilated/shape.sh has it; the vectors are those that
// `transom vectors --seed SEED` writes.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>
#include <string>

#include "hunt.hpp"
#include "unit_cases.hpp"

namespace transom::mutate {
namespace {

LaneKind kind_of(std::string_view name) {
  for (unsigned k = 0; k < kLaneKinds; ++k) {
    std::string kind(lane_kind_name(static_cast<LaneKind>(k)));
    std::replace(kind.begin(), kind.end(), '-', '_');
    if (name == kind) return static_cast<LaneKind>(k);
  }
  throw std::invalid_argument("no kind of lane: " + std::string(name));
}

/// decoder_KIND_LANES
Cases cases_of(std::string_view name, std::uint32_t seed) {
  constexpr std::string_view kUnit = "decoder_";
  const auto last = name.rfind('_');
  if (!name.starts_with(kUnit) || last < kUnit.size()) {
    throw std::invalid_argument("no such module: " + std::string(name));
  }
  const LaneKind kind = kind_of(name.substr(kUnit.size(), last - kUnit.size()));
  return unit_cases({kind, number(name.substr(last + 1))}, seed);
}

}  // namespace
}  // namespace transom::mutate

int main(int argc, char** argv) {
  return transom::mutate::hunt_main(argc, argv, transom::mutate::cases_of);
}
