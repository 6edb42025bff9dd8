// roundtrip.cpp — a tensor to bytes and back, in the steps of the model: the way of a value.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <vector>

#include "transom/codec/codec.hpp"
#include "transom/container/container.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/ranges.hpp"

using namespace transom;

int main() {
  // A tensor: int8 values around 0, as weights are. The model sees their 8-bit patterns.
  constexpr std::uint32_t kValues = 100'000;
  Tensor tensor{"weights", DType{8, true}, {kValues}, {}};
  std::mt19937 random(1);
  for (std::uint32_t i = 0; i < kValues; ++i) {
    const double x = 12 * std::log(1 - random() / 4294967296.0);  // one side of a Laplace
    const int magnitude = std::min(127, static_cast<int>(-x));
    tensor.values.push_back(to_pattern(random() % 2 == 0 ? magnitude : -magnitude, tensor.dtype));
  }

  // 1. Count. 2. Choose ranges: a value is its range (the symbol) and an offset in it; the
  // symbols' frequencies sum to 2^R.
  constexpr unsigned R = 10;
  const std::vector<std::uint32_t> counts = histogram(tensor.values, tensor.dtype.bits);
  const RangeTable ranges = RangeSearch(counts, tensor.dtype.bits, 16).best(16, R);
  std::printf("%zu ranges, %s\n", ranges.rows.size(),
              ranges.proven() ? "proven to be the best" : "perhaps not the best");

  // 3. A code is all that a decoder must know of the tensor. 4. Encode, over four streams that
  // four lanes of hardware can decode side by side.
  const Code code{Coding::kApackTans, R, Spread::kTuned, ranges.freq, ranges.rows};
  const CodedTensor coded = encode(tensor, code, 4, 1);

  // 5. Bytes of a container, tables included. 6. Parse them, as foreign data. 7. Decode.
  const std::vector<std::uint8_t> bytes = write_container({&coded, 1});
  const Parsed parsed = parse_container(bytes);
  if (parsed.status != Status::kOk) {
    std::printf("container: %s\n", parsed.what.c_str());
    return 1;
  }
  const Decoded decoded = decode(parsed.tensors.front());

  double entropy = 0;  // for comparison: what an ideal coder without offsets would spend
  for (const double n : counts) entropy -= n == 0 ? 0 : n * std::log2(n / kValues);
  std::printf("entropy      %.3f bits per value\n", entropy / kValues);
  std::printf("with offsets %.3f bits per value, the bound of these ranges\n",
              static_cast<double>(ranges.cost) / (1 << kCostFraction) / kValues);
  std::printf("container    %.3f bits per value, all counted\n", 8.0 * bytes.size() / kValues);
  const bool same = decoded.status == Status::kOk && decoded.values == tensor.values;
  std::printf("decoded      %s\n", same ? "the same values" : "something else");
  return same ? 0 : 1;
}
