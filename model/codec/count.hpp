// count.hpp — what a planner asks before it codes: the words that a tensor's streams would have.
// Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/codec/codec.hpp"

namespace transom {

/// Words of all streams: of their symbols and of their offsets, each a sequence where it has any.
struct WordCount {
  std::uint32_t n_sequences = 0;
  std::uint64_t n_words = 0;
};

/// Throws what encode() would throw for its arguments, but for values without a frequency.
void check_encode(const TensorView& tensor, const Code& code, std::uint32_t n_streams,
                  std::uint32_t chunk);

/// Whether count_words() is for a coding: where a step is a look-up, so that counting is quick.
inline bool counts_words(Coding coding) { return codec(coding).lane == LaneKind::kTans; }

/// The words of encode(tensor, code, n_streams, chunk), for at least one value. It has the
/// arguments of an encode() that does not throw, which is not checked; throws unless
/// counts_words().
WordCount count_words(const TensorView& tensor, const Code& code, std::uint32_t n_streams,
                      std::uint32_t chunk);

}  // namespace transom
