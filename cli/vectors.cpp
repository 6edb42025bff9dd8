// vectors.cpp — transom vectors: golden test vectors for other people's decoders.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "common.hpp"
#include "transom/workbench/vectors/vector_set.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;

Action add_vectors(App& app) {
  struct Options {
    std::string folder;
    std::uint32_t seed = 1;
    bool split = false;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  app.add_option("-o,--output", options->folder, "the folder to write to")->required();
  app.add_option("--seed", options->seed, "the same seed gives the same bytes")
      ->capture_default_str();
  app.add_flag("--split", options->split,
               "prompts/*.json without answers and expected/*.json, instead of all else");
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Writes one folder per vector (container, values, every step of the golden decoder, and for\n"
      "benches params.svh with all lengths and $readmemh files: the table that a lane loads, "
      "streams,\n"
      "steps, statuses, stall patterns), load_*/ (loads that are no table), lanes/KIND/ (lists of "
      "all\n"
      "vectors for a kind of lane), axi/NAME/ (memories for units behind AXI, with the beats and\n"
      "registers that must come), tests/*.json (tests in groups, each with the bug that it hunts,\n"
      "what was changed and where it must be noticed), containers/*.tsm, good and hostile,\n"
      "chains.json (a digest of two million symbols for each coding), and manifest.json with\n"
      "statuses and SHA-256 sums. The folder appears with all of them; earlier vectors in it are\n"
      "replaced as a whole. docs/check-your-decoder.md explains them; `transom check` compares "
      "what\n"
      "your decoder made of them; rtl/bench/run.sh runs them on lanes and units.\n"
      "Example: transom vectors -o vectors --seed 1");
  return [options] {
    const VectorCount count = workbench::write_vector_set(
        options->folder, options->seed, options->split ? VectorForm::kSplit : VectorForm::kWhole);
    if (options->as_json) {
      print({{"folder", options->folder},
             {"seed", options->seed},
             {"valid", count.valid},
             {"invalid", count.invalid},
             {"loads", count.loads},
             {"images", count.images},
             {"chains", count.chains}});
    } else {
      std::cout << printable(options->folder) << ": " << count.valid << " valid and "
                << count.invalid << " invalid vectors, " << count.loads << " bad loads, "
                << count.images << " memories and " << count.chains << " chains of seed "
                << options->seed << '\n';
    }
    return kFine;
  };
}

}  // namespace transom::cli
