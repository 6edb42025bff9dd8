// tans_coders.cpp — one stream of a coder, decoded and encoded over and over.
// SPDX-License-Identifier: Apache-2.0
#include "tans_coders.hpp"

#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "transom/coder/tans.hpp"
#include "transom/foreign/fse.hpp"
#include "transom/foreign/tans_py.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise.hpp"

namespace transom {
namespace {

constexpr unsigned kTableLog = 11;  // FSE's default

using Symbols = std::vector<symbol_t>;

/// A coder's two directions over one message.
struct StreamCoder {
  std::string name;
  std::function<Symbols()> decode;
  std::function<std::uint64_t()> encode;  ///< the stream's bits
};

StreamCoder our_coder(const Symbols& message, std::span<const std::uint32_t> counts) {
  const auto freq = quantise(counts, kTableLog);
  const auto encoder = std::make_shared<TansEncoder>(freq, kTableLog, Spread::kTuned);
  const auto table = make_decode_table(freq, kTableLog, Spread::kTuned);
  const auto words = encode_symbols(*encoder, kTableLog, message);
  const auto decode = [=, n = message.size()] {
    Symbols symbols(n);
    TansDecoder decoder{table.data(), kTableLog};
    BitReader in(words);
    decoder.start(in);
    for (symbol_t& s : symbols) s = decoder.step(in);
    return symbols;
  };
  const auto encode = [=] {
    return std::uint64_t{kWordBits} * encode_symbols(*encoder, kTableLog, message).size();
  };
  return {"transom", decode, encode};
}

StreamCoder fse_coder(const char* name, const Symbols& message,
                      std::span<const std::uint32_t> counts, foreign::fse::Layout layout) {
  using namespace foreign::fse;
  const auto table = std::make_shared<Table>(normalise(counts, kTableLog).norm);
  const auto stream = encode(*table, message, layout);
  return {name, [=, n = message.size()] { return decode(*table, stream, n, layout).message; },
          [=] { return std::uint64_t{8} * encode(*table, message, layout).size(); }};
}

StreamCoder tans_py_coder(const Symbols& message, std::span<const std::uint32_t> counts) {
  using namespace foreign::tans_py;
  const auto scaled = rescale(std::vector<std::uint64_t>(counts.begin(), counts.end()),
                              std::uint64_t{1} << kTableLog, Target::kNext);
  const auto table = std::make_shared<Table>(
      std::vector<std::uint32_t>(scaled.begin(), scaled.end()), foreign::tans_py::Spread::kPrecise);
  const Stream stream = encode(*table, message);
  return {
      "tans_py",
      [=, n = message.size()] { return decode(*table, stream.bytes, stream.n_bits, n).message; },
      [=] { return encode(*table, message).n_bits; }};
}

}  // namespace

void register_tans_coders(const Tensor& tensor) {
  const Symbols message(tensor.values.begin(), tensor.values.end());
  const auto counts = histogram(tensor.values, tensor.dtype.bits);
  for (const StreamCoder& coder :
       {our_coder(message, counts), fse_coder("fse", message, counts, {2, true}),
        fse_coder("fse1", message, counts, {1, true}), tans_py_coder(message, counts)}) {
    if (coder.decode() != message) throw std::logic_error("bench: does not decode");
    const double n_bits = static_cast<double>(coder.encode());
    const auto add = [&](const char* what, const std::function<void()>& work) {
      const std::string name = std::string("foreign/").append(coder.name).append(what);
      benchmark::RegisterBenchmark(name.c_str(), [=, n = message.size()](benchmark::State& state) {
        for (auto _ : state) work();
        state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * n));
        state.counters["bits_per_symbol"] = n_bits / static_cast<double>(n);
      })->Unit(benchmark::kMillisecond);
    };
    add("/decode", [decode = coder.decode] { benchmark::DoNotOptimize(decode()); });
    add("/encode", [encode = coder.encode] { benchmark::DoNotOptimize(encode()); });
  }
}

}  // namespace transom
