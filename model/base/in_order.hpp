// in_order.hpp — jobs on several threads, their results one by one in the order of the jobs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <thread>
#include <utility>

#include "transom/base/precondition.hpp"

namespace transom {

/// Threads for `asked`; 0 is as many as there are processors.
inline std::size_t n_threads(std::size_t asked) {
  return asked != 0 ? asked : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

/// At most so many jobs are there at a time, running or done: what they hold is bounded. What a job
/// throws is thrown where its result would be taken, so that it is the first's in their order, on
/// any number of threads. One thread is the caller's own.
template <class Result>
class InOrder {
 public:
  /// @param threads at least 1 (throws)
  /// @param take    is given each result, on the caller's thread
  InOrder(std::size_t threads, std::function<void(Result)> take)
      : threads_(threads), take_(std::move(take)) {
    require_range("InOrder", "threads", threads, 1, SIZE_MAX);
  }

  void add(std::function<Result()> job) {
    if (threads_ == 1) return take_(job());
    if (running_.size() == threads_) take_first();
    running_.push_back(std::async(std::launch::async, std::move(job)));
  }
  /// Takes what is left. Without it, it is waited for and thrown away.
  void finish() {
    while (!running_.empty()) take_first();
  }

 private:
  void take_first() {
    std::future<Result> first = std::move(running_.front());
    running_.pop_front();
    take_(first.get());
  }

  std::size_t threads_;
  std::function<void(Result)> take_;
  std::deque<std::future<Result>> running_;  ///< in their order
};

}  // namespace transom
