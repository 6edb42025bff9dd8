// test_in_order.cpp — in_order.hpp: results, errors and how many jobs there are, on any number of
// threads.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/in_order.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace transom {

TEST_CASE("in order: results come in the order of the jobs, a bounded number of which runs",
          "[unit]") {
  for (const std::size_t threads : {1u, 2u, 7u, 64u}) {
    std::vector<int> results;
    std::atomic<std::size_t> n_now = 0, n_most = 0;
    InOrder<int> jobs(threads, [&](int result) { results.push_back(result); });
    for (int i = 0; i < 100; ++i) {
      jobs.add([&, i] {
        const std::size_t now = ++n_now;
        for (std::size_t most = n_most; most < now && !n_most.compare_exchange_weak(most, now);) {
        }
        for (int spin = 0; spin < (i % 10 == 0 ? 100 : 1); ++spin) std::this_thread::yield();
        --n_now;
        return i;
      });
    }
    jobs.finish();
    std::vector<int> want(100);
    std::iota(want.begin(), want.end(), 0);
    CHECK(results == want);
    CHECK(n_most <= threads);
  }
}

TEST_CASE("in order: the first error is thrown in its turn, whoever fails first", "[unit]") {
  for (const std::size_t threads : {1u, 3u, 16u}) {
    std::vector<int> results;
    InOrder<int> jobs(threads, [&](int result) { results.push_back(result); });
    const auto run = [&] {
      for (int i = 0; i < 40; ++i) {
        jobs.add([i] {
          if (i == 5) std::this_thread::sleep_for(std::chrono::milliseconds(20));
          if (i == 5 || i == 6) throw std::runtime_error("job " + std::to_string(i));
          return i;
        });
      }
      jobs.finish();
    };
    CHECK_THROWS_WITH(run(), "job 5");
    CHECK(results == std::vector<int>{0, 1, 2, 3, 4});
  }
  CHECK_THROWS_WITH(InOrder<int>(0, [](int) {}), Catch::Contains("threads is 0"));
}

}  // namespace transom
