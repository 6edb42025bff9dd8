// verbs.hpp — the verbs of the command line. Each adds its options to a subcommand and returns what
// runs when that subcommand was chosen.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace transom::cli {

/// Returns the exit code.
using Action = std::function<int()>;

Action add_encode(CLI::App& app);
Action add_decode(CLI::App& app);
Action add_info(CLI::App& app);
Action add_cosim(CLI::App& app);
Action add_ranges(CLI::App& app);
Action add_rates(CLI::App& app);
Action add_sim(CLI::App& app);
Action add_sweep(CLI::App& app);
Action add_ports(CLI::App& app);  // where the RTL is built
Action add_vectors(CLI::App& app);
Action add_interop(CLI::App& app);
Action add_convert(CLI::App& app);

}  // namespace transom::cli
