// jumps.hpp — runs in which decoder_axi's counters jump.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../surroundings.hpp"

namespace transom::mutate {

/// Software that does what it likes, streams that end badly, limits and lengths with a high bit.
/// @param of a list for the software
void add_jumps(Cases& cases, const system::AxiParameters& unit, const SharedCase& of,
               Coding coding);

}  // namespace transom::mutate
