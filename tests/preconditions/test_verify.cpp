// test_verify.cpp — what the comparator and the harness ask of their arguments.
// SPDX-License-Identifier: Apache-2.0
#include <sstream>
#include <string>
#include <vector>

#include "refused.hpp"
#include "transom/container/container.hpp"
#include "transom/harness/harness.hpp"
#include "transom/unit/bench.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/verify/fault.hpp"
#include "transom/verify/lockstep.hpp"
#include "verify_support.hpp"

namespace transom::verify {
namespace {

using Numbers = std::vector<std::uint32_t>;

TEST_CASE("reliability 4: tasks that are none are refused by name", "[unit]") {
  const std::vector<Row> rows = identity_rows(2);
  const auto cosim = [&](const Table& table) { return Cosim(Task{"t", table, rows, {{}}}); };
  CHECK_REFUSED(cosim({LaneKind::kTans, 40, {}}), "table log", "40", "0..14");
  CHECK_REFUSED(cosim({LaneKind::kTans, 2, {0, 0}}), "number of words", "2", "must be 4");
  CHECK_REFUSED(cosim({LaneKind::kTans, 0, {0xff00}}), "table[0]", "65280", "255 bits");
  CHECK_REFUSED(cosim({LaneKind::kRans, 1, {}}), "number of words", "0", "must be 257");
  CHECK_REFUSED(cosim({LaneKind::kRans, 1, Numbers(257)}), "table[0]", "0", "slot 0");
  CHECK_REFUSED(cosim({LaneKind::kArith, 9, Numbers(257)}), "table log", "9", "must be 10");
  CHECK_REFUSED(cosim({LaneKind::kArith, 10, Numbers(257)}), "table[256]", "0", "ascend");
  CHECK_REFUSED(cosim({LaneKind::kTansPair, 0, {0x22}}), "symbol of the table", "2", "0..1");
  CHECK_REFUSED(cosim({static_cast<LaneKind>(7), 0, {0}}), "kind", "7", "0..4");
  const Table table = tans_table(Numbers{1, 1}, 1, Spread::kStep);
  CHECK_REFUSED(Cosim(Task{"t", table, rows, {}}), "number of streams", "0", "1..");
  CHECK_REFUSED(Cosim(Task{"t", table, {}, {{}}}), "number of rows", "0", "1..256");
  CHECK_REFUSED(Cosim(Task{"t", table, {{0, 17}, {1, 0}}, {{}}}), "offset bits of row 0", "17",
                "16");
  CHECK_REFUSED(tans_table({1, 2, 3}), "number of entries", "3", "2^R");
  CHECK_REFUSED(tans_pair_table({}), "number of entries", "0", "2^R");
  CHECK_REFUSED(identity_rows(0), "n_symbols", "0", "1..256");

  CodedTensor coded = support::coded_tensor(Coding::kApackTans, 9, 2, 1);
  const std::vector<std::uint8_t> bytes = write_container(std::vector{coded});
  CHECK_REFUSED(pick_tensor(bytes, std::size_t{1}), "tensor", "1", "has 1");
  CHECK_REFUSED(pick_tensor(bytes, "x"), "tensor", "'x'", "none of that name");
  coded.shape = {1u << 31, 2};
  CHECK_REFUSED(make_task(coded), "shape", "2^32 values or more", "fewer");
}

TEST_CASE("reliability 4: a comparator refuses lanes, statuses and names that are none", "[unit]") {
  Cosim cosim(support::coded_tensor(Coding::kApackTans, 9, 2, 1));
  CHECK_REFUSED(cosim.step(2, 0), "lane", "2", "below the 2 streams");
  CHECK_REFUSED(cosim.step(3, 0, 0, 0), "lane", "3", "below the 2 streams");
  CHECK_REFUSED(cosim.value(~0u, 0), "lane", "4294967295", "below the 2 streams");
  CHECK_REFUSED(cosim.end(2), "lane", "2", "below the 2 streams");
  CHECK_REFUSED(cosim.end(0, static_cast<Status>(99)), "status", "99", "0..");
  CHECK_REFUSED(cosim.restart(2), "lane", "2", "below the 2 streams");
  CHECK_REFUSED(cosim.first(2), "lane", "2", "below the 2 streams");
  CHECK_REFUSED(what_name(static_cast<What>(6)), "the argument", "6", "0..5");
  CHECK_REFUSED(fault_name(static_cast<FaultClass>(7)), "the argument", "7", "0..6");
  CHECK_REFUSED(confidence_name(static_cast<Confidence>(3)), "the argument", "3", "0..2");
  const Table table = tans_table(Numbers{1, 1}, 1, Spread::kStep);
  CHECK_REFUSED(entry_text(table, 2, 0), "state", "2", "2 entries");
  CHECK_REFUSED(entry_text({LaneKind::kRans, 1, {}}, 0, 3), "number of words", "0", "4..");
  CHECK_REFUSED(entry_text({LaneKind::kNrans, 2, {}}, 7, 3), "number of words", "0", "4..");
  CHECK_REFUSED(entry_text({LaneKind::kArith, 10, {}}, 0, 3), "number of words", "0", "5..");
}

TEST_CASE("reliability 4: the unit's bench refuses what no unit can be given", "[unit]") {
  using Kind = unit::Rhythm::Kind;
  unit::Job job = unit::make_job(support::coded_tensor(Coding::kApackTans, 9, 2, 1));
  const std::vector<unit::Job> jobs{job};
  const unit::UnitShape shape{LaneKind::kTans, 2};
  CHECK_REFUSED(unit::Bench(shape, {}), "number of jobs", "0", "1..");
  CHECK_REFUSED(unit::Bench({LaneKind::kTans, 1}, jobs), "number of a job's streams", "2",
                "must be 1");
  CHECK_REFUSED(unit::Bench({LaneKind::kRans, 1}, jobs), "kind of a job", "tans", "rans");
  CHECK_REFUSED(unit::Bench(shape, jobs, {.symbol_words = {Kind::kPeriod, 0}}), "rhythm of a port",
                "0", "must open it");
  CHECK_REFUSED(unit::Bench(shape, jobs, {.consumer = {Kind::kRandom, 96}}), "rhythm of a port",
                "96", "must open it");
  CHECK_REFUSED(unit::Bench(shape, jobs, {.load = {Kind::kPattern, 0, 0}}), "pattern of a port",
                "0", "must open it");
  CHECK_REFUSED(unit::unit_shape(LaneKind::kTans, 65), "number of streams", "65", "0..64");
  job.entries.pop_back();
  CHECK_REFUSED(unit::check_job(job), "number of table words", "1023", "must be 1024");
  job.table_log = 15;
  CHECK_REFUSED(unit::check_job(job), "table log", "15", "0..14");
}

TEST_CASE("reliability 4: lockstep refuses jobs and streams that are none", "[unit]") {
  CHECK_REFUSED(Lockstep({}), "number of jobs", "0", "1..");
  std::vector<unit::Job> jobs{unit::make_job(support::coded_tensor(Coding::kApackTans, 9, 2, 1))};
  Lockstep lockstep(jobs);
  CHECK_REFUSED(lockstep.retire(0, 2, {}, 0), "stream", "2", "below 2");
  CHECK_REFUSED(lockstep.value(0, 7, {}, 1), "stream", "7", "below 2");
  CHECK_REFUSED(lockstep.finish(0, 0, 2, Status::kOk), "stream", "2", "below 2");
  CHECK_REFUSED(lockstep.finish(0, 1, 0, Status::kOk), "job", "1", "stream 0");
  jobs.push_back(unit::make_job(support::coded_tensor(Coding::kRans, 9, 2, 1)));
  CHECK_REFUSED(Lockstep(jobs), "kind of a job", "rans", "that of the others");
  jobs[1] = jobs[0];
  jobs[1].entries[3] ^= 1;
  CHECK_REFUSED(Lockstep(jobs), "table word", "3", "not one that the coder makes");
}

TEST_CASE("reliability 4: faults that are nowhere are refused by name", "[unit]") {
  std::vector<CodedTensor> tensors{support::coded_tensor(Coding::kApackTans, 9, 2, 1)};
  CHECK_REFUSED(Fault::parse("table:1"), "the fault", "'table:1'", "table:ADDRESS:BIT");
  CHECK_REFUSED(Fault::parse("symbols:9:1").locate(tensors), "the fault",
                "symbol bit 1 of stream 9", "it has streams 0..1");
  const Fault lost = Fault::parse("symbols:0:0");
  CHECK_REFUSED(lost.apply_to_stream(tensors), "number of tensors", "1", "2..");
  const Fault beyond = Fault::parse("0@symbols:2:0");
  CHECK_REFUSED(beyond.apply_to_stream(tensors), "bit", "0", "it has streams 0..1");
  unit::Job job = unit::make_job(tensors[0]);
  CHECK_REFUSED(Fault::parse("table:4096:0").apply_to_table(job), "number of entries", "1024",
                "4097..");
  CHECK_REFUSED(Fault::parse("table:0:32").apply_to_table(job), "bit", "32", "0..31");
}

/// Does nothing, in any shape.
class Idle final : public harness::Dut {
 public:
  unsigned lanes = 1, width = 32;
  unsigned n_lanes() const override { return lanes; }
  unsigned symbol_word_bits() const override { return width; }
  void reset() override {}
  void load(const harness::Load& load) override { load.n_values(~0u); }
  void clock(std::span<const harness::LaneIn>, std::span<harness::LaneOut>) override {}
  std::uint64_t now() const override { return 0; }
};

TEST_CASE("reliability 4: the harness refuses stimuli, streams and decoders by name", "[unit]") {
  using namespace harness;
  const Task task = make_task(support::coded_tensor(Coding::kApackTans, 9, 2, 1));
  const Stimulus plain = stimuli()[0];
  Idle dut;
  CHECK_REFUSED(find_stimulus("x"), "stimulus", "'x'", "one of plain, slow-words");
  CHECK_REFUSED(run_case(dut, task, 2, plain), "first stream", "2", "below the tensor's 2");
  CHECK_REFUSED(run_case(dut, task, 0, {.name = "x", .burst = 0}), "burst", "0", "1..");
  CHECK_REFUSED(run_case(dut, task, 0, {.name = "x", .words_closed = 96}), "words_closed", "96",
                "95");
  CHECK_REFUSED(run_case(dut, task, 0, {.name = "x", .consumer_closed = 100}), "consumer_closed",
                "100", "0..95");
  CHECK_REFUSED(run_case(dut, task, 0, plain, {.patience = 0}), "patience", "0", "1..");
  CHECK_REFUSED(run_case(dut, Task{}, 0, plain), "first stream", "0", "below the tensor's 0");
  dut.lanes = 0;
  CHECK_REFUSED(run_case(dut, task, 0, plain), "lanes of the Dut", "0", "1..65535");
  dut.lanes = ~0u;
  CHECK_REFUSED(run_case(dut, task, 1, plain), "lanes of the Dut", "4294967295", "1..65535");
  dut.lanes = 1;
  dut.width = 0;
  CHECK_REFUSED(run_case(dut, task, 0, plain), "symbol_word_bits", "0", "8, 16, 32 or 64");
  dut.width = 32;
  CHECK_THAT(run_case(dut, task, 0, plain, {.patience = 9}).problem, Catch::Contains("hangs"));
}

}  // namespace
}  // namespace transom::verify
