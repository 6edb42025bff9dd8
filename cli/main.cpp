// main.cpp — the command line: a table of verbs, what they print, and exceptions turned into exit
// codes.
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

#include "common.hpp"
#include "transom/files/whole.hpp"
#include "transom/golden/trace.hpp"
#include "transom/version.hpp"
#include "verbs.hpp"

namespace {

using namespace transom::cli;

int run_verb(int argc, char** argv) {
  const Program program{
      "transom", std::string("transom ") + transom::kVersion,
      "Transom codes recorded neural traces with tANS, rANS or APack and decodes them with\n"
      "a golden model, a SystemC cycle model, Verilated RTL and CUDA, compared symbol by "
      "symbol.",
      "TRACE is a .npy, an .npz, or a folder of .npy (with a manifest.json, or without).\n"
      "Exit code: 0 fine, 1 mismatch or failed check, 2 usage, 3 bad or damaged data, or what\n"
      "cannot be read or written (docs/errors.md)."};
  const Verb verbs[] = {
      {"encode", "code a trace into a .tsm container", add_encode},
      {"decode", "decode a .tsm container into a folder of .npy with a manifest", add_decode},
      {"info", "what is in a .tsm container, and what it costs", add_info},
      {"cosim", "decode with every decoder that is built, in lockstep, and compare", add_cosim},
      {"coverage", "random runs of every kind of lane, until every cover point is hit",
       add_coverage},
      {"ranges", "APack's ranges of each tensor and their cost; .apack tables in and out",
       add_ranges},
      {"rates", "what every kind of lane sustains on traces, cycle models against each other",
       add_rates},
      {"sim", "decode with decoder_axi behind a memory and before a consumer, by its cycle model",
       add_sim},
      {"sweep", "a grid of such units and memories, on all cores or a cluster, with a report",
       add_sweep},
      {"report", "a page about traces: codings, histograms, what a unit does, the quantiser",
       add_report},
#ifdef TRANSOM_HAVE_RTL
      {"ports", "record what is at the ports of the RTL in every clock, e.g. to run a netlist on",
       add_ports},
#endif
      {"vectors", "write golden test vectors, valid and invalid", add_vectors},
      {"check", "compare what your decoder wrote with a vector, a container or a trace", add_check},
      {"interop", "check vectors of other coders' streams and tables, bit for bit", add_interop},
      {"convert", "turn a stream of one coder into that of another", add_convert},
#ifdef TRANSOM_HAVE_BBANS
      {"bbans", "code sets of images by bits-back coding: encode, decode, info, train", add_bbans},
#endif
  };
  return run(program, verbs, argc, argv);
}

int fail(std::string_view what, ExitCode code) {
  std::cerr << "transom: " << transom::printable(what) << '\n';
  return code;
}

/// std::cout into a text, while it lives.
class Redirected {
 public:
  explicit Redirected(std::ostringstream& to) : before_(std::cout.rdbuf(to.rdbuf())) {}
  ~Redirected() { std::cout.rdbuf(before_); }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

 private:
  std::streambuf* before_;
};

/// The exit code of a verb, whatever it throws.
/// @param printed what it put on std::cout; nothing if it threw
int guarded(int argc, char** argv, std::string& printed) {
  std::ostringstream out;
  const Redirected cout(out);
  try {
    const int code = run_verb(argc, argv);
    printed = out.str();
    return code;
  } catch (const DataError& error) {
    return fail(error.what(), kBadData);
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(error.path1().string() + ": " + error.code().message() +
                    "; check the path and its permissions",
                kBadData);
  } catch (const std::invalid_argument& error) {
    return fail(error.what(), kUsage);
  } catch (const std::exception& error) {
    return fail(error.what(), kMismatch);
  }
}

/// A file that is written never becomes stdin, stdout or stderr because that was closed.
void keep_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) open("/dev/null", O_RDONLY);
  }
}

/// Memory that was given back is taken again soon, piece by piece: each time all its pages would be
/// zeroed anew.
void keep_memory() {
#ifdef __GLIBC__
  constexpr int kMost = 32 << 20;  // bytes: what the library takes at most for the second
  mallopt(M_TRIM_THRESHOLD, 2 * kMost);
  mallopt(M_MMAP_THRESHOLD, kMost);
#endif
}

/// All of a verb's result at its end. 0, or errno.
int write_stdout(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno != EINTR) return errno;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  keep_memory();
  transom::files::clean_up_on_signals();
  std::string printed;
  const int code = guarded(argc, argv, printed);
  const int error = write_stdout(printed);
  if (error == EPIPE) return 128 + SIGPIPE;  // where the signal is ignored; else it ended us
  if (error != 0) {
    return fail(std::string("stdout: cannot be written: ") + std::strerror(error), kBadData);
  }
  return code;
}
