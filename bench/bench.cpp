// bench.cpp — how fast the golden model is, in one thread, and the cycle models of the unit.
//
// bytes_per_second counts the values as W / 8 bytes each, whatever they cost when coded. memcpys is
// the time over that of copying as many bytes, measured in the same run, so that runs on machines
// of different speed compare. decode and encode are whole: tables built, checksum made; plan adds
// the choice of the table (encode_best). N is the number of lanes, k the chunk, R the table log.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <random>
#include <stdexcept>

#include "foreign.hpp"
#include "simulation.hpp"
#include "stack.hpp"
#include "tans_coders.hpp"
#include "transom/codec/codec.hpp"
#include "transom/golden/trace.hpp"
#include "transom/plan/plan.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
using namespace golden;
namespace {

constexpr std::uint32_t kValues = std::uint32_t{1} << 20;

/// Discrete Laplace values of W bits: weights, roughly.
Tensor laplace_tensor(std::uint8_t W) {
  Tensor tensor{"laplace", {W, true}, {kValues}, std::vector<value_t>(kValues)};
  const double scale = W == 8 ? 10 : 1.5;
  std::mt19937 random(2);
  for (value_t& value : tensor.values) {
    const double uniform = (static_cast<double>(random()) + 1) / 4294967296.0;
    const auto magnitude = static_cast<std::int32_t>(
        std::min(-scale * std::log(uniform), static_cast<double>(tensor.dtype.max())));
    value = to_pattern(random() % 2 != 0 ? -magnitude : magnitude, tensor.dtype);
  }
  return tensor;
}

/// What a group of benchmarks works on.
struct Load {
  std::string name;
  std::vector<Tensor> tensors;

  double n_bytes() const {
    double bits = 0;
    for (const Tensor& t : tensors) bits += static_cast<double>(t.values.size()) * t.dtype.bits;
    return bits / 8;
  }
};

struct Layout {
  std::uint32_t n_streams;
  std::uint32_t chunk;

  std::string name() const {
    std::string name("N");
    return name.append(std::to_string(n_streams)).append("k").append(std::to_string(chunk));
  }
};

std::vector<CodedTensor> encode_load(const Load& load, Coding coding, Layout layout) {
  PlanOptions options;
  options.coding = coding;
  options.n_streams = layout.n_streams;
  options.chunk = layout.chunk;
  std::vector<CodedTensor> coded;
  for (const Tensor& tensor : load.tensors) coded.push_back(encode_best(tensor, options));
  return coded;
}

/// Seconds to copy a byte from cache to cache; best of many, as a yardstick should be.
double memcpy_seconds_per_byte() {
  std::vector<std::uint8_t> from(kValues, 1), to(kValues);
  double best = 1;
  for (int i = 0; i < 200; ++i) {
    const auto start = std::chrono::steady_clock::now();
    std::memcpy(to.data(), from.data(), from.size());
    benchmark::DoNotOptimize(to.data());
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::min(best, seconds.count());
  }
  return best / static_cast<double>(from.size());
}

/// Runs `work` on `n_bytes` of values until the time is measured.
template <class Work>
void measure(benchmark::State& state, double n_bytes, Work work) {
  static const double yardstick = memcpy_seconds_per_byte();
  const std::clock_t start = std::clock();
  for (auto _ : state) work();
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const double total = n_bytes * static_cast<double>(state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(total));
  state.counters["memcpys"] = seconds / (total * yardstick);
}

void bench_memcpy(benchmark::State& state) {
  const std::vector<std::uint8_t> from(kValues, 1);
  std::vector<std::uint8_t> to(kValues);
  measure(state, kValues, [&] {
    std::memcpy(to.data(), from.data(), from.size());
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  });
}

void bench_decode(benchmark::State& state, const Load& load, Coding coding, Layout layout) {
  const std::vector<CodedTensor> coded = encode_load(load, coding, layout);
  std::vector<std::uint8_t> bytes;
  for (const Tensor& t : load.tensors) bytes.resize(std::max(bytes.size(), t.values.size()));
  measure(state, load.n_bytes(), [&] {
    for (const CodedTensor& tensor : coded) {
      const auto values = std::span(bytes).first(tensor.layout().n_values);
      if (decode(tensor, values).status != Status::kOk) {
        throw std::logic_error("bench: does not decode");
      }
    }
  });
}

void bench_encode(benchmark::State& state, const Load& load, Coding coding, Layout layout) {
  std::vector<Code> codes;
  for (const CodedTensor& tensor : encode_load(load, coding, layout)) codes.push_back(tensor.code);
  measure(state, load.n_bytes(), [&] {
    for (std::size_t i = 0; i < codes.size(); ++i) {
      benchmark::DoNotOptimize(encode(load.tensors[i], codes[i], layout.n_streams, layout.chunk));
    }
  });
}

void bench_plan(benchmark::State& state, const Load& load, Coding coding, Layout layout) {
  measure(state, load.n_bytes(),
          [&] { benchmark::DoNotOptimize(encode_load(load, coding, layout)); });
}

void bench_table(benchmark::State& state, const Load& load, Coding coding, unsigned R) {
  const Tensor& tensor = load.tensors.front();
  std::vector<value_t> starts(std::size_t{1} << tensor.dtype.bits);
  for (std::size_t v = 0; v < starts.size(); ++v) starts[v] = static_cast<value_t>(v);
  const Code code{coding, R, Spread::kTuned,
                  quantise(histogram(tensor.values, tensor.dtype.bits), R),
                  make_rows(starts, tensor.dtype.bits)};
  for (auto _ : state) benchmark::DoNotOptimize(codec(coding).make_table(code));
}

/// The search for all numbers of rows, then the best table of 16 rows with 2^R slots.
void bench_ranges(benchmark::State& state, const Load& load, unsigned R) {
  const Tensor& tensor = load.tensors.front();
  const auto counts = histogram(tensor.values, tensor.dtype.bits);
  for (auto _ : state) {
    const RangeSearch search(counts, tensor.dtype.bits, kMaxApackRows);
    benchmark::DoNotOptimize(search.best(kMaxApackRows, R));
  }
}

void register_load(const std::shared_ptr<const Load>& load, const std::vector<Layout>& layouts) {
  const auto add = [&](const char* what, auto bench, const Codec& c, Layout layout) {
    const std::string name = std::string(what).append(c.name).append("/").append(layout.name());
    benchmark::RegisterBenchmark((name + "/" + load->name).c_str(), [=](benchmark::State& state) {
      bench(state, *load, c.coding, layout);
    })->Unit(benchmark::kMillisecond);
  };
  for (const Codec& c : codecs()) {
    for (const Layout layout : layouts) add("decode/", bench_decode, c, layout);
    for (const Layout layout : layouts) add("encode/", bench_encode, c, layout);
    add("plan/", bench_plan, c, layouts.back());
  }
}

void register_tables(const std::shared_ptr<const Load>& load) {
  for (const unsigned R : {8u, 10u, 12u}) {
    const std::string log = std::string("/R").append(std::to_string(R));
    for (const Coding coding : {Coding::kTans, Coding::kRans}) {
      benchmark::RegisterBenchmark(
          ("table/" + std::string(codec(coding).name) + log).c_str(),
          [=](benchmark::State& state) { bench_table(state, *load, coding, R); })
          ->Unit(benchmark::kMicrosecond);
    }
    benchmark::RegisterBenchmark(("ranges" + log).c_str(), [=](benchmark::State& state) {
      bench_ranges(state, *load, R);
    })->Unit(benchmark::kMillisecond);
  }
}

}  // namespace
}  // namespace transom

int main(int argc, char** argv) {
  using namespace transom;
  char min_time[] = "--benchmark_min_time=0.2";  // all of it takes 40 s; a later argument wins
  std::vector<char*> arguments(argv, argv + argc);
  arguments.insert(arguments.begin() + 1, min_time);
  int n_arguments = argc + 1;
  benchmark::Initialize(&n_arguments, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(n_arguments, arguments.data())) return 2;
  try {
    const auto laplace = std::make_shared<const Load>(Load{"laplace", {laplace_tensor(8)}});
    const auto four = std::make_shared<const Load>(Load{"laplace4", {laplace_tensor(4)}});
    const auto digits = std::make_shared<const Load>(Load{"digits", read_trace(TRANSOM_TRACE)});
    benchmark::RegisterBenchmark("memcpy", bench_memcpy)->Unit(benchmark::kMillisecond);
    register_load(laplace, {{1, 1}, {64, 1}, {64, 16384}, {4, 1}, {4, 64}});
    register_load(four, {{64, 1}});
    register_load(digits, {{4, 1}});
    register_tables(laplace);
    register_tans_coders(laplace->tensors.front());
    register_compat(laplace->tensors.front());
    register_stack();
    register_vae();
    register_simulation(laplace->tensors.front());
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
