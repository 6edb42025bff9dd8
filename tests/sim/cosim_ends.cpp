// cosim_ends.cpp — cut, over-long and flipped streams: the golden status, in hardware too, no hang.
//
// As many damages of one good stream at a time as the unit has streams, one in each; behind them a
// good job, which must not notice.
// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <iostream>

#include "cosim_support.hpp"

using namespace transom;
using namespace transom::cosim;

namespace {

Job one_stream(LaneKind kind, std::uint32_t seed) {
  Random random(seed);
  Recipe recipe{.kind = kind, .R = 5, .alphabet = 9, .max_offset_bits = 7};
  if (kind == LaneKind::kArith) recipe.R = kArithTableLog;
  Job job;
  add_tables(job, recipe, random);
  job.streams.push_back(encode_stream(job, kind == LaneKind::kTansPair ? 61 : 60, random));
  return job;
}

/// Decodes every damage of `good` on every unit; returns how often each status came.
std::array<std::uint64_t, 4> decode_damages(const Job& good, const std::vector<JobStream>& damages,
                                            const Pressure& pressure) {
  std::array<std::uint64_t, 4> statuses{};
  const std::size_t most = most_test_lanes(good.kind) * streams_per_lane(good.kind);
  for (std::size_t first = 0; first < damages.size(); first += most) {
    const std::size_t end = std::min(damages.size(), first + most);
    std::vector<Job> jobs(2, good);
    jobs[0].streams.assign(damages.begin() + static_cast<std::ptrdiff_t>(first),
                           damages.begin() + static_cast<std::ptrdiff_t>(end));
    jobs[1].streams.resize(end - first, good.streams[0]);
    const Run run = check_jobs_on_units(jobs, pressure);
    for (const StreamRun& stream : run.streams) {
      ++statuses[static_cast<unsigned>(stream.jobs[0].status)];
      REQUIRE(stream.jobs[1].status == Status::kOk);
    }
  }
  return statuses;
}

using Damage = std::function<void(const JobStream&, std::vector<JobStream>&)>;

void check_damages(const char* name, const Damage& damage) {
  for (const LaneKind kind : kKinds) {
    std::array<std::uint64_t, 4> total{};
    for (std::uint32_t seed = 0; seed < 3; ++seed) {
      const Job good = one_stream(kind, seed);
      std::vector<JobStream> damages;
      damage(good.streams[0], damages);
      const Rhythm busy{Rhythm::Kind::kRandom, 40};
      for (const Pressure& pressure : {Pressure{}, Pressure{seed, busy, busy, busy}}) {
        const auto statuses = decode_damages(good, damages, pressure);
        for (std::size_t i = 0; i < total.size(); ++i) total[i] += statuses[i];
      }
    }
    std::cout << name << ", " << lane_kind_name(kind) << ": ok " << total[0] << ", truncated "
              << total[1] << ", bad state " << total[2] << ", trailing " << total[3] << "\n";
    CHECK(total[1] + total[2] + total[3] > 0);
  }
}

}  // namespace

TEST_CASE("ends: streams cut by any number of words end as the golden model says", "[cosim]") {
  check_damages("cut", [](const JobStream& good, std::vector<JobStream>& damages) {
    for (std::size_t n = 0; n <= good.symbol_words.size(); ++n) {
      damages.push_back(good);
      damages.back().symbol_words.resize(n);
    }
    for (std::size_t n = 0; n <= good.offset_words.size(); ++n) {
      damages.push_back(good);
      damages.back().offset_words.resize(n);
    }
  });
}

TEST_CASE("ends: extra words, zero or not, end as the golden model says", "[cosim]") {
  check_damages("extra", [](const JobStream& good, std::vector<JobStream>& damages) {
    for (const std::uint32_t word : {0u, 1u, 0xffff'ffffu}) {
      for (std::size_t n = 1; n <= 4; ++n) {
        damages.push_back(good);
        damages.back().symbol_words.resize(good.symbol_words.size() + n, word);
        damages.push_back(good);
        damages.back().offset_words.resize(good.offset_words.size() + n, word);
      }
    }
  });
}

TEST_CASE("ends: every single flipped bit ends as the golden model says", "[cosim]") {
  check_damages("flipped", [](const JobStream& good, std::vector<JobStream>& damages) {
    for (std::size_t bit = 0; bit < good.symbol_words.size() * kWordBits; ++bit) {
      damages.push_back(good);
      damages.back().symbol_words[bit / kWordBits] ^= 1u << bit % kWordBits;
    }
    for (std::size_t bit = 0; bit < good.offset_words.size() * kWordBits; ++bit) {
      damages.push_back(good);
      damages.back().offset_words[bit / kWordBits] ^= 1u << bit % kWordBits;
    }
  });
}

TEST_CASE("ends: a wrong number of values ends as the golden model says", "[cosim]") {
  check_damages("count", [](const JobStream& good, std::vector<JobStream>& damages) {
    for (std::uint32_t n = 0; n <= 2 * good.n_values; ++n) {
      damages.push_back(good);
      damages.back().n_values = n;
    }
  });
}
