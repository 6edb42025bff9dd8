// cosim_tiny.cpp — the RTL lane with tables of 16 slots: everything; and seeded faults in the RTL.
//
// tans_lane.sv with TableLog = 4, its table port answered here. Four symbols whose frequencies sum
// to 16, zeros included, make 969 tables; narrow rANS steps through those of all smaller R, too.
// What the faulty decoders are is in tests/rtl/faults.
// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <iostream>
#include <memory>

#include "cosim_support.hpp"
#include "rtl/nrans.hpp"
#include "rtl/tans_lane.hpp"
#include "support.hpp"
#include "transom/verilated/shapes.hpp"

using namespace transom;
using namespace transom::verilated;
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
  int n_done = 0;
};

class TinyLane {
 public:
  TinyLane() {
    lane_.rst_ni = 0;
    edge();
    lane_.rst_ni = 1;
    lane_.job_table_log_i = kTinyLog;
    lane_.job_n_values_i = 1;
    lane_.value_ready_i = 1;
    lane_.symbol_last_i = lane_.offset_last_i = 1;
  }

  OneValue decode(const std::vector<std::uint32_t>& table, std::uint32_t symbols,
                  std::uint32_t offsets) {
    OneValue told;
    lane_.job_valid_i = lane_.symbol_valid_i = lane_.offset_valid_i = 1;
    lane_.symbol_word_i = symbols;
    lane_.offset_word_i = offsets;
    for (int cycle = 0; told.n_done == 0 && cycle < 20; ++cycle) clock(table, told);
    return told;
  }
  bool assertion_failed() const { return shape_->assertion_failed(); }

 private:
  void edge() {
    lane_.clk_i = 0;
    shape_->eval(lane_);
    lane_.clk_i = 1;
    shape_->eval(lane_);
  }

  void clock(const std::vector<std::uint32_t>& table, OneValue& told) {
    lane_.clk_i = 0;
    shape_->eval(lane_);
    const Entry e = to_entry(table[lane_.table_addr_o & low_bits(kTinyLog)]);  // below the bank
    const std::uint32_t entry =
        e.symbol | std::uint32_t{e.nbits} << 8 | std::uint32_t{e.base} << 12;
    const std::uint32_t row = to_word(kRows[lane_.row_addr_o & 3]);
    if (lane_.retire_valid_o) {
      told.retire = lane_.retire_o;
      ++told.n_retired;
    }
    if (lane_.value_valid_o) {
      told.value = lane_.value_o;
      ++told.n_values;
    }
    if (lane_.done_o) {
      told.status = lane_.status_o;
      ++told.n_done;
    }
    const bool table_read = lane_.table_read_o;
    const bool row_read = lane_.row_read_o;
    const bool job_taken = lane_.job_valid_i && lane_.job_ready_o;
    const bool symbol_taken = lane_.symbol_valid_i && lane_.symbol_ready_o;
    const bool offset_taken = lane_.offset_valid_i && lane_.offset_ready_o;
    lane_.clk_i = 1;
    shape_->eval(lane_);
    if (table_read) lane_.table_data_i = entry;  // at the address of the cycle that has just ended
    if (row_read) lane_.row_data_i = row;
    if (job_taken) lane_.job_valid_i = 0;
    if (symbol_taken) lane_.symbol_valid_i = 0;
    if (offset_taken) lane_.offset_valid_i = 0;
  }

  TansLanePorts lane_;
  std::unique_ptr<TansLaneShape> shape_ = make_shape<TansLaneShape>("tans_lane_tiny", {});
};

/// Random jobs of one kind, their only stream without stalls; the unit's table has 2^R words.
std::vector<Job> jobs_for_fault(LaneKind kind, std::uint32_t seed, unsigned n_jobs) {
  Random random(seed);
  Recipe recipe{.kind = kind, .R = 5, .alphabet = 6, .max_offset_bits = 16, .max_values = 100};
  if (kind == LaneKind::kArith) recipe.R = kArithTableLog;
  std::vector<Job> jobs;
  for (unsigned j = 0; j < n_jobs; ++j) jobs.push_back(encoded_job(recipe, random));
  return jobs;
}

using Effect = std::function<std::optional<Mismatch>(const std::vector<Job>&)>;

/// In 20 seeds the faulty decoder is found where `effect` says (but for the cycle), and named.
void check_seeded_fault(LaneKind kind, const char* fault, unsigned n_jobs, const Effect& effect) {
  unsigned n_found = 0;
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const std::vector<Job> jobs = jobs_for_fault(kind, seed, n_jobs);
    const Verdict got = run_lockstep(jobs, {}, jobs, [=](Bench& bench) {
      return run_rtl(bench, {.assertions = false, .fault = fault});
    });
    std::optional<Mismatch> want = effect(jobs);
    INFO("seed " << seed << ": " << got.text);
    REQUIRE(got.first.has_value() == want.has_value());
    if (!want) continue;
    ++n_found;
    want->cycle = got.first->cycle;
    CHECK(*got.first == *want);
    CHECK(got.text.find("job " + std::to_string(want->job) + ", stream 0, index " +
                        std::to_string(want->index) + ": " + std::string(want->what) + ": want " +
                        std::to_string(want->want) + ", got " + std::to_string(want->got)) !=
          std::string::npos);
  }
  std::cout << lane_kind_name(kind) << ": found in " << n_found << " of 20 seeds\n";
  CHECK(n_found > 10);
}

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
        const Status status = stream_status(state == 0, symbol_reader, offset_reader);
        ++n_steps;
        n_wrong += got.n_done != 1 || got.n_retired != 1 || got.n_values != 1 ||
                   got.retire.symbol != e.symbol || got.retire.take != e.nbits ||
                   got.retire.state != state || got.value != value || got.status != status;
      }
    }
  });
  std::cout << "tiny: " << n_tables << " tables, " << n_steps << " steps\n";
  CHECK(n_tables == 969);
  CHECK(n_steps == 248064);
  CHECK(n_wrong == 0);
  CHECK_FALSE(lane.assertion_failed());
}

TEST_CASE("tiny: a step of narrow rANS equals the model for every table, state and look-ahead",
          "[exhaustive]") {
  const auto shape = make_shape<NransShape>("nrans_tiny", {});
  std::uint64_t n_tables = 0, n_steps = 0, n_wrong = 0;
  for (unsigned R = 0; R <= kTinyLog; ++R) {
    support::for_each_freq(4, R, [&](const std::vector<std::uint32_t>& freq) {
      ++n_tables;
      // The symbols are the first four, the last four, or spread over the rows.
      std::vector<std::uint32_t> rows(kMaxApackRows);
      for (std::size_t s = 0; s < freq.size(); ++s) {
        rows[n_tables % 3 == 0 ? s : n_tables % 3 == 1 ? 12 + s : 5 * s] = freq[s];
      }
      const auto counts = make_nrans_counts(rows, R);
      const auto slots = make_nrans_table(rows, R);
      shape->load(R, counts);
      for (std::uint32_t t = 0; t < 1u << (R + kNransBlockLog); ++t) {
        for (std::uint32_t ahead = 0; ahead < 1u << kTinyLog; ++ahead) {
          const Stepped got = shape->step(t, ahead);
          BitReader reader(&ahead, 1);
          NransDecoder<> decoder{slots.data(), R, t};
          const symbol_t symbol = decoder.step(reader);
          ++n_steps;
          n_wrong += got.t != decoder.t || got.take != reader.position() || got.symbol != symbol;
        }
      }
    });
  }
  std::cout << "tiny: narrow rANS, " << n_tables << " tables, " << n_steps << " steps\n";
  CHECK(n_tables == 969 + 165 + 35 + 10 + 4);
  CHECK(n_steps == 969 * 1024 + 165 * 512 + 35 * 256 + 10 * 128 + 4 * 64);
  CHECK(n_wrong == 0);
}

TEST_CASE("tiny: a bit too many in the mask of the tANS lane is found at its first effect",
          "[cosim]") {
  check_seeded_fault(LaneKind::kTans, "tans", 1,
                     [](const std::vector<Job>& jobs) -> std::optional<Mismatch> {
                       const Job& job = jobs[0];
                       BitReader reader(job.streams[0].symbol_words);
                       std::uint32_t t = reader.read(job.table_log);
                       for (std::uint32_t i = 0; i < job.streams[0].n_values; ++i) {
                         BitReader ahead = reader;
                         const Entry e = decode_step(job.entries.data(), t, reader);
                         const std::uint32_t wrong = e.base | ahead.read(e.nbits | 1);
                         if (wrong != t) return Mismatch{0, 0, 0, i, "state", t, wrong};
                       }
                       return std::nullopt;
                     });
}

TEST_CASE("tiny: a refill too early in the rANS lane is found at its first effect", "[cosim]") {
  check_seeded_fault(
      LaneKind::kRans, "rans", 1, [](const std::vector<Job>& jobs) -> std::optional<Mismatch> {
        const Job& job = jobs[0];
        BitReader reader(job.streams[0].symbol_words);
        std::uint32_t x = reader.read(32);
        for (std::uint32_t i = 0; i < job.streams[0].n_values; ++i) {
          const RansEntry e = to_rans_entry(job.entries[x & low_bits(job.table_log)]);
          x = e.freq * (x >> job.table_log) + e.bias;
          if (x < 1u << 16) {
            x = x << 16 | reader.read(16);
          } else if (x < 1u << 17) {
            return Mismatch{0, 0, 0, i, "take", 0, 16};
          }
        }
        return std::nullopt;
      });
}

TEST_CASE("tiny: a forgotten underflow in the arithmetic lane is found at its first effect",
          "[cosim]") {
  check_seeded_fault(LaneKind::kArith, "arith", 1,
                     [](const std::vector<Job>& jobs) -> std::optional<Mismatch> {
                       const Job& job = jobs[0];
                       BitReader reader(job.streams[0].symbol_words);
                       const auto cum = make_arith_table(freq_of(job));
                       ArithDecoder decoder{cum.data(), job.table_log};
                       decoder.start(reader);
                       for (std::uint32_t i = 0; i < job.streams[0].n_values; ++i) {
                         ArithInterval interval = decoder.interval;
                         const symbol_t s = decoder.step(reader);
                         interval.narrow(cum[s], cum[s + 1u]);
                         const unsigned common = interval.common_bits();
                         interval.drop_common(common);
                         const unsigned underflow = interval.underflow_bits();
                         if (underflow != 0)
                           return Mismatch{0, 0, 0, i, "take", common + underflow, common};
                       }
                       return std::nullopt;
                     });
}

TEST_CASE(
    "tiny: a larger k than the state's in the lane of narrow rANS is found at its first effect",
    "[cosim]") {
  check_seeded_fault(
      LaneKind::kNrans, "nrans", 1, [](const std::vector<Job>& jobs) -> std::optional<Mismatch> {
        const Job& job = jobs[0];
        BitReader reader(job.streams[0].symbol_words);
        const auto freq = freq_of(job);
        NransCountDecoder decoder{job.entries.data(), job.table_log};
        decoder.start(reader);
        for (std::uint32_t i = 0; i < job.streams[0].n_values; ++i) {
          const std::uint64_t before = reader.position();
          const symbol_t s = decoder.step(reader);
          const std::uint64_t take = reader.position() - before;
          const unsigned most = job.table_log + 1 - static_cast<unsigned>(std::bit_width(freq[s]));
          if (take != most) return Mismatch{0, 0, 0, i, "take", take, most};
        }
        return std::nullopt;
      });
}

TEST_CASE(
    "tiny: a wrong shift of the second offset in the tans_pair lane is found at its first effect",
    "[cosim]") {
  check_seeded_fault(
      LaneKind::kTansPair, "tans_pair", 1,
      [](const std::vector<Job>& jobs) -> std::optional<Mismatch> {
        const Job& job = jobs[0];
        BitReader symbols(job.streams[0].symbol_words), offsets(job.streams[0].offset_words);
        TansDecoder decoder{job.entries.data(), job.table_log};
        decoder.start(symbols);
        for (std::uint32_t i = 0; i + 1 < job.streams[0].n_values; i += 2) {
          const symbol_t pair = decoder.step(symbols);
          const Row first = to_row(job.rows[pair & 15]), second = to_row(job.rows[pair >> 4]);
          BitReader ahead = offsets;
          const std::uint32_t window = ahead.read(32) >> first.offset_bits % 8;
          offsets.read(first.offset_bits);
          const auto want = static_cast<value_t>(second.vmin + offsets.read(second.offset_bits));
          const auto got =
              static_cast<value_t>(second.vmin + (window & low_bits(second.offset_bits)));
          if (got != want) return Mismatch{0, 0, 0, i + 1, "value", want, got};
        }
        return std::nullopt;
      });
}

TEST_CASE("tiny: a swap of tables that does not take effect is found at its first effect",
          "[cosim]") {
  check_seeded_fault(LaneKind::kTans, "swap", 2,
                     [](const std::vector<Job>& jobs) -> std::optional<Mismatch> {
                       const Job& job = jobs[1];
                       BitReader reader(job.streams[0].symbol_words);
                       std::uint32_t t = reader.read(job.table_log);
                       for (std::uint32_t i = 0; i < job.streams[0].n_values; ++i) {
                         // Only entering a stream looks into the new table.
                         const Entry wrong = to_entry((i == 0 ? jobs[1] : jobs[0]).entries[t]);
                         BitReader ahead = reader;
                         const Entry e = decode_step(job.entries.data(), t, reader);
                         const std::uint32_t wrong_t = wrong.base + ahead.read(wrong.nbits);
                         if (wrong.symbol != e.symbol)
                           return Mismatch{0, 1, 0, i, "symbol", e.symbol, wrong.symbol};
                         if (wrong.nbits != e.nbits)
                           return Mismatch{0, 1, 0, i, "take", e.nbits, wrong.nbits};
                         if (wrong_t != t) return Mismatch{0, 1, 0, i, "state", t, wrong_t};
                       }
                       return std::nullopt;
                     });
}
