// progress.hpp — how far a long job is, on stderr.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace transom::workbench {

/// A line on stderr now and then, once a job has taken two seconds.
class Progress {
 public:
  Progress(std::string what, std::size_t n_steps) : what_(std::move(what)), n_steps_(n_steps) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void step(const std::string& name);
  /// So many of the steps are done.
  void at(std::size_t n_steps_done, const std::string& name);

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  std::size_t n_steps_;
  std::size_t done_ = 0;
  bool shown_ = false;
  bool in_place_ = isatty(STDERR_FILENO) != 0;
  Clock::time_point next_ = Clock::now() + std::chrono::seconds(2);
};

}  // namespace transom::workbench
