// high_counts.hpp — jobs of up to 2^31 values, of which the first are looked at.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "case.hpp"
#include "transom/unit/job.hpp"

namespace transom::mutate {

/// One of these jobs, whose streams are told to have 2^k values: for each k from where that is
/// more than they have. The cycle model says what must come, until they are at their end.
void add_high_counts(Cases& cases, const unit::UnitShape& shape,
                     const std::vector<unit::Job>& jobs);

}  // namespace transom::mutate
