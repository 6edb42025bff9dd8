// stack.cpp — how fast messages are pushed and popped.
// SPDX-License-Identifier: Apache-2.0
#include "stack.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "transom/stack/bits_back.hpp"

namespace transom {
namespace {

using namespace stack;

constexpr std::size_t kSymbols = std::size_t{1} << 16;
using Symbols = std::vector<std::uint32_t>;

/// n symbols as likely as a distribution says.
template <class D>
Symbols drawn(const D& d, std::size_t n = kSymbols) {
  std::mt19937 random(1);
  Symbols symbols(n);
  for (std::uint32_t& s : symbols) {
    s = d.owner_of(static_cast<std::uint32_t>(random()) & low_bits(d.precision())).symbol;
  }
  return symbols;
}

/// Both ways, of a symbol of `codec` that holds kSymbols.
template <class Geometry, class C>
void add(const std::string& name, const Message<Geometry>& init, C codec,
         typename C::Symbol symbol) {
  const auto count = [](benchmark::State& state) {
    state.SetItemsProcessed(static_cast<std::int64_t>(kSymbols) * state.iterations());
  };
  benchmark::RegisterBenchmark(("stack/push/" + name).c_str(), [=](benchmark::State& state) {
    for (auto _ : state) {
      auto m = init;
      m.push(codec, symbol);
      benchmark::DoNotOptimize(m.heads().data());
    }
    count(state);
  });
  benchmark::RegisterBenchmark(("stack/pop/" + name).c_str(), [=](benchmark::State& state) {
    auto full = init;
    full.push(codec, symbol);
    for (auto _ : state) {
      auto m = full;
      auto popped = m.pop(codec);
      benchmark::DoNotOptimize(&popped);
    }
    count(state);
  });
}

}  // namespace

void register_stack() {
  std::vector<double> p(256);
  for (std::size_t i = 0; i < 256; ++i)
    p[i] = std::exp(-std::abs(static_cast<double>(i) - 128) / 10);
  double sum = 0;
  for (const double one : p) sum += one;
  for (double& one : p) one /= sum;
  const Table table = categorical(p, 12);
  const Symbols symbols = drawn(table);
  add("one-head", Message(), repeat(table, kSymbols), symbols);
  add("one-head-64", Message<Rans64x32Full>(), repeat(table, kSymbols), symbols);
  add("bytes", Message(), repeat(Uniform(8), kSymbols), drawn(Uniform(8)));
  const Bernoulli rare = bernoulli(0.1, 12);
  add("bits", Message(), repeat(rare, kSymbols), drawn(rare));
  for (const std::size_t n : {std::size_t{16}, std::size_t{1024}}) {
    std::vector<Symbols> rows;
    for (auto at = symbols.begin(); at != symbols.end(); at += static_cast<std::ptrdiff_t>(n)) {
      rows.emplace_back(at, at + static_cast<std::ptrdiff_t>(n));
    }
    add("heads" + std::to_string(n), Message(n), repeat(lanes(table), kSymbols / n), rows);
  }
  const auto bits_back = bb_ans(
      Uniform(4), [=](std::uint32_t) -> const Table& { return table; },
      [](std::uint32_t) { return Uniform(4); });
  std::mt19937 random(2);
  const auto word = [&] { return static_cast<std::uint32_t>(random()); };
  add("bits-back", random_message(1, 64, word), repeat(bits_back, kSymbols), symbols);
}

}  // namespace transom
