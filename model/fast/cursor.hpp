// cursor.hpp — a stream that is being decoded, and the tensor that it is of.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/stream.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/fast/unchecked.hpp"

namespace transom::fast {

/// Steps of which one reads symbol bits.
template <class Decoder>
inline constexpr unsigned kStepsOfRead = 1;
template <>
inline constexpr unsigned kStepsOfRead<TansPairDecoder> = 2;

/// A decoder in mid-stream: bits read of the stream's symbols and offsets.
template <class Decoder>
struct Cursor {
  Decoder decoder;
  std::uint64_t symbols = 0;
  std::uint64_t offsets = 0;
};

/// A tensor that is being decoded. Parameters: see decode_streams().
template <class Decoder, class ValueOf, class T>
struct Decoding {
  ValueOf& value_of;
  std::span<const StreamWords> words;
  StreamLayout layout;
  T* values;
  std::vector<Cursor<Decoder>> cursors;  ///< one per stream, each after its first state

  Decoding(const Decoder& decoder, ValueOf& value_of_, std::span<const StreamWords> words_,
           const StreamLayout& layout_, T* values_)
      : value_of(value_of_),
        words(words_),
        layout(layout_),
        values(values_),
        cursors(words.size(), Cursor<Decoder>{decoder}) {
    for (std::size_t s = 0; s < words.size(); ++s) {
      if (layout.stream_values(static_cast<std::uint32_t>(s)) == 0) continue;
      BitReader symbols(words[s].symbols);
      cursors[s].decoder.start(symbols);
      cursors[s].symbols = symbols.position();
    }
  }

  unsigned most_symbol_bits() const { return cursors.front().decoder.most_bits(); }
  unsigned most_offset_bits() const { return value_of.most_bits(); }
  const std::uint32_t* symbol_words(std::uint32_t s) const {
    return readable(words[s].symbols, most_symbol_bits());
  }
  const std::uint32_t* offset_words(std::uint32_t s) const {
    return readable(words[s].offsets, most_offset_bits());
  }
  /// Steps of which all bits are there, of the streams s..s+n-1, up to `most`.
  std::uint64_t safe(std::uint32_t s, unsigned n, std::uint64_t most) const {
    std::uint64_t symbols = UINT64_MAX, offsets = UINT64_MAX;
    for (std::uint32_t i = s; i < s + n; ++i) {
      symbols = std::min(symbols, bits_ahead(words[i].symbols, cursors[i].symbols));
      offsets = std::min(offsets, bits_ahead(words[i].offsets, cursors[i].offsets));
    }
    if (most_symbol_bits() != 0) {
      most = std::min(most, symbols / most_symbol_bits() * kStepsOfRead<Decoder>);
    }
    return most_offset_bits() != 0 ? std::min(most, offsets / most_offset_bits()) : most;
  }
};

}  // namespace transom::fast
