// data.cpp — see data.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "data.hpp"

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "transom/container/container.hpp"
#include "transom/plan/plan.hpp"

namespace transom::gpu::bench {
namespace {

const Case kCases[] = {
    {"int8", Coding::kTans, {8, true}, 12},
    {"int8", Coding::kRans, {8, true}, 12},
    {"int8", Coding::kApackTans, {8, true}, 12},
    {"int8", Coding::kApackNrans, {8, true}, 12},
    {"int8", Coding::kApackRans, {8, true}, 12},
    {"int8", Coding::kApackAc, {8, true}, 12},
    {"int4", Coding::kApackTans, {4, true}, 1.5},
    {"int4", Coding::kApackTansPair, {4, true}, 1.5},
    {"int16", Coding::kApackTans, {16, true}, 300},
    {"bf16", Coding::kTans, {16, true, 8}, 0},
    {"int8", Coding::kRaw, {8, true}, 12},
};

}  // namespace

std::span<const Case> cases() { return kCases; }

Tensor made_up(const Case& c, std::uint32_t n, std::uint32_t seed) {
  std::mt19937_64 engine(seed);
  Tensor tensor{c.name, c.dtype, {n}, std::vector<value_t>(n)};
  const auto uniform = [&] { return (draw(engine) + 1.0) / 4294967296.0; };
  for (value_t& value : tensor.values) {
    if (c.dtype
            .is_float()) {  // a normal distribution, as weights have it: the upper half of a float
      const double r = 0.02 * std::sqrt(-2 * std::log(uniform()));
      const auto x = static_cast<float>(r * std::cos(6.283185307179586 * uniform()));
      std::uint32_t bits = 0;
      std::memcpy(&bits, &x, sizeof bits);
      value = to_pattern(static_cast<std::int32_t>(bits >> 16), c.dtype);
      continue;
    }
    const auto m = static_cast<std::int32_t>(
        std::min(-std::log(uniform()) * c.scale, static_cast<double>(c.dtype.max())));
    value = to_pattern(draw(engine) % 2 != 0 ? -m : m, c.dtype);
  }
  return tensor;
}

Code code_for(const Case& c, const Tensor& tensor) {
  Tensor some{tensor.name, tensor.dtype, {0}, {}};
  const std::size_t n = std::min<std::size_t>(tensor.values.size(), std::size_t{1} << 20);
  some.values.assign(tensor.values.begin(), tensor.values.begin() + static_cast<long>(n));
  // One of each value, so that none is without a frequency.
  const std::uint32_t n_patterns = std::uint32_t{1} << tensor.dtype.bits;
  for (std::uint32_t v = 0; v < n_patterns; ++v) some.values.push_back(static_cast<value_t>(v));
  if (c.coding == Coding::kApackTansPair) {
    for (std::uint32_t v = 0; v < n_patterns * n_patterns; ++v) {
      some.values.push_back(static_cast<value_t>(v / n_patterns));
      some.values.push_back(static_cast<value_t>(v % n_patterns));
    }
  }
  some.shape = {static_cast<std::uint32_t>(some.values.size())};
  PlanOptions options;
  options.coding = c.coding;
  options.n_streams = 1;
  return encode_best(some, options).code;
}

std::vector<CodedTensor> read_tensors(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
  Parsed parsed = parse_container(bytes);
  if (!in || parsed.status != Status::kOk) {
    throw std::runtime_error(path + ": " + (in ? parsed.what : "cannot be read"));
  }
  return std::move(parsed.tensors);
}

void dump(const std::string& folder, const std::string& name, const Tensor& tensor) {
  std::string file = name;
  std::replace(file.begin(), file.end(), '/', '_');
  std::ofstream out(folder + "/" + file + ".bin", std::ios::binary);
  for (const value_t value : tensor.values) {
    out.put(static_cast<char>(value));
    if (tensor.dtype.bits > 8) out.put(static_cast<char>(value >> 8));
  }
  if (!out.flush()) throw std::runtime_error(folder + ": cannot be written");
}

}  // namespace transom::gpu::bench
