// progress.cpp — how far a long job is, on stderr.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/progress.hpp"

#include <algorithm>
#include <iostream>

#include "transom/base/printable.hpp"
#include "transom/workbench/text.hpp"

namespace transom::workbench {

Progress::~Progress() {
  if (shown_ && in_place_) std::cerr << "\r\x1b[K" << std::flush;
}

void Progress::step(const std::string& name) { at(done_ + 1, name); }

std::string Progress::text(Clock::time_point now) const {
  if (!in_bytes_) return std::to_string(done_) + " of " + std::to_string(n_steps_);
  constexpr double kMebibyte = 1 << 20;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = static_cast<double>(done_) / seconds;
  std::string text = fixed(static_cast<double>(done_) / kMebibyte, 0) + " of " +
                     fixed(static_cast<double>(n_steps_) / kMebibyte, 0) + " MiB, " +
                     fixed(rate / kMebibyte, 1) + " MiB/s";
  if (done_ == 0) return text;
  return text + ", " + fixed(static_cast<double>(n_steps_ - done_) / rate, 0) + " s left";
}

void Progress::at(std::uint64_t n_steps_done, const std::string& name) {
  done_ = in_bytes_ ? std::min(n_steps_done, n_steps_) : n_steps_done;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + (in_place_ ? std::chrono::milliseconds(500) : kInLogs);
  shown_ = true;
  std::cerr << (in_place_ ? "\r\x1b[K" : "") << what_ << ": " << text(now) << " ("
            << printable(name) << ")" << (in_place_ ? "" : "\n") << std::flush;
}

}  // namespace transom::workbench
