// format_rans.cpp — ryg_rans' and constriction's raw streams.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/constriction.hpp"
#include "transom/foreign/format/format.hpp"
#include "transom/foreign/rans_bytes.hpp"
#include "transom/foreign/ryg_rans.hpp"

namespace transom::foreign {
namespace {

using Symbols = std::span<const std::uint8_t>;

ForeignFormat ryg(std::string name, unsigned least_bits, unsigned most_bits) {
  const foreign::RygVariant variant = foreign::find_ryg_variant(name).value();
  const auto coder = [variant](const ForeignStream& stream) {
    return foreign::RygCoder({variant, stream.scale_bits, stream.n_states}, stream.freq);
  };
  const auto decode = [coder](ForeignStream& stream) -> ForeignSymbols {
    auto message = coder(stream).decode(stream.bytes, stream.n);
    return {message.status, std::move(message.symbols)};
  };
  const auto encode = [coder](Symbols symbols, ForeignStream& stream) {
    stream.bytes = coder(stream).encode(symbols);
  };
  return {std::move(name), least_bits, most_bits, 0, false, decode, encode};
}

ForeignSymbols decode_constriction(ForeignStream& stream) {
  if (stream.bytes.size() % 4 != 0) return {Status::kTruncated, {}};
  std::vector<std::uint32_t> words;
  for (std::size_t i = 0; i < stream.bytes.size(); i += 4) {
    words.push_back(foreign::little_endian<std::uint32_t>(std::span(stream.bytes).subspan(i)));
  }
  auto [status, stack] = foreign::read_constriction(words);
  if (status != Status::kOk) return {status, {}};
  const auto symbols = foreign::constriction_pop(
      stack, RansBounds::of_freq(stream.freq, stream.scale_bits), stream.n);
  return {stack.status(), {symbols.begin(), symbols.end()}};
}

void encode_constriction(Symbols symbols, ForeignStream& stream) {
  foreign::ConstrictionStack stack(1);
  foreign::constriction_push(stack, RansBounds::of_freq(stream.freq, stream.scale_bits),
                             std::vector<std::uint32_t>(symbols.begin(), symbols.end()));
  stream.bytes.clear();
  for (const std::uint32_t word : foreign::constriction_words(stack)) {
    foreign::append_little_endian(stream.bytes, word);
  }
}

}  // namespace

std::vector<ForeignFormat> foreign_rans() {
  return {ryg("ryg-byte", 0, 16),
          ryg("ryg-64", 0, 31),
          ryg("ryg-word", 12, 12),
          ryg("ryg-alias", 8, 16),
          {"constriction", 1, 31, 1, false, decode_constriction, encode_constriction}};
}

}  // namespace transom::foreign
