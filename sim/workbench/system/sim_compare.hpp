// sim_compare.hpp — two runs of the same session: all that is not the same.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "transom/system/axi_bench.hpp"

namespace transom::workbench {

/// "cycles: 100 / 101": what it is, then the number of each run. Registers, beats, bursts, the
/// cycles of starts, beats and tensors, and the counts up to each of them.
std::vector<std::string> differences(const system::AxiRun& a, const system::AxiRun& b);

}  // namespace transom::workbench
