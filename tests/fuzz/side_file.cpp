// side_file.cpp — any text as the side file of a stream: the format from the first byte, as many
// bytes of stream as the second one says, then the text.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/side_file.hpp"

#include "fuzz.hpp"

using namespace transom;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  static const fuzz::Scratch scratch;
  static const std::vector<foreign::ForeignFormat> formats = foreign::foreign_formats();
  fuzz::Input in(data, n);
  const foreign::ForeignFormat& format = formats[in.byte() % formats.size()];
  std::vector<std::uint8_t> stream(in.byte());
  for (std::uint8_t& byte : stream) byte = in.byte();
  const auto side = scratch.write("side.json", in.rest());
  try {
    const golden::Message message = golden::read_foreign(format, "stream", stream, side);
    fuzz::claim(n_values(message.tensor.shape) == message.tensor.values.size(),
                "the shape is that of the values");
    for (const value_t value : message.tensor.values) {
      fuzz::claim(value >> message.tensor.dtype.bits == 0, "values are of the type");
    }
  } catch (const golden::DataError&) {
  }
  return 0;
}
