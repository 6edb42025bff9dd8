// cosim_wide.cpp — the wide unit: its cycle model against the Verilated one, the same outputs in
// every clock, and both against the golden model, whatever memory, consumer and software do, and
// whatever is in memory.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "axi_compare.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/container/interleave.hpp"
#include "transom/verilated/rtl_wide.hpp"
#include "transom/wide/image.hpp"
#include "transom/wide/run.hpp"

using namespace transom;
using namespace transom::axi;

namespace {

/// Few lanes and many, a window of less than a round's wishes, and of more than all; shapes.sh has
/// the same.
wide::Parameters parameters(LaneKind kind, unsigned n_lanes, unsigned data_bits, unsigned table_log,
                            unsigned halves, unsigned max_offset) {
  wide::Parameters p{.axi = {.shape = {{kind, n_lanes, table_log, kMaxApackRows}, data_bits}},
                     .halves = halves,
                     .max_offset = max_offset};
  wide::check_parameters(p);
  return p;
}
std::vector<wide::Parameters> all_parameters() {
  return {parameters(LaneKind::kNrans, 4, 64, 12, 8, 16),
          parameters(LaneKind::kNrans, 16, 128, 10, 8, 8),
          parameters(LaneKind::kTans, 8, 128, 8, 8, 16)};
}

std::string name_of(const wide::Parameters& unit) {
  return std::to_string(unit.n_lanes()) + " lanes of " + std::string(codec(unit.coding()).name);
}

struct WideCase {
  wide::Parameters unit;
  std::vector<CodedTensor> tensors;
  AxiImage image;
  std::vector<AxiTensor> golden;
};
WideCase make_wide_case(const wide::Parameters& unit, std::vector<CodedTensor> tensors) {
  WideCase made{unit, std::move(tensors), {}, {}};
  made.image = wide::make_image(write_wide_container(made.tensors), made.tensors, unit, kBase);
  for (const CodedTensor& tensor : made.tensors) {
    made.golden.push_back(wide::make_tensor(tensor, unit));
  }
  return made;
}

/// @param n_streams 0: any number, and raw values now and then
CodedTensor random_wide(const wide::Parameters& unit, std::uint32_t n_values, Random& random,
                        unsigned n_streams = 0) {
  std::mt19937 engine(random());
  const unsigned bits = 1 + random() % unit.max_offset;
  const DType dtype{static_cast<std::uint8_t>(bits), random() % 2 == 0};
  const bool raw = n_values == 0 || (n_streams == 0 && random() % 5 == 0);
  const Code code = support::random_wide_code(raw ? Coding::kRaw : unit.coding(), dtype, engine,
                                              unit.axi.shape.unit.table_log);
  Tensor tensor = support::random_tensor(dtype, {n_values}, engine);
  tensor.name = "random";
  if (n_streams == 0) n_streams = raw ? 1 : 1 + random() % unit.n_lanes();
  return encode(tensor, code, n_streams, 1);
}
std::vector<CodedTensor> random_tensors(const wide::Parameters& unit, Random& random) {
  std::vector<CodedTensor> tensors;
  for (std::uint32_t n = 1 + random() % 6; n > 0; --n) {
    const std::uint32_t most = random() % 2 == 0 ? 2 * unit.n_lanes() : 1500;
    tensors.push_back(random_wide(unit, random() % 8 == 0 ? 0 : 1 + random() % most, random));
  }
  return tensors;
}

Compared compare(const WideCase& c, const std::vector<AxiStart>& starts,
                 const AxiPressure& pressure, const std::vector<AxiFaultRange>& faults = {},
                 const std::string& fault = {}) {
  return compare_runs(
      [&] { return Recorder(c.image, starts, c.unit.axi.shape, pressure, faults); },
      [&](AxiBench& bench) {  // of a seeded fault the comparison tells, not an assertion
        return run_rtl_wide(bench, c.unit, {.fault = fault, .assertions = fault.empty()});
      },
      [&](AxiBench& bench) { wide::run_model(bench, c.unit); });
}

/// What software does to have all of it decoded.
AxiStart start_of(const WideCase& c) {
  return {.descriptors = c.image.descriptors,
          .n_descriptors = c.image.n_descriptors,
          .section_words = c.image.section_words,
          .tensors = c.golden};
}
AxiStart unwatched(AxiStart start) {
  start.tensors.reset();
  return start;
}

}  // namespace

TEST_CASE("wide: equal to the RTL in every clock, at rest and under pressure", "[cosim]") {
  for (const wide::Parameters& unit : all_parameters()) {
    std::uint64_t clocks = 0;
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
      Random random(seed);
      const WideCase c = make_wide_case(unit, random_tensors(unit, random));
      INFO(name_of(unit) << ", seed " << seed);
      const Compared compared = compare(c, std::vector(1 + seed % 2, start_of(c)),
                                        seed < 10 ? AxiPressure{} : random_pressure(seed));
      REQUIRE(compared.run.fault == "");
      CHECK(compared.run.n_mismatches == 0);
      CHECK((compared.run.reg(AxiRegister::kStatus) & kAxiError) == 0);
      REQUIRE(compared.first == "");
      clocks += compared.clocks;
    }
    std::cout << "wide: " << name_of(unit) << ": " << clocks << " clocks equal\n";
  }
}

TEST_CASE("wide: equal to the RTL on memory that is not right", "[cosim]") {
  for (const wide::Parameters& unit : all_parameters()) {
    std::uint64_t clocks = 0;
    std::array<unsigned, 8> seen{};  // by first cause
    std::array<unsigned, 8> statuses{};
    for (std::uint32_t seed = 0; seed < 120; ++seed) {
      Random random(1000 + seed);
      WideCase c = make_wide_case(unit, random_tensors(unit, random));
      std::vector<AxiFaultRange> faults;
      const std::uint64_t words = c.image.section_words;
      switch (seed % 4) {
        case 0:  // a failed read
          faults.push_back({c.image.descriptors + random() % (4 * words), 0});
          faults[0].end = faults[0].begin + 1 + random() % 64;
          break;
        case 1:  // the section is shorter, or longer, than its records
          c.image.section_words = static_cast<std::uint32_t>(random() % (words + 8));
          c.image.bytes.resize(c.image.bytes.size() + 64);
          break;
        case 2: {  // the first record says that it has fewer halfwords
          const std::uint64_t at = c.image.descriptors - c.image.base + 8;
          c.image.bytes[at] = static_cast<std::uint8_t>(c.image.bytes[at] / 2);
          break;
        }
        default:  // bits
          for (unsigned i = 0; i < 1 + seed % 3; ++i) {
            const std::uint64_t at = c.image.descriptors - c.image.base + random() % (4 * words);
            c.image.bytes[at] = static_cast<std::uint8_t>(c.image.bytes[at] ^ 1u << random() % 8);
          }
      }
      INFO(name_of(unit) << ", seed " << seed);
      AxiStart start = unwatched(start_of(c));
      start.limits.max_values = 5'000;  // a count may be any now
      const Compared compared =
          compare(c, {start}, seed % 8 < 4 ? AxiPressure{} : random_pressure(seed), faults);
      CHECK(compared.run.fault.find("assertion") == std::string::npos);
      REQUIRE(compared.first == "");
      clocks += compared.clocks;
      const std::uint32_t status = compared.run.reg(AxiRegister::kStatus);
      ++seen[status >> 20 & 7];
      ++statuses[status >> 8 & 7];
    }
    std::cout << "wide: " << name_of(unit) << ": " << clocks << " clocks equal; causes";
    for (const unsigned n : seen) std::cout << ' ' << n;
    std::cout << "; statuses";
    for (const unsigned n : statuses) std::cout << ' ' << n;
    std::cout << "\n";
    for (const Status status :
         {Status::kTruncated, Status::kBadState, Status::kTrailing, Status::kBadTable}) {
      CHECK(statuses[static_cast<unsigned>(status)] != 0);
    }
  }
}

TEST_CASE("wide: aborts and limits, equal to the RTL in every clock", "[cosim]") {
  for (const wide::Parameters& unit : all_parameters()) {
    std::array<unsigned, 8> seen{};  // by first cause
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
      Random random(2000 + seed);
      const WideCase c = make_wide_case(unit, random_tensors(unit, random));
      AxiStart first = unwatched(start_of(c));
      if (seed % 3 != 2) first.abort_after = random() % 400;
      if (seed % 3 == 2) {
        switch (seed / 3 % 4) {
          case 0:
            first.limits.max_values = random() % 1000;
            break;
          case 1:
            first.limits.max_descriptors = random() % 4;
            break;
          case 2:
            first.limits.window_limit = c.image.descriptors + random() % 4000;
            break;
          default:
            first.limits.window_base = c.image.descriptors - 8 + random() % 64;
        }
      }
      INFO(name_of(unit) << ", seed " << seed);
      const Compared compared =
          compare(c, {first, start_of(c)}, seed % 2 == 0 ? AxiPressure{} : random_pressure(seed));
      CHECK(compared.run.fault == "");
      REQUIRE(compared.first == "");
      ++seen[compared.run.reg(AxiRegister::kStatus) >> 20 & 7];
      CHECK((compared.run.reg(AxiRegister::kStatus, 1) & kAxiError) == 0);
    }
    for (const AxiCause cause : {AxiCause::kWindow, AxiCause::kLimit, AxiCause::kAborted}) {
      CHECK(seen[static_cast<unsigned>(cause)] != 0);
    }
  }
}

TEST_CASE("wide: a table that is built while another is at work is found", "[cosim]") {
  // What is left of a tensor waits for room while the next one's counts are there.
  const wide::Parameters unit = all_parameters()[2];
  std::string found;
  for (std::uint32_t seed = 0; seed < 20 && found.empty(); ++seed) {
    Random random(seed);
    const WideCase c = make_wide_case(unit, random_tensors(unit, random));
    const Compared compared =
        compare(c, {unwatched(start_of(c))}, {.seed = seed, .values_closed = 80}, {}, "overwrite");
    found = compared.first + compared.run.fault;
  }
  CHECK(found != "");
}

TEST_CASE("wide: the seeded fault in the router is found, at the first wrong step", "[cosim]") {
  Random random(4);
  const wide::Parameters unit = all_parameters()[1];  // a round's wishes are up to four blocks
  const WideCase c = make_wide_case(unit, {random_wide(unit, 3000, random, unit.n_lanes())});
  const Compared compared = compare(c, {start_of(c)}, {}, {}, "router");
  CHECK(compared.first != "");
  REQUIRE(compared.run.first.has_value());
  const AxiMismatch& first = *compared.run.first;
  INFO(first.text());
  CHECK((first.what >= AxiMismatch::What::kSymbol && first.what <= AxiMismatch::What::kState));
  // As the golden decoder reads that stream.
  const CodedTensor& tensor = c.tensors[0];
  const std::vector<std::uint32_t> table = codec(tensor.code.coding).make_table(tensor.code);
  BitReader bits(tensor.streams.at(first.stream).symbols);
  NransDecoder<> decoder{table.data(), tensor.code.table_log};
  decoder.start(bits);
  for (std::uint64_t i = 0; i < first.index; ++i) decoder.step(bits);
  CHECK(first.bit == bits.position());
}
