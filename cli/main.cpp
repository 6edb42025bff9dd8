// main.cpp — the command line: a table of verbs, and exceptions turned into exit codes.
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "common.hpp"
#include "transom/golden/trace.hpp"
#include "transom/version.hpp"
#include "verbs.hpp"

int main(int argc, char** argv) {
  using namespace transom::cli;
  CLI::App app{
      "Transom codes recorded neural traces with tANS, rANS or APack and decodes them with\n"
      "a golden model, a SystemC cycle model, Verilated RTL and CUDA, compared symbol by "
      "symbol.",
      "transom"};
  app.set_version_flag("--version", std::string("transom ") + transom::kVersion);
  app.require_subcommand(1);
  app.footer(
      "TRACE is a .npy, an .npz, or a folder of .npy (with a manifest.json, or without).\n"
      "Exit code: 0 fine, 1 mismatch or failed check, 2 usage, 3 bad or damaged data.");

  struct Verb {
    const char* name;
    const char* what;
    Action (*add)(CLI::App&);
  };
  const Verb verbs[] = {
      {"encode", "code a trace into a .tsm container", add_encode},
      {"decode", "decode a .tsm container into a folder of .npy with a manifest", add_decode},
      {"info", "what is in a .tsm container, and what it costs", add_info},
      {"cosim", "decode with every decoder that is built, in lockstep, and compare", add_cosim},
      {"ranges", "APack's ranges of each tensor and their cost; .apack tables in and out",
       add_ranges},
      {"rates", "what every kind of lane sustains on traces, cycle models against each other",
       add_rates},
      {"sim", "decode with decoder_axi behind a memory and before a consumer, by its cycle model",
       add_sim},
      {"sweep", "a grid of such units and memories, on all cores or a cluster, with a report",
       add_sweep},
#ifdef TRANSOM_HAVE_RTL
      {"ports", "record what is at the ports of the RTL in every clock, e.g. to run a netlist on",
       add_ports},
#endif
      {"vectors", "write golden test vectors, valid and invalid", add_vectors},
      {"interop", "check vectors of other coders' streams and tables, bit for bit", add_interop},
      {"convert", "turn a stream of one coder into that of another", add_convert},
  };
  std::vector<std::pair<CLI::App*, Action>> actions;
  for (const Verb& verb : verbs) {
    CLI::App* sub = app.add_subcommand(verb.name, verb.what);
    actions.emplace_back(sub, verb.add(*sub));
  }

  const auto fail = [](const std::string& what, ExitCode code) {
    std::cerr << "transom: " << what << '\n';
    return static_cast<int>(code);
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kFine : kUsage;
  }
  try {
    for (const auto& [sub, action] : actions) {
      if (sub->parsed()) return action();
    }
  } catch (const DataError& error) {
    return fail(error.what(), kBadData);
  } catch (const std::invalid_argument& error) {
    return fail(error.what(), kUsage);
  } catch (const std::exception& error) {
    return fail(error.what(), kMismatch);
  }
  return kUsage;
}
