// main.cpp — the command line: a table of verbs, and exceptions turned into exit codes.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <string>

#include "common.hpp"
#include "transom/files/whole.hpp"
#include "transom/golden/trace.hpp"
#include "transom/version.hpp"
#include "verbs.hpp"

int main(int argc, char** argv) {
  using namespace transom::cli;
  const Program program{
      "transom", std::string("transom ") + transom::kVersion,
      "Transom codes recorded neural traces with tANS, rANS or APack and decodes them with\n"
      "a golden model, a SystemC cycle model, Verilated RTL and CUDA, compared symbol by "
      "symbol.",
      "TRACE is a .npy, an .npz, or a folder of .npy (with a manifest.json, or without).\n"
      "Exit code: 0 fine, 1 mismatch or failed check, 2 usage, 3 bad or damaged data."};
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

  const auto fail = [](const std::string& what, ExitCode code) {
    std::cerr << "transom: " << what << '\n';
    return static_cast<int>(code);
  };
  transom::files::clean_up_on_signals();
  try {
    return run(program, verbs, argc, argv, kUsage);
  } catch (const DataError& error) {
    return fail(error.what(), kBadData);
  } catch (const std::invalid_argument& error) {
    return fail(error.what(), kUsage);
  } catch (const std::exception& error) {
    return fail(error.what(), kMismatch);
  }
}
