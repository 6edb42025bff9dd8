// batch.hpp — many items on all cores, while the calling thread tells of progress and looks for
// Ctrl-C.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "transom/base/in_order.hpp"

namespace transom::bind {

/// Never more threads than items.
inline std::size_t n_threads(std::size_t asked, std::size_t n_items) {
  return std::max<std::size_t>(1, std::min(transom::n_threads(asked), n_items));
}

/// run(i) for each i < n, without the interpreter's lock, on so many threads; begun in order. What
/// the first failing item throws is thrown. `between(n_done)` is called with the lock, a few times
/// a second and at the end; it ends the work by throwing, as Ctrl-C does, between two items.
template <class Run, class Between>
void for_each_item(std::size_t n, std::size_t threads_asked, const Run& run,
                   const Between& between) {
  std::atomic<std::size_t> next = 0, done = 0;
  std::mutex mutex;  // of what follows
  std::condition_variable ended;
  std::size_t running = n_threads(threads_asked, n), failed = n;
  std::exception_ptr error;
  const auto work = [&] {
    for (std::size_t i = next++; i < n; i = next++) {
      try {
        run(i);
        ++done;
      } catch (...) {
        next = n;
        const std::lock_guard lock(mutex);
        if (i < failed) error = std::current_exception(), failed = i;
      }
    }
    const std::lock_guard lock(mutex);
    if (--running == 0) ended.notify_one();
  };
  const auto look = [&] {
    const nanobind::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() != 0) throw nanobind::python_error();
    between(done.load());
  };
  {
    const nanobind::gil_scoped_release release;
    std::vector<std::jthread> threads;
    for (std::size_t t = running; t-- > 0;) threads.emplace_back(work);
    std::unique_lock lock(mutex);
    while (!ended.wait_for(lock, std::chrono::milliseconds(100), [&] { return running == 0; })) {
      lock.unlock();
      try {
        look();
      } catch (...) {
        next = n;  // threads end with the items that they have
        threads.clear();
        throw;
      }
      lock.lock();
    }
  }
  if (error) std::rethrow_exception(error);
  look();
}

/// run(row) for each row of a batch of so many values in all. Few values are not worth a thread.
template <class Run>
void for_each_row(std::size_t n_rows, std::size_t n_values, const Run& run) {
  constexpr std::size_t kWorthAThread = 1 << 14;  // values: some 100 us
  const std::size_t threads = std::min(n_values / kWorthAThread + 1, n_threads(0, n_rows));
  if (threads <= 1 && n_values < 64 * kWorthAThread) {
    const nanobind::gil_scoped_release release;
    for (std::size_t row = 0; row < n_rows; ++row) run(row);
  } else {
    for_each_item(n_rows, threads, run, [](std::size_t) {});
  }
}

}  // namespace transom::bind
