// ryg_rans.cpp — F. Giesen's ryg_rans: streams and normalisation.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/ryg_rans.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "transom/foreign/normalise.hpp"
#include "transom/foreign/rans_bytes.hpp"

namespace transom::foreign {
namespace {

constexpr std::size_t kAliasBuckets = 256;
constexpr unsigned kWordScaleBits = 12;

/// What each variant takes of scale_bits.
struct ScaleRange {
  unsigned least, most;
};
constexpr ScaleRange scale_range(RygVariant variant) {
  switch (variant) {
    case RygVariant::kByte:
      return {0, 16};  // the header's own limit
    case RygVariant::k64:
      return {0, 31};
    case RygVariant::kWord:
      return {kWordScaleBits, kWordScaleBits};
    case RygVariant::kAlias:
      return {8, 16};
  }
  refuse("ryg_rans", "variant", static_cast<unsigned>(variant), "must be 0..3");
}

RansBounds checked_table(const RygFormat& format, std::span<const std::uint32_t> freq) {
  const ScaleRange range = scale_range(format.variant);
  require_range("ryg_rans", "scale_bits", format.scale_bits, range.least, range.most);
  require_range("ryg_rans", "number of states", format.n_states, 1, kMaxRygStates);
  require_range("ryg_rans", "number of frequencies", freq.size(), 1, kMaxAlphabet);
  const std::uint64_t sum = std::reduce(freq.begin(), freq.end(), std::uint64_t{0});
  if (sum != std::uint64_t{1} << format.scale_bits) {
    refuse("ryg_rans", "sum of frequencies", sum, "must be 2^" + std::to_string(format.scale_bits));
  }
  if (format.variant == RygVariant::kWord &&
      std::find(freq.begin(), freq.end(), sum) != freq.end()) {
    refuse(
        "ryg_rans", "frequency", sum,
        "the coder 'word' must not have one symbol with all 4096 slots: its threshold wraps there "
        "and its streams leave the interval. Give a second symbol a slot");
  }
  return RansBounds::of_freq(freq, format.scale_bits);
}

}  // namespace

RygCoder::RygCoder(const RygFormat& format, std::span<const std::uint32_t> freq)
    : format_(format), table_(checked_table(format, freq)) {
  if (format.variant == RygVariant::kAlias) {
    alias_.emplace(table_, AliasOrder::kSweep, kAliasBuckets);
    remap_ = alias_->remap(table_);
  } else if (format.scale_bits <= kMaxLookupLog) {
    by_slot_.emplace(table_);
  }
}

template <class Geometry, class SlotOf>
std::vector<std::uint8_t> RygCoder::encode_with(std::span<const std::uint8_t> symbols,
                                                const SlotOf& slot_of) const {
  RansStack<Geometry> stack(format_.n_states);
  for (std::size_t i = symbols.size(); i-- > 0;) {
    if (!table_.can_encode(symbols[i])) {
      refuse_at("ryg_rans", "symbols", i, symbols[i], "must have a frequency");
    }
    stack.push(i % format_.n_states, table_.range(symbols[i]), format_.scale_bits, slot_of);
  }
  return to_bytes(stack, WordOrder::kAsRead);
}

std::vector<std::uint8_t> RygCoder::encode(std::span<const std::uint8_t> symbols) const {
  switch (format_.variant) {
    case RygVariant::kByte:
      return encode_with<Rans32x8>(symbols, std::identity{});
    case RygVariant::k64:
      return encode_with<Rans64x32>(symbols, std::identity{});
    case RygVariant::kWord:
      return encode_with<Rans32x16>(symbols, std::identity{});
    case RygVariant::kAlias:
      break;
  }
  return encode_with<Rans32x8>(symbols, [this](std::uint32_t place) { return remap_[place]; });
}

template <class Geometry, class Lookup>
RygCoder::Message RygCoder::decode_with(std::span<const std::uint8_t> bytes, std::size_t n,
                                        const Lookup& lookup) const {
  auto [status, stack] = read_stack<Geometry>(bytes, format_.n_states, WordOrder::kAsRead);
  Message message{status, {}};
  if (status != Status::kOk) return message;
  for (std::size_t i = 0, state = 0; i < n && !stack.ran_dry(); ++i) {
    message.symbols.push_back(
        static_cast<std::uint8_t>(stack.pop(state, format_.scale_bits, lookup)));
    if (++state == format_.n_states) state = 0;
  }
  message.status = stack.status();
  return message;
}

template <class Geometry>
RygCoder::Message RygCoder::decode_plain(std::span<const std::uint8_t> bytes, std::size_t n) const {
  return by_slot_ ? decode_with<Geometry>(bytes, n, *by_slot_)
                  : decode_with<Geometry>(bytes, n, SearchLookup(table_));
}

RygCoder::Message RygCoder::decode(std::span<const std::uint8_t> bytes, std::size_t n) const {
  switch (format_.variant) {
    case RygVariant::kByte:
      return decode_plain<Rans32x8>(bytes, n);
    case RygVariant::k64:
      return decode_plain<Rans64x32>(bytes, n);
    case RygVariant::kWord:
      return decode_plain<Rans32x16>(bytes, n);
    case RygVariant::kAlias:
      break;
  }
  return decode_with<Rans32x8>(bytes, n, *alias_);
}

std::vector<std::uint32_t> ryg_normalise(std::span<const std::uint32_t> counts,
                                         unsigned scale_bits) {
  std::vector<std::int64_t> sums(1);
  for (const std::uint32_t n : counts) sums.push_back(sums.back() + n);
  const std::int64_t total = sums.back();
  require_range("ryg_normalise", "scale_bits", scale_bits, 0, 31);
  require_range("ryg_normalise", "sum of counts", static_cast<std::uint64_t>(total), 1, UINT32_MAX);
  for (std::int64_t& sum : sums) sum = (sum << scale_bits) / total;
  if (!steal_slots(sums, [&](std::size_t s) { return counts[s] != 0; })) {
    refuse("ryg_normalise", "number of symbols", counts.size(),
           "more of them occur than the 2^" + std::to_string(scale_bits) + " slots");
  }
  std::vector<std::uint32_t> freq(counts.size());
  for (std::size_t s = 0; s < freq.size(); ++s) {
    freq[s] = static_cast<std::uint32_t>(sums[s + 1] - sums[s]);
  }
  return freq;
}

std::optional<RygVariant> find_ryg_variant(std::string_view name) {
  if (name == "ryg-byte") return RygVariant::kByte;
  if (name == "ryg-64") return RygVariant::k64;
  if (name == "ryg-word") return RygVariant::kWord;
  if (name == "ryg-alias") return RygVariant::kAlias;
  return std::nullopt;
}

}  // namespace transom::foreign
