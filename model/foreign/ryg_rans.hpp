// ryg_rans.hpp — F. Giesen's ryg_rans: byte, 64, word and alias streams, K-way interleaved.
//
// github.com/rygorous/ryg_rans, public domain. Symbol i uses state i mod K, whatever the length;
// all states share one stack of words; encoded last to first. Bytes: states 0..K-1, then the words
// as a decoder reads them. K = 1 and 2 are the sample programs', K = 8 with `word` that of the SIMD
// one (its decoder may read 8 bytes past the end: pad). A stream has no header: n and the
// frequencies come from elsewhere.
// Refused: a symbol with all 4096 slots in `word`, whose threshold wraps there, so that the state
// falls out of its interval.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "transom/coder/rans_alias.hpp"
#include "transom/coder/rans_lookup.hpp"

namespace transom::foreign {

enum class RygVariant : std::uint8_t {
  kByte,  ///< rans_byte.h: 32-bit state, words of 8 bits
  k64,    ///< rans64.h: 63-bit state, words of 32 bits
  kWord,  ///< rans_word_sse41.h: 32-bit state, words of 16 bits, scale_bits 12
  kAlias  ///< main_alias.cpp: rans_byte over 256 alias buckets
};

inline constexpr std::size_t kMaxRygStates = 64;

struct RygFormat {
  RygVariant variant = RygVariant::kByte;
  unsigned scale_bits = 12;
  std::size_t n_states = 1;  ///< K, 1..kMaxRygStates
};

/// A message of one table of up to 256 symbols, encoded or decoded.
class RygCoder {
 public:
  /// @param freq sum 2^scale_bits. Throws for a table or format that the variant does not have.
  RygCoder(const RygFormat& format, std::span<const std::uint32_t> freq);

  /// Throws naming a symbol without a frequency.
  std::vector<std::uint8_t> encode(std::span<const std::uint8_t> symbols) const;

  struct Message {
    Status status;
    std::vector<std::uint8_t> symbols;  ///< all up to the place where words ran out
  };
  /// Decodes any bytes, with a status: n symbols, or fewer where a word is missing.
  Message decode(std::span<const std::uint8_t> bytes, std::size_t n) const;

  const RansBounds& table() const { return table_; }
  const std::optional<AliasLookup>& alias() const { return alias_; }  ///< kAlias only
  const std::vector<std::uint32_t>& remap() const { return remap_; }  ///< kAlias only

 private:
  template <class Geometry, class Lookup>
  Message decode_with(std::span<const std::uint8_t> bytes, std::size_t n,
                      const Lookup& lookup) const;
  template <class Geometry>
  Message decode_plain(std::span<const std::uint8_t> bytes, std::size_t n) const;
  template <class Geometry, class SlotOf>
  std::vector<std::uint8_t> encode_with(std::span<const std::uint8_t> symbols,
                                        const SlotOf& slot_of) const;

  RygFormat format_;
  RansBounds table_;
  std::optional<InverseCdfLookup> by_slot_;  ///< where 2^scale_bits symbols are few enough
  std::optional<AliasLookup> alias_;
  std::vector<std::uint32_t> remap_;
};

/// Frequencies of sum 2^scale_bits as the sample programs make them: cumulative counts scaled down,
/// then slots stolen for symbols that occur. Throws without counts, for scale_bits over 31, or with
/// more symbols that occur than slots.
std::vector<std::uint32_t> ryg_normalise(std::span<const std::uint32_t> counts,
                                         unsigned scale_bits);

/// "ryg-byte", "ryg-64", "ryg-word", "ryg-alias"
std::optional<RygVariant> find_ryg_variant(std::string_view name);

}  // namespace transom::foreign
