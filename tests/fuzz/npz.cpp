// npz.cpp — any bytes as a .npz archive.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/npz.hpp"

#include "fuzz.hpp"
#include "transom/golden/npy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  static const transom::fuzz::Scratch scratch;
  try {
    for (const transom::Tensor& tensor :
         transom::golden::read_npz(scratch.write("input.npz", {data, n}))) {
      transom::fuzz::claim(transom::n_values(tensor.shape) == tensor.values.size(),
                           "the shape is that of the values");
    }
  } catch (const transom::golden::TraceError&) {
  }
  return 0;
}
