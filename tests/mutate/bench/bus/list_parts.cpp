// list_parts.cpp — see list_parts.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "list_parts.hpp"

#include "transom/workbench/vectors/image.hpp"

namespace transom::mutate {

using system::AxiImage, system::kDescriptorBytes;

std::uint32_t word(const AxiImage& image, std::uint64_t address) {
  return workbench::word_at(image, address - image.base);
}
void put(AxiImage& image, std::uint64_t address, std::uint32_t to) {
  for (unsigned b = 0; b < 4; ++b) {
    image.bytes.at(address - image.base + b) = static_cast<std::uint8_t>(to >> 8 * b);
  }
}
void align(AxiImage& image) {
  image.bytes.resize((image.bytes.size() + kDescriptorBytes - 1) / kDescriptorBytes *
                     kDescriptorBytes);
}
std::uint64_t copy(AxiImage& image, std::uint64_t from, std::size_t bytes) {
  align(image);
  const std::uint64_t to = image.base + image.bytes.size();
  for (std::size_t b = 0; b < bytes; ++b) {
    const std::uint64_t at = from - image.base + b;
    image.bytes.push_back(at < image.bytes.size() ? image.bytes[at] : std::uint8_t{0});
  }
  align(image);
  return to;
}

CodedTensor small_tensor(Coding coding, std::uint32_t n_values, unsigned table_log, Spread spread,
                         std::uint32_t n_streams) {
  constexpr std::uint8_t kOffsetBits = 6;
  Code code{coding, static_cast<std::uint8_t>(table_log), spread, {}, {}};
  for (unsigned row = 0; row < 4; ++row) {
    code.rows.push_back({static_cast<value_t>(row << kOffsetBits), kOffsetBits});
    code.freq.push_back(1u << (code.table_log - 2));
  }
  Tensor tensor{"small", {8, false}, {n_values}, std::vector<value_t>(n_values)};
  for (std::uint32_t i = 0; i < n_values; ++i) tensor.values[i] = unit::mix(i) & 255;
  return encode(tensor, code, n_streams, 1);
}

CodedTensor with_tail(CodedTensor tensor, std::size_t stream, bool offsets, std::size_t n_words) {
  StreamWords& words = tensor.streams[stream];
  (offsets ? words.offsets : words.symbols)
      .resize((offsets ? words.offsets : words.symbols).size() + n_words, 1);
  return tensor;
}

}  // namespace transom::mutate
