// cosim_axi.cpp — decoder_axi against the golden model: whole containers out of a memory image.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <filesystem>
#include <iostream>

#include "axi_support.hpp"
#include "plan.hpp"
#include "trace.hpp"

using namespace transom;
using namespace transom::axi;

namespace {

const AxiShape kTans4{{LaneKind::kTans, 4}, kMaxTableLog, 128};
const AxiShape kTans16{{LaneKind::kTans, 16}, kMaxTableLog, 128};

std::vector<Tensor> embedded_trace() {
  const char* source = std::getenv("TRANSOM_SOURCE");
  REQUIRE(source != nullptr);
  return read_trace(std::filesystem::path(source) / "golden/traces/digits_cnn_int8");
}

/// Two-sided geometric values: about 5 bits each with a scale of 7.
Tensor made_up(std::uint32_t n, double scale, std::uint32_t seed) {
  Random random(seed);
  Tensor tensor{"made up", {8, true}, {n}, std::vector<value_t>(n)};
  for (value_t& v : tensor.values) {
    const double u = (static_cast<double>(random()) + 1) / 4294967297.0;
    const auto magnitude = static_cast<std::int32_t>(-scale * std::log(u));
    v = to_pattern(std::clamp(random() % 2 != 0 ? -magnitude : magnitude, -128, 127), {8, true});
  }
  return tensor;
}

/// The coding of the kind that uses both streams most.
Coding coding_for(const AxiShape& shape) { return codings_of(shape.unit.kind).back(); }

Case made_up_case(const AxiShape& shape, std::uint32_t n, unsigned table_log,
                  std::uint32_t n_tensors = 1) {
  std::vector<CodedTensor> tensors;
  for (std::uint32_t i = 0; i < n_tensors; ++i) {
    PlanOptions options;
    options.coding = coding_for(shape);
    if (shape.unit.kind != LaneKind::kArith) options.table_log = table_log;
    options.n_lanes = shape.unit.n_streams();
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
  for (const AxiShape& shape : rtl_axi_shapes()) {
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
  for (const AxiShape& shape : rtl_axi_shapes()) {
    for (const Coding coding : codings_of(shape.unit.kind)) {
      if (coding == Coding::kRaw) continue;
      std::vector<CodedTensor> tensors;
      std::uint64_t n_raw = 0;
      for (const Tensor& tensor : trace) {
        PlanOptions options;
        options.coding = coding;
        options.n_lanes = shape.unit.n_streams();
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
        // Beats hold the tensor's values in its own order: chunks have one value.
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
  for (const AxiShape& shape : rtl_axi_shapes()) {
    if (codings_of(shape.unit.kind).empty()) continue;
    Random random(3);
    for (const std::uint32_t n : {0u, 1u, 5u, 16u, 77u, 1000u}) {
      const CodedTensor tensor =
          random_tensor(shape, n, 1 + random() % shape.unit.n_streams(), 1, random);
      const AxiTensor golden = make_axi_tensor(tensor, shape);
      std::vector<value_t> values;
      for (const AxiBeat& beat : golden.beats) {
        for (std::size_t i = 0; i < beat.values.size(); ++i) {
          if (beat.keep[i] != 0) values.push_back(beat.values[i]);
        }
        CHECK(beat.last == (&beat == &golden.beats.back()));
      }
      CHECK(values == decode(tensor).values);
    }
  }
}

TEST_CASE("axi: with enough bandwidth a value per lane and cycle leaves", "[cosim]") {
  for (const AxiShape& shape : rtl_axi_shapes()) {
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
      pressure.beat_period = period;
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

TEST_CASE("axi: a bad stream is told, and the others and the next tensor are not hurt", "[cosim]") {
  for (const AxiShape& shape : rtl_axi_shapes()) {
    if (codings_of(shape.unit.kind).empty()) continue;
    std::array<unsigned, 4> seen{};
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
      Random random(seed);
      std::vector<CodedTensor> tensors;
      for (int i = 0; i < 3; ++i) {
        do {
          if (i < static_cast<int>(tensors.size())) tensors.pop_back();
          tensors.push_back(
              random_tensor(shape, 200 + random() % 400, shape.unit.n_streams(), 1, random));
        } while (tensors.back().code.coding == Coding::kRaw);
      }
      const auto bad = static_cast<std::uint32_t>(random() % shape.unit.n_streams());
      LaneStreams& lane = tensors[1].lanes[bad];
      auto& words = lane.offsets.empty() || random() % 2 == 0 ? lane.symbols : lane.offsets;
      switch (random() % 3) {
        case 0:
          words.resize(words.size() / (1 + random() % 3));
          break;
        case 1:
          words.resize(words.size() + 1 + random() % 80, random());
          break;
        default:
          if (!words.empty()) words[random() % words.size()] ^= 1u << random() % 32;
      }
      const Case c = make_case(shape, std::move(tensors));
      const AxiRun run = run_case(c, seed % 2 == 0 ? AxiPressure{} : random_pressure(seed));
      INFO("kind " << int(shape.unit.kind) << ", seed " << seed);
      check_run(c, run);
      const Status status = c.golden[1].streams[bad].status;
      ++seen[static_cast<unsigned>(status)];
      if (status == Status::kOk) {
        check_ok(run);
      } else {
        REQUIRE(run.reg(AxiRegister::kStatus) ==
                (kAxiDone | kAxiError | static_cast<std::uint32_t>(status) << 8));
        REQUIRE(run.reg(AxiRegister::kErrorDescriptor) == 1);
        REQUIRE(run.reg(AxiRegister::kErrorStream) == bad);
        REQUIRE(run.reg(AxiRegister::kIrqStatus) == 3);
      }
    }
    std::cout << "axi: kind " << int(shape.unit.kind) << ": ok " << seen[0] << ", truncated "
              << seen[1] << ", bad state " << seen[2] << ", trailing " << seen[3] << "\n";
    for (unsigned status = 1; status < 4; ++status) CHECK(seen[status] > 0);
  }
}

TEST_CASE("axi: a descriptor that cannot be is told and skipped, the others decode", "[cosim]") {
  struct Change {
    unsigned word;
    std::uint32_t clear, set;
  };
  const std::vector<Change> changes{
      {0, 0xf00, 0x100},    // another kind
      {0, 0xffff'0000, 0},  // no streams
      {0, 0xffff'0000, 5u << 16},
      {0, 0xf, 15},  // table log over 14
      {0, 0, 0x10},  // reserved bits
      {0, 0, 0x8000},
      {2, 0xffff'ffff, 0},  // table words that are not 2^R
      {2, 0, 1},
      {2, 0, 0x8000'0000},
      {3, 0xffff'ffff, 0},  // rows
      {3, 0xffff'ffff, 257},
      {3, 0, 0x8000'0000},
  };
  std::uint32_t seed = 0;
  for (const Change& change : changes) {
    Random random(++seed);
    std::vector<CodedTensor> tensors;
    for (int i = 0; i < 4; ++i) tensors.push_back(random_tensor(kTans4, 300, 4, 1, random));
    Case c = make_case(kTans4, std::move(tensors));
    const std::uint64_t at = descriptor_word(c.image, 2, change.word);
    write_word(c.image, at, (read_word(c.image, at) & ~change.clear) | change.set);
    c.golden[2] = make_axi_tensor(std::vector<AxiStream>{}, kTans4);
    INFO("change of word " << change.word << " by " << change.set);
    const AxiRun run = run_case(c, random_pressure(seed));
    check_run(c, run);
    CHECK(run.reg(AxiRegister::kStatus) == (kAxiDone | kAxiError | kAxiBadDescriptor));
    CHECK(run.reg(AxiRegister::kErrorDescriptor) == 2);
    CHECK(run.reg(AxiRegister::kErrorStream) == kNoStream);
  }
}

TEST_CASE("axi: a read that fails is told; what it was for is skipped or decoded", "[cosim]") {
  const char* const places[] = {"descriptor", "table",   "rows",   "record",
                                "symbols",    "offsets", "nowhere"};
  for (unsigned place = 0; place < 7; ++place) {
    for (std::uint32_t seed = 0; seed < 8; ++seed) {
      INFO(places[place] << ", seed " << seed);
      Random random(100 + seed);
      std::vector<CodedTensor> tensors;
      PlanOptions options;
      options.table_log = 8;
      const CodedTensor tensor = encode_best(made_up(4000, 7, seed), options);
      for (int i = 0; i < 4; ++i) tensors.push_back(tensor);
      Case c = make_case(kTans4, std::move(tensors));
      const std::uint32_t bad = random() % 4;
      const std::uint64_t payload = address_in(c.image, 1, 10);
      const std::uint64_t record = address_in(c.image, 1, 8) + kRecordBytes * bad;
      const std::uint64_t stream = payload + 4 * read_word(c.image, record + 12);
      const std::uint64_t offsets = stream + 4 * read_word(c.image, record + 4);
      std::uint64_t at = 0;
      std::uint32_t error_stream = kNoStream;
      if (place == 0) at = descriptor_word(c.image, 1, random() % 16);
      if (place == 1) at = address_in(c.image, 1, 4) + 4 * (random() % 256);
      if (place == 2) at = address_in(c.image, 1, 6) + 4 * (random() % 3);
      if (place == 3) at = record;
      if (place == 4) at = stream + 40;
      if (place == 5) at = offsets + 40;
      if (place <= 2) c.golden[1] = make_axi_tensor(std::vector<AxiStream>{}, kTans4);
      if (place == 3) {
        c.golden[1].streams[bad] = {};
        c.golden[1] = make_axi_tensor(c.golden[1].streams, kTans4);
      }
      if (place == 4 || place == 5) error_stream = bad;
      if (place == 6) {  // a payload where no memory is, its words are zero
        error_stream = 0;
        write_word(c.image, descriptor_word(c.image, 1, 11), 0x77);
        for (AxiStream& s : c.golden[1].streams) {
          std::fill(s.symbols.begin(), s.symbols.end(), 0);
          std::fill(s.offsets.begin(), s.offsets.end(), 0);
        }
        CodedTensor zeros = tensor;
        for (std::size_t l = 0; l < 4; ++l) {
          zeros.lanes[l] = {c.golden[1].streams[l].symbols, c.golden[1].streams[l].offsets};
        }
        c.golden[1] = make_axi_tensor(zeros, kTans4);
      }
      const AxiRun run = run_case(c, seed == 0 ? AxiPressure{} : random_pressure(seed),
                                  {{at, at + (place == 6 ? 0u : 4u)}});
      check_run(c, run);
      const std::uint32_t status = run.reg(AxiRegister::kStatus);
      CHECK((status & ~0x700u) == (kAxiDone | kAxiError | kAxiBusError));
      if (place != 6) CHECK(first_bad_status(status) == Status::kOk);
      CHECK(run.reg(AxiRegister::kErrorDescriptor) == 1);
      CHECK(run.reg(AxiRegister::kErrorStream) == error_stream);
    }
  }
}

TEST_CASE("axi: stream records of any kind decode as the golden model does", "[cosim]") {
  for (const AxiShape& shape : rtl_axi_shapes()) {
    if (codings_of(shape.unit.kind).empty()) continue;
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
      INFO("kind " << int(shape.unit.kind) << ", seed " << seed);
      Random random(seed);
      std::vector<CodedTensor> tensors;
      for (std::uint32_t i = 0; i < 1 + seed % 5; ++i) {
        tensors.push_back(
            random_tensor(shape, 1 + random() % 900, shape.unit.n_streams(), 1, random));
      }
      Case c = make_case(shape, std::move(tensors));
      for (std::size_t i = 0; i < c.tensors.size(); ++i) {
        const Codec& coder = codec(c.tensors[i].code.coding);
        const std::vector<std::uint32_t> table = coder.make_table(c.tensors[i].code);
        const std::vector<std::uint32_t> rows = make_row_words(c.tensors[i].code);
        const std::uint64_t records = address_in(c.image, i, 8);
        const std::uint64_t payload = address_in(c.image, i, 10);
        std::vector<AxiStream> streams(c.golden[i].streams.size());
        const std::uint32_t n_streams = read_word(c.image, descriptor_word(c.image, i, 0)) >> 16;
        for (std::uint32_t s = 0; s < n_streams; ++s) {
          const std::uint32_t n_values = random() % 2 * (random() % 300);
          const std::uint32_t n_words[2] = {random() % 2 * (random() % 120),
                                            random() % 2 * (random() % 120)};
          const std::uint32_t first = random() % 50;
          const std::uint32_t record[4] = {n_values, n_words[0], n_words[1], first};
          for (unsigned w = 0; w < 4; ++w) {
            write_word(c.image, records + kRecordBytes * s + 4 * w, record[w]);
          }
        }
        // All records first: a stream may lie over some of them.
        for (std::uint32_t s = 0; s < n_streams; ++s) {
          const std::uint64_t at = records + kRecordBytes * s;
          const std::uint32_t n_values = read_word(c.image, at);
          const std::uint32_t n_words[2] = {read_word(c.image, at + 4), read_word(c.image, at + 8)};
          std::uint64_t word = payload + 4 * std::uint64_t{read_word(c.image, at + 12)};
          LaneStreams lane;
          for (std::uint32_t w = 0; w < n_words[0]; ++w, word += 4) {
            lane.symbols.push_back(read_word(c.image, word));
          }
          for (std::uint32_t w = 0; w < n_words[1]; ++w, word += 4) {
            lane.offsets.push_back(read_word(c.image, word));
          }
          streams[s].values.resize(n_values);
          streams[s].status =
              coder.decode_lane(table.data(), c.tensors[i].code.table_log, rows.data(), lane,
                                Lanes{n_values, 1, 1}, 0, streams[s].values.data());
          streams[s].symbols = lane.symbols;
          streams[s].offsets = lane.offsets;
        }
        c.golden[i] = make_axi_tensor(std::move(streams), shape);
      }
      const AxiRun run = run_case(c, seed % 3 == 0 ? AxiPressure{} : random_pressure(seed));
      check_run(c, run);
      const std::uint32_t status = run.reg(AxiRegister::kStatus);
      CHECK((status & (kAxiBadDescriptor | kAxiDone)) == kAxiDone);
      if ((status & (kAxiError | kAxiBusError)) == kAxiError) {
        const AxiTensor& bad = c.golden.at(run.reg(AxiRegister::kErrorDescriptor));
        CHECK(bad.streams.at(run.reg(AxiRegister::kErrorStream)).status ==
              first_bad_status(status));
      }
    }
  }
}

TEST_CASE("axi: the seeded fault in the fetch is found at the first word it spoils", "[cosim]") {
  Random random(4);
  std::vector<CodedTensor> tensors{random_tensor(kTans4, 3000, 4, 1, random)};
  const Case c = make_case(kTans4, std::move(tensors), kBase + 4);
  AxiBench bench(c.image, c.golden, c.shape);
  const AxiRun run = run_rtl_axi(bench, {.wave = {}, .fault = true});
  REQUIRE(run.first);
  std::cout << "axi: seeded fault: " << run.first->text() << "\n";
  CHECK(run.first->what == AxiMismatch::What::kSymbolWord);
  CHECK(run.first->tensor == 0);
  CHECK(run.first->index == 0);
  CHECK(run.first->want == c.golden[0].streams[run.first->stream].symbols[0]);
}
