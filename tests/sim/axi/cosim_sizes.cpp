// cosim_sizes.cpp — a small unit: tANS tables of R = 8 at most, 16 rows. The same tests as of the
// largest one, in short; what has no room in it is refused alike at every level.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "../cosim_support.hpp"
#include "axi_compare.hpp"
#include "transom/lt/axi_platform.hpp"
#include "transom/lt/decoder.hpp"
#include "transom/system/memories.hpp"

using namespace transom;
using axi::Case;
using support::Random;
using system::AxiRegister;

namespace {

constexpr unit::UnitShape kSmall{LaneKind::kTans, 4, 8, kMaxApackRows};
constexpr system::AxiShape kSmallAxi{kSmall, 128};

/// Bits of a lane's copy of the tables, both banks, and of the rows that all lanes share.
std::uint64_t table_bits(unsigned R) {
  const auto m = system::unit_memories({{LaneKind::kTans, 1, R, kMaxApackRows}, 128});
  return m.entries * m.entry_bits;
}

cosim::Recipe small_recipe(Random& random) {
  cosim::Recipe recipe{.n_streams = kSmall.n_streams(), .R = random() % (kSmall.table_log + 1)};
  recipe.alphabet = 1 + random() % std::min(kSmall.max_rows, 1u << recipe.R);
  return recipe;
}

/// Cuts a stream, makes it longer, or flips a bit.
void damage(unit::JobStream& stream, Random& random) {
  auto& words = random() % 2 == 0 ? stream.symbol_words : stream.offset_words;
  if (random() % 3 == 0) words.push_back(random() % 2);
  if (words.empty()) return;
  if (random() % 2 == 0) {
    words.resize(random() % words.size());
  } else {
    words[random() % words.size()] ^= 1u << random() % 32;
  }
}

axi::Case case_of(std::vector<CodedTensor> tensors) {
  return axi::make_case(kSmallAxi, std::move(tensors));
}

}  // namespace

TEST_CASE("sizes: a lane's tables of R = 8 and 16 rows are 8,192 bits", "[cosim]") {
  CHECK(table_bits(8) == 8192);  // tests/rtl/synth.sh counts the RTL's
  CHECK(table_bits(6) == 2 * 64 * 13);
  for (unsigned R = kMinLaneTableLog; R <= 8; ++R) CHECK(table_bits(R) <= 8192);
  const auto m = system::unit_memories(kSmallAxi);
  CHECK(m.rows * m.row_bits == 2 * 16 * 21);
}

TEST_CASE("sizes: good, damaged and random streams in lockstep, under pressure", "[cosim]") {
  std::array<std::uint64_t, 8> statuses{};
  for (std::uint32_t seed = 0; seed < 48; ++seed) {
    Random random(seed);
    std::vector<unit::Job> jobs(6);
    for (unit::Job& job : jobs) {
      const cosim::Recipe recipe = small_recipe(random);
      cosim::add_tables(job, recipe, random);
      for (unsigned s = 0; s < recipe.n_streams; ++s) {
        const std::uint32_t n_values = random() % 120;
        job.streams.push_back(random() % 4 == 0 ? cosim::noise_stream(n_values, recipe, random)
                                                : cosim::encode_stream(job, n_values, random));
        if (random() % 3 == 0) damage(job.streams.back(), random);
      }
    }
    INFO("seed " << seed);
    const auto all = cosim::pressures(seed);
    const unit::Run run = cosim::check_jobs_on_units(jobs, all[seed % all.size()], kSmall);
    for (const unit::StreamRun& stream : run.streams) {
      for (const unit::JobRun& job : stream.jobs) ++statuses[static_cast<unsigned>(job.status)];
    }
  }
  for (const Status status :
       {Status::kOk, Status::kTruncated, Status::kBadState, Status::kTrailing}) {
    CHECK(statuses[static_cast<unsigned>(status)] > 0);
  }
}

TEST_CASE("sizes: a flipped bit of a table, stored or not, is judged alike", "[cosim]") {
  unsigned n_bad = 0;
  for (const unsigned R : {0u, 6u, 8u}) {
    for (unsigned bit = 0; bit < 32; ++bit) {
      Random random(100 * R + bit);
      cosim::Recipe recipe{.n_streams = 4, .R = R, .alphabet = std::min(16u, 1u << R)};
      unit::Job job = cosim::encoded_job(recipe, random);
      job.code = {};
      job.entries[random() % job.entries.size()] ^= 1u << bit;
      const std::vector<unit::Job> jobs(3, job);
      std::optional<unit::Run> first;
      for (const cosim::Unit& unit : cosim::units()) {
        INFO(unit.name << ", R " << R << ", bit " << bit);
        auto verdict = cosim::run_lockstep(jobs, {}, jobs, unit.run, kSmall);
        REQUIRE(verdict.run.fault == "");
        REQUIRE(verdict.text == "0 mismatches");
        if (first) REQUIRE(verdict.run == *first);
        first = std::move(verdict.run);
      }
      const Status status = first->streams[3].jobs[0].status;
      n_bad += status == Status::kBadTable;
      // No symbol of 16, no base of 256, no nbits of 9 has room: all of them are of no table.
      const bool stored = bit < 4 || (bit >= 8 && bit < 12) || (bit >= 16 && bit < 24);
      const bool used = bit < 12 || (bit >= 16 && bit < 16 + kMaxTableLog);
      if (used && !stored) CHECK(status == Status::kBadTable);
      if (!used) CHECK(status == Status::kOk);
    }
  }
  CHECK(n_bad > 30);
}

TEST_CASE("sizes: a job that has no room is refused by name", "[cosim]") {
  const auto refused = [](unsigned R, unsigned n_rows) {
    Random random(R + n_rows);
    std::vector<unit::Job> jobs{
        cosim::encoded_job({.n_streams = 4, .R = R, .alphabet = n_rows}, random)};
    return [jobs] { unit::Bench(kSmall, jobs); };
  };
  CHECK_NOTHROW(refused(8, 16)());
  CHECK_THROWS_WITH(refused(9, 16)(), Catch::Contains("table log of a job"));
  CHECK_THROWS_WITH(refused(8, 17)(), Catch::Contains("number of a job's rows"));
}

TEST_CASE("sizes: axi: equal to the RTL in every clock, whatever comes", "[cosim]") {
  std::uint64_t clocks = 0;
  for (std::uint32_t seed = 0; seed < 24; ++seed) {
    Random random(seed);
    const Case c = case_of(axi::random_tensors(kSmallAxi, random));
    INFO("seed " << seed);
    const auto compared =
        axi::compare(c, seed < 4 ? system::AxiPressure{} : axi::random_pressure(seed));
    axi::check_run(c, compared.run);
    axi::check_ok(compared.run);
    REQUIRE(compared.first == "");
    clocks += compared.clocks;
  }
  std::cout << "sizes: " << clocks << " clocks equal\n";
}

TEST_CASE("sizes: axi: tensors that have no room are bad descriptors, at every level", "[cosim]") {
  struct Other {
    unsigned R, rows;
    bool fits;
  };
  for (const Other& other : {Other{8, 16, true}, Other{9, 16, false}, Other{8, 17, false}}) {
    Random random(other.R + other.rows);
    std::vector<CodedTensor> tensors;
    for (int i = 0; i < 3; ++i) {
      tensors.push_back(axi::random_tensor(kSmallAxi, 200, 4, 1, random));
    }
    // As many rows as are asked for.
    std::vector<value_t> starts;
    for (unsigned s = 0; s < other.rows; ++s) starts.push_back(static_cast<value_t>(s));
    Code code{Coding::kTans, other.R, Spread::kTuned, {}, make_rows(starts, 16)};
    code.freq.assign(other.rows, 1);
    code.freq[0] += (1u << other.R) - other.rows;
    Tensor tensor{"other", {16, false}, {100}, std::vector<value_t>(100)};
    for (value_t& v : tensor.values) v = static_cast<value_t>(random() % (other.rows + 2));
    tensors[1] = encode(tensor, code, 4, 1);
    // Laid out for a larger unit.
    const system::AxiShape large{{LaneKind::kTans, 4}, 128};
    Case c = axi::make_case(large, tensors);
    c.shape = kSmallAxi;
    CHECK(system::why_not_in_image(tensors[1], kSmallAxi).empty() == other.fits);
    if (!other.fits) c.golden[1] = system::make_axi_tensor(std::vector<system::AxiStream>{}, large);
    INFO("R " << other.R << ", rows " << other.rows);
    const auto compared = axi::compare(c, {});
    REQUIRE(compared.first == "");
    axi::check_run(c, compared.run);
    const std::uint32_t want =
        other.fits ? system::kAxiDone : system::status_of(AxiCause::kDescriptor);
    CHECK(compared.run.reg(AxiRegister::kStatus) == want);
    CHECK(compared.run.reg(AxiRegister::kErrorDescriptor) == (other.fits ? 0u : 1u));

    lt::AxiPlatform platform(c.image, c.shape, {});
    system::AxiRegisters registers;
    registers.descriptors = c.image.descriptors;
    registers.n_descriptors = c.image.n_descriptors;
    lt::Decoder({.shape = c.shape}, platform).run(registers);
    CHECK(registers.errors.cause == (other.fits ? AxiCause::kNone : AxiCause::kDescriptor));
    CHECK(registers.errors.first_descriptor == (other.fits ? 0u : 1u));
  }
}
