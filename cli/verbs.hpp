// verbs.hpp — the verbs of the command line. Each adds its options to a subcommand and returns what
// runs when that subcommand was chosen.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"

namespace transom::cli {

Action add_encode(App& app);
Action add_decode(App& app);
Action add_info(App& app);
Action add_cosim(App& app);
Action add_coverage(App& app);
Action add_ranges(App& app);
Action add_rates(App& app);
Action add_sim(App& app);
Action add_report(App& app);
Action add_sweep(App& app);
Action add_ports(App& app);  // where the RTL is built
Action add_vectors(App& app);
Action add_check(App& app);
Action add_interop(App& app);
Action add_convert(App& app);
Action add_bbans(App& app);  // where libpng and zlib are
/// A verb of a package of python/transom; without one, its packages of one verb, which run this
/// program.
Action add_python(App& app, const std::string& package, const std::string& verb = {});

}  // namespace transom::cli
