// test_stack_combinators.cpp — codecs of codecs: what the ancestors' tests of them ask, by name, on
// messages of our own; views, sets, coroutines.
// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "codec_check.hpp"
#include "random.hpp"
#include "refused.hpp"
#include "transom/stack/bits_back.hpp"
#include "transom/stack/generator.hpp"
#include "transom/stack/multiset.hpp"

namespace transom::stack {
namespace {

using support::check_codec;
using support::Random;
using Symbols = std::vector<std::uint32_t>;

Symbols numbers(Random& random, std::size_t n, unsigned bits) {
  Symbols all(n);
  for (std::uint32_t& one : all) one = random() >> (32 - bits);
  return all;
}
std::vector<std::uint64_t> benford_numbers(Random& random, std::size_t n) {
  std::vector<std::uint64_t> all(n);
  for (std::uint64_t& one : all) one = (random() | std::uint64_t{1} << 31) << random() % 32;
  for (std::uint64_t& one : all) one |= std::uint64_t{1} << 31;
  return all;
}

/// The width of a number, then the number.
Generator<Uniform> width_then_number() {
  const std::uint32_t width = co_yield Uniform(4);
  co_yield Uniform(width);
}
using NumbersOrHeads = OneOf<Lanes<Uniform>, Benford<>>;
Generator<NumbersOrHeads> numbers_then_heads() {
  for (int i = 0; i < 7; ++i) co_yield lanes(Uniform(16));
  for (int i = 0; i < 5; ++i) co_yield Benford<>();
}
Generator<Uniform> broken() {
  co_yield Uniform(1);
  throw std::runtime_error("broken");
}

}  // namespace

TEST_CASE("craystack: test_repeat, test_from_iterable", "[stack]") {
  Random random(31);
  const std::size_t n_heads = 30;
  const auto init = random_message(n_heads, 5, random);
  std::vector<Symbols> small;
  for (int i = 0; i < 7; ++i) small.push_back(numbers(random, n_heads, 4));
  check_codec(init, repeat(lanes(Uniform(4)), 7), small);
  check_codec(init, serial(std::vector(7, lanes(Uniform(4)))), small);
  std::vector<std::vector<std::uint64_t>> big;
  for (int i = 0; i < 5; ++i) big.push_back(benford_numbers(random, n_heads));
  check_codec(init, serial(repeat(lanes(Uniform(4)), 7), repeat(Benford<>(), 5)), {small, big});
  CHECK_REFUSED(Message(n_heads).push(repeat(lanes(Uniform(4)), 6), small), "symbols", "7", "6");
  CHECK_REFUSED(Message().push(serial(std::vector(2, Uniform(4))), {1}), "symbols", "1", "2");
}

TEST_CASE("craystack: test_serial_resized: a codec may give the message other heads", "[stack]") {
  Random random(32);
  for (const std::size_t n : {6u, 5u, 4u}) {
    auto m = random_message(n, 20, random);
    const auto init = m;
    const Symbols wide = numbers(random, n, 4), narrow = numbers(random, 5, 4);
    m.push(lanes(Uniform(4)), wide);
    m = with_heads(m, 5);
    m.push(lanes(Uniform(4)), narrow);
    CHECK(m.pop(lanes(Uniform(4))) == narrow);
    m = with_heads(m, n);
    CHECK(m.pop(lanes(Uniform(4))) == wide);
    CHECK(m == init);
  }
}

TEST_CASE("craystack: test_substack: heads beside the view are not touched", "[stack]") {
  Random random(33);
  const auto init = random_message(16, 30, random);
  std::vector<Symbols> data;
  for (int i = 0; i < 100; ++i) data.push_back(numbers(random, 4, 4));
  const auto codec = repeat(lanes(Uniform(4)), 100);
  for (const Heads& heads : {Heads(4, 4), Heads(1, 4, 3), Heads::at({15, 0, 7, 3})}) {
    check_codec(init, substack(codec, heads), data);
    auto m = init;
    m.push(substack(codec, heads), data);
    for (std::size_t i = 0; i < 16; ++i) {
      const auto in = heads.indices();
      const bool inside = std::find(in.begin(), in.end(), i) != in.end();
      CHECK((m.heads()[i] == init.heads()[i]) != inside);
    }
  }
  // a view of a view; the order of its heads is that of the symbols
  check_codec(init, substack(substack(lanes(Uniform(8)), Heads::at({2, 0})), Heads(8, 3)),
              {200, 3});
  auto one = init, other = init;
  one.push(substack(lanes(Uniform(8)), Heads::at({9, 4})), {1, 2});
  other.push(substack(lanes(Uniform(8)), Heads::at({4, 9})), {2, 1});
  CHECK(std::equal(one.heads().begin(), one.heads().end(), other.heads().begin()));
}

TEST_CASE("craystack: test_parallel", "[stack]") {
  Random random(34);
  const auto part = [](unsigned R, std::size_t first, std::size_t n) {
    return substack(lanes(Uniform(R)), Heads(first, n));
  };
  check_codec(random_message(20, 5, random),
              parallel(part(1, 0, 2), part(2, 2, 3), part(4, 5, 4), part(8, 9, 5), part(16, 14, 6)),
              {numbers(random, 2, 1), numbers(random, 3, 2), numbers(random, 4, 4),
               numbers(random, 5, 8), numbers(random, 6, 16)});
  CHECK_REFUSED(parallel(part(1, 0, 3), part(1, 2, 3)), "head", "2", "one place");
}

TEST_CASE("craystack: test_autoregressive", "[stack]") {
  Random random(35);
  // each number has one bit more than the number before it has
  const auto codec = autoregressive<std::uint32_t>(6, [](std::span<const std::uint32_t> before) {
    const auto width = before.empty() ? 3 : std::bit_width(before.back()) + 1;
    return Uniform(static_cast<unsigned>(width));
  });
  check_codec(random_message(1, 5, random), codec, {5, 15, 31, 3, 0, 1});
  CHECK_REFUSED(Message().push(codec, {1}), "symbols", "1", "6");
}

TEST_CASE("craystack: test_from_generator_simple, test_from_generator_dependent", "[stack]") {
  Random random(36);
  const auto pair = from_generator(width_then_number);
  for (std::uint32_t width = 0; width < 16; ++width) {
    const std::uint32_t number = width == 0 ? 0 : random() >> (32 - width);
    check_codec(random_message(2, 5, random), pair, {width, number});
  }
  check_codec(random_message(2, 9, random), repeat(pair, 3), {{3, 6}, {15, 20000}, {0, 0}});
  const auto init = random_message(1, 5, random);
  auto m = init;
  CHECK_REFUSED(m.push(pair, {3}), "symbols", "1", "codecs");
  CHECK_REFUSED(m.push(pair, {3, 1, 4}), "symbols", "3", "2");
  CHECK_THROWS_AS(m.push(from_generator(broken), {1}), std::runtime_error);
  CHECK(m == init);
}

TEST_CASE("craystack: test_from_generator_serial: codecs of different types", "[stack]") {
  Random random(42);
  const auto init = random_message(24, 5, random);
  const auto codec = from_generator(numbers_then_heads);
  std::vector<NumbersOrHeads::Symbol> data;
  for (int i = 0; i < 7; ++i) data.push_back(numbers(random, 24, 16));
  for (int i = 0; i < 5; ++i) data.push_back(benford_numbers(random, 24));
  check_codec(init, codec, data);
  auto m = init;
  std::swap(data[6], data[7]);
  CHECK_REFUSED(m.push(codec, data), "index of the symbol", "0", "1");
}

TEST_CASE(
    "craystack: test_build_multiset, test_insert_then_forward_lookup, "
    "test_reverse_lookup_then_remove: a counted set is a sorted list",
    "[stack]") {
  Random random(37);
  CountedSet<std::uint32_t> set;
  std::map<std::uint32_t, std::uint32_t> want;
  std::size_t n_shrunk = 0;
  for (int step = 0; step < 4000; ++step) {
    const std::uint32_t symbol = random() % 200;
    if (step < 1000 || random() % 3 == 0) {
      set.insert(symbol);
      ++want[symbol];
    } else if (want[symbol] != 0) {
      set.erase(symbol);
      --want[symbol];
      ++n_shrunk;
    }
    std::uint32_t below = 0;
    for (const auto& [s, n] : want) {
      if (s == symbol || step % 100 == 0) {
        const RansRange range = set.range_of(s);
        REQUIRE(range.freq == n);
        if (n != 0) {
          REQUIRE(range.cum == below);
          REQUIRE(set.owner_of(below).symbol == s);
          REQUIRE(set.owner_of(below + n - 1).symbol == s);
          REQUIRE(set.owner_of(below).range.freq == n);
        }
      }
      below += n;
    }
    REQUIRE(set.size() == below);
  }
  CHECK(n_shrunk > 500);
  CHECK_REFUSED(set.erase(1000), "symbol", "one", "there");
  CHECK_THROWS_AS(set.owner_of(set.size()), std::invalid_argument);
}

TEST_CASE("stack: a counted set is of logarithmic depth, however it grows", "[stack]") {
  Random random(38);
  for (const int order : {0, 1, 2, 3}) {
    CountedSet<std::uint32_t> set;
    const std::uint32_t n = 1 << 15;
    for (std::uint32_t i = 0; i < n; ++i) {
      set.insert(order == 0   ? i
                 : order == 1 ? n - i
                 : order == 2 ? (i % 2 == 0 ? i : 2 * n - i)
                              : random());
    }
    CHECK(set.depth() <= 37);  // log_{4/3}(2^15) at worst
    CHECK(set.depth() >= 15);
  }
}

TEST_CASE(
    "craystack: test_multiset_codec, test_sampling_without_replacement: the order's bits come back",
    "[stack]") {
  Random random(39);
  const auto init = random_message(4, 400, random);
  for (const std::size_t n : {0u, 1u, 2u, 100u}) {
    Symbols symbols = numbers(random, n, 8);
    const auto codec = multiset(substack(Uniform(8), Heads(1, 3)), n);
    auto m = init;
    m.push(codec, symbols);
    std::sort(symbols.begin(), symbols.end());
    CHECK(m.pop(codec) == symbols);
    CHECK(m == init);
  }
  // 256 different bytes are one set: 2048 bits less log2(256!) = 1684
  Symbols all(256);
  for (std::uint32_t i = 0; i < 256; ++i) all[i] = i;
  auto m = random_message(1, 400, random);
  m.push(multiset(Uniform(8), 256), all);
  CHECK((flatten(m).size() - 402) * 32 < 364);  // the rest of it is in the head
  m = random_message(1, 400, random);
  m.push(multiset(Uniform(8), 256), Symbols(256, 7));  // no order to gain
  CHECK(flatten(m).size() == 402 + 64);
  CHECK_REFUSED(m.push(multiset(Uniform(8), 3), {1, 2}), "symbols", "2", "3");
  Message empty;
  CHECK_THROWS_AS(empty.push(multiset(Uniform(8), 256), all), UnderflowError);
}

TEST_CASE("stack: bits-back pays what the marginal probability says", "[stack]") {
  // x is z or z + 1 (mod 4): two bits and one, for a number that is worth two
  const auto one_of = [](std::uint32_t a, std::uint32_t b) {
    Symbols counts(4);
    counts[a % 4] = counts[b % 4] = 1;
    return Table::of_counts(counts, 1);
  };
  const auto codec = bb_ans(
      Uniform(2), [&](std::uint32_t z) { return one_of(z, z + 1); },
      [&](std::uint32_t x) { return one_of(x, x + 3); });
  Random random(40);
  const auto init = random_message<Rans64x32Full>(1, 10, random);
  auto m = init;
  const Symbols data = numbers(random, 800, 2);
  for (const std::uint32_t x : data) m.push(codec, x);
  CHECK(m.tail().size() == 10 + 50);  // 1600 bits, not 2400
  for (std::size_t i = data.size(); i-- > 0;) REQUIRE(m.pop(codec) == data[i]);
  CHECK(m == init);
  check_codec(init, repeat(codec, 800), data);
}

TEST_CASE("craystack: test_vae, bits-back: test_vae_append_pop: a VAE on one head and on many",
          "[stack]") {
  // "networks" that are formulas: 3 latent variables, 5 observed ones
  const auto recognise = [](const Symbols& x) {
    std::vector<MeanAndStdd<double>> q;
    for (std::size_t i = 0; i < 3; ++i) q.push_back({x[i] * 0.5 - 0.3, 0.25 + 0.1 * x[i + 2]});
    return q;
  };
  const auto bits_of = [](const std::vector<double>& z) {
    std::vector<Bernoulli> each;
    for (std::size_t i = 0; i < 5; ++i) each.push_back(bernoulli(1 / (1 + std::exp(z[i % 3])), 12));
    return each;
  };
  Random random(41);
  const Symbols x{1, 0, 0, 1, 1};
  const VaePrecisions precisions{8, 14};
  check_codec(random_message<Rans64x32Full>(1, 10, random),
              vae<double>(
                  3, recognise, [&](const std::vector<double>& z) { return serial(bits_of(z)); },
                  precisions),
              x);
  check_codec(random_message(8, 10, random),
              vae<double>(
                  3, recognise, [&](const std::vector<double>& z) { return lanes(bits_of(z)); },
                  precisions, HeadEach{Heads(0, 3), Heads(3, 5)}),
              x);
  Message<Rans64x32Full> empty;
  const auto codec = vae<double>(
      3, recognise, [&](const std::vector<double>& z) { return serial(bits_of(z)); }, precisions);
  CHECK_THROWS_AS(empty.push(codec, x), UnderflowError);
}

}  // namespace transom::stack
