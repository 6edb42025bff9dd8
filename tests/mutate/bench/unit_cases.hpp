// unit_cases.hpp — the vectors of a kind of lane as cases of decoder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.hpp"
#include "transom/unit/ports.hpp"

namespace transom::mutate {

/// Every vector that the unit has a lane for, by itself; all as a chain of jobs, without stalls and
/// with them. A vector of more streams than the unit has is some jobs, of as many each.
Cases unit_cases(const unit::UnitShape& shape, std::uint32_t seed);

}  // namespace transom::mutate
