// array_speed.cpp — what python_speed.py compares with: one .npy through encode() and decode(), in
// one thread. Prints the least seconds of processor time of each, over a number of rounds.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ctime>
#include <iostream>
#include <string>

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
  if (argc != 4 || find_codec(argv[2]) == nullptr) {
    std::cerr << "usage: array_speed FILE.npy CODING ROUNDS\n";
    return 2;
  }
  const Tensor tensor = golden::read_npy(std::filesystem::path(argv[1])).tensor;
  PlanOptions options;
  options.coding = find_codec(argv[2])->coding;
  const CodedTensor planned = encode_best(tensor, options);
  double encoding = 1e9, decoding = 1e9;
  for (int round = std::stoi(argv[3]); round > 0; --round) {
    CodedTensor coded;
    encoding = std::min(encoding, seconds([&] { coded = encode(tensor, planned.code, 4, 1); }));
    decoding = std::min(decoding, seconds([&] { decode(coded); }));
  }
  std::cout << encoding << ' ' << decoding << '\n';
}
