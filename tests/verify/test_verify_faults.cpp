// test_verify_faults.cpp — the class of a fault: synthetic decoders of every coding with one fault.
//
// Each fault is found at the index at which its effect is first seen, whatever is shown, and its
// class is named. Where a fault has no effect (a bit of a field that is 0 either way) there is
// nothing to find.
// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "verify_support.hpp"

using namespace transom;
using namespace transom::support;
using namespace transom::verify;

namespace {

/// How often a class was named for the faults of one kind.
class Tally {
 public:
  explicit Tally(FaultClass want) : want_(want) {}
  /// The reports of one fault, in each of the views.
  void add(const Task& task, const Play& right, const Play& wrong,
           std::initializer_list<View> views, const std::string& name) {
    for (const View view : views) {
      const std::uint64_t index = first_wrong(right, wrong, view);
      const std::uint64_t n = view == View::kValues ? right.values.size() : right.steps.size();
      if (index == n) continue;
      Cosim cosim(task);
      tell(cosim, 0, wrong, view);
      REQUIRE(cosim.first().has_value());
      const Difference d = *cosim.first();
      REQUIRE(d.index == index);
      ++n_found_;
      const bool named = d.diagnosis.fault == want_;
      n_named_ += named;
      if (!named)
        missed_ +=
            name + ", view " + std::to_string(static_cast<int>(view)) + ": " + to_text(d) + "\n";
    }
  }
  /// At least `percent` of the faults that were found were named.
  void require(unsigned percent) const {
    INFO(fault_name(want_) << ": " << n_named_ << " of " << n_found_ << " named\n" << missed_);
    CHECK(n_found_ > 0);
    CHECK(n_named_ * 100 >= n_found_ * percent);
  }

 private:
  FaultClass want_;
  unsigned n_found_ = 0;
  unsigned n_named_ = 0;
  std::string missed_;
};

std::uint32_t backward(std::uint32_t field, unsigned nbits) {
  std::uint32_t out = 0;
  for (unsigned i = 0; i < nbits; ++i) out = out << 1 | (field >> i & 1);
  return out;
}

constexpr std::initializer_list<View> kEach{View::kValues, View::kSymbols, View::kStates,
                                            View::kAll};
constexpr unsigned kTrials = 12;

}  // namespace

TEST_CASE("faults: bytes or words lost, doubled or swapped are called refill", "[unit][verify]") {
  for (const Coding coding : kEntropyCodings) {
    Tally tally(FaultClass::kRefill);
    for (std::uint32_t seed = 0; seed < kTrials; ++seed) {
      const Task task = make_task(coded_tensor(coding, 900, 1, 100 + seed));
      const Play right = play(task, 0);
      std::mt19937 random(seed);
      const std::size_t p =
          32 + random() % (bits_of(task.streams[0].symbol_words).size() / 64) * 32;
      const auto spoilt = [&](const char* name, auto spoil) {
        SlowBits bits = symbol_bits(task, 0);
        spoil(bits.bits, bits.bits.begin() + static_cast<std::ptrdiff_t>(p));
        tally.add(task, right, play(task, 0, bits, offset_bits(task, 0)), kEach,
                  std::string(codec(coding).name) + ", " + name + " at " + std::to_string(p));
      };
      spoilt("a byte lost", [](auto& bits, auto at) { bits.erase(at, at + 8); });
      spoilt("a word lost", [](auto& bits, auto at) { bits.erase(at, at + 32); });
      spoilt("a byte doubled", [](auto& bits, auto at) {
        const std::vector<bool> byte(at, at + 8);
        bits.insert(at + 8, byte.begin(), byte.end());
      });
      spoilt("a word doubled", [](auto& bits, auto at) {
        const std::vector<bool> word(at, at + 32);
        bits.insert(at + 32, word.begin(), word.end());
      });
      spoilt("a byte 0", [](auto&, auto at) { std::fill(at, at + 8, false); });
      spoilt("bytes swapped", [](auto& bits, auto) {
        for (std::size_t i = 0; i + 32 <= bits.size(); i += 32) {
          for (std::size_t j = 0; j < 8; ++j) {
            const auto swap = [&](std::size_t a, std::size_t b) {
              const bool bit = bits[i + a + j];
              bits[i + a + j] = bits[i + b + j];
              bits[i + b + j] = bit;
            };
            swap(0, 24);
            swap(8, 16);
          }
        }
      });
    }
    tally.require(95);
  }
}

TEST_CASE("faults: fields of a wrong width, place or order are called shift", "[unit][verify]") {
  for (const Coding coding : kEntropyCodings) {
    Tally tally(FaultClass::kShift);
    for (std::uint32_t seed = 0; seed < kTrials; ++seed) {
      const Task task = make_task(coded_tensor(coding, 900, 1, 200 + seed));
      const Play right = play(task, 0);
      const std::uint64_t step = 20 + seed * 17;
      const auto spoilt = [&](const char* name, auto fault) {
        SlowBits bits = symbol_bits(task, 0);
        bits.fault = fault;
        tally.add(
            task, right, play(task, 0, bits, offset_bits(task, 0)), kEach,
            std::string(codec(coding).name) + ", " + name + " from step " + std::to_string(step));
      };
      const auto late = [step](const SlowBits& b) { return b.field == step + 1; };
      spoilt("a bit too many", [=](SlowBits& b, unsigned n) {
        const std::uint32_t field = b.take(n);
        if (late(b)) b.take(1);
        return field;
      });
      spoilt("a bit too few", [=](SlowBits& b, unsigned n) {
        const std::uint32_t field = b.take(n);
        if (late(b) && n > 0) --b.at, --b.counted;
        return field;
      });
      spoilt("widest field a bit short", [=](SlowBits& b, unsigned n) {
        const std::uint32_t field = b.take(n);
        if (b.field != 0 && n == 6) --b.at, --b.counted;
        return field;
      });
      spoilt("opposite order", [=](SlowBits& b, unsigned n) {
        const std::uint32_t field = b.take(n);
        return b.field == 0 ? field : backward(field, n);
      });
      if (coding == Coding::kApackAc) continue;  // its fields come bit by bit
      spoilt("mask of four bits a bit short", [=](SlowBits& b, unsigned n) {
        const std::uint32_t field = b.take(n);
        return b.field != 0 && n == 4 ? field & 7 : field;
      });
    }
    tally.require(coding == Coding::kRans || coding == Coding::kApackRans ? 90 : 95);
  }
}

TEST_CASE("faults: a wrong entry, or one with a wrong bit, is called table", "[unit][verify]") {
  for (const Coding coding : kEntropyCodings) {
    Tally tally(FaultClass::kTable);
    for (std::uint32_t seed = 0; seed < 3 * kTrials; ++seed) {
      const Task task = make_task(coded_tensor(coding, 900, 1, 300 + seed));
      const Play right = play(task, 0);
      std::mt19937 random(seed);
      Task spoilt = task;
      std::vector<std::uint32_t>& words = spoilt.table.words;
      const LaneKind kind = task.table.kind;
      std::string name;
      if (kind == LaneKind::kArith) {
        const std::size_t s = 1 + random() % (task.rows.size() - 1);
        words[s] = (words[s - 1] + words[s]) / 2;
        if (words[s] == task.table.words[s] || std::popcount(words[s] ^ task.table.words[s]) != 1) {
          words[s] = task.table.words[s] ^ 1;
        }
        if (words[s] < words[s - 1] || words[s] > words[s + 1]) continue;
        name = "count " + std::to_string(s);
      } else if (kind == LaneKind::kRans) {
        const std::size_t s = random() % task.rows.size();
        words[s] ^= 1u << (seed % 2 == 0 ? random() % 6 : 16 + random() % 6);
        name = "freq or cum of " + std::to_string(s);
      } else {
        const std::uint64_t t = right.steps[100].state % words.size();
        const auto drawn = static_cast<unsigned>(random());
        const unsigned bit = seed % 3 == 0   ? drawn % 3
                             : seed % 3 == 1 ? 16 + drawn % task.table.table_log
                                             : 31;
        if (bit == 31) {
          words[t] = words[t ^ 1u << random() % task.table.table_log];
          name = "another entry at " + std::to_string(t);
        } else {
          words[t] ^= 1u << bit;
          name = "bit " + std::to_string(bit) + " of entry " + std::to_string(t);
        }
      }
      tally.add(task, right, play(spoilt, 0), {View::kSymbols, View::kStates, View::kAll},
                std::string(codec(coding).name) + ", " + name);
      // A decoder that shows values alone: a wrong symbol of a right state may be any fault behind
      // it, so only faults that lead astray are asked for.
      if (kind == LaneKind::kArith || seed % 3 == 0) continue;
      tally.add(task, right, play(spoilt, 0), {View::kValues},
                std::string(codec(coding).name) + ", " + name);
    }
    tally.require(85);
  }
}

TEST_CASE("faults: a wrong bit of a count of narrow rANS, which moves a bound of slots, is named",
          "[unit][verify]") {
  unsigned n_found = 0, n_named = 0;
  for (std::uint32_t seed = 0; seed < 3 * kTrials; ++seed) {
    const CodedTensor tensor = coded_tensor(Coding::kApackNrans, 900, 1, 350 + seed);
    const Task task = make_task(tensor);
    const Play right = play(task, 0);
    std::vector<std::uint32_t> freq = tensor.code.freq;
    const std::size_t s = 1 + seed % (freq.size() - 1);
    const std::uint32_t cum =
        std::accumulate(freq.begin(), freq.begin() + static_cast<std::ptrdiff_t>(s), 0u);
    const std::uint32_t bit = seed % 4, moved = cum ^ 1u << bit;
    if (cum > moved + freq[s - 1] || moved > cum + freq[s]) continue;  // out of order
    freq[s - 1] += moved - cum;
    freq[s] -= moved - cum;
    Task spoilt = task;
    spoilt.table = nrans_table(freq, tensor.code.table_log);
    const Play wrong = play(spoilt, 0);
    if (first_wrong(right, wrong, View::kAll) == right.steps.size()) continue;
    Cosim cosim(task);
    tell(cosim, 0, wrong, View::kAll);
    REQUIRE(cosim.first().has_value());
    const Difference d = *cosim.first();
    CHECK(d.diagnosis.fault == FaultClass::kTable);
    CHECK(d.entry.find("slot ") == 0);
    const std::string name =
        "bit " + std::to_string(bit) + " of count " + std::to_string(s) + " is wrong";
    ++n_found;
    n_named += d.diagnosis.because.find(name) != std::string::npos;
  }
  INFO(n_named << " of " << n_found);
  CHECK(n_found >= 20);
  CHECK(n_named * 100 >= n_found * 85);
}

TEST_CASE("faults: a wrong value of a right symbol is called offset", "[unit][verify]") {
  for (const Coding coding : {Coding::kRaw, Coding::kApackTans, Coding::kApackRans,
                              Coding::kApackAc, Coding::kApackTansPair, Coding::kApackNrans}) {
    Tally tally(FaultClass::kOffset);
    for (std::uint32_t seed = 0; seed < kTrials; ++seed) {
      const Task task = make_task(coded_tensor(coding, 900, 1, 400 + seed));
      const Play right = play(task, 0);
      const std::size_t p = 64 + seed * 8;
      const std::uint64_t value = 30 + 19 * seed;
      const auto spoilt = [&](const char* name, auto spoil) {
        SlowBits bits = offset_bits(task, 0);
        spoil(bits);
        const Play wrong = play(task, 0, symbol_bits(task, 0), bits);
        tally.add(task, right, wrong, {View::kValues},
                  std::string(codec(coding).name) + ", " + name);
        if (wrong.values == right.values) return;
        Cosim cosim(task);
        tell(cosim, 0, wrong, View::kAll);
        REQUIRE(cosim.first().has_value());
        CHECK(cosim.first()->diagnosis.fault == FaultClass::kOffset);
        CHECK(cosim.first()->diagnosis.confidence == Confidence::kCertain);
      };
      if (coding != Coding::kRaw) {  // of raw bytes it is a value left out
        spoilt("a byte lost", [&](SlowBits& b) {
          const auto at = b.bits.begin() + static_cast<std::ptrdiff_t>(p);
          b.bits.erase(at, at + 8);
        });
      }
      spoilt("a bit too many", [&](SlowBits& bits) {
        bits.fault = [=](SlowBits& b, unsigned n) {
          const std::uint32_t field = b.take(n);
          if (b.field == value) b.take(1);
          return field;
        };
      });
      spoilt("opposite order", [&](SlowBits& bits) {
        bits.fault = [=](SlowBits& b, unsigned n) {
          const std::uint32_t field = b.take(n);
          return backward(field, n);
        };
      });
      spoilt("top bit cut", [&](SlowBits& bits) {
        bits.fault = [=](SlowBits& b, unsigned n) {
          const std::uint32_t field = b.take(n);
          return n < 2 ? field : field & low_bits(n - 1);
        };
      });
      spoilt("offsets of 3 bits cut", [&](SlowBits& bits) {
        bits.fault = [=](SlowBits& b, unsigned n) { return b.take(n) & (n == 3 ? 3u : ~0u); };
      });
      Play sign = right;
      for (std::uint32_t& v : sign.values) v = (v & 0x80) != 0 ? v | 0xff00 : v;
      tally.add(task, right, sign, {View::kValues}, "sign above the value");
      if (coding == Coding::kRaw) continue;
      Task row = task;
      row.rows[3].vmin ^= 8;
      tally.add(task, right, play(row, 0), {View::kValues}, "vmin of row 3");
      row = task;
      row.rows[4] = row.rows[5];
      tally.add(task, right, play(row, 0), {View::kValues}, "row 5 for row 4");
    }
    tally.require(90);
  }
}

TEST_CASE("faults: values left out, doubled or swapped are called order", "[unit][verify]") {
  for (const Coding coding : kAllCodings) {
    Tally tally(FaultClass::kOrder);
    for (std::uint32_t seed = 0; seed < kTrials; ++seed) {
      const Task task = make_task(coded_tensor(coding, 900, 1, 500 + seed));
      const Play right = play(task, 0);
      const auto at = static_cast<std::ptrdiff_t>(40 + 31 * seed);
      const std::string name(codec(coding).name);
      Play wrong = right;
      wrong.values.erase(wrong.values.begin() + at);
      wrong.values.push_back(0);
      tally.add(task, right, wrong, {View::kValues}, name + ", left out");
      wrong = right;
      wrong.values.insert(wrong.values.begin() + at, wrong.values[static_cast<std::size_t>(at)]);
      tally.add(task, right, wrong, {View::kValues}, name + ", doubled");
      wrong = right;
      std::swap(wrong.values[static_cast<std::size_t>(at)],
                wrong.values[static_cast<std::size_t>(at) + 1]);
      tally.add(task, right, wrong, {View::kValues}, name + ", swapped");
    }
    tally.require(95);
  }
}
