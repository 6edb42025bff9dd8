// interop_ryg.cpp — checks of the ryg_*.json vectors.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "transom/foreign/rans_bytes.hpp"
#include "transom/foreign/ryg_rans.hpp"
#include "transom/golden/interop/interop.hpp"

namespace transom::golden {
namespace {

using foreign::RygCoder;
using foreign::RygVariant;

/// Trailing zeros are left out of a list of frequencies.
std::string freq_difference(std::vector<std::uint32_t> want, std::vector<std::uint32_t> got) {
  want.resize(std::max(want.size(), got.size()));
  got.resize(want.size());
  return difference("freqs", want, got);
}

std::string check_ryg_normalise(const json&, const json& one) {
  return freq_difference(integers<std::uint32_t>(one, "freqs"),
                         foreign::ryg_normalise(integers<std::uint32_t>(one, "counts"),
                                                integer<unsigned>(one, "scale_bits")));
}

RygCoder coder_of(const json& one, RygVariant variant) {
  return RygCoder({variant, integer<unsigned>(one, "scale_bits"), integer<std::size_t>(one, "K")},
                  integers<std::uint32_t>(one, "freqs"));
}

std::string check_both_ways(const RygCoder& coder, const json& one) {
  const auto symbols = hex_member(one, "symbols_hex");
  const auto bytes = hex_member(one, "stream_hex");
  if (symbols.size() != integer<std::size_t>(one, "n")) return "n is not the number of symbols";
  const auto decoded = coder.decode(bytes, symbols.size());
  if (std::string wrong = difference("decoded", symbols, decoded.symbols); !wrong.empty()) {
    return wrong;
  }
  if (decoded.status != Status::kOk) {
    return "decoded: ends " + std::string(status_name(decoded.status));
  }
  return difference("encoded", bytes, coder.encode(symbols));
}

template <RygVariant variant>
std::string check_stream(const json&, const json& one) {
  return check_both_ways(coder_of(one, variant), one);
}

/// The buckets of an alias case: given for some.
std::string check_buckets(const RygCoder& coder, const json& one) {
  std::vector<std::uint8_t> remap;
  for (const std::uint32_t slot : coder.remap()) foreign::append_little_endian(remap, slot);
  if (const std::string crc = crc32_text(remap); crc != text(one, "remap_crc32")) {
    return "remap_crc32: want " + text(one, "remap_crc32") + ", got " + crc;
  }
  if (!has(one, "divider")) return {};
  std::vector<std::uint32_t> divider;
  std::vector<std::uint8_t> other;
  for (const auto& bucket : coder.alias()->buckets()) {
    divider.push_back(bucket.divider);
    other.push_back(static_cast<std::uint8_t>(bucket.other));
  }
  const std::string wrong = difference("divider", integers<std::uint32_t>(one, "divider"), divider);
  return wrong.empty() ? difference("other", hex_member(one, "other_hex"), other) : wrong;
}

std::string check_alias(const json&, const json& one) {
  const RygCoder coder = coder_of(one, RygVariant::kAlias);
  const std::string wrong = check_buckets(coder, one);
  return wrong.empty() ? check_both_ways(coder, one) : wrong;
}

constexpr InteropCheck kRygChecks[] = {
    {"ryg_byte", "cases", check_stream<RygVariant::kByte>},
    {"ryg_byte", "normalize_cases", check_ryg_normalise},
    {"ryg_64", "cases", check_stream<RygVariant::k64>},
    {"ryg_word", "cases", check_stream<RygVariant::kWord>},
    {"ryg_alias", "cases", check_alias},
};

}  // namespace

std::span<const InteropCheck> interop_ryg() { return kRygChecks; }

}  // namespace transom::golden
