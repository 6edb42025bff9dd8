// torch_bytes.hpp — torch_ans' containers of bytes: stream rows, and byte strings merged into one.
//
// A row of the int32 stream tensor is [bytes that follow][those bytes, padded]; the byte string of
// a row is what follows. merge: [length][bytes] of each segment, lengths little-endian in 1, 2 or 4
// bytes; with the number of segments known, the last one has no length. torch_ans' 8-byte length
// writes 4 bytes and cannot be read back: refused here, ask for 4.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "transom/base/spec.hpp"

namespace transom::foreign {

using Bytes = std::vector<std::uint8_t>;

/// Throws on another length format, a segment that it cannot count, or more than n_segments of
/// them.
Bytes merge_bytes(std::span<const Bytes> segments, unsigned length_bytes,
                  std::optional<std::size_t> n_segments);

struct SplitBytes {
  Status status;  ///< kTruncated: a length or its bytes are cut; kTrailing: bytes are left over
  std::vector<Bytes> segments;
};
/// @param n_segments if known: as many segments come back, missing ones empty; at most 2^20
/// (throws)
SplitBytes split_bytes(std::span<const std::uint8_t> merged, unsigned length_bytes,
                       std::optional<std::size_t> n_segments);

/// The int32 row of a byte string below 2^31 bytes (throws); the last word is filled up with zero
/// bytes.
std::vector<std::int32_t> to_torch_row(std::span<const std::uint8_t> bytes);

struct RowBytes {
  Status status;  ///< kBadHeader: the first word is no length of what follows
  Bytes bytes;
};
RowBytes from_torch_row(std::span<const std::int32_t> row);

}  // namespace transom::foreign
