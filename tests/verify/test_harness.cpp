// test_harness.cpp — the harness around decoders that are written here: good ones, one that hangs,
// one that a reset does not clear; its reports.
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "transom/container/container.hpp"
#include "transom/harness/harness.hpp"
#include "transom/harness/replay.hpp"
#include "verify_support.hpp"

using namespace transom;
using namespace transom::support;
using namespace transom::harness;

namespace {

/// What is wrong with a ToyDecoder.
enum class Flaw { kNone, kHangs, kDirtyReset, kOneMore, kNoEnd, kBadVerdict, kWrongValue, kDeaf };

/// A decoder with any width of words and any number of lanes: it takes all words of a lane, then
/// shows what they decode to, a value in some clocks.
class ToyDecoder final : public Dut {
 public:
  ToyDecoder(unsigned width, unsigned n_lanes, Flaw flaw, View view = View::kValues)
      : width_(width), flaw_(flaw), view_(view), lanes_(n_lanes) {}

  unsigned n_lanes() const override { return static_cast<unsigned>(lanes_.size()); }
  unsigned symbol_word_bits() const override { return width_; }
  unsigned offset_word_bits() const override { return width_; }
  bool shows_end() const override { return flaw_ != Flaw::kNoEnd; }
  std::uint64_t now() const override { return now_; }

  void reset() override {
    ++n_resets;
    ++now_;
    for (Lane& lane : lanes_) {
      const auto kept = flaw_ == Flaw::kDirtyReset ? std::min<std::size_t>(lane.n_shown, 1) : 0;
      lane = {};
      lane.n_shown = kept;
    }
  }
  void load(const Load& load) override {
    for (unsigned l = 0; l < lanes_.size(); ++l) {
      lanes_[l].n_values = load.n_values(l);
      lanes_[l].n_symbol_bits = 32 * load.n_symbol_words(l);
      lanes_[l].n_offset_bits = 32 * load.n_offset_words(l);
    }
    task_ = {"", load.table(), load.rows(), {}};
  }
  void clock(std::span<const LaneIn> in, std::span<LaneOut> out) override {
    for (unsigned l = 0; l < lanes_.size(); ++l) clock_lane(lanes_[l], in[l], out[l]);
    ++now_;
  }

  static inline unsigned n_resets = 0;
  static inline std::vector<std::uint64_t> words;  ///< of lane 0, as they came

 private:
  struct Lane {
    std::vector<bool> symbols, offsets;
    bool symbols_end = false, offsets_end = false, played = false;
    std::uint32_t n_values = 0;
    std::size_t n_symbol_bits = 0, n_offset_bits = 0;
    bool waits = false;         ///< a word was offered and not taken
    std::uint64_t waiting = 0;  ///< this one
    Play play;
    std::size_t n_shown = 0;
  };

  void take(std::vector<bool>& bits, std::uint64_t word) const {
    for (unsigned i = 0; i < width_; ++i) bits.push_back((word >> i & 1) != 0);
  }

  void clock_lane(Lane& lane, const LaneIn& in, LaneOut& out) {
    if (lane.waits) REQUIRE((in.symbol_valid && in.symbol_word == lane.waiting));
    out.symbol_ready = now_ % 3 != 0 && flaw_ != Flaw::kDeaf;
    out.offset_ready = true;
    lane.waits = in.symbol_valid && !out.symbol_ready;
    lane.waiting = in.symbol_word;
    if (in.symbol_valid && out.symbol_ready) {
      take(lane.symbols, in.symbol_word);
      if (&lane == &lanes_[0]) words.push_back(in.symbol_word);
      lane.symbols_end = in.symbol_last;
    }
    if (in.offset_valid) {
      take(lane.offsets, in.offset_word);
      lane.offsets_end = in.offset_last;
    }
    lane.played = lane.played || begin(lane);
    if (lane.played) show(lane, in, out);
  }

  bool begin(Lane& lane) {
    if (lane.symbols.size() < lane.n_symbol_bits || lane.offsets.size() < lane.n_offset_bits) {
      return false;
    }
    CHECK(lane.symbols_end == (lane.n_symbol_bits != 0));
    CHECK(lane.offsets_end == (lane.n_offset_bits != 0));
    task_.streams = {{lane.n_values, {}, {}}};
    lane.play = play(task_, 0, {lane.symbols, 0, 0, 0, {}}, {lane.offsets, 0, 0, 0, {}});
    if (flaw_ == Flaw::kWrongValue && lane.n_values > 20) lane.play.values[20] ^= 1;
    if (flaw_ == Flaw::kOneMore) lane.play.values.push_back(0);
    if (flaw_ == Flaw::kHangs && lane.n_values > 9) lane.play.values.resize(9);
    return true;
  }

  void show(Lane& lane, const LaneIn& in, LaneOut& out) {
    const std::size_t n = view_ == View::kValues ? lane.play.values.size() : lane.play.steps.size();
    if (lane.n_shown < n && now_ % 2 == 0) {
      if (view_ == View::kValues) {
        out.value_valid = true;
        out.value = lane.play.values[lane.n_shown];
        lane.n_shown += in.ready;
      } else {
        const Play::Step& step = lane.play.steps[lane.n_shown++];
        out.step_valid = true;
        out.symbol = step.symbol;
        out.state = step.state;
        out.position = step.position;
      }
    }
    out.done = lane.n_shown == n && flaw_ != Flaw::kHangs && flaw_ != Flaw::kNoEnd;
    out.good = flaw_ != Flaw::kBadVerdict;
  }

  unsigned width_;
  Flaw flaw_;
  View view_;
  Task task_;
  std::vector<Lane> lanes_;
  std::uint64_t now_ = 0;
};

CaseResult run_toy(const CodedTensor& tensor, unsigned width, unsigned n_lanes, Flaw flaw,
                   const char* stimulus, View view = View::kValues, std::uint64_t seed = 1) {
  ToyDecoder dut(width, n_lanes, flaw, view);
  ToyDecoder::words.clear();
  ToyDecoder::n_resets = 0;
  const Task task = verify::make_task(tensor);
  return run_case(dut, task, 0, find_stimulus(stimulus), {.seed = seed, .patience = 500});
}

}  // namespace

TEST_CASE("harness: a good decoder passes every stimulus, with words of every width",
          "[unit][verify]") {
  for (const Coding coding : kAllCodings) {
    const CodedTensor tensor = coded_tensor(coding, 700, 3, 9);
    for (const unsigned width : {8u, 16u, 32u, 64u}) {
      for (const Stimulus& s : stimuli()) {
        const View view = width == 16 ? View::kPositions : View::kValues;
        const Flaw flaw = width == 32 ? Flaw::kNoEnd : Flaw::kNone;
        INFO(codec(coding).name << ", " << width << " bits, " << s.name);
        const CaseResult result = run_toy(tensor, width, 3, flaw, s.name.data(), view);
        REQUIRE(result.problem == "");
        const std::uint64_t n = 700;
        CHECK(result.n_compared >= (view == View::kValues ? n : n / 2));
        CHECK(ToyDecoder::n_resets == 1 + s.resets);
      }
    }
  }
}

TEST_CASE("harness: words are cut from the stream with its first bit lowest", "[unit][verify]") {
  const CodedTensor tensor = coded_tensor(Coding::kTans, 200, 1, 3);
  const std::vector<std::uint32_t>& want = tensor.streams[0].symbols;
  for (const unsigned width : {8u, 16u, 32u, 64u}) {
    run_toy(tensor, width, 1, Flaw::kNone, "slow-words");
    std::vector<bool> bits;
    for (const std::uint64_t word : ToyDecoder::words) {
      for (unsigned i = 0; i < width; ++i) bits.push_back((word >> i & 1) != 0);
    }
    bits.resize(want.size() * 32);  // a word of 64 may be half empty
    CHECK(bits == bits_of(want));
  }
}

TEST_CASE("harness: hangs, resets that do not clear, extra values and wrong ends are found",
          "[unit][verify]") {
  const CodedTensor tensor = coded_tensor(Coding::kApackTans, 300, 1, 9);
  const auto fault = [&](Flaw flaw, const char* stimulus) {
    const CaseResult result = run_toy(tensor, 8, 1, flaw, stimulus);
    REQUIRE(result.difference.has_value());
    CHECK(result.problem.find(to_text(*result.difference)) == 0);
    return result;
  };
  CHECK(fault(Flaw::kHangs, "plain").difference->got == 9);
  CHECK(fault(Flaw::kHangs, "plain").problem.find("hangs") != std::string::npos);
  CHECK(fault(Flaw::kHangs, "plain").n_clocks < 1200);
  CHECK(fault(Flaw::kDeaf, "plain").problem.find("hangs") != std::string::npos);
  CHECK(run_toy(tensor, 8, 1, Flaw::kDirtyReset, "both").problem == "");
  CHECK(fault(Flaw::kDirtyReset, "reset").difference->index == 0);
  CHECK(fault(Flaw::kOneMore, "bursts").difference->diagnosis.fault == verify::FaultClass::kEnd);
  CHECK(fault(Flaw::kBadVerdict, "plain").difference->what == verify::What::kStatus);
  CHECK(fault(Flaw::kWrongValue, "both").difference->index == 20);
}

TEST_CASE("harness: the same seed gives the same run, another one another", "[unit][verify]") {
  const CodedTensor tensor = coded_tensor(Coding::kRans, 300, 1, 9);
  const auto clocks = [&](std::uint64_t seed) {
    return run_toy(tensor, 8, 1, Flaw::kNone, "reset", View::kValues, seed).n_clocks;
  };
  CHECK(clocks(1) == clocks(1));
  CHECK(clocks(1) != clocks(2));
}

TEST_CASE("harness: what cannot be is refused by name", "[unit][verify]") {
  const Task task = verify::make_task(coded_tensor(Coding::kTans, 10, 2, 1));
  ToyDecoder good(8, 1, Flaw::kNone), odd(12, 1, Flaw::kNone);
  CHECK_THROWS_WITH(find_stimulus("fast"),
                    Catch::Contains("'fast'; must be one of plain, slow-words"));
  CHECK_THROWS_WITH(run_case(good, task, 2, stimuli()[0]), Catch::Contains("first stream is 2"));
  CHECK_THROWS_WITH(run_case(odd, task, 0, stimuli()[0]), Catch::Contains("is 12; must be 8, 16"));
  CHECK_THROWS_WITH(run_case(good, task, 0, {.name = "shut", .words_closed = 100}),
                    Catch::Contains("0..95"));
}

TEST_CASE("junit: markup is escaped, and what XML cannot hold is replaced", "[unit][verify]") {
  CHECK(xml_text("a<b>&\"c\"\t") == "a&lt;b&gt;&amp;&quot;c&quot;\t");
  CHECK(xml_text("\x01\x7f\xc3\xa4") == "\xef\xbf\xbd\x7f\xc3\xa4");
  CHECK(xml_text("\xc0\x80\xff") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // overlong, no start
  CHECK(xml_text("\xed\xa0\x80") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // a surrogate
  CHECK(xml_text("\xf0\x9f\x98\x80") == "\xf0\x9f\x98\x80");
  CHECK(xml_text("\xe2\x82") == "\xef\xbf\xbd\xef\xbf\xbd");  // cut short
  const TestCase cases[] = {{"g", "ok", "", {}, {}},
                            {"g", "bad", "out", "first\nsecond <", {}},
                            {"g", "left", "", {}, "no room"}};
  const std::string xml = junit_xml("s", cases);
  CHECK(xml.find("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\"") != std::string::npos);
  CHECK(xml.find("<failure message=\"first\">first&#10;second &lt;</failure>") !=
        std::string::npos);
  CHECK(xml.find("<skipped message=\"no room\"/>") != std::string::npos);
}

TEST_CASE("harness: the program keeps a failure as a folder that repeats it", "[unit][verify]") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("harness " + std::to_string(std::rand()));
  fs::create_directories(folder);
  const std::vector<CodedTensor> tensors{coded_tensor(Coding::kTans, 90, 2, 1),
                                         coded_tensor(Coding::kApackTans, 90, 2, 2)};
  const auto bytes = write_container(tensors);
  std::ofstream(folder / "two.tsm", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  const auto run = [&](std::vector<std::string> arguments, Flaw flaw, std::string& said) {
    std::ostringstream out;
    arguments.insert(arguments.begin(), (folder / "two.tsm").string());
    const int rc = harness_main(
        arguments, {"/bin/echo", "it's"}, [&] { return std::make_unique<ToyDecoder>(8, 1, flaw); },
        out);
    said = out.str();
    return rc;
  };
  std::string said;
  CHECK(run({}, Flaw::kNone, said) == 0);
  CHECK(said.find("24 cases") != std::string::npos);
  CHECK(run({"--tensor", "t2", "--stream", "1", "--stimulus", "both", "--out",
             (folder / "out").string(), "--junit", (folder / "j.xml").string()},
            Flaw::kWrongValue, said) == 1);
  CHECK(said.find("1 case, ") != std::string::npos);
  const fs::path kept = folder / "out" / "t2-s1-both-1";
  REQUIRE(fs::exists(kept / "container.tsm"));
  const CodedTensor again = verify::read_tensor(kept / "container.tsm");
  CHECK(again == tensors[1]);
  std::ifstream script(kept / "replay.sh");
  const std::string text{std::istreambuf_iterator<char>(script), {}};
  CHECK(text.find("exec '/bin/echo' 'it'\\''s' container.tsm --tensor 0 --stream 1 --stimulus "
                  "'both' --seed 1 --replay \"$@\"\n") != std::string::npos);
  CHECK(std::system(("'" + (kept / "replay.sh").string() + "' > /dev/null").c_str()) == 0);
  CHECK(fs::exists(folder / "j.xml"));
  CHECK(run({"--tensor", "nobody"}, Flaw::kNone, said) == 2);
  CHECK(said.find("none of that name") != std::string::npos);
  CHECK(run({"--seed", "x"}, Flaw::kNone, said) == 2);
  CHECK(run({"--stream", "7"}, Flaw::kNone, said) == 2);
  fs::resize_file(folder / "two.tsm", bytes.size() - 4);
  CHECK(run({}, Flaw::kNone, said) == 3);
  fs::remove_all(folder);
}
