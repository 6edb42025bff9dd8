// cosim_tiny.cpp — the RTL lane with tables of 16 slots: everything, and one seeded fault in it.
//
// tans_lane.sv with TableLog = 4, its table port answered here. Four symbols whose frequencies sum
// to 16, zeros included, make 969 tables.
// SPDX-License-Identifier: Apache-2.0
#include <Vdecoder_fault.h>
#include <Vtans_lane_tiny.h>

#include <iostream>

#include "cosim_support.hpp"
#include "rtl_unit.hpp"
#include "support.hpp"

using namespace transom;
using namespace transom::cosim;

namespace {

constexpr unsigned kTinyLog = 4;
constexpr Row kRows[] = {{100, 0}, {200, 1}, {300, 2}, {400, 3}};

/// What one job of one value tells.
struct OneValue {
  Retire retire;
  value_t value = 0;
  Status status = Status::kOk;
  int n_retired = 0;
  int n_values = 0;
};

class TinyLane {
 public:
  TinyLane() {
    lane_.rst_ni = 0;
    edge();
    lane_.rst_ni = 1;
    lane_.table_log_i = kTinyLog;
    lane_.n_values_i = 1;
    lane_.value_ready_i = 1;
  }

  OneValue decode(const std::vector<std::uint32_t>& table, std::uint32_t symbols,
                  std::uint32_t offsets) {
    OneValue told;
    lane_.start_i = 1;
    lane_.symbol_valid_i = lane_.offset_valid_i = 1;
    lane_.symbol_word_i = symbols;
    lane_.offset_word_i = offsets;
    lane_.symbol_end_i = lane_.offset_end_i = 1;
    edge();
    lane_.start_i = 0;
    for (int cycle = 0; lane_.busy_o && cycle < 20; ++cycle) clock(table, told);
    told.status = static_cast<Status>(lane_.status_o);
    return told;
  }
  bool assertion_failed() const { return context_.gotError(); }

 private:
  void edge() {
    lane_.clk_i = 0;
    lane_.eval();
    lane_.clk_i = 1;
    lane_.eval();
  }

  void clock(const std::vector<std::uint32_t>& table, OneValue& told) {
    lane_.clk_i = 0;
    lane_.eval();
    const Entry e = to_entry(table[lane_.table_addr_o]);
    const std::uint32_t entry =
        e.symbol | std::uint32_t{e.nbits} << 8 | std::uint32_t{e.base} << 12;
    const std::uint32_t row = to_word(kRows[lane_.row_addr_o & 3]);
    if (lane_.retire_valid_o) {
      told.retire = to_retire(lane_.retire_o);
      ++told.n_retired;
    }
    if (lane_.value_valid_o) {
      told.value = lane_.value_o;
      ++told.n_values;
    }
    const bool symbol_taken = lane_.symbol_valid_i && lane_.symbol_ready_o;
    const bool offset_taken = lane_.offset_valid_i && lane_.offset_ready_o;
    lane_.clk_i = 1;
    lane_.eval();
    lane_.table_data_i = entry;  // read with the address of the cycle that has just ended
    lane_.row_data_i = row;
    if (symbol_taken) lane_.symbol_valid_i = 0;
    if (offset_taken) lane_.offset_valid_i = 0;
  }

  VerilatedContext context_;
  Vtans_lane_tiny lane_{&context_, "lane"};
};

}  // namespace

TEST_CASE("tiny: the RTL lane equals the model for every table, state and look-ahead",
          "[exhaustive]") {
  TinyLane lane;
  Random random(1);
  std::uint64_t n_tables = 0, n_steps = 0, n_wrong = 0;
  support::for_each_freq(4, kTinyLog, [&](const std::vector<std::uint32_t>& freq) {
    ++n_tables;
    const auto table = make_decode_table(freq, kTinyLog, static_cast<Spread>(n_tables % kSpreads));
    for (std::uint32_t t = 0; t < 1u << kTinyLog; ++t) {
      for (std::uint32_t ahead = 0; ahead < 1u << kTinyLog; ++ahead) {
        // What lies beyond must not matter: nothing in half of the cases, noise in the others.
        const std::uint32_t beyond = ahead % 2 ? random() << 8 : 0;
        const std::uint32_t symbols = t | ahead << kTinyLog | beyond;
        const auto offsets = random() & 7;
        const OneValue got = lane.decode(table, symbols, offsets);

        BitReader symbol_reader(&symbols, 1), offset_reader(&offsets, 1);
        std::uint32_t state = symbol_reader.read(kTinyLog);
        const Entry e = decode_step(table.data(), state, symbol_reader);
        const auto value = static_cast<value_t>(kRows[e.symbol].vmin +
                                                offset_reader.read(kRows[e.symbol].offset_bits));
        // A stream of one value ends with the word that nothing was read of, unless asked for.
        const Status status = lane_status(state == 0, symbol_reader, offset_reader);
        ++n_steps;
        n_wrong += got.n_retired != 1 || got.n_values != 1 || got.retire.symbol != e.symbol ||
                   got.retire.nbits != e.nbits || got.retire.state != state || got.value != value ||
                   got.status != status;
      }
    }
  });
  std::cout << "tiny: " << n_tables << " tables, " << n_steps << " steps\n";
  CHECK(n_tables == 969);
  CHECK(n_steps == 248064);
  CHECK(n_wrong == 0);
  CHECK_FALSE(lane.assertion_failed());
}

// sim/rtl.cmake makes the faulty lane: the mask of a step lets a bit too many through if nbits is
// even.
TEST_CASE("tiny: a fault in one mask of the RTL is found at the first symbol that it touches",
          "[cosim]") {
  unsigned n_found = 0;
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const Shape shape{.n_lanes = 1, .R = 4, .alphabet = 4, .max_offset_bits = 3, .max_values = 100};
    const Job job = encoded_job(shape, random);
    const JobLane& lane = job.lanes[0];

    BitReader reader(lane.symbol_words);
    std::uint32_t t = reader.read(job.table_log);
    std::optional<Mismatch> want;
    for (std::uint32_t i = 0; i < lane.n_values && !want; ++i) {
      BitReader ahead = reader;
      const Entry e = decode_step(job.entries.data(), t, reader);
      const std::uint32_t wrong = (e.base + ahead.read(e.nbits | 1)) % (1u << kMaxTableLog);
      if (wrong != t) want = Mismatch{0, 0, i, "state", t, wrong};
    }

    const Verdict got = run_lockstep(job, {}, job, [](Bench& bench) {
      return RtlUnit<Vdecoder_fault>(1, {.assertions = false}).run(bench);
    });
    REQUIRE(got.first.has_value() == want.has_value());
    if (!want) continue;
    ++n_found;
    want->cycle = got.first->cycle;
    CHECK(*got.first == *want);
    CHECK(got.text.find("lane 0, index " + std::to_string(want->index) + ": state: want " +
                        std::to_string(want->want) + ", got " + std::to_string(want->got)) !=
          std::string::npos);
  }
  CHECK(n_found > 10);
}
