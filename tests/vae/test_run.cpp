// test_run.cpp — recorded runs: what is kept of a coder, the file, and the fed unit that decodes
// without the networks.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "random.hpp"
#include "transom/base/crc32.hpp"
#include "transom/fed/run.hpp"
#include "transom/vae/run/run.hpp"
#include "vae_models.hpp"

using namespace transom;
using fed::FedShape;
using support::Random;

namespace {

constexpr std::uint32_t kImages = 6;

vae::Run run_of(const support::ModelShape& shape, std::uint32_t seed = 3) {
  const vae::Model model(support::random_model(shape, seed));
  vae::Coder coder(model);
  Random random(seed + 1);
  auto m = stack::random_message(1, 300, random);
  for (std::uint32_t i = 0; i < kImages; ++i) coder.push(m, support::random_image(model, random));
  return vae::record_run(coder, m, kImages);
}

std::vector<vae::Run> runs() {
  std::vector<vae::Run> all;
  for (const auto observation : {vae::Observation::kBernoulli, vae::Observation::kBetaBinomial}) {
    for (const unsigned particles_log : {0u, 2u}) {
      all.push_back(run_of({observation, 30, 5, particles_log}));
    }
  }
  all.push_back(run_of({.latents = 2, .prior_bits = 10, .latent_bits = 24, .observation_bits = 1}));
  return all;
}

/// Least c with (compares + 1)^c >= n.
std::uint64_t search_cycles(std::uint64_t n, std::uint64_t compares) {
  std::uint64_t cycles = 0;
  for (std::uint64_t reach = 1; reach < n; reach *= compares + 1) ++cycles;
  return cycles;
}

std::uint64_t step_cycles(const vae::Run& run, const vae::RunStep& step, const FedShape& shape) {
  if (step.op == vae::Op::kPush) {
    return (63 - step.R + shape.divide_bits - 1) / shape.divide_bits;
  }
  if (step.op == vae::Op::kPopUniform) return 1;
  return search_cycles(run.tables[step.table].n_symbols(), shape.compares);
}

void mend(std::vector<std::uint8_t>& bytes) {
  const std::uint32_t crc = crc32c(std::span(bytes).first(bytes.size() - 4));
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[bytes.size() - 4 + i] = static_cast<std::uint8_t>(crc >> 8 * i);
  }
}

}  // namespace

TEST_CASE("run: a run has the steps of an image, its words, and who waits for a network") {
  const vae::Run run = run_of({vae::Observation::kBernoulli, 30, 5, 1});
  // Which latent vector, its bins; pixels; the other vector popped, which one, both pushed.
  REQUIRE(run.image_steps == 1 + 5 + 30 + 5 + 1 + 2 * 5);
  CHECK(run.first_pixel == 6);
  CHECK(run.steps.size() == kImages * run.image_steps);
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const std::size_t at = i % run.image_steps;
    CHECK(run.steps[i].waits == (at == 6 || at == 36));
    const vae::Op want = at < 6               ? vae::Op::kPopUniform
                         : at < 36 || at < 41 ? vae::Op::kPopTable
                                              : vae::Op::kPush;
    CHECK(run.steps[i].op == want);
    if (at >= 6 && at < 36) CHECK(run.tables[run.steps[i].table].n_symbols() == 2);
    if (at >= 36 && at < 41) CHECK(run.tables[run.steps[i].table].n_symbols() == 64);
  }
}

TEST_CASE("run: the fed unit decodes every run without the network, whatever its shape") {
  for (const vae::Run& run : runs()) {
    for (const FedShape& shape :
         {FedShape{}, FedShape{1, 0, 1, 1, 1, 0}, FedShape{4096, 1 << 20, 999, 65536, 62, 77},
          FedShape{3, 5, 2, 2, 7, 1}, FedShape{16, 4, 3, 6, 16, 20}}) {
      const fed::FedResult result = fed::run_fed(run, shape);
      CHECK(result.first == "");
      CHECK(result.mismatches == 0);
      std::uint64_t busy = 0;
      for (const vae::RunStep& step : run.steps) busy += step_cycles(run, step, shape);
      CHECK(result.pop_cycles + result.pixel_cycles + result.push_cycles == busy);
      CHECK(result.cycles == busy + result.parameter_waits + result.network_waits);
      CHECK(result.network_waits == std::uint64_t{2} * kImages * shape.latency);
      CHECK(run.words.size() + result.words_out - result.words_in == run.words_left.size());
      CHECK(result.cycles * shape.bytes_per_cycle >= result.parameter_bytes);
    }
  }
}

TEST_CASE("run: with bytes enough a unit waits for a network's first parameter alone") {
  const vae::Run run = run_of({vae::Observation::kBernoulli, 30, 5, 0});
  const fed::FedResult result = fed::run_fed(run, {4096, 1 << 20, 1, 1, 62, 0});
  CHECK(result.parameter_waits == 1);  // the first cycle brings the first parameters
  CHECK(result.parameter_bytes == kImages * (30 * 2 + 5 * 2 * 2));
  // At a byte a cycle, of 2 bytes of a pixel and 4 of a push all but the first, which comes in the
  // cycle that the step before ends in.
  const fed::FedResult slow = fed::run_fed(run, {1, 0, 1, 1, 62, 0});
  CHECK(slow.parameter_waits == 1 + kImages * (30 * (2 - 1) + 5 * (4 - 1)));
}

TEST_CASE("run: a push at the edges of the state is that of a message") {
  for (const std::uint32_t R : {1u, 9u, 16u, 24u}) {
    for (const std::uint32_t freq : {1u, (1u << R) / 2, (1u << R) - 1}) {
      const std::uint64_t edge = std::uint64_t{freq} << (63 - R);  // a word is given up from here
      for (const std::uint64_t head :
           {edge - 1, edge, edge + 1, std::uint64_t{1} << 31, (std::uint64_t{1} << 63) - 1}) {
        stack::Message<> m({head}, {});
        push_range(m, 0, {(1u << R) - freq, freq}, R);
        fed::FedUnit unit({}, head, {});
        unit.begin(
            {.op = vae::Op::kPush, .R = R, .starts = {}, .start = (1u << R) - freq, .freq = freq});
        auto retired = unit.clock();
        while (!retired) retired = unit.clock();
        CHECK(retired->state == m.heads()[0]);
        CHECK(unit.words() == m.tail());
      }
    }
  }
}

TEST_CASE("run: a store keeps the tables that were named last") {
  vae::Run run = run_of({vae::Observation::kBetaBinomial, 30, 5, 0});
  REQUIRE(run.tables.size() > 3);
  const auto loads = [&](std::uint32_t places) {
    // The obvious way: a list, the table that was named last in front.
    std::vector<std::uint32_t> held;
    std::uint64_t n = 0;
    for (const vae::RunStep& step : run.steps) {
      if (step.op != vae::Op::kPopTable) continue;
      const auto at = std::find(held.begin(), held.end(), step.table);
      if (at != held.end()) {
        held.erase(at);
      } else {
        ++n;
        if (held.size() == places) held.pop_back();
      }
      held.insert(held.begin(), step.table);
    }
    return n;
  };
  for (const std::uint32_t places : {1u, 2u, 5u, 100u}) {
    FedShape shape;
    shape.tables = places;
    const fed::FedResult result = fed::run_fed(run, shape);
    CHECK(result.tables_loaded == loads(places));
    CHECK(result.tables_named == kImages * 30);
    CHECK(result.table_bytes == loads(places) * 255 * 2);
    CHECK(result.parameter_bytes == result.table_bytes + kImages * (30 * 2 + 5 * 2 * 2));
  }
}

TEST_CASE("run: wrong words, tables and slots are found, and the first difference is named") {
  const vae::Run good = run_of({vae::Observation::kBernoulli, 30, 5, 1});
  const auto first = [](const vae::Run& run) { return fed::run_fed(run, {}).first; };
  vae::Run run = good;
  run.words.back() ^= 1;
  CHECK_THAT(first(run), Catch::StartsWith("image 0, "));
  CHECK_THAT(first(run), Catch::Contains(": state: want ") || Catch::Contains(": symbol: want "));
  run = good;
  run.words.front() ^= 4;  // no step takes it
  CHECK(first(run) == "word 0 that is left: value: want " + std::to_string(good.words_left[0]) +
                          ", got " + std::to_string(good.words_left[0] ^ 4));
  run = good;
  run.words.clear();
  CHECK_THAT(first(run), Catch::Contains("words left for a refill: want 1, got 0"));
  run = good;
  run.words_left.pop_back();
  CHECK_THAT(first(run), Catch::StartsWith("at the end: words left: want "));
  run = good;
  run.steps[8].symbol ^= 1;
  CHECK(first(run) == "image 0, pixel 2 (step 8): symbol: want " +
                          std::to_string(run.steps[8].symbol) + ", got " +
                          std::to_string(good.steps[8].symbol));
  run = good;
  run.steps[41 + run.image_steps].start += 1;
  CHECK_THAT(first(run), Catch::StartsWith("image 1, posterior 5 (step 93): state: want "));
  run = good;
  run.steps[3].state ^= 1;
  CHECK_THAT(first(run), Catch::StartsWith("image 0, prior 3 (step 3): state: want "));
}

TEST_CASE(
    "run: a file is read as it was written; cut, forged or longer, it is refused with the place") {
  for (const vae::Run& run : runs()) {
    const auto bytes = vae::write_run(run);
    const vae::ReadRun read = vae::read_run(bytes);
    REQUIRE(read.run);
    CHECK(*read.run == run);
    auto longer = bytes;
    longer.push_back(0);
    CHECK(vae::read_run(longer).status == Status::kTrailing);
  }
  const auto good = vae::write_run(run_of({vae::Observation::kBernoulli, 8, 2, 1, 3, 8}));
  for (std::size_t n = 0; n < good.size(); ++n) {
    const vae::ReadRun cut = vae::read_run(std::span(good).first(n));
    CHECK(cut.status == Status::kTruncated);
    CHECK(cut.what.starts_with("byte "));
  }
  Random random(9);
  unsigned n_refused = 0, n_found = 0;
  for (std::size_t i = 0; i + 4 < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= static_cast<std::uint8_t>(1u << random() % 8);
    CHECK(vae::read_run(bad).status != Status::kOk);
    mend(bad);
    const vae::ReadRun forged = vae::read_run(bad);
    n_refused += !forged.run;
    if (!forged.run) continue;
    CHECK(vae::write_run(*forged.run) == bad);
    n_found += fed::run_fed(*forged.run, {}).mismatches != 0;
  }
  CHECK(n_refused > 100);
  CHECK(n_found > 100);
}

TEST_CASE("run: fields that cannot be are named") {
  const vae::Run good = run_of({vae::Observation::kBernoulli, 8, 2, 1, 3, 8});
  const auto refused = [&](auto change, const std::string& why) {
    vae::Run run = good;
    change(run);
    CHECK_THROWS_WITH(vae::write_run(run), Catch::Contains(why));
  };
  const std::size_t pop = good.first_pixel, push = good.image_steps - 1;
  refused([](auto& r) { r.head = 5; }, "head: must be in [2^31, 2^63)");
  refused([](auto& r) { r.first_pixel += 1000; }, "pixels: are not among the steps of an image");
  refused([](auto& r) { r.n_images += 1; }, "steps is");
  refused([](auto& r) { r.tables[0].R = 25; }, "table 0: R: 25 must be 1..24");
  refused([](auto& r) { r.tables[0].starts[0] = 0; }, "starts: must rise from 1, below 2^R");
  refused([](auto& r) { r.tables[0].starts.clear(); }, "of two symbols at least");
  refused([&](auto& r) { r.steps[pop].table = 9999; }, "table: 9999 is not there");
  refused([&](auto& r) { r.steps[pop].R += 1; }, "table: its R is another");
  refused([&](auto& r) { r.steps[pop].symbol = 2; }, "symbol: 2 is not there");
  refused([&](auto& r) { r.steps[push].freq = 0; }, "freq: slots must be some of 2^R");
  refused([&](auto& r) { r.steps[push].start = 1u << 24; }, "freq: slots must be some of 2^R");
  refused([&](auto& r) { r.steps[push].symbol = 1; }, "symbol: 1 is not there");
  refused([](auto& r) { r.steps[0].R = 0; }, "step 0: R: 0 must be 1..24");
}

TEST_CASE("run: what cannot be recorded or decoded is refused") {
  const vae::Model model(support::random_model({}, 3));
  vae::Coder coder(model);
  CHECK_THROWS_AS(vae::record_run(coder, stack::Message<>(1), 1), stack::UnderflowError);
  CHECK_THROWS_WITH(vae::record_run(coder, stack::Message<>(2), 1),
                    Catch::Contains("number of heads is 2"));
  CHECK_THROWS_WITH(vae::record_run(coder, stack::Message<>(1), 0),
                    Catch::Contains("number of images is 0"));
  const vae::Run run = run_of({});
  for (const auto& [shape, why] : std::vector<std::pair<FedShape, std::string>>{
           {{.bytes_per_cycle = 0}, "bytes_per_cycle is 0"},
           {{.buffer_bytes = 1u << 21}, "buffer_bytes is 2097152"},
           {{.tables = 0}, "tables is 0"},
           {{.compares = 0}, "compares is 0"},
           {{.divide_bits = 63}, "divide_bits is 63"}}) {
    CHECK_THROWS_WITH(fed::run_fed(run, shape), Catch::Contains(why));
  }
  fed::FedUnit unit({}, run.head, run.words);
  CHECK_THROWS_WITH(unit.clock(), Catch::Contains("steps to do is 0"));
  unit.begin({.op = vae::Op::kPopUniform, .R = 3, .starts = {}});
  CHECK_THROWS_WITH(unit.begin({}), Catch::Contains("steps that are not done is 1"));
}
