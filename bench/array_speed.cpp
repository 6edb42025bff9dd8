// array_speed.cpp — what python_speed.py compares with: one .npy of 8-bit values, held in bytes as
// numpy holds it, through encode() and decode() into new bytes, in one thread. For each line of its
// input, one round: it prints the seconds of processor time of each.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"
#include "transom/golden/npy.hpp"
#include "transom/plan/plan.hpp"

namespace {

template <class Work>
double seconds(const Work& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace transom;
  if (argc != 3 || find_codec(argv[2]) == nullptr) {
    std::cerr << "usage: array_speed FILE.npy CODING\n";
    return 2;
  }
  const Tensor tensor = golden::read_npy(std::filesystem::path(argv[1])).tensor;
  if (tensor.dtype.bits > 8) {
    std::cerr << "array_speed: " << argv[1] << " has " << type_name(tensor.dtype)
              << "; give it int8 or uint8\n";
    return 2;
  }
  const std::vector<std::uint8_t> array(tensor.values.begin(), tensor.values.end());
  const TensorView view("", tensor.dtype, tensor.shape, std::span(array));
  PlanOptions options;
  options.coding = find_codec(argv[2])->coding;
  const CodedTensor planned = encode_best(view, options);
  for (std::string line; std::getline(std::cin, line);) {
    CodedTensor coded;
    std::unique_ptr<std::uint8_t[]> decoded;
    std::cout << seconds([&] { coded = encode(view, planned.code, 4, 1); }) << ' ' << seconds([&] {
      decoded = std::make_unique_for_overwrite<std::uint8_t[]>(array.size());
      decode(coded, std::span(decoded.get(), array.size()));
    }) << std::endl;
    if (!std::equal(array.begin(), array.end(), decoded.get())) {
      std::cerr << "array_speed: " << argv[1] << " is not what was decoded\n";
      return 1;
    }
  }
}
