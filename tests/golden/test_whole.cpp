// test_whole.cpp — a folder that a signal ends while it is written, by a handler in another thread.
// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "transom/files/place.hpp"
#include "transom/files/whole.hpp"

namespace transom::files {
namespace {

namespace fs = std::filesystem;

/// Writes files into folders of a folder until the signal ends it, which this thread does not take.
[[noreturn]] void write_until_ended(const fs::path& folder) {
  std::signal(SIGTERM, SIG_DFL);  // not the test framework's
  clean_up_on_signals();
  std::thread([] {
    for (;;) pause();
  }).detach();
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  WholeFolder whole(folder, [](const fs::path&) { return std::string(); });
  for (int i = 0; i < 10000; ++i) {
    try {
      whole.write(std::to_string(i) + "/file", "bytes");
    } catch (const std::exception&) {  // it is gone
    }
    if (i == 10) kill(getpid(), SIGTERM);
  }
  _exit(0);
}

TEST_CASE("whole: a folder that a handler in another thread removes is not made again") {
  std::string scratch = (fs::temp_directory_path() / "transom-whole-XXXXXX").string();
  REQUIRE(mkdtemp(scratch.data()) != nullptr);
  for (int i = 0; i < 30; ++i) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) write_until_ended(fs::path(scratch) / "out");
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGTERM);
    CHECK(fs::is_empty(scratch));
  }
  fs::remove_all(scratch);
}

}  // namespace
}  // namespace transom::files
