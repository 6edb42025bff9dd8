// jump_case.hpp — a run of a netlist some of whose registers jump in it, held to the same run of
// the netlist without a mutant: what a high bit of a counter does, which no run comes to.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <string>

#include "../surroundings.hpp"

namespace transom::mutate {

/// What registers add, a word each or more, in the order of designs.py.
using Amounts = std::array<std::uint32_t, 21>;
/// In each clock of a run; mostly nothing.
using Jumps = std::function<Amounts(std::uint64_t clock)>;

/// Differences are those of any port in any clock; where one is of a handshake, it is "clocks".
std::unique_ptr<Case> jump_case(const system::AxiParameters& unit, std::string vector,
                                MakeSurroundings surroundings, Jumps jumps);

}  // namespace transom::mutate
