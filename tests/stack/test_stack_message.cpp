// test_stack_message.cpp — the message: recorded ones of both ancestors bit for bit, both ways;
// small ones of our own; what is refused.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>

#include "random.hpp"
#include "refused.hpp"
#include "stack_vectors.hpp"
#include "transom/stack/real.hpp"

namespace transom::stack {
namespace {

using support::for_each_case;
using support::json;
using support::message_of;
using support::message_of_words;
using support::Random;
using support::Step;

/// A range of 2^R slots, or of N.
RansRange random_range(Random& random, std::uint64_t n_slots) {
  const auto freq =
      static_cast<std::uint32_t>(1 + random() % std::min(n_slots, n_slots >> random() % 31 | 1));
  return {static_cast<std::uint32_t>(random() % (n_slots - freq + 1)), freq};
}

Step random_step(Random& random, std::size_t n_heads, bool any_slots, unsigned most_log) {
  Step step{true, any_slots, {}, {}, {}, {}};
  for (std::size_t i = 0; i < n_heads; ++i) {
    const std::uint64_t slots =
        any_slots ? 1 + random() % (std::uint32_t{1} << random() % 32) : random() % (most_log + 1);
    const std::uint64_t n_slots =
        any_slots ? slots : std::min(std::uint64_t{1} << slots, std::uint64_t{UINT32_MAX});
    const RansRange range = random_range(random, n_slots);
    step.heads.push_back(i);
    step.start.push_back(range.cum);
    step.freq.push_back(range.freq);
    step.slots.push_back(slots);
  }
  return step;
}

template <class Geometry>
void check_random_steps(std::uint32_t seed) {
  Random random(seed);
  for (int round = 0; round < 60; ++round) {
    const std::size_t n_heads = 1 + random() % 9;
    const auto init = random_message<Geometry>(n_heads, random() % 20, random);
    auto m = init;
    std::vector<Step> steps;
    for (int i = 0; i < 40; ++i) {
      steps.push_back(random_step(random, n_heads, random() % 2 == 0, Geometry::lower_log));
      replay(m, steps.back(), false);
      for (const auto x : m.heads()) REQUIRE(Message<Geometry>::is_head(x));
    }
    for (std::size_t i = steps.size(); i-- > 0;) replay(m, steps[i], true);
    REQUIRE(m == init);
    for (const bool folded : {false, true}) {
      const Words words = folded ? flatten(init) : flatten_raw(init);
      const auto read =
          folded ? unflatten<Geometry>(words, n_heads) : unflatten_raw<Geometry>(words, n_heads);
      REQUIRE(read.status == Status::kOk);
      REQUIRE(read.message == init);
    }
  }
}

}  // namespace

TEST_CASE("craystack: recorded pushes are reproduced, and popped again", "[stack]") {
  for_each_case({"starts", "freqs", "final"}, [](const json& one, const json&) {
    const bool any_slots = one.contains("den");
    const std::size_t n = one.at("lanes");
    std::vector<Step> steps;
    for (std::size_t i = 0; i < one["starts"].size(); ++i) {
      steps.push_back(support::step_of({{"op", any_slots ? "fpush" : "push"},
                                        {"lanes", n},
                                        {"start", one["starts"][i]},
                                        {"freq", one["freqs"][i]},
                                        {"prec", one.at(any_slots ? "den" : "prec")}}));
    }
    support::check_steps(message_of(one.at("init")), steps, message_of(one.at("final")));
  });
}

TEST_CASE("bits-back: recorded appends are reproduced, and popped again", "[stack]") {
  for_each_case({"ops", "init_flat", "final_flat"}, [](const json& one, const json&) {
    std::vector<Step> steps;
    for (const json& op : one["ops"]) {
      steps.push_back(support::step_of(op.size() == 3 ? json{"push", op[0], op[1], op[2]} : op));
    }
    support::check_steps(message_of_words<Rans64x32Full>(one["init_flat"]), steps,
                         message_of_words<Rans64x32Full>(one["final_flat"]));
  });
}

TEST_CASE("craystack: recorded traces of every codec are reproduced, and undone", "[stack]") {
  for (const char* trace : {"trace", "push_trace"}) {
    for_each_case({trace, "init", "final"}, [&](const json& one, const json&) {
      if (!one.value("trace_complete", true)) return;
      std::vector<Step> steps;
      for (const json& op : one[trace]) steps.push_back(support::step_of(op));
      support::check_steps(message_of(one["init"]), steps, message_of(one["final"]));
    });
  }
}

TEST_CASE(
    "craystack: test_flatten_unflatten: recorded messages flatten to their words, raw and folded",
    "[stack]") {
  for_each_case({"flat_raw"}, [](const json& one, const json&) {
    const auto m = message_of(one.at(one.contains("final") ? "final" : "init"));
    const std::size_t n = m.heads().size();
    const auto raw = one["flat_raw"].get<Words>();
    CHECK(flatten_raw(m) == raw);
    CHECK(unflatten_raw(raw, n).message == m);
    if (!one.contains("flat_folded")) return;
    const auto folded = one["flat_folded"].get<Words>();
    CHECK(flatten(m) == folded);
    CHECK(unflatten(folded, n).message == m);
  });
}

TEST_CASE("craystack: test_resize_head_1d: recorded heads are folded and unfolded", "[stack]") {
  for_each_case({"new_size", "fold_sizes"}, [](const json& one, const json&) {
    const auto init = message_of(one["init"]), final = message_of(one["final"]);
    const std::size_t a = init.heads().size(), b = final.heads().size();
    CHECK(fold_sizes(std::min(a, b), std::max(a, b)) ==
          one["fold_sizes"].get<std::vector<std::size_t>>());
    CHECK(with_heads(init, one["new_size"]) == final);
    CHECK(with_heads(final, a) == init);
  });
}

TEST_CASE("craystack: test_finer_prec: a pop that needs a word first is undone (issue 14)",
          "[stack]") {
  for_each_case({"popped", "after_pop", "after_push"}, [](const json& one, const json&) {
    auto m = message_of(one["init"]);
    const std::vector<std::uint32_t> n_slots(m.heads().size(), one["den"]);
    std::vector<RansRange> ranges;
    pop_any(m, n_slots, [&](std::size_t, std::uint32_t slot) {
      ranges.push_back({slot, 1});
      return RansSlot{0, 1, 0};
    });
    for (std::size_t i = 0; i < ranges.size(); ++i) CHECK(ranges[i].cum == one["popped"][i]);
    CHECK(m == message_of(one["after_pop"]));
    push_any(m, ranges, n_slots);
    CHECK(m == message_of(one["after_push"]));
  });
}

TEST_CASE("craystack: test_benford_higher_bits: recorded tables are those of integer logarithms",
          "[stack]") {
  for (const json& file : support::recorded_files()) {
    if (!file.contains("benford_high_bits_tables")) continue;
    for (const auto& [name, table] : file["benford_high_bits_tables"].items()) {
      const auto bits = static_cast<unsigned>(std::stoul(name));
      const auto R = static_cast<unsigned>(std::stoul(name.substr(name.find('_') + 1)));
      const Table ours = benford_high_bits(bits, R);
      for (std::uint32_t s = 0; s < 1u << bits; ++s) {
        CHECK(ours.range_of(s).cum == table["start"][s]);
        CHECK(ours.range_of(s).freq == table["freq"][s]);
      }
    }
  }
}

TEST_CASE(
    "craystack: test_rans, bits-back: test_rans: steps of every precision and denominator come "
    "back",
    "[stack]") {
  check_random_steps<Rans64x32>(1);
  check_random_steps<Rans64x32Full>(2);
}

TEST_CASE("craystack: test_base_message: heads are L, and nothing is popped from it", "[stack]") {
  Message m(3);
  CHECK(is_base(m));
  CHECK(flatten_raw(m) == Words{0, 0, 0, 1u << 31, 1u << 31, 1u << 31});
  CHECK_THROWS_AS(m.pop(Uniform(8)), UnderflowError);
  CHECK(m == Message(3));  // nothing was invented, nothing is lost
  m.push(Uniform(8), 200);
  CHECK_FALSE(is_base(m));
  CHECK(m.pop(Uniform(8)) == 200);
  CHECK(is_base(m));
  Random random(8);
  std::size_t n_ones = 0;
  const auto fresh = random_message(100'000, 0, random);
  for (const auto x : fresh.heads()) {
    REQUIRE(x >> 31 == 1);
    n_ones += static_cast<std::size_t>(std::popcount(x)) - 1;
  }
  CHECK(std::abs(static_cast<double>(n_ones) / 3'100'000 - 0.5) < 0.01);
  // 64 base heads: 71 words for 128, as recorded
  CHECK(flatten(Message(64)).size() == 71);
}

TEST_CASE("stack: words lie where they are said to: a message by hand", "[stack]") {
  Message m(2);  // heads 2^31
  const auto all = lanes(Uniform(31));
  m.push(all, {5, 7});  // below 2^32 = b k: no word is given
  CHECK(m.heads()[0] == (std::uint64_t{1} << 62) + 5);
  CHECK(m.tail().empty());
  m.push(all, {1, 2});  // both give their low halves, the first head's on top
  CHECK(m.tail() == Words{7, 5});
  CHECK(m.heads()[1] == (std::uint64_t{1} << 30 << 31) + 2);
  CHECK(flatten_raw(m) == Words{1u << 29, 1u << 29, 1, 2, 5, 7});
  CHECK(m.pop(all) == std::vector<std::uint32_t>{1, 2});
  CHECK(m.pop(all) == std::vector<std::uint32_t>{5, 7});
  CHECK(is_base(m));
}

TEST_CASE("stack: a pop without words leaves the message, of any number of slots", "[stack]") {
  Random random(3);
  std::size_t n_dry = 0;
  for (int round = 0; round < 300; ++round) {
    auto m = random_message<Rans64x32Full>(1 + random() % 4, random() % 3, random);
    const std::vector<std::uint32_t> n_slots(m.heads().size(), 1 + random() % 1000000);
    for (int i = 0; i < 20; ++i) {
      const auto before = m;
      try {
        pop_any(m, n_slots, [](std::size_t, std::uint32_t) { return RansSlot{0, 1, 0}; });
      } catch (const UnderflowError&) {
        REQUIRE(m == before);
        ++n_dry;
        break;
      }
    }
  }
  CHECK(n_dry == 300);
}

TEST_CASE(
    "craystack: test_benford, test_benford_inverse, test_big_uniform: numbers of every size come "
    "back",
    "[stack]") {
  Random random(4);
  const auto init = random_message(20, 100, random);
  for (int round = 0; round < 50; ++round) {
    std::vector<unsigned> precisions(20);
    std::vector<std::uint64_t> big(20), benford(20);
    for (std::size_t i = 0; i < 20; ++i) {
      precisions[i] = round == 0 ? static_cast<unsigned>(i * 64 / 19) : random() % 65;
      const std::uint64_t bits = std::uint64_t{random()} << 32 | random();
      big[i] = precisions[i] == 0 ? 0 : bits >> (64 - precisions[i]);
      const unsigned exponent = round == 0 ? (i % 2 == 0 ? 0 : 31) : random() % 32;
      benford[i] = round == 0 && i > 9 ? (std::uint64_t{1} << (32 + exponent)) - 1
                                       : (bits >> 33 | 1u << 31) << exponent;
    }
    auto m = init;
    m.push(BigUniform(precisions), big);
    m.push(Benford<>(), benford);
    REQUIRE(m.pop(Benford<>()) == benford);
    REQUIRE(m.pop(BigUniform(precisions)) == big);
    REQUIRE(m == init);
  }
}

TEST_CASE("craystack: test_resize_head_1d, test_reshape_head: any number of heads into any other",
          "[stack]") {
  Random random(5);
  for (const std::size_t n : {141u, 100u, 40u, 32u, 23u, 17u, 6u, 3u, 1u}) {
    const auto init = random_message(n, 1000, random);
    for (const std::size_t other : {141u, 100u, 40u, 32u, 23u, 17u, 6u, 3u, 1u}) {
      const auto m = with_heads(init, other);
      REQUIRE(m.heads().size() == other);
      CHECK(with_heads(m, n) == init);
    }
  }
}

TEST_CASE("craystack: test_flatten_rate: many heads cost what one does", "[stack]") {
  Random random(7);
  const std::size_t n = 1000;
  const auto init = random_message(1, 4 * n, random);
  std::vector<Bernoulli> laws;
  std::vector<std::uint32_t> data;
  for (std::size_t i = 0; i < n; ++i) {
    laws.push_back(bernoulli(random() / 4294967296.0, 14));
    data.push_back(laws.back().owner_of(random() >> 18).symbol);
  }
  auto scalar = init, vector = with_heads(init, n);
  for (std::size_t i = 0; i < n; ++i) scalar.push(laws[i], data[i]);
  vector.push(lanes(laws), data);
  const auto bits = [&](const Message<>& m) {
    return 32 * (flatten(m).size() - flatten(init).size());
  };
  CHECK(bits(scalar) > 600);
  CHECK(bits(vector) <= bits(scalar) + 32);
}

TEST_CASE("stack: damaged and short messages end with a verdict, in the memory that they are worth",
          "[stack]") {
  Random random(6);
  const auto good = flatten(random_message(40, 60, random));
  std::set<Status> seen;
  for (int round = 0; round < 2000; ++round) {
    Words words = good;
    if (random() % 2 == 0) words.resize(random() % (words.size() + 1));
    for (int i = random() % 4; i > 0 && !words.empty(); --i) {
      words[random() % std::min<std::size_t>(words.size(), 4)] ^= 1u << random() % 32;
    }
    const auto read = unflatten(words, 40);
    seen.insert(read.status);
    if (read.status == Status::kOk) CHECK(flatten(read.message) == words);
    const auto raw = unflatten_raw<Rans64x32Full>(words, 1 + random() % 90);
    seen.insert(raw.status);
    if (raw.status == Status::kOk) CHECK(flatten_raw(raw.message) == words);
  }
  CHECK(seen == std::set{Status::kOk, Status::kTruncated, Status::kBadState});
  // A claim of any number of heads is refused before it is believed.
  for (const std::size_t claim : {std::size_t{1} << 20, std::size_t{1} << 40, SIZE_MAX}) {
    CHECK(unflatten(good, claim).status == Status::kTruncated);
    CHECK(unflatten_raw(good, claim).status == Status::kTruncated);
  }
}

TEST_CASE("stack: what no message can be, and steps that no coder takes, are refused by name",
          "[stack]") {
  using Heads = std::vector<std::uint64_t>;
  CHECK_REFUSED(Message(0), "number of heads", "0", "at least 1");
  CHECK_REFUSED(Message<>(Heads{std::uint64_t{1} << 63}, {}), "heads[0]", "9223372036854775808",
                "[L, bL)");
  CHECK_REFUSED(Message<Rans64x32Full>(Heads{1u << 31}, {}), "heads[0]", "2147483648", "[L, bL)");
  Message m(2);
  CHECK_REFUSED(push_range(m, 2, {0, 1}, 1), "head", "2", "0..1");
  CHECK_REFUSED(push_range(m, 0, {0, 0}, 1), "freq", "0", "1..2");
  CHECK_REFUSED(push_range(m, 0, {2, 1}, 1), "cum", "2", "0..1");
  CHECK_REFUSED(push_range(m, 0, {0, 1}, 32), "table log", "32", "0..31");
  CHECK_REFUSED(m.push(Uniform(4), 16), "value", "16", "0..15");
  CHECK_REFUSED(m.push(lanes(Uniform(4)), {1, 2, 3}), "number of symbols", "3", "must be 2");
  CHECK_REFUSED(m.push(BigUniform(33), {0, std::uint64_t{1} << 33}), "numbers[1]", "8589934592",
                "more bits");
  CHECK_REFUSED(m.push(Benford<>(), {std::uint64_t{1} << 31, 5}), "numbers[1]", "5", "[L, bL)");
  const Words n_slots{3, 0};
  const std::vector<RansRange> ranges{{0, 1}, {0, 1}};
  CHECK_REFUSED(push_any(m, ranges, n_slots), "n_slots", "0", "1..");
  CHECK_REFUSED(with_heads(m, 0), "n_heads", "0", "1..");
  CHECK_REFUSED(unflatten(n_slots, 0), "n_heads", "0", "1..");
  CHECK(m == Message(2));
}

}  // namespace transom::stack
