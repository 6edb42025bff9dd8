// format_torch.cpp — torch_ans' raw streams without escapes, and CompressAI's with them.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "transom/foreign/format/format.hpp"
#include "transom/foreign/rans_bytes.hpp"
#include "transom/foreign/torch/compressai.hpp"
#include "transom/foreign/torch/torch_ans.hpp"

namespace transom::foreign {
namespace {

using foreign::WordOrder;
using Symbols = std::span<const std::uint8_t>;

std::vector<foreign::TorchTable> one_table(const ForeignStream& stream) {
  const RansBounds table = RansBounds::of_freq(stream.freq, stream.scale_bits);
  return {{{table.bounds().begin(), table.bounds().end()}, 0}};
}

foreign::TorchTables torch_tables(const foreign::TorchVariant& variant,
                                  const ForeignStream& stream) {
  return foreign::TorchTables(one_table(stream), stream.scale_bits, 0, variant.lookup);
}

foreign::TorchTables compressai_tables(const ForeignStream& stream) {
  if (stream.scale_bits != 16) {
    refuse("stream", "field 'scale_bits'", stream.scale_bits, "must be 16");
  }
  return foreign::compressai_tables(one_table(stream));
}

/// kBadValue at the first one that is no byte: an escape can hold any number.
ForeignSymbols bytes_of(const foreign::TorchPopped& popped) {
  const auto end = std::find_if(popped.symbols.begin(), popped.symbols.end(),
                                [](std::int32_t s) { return s < 0 || s > 255; });
  return {end == popped.symbols.end() ? popped.status : Status::kBadValue,
          {popped.symbols.begin(), end}};
}

ForeignSymbols decode_torch(const foreign::TorchVariant& variant, const ForeignStream& stream) {
  const foreign::TorchTables tables = torch_tables(variant, stream);
  ForeignSymbols decoded;
  foreign::with_torch_geometry(variant, [&]<class Geometry>(Geometry) {
    auto [status, stack] =
        foreign::read_stack<Geometry>(stream.bytes, variant.n_states, WordOrder::kAsWritten);
    decoded.status = status;
    if (status != Status::kOk) return;
    decoded = bytes_of(foreign::torch_pop(stack, tables, std::vector<std::uint32_t>(stream.n)));
    if (decoded.status == Status::kOk) decoded.status = stack.status();
  });
  return decoded;
}

void encode_torch(const foreign::TorchVariant& variant, Symbols symbols, ForeignStream& stream) {
  const foreign::TorchTables tables = torch_tables(variant, stream);
  foreign::with_torch_geometry(variant, [&]<class Geometry>(Geometry) {
    RansStack<Geometry> stack(variant.n_states);
    foreign::torch_push(stack, tables, std::vector<std::uint32_t>(symbols.size()),
                        std::vector<std::int32_t>(symbols.begin(), symbols.end()));
    stream.bytes = foreign::to_bytes(stack, WordOrder::kAsWritten);
  });
}

ForeignSymbols decode_compressai(ForeignStream& stream) {
  return bytes_of(foreign::compressai_decode(compressai_tables(stream), stream.bytes,
                                             std::vector<std::uint32_t>(stream.n)));
}

void encode_compressai(Symbols symbols, ForeignStream& stream) {
  stream.bytes = foreign::compressai_encode(
      compressai_tables(stream), std::vector<std::uint32_t>(symbols.size()),
      std::vector<std::int32_t>(symbols.begin(), symbols.end()));
}

}  // namespace

std::vector<ForeignFormat> foreign_torch() {
  // CompressAI's own tables leave no symbol without a slot; torch_ans' search is not known to pass
  // over such symbols.
  constexpr bool kEverySymbol = true;
  std::vector<ForeignFormat> formats;
  for (const foreign::TorchVariant& v : foreign::torch_variants()) {
    formats.push_back(
        {"torch-" + std::string(v.name), 1, v.word_bits == 16 ? 15u : 16u, v.n_states, kEverySymbol,
         [&v](ForeignStream& stream) { return decode_torch(v, stream); },
         [&v](Symbols symbols, ForeignStream& stream) { encode_torch(v, symbols, stream); }});
  }
  formats.push_back({.name = "compressai",
                     .least_bits = 16,
                     .most_bits = 16,
                     .n_states = 1,
                     .every_symbol = kEverySymbol,
                     .decode = decode_compressai,
                     .encode = encode_compressai,
                     .has_escape = true});
  return formats;
}

}  // namespace transom::foreign
