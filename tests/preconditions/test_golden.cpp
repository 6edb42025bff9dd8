// test_golden.cpp — what the readers and writers of traces ask of their arguments.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "refused.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/npy.hpp"

namespace transom::golden {
namespace {

TEST_CASE("reliability 4: tensors that are none are not written as arrays", "[unit]") {
  const auto bytes = [](const DType& dtype, std::vector<std::uint32_t> shape,
                        std::vector<value_t> values) {
    return npy_bytes({"t", dtype, std::move(shape), std::move(values)});
  };
  const std::vector<std::uint32_t> deep(kMaxDims + 1, 1);
  CHECK_REFUSED(bytes({8, false}, deep, {0}), "dimensions of tensor 't'", "9", "0..8");
  CHECK_REFUSED(bytes({8, false}, {3}, {1, 2}), "number of values of tensor 't'", "2", "must be 3");
  CHECK_REFUSED(bytes({8, false}, {65536, 65536}, {}), "number of values", "0", "below 2^32");
  CHECK_REFUSED(bytes({0, false}, {1}, {0}), "bits of tensor 't'", "0", "1..16");
  CHECK_REFUSED(bytes({200, false}, {1}, {0}), "bits of tensor 't'", "200", "1..16");
  CHECK_REFUSED(bytes({4, true}, {2}, {0xf, 0x10}), "values[1] of tensor 't'", "16", "0..15");
}

TEST_CASE("reliability 4: a source of an array is a function that keeps its word", "[unit]") {
  CHECK_REFUSED(read_npy("x.npy", 100, ReadBytes{}), "read", "empty", "a function");
  // It says that it has read more than it was asked for.
  const ReadBytes lies = [](std::uint8_t* to, std::size_t n) {
    std::fill_n(to, n, std::uint8_t{0});
    return n + 1;
  };
  CHECK_THROWS_AS(read_npy("x.npy", 1000, lies), TraceError);
}

}  // namespace
}  // namespace transom::golden
