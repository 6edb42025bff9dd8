// bus_cases.hpp — the golden memory images as cases of units behind a bus, and what they lack.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "../case.hpp"

namespace transom::mutate {

/// Of a design of tests/mutate/designs.py, by its name. Throws std::invalid_argument.
Cases bus_cases(std::string_view name, std::uint32_t seed);

}  // namespace transom::mutate
