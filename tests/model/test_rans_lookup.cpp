// test_rans_lookup.cpp — the four look-ups of a rANS decoder: what each slot means, and what it
// costs.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coder/rans_lookup.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "foreign_support.hpp"
#include "transom/coder/rans_alias.hpp"
#include "transom/coder/rans_stack.hpp"

namespace transom {
namespace {

using support::Random;

void check_inverse(const RansBounds& table, const auto& lookup, std::uint32_t slot) {
  const RansSlot s = lookup(slot);
  REQUIRE(s.freq == table.range(s.symbol).freq);
  REQUIRE(table.range(s.symbol).cum + s.bias == slot);
  REQUIRE(s.bias < s.freq);
}

}  // namespace

TEST_CASE("lookup: slots, inverse CDF and search find the same symbol in every slot", "[unit]") {
  Random random(21);
  for (unsigned R = 0; R <= 16; ++R) {
    auto freq = support::full_freq(random, 300, R);
    freq.insert(freq.begin() + static_cast<std::ptrdiff_t>(random() % freq.size()), 0);
    freq.push_back(0);
    const RansBounds table = RansBounds::of_freq(freq, R);
    const SlotLookup slots(table);
    const InverseCdfLookup inverse(table);
    const SearchLookup search(table);
    for (std::uint32_t slot = 0; slot < std::uint32_t{1} << R; ++slot) {
      check_inverse(table, slots, slot);
      check_inverse(table, inverse, slot);
      check_inverse(table, search, slot);
    }
    CHECK(slots.bytes() == 6 * (std::size_t{1} << R));
    CHECK(inverse.bytes() == 2 * (std::size_t{1} << R) + 4 * (freq.size() + 1));
    CHECK(search.bytes() == 4 * (freq.size() + 1));
  }
}

TEST_CASE("lookup: an alias table gives each symbol its slots, once each, in both orders",
          "[unit]") {
  Random random(22);
  for (const AliasOrder order : {AliasOrder::kSweep, AliasOrder::kStack}) {
    for (int round = 0; round < 100; ++round) {
      const unsigned R = 8 + random() % 7;
      const RansBounds table = RansBounds::of_freq(support::full_freq(random, 256, R), R);
      const AliasLookup alias(table, order);
      const auto remap = alias.remap(table);
      CHECK(std::set<std::uint32_t>(remap.begin(), remap.end()).size() == remap.size());
      for (std::uint32_t place = 0; place < remap.size(); ++place) {
        const RansSlot s = alias(remap[place]);
        REQUIRE(table.range(s.symbol).cum + s.bias == place);
        REQUIRE(s.bias < s.freq);
      }
    }
  }
}

TEST_CASE("lookup: slots beyond a short table belong to one symbol more", "[unit]") {
  const RansBounds table({0, 3, 5}, 3);
  CHECK(!table.is_full());
  CHECK(SearchLookup(table)(4).symbol == 1);
  for (std::uint32_t slot = 5; slot < 8; ++slot) {
    CHECK(SearchLookup(table)(slot).symbol == 2);
    CHECK(InverseCdfLookup(table)(slot).symbol == 2);
    CHECK(SlotLookup(table)(slot).symbol == 2);
  }
  CHECK_THROWS_AS(AliasLookup(table, AliasOrder::kStack), std::invalid_argument);
}

TEST_CASE("lookup: what is no table is refused", "[unit]") {
  using Bounds = std::vector<std::uint32_t>;
  CHECK_THROWS_AS(RansBounds(Bounds{0, 5, 4, 8}, 3), std::invalid_argument);
  CHECK_THROWS_AS(RansBounds(Bounds{1, 8}, 3), std::invalid_argument);
  CHECK_THROWS_AS(RansBounds(Bounds{0, 9}, 3), std::invalid_argument);
  CHECK_THROWS_AS(RansBounds(Bounds{0}, 3), std::invalid_argument);
  CHECK_THROWS_AS(RansBounds(Bounds{0, 1}, 32), std::invalid_argument);
  CHECK_THROWS_AS(RansBounds::of_freq(Bounds{0xffff'ffff, 2}, 3), std::invalid_argument);
  CHECK_THROWS_AS(SlotLookup(RansBounds(Bounds{0, 1u << 17}, 17)), std::invalid_argument);
  CHECK_THROWS_AS(AliasLookup(RansBounds(Bounds{0, 1, 2, 3, 4}, 2), AliasOrder::kStack, 8),
                  std::invalid_argument);
}

TEST_CASE("stack: pushed later, popped in part, what remains is a stream like any other",
          "[unit]") {
  Random random(23);
  const auto freq = support::full_freq(random, 100, 12);
  const RansBounds table = RansBounds::of_freq(freq, 12);
  const SearchLookup lookup(table);
  for (const std::size_t n_states : {1u, 4u}) {
    RansStack<Rans64x32> stack(n_states);
    std::vector<std::uint32_t> mirror;  // what a stack of symbols would hold
    for (int round = 0; round < 2000; ++round) {
      if (random() % 5 < 3 || mirror.empty()) {
        mirror.push_back(support::draw<std::uint32_t>(random, freq, 1)[0]);
        stack.push((mirror.size() - 1) % n_states, table.range(mirror.back()), 12);
      } else {
        REQUIRE(stack.pop((mirror.size() - 1) % n_states, 12, lookup) == mirror.back());
        mirror.pop_back();
      }
    }
    CHECK(stack.status() != Status::kOk);
    const RansStack<Rans64x32> stored(stack.states(), stack.words());
    RansStack<Rans64x32> read = stored;
    for (; !mirror.empty(); mirror.pop_back()) {
      REQUIRE(read.pop((mirror.size() - 1) % n_states, 12, lookup) == mirror.back());
    }
    CHECK(read.status() == Status::kOk);
    CHECK_FALSE(read.ran_dry());
    for (int i = 0; i < 100; ++i) read.pop(0, 12, lookup);
    CHECK(read.status() == Status::kTruncated);
  }
}

}  // namespace transom
