// test_vectors.cpp — the golden vectors: the same bytes for ever, and what they say is true.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/vectors.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <tuple>

#include "trace_files.hpp"
#include "transom/container/container.hpp"
#include "transom/cycle/run.hpp"
#include "transom/golden/vectors/hostile.hpp"
#include "transom/golden/vectors/plan.hpp"
#include "transom/unit/bench.hpp"
#include "transom/unit/tensor_job.hpp"

namespace transom {
using namespace golden;
using support::read_text;
using support::TempFolder;

namespace {

std::vector<std::uint32_t> hex_words(const std::filesystem::path& file) {
  std::istringstream text(read_text(file));
  std::vector<std::uint32_t> words;
  for (std::uint32_t word = 0; text >> std::hex >> word;) words.push_back(word);
  return words;
}

/// A job of what a vector's .hex files hold, and nothing else.
unit::Job read_job(const std::filesystem::path& folder, LaneKind kind, unsigned table_log,
                   std::size_t n_rows) {
  unit::Job job{kind, table_log, hex_words(folder / "table.hex"), hex_words(folder / "rows.hex"),
                {},   {}};
  job.rows.resize(n_rows);
  const auto directory = hex_words(folder / "streams.hex");
  const auto symbols = hex_words(folder / "symbols.hex");
  const auto offsets = hex_words(folder / "offsets.hex");
  auto symbol = symbols.begin();
  auto offset = offsets.begin();
  for (std::size_t i = 0; i < directory.size(); i += 3) {
    const auto symbols_end = symbol + directory[i + 1];
    const auto offsets_end = offset + directory[i + 2];
    job.streams.push_back({directory[i], {symbol, symbols_end}, {offset, offsets_end}});
    symbol = symbols_end;
    offset = offsets_end;
  }
  CHECK(symbol == symbols.end());
  CHECK(offset == offsets.end());
  return job;
}

/// Symbols and states of each stream, as they retire.
class Recorder final : public unit::Observer {
 public:
  struct Step {
    unsigned symbol;
    std::uint64_t state;
  };
  std::vector<std::vector<Step>> steps;

  explicit Recorder(std::size_t n_streams) : steps(n_streams) {}
  void retire(std::uint64_t, unsigned s, const unit::Retire& got, std::uint64_t) override {
    steps[s].push_back({got.symbol, got.state});
  }
  void value(std::uint64_t, unsigned, const std::array<value_t, 2>&, unsigned) override {}
  void finish(std::uint64_t, std::uint32_t, unsigned, Status) override {}
};

/// trace.csv, held to what retired. A step of a pair is two lines: the state follows the second.
void check_trace(const std::filesystem::path& file, const Recorder& recorder, bool pairs) {
  std::istringstream lines(read_text(file));
  std::string line;
  std::getline(lines, line);
  CHECK(line == "stream,index,symbol,state,symbol_bits,offset_bits,value");
  std::size_t n_lines = 0;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::uint64_t stream = 0, index = 0, symbol = 0, state = 0;
    char comma = 0;
    REQUIRE(fields >> stream >> comma >> index >> comma >> symbol >> comma >> state);
    const std::size_t step = pairs ? index / 2 : index;
    REQUIRE(step < recorder.steps[stream].size());
    const Recorder::Step& got = recorder.steps[stream][step];
    REQUIRE(symbol == (pairs ? got.symbol >> 4 * (index % 2) & 15 : got.symbol));
    REQUIRE(state == got.state);
    ++n_lines;
  }
  CHECK(n_lines != 0);
}

}  // namespace

namespace {

/// What a name stands for, whatever the seed.
using Verdict = std::tuple<Status, std::vector<Status>, std::string, std::string>;

std::map<std::string, Verdict> verdicts(std::uint32_t seed) {
  std::map<std::string, Verdict> all;
  for (const Subject& subject : subjects()) {
    if (std::string_view(subject.name) == "long") continue;  // nothing of it is damaged
    for (const Plan& plan : subject.plans()) {
      for (const Vector& v : vectors_of(plan, seed)) {
        const auto [at, is_new] =
            all.try_emplace(v.name, v.decoded.status, v.decoded.streams, detected_by(v.decoded),
                            v.noticed ? v.noticed->where : "");
        INFO(v.name);
        CHECK(is_new);
      }
    }
  }
  return all;
}

}  // namespace

TEST_CASE("vectors: a name has the same statuses whatever the seed, noticed in the same place",
          "[golden]") {
  const auto want = verdicts(1);
  CHECK(want.size() > 450);
  for (const std::uint32_t seed : {2u, 3u, 99u, 0xffff'ffffu}) {
    INFO(seed);
    const auto got = verdicts(seed);
    REQUIRE(got.size() == want.size());
    for (const auto& [name, verdict] : got) {
      INFO(name);
      CHECK(verdict == want.at(name));
    }
  }
}

TEST_CASE("vectors: what each is for is there, of any seed", "[golden]") {
  // Loads and memories have these, see tests/python/vectors/test_vectors_json.py.
  std::set<std::string> flags{"BackToBack", "BadLoad", "ForgedDescriptor", "Lockstep"};
  std::set<std::pair<Coding, unsigned>> logs;
  std::set<std::pair<Coding, Spread>> spreads;
  std::set<std::pair<unsigned, bool>> widths;
  std::set<Coding> long_streams, wide_offsets;
  for (const Subject& subject : subjects()) {
    for (const Plan& plan : subject.plans()) {
      for (const Vector& v : vectors_of(plan, 8)) {
        flags.insert(v.flags.begin(), v.flags.end());
        const Code& code = v.tensor.code;
        logs.emplace(code.coding, code.table_log);
        if (uses_spread(code.coding)) spreads.emplace(code.coding, code.spread);
        if (!v.tensor.dtype.is_float())
          widths.emplace(v.tensor.dtype.bits, v.tensor.dtype.is_signed);
        if (subject.name == std::string_view("long") && is_long(v.tensor)) {
          long_streams.insert(code.coding);
        }
        for (const Row& row : code.rows) {
          if (row.offset_bits == 16) wide_offsets.insert(code.coding);
        }
      }
    }
  }
  for (const ContainerVector& v : container_vectors()) flags.insert(v.flags.begin(), v.flags.end());
  for (const BugType& type : bug_types()) CHECK(flags.erase(type.flag) == 1);
  CHECK(flags.empty());
  CHECK(widths.size() == 2 * kMaxValueBits);
  for (const Coding coding : {Coding::kTans, Coding::kRans, Coding::kApackTans,
                              Coding::kApackTansPair, Coding::kApackNrans}) {
    for (unsigned R = 0; R <= codec(coding).max_table_log; ++R) CHECK(logs.contains({coding, R}));
  }
  CHECK(spreads.size() == 3 * kSpreads);
  CHECK(long_streams.size() == 5);  // a coding for each kind of lane
  CHECK(wide_offsets.size() == codecs().size());
}

TEST_CASE("vectors: no table of 2^10 counts makes the arithmetic coder shift by more than 12",
          "[exhaustive]") {
  // The least width after a step is 2^14 + 1: a count of 1 keeps 16 of it at least, and of these 12
  // bits at most can leave before the width is over 2^16.
  for (std::uint32_t width = (1u << 14) + 1; width <= 1u << 16; ++width) {
    for (std::uint32_t cum = 0; cum < 1u << 10; cum += 31) {
      const std::uint32_t part = (width * (cum + 1) >> 10) - (width * cum >> 10);
      REQUIRE(part >= 16);
      REQUIRE(part << 13 > 1u << 16);
    }
  }
}

TEST_CASE("vectors: every container says of itself what the manifest says", "[unit]") {
  const TempFolder scratch;
  write_vectors(scratch.path(), 7);
  const auto manifest = nlohmann::json::parse(read_text(scratch / "manifest.json"));
  for (const auto& vector : manifest["vectors"]) {
    const std::string name = vector["name"];
    INFO(name);
    const std::string text = read_text(scratch / name / "tensor.tsm");
    const Parsed parsed =
        parse_container({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    REQUIRE(parsed.what == "");
    const Decoded decoded = decode(parsed.tensors.at(0));
    CHECK(status_name(decoded.status) == vector["status"].get<std::string>());
    CHECK((decoded.status == Status::kOk) == (vector["result"] == "valid"));
    std::istringstream words(read_text(scratch / name / "values.hex"));
    std::uint32_t word = 0;
    for (const value_t value : decoded.values) {
      REQUIRE(words >> std::hex >> word);
      REQUIRE(word == value);
    }
    CHECK(!(words >> std::hex >> word));
  }
  for (const auto& vector : manifest["containers"]) {
    const std::string file = vector["file"];
    INFO(file);
    const std::string text = read_text(scratch / "containers" / file);
    CHECK(status_name(container_status({text.begin(), text.end()})) ==
          vector["status"].get<std::string>());
  }
  CHECK(manifest["containers"].size() > 70);
}

TEST_CASE("vectors: the .hex files alone drive a unit through trace.csv, step by step",
          "[golden]") {
  const TempFolder scratch;
  write_vectors(scratch.path(), 3);
  const auto manifest = nlohmann::json::parse(read_text(scratch / "manifest.json"));
  std::size_t n_run = 0;
  for (const auto& vector : manifest["vectors"]) {
    const std::string name = vector["name"];
    INFO(name);
    const Codec& c = *find_codec(vector["coding"].get<std::string>());
    const bool has_table = vector["sha256"].contains("table.hex");
    CHECK(has_table == unit::why_not_a_job(c.lane, vector["table_log"].get<unsigned>()).empty());
    if (!has_table) continue;
    const std::size_t n_rows = unit::max_rows(c.lane);
    const unit::Job job = read_job(scratch / name, c.lane, vector["table_log"], n_rows);
    Recorder recorder(job.streams.size());
    unit::Bench bench({c.lane, kMaxDecoderLanes}, {&job, 1}, {}, &recorder);
    const unit::Run run = cycle::run(bench);
    REQUIRE(run.fault == "");
    const StreamLayout layout{vector["values"], static_cast<std::uint32_t>(job.streams.size()),
                              vector["chunk"]};
    const auto values = hex_words(scratch / name / "values.hex");
    std::uint64_t n_values = 0;
    for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
      CHECK(status_name(run.streams[s].jobs[0].status) ==
            vector["streams"][s]["status"].get<std::string>());
      std::size_t next = 0;
      layout.for_each(
          s, [&](std::uint32_t i) { REQUIRE(run.streams[s].values[next++] == values[i]); });
      n_values += next;
    }
    CHECK(n_values == values.size());
    if (vector["sha256"].contains("trace.csv") && n_values != 0)
      check_trace(scratch / name / "trace.csv", recorder, c.pairs);
    ++n_run;
  }
  CHECK(n_run >= 450);
}

}  // namespace transom
