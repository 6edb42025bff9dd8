// bus_case.hpp — a run of a unit behind a bus, held to its cycle model in every clock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "surroundings.hpp"

namespace transom::mutate {

/// What may hang on when something happens in a run.
enum class Depends : std::uint8_t { kNothing, kAll };

/// A run: its inputs are whatever its surroundings make of the outputs, and noise where their valid
/// is low.
///
/// A unit is wrong where its surroundings say so, where it breaks a rule of its buses, where one of
/// its ports has something else than the model's while all handshakes have been the model's, or
/// where what it sends or tells is not the model's though it hangs on no clock. Else it is "clocks"
/// where a handshake is not.
std::unique_ptr<Case> bus_case(const coverage::CoveredSystem& unit, std::string vector,
                               std::string stalls, MakeSurroundings surroundings, Depends depends);

}  // namespace transom::mutate
