// progress.cpp — how far a long job is, on stderr.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/progress.hpp"

#include <iostream>

#include "transom/base/printable.hpp"

namespace transom::workbench {

Progress::~Progress() {
  if (shown_ && in_place_) std::cerr << "\r\x1b[K" << std::flush;
}

void Progress::step(const std::string& name) { at(done_ + 1, name); }

void Progress::at(std::size_t n_steps_done, const std::string& name) {
  done_ = n_steps_done;
  if (Clock::now() < next_) return;
  next_ = Clock::now() + std::chrono::milliseconds(500);
  shown_ = true;
  std::cerr << (in_place_ ? "\r\x1b[K" : "") << what_ << ": " << done_ << " of " << n_steps_ << " ("
            << printable(name) << ")" << (in_place_ ? "" : "\n") << std::flush;
}

}  // namespace transom::workbench
