// main.cpp — gpu_bench: the kernels against the golden model, then how fast they are.
//
// For machines with a GPU but without the libraries of the rest: its arguments are few and read by
// hand. Every figure is of data that was compared in the same run.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "check.hpp"
#include "data.hpp"
#include "timing.hpp"
#include "transom/gpu/cuda.hpp"

namespace transom::gpu::bench {
namespace {

constexpr const char* kHelp =
    "usage: gpu_bench [--check] [--gigabytes G] [--values N] [--dump FOLDER] [FILE.tsm ...]\n"
    "\n"
    "Compares the CUDA kernels with the golden model (values, verdicts of damaged streams, words\n"
    "that are written), then times them: GB/s of values, by CUDA events, median of 21 launches.\n"
    "\n"
    "  --check        compares only\n"
    "  --gigabytes G  compares G GB of generated values of each coding, too (default 0)\n"
    "  --values N     bytes of values of a timed tensor (default 268435456)\n"
    "  --dump FOLDER  writes the timed tensors' bytes there, for other coders\n"
    "  FILE.tsm       containers: their tensors are compared and timed, laid out anew for a GPU\n"
    "\n"
    "Exit code 0: all agree; 1: they do not; 2: usage; 3: a file is bad, or there is no device.\n";

struct Options {
  bool check_only = false;
  double gigabytes = 0;
  std::size_t n_bytes = std::size_t{1} << 28;
  std::string dump;
  std::vector<std::string> files;
};

/// Nothing for wrong usage.
std::optional<Options> options_of(std::span<char*> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string word = arguments[i];
    const bool takes = word == "--gigabytes" || word == "--values" || word == "--dump";
    if (takes && i + 1 == arguments.size()) return std::nullopt;
    if (word == "--check") {
      options.check_only = true;
    } else if (word == "--dump") {
      options.dump = arguments[++i];
    } else if (takes) {
      char* end = nullptr;
      const double number = std::strtod(arguments[++i], &end);
      if (*end != 0 || !(number >= 0)) return std::nullopt;
      if (word == "--values" && (number < 1 || number >= 4294967296.0)) return std::nullopt;
      if (word == "--gigabytes") options.gigabytes = number;
      if (word == "--values") options.n_bytes = static_cast<std::size_t>(number);
    } else if (word.starts_with("-")) {
      return std::nullopt;
    } else {
      options.files.push_back(word);
    }
  }
  return options;
}

int run(std::span<char*> arguments) {
  const std::optional<Options> options = options_of(arguments);
  if (!options) {
    std::fputs(kHelp, stderr);
    return 2;
  }
  const std::optional<std::string> device = cuda_device();
  if (!device) {
    std::fputs("gpu_bench: there is no CUDA device\n", stderr);
    return 3;
  }
  std::printf("%s\n", device->c_str());
  std::size_t n_wrong = check_all();
  if (options->gigabytes > 0) n_wrong += check_much(options->gigabytes);
  std::mt19937_64 engine(2);
  for (const std::string& path : options->files) n_wrong += compare(read_tensors(path), engine);
  if (!options->check_only) n_wrong += time_all(options->n_bytes, options->files, options->dump);
  return n_wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace transom::gpu::bench

int main(int argc, char** argv) {
  if (argc == 2 && (!std::strcmp(argv[1], "--help") || !std::strcmp(argv[1], "-h"))) {
    std::fputs(transom::gpu::bench::kHelp, stdout);
    return 0;
  }
  try {
    return transom::gpu::bench::run({argv + 1, static_cast<std::size_t>(argc - 1)});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gpu_bench: %s\n", error.what());
    return 3;
  }
}
