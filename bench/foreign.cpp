// compat.cpp — benchmarks of other coders' rANS streams, and of the look-ups of a rANS decoder.
//
// All code the same values, those of one tensor of 8 bits, with the same table. items_per_second
// are symbols. Tables are built before the clock starts: these are the coders' own rates.
// table_bytes is what a decoder's look-up keeps in memory.
// SPDX-License-Identifier: Apache-2.0
#include "foreign.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "transom/coder/rans.hpp"
#include "transom/foreign/constriction.hpp"
#include "transom/foreign/ryg_rans.hpp"
#include "transom/foreign/torch/torch_ans.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise.hpp"

namespace transom {
namespace {

using namespace foreign;

constexpr unsigned kTableLog = 12;  ///< the one that ryg_rans' word streams have

struct Message {
  std::vector<std::uint8_t> symbols;
  std::vector<std::uint32_t> freq;  ///< of all 256 symbols, each at least 1
};
using Shared = std::shared_ptr<const Message>;

void count(benchmark::State& state, const Message& m) {
  state.SetItemsProcessed(
      static_cast<std::int64_t>(m.symbols.size() * static_cast<std::size_t>(state.iterations())));
}
void must(bool good) {
  if (!good) throw std::logic_error("bench: a stream does not decode");
}

template <class Run>
void add(const std::string& name, Run run) {
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond);
}

void register_ryg(const Shared& m) {
  for (const auto& [name, variant] :
       {std::pair{"byte", RygVariant::kByte}, std::pair{"64", RygVariant::k64},
        std::pair{"word", RygVariant::kWord}, std::pair{"alias", RygVariant::kAlias}}) {
    for (const std::size_t n_states : {1, 8}) {
      const auto coder =
          std::make_shared<const RygCoder>(RygFormat{variant, kTableLog, n_states}, m->freq);
      const std::string tail =
          std::string("ryg-").append(name).append("/K").append(std::to_string(n_states));
      add("decode/" + tail, [=](benchmark::State& state) {
        const auto bytes = coder->encode(m->symbols);
        for (auto _ : state) must(coder->decode(bytes, m->symbols.size()).status == Status::kOk);
        count(state, *m);
      });
      add("encode/" + tail, [=](benchmark::State& state) {
        for (auto _ : state) benchmark::DoNotOptimize(coder->encode(m->symbols));
        count(state, *m);
      });
    }
  }
}

template <class Geometry>
void add_torch(const Shared& m, const TorchVariant& variant) {
  std::vector<TorchTable> tables{{{0}, 0}};
  for (const std::uint32_t f : m->freq) tables[0].cdf.push_back(tables[0].cdf.back() + f);
  const auto ready = std::make_shared<const TorchTables>(tables, kTableLog, 0, variant.lookup);
  const auto pushed = [=] {
    RansStack<Geometry> stack(variant.n_states);
    torch_push(stack, *ready, std::vector<std::uint32_t>(m->symbols.size()),
               std::vector<std::int32_t>(m->symbols.begin(), m->symbols.end()));
    return stack;
  };
  const std::string name = std::string("torch-").append(variant.name);
  add("decode/" + name, [=](benchmark::State& state) {
    const auto stack = pushed();
    const std::vector<std::uint32_t> indexes(m->symbols.size());
    for (auto _ : state) {
      auto copy = stack;
      must(torch_pop(copy, *ready, indexes).status == Status::kOk);
    }
    count(state, *m);
    state.counters["table_bytes"] = static_cast<double>(ready->bytes());
  });
  add("encode/" + name, [=](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(pushed());
    count(state, *m);
  });
}

void register_torch(const Shared& m) {
  for (const TorchVariant& v : torch_variants()) {
    if (v.word_bits == 32) add_torch<TorchRans64>(m, v);
    if (v.word_bits == 8) add_torch<TorchRans32>(m, v);
    if (v.word_bits == 16) add_torch<TorchRans32x16>(m, v);
  }
}

void register_constriction(const Shared& m) {
  const auto table = std::make_shared<const RansBounds>(RansBounds::of_freq(m->freq, kTableLog));
  const auto pushed = [=] {
    ConstrictionStack stack(1);
    constriction_push(stack, *table,
                      std::vector<std::uint32_t>(m->symbols.begin(), m->symbols.end()));
    return stack;
  };
  add("decode/constriction", [=](benchmark::State& state) {
    const auto stack = pushed();
    for (auto _ : state) {
      auto copy = stack;
      benchmark::DoNotOptimize(constriction_pop(copy, *table, m->symbols.size()));
      must(copy.status() == Status::kOk);
    }
    count(state, *m);
  });
  add("encode/constriction", [=](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(pushed());
    count(state, *m);
  });
}

/// One decoder, L = b = 2^16, one state: what a look-up costs and what it takes.
template <class Lookup>
void add_lookup(const Shared& m, const Lookup& lookup, const RansBounds& table,
                std::vector<std::uint32_t> remap) {
  RansStack<Rans32x16> stack(1);
  for (std::size_t i = m->symbols.size(); i-- > 0;) {
    stack.push(0, table.range(m->symbols[i]), kTableLog,
               [&](std::uint32_t place) { return remap.empty() ? place : remap[place]; });
  }
  add(std::string("lookup/").append(Lookup::name), [=](benchmark::State& state) {
    std::vector<std::uint8_t> symbols(m->symbols.size());
    for (auto _ : state) {
      auto copy = stack;
      for (auto& s : symbols) s = static_cast<std::uint8_t>(copy.pop(0, kTableLog, lookup));
      must(copy.status() == Status::kOk && symbols == m->symbols);
    }
    count(state, *m);
    state.counters["table_bytes"] = static_cast<double>(lookup.bytes());
  });
}

void register_lookups(const Shared& m) {
  const RansBounds table = RansBounds::of_freq(m->freq, kTableLog);
  const AliasLookup alias(table, AliasOrder::kStack);
  add_lookup(m, SlotLookup(table), table, {});
  add_lookup(m, InverseCdfLookup(table), table, {});
  add_lookup(m, SearchLookup(table), table, {});
  add_lookup(m, alias, table, alias.remap(table));
}

/// Our own stream of one lane, as the container has it.
void register_own(const Shared& m) {
  const auto table =
      std::make_shared<const std::vector<std::uint32_t>>(make_rans_table(m->freq, kTableLog));
  const auto encoder = std::make_shared<const RansEncoder<Rans32x16>>(m->freq, kTableLog);
  add("decode/transom-rans", [=](benchmark::State& state) {
    const auto words = encode_symbols(*encoder, m->symbols);
    std::vector<std::uint8_t> symbols(m->symbols.size());
    for (auto _ : state) {
      BitReader in(words);
      RansDecoder<Rans32x16> decoder{table->data(), kTableLog};
      decoder.start(in);
      for (auto& s : symbols) s = decoder.step(in);
      must(decoder.at_end());
    }
    count(state, *m);
  });
  add("encode/transom-rans", [=](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(encode_symbols(*encoder, m->symbols));
    count(state, *m);
  });
}

}  // namespace

void register_compat(const Tensor& tensor) {
  const auto m = std::make_shared<const Message>(
      Message{{tensor.values.begin(), tensor.values.end()},
              quantise(histogram(tensor.values, tensor.dtype.bits), kTableLog, Cover::kEvery)});
  register_own(m);
  register_ryg(m);
  register_torch(m);
  register_constriction(m);
  register_lookups(m);
}

}  // namespace transom
