// sim_compare.hpp — two runs of the same session: all that is not the same.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "axi_bench.hpp"

namespace transom::cli {

/// "cycles: 100 / 101": what it is, then the number of each run. Registers, beats, bursts, the
/// cycles of starts, beats and tensors, and the counts up to each of them.
std::vector<std::string> differences(const AxiRun& a, const AxiRun& b);

}  // namespace transom::cli
