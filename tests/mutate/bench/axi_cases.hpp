// axi_cases.hpp — vectors as cases of the units behind a bus: images, lists, registers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.hpp"
#include "transom/system/axi_parameters.hpp"
#include "transom/wide/parameters.hpp"

namespace transom::mutate {

/// Every vector that fits the unit, in one list of descriptors: with pauses on every channel,
/// started twice; bus errors, windows, limits, forged descriptors, aborts and resets, each with a
/// good list behind it.
Cases axi_cases(const system::AxiParameters& unit, std::uint32_t seed);
/// The same of the wide unit.
Cases wide_cases(const wide::Parameters& unit, std::uint32_t seed);

}  // namespace transom::mutate
