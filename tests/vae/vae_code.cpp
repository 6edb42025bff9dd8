// vae_code.cpp — images through a model file, for the twin of model/vae in Python.
//
//   vae_code MODEL IMAGES WORDS >MESSAGE   the bytes of images are pushed on a message of WORDS
//                                          words, which is written in 32-bit words, little-endian,
//                                          and popped again: exit code 1 unless they are equal
// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iostream>
#include <iterator>

#include "../random.hpp"
#include "transom/stack/flatten.hpp"
#include "transom/vae/coder.hpp"

namespace {

std::vector<std::uint8_t> bytes_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  using namespace transom;
  if (argc != 4) return 2;
  const vae::ReadModel read = vae::read_model(bytes_of(argv[1]));
  if (!read.model) {
    std::cerr << argv[1] << ": " << read.what << '\n';
    return 3;
  }
  const auto images = bytes_of(argv[2]);
  const std::size_t pixels = read.model->pixels();
  vae::Coder coder(*read.model);
  support::Random random(1);
  stack::Message<> m = stack::random_message(1, std::stoul(argv[3]), random);
  const auto before = m;
  for (std::size_t at = 0; at < images.size(); at += pixels) {
    coder.push(m, std::span(images).subspan(at, pixels));
  }
  for (const std::uint32_t word : stack::flatten(m)) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      std::cout.put(static_cast<char>(word >> shift));
    }
  }
  bool equal = true;
  std::vector<std::uint8_t> popped(pixels);
  for (std::size_t at = images.size(); at > 0; at -= pixels) {
    coder.pop(m, popped);
    const auto want = std::span(images).subspan(at - pixels, pixels);
    equal = equal && std::equal(want.begin(), want.end(), popped.begin());
  }
  return equal && m == before ? 0 : 1;
}
