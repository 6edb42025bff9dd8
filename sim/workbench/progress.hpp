// progress.hpp — how far a long job is, on stderr.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace transom::workbench {

/// So many bytes, which a job goes through at some rate.
struct Bytes {
  std::uint64_t n;
};

/// A line on stderr now and then, once a job has taken two seconds. In a log, where each of them
/// stays, every ten seconds.
class Progress {
 public:
  Progress(std::string what, std::size_t n_steps) : what_(std::move(what)), n_steps_(n_steps) {}
  /// In bytes, with their rate and the time that is left at that.
  Progress(std::string what, Bytes bytes)
      : what_(std::move(what)), n_steps_(bytes.n), in_bytes_(true) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void step(const std::string& name);
  /// So many of the steps or bytes are done.
  void at(std::uint64_t n_steps_done, const std::string& name);

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kInLogs{10};
  std::string text(Clock::time_point now) const;

  std::string what_;
  std::uint64_t n_steps_;
  bool in_bytes_ = false;
  std::uint64_t done_ = 0;
  bool shown_ = false;
  bool in_place_ = isatty(STDERR_FILENO) != 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_ + (in_place_ ? std::chrono::seconds(2) : kInLogs);
};

}  // namespace transom::workbench
