// rows.hpp — rows of a batch on all cores, while the calling thread looks after Ctrl-C.
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

namespace transom::bind {

/// run(row) for each row < n_rows, without the GIL. What the first failing row throws is thrown;
/// KeyboardInterrupt ends it between two rows. Few values are not worth a thread.
template <class Run>
void for_each_row(std::size_t n_rows, std::size_t n_values, const Run& run) {
  constexpr std::size_t kWorthAThread = 1 << 14;  // values: some 100 us
  nanobind::gil_scoped_release release;
  const std::size_t n_threads = std::min(
      {n_rows, n_values / kWorthAThread, std::size_t{std::thread::hardware_concurrency()}});
  if (n_threads <= 1 && n_values < 64 * kWorthAThread) {
    for (std::size_t row = 0; row < n_rows; ++row) run(row);
    return;
  }
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;  // of what follows
  std::condition_variable ended;
  std::size_t n_running = std::max<std::size_t>(n_threads, 1), failed = n_rows;
  std::exception_ptr error;
  const auto work = [&] {
    // Rows are begun in their order: all before a failing one are looked at.
    for (std::size_t row = next++; row < n_rows; row = next++) {
      try {
        run(row);
      } catch (...) {
        next = n_rows;
        const std::lock_guard lock(mutex);
        if (row < failed) error = std::current_exception();
        failed = std::min(failed, row);
      }
    }
    const std::lock_guard lock(mutex);
    if (--n_running == 0) ended.notify_one();
  };
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < n_running; ++t) threads.emplace_back(work);
  for (std::unique_lock lock(mutex); n_running != 0;) {
    if (ended.wait_for(lock, std::chrono::milliseconds(50), [&] { return n_running == 0; })) break;
    lock.unlock();
    {
      nanobind::gil_scoped_acquire acquire;
      if (PyErr_CheckSignals() != 0) {
        next = n_rows;
        nanobind::gil_scoped_release while_joining;
        threads.clear();
        break;
      }
    }
    lock.lock();
  }
  threads.clear();
  nanobind::gil_scoped_acquire acquire;
  if (PyErr_Occurred() != nullptr) throw nanobind::python_error();
  if (error) std::rethrow_exception(error);
}

}  // namespace transom::bind
