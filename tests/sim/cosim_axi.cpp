// cosim_axi.cpp — decoder_axi against the golden model: whole containers, order, rates.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "axi_support.hpp"

using namespace transom;
using namespace transom::axi;

namespace {

/// The coding of the kind that uses both streams most.
Coding coding_for(const AxiShape& shape) { return codings_of(shape.unit.kind).back(); }

Case made_up_case(const AxiShape& shape, std::uint32_t n, unsigned table_log,
                  std::uint32_t n_tensors = 1) {
  std::vector<CodedTensor> tensors;
  for (std::uint32_t i = 0; i < n_tensors; ++i) {
    PlanOptions options;
    options.coding = coding_for(shape);
    if (shape.unit.kind != LaneKind::kArith) options.table_log = table_log;
    options.n_streams = shape.unit.n_streams();
    tensors.push_back(encode_best(made_up(n, 7, 1 + i), options));
    REQUIRE(tensors.back().code.coding == options.coding);
  }
  return make_case(shape, std::move(tensors));
}

std::uint64_t payload_bytes(const Case& c) {
  std::uint64_t bytes = 0;
  for (const CodedTensor& tensor : c.tensors) bytes += record_bytes(tensor).payload;
  return bytes;
}

}  // namespace

TEST_CASE("axi: random containers decode in order out of any memory", "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
    if (codings_of(shape.unit.kind).empty()) continue;
    AxiRun total;
    for (std::uint32_t seed = 0; seed < 30; ++seed) {
      Random random(seed);
      std::vector<CodedTensor> tensors;
      for (std::uint32_t n = 1 + random() % 6; n > 0; --n) {
        const std::uint32_t sizes[] = {0, 1, 2, random() % 40, random() % 3000};
        const std::uint32_t n_values = sizes[random() % 5];
        const std::uint32_t streams = shape.unit.n_streams();
        const std::uint32_t n_lanes = random() % 3 == 0 ? 1 + random() % streams : streams;
        const std::uint32_t chunk = random() % 3 == 0 ? 1 + random() % 70 : 1;
        tensors.push_back(random_tensor(shape, n_values, n_lanes, chunk, random));
      }
      const Case c = make_case(shape, tensors, kBase + 4 * (random() % 200));
      for (std::uint32_t p = 0; p < 4; ++p) {
        INFO("kind " << int(shape.unit.kind) << ", lanes " << shape.unit.n_lanes << ", seed "
                     << seed << ", pressure " << p);
        const AxiPressure pressure = p == 0 ? AxiPressure{} : random_pressure(100 * seed + p);
        const AxiRun run = run_case(c, pressure);
        check_run(c, run);
        check_ok(run);
        total.values += run.values;
        total.cycles += run.cycles;
        total.bursts += run.bursts;
        total.max_outstanding = std::max(total.max_outstanding, run.max_outstanding);
      }
    }
    std::cout << "axi: kind " << int(shape.unit.kind) << ", " << shape.unit.n_lanes << " lanes, "
              << shape.data_bits << " bits: " << total.values << " values, " << total.cycles
              << " cycles, " << total.bursts << " bursts, up to " << total.max_outstanding
              << " outstanding\n";
  }
}

TEST_CASE("axi: the embedded trace decodes in every coding of the kind", "[cosim]") {
  const std::vector<Tensor> trace = embedded_trace();
  for (const AxiShape& shape : kTestShapes) {
    for (const Coding coding : codings_of(shape.unit.kind)) {
      if (coding == Coding::kRaw) continue;
      std::vector<CodedTensor> tensors;
      std::uint64_t n_raw = 0;
      for (const Tensor& tensor : trace) {
        PlanOptions options;
        options.coding = coding;
        options.n_streams = shape.unit.n_streams();
        CodedTensor coded = encode_best(tensor, options);
        n_raw += coded.code.coding == Coding::kRaw;
        if (why_not_in_image(coded, shape).empty()) tensors.push_back(std::move(coded));
      }
      if (shape.unit.kind == LaneKind::kTans) REQUIRE(tensors.size() == trace.size());
      const Case c = make_case(shape, std::move(tensors), kBase + 12);
      for (std::uint32_t seed = 0; seed < 4; ++seed) {
        INFO(codec(coding).name << ", " << shape.unit.n_lanes << " lanes, seed " << seed);
        const AxiRun run = run_case(c, seed == 0 ? AxiPressure{} : random_pressure(seed));
        check_run(c, run);
        check_ok(run);
        if (seed != 0) continue;
        std::cout << "axi: digits_cnn_int8, " << codec(coding).name << ", " << shape.unit.n_lanes
                  << " lanes: " << c.tensors.size() << " tensors (" << n_raw << " raw), "
                  << run.values << " values in " << run.counter(AxiRegister::kCycles)
                  << " cycles\n";
      }
    }
  }
}

TEST_CASE("axi: beats of chunks of one value are the tensor in its order", "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
    if (codings_of(shape.unit.kind).empty()) continue;
    Random random(3);
    for (const std::uint32_t n : {0u, 1u, 5u, 16u, 77u, 1000u}) {
      const CodedTensor tensor =
          random_tensor(shape, n, 1 + random() % shape.unit.n_streams(), 1, random);
      const AxiTensor golden = make_axi_tensor(tensor, shape);
      std::vector<value_t> values;
      for (std::size_t b = 0; b < golden.n_beats(); ++b) {
        const AxiBeat beat = golden.beat(b);
        const std::size_t n_before = values.size();
        for (std::size_t i = 0; i < beat.values.size(); ++i) {
          if (beat.keep[i] != 0) values.push_back(beat.values[i]);
        }
        CHECK(beat.n_kept == values.size() - n_before);
      }
      CHECK(values == decode(tensor).values);
    }
  }
}

TEST_CASE("axi: with enough bandwidth a value per lane and cycle leaves", "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
    if (codings_of(shape.unit.kind).empty()) continue;
    const std::uint32_t n = shape.unit.n_lanes > 4 ? 400'000 : 120'000;
    const Case c = made_up_case(shape, n, 10);
    for (const unsigned latency : {0u, 40u}) {
      AxiPressure pressure;
      pressure.latency = latency;
      const AxiRun run = run_case(c, pressure);
      check_run(c, run);
      check_ok(run);
      const double cycles = static_cast<double>(run.last_beat_cycle - run.first_beat_cycle + 1);
      const double rate = n / cycles / shape.beat_values();
      std::cout << "axi: kind " << int(shape.unit.kind) << ", " << shape.unit.n_lanes
                << " lanes, bus " << shape.data_bits << ", latency " << latency << ": "
                << rate * shape.beat_values() << " values per cycle (" << 100 * rate << " %), "
                << 8.0 * static_cast<double>(payload_bytes(c)) / n << " bits per value, "
                << run.counter(AxiRegister::kCycles) << " cycles\n";
      CHECK(rate >= 0.99);
    }
  }
}

TEST_CASE("axi: with too little bandwidth all of it is used", "[cosim]") {
  for (const AxiShape& shape : {kTans4, kTans16}) {
    for (const unsigned period : {4u, 11u}) {
      if (shape.unit.n_lanes == 4 && period == 4) continue;  // enough
      const Case c = made_up_case(shape, 400'000, 8);
      AxiPressure pressure;
      pressure.memory_rate = beat_tokens(shape.beat_bytes()) / period;
      pressure.latency = 20;
      const AxiRun run = run_case(c, pressure);
      check_run(c, run);
      check_ok(run);
      const double cycles =
          static_cast<double>(run.last_payload_cycle - run.first_payload_cycle + period);
      const double available = cycles * shape.beat_bytes() / period;
      const double used = static_cast<double>(payload_bytes(c)) / available;
      std::cout << "axi: " << shape.unit.n_lanes << " lanes, a beat in " << period
                << " cycles: " << 100 * used << " % of the bandwidth is payload\n";
      CHECK(used >= 0.99);
    }
  }
}

TEST_CASE("axi: a table of 2^R words loads in 2^R / 4 cycles", "[cosim]") {
  for (const unsigned R : {8u, 14u}) {
    const Case c = made_up_case(kTans4, 2'000, R);
    const AxiRun run = run_case(c);
    check_run(c, run);
    check_ok(run);
    const std::uint64_t cycles = run.first_beat_cycle - run.start_cycles.at(0);
    std::cout << "axi: 4 lanes, a table of 2^" << R << ": " << cycles
              << " cycles from the start to the first beat\n";
    CHECK(cycles <= (1u << R) / 4 + 160);
  }
}

TEST_CASE("axi: tensors follow one another without a bubble", "[cosim]") {
  for (const AxiShape& shape : {kTans4, kTans16}) {
    const std::uint32_t n = 12'000 * shape.unit.n_lanes / 4;
    const Case c = made_up_case(shape, n, 8, 12);
    const AxiRun run = run_case(c, {});
    check_run(c, run);
    check_ok(run);
    const double cycles = static_cast<double>(run.last_beat_cycle - run.first_beat_cycle + 1);
    const double rate = 12.0 * n / cycles / shape.beat_values();
    std::cout << "axi: " << shape.unit.n_lanes << " lanes, 12 tensors of " << n
              << " values: " << 100 * rate
              << " % of a value per lane and cycle, switches included\n";
    CHECK(rate >= 0.99);
  }
}

TEST_CASE("axi: the unit starts again after done", "[cosim]") {
  for (const AxiShape& shape : {kTans4, kTans16}) {
    Random random(9);
    std::vector<CodedTensor> tensors;
    for (const std::uint32_t n : {50u, 0u, 700u}) {
      tensors.push_back(random_tensor(shape, n, shape.unit.n_streams(), 1, random));
    }
    const Case c = make_case(shape, std::move(tensors));
    for (const AxiPressure& pressure : {AxiPressure{}, random_pressure(5)}) {
      const AxiRun run = run_case(c, pressure, {}, 3);
      check_run(c, run, 3);
      for (unsigned start = 0; start < 3; ++start) check_ok(run, start);
    }
  }
}

TEST_CASE("axi: no descriptors are done at once", "[cosim]") {
  const Case c = make_case(kTans4, {});
  const AxiRun run = run_case(c);
  check_run(c, run);
  check_ok(run);
  CHECK(run.beats_read == 0);
}
