// cosim_wide_model.cpp — the cycle model of the wide unit against the golden model: values of any
// tensors in any shape, verdicts of damaged records, every cycle told. Without the RTL, which
// cosim_wide.cpp holds it to.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "wide_support.hpp"

using namespace transom;
using namespace transom::wide_cases;

namespace {

/// Each cycle of a run is told once, for what the unit did or why not.
void check_counts(const AxiRun& run) {
  std::uint64_t told = 0;
  for (const AxiRegister r :
       {AxiRegister::kFill, AxiRegister::kSymbolWords, AxiRegister::kOffsetWords,
        AxiRegister::kConsumer, AxiRegister::kTurn, AxiRegister::kIdle, AxiRegister::kBeats}) {
    told += run.counter(r);
  }
  REQUIRE(told == run.counter(AxiRegister::kCycles));
}

}  // namespace

TEST_CASE("wide model: values of any tensors in any shape, and no cycle untold", "[cosim]") {
  std::uint64_t values = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    support::Random random(seed);
    const unsigned n_lanes = 4u << seed % 6;
    const wide::Parameters unit =
        shape(n_lanes, 64u << random() % 4, 8u << random() % 6, random_kind(random));
    std::vector<CodedTensor> tensors;
    for (unsigned i = 0; i < 1 + random() % 6; ++i) tensors.push_back(random_coded(unit, random));
    const Case c = make_case(unit, std::move(tensors));
    const unsigned closed = seed % 3 == 0 ? 0 : random() % 60;
    const AxiRun run = c.run({.seed = seed,
                              .ar_closed = closed,
                              .r_closed = closed,
                              .values_closed = seed % 3 == 1 ? 0 : closed,
                              .latency = random() % 100,
                              .more_latency = random() % 20});
    INFO(n_lanes << " lanes, seed " << seed);
    REQUIRE(run.fault.empty());
    REQUIRE((run.first ? run.first->text() : "").empty());
    REQUIRE(run.reg(AxiRegister::kStatus) == kAxiDone);
    REQUIRE(run.values == c.image.n_values);
    REQUIRE(run.counter(AxiRegister::kValues) == c.image.n_values);
    REQUIRE(run.counter(AxiRegister::kBeatsRead) ==
            (c.image.section_words + unit.axi.beat_words() - 1) / unit.axi.beat_words());
    check_counts(run);
    values += run.values;
  }
  std::cout << "wide model: " << values << " values\n";
}

TEST_CASE("wide model: lanes that are fed retire a value in every cycle", "[cosim]") {
  support::Random random(3);
  const LaneKind kind = GENERATE(LaneKind::kNrans, LaneKind::kTans);
  for (const unsigned n_lanes : {16u, 64u, 128u}) {
    const wide::Parameters unit = shape(n_lanes, 512, 128, kind);
    const Case c = make_case(unit, {coded(unit.coding(), 4, 2000 * n_lanes, n_lanes, random)});
    const AxiRun run = c.run();
    REQUIRE(run.n_mismatches == 0);
    CHECK(run.counter(AxiRegister::kBeats) == 2000);
    CHECK(run.layers[0].last_beat_cycle - run.layers[0].first_beat_cycle == 1999);
  }
}

TEST_CASE("wide model: a damaged record has the golden verdict, the next one its values",
          "[cosim]") {
  std::array<unsigned, 8> seen{};
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    support::Random random(seed);
    const unsigned n_lanes = 8;
    const auto unit = shape(n_lanes, 128, 8u << seed % 3, random_kind(random));
    Case c = make_case(unit, {coded(unit.coding(), 1 + random() % 12, 1 + random() % 400,
                                    1 + random() % n_lanes, random),
                              coded(unit.coding(), 8, 300, n_lanes, random)});
    const std::uint32_t n_first =
        c.image.section_words - static_cast<std::uint32_t>(wide_record(c.tensors[1]).size());
    const std::uint64_t at = c.image.descriptors - c.image.base;
    // A bit behind the header; or fewer values, so that halfwords are left over; or more.
    std::array<std::uint32_t, kWideHeaderWords> head{word_at(c.image, 0), word_at(c.image, 1),
                                                     word_at(c.image, 2)};
    if (seed % 4 == 0) {
      head[1] = 1 + random() % (2 * head[1]);
      for (unsigned byte = 0; byte < 4; ++byte) {
        c.image.bytes[at + 4 + byte] = static_cast<std::uint8_t>(head[1] >> 8 * byte);
      }
    } else {
      const std::size_t bit =
          32 * kWideHeaderWords + random() % (32 * (n_first - kWideHeaderWords));
      c.image.bytes[at + bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    }
    std::vector<std::uint32_t> record;
    for (std::uint32_t i = 0; i < n_first; ++i) record.push_back(word_at(c.image, i));
    const WideTensor golden = read_wide_record(to_wide_header(head), record);
    const AxiRun run = c.run(c.start());
    INFO("seed " << seed << ", " << status_name(golden.status));
    REQUIRE(run.fault.empty());
    const std::uint32_t status = run.reg(AxiRegister::kStatus);
    CHECK(first_bad_status(status) == golden.status);
    CHECK(first_cause(status) ==
          (golden.status == Status::kOk ? AxiCause::kNone : AxiCause::kStream));
    CHECK(run.reg(AxiRegister::kErrorDescriptor) == 0);
    REQUIRE(run.layers.empty());
    const bool skipped = golden.status == Status::kBadTable;
    CHECK(run.counter(AxiRegister::kValues) == (skipped ? 0 : head[1]) + 300);
    check_counts(run);
    ++seen[static_cast<unsigned>(golden.status)];
  }
  for (const Status status :
       {Status::kOk, Status::kTruncated, Status::kBadState, Status::kTrailing, Status::kBadTable}) {
    CHECK(seen[static_cast<unsigned>(status)] > 5);
  }
}

TEST_CASE("wide model: limits, forged headers and short sections end the run", "[cosim]") {
  support::Random random(5);
  const LaneKind kind = GENERATE(LaneKind::kNrans, LaneKind::kTans);
  const wide::Parameters unit = shape(8, 64, 8, kind);
  const auto coding = static_cast<unsigned>(unit.coding());
  const Case c = make_case(
      unit, {coded(unit.coding(), 8, 300, 8, random), coded(Coding::kRaw, 8, 100, 1, random)});
  const auto cause_of = [&](const Case& of, const AxiStart& start, std::uint32_t tensor) {
    const AxiRun run = of.run(start);
    REQUIRE(run.fault.empty());
    check_counts(run);
    CHECK(run.reg(AxiRegister::kErrorDescriptor) == tensor);
    return first_cause(run.reg(AxiRegister::kStatus));
  };
  AxiStart start = c.start();
  start.limits = image_limits(c.image);
  CHECK(cause_of(c, start, 0) == AxiCause::kNone);
  start.limits.max_values = 399;
  CHECK(cause_of(c, start, 1) == AxiCause::kLimit);
  start.limits.max_values = 299;
  CHECK(cause_of(c, start, 0) == AxiCause::kLimit);
  start.limits.max_descriptors = 1;
  CHECK(cause_of(c, start, 0) == AxiCause::kLimit);
  start.limits = {};
  start.limits.window_limit = c.image.descriptors + 63;
  CHECK(cause_of(c, start, 0) == AxiCause::kWindow);
  start.limits = {};
  --start.section_words;
  CHECK(cause_of(c, start, 1) == AxiCause::kDescriptor);
  start.section_words += 2;  // the index behind it
  CHECK(cause_of(c, start, 2) == AxiCause::kDescriptor);
  start.section_words = 0;
  CHECK(cause_of(c, start, 0) == AxiCause::kDescriptor);
  start.n_descriptors = 0;
  CHECK(cause_of(c, start, 0) == AxiCause::kNone);
  for (const auto& [byte, value] : std::vector<std::pair<unsigned, std::uint8_t>>{
           // coding, R, that of the other kind of lane, streams, reserved bits
           {0, 0x1d},
           {0, static_cast<std::uint8_t>(coding << 4 | (unit.axi.shape.unit.table_log + 1))},
           {0, static_cast<std::uint8_t>((coding ^ 4) << 4 | 3)},
           {1, 8},
           {3, 2}}) {
    Case forged = c;
    forged.image.bytes[forged.image.descriptors - forged.image.base + byte] = value;
    CHECK(cause_of(forged, c.start(), 0) == AxiCause::kDescriptor);
  }
}

TEST_CASE("wide model: an abort ends the run in whole frames, the next one is as the first",
          "[cosim]") {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    support::Random random(seed);
    const wide::Parameters unit = shape(8, 64, 8, random_kind(random));
    std::vector<CodedTensor> tensors;
    for (unsigned i = 0; i < 3; ++i) tensors.push_back(random_coded(unit, random));
    const Case c = make_case(unit, std::move(tensors));
    AxiStart aborted = c.start();
    aborted.abort_after = random() % 300;
    AxiStart again = c.start();
    again.tensors = c.golden;
    AxiBench bench(c.image, std::vector{aborted, again}, c.unit.axi.shape,
                   {.seed = seed, .values_closed = seed % 2 * 40, .latency = 20});
    const AxiRun run = wide::run_model(bench, c.unit);
    INFO("seed " << seed);
    REQUIRE(run.fault.empty());
    CHECK(run.n_mismatches == 0);
    CHECK(run.reg(AxiRegister::kStatus, 1) == kAxiDone);
  }
}
