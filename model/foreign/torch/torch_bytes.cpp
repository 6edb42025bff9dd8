// torch_bytes.cpp — torch_ans' containers of bytes.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/torch/torch_bytes.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "transom/foreign/rans_bytes.hpp"

namespace transom::foreign {
namespace {

constexpr std::size_t kMaxSegments = std::size_t{1} << 20;

void check_length_bytes(unsigned length_bytes) {
  if (length_bytes == 1 || length_bytes == 2 || length_bytes == 4) return;
  refuse("merge_bytes", "length_bytes", length_bytes,
         "must be 1, 2 or 4 (torch_ans writes 4 bytes for 8 and cannot read them back)");
}

}  // namespace

Bytes merge_bytes(std::span<const Bytes> segments, unsigned length_bytes,
                  std::optional<std::size_t> n_segments) {
  check_length_bytes(length_bytes);
  require_range("merge_bytes", "number of segments", segments.size(), 0,
                n_segments.value_or(segments.size()));
  Bytes merged;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool has_length = !n_segments || i + 1 != *n_segments;
    const std::uint64_t n = segments[i].size();
    if (has_length && n >> 8 * length_bytes != 0) {
      refuse("merge_bytes", "length of segment " + std::to_string(i), n,
             "is too much for a length of " + std::to_string(length_bytes) + " bytes");
    }
    for (unsigned b = 0; has_length && b < length_bytes; ++b) {
      merged.push_back(static_cast<std::uint8_t>(n >> 8 * b & 0xff));
    }
    merged.insert(merged.end(), segments[i].begin(), segments[i].end());
  }
  return merged;
}

SplitBytes split_bytes(std::span<const std::uint8_t> merged, unsigned length_bytes,
                       std::optional<std::size_t> n_segments) {
  check_length_bytes(length_bytes);
  require_range("split_bytes", "n_segments", n_segments.value_or(0), 0, kMaxSegments);
  SplitBytes split{Status::kOk, {}};
  std::size_t at = 0;
  while (at < merged.size() && (!n_segments || split.segments.size() < *n_segments)) {
    std::uint64_t n = merged.size() - at;
    if (!n_segments || split.segments.size() + 1 != *n_segments) {
      if (n < length_bytes) return {Status::kTruncated, std::move(split.segments)};
      n = 0;
      for (unsigned b = 0; b < length_bytes; ++b) n |= std::uint64_t{merged[at++]} << 8 * b;
    }
    if (n > merged.size() - at) return {Status::kTruncated, std::move(split.segments)};
    const auto bytes = merged.subspan(at, n);
    split.segments.emplace_back(bytes.begin(), bytes.end());
    at += n;
  }
  if (at != merged.size()) split.status = Status::kTrailing;
  if (n_segments) split.segments.resize(*n_segments);
  return split;
}

std::vector<std::int32_t> to_torch_row(std::span<const std::uint8_t> bytes) {
  require_range("to_torch_row", "number of bytes", bytes.size(), 0,
                std::numeric_limits<std::int32_t>::max());
  std::vector<std::int32_t> row{static_cast<std::int32_t>(bytes.size())};
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    std::uint32_t word = 0;
    for (std::size_t b = i; b < std::min(i + 4, bytes.size()); ++b) {
      word |= std::uint32_t{bytes[b]} << 8 * (b - i);
    }
    row.push_back(static_cast<std::int32_t>(word));
  }
  return row;
}

RowBytes from_torch_row(std::span<const std::int32_t> row) {
  if (row.empty() || row[0] < 0 ||
      static_cast<std::size_t>(row[0]) > (row.size() - 1) * sizeof(std::int32_t)) {
    return {Status::kBadHeader, {}};
  }
  Bytes bytes;
  for (const std::int32_t word : row.subspan(1)) {
    append_little_endian(bytes, static_cast<std::uint32_t>(word));
  }
  bytes.resize(static_cast<std::size_t>(row[0]));
  return {Status::kOk, std::move(bytes)};
}

}  // namespace transom::foreign
