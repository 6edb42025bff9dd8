// cosim_axi_errors.cpp — decoder_axi against the golden model: streams, descriptors and reads that
// are not right.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iostream>

#include "axi_support.hpp"
#include "cosim_steps.hpp"
#include "transom/cycle/axi_run.hpp"
#include "transom/lt/axi_platform.hpp"
#include "transom/lt/decoder.hpp"
#include "transom/system/axi_descriptor.hpp"

using namespace transom;
using namespace transom::axi;

namespace {

struct Record {
  std::uint32_t n_values, n_symbols, n_offsets, first;
};

std::uint32_t n_streams_of(const Case& c, std::size_t tensor) {
  return read_word(c.image, descriptor_word(c.image, tensor, 0)) >> 16;
}

void write_record(Case& c, std::size_t tensor, std::uint32_t stream, const Record& record) {
  const std::uint64_t at = address_in(c.image, tensor, 8) + kRecordBytes * stream;
  write_word(c.image, at, record.n_values);
  write_word(c.image, at + 4, record.n_symbols);
  write_word(c.image, at + 8, record.n_offsets);
  write_word(c.image, at + 12, record.first);
}

/// What the golden model makes of a tensor's records, wherever they point.
void decode_memory(Case& c, std::size_t tensor) {
  const Code& code = c.tensors[tensor].code;
  const Codec& coder = codec(code.coding);
  const std::vector<std::uint32_t> table = coder.make_table(code);
  const std::vector<std::uint32_t> rows = make_row_words(code);
  std::vector<AxiStream> streams(n_streams_of(c, tensor));
  for (std::size_t s = 0; s < streams.size(); ++s) {
    const std::uint64_t at = address_in(c.image, tensor, 8) + kRecordBytes * s;
    const std::uint32_t n_values = read_word(c.image, at);
    std::uint64_t word =
        address_in(c.image, tensor, 10) + 4 * std::uint64_t{read_word(c.image, at + 12)};
    StreamWords lane;
    for (std::uint32_t w = read_word(c.image, at + 4); w > 0; --w, word += 4) {
      lane.symbols.push_back(read_word(c.image, word));
    }
    for (std::uint32_t w = read_word(c.image, at + 8); w > 0; --w, word += 4) {
      lane.offsets.push_back(read_word(c.image, word));
    }
    streams[s].values.resize(n_values);
    streams[s].status = coder.decode_stream(table, code.table_log, rows, lane,
                                            StreamLayout{n_values, 1, 1}, 0, streams[s].values);
    streams[s].symbols = std::move(lane.symbols);
    streams[s].offsets = std::move(lane.offsets);
  }
  c.golden[tensor] = make_axi_tensor(std::move(streams), c.shape);
}

/// Spoils the table or the rows of a tensor in memory until they are none; its golden values are
/// those of the slow form.
void forge_table(Case& c, std::size_t tensor, Random& random) {
  const std::uint64_t table = address_in(c.image, tensor, 4), rows = address_in(c.image, tensor, 6);
  const auto words_at = [&](std::uint64_t at, unsigned count_word) {
    std::vector<std::uint32_t> words(
        read_word(c.image, descriptor_word(c.image, tensor, count_word)));
    for (std::uint32_t& word : words) word = read_word(c.image, std::exchange(at, at + 4));
    return words;
  };
  cosim::Kept kept;
  while (!kept.bad) {
    cosim::Job job{c.shape.unit.kind, c.tensors[tensor].code.table_log, words_at(table, 2), {}, {}};
    job.rows = words_at(rows, 3);
    auto& words = random() % 4 == 0 ? job.rows : job.entries;
    const std::size_t index = random() % words.size();
    words[index] = random() % 2 == 0 ? random() : words[index] ^ 1u << random() % 32;
    write_word(c.image, (&words == &job.rows ? rows : table) + 4 * index, words[index]);
    if ((read_word(c.image, descriptor_word(c.image, tensor, 0)) & kBuildsBit) != 0) {
      unit::CountWords counts;
      std::copy_n(job.entries.begin(), counts.size(), counts.begin());
      const auto last_row = static_cast<unsigned>(job.rows.size()) - 1;
      job.entries = unit::build_table({job.table_log, last_row}, counts);
    }
    kept = cosim::kept_of(std::move(job));
  }
  if (!unit::lane_traits(kept.job.kind).counts) kept.job.entries.resize(1u << kept.job.table_log);
  std::vector<AxiStream> streams = c.golden[tensor].streams;
  streams.resize(n_streams_of(c, tensor));
  for (unsigned s = 0; s < streams.size(); ++s) {
    AxiStream& stream = streams[s];
    const auto n_values = static_cast<std::uint32_t>(stream.values.size());
    kept.job.streams.push_back({n_values, stream.symbols, stream.offsets});
    stream.values.clear();
    for (const cosim::Step& step : cosim::steps_of(kept.job, s)) {
      stream.values.insert(stream.values.end(), step.values.begin(), step.values.end());
    }
    stream.status = Status::kBadTable;
  }
  c.golden[tensor] = make_axi_tensor(std::move(streams), c.shape);
}

/// Values and words are the golden model's, and so is the error that is told.
void check_told(const Case& c, const AxiRun& run) {
  check_run(c, run);
  const std::uint32_t status = run.reg(AxiRegister::kStatus);
  CHECK((status & (axi_error_bit(AxiCause::kDescriptor) | kAxiDone)) == kAxiDone);
  bool any_bad = false;
  for (const AxiTensor& tensor : c.golden) {
    for (const AxiStream& stream : tensor.streams) any_bad |= stream.status != Status::kOk;
  }
  CHECK((first_bad_status(status) != Status::kOk) == any_bad);
  if ((status & (kAxiError | axi_error_bit(AxiCause::kRead))) != kAxiError) return;
  const AxiTensor& bad = c.golden.at(run.reg(AxiRegister::kErrorDescriptor));
  CHECK(bad.streams.at(run.reg(AxiRegister::kErrorStream)).status == first_bad_status(status));
}

}  // namespace

TEST_CASE("axi: a bad stream is told, and the others and the next tensor are not hurt", "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
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
      StreamWords& lane = tensors[1].streams[bad];
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
      const AxiRun run = run_case(c, seed % 2 == 0 ? AxiPressure{} : random_pressure(seed), {}, 2);
      INFO("kind " << int(shape.unit.kind) << ", seed " << seed);
      check_run(c, run, 2);
      const Status status = c.golden[1].streams[bad].status;
      ++seen[static_cast<unsigned>(status)];
      for (unsigned start = 0; start < 2; ++start) {
        if (status == Status::kOk) {
          check_ok(run, start);
        } else {
          REQUIRE(run.reg(AxiRegister::kStatus, start) ==
                  (status_of(AxiCause::kStream) | static_cast<std::uint32_t>(status) << 8));
          REQUIRE(run.reg(AxiRegister::kErrorDescriptor, start) == 1);
          REQUIRE(run.reg(AxiRegister::kErrorStream, start) == bad);
          REQUIRE(run.reg(AxiRegister::kIrqStatus, start) == 3);
        }
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
    const AxiRun run = run_case(c, random_pressure(seed), {}, 2);
    check_run(c, run, 2);
    for (unsigned start = 0; start < 2; ++start) {
      CHECK(run.reg(AxiRegister::kStatus, start) == status_of(AxiCause::kDescriptor));
      CHECK(run.reg(AxiRegister::kErrorDescriptor, start) == 2);
      CHECK(run.reg(AxiRegister::kErrorStream, start) == kNoStream);
    }
  }
}

TEST_CASE("axi: a read that fails is told, what it was for is skipped or decoded", "[cosim]") {
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
          zeros.streams[l] = {c.golden[1].streams[l].symbols, c.golden[1].streams[l].offsets};
        }
        c.golden[1] = make_axi_tensor(zeros, kTans4);
      }
      const AxiRun run = run_case(c, seed == 0 ? AxiPressure{} : random_pressure(seed),
                                  {{at, at + (place == 6 ? 0u : 4u)}});
      check_run(c, run);
      const std::uint32_t status = run.reg(AxiRegister::kStatus);
      CHECK((status & ~0x700u) == status_of(AxiCause::kRead));
      if (place != 6) CHECK(first_bad_status(status) == Status::kOk);
      CHECK(run.reg(AxiRegister::kErrorDescriptor) == 1);
      CHECK(run.reg(AxiRegister::kErrorStream) == error_stream);
    }
  }
}

TEST_CASE("axi: stream records of any kind decode as the golden model does", "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
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
        for (std::uint32_t s = 0; s < n_streams_of(c, i); ++s) {
          const std::uint32_t n_values = random() % 2 * (random() % 300);
          const std::uint32_t n_symbols = random() % 2 * (random() % 120);
          const std::uint32_t n_offsets = random() % 2 * (random() % 120);
          write_record(c, i, s, {n_values, n_symbols, n_offsets, random() % 50});
        }
        decode_memory(c, i);
      }
      check_told(c, run_case(c, seed % 3 == 0 ? AxiPressure{} : random_pressure(seed)));
    }
  }
}

TEST_CASE("axi: streams of very different lengths, most of them nowhere, all end", "[cosim]") {
  Random random(2);
  std::vector<CodedTensor> tensors;
  for (int i = 0; i < 3; ++i) tensors.push_back(random_tensor(kTans4, 500, 4, 1, random));
  Case c = make_case(kTans4, std::move(tensors));
  write_record(c, 0, 0, {3, 60'000, 20'000, 0});
  write_record(c, 0, 1, {100'000, 0, 0, 0});
  write_record(c, 0, 2, {0, 1, 30'000, 0xffff'ff00});
  write_record(c, 1, 3, {20'000, 20, 2, 0});
  for (std::size_t i = 0; i < 2; ++i) decode_memory(c, i);
  for (std::uint32_t seed = 0; seed < 4; ++seed) {
    const AxiRun run = run_case(c, seed == 0 ? AxiPressure{} : random_pressure(seed));
    check_told(c, run);
    CHECK((run.reg(AxiRegister::kStatus) & axi_error_bit(AxiCause::kRead)) != 0);
  }
}

TEST_CASE("rtl 1: a forged table is told as its descriptor's, and decodes alike at every level",
          "[cosim]") {
  constexpr std::uint32_t kTold = status_of(AxiCause::kStream) | 5u << 8;  // BadTable
  for (const AxiShape& shape : kTestShapes) {
    if (codings_of(shape.unit.kind).empty()) continue;
    for (std::uint32_t seed = 0; seed < 12; ++seed) {
      INFO("kind " << int(shape.unit.kind) << ", seed " << seed);
      Random random(seed);
      std::vector<CodedTensor> tensors;
      for (int i = 0; i < 4; ++i) {
        tensors.push_back(
            random_tensor(shape, 1 + random() % 400, shape.unit.n_streams(), 1, random));
      }
      Case c = make_case(shape, std::move(tensors));
      forge_table(c, 2, random);
      const AxiPressure pressure = seed % 2 == 0 ? AxiPressure{} : random_pressure(seed);
      const AxiRun rtl = run_case(c, pressure, {}, 2);
      check_run(c, rtl, 2);
      AxiBench bench(c.image, c.golden, c.shape, pressure);
      const AxiRun model = cycle::run_axi_model(bench, {.shape = c.shape});
      check_run(c, model);
      lt::AxiPlatform platform(c.image, c.shape, pressure);
      AxiRegisters lt;
      lt.descriptors = c.image.descriptors;
      lt.n_descriptors = c.image.n_descriptors;
      lt::Decoder({.shape = c.shape}, platform).run(lt);
      CHECK((platform.values() == values_out(c.golden)));
      const auto told = [](AxiRegister r) { return static_cast<std::uint32_t>(r); };
      for (const auto& [of, want] : {std::pair{AxiRegister::kErrorDescriptor, 2u},
                                     std::pair{AxiRegister::kErrorStream, kNoStream}}) {
        CHECK(rtl.reg(of, 0) == want);
        CHECK(rtl.reg(of, 1) == want);
        CHECK(model.reg(of) == want);
        CHECK(lt.read(told(of)) == want);
      }
      CHECK(rtl.reg(AxiRegister::kStatus, 0) == kTold);
      CHECK(rtl.reg(AxiRegister::kStatus, 1) == kTold);
      CHECK(model.reg(AxiRegister::kStatus) == kTold);
      CHECK((lt.read(told(AxiRegister::kStatus)) | kAxiDone) == kTold);
    }
  }
}

TEST_CASE("axi: the seeded fault in the fetch is found at the first word it spoils", "[cosim]") {
  Random random(4);
  std::vector<CodedTensor> tensors{random_tensor(kTans4, 3000, 4, 1, random)};
  const Case c = make_case(kTans4, std::move(tensors), kBase + 4);
  AxiBench bench(c.image, c.golden, c.shape);
  const AxiRun run = run_rtl_axi(bench, {.shape = kTans4}, {.fault = "fetch"});
  REQUIRE(run.first);
  std::cout << "axi: seeded fault: " << run.first->text() << "\n";
  CHECK(run.first->what == AxiMismatch::What::kSymbolWord);
  CHECK(run.first->tensor == 0);
  CHECK(run.first->index == 0);
  CHECK(run.first->want == c.golden[0].streams[run.first->stream].symbols[0]);
}
