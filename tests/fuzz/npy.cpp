// npy.cpp — any bytes as a .npy file; what is read is written and read again.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/npy.hpp"

#include "fuzz.hpp"

using namespace transom;

namespace {

golden::NpyArray read(std::span<const std::uint8_t> bytes, const golden::NpyType& type) {
  return golden::read_npy(
      "input.npy", bytes.size(),
      [left = bytes](std::uint8_t* to, std::size_t n_bytes) mutable {
        const std::size_t n = std::min(n_bytes, left.size());
        std::copy_n(left.begin(), n, to);
        left = left.subspan(n);
        return n;
      },
      type);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  fuzz::Input in(data, n);
  const unsigned width = in.below(20 + kFloatTypes.size());  // 0: the file's; 17..19: refused
  golden::NpyType type;
  if (width >= 20) {
    type.floats = float_dtype(width - 20);
  } else if (width != 0) {
    type.bits = width;
  }
  try {
    const golden::NpyArray array = read(in.rest(), type);
    fuzz::claim(n_values(array.tensor.shape) == array.tensor.values.size(),
                "the shape is that of the values");
    const golden::NpyArray again =
        read(golden::npy_bytes(array.tensor),
             {.bits = array.tensor.dtype.bits,
              .floats = array.tensor.dtype.is_float() ? std::optional(array.tensor.dtype)
                                                      : std::nullopt});
    fuzz::claim(again.tensor == array.tensor, "numpy's bytes of a tensor are the tensor");
  } catch (const golden::TraceError&) {
  }
  return 0;
}
