// foreign.cpp — other coders' raw streams of one table, by name.
// SPDX-License-Identifier: Apache-2.0
#include "foreign.hpp"

#include <stdexcept>

#include "compat/constriction.hpp"
#include "compat/rans_bytes.hpp"
#include "compat/ryg_rans.hpp"
#include "compat/torch_ans.hpp"

namespace transom::cli {
namespace {

using compat::WordOrder;

constexpr std::string_view kTorchPrefix = "torch-";

const compat::TorchVariant* torch_variant(std::string_view format) {
  if (!format.starts_with(kTorchPrefix)) return nullptr;
  return compat::find_torch_variant(format.substr(kTorchPrefix.size()));
}

/// Calls run with a value of the variant's geometry.
template <class Run>
void with_geometry(const compat::TorchVariant& variant, Run run) {
  if (variant.word_bits == 32) run(compat::TorchRans64{});
  if (variant.word_bits == 8) run(compat::TorchRans32{});
  if (variant.word_bits == 16) run(compat::TorchRans32x16{});
}

std::vector<std::uint32_t> bounds_of(std::span<const std::uint32_t> freq, unsigned R) {
  const RansBounds table = RansBounds::of_freq(freq, R);
  return {table.bounds().begin(), table.bounds().end()};
}

compat::TorchTables torch_tables(const compat::TorchVariant& variant, const ForeignStream& stream) {
  const std::vector<compat::TorchTable> tables{{bounds_of(stream.freq, stream.scale_bits), 0}};
  return compat::TorchTables(tables, stream.scale_bits, 0, variant.lookup);
}

ForeignSymbols decode_torch(const compat::TorchVariant& variant, const ForeignStream& stream) {
  const compat::TorchTables tables = torch_tables(variant, stream);
  ForeignSymbols decoded{Status::kOk, {}};
  with_geometry(variant, [&]<class Geometry>(Geometry) {
    auto [status, stack] =
        compat::read_stack<Geometry>(stream.bytes, variant.n_states, WordOrder::kAsWritten);
    decoded.status = status;
    if (status != Status::kOk) return;
    const auto popped = compat::torch_pop(stack, tables, std::vector<std::uint32_t>(stream.n));
    decoded.symbols.assign(popped.symbols.begin(), popped.symbols.end());
    decoded.status = popped.status == Status::kOk ? stack.status() : popped.status;
  });
  return decoded;
}

std::vector<std::uint8_t> encode_torch(const compat::TorchVariant& variant,
                                       const ForeignStream& stream,
                                       std::span<const std::uint8_t> symbols) {
  const compat::TorchTables tables = torch_tables(variant, stream);
  std::vector<std::uint8_t> bytes;
  with_geometry(variant, [&]<class Geometry>(Geometry) {
    RansStack<Geometry> stack(variant.n_states);
    compat::torch_push(stack, tables, std::vector<std::uint32_t>(symbols.size()),
                       std::vector<std::int32_t>(symbols.begin(), symbols.end()));
    bytes = compat::to_bytes(stack, WordOrder::kAsWritten);
  });
  return bytes;
}

ForeignSymbols decode_constriction(const ForeignStream& stream) {
  if (stream.bytes.size() % 4 != 0) return {Status::kTruncated, {}};
  std::vector<std::uint32_t> words;
  for (std::size_t i = 0; i < stream.bytes.size(); i += 4) {
    words.push_back(compat::little_endian<std::uint32_t>(std::span(stream.bytes).subspan(i)));
  }
  auto [status, stack] = compat::read_constriction(words);
  if (status != Status::kOk) return {status, {}};
  const auto symbols = compat::constriction_pop(
      stack, RansBounds::of_freq(stream.freq, stream.scale_bits), stream.n);
  return {stack.status(), {symbols.begin(), symbols.end()}};
}

std::vector<std::uint8_t> encode_constriction(const ForeignStream& stream,
                                              std::span<const std::uint8_t> symbols) {
  compat::ConstrictionStack stack(1);
  compat::constriction_push(stack, RansBounds::of_freq(stream.freq, stream.scale_bits),
                            std::vector<std::uint32_t>(symbols.begin(), symbols.end()));
  std::vector<std::uint8_t> bytes;
  for (const std::uint32_t word : compat::constriction_words(stack)) {
    compat::append_little_endian(bytes, word);
  }
  return bytes;
}

/// Throws std::invalid_argument unless the stream's shape is the format's.
void check_shape(std::string_view format, const ForeignStream& stream) {
  for (const ForeignFormat& f : foreign_formats()) {
    if (f.name != format) continue;
    if (f.n_states != 0 && f.n_states != stream.n_states) {
      throw std::invalid_argument(f.name + ": " + std::to_string(stream.n_states) +
                                  " interleaved states, want " + std::to_string(f.n_states));
    }
    if (stream.freq.size() > 256) {
      throw std::invalid_argument(f.name + ": over 256 frequencies");
    }
    return;
  }
  throw std::invalid_argument("no format '" + std::string(format) + "'");
}

}  // namespace

std::vector<ForeignFormat> foreign_formats() {
  std::vector<ForeignFormat> formats{{"ryg-byte", 0, 16, 0, false},
                                     {"ryg-64", 0, 31, 0, false},
                                     {"ryg-word", 12, 12, 0, false},
                                     {"ryg-alias", 8, 16, 0, false},
                                     {"constriction", 1, 31, 1, false}};
  for (const compat::TorchVariant& v : compat::torch_variants()) {
    // its search is not known to pass over symbols without slots
    formats.push_back({std::string(kTorchPrefix).append(v.name), 1, v.word_bits == 16 ? 15u : 16u,
                       v.n_states, true});
  }
  return formats;
}

ForeignSymbols decode_foreign(std::string_view format, const ForeignStream& stream) {
  check_shape(format, stream);
  if (const auto ryg = compat::find_ryg_variant(format)) {
    const compat::RygCoder coder({*ryg, stream.scale_bits, stream.n_states}, stream.freq);
    auto message = coder.decode(stream.bytes, stream.n);
    return {message.status, std::move(message.symbols)};
  }
  if (const auto* variant = torch_variant(format)) return decode_torch(*variant, stream);
  return decode_constriction(stream);
}

void encode_foreign(std::string_view format, std::span<const std::uint8_t> symbols,
                    ForeignStream& stream) {
  check_shape(format, stream);
  stream.n = symbols.size();
  if (const auto ryg = compat::find_ryg_variant(format)) {
    const compat::RygCoder coder({*ryg, stream.scale_bits, stream.n_states}, stream.freq);
    stream.bytes = coder.encode(symbols);
  } else if (const auto* variant = torch_variant(format)) {
    stream.bytes = encode_torch(*variant, stream, symbols);
  } else {
    stream.bytes = encode_constriction(stream, symbols);
  }
}

}  // namespace transom::cli
