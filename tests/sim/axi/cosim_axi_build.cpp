// cosim_axi_build.cpp — tANS tables that the unit builds of counts: the golden model's, in RTL and
// in C++; lists with both forms of tables, and with counts that are none.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

#include "axi_compare.hpp"
#include "rtl/tans_build.hpp"
#include "rtl/wide_tans.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/system/axi_traffic.hpp"
#include "transom/unit/tans_build.hpp"
#include "transom/verilated/shapes.hpp"

using namespace transom;
using namespace transom::axi;
using cosim::TansBuildShape;
using cosim::WideTansShape;
using unit::CountWords;

namespace {

/// All ways to share 2^R slots among `n` symbols.
void for_all_counts(unsigned R, std::size_t n,
                    const std::function<void(const std::vector<std::uint32_t>&)>& use) {
  std::vector<std::uint32_t> freq(n);
  const std::function<void(std::size_t, std::uint32_t)> share = [&](std::size_t s,
                                                                    std::uint32_t left) {
    freq[s] = left;
    if (s + 1 == n) return use(freq);
    for (freq[s] = 0; freq[s] <= left; ++freq[s]) {
      const std::uint32_t f = freq[s];
      share(s + 1, left - f);
      freq[s] = f;
    }
  };
  share(0, std::uint32_t{1} << R);
}

/// Shares of 2^R by cuts anywhere, so that some are 0.
std::vector<std::uint32_t> random_freq(unsigned R, std::size_t n, Random& random) {
  const std::uint32_t L = std::uint32_t{1} << R;
  std::vector<std::uint32_t> cuts{0, L};
  while (cuts.size() <= n) cuts.push_back(random() % (L + 1));
  std::sort(cuts.begin(), cuts.end());
  std::vector<std::uint32_t> freq;
  for (std::size_t s = 0; s < n; ++s) freq.push_back(cuts[s + 1] - cuts[s]);
  return freq;
}

/// The golden model's table, in whole groups.
std::vector<std::uint32_t> golden_table(unsigned R, const std::vector<std::uint32_t>& freq) {
  std::vector<std::uint32_t> table = make_decode_table(freq, R, Spread::kStep);
  table.resize(std::max<std::size_t>(table.size(), kLoadEntries));
  return table;
}

std::unique_ptr<TansBuildShape> make_rtl(const std::string& fault = {}) {
  return verilated::make_shape<TansBuildShape>(
      "tans_build" + (fault.empty() ? "" : "_fault_" + fault), {});
}

std::uint32_t count_of(const CountWords& words, std::size_t s) {
  return words[s / 2] >> 16 * (s % 2) & 0xffff;
}
void set_count(CountWords& words, std::size_t s, std::uint32_t count) {
  words[s / 2] = (words[s / 2] & 0xffff'0000 >> 16 * (s % 2)) | count << 16 * (s % 2);
}

/// Whether they are counts of 2^R slots, for rows up to the last.
bool are_counts(unsigned R, unsigned last_row, const CountWords& words) {
  const std::uint32_t L = std::uint32_t{1} << R;
  std::vector<std::uint32_t> counts;
  for (std::size_t s = 0; s < kMaxApackRows; ++s) counts.push_back(count_of(words, s));
  counts.push_back(L);
  return counts[0] == 0 && std::is_sorted(counts.begin(), counts.end()) &&
         std::all_of(counts.begin() + last_row + 1, counts.end(),
                     [&](std::uint32_t c) { return c == L; });
}

}  // namespace

TEST_CASE("axi build: every set of counts of up to 16 slots, and any of up to 2^14", "[cosim]") {
  const auto rtl = make_rtl();
  unsigned n = 0;
  const auto check = [&](unsigned R, const std::vector<std::uint32_t>& freq) {
    const std::vector<std::uint32_t> golden = golden_table(R, freq);
    const auto last_row = static_cast<unsigned>(freq.size()) - 1;
    const CountWords counts = unit::make_count_words(freq);
    REQUIRE(unit::build_table({R, last_row}, counts) == golden);
    if (R <= cosim::kBuildShapeLog) REQUIRE(rtl->build(R, last_row, counts) == golden);
    ++n;
  };
  for (unsigned R = 0; R <= 4; ++R) {
    for (std::size_t symbols = 1; symbols <= 4; ++symbols) {
      for_all_counts(R, symbols, [&](const auto& freq) { check(R, freq); });
    }
  }
  Random random(1);
  for (unsigned i = 0; i < 300; ++i) {
    const unsigned R = i % 60 == 0 ? kMaxTableLog : random() % (cosim::kBuildShapeLog + 1);
    check(R, random_freq(R, 1 + random() % kMaxApackRows, random));
  }
  REQUIRE_FALSE(rtl->assertion_failed());
  std::cout << "axi build: " << n << " tables are the golden model's\n";
}

TEST_CASE("wide build: every table of up to 16 slots, and any of up to 2^8, step by step, in time",
          "[cosim]") {
  const auto rtl = verilated::make_shape<WideTansShape>("wide_tans", {});
  Random random(3);
  std::uint64_t n_steps = 0;
  const auto check = [&](unsigned R, const std::vector<std::uint32_t>& freq) {
    const unsigned held = random() % 4;
    const unsigned n_groups = std::max(1u, (1u << R) / kWideBuildEntries);
    // A group in each clock from the second one on, where none was held; in the table two later.
    REQUIRE(rtl->load(R, make_nrans_counts(freq, R), held) ==
            std::max(2u, 1 + held) + n_groups + 1);
    const std::vector<std::uint32_t> table = make_decode_table(freq, R, Spread::kStep);
    unsigned most = 0;
    for (std::uint32_t t = 0; t < table.size(); ++t) {
      const Entry e = to_entry(table[t]);
      most = std::max<unsigned>(most, e.nbits);
      for (const std::uint32_t bits : {0u, 0xffu, random() & 0xff}) {
        const cosim::Stepped got = rtl->step(t, bits);
        REQUIRE(got.t == e.base + (bits & low_bits(e.nbits)));
        REQUIRE(got.take == e.nbits);
        REQUIRE(got.symbol == e.symbol);
        ++n_steps;
      }
    }
    REQUIRE(rtl->most_take() == most);
  };
  for (unsigned R = 0; R <= 4; ++R) {
    for (std::size_t symbols = 1; symbols <= 4; ++symbols) {
      for_all_counts(R, symbols, [&](const auto& freq) { check(R, freq); });
    }
  }
  for (unsigned i = 0; i < 200; ++i) {
    const unsigned R = random() % (kWideTansTableLog + 1);
    check(R, random_freq(R, 1 + random() % kMaxApackRows, random));
  }
  REQUIRE_FALSE(rtl->assertion_failed());
  std::cout << "wide build: " << n_steps << " steps are the golden model's\n";
}

TEST_CASE("wide build: a seeded fault builds too early", "[cosim]") {
  const auto rtl = verilated::make_shape<WideTansShape>("wide_tans_fault_overwrite", {});
  CHECK(rtl->load(4, make_nrans_counts(std::vector<std::uint32_t>{13, 3}, 4), 9) != 9 + 3);
}

TEST_CASE("axi build: counts that are none build no table", "[cosim]") {
  const auto rtl = make_rtl();
  Random random(2);
  unsigned n_bad = 0, n_good = 0;
  for (unsigned i = 0; i < 4000; ++i) {
    const unsigned R = random() % 7;
    const std::size_t rows = 1 + random() % kMaxApackRows;
    CountWords words = unit::make_count_words(random_freq(R, rows, random));
    const std::size_t s = random() % kMaxApackRows;
    switch (random() % 4) {
      case 0:
        set_count(words, s, random() & 0xffff);
        break;
      case 1:
        set_count(words, s, random() % ((2u << R) + 1));
        break;
      case 2:
        set_count(words, s, count_of(words, s) ^ 1u << random() % 16);
        break;
      default:
        break;
    }
    unsigned last_row = static_cast<unsigned>(rows) - 1;
    if (random() % 4 == 0) last_row = random() % kMaxApackRows;
    const std::vector<std::uint32_t> table = unit::build_table({R, last_row}, words);
    REQUIRE(rtl->build(R, last_row, words) == table);
    unit::TableBank bank(LaneKind::kTans);
    for (std::size_t w = 0; w < table.size(); ++w) bank.put({R, last_row}, w, table[w]);
    REQUIRE(bank.bad() == !are_counts(R, last_row, words));
    ++(bank.bad() ? n_bad : n_good);
  }
  REQUIRE_FALSE(rtl->assertion_failed());
  CHECK(n_bad > 1000);
  CHECK(n_good > 1000);
}

TEST_CASE("axi build: a seeded fault makes another table", "[cosim]") {
  const auto rtl = make_rtl("build");
  const std::vector<std::uint32_t> freq{13, 3};
  CHECK(rtl->build(4, 1, unit::make_count_words(freq)) != golden_table(4, freq));
}

TEST_CASE("axi build: both forms in a list, right or forged, are the cycle model's in every clock",
          "[cosim]") {
  for (const AxiShape& shape : {kTans4, kTans16}) {
    std::uint64_t clocks = 0;
    unsigned n_built = 0, n_bad = 0;
    for (std::uint32_t seed = 0; seed < 24; ++seed) {
      Random random(500 + seed);
      std::vector<CodedTensor> tensors;
      for (unsigned t = 0; t < 6; ++t) {
        PlanOptions options;
        options.table_log = 4 + random() % 6;
        options.rows = 1 + random() % kMaxApackRows;
        options.spread = random() % 3 == 0 ? Spread::kTuned : Spread::kStep;
        options.n_streams = shape.unit.n_streams();
        tensors.push_back(
            encode_best(made_up(random() % (200 * shape.unit.n_lanes), 7, seed), options));
      }
      Case c = make_case(shape, std::move(tensors));
      std::vector<AxiFaultRange> faults;
      bool spoilt = false;
      for (std::uint32_t i = 0; i < c.tensors.size(); ++i) {
        const std::uint64_t control = descriptor_word(c.image, i, 0);
        if ((read_word(c.image, control) & kBuildsBit) == 0) continue;
        ++n_built;
        CHECK(traffic_of(c.image, i, shape.beat_bytes()).table == 4 * unit::kCountWords);
        const std::uint64_t word = address_in(c.image, i, 4) + 4 * (random() % unit::kCountWords);
        if (seed % 3 == 0 || random() % 2 == 0) continue;
        spoilt = true;
        if (seed % 3 == 1) {
          write_word(c.image, word, read_word(c.image, word) ^ 1u << random() % 32);
        } else if (random() % 2 == 0) {
          write_word(c.image, control, read_word(c.image, control) ^ 0x1000u << random() % 4);
        } else {
          faults.push_back({word, word + 4});
        }
      }
      INFO(shape.unit.n_lanes << " lanes, seed " << seed);
      const Compared compared =
          compare(c, seed % 6 < 3 ? AxiPressure{} : random_pressure(seed), faults);
      REQUIRE(compared.run.fault.find("assertion") == std::string::npos);
      REQUIRE(compared.first == "");
      clocks += compared.clocks;
      if (!spoilt) {
        check_run(c, compared.run);
        check_ok(compared.run);
      }
      n_bad += (compared.run.reg(AxiRegister::kStatus) & kAxiError) != 0;
    }
    CHECK(n_built > 50);
    CHECK(n_bad > 8);
    std::cout << "axi build: " << shape.unit.n_lanes << " lanes: " << n_built << " tables built, "
              << n_bad << " lists with errors, " << clocks << " clocks equal\n";
  }
}
