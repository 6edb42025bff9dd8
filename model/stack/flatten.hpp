// flatten.hpp — a message as words: raw, or its heads folded into one.
//
// Raw: the high halves of all heads, their low halves, the tail from the top. Folded: heads are
// coded by Benford's law on those before them until one is left (64, 32, 16, ...), so that 64 new
// heads are 71 words instead of 128; then raw.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "transom/base/spec.hpp"
#include "transom/stack/uniform.hpp"

namespace transom::stack {

/// small, 2 small, 4 small, ..., big: how many heads a message has from step to step.
std::vector<std::size_t> fold_sizes(std::size_t small, std::size_t big);

/// The message with n_heads heads: the last heads are pushed on the first, or popped from them.
/// Throws for none; UnderflowError if the message has fewer words than new heads want.
template <class Geometry>
Message<Geometry> with_heads(Message<Geometry> m, std::size_t n_heads) {
  require_range("with_heads", "n_heads", n_heads, 1, SIZE_MAX);
  const Benford<Geometry> benford;
  std::vector<std::uint64_t> heads(m.heads().begin(), m.heads().end());
  Words tail = std::move(m.tail());
  const auto on_first = [&](std::size_t n) {
    return View<Geometry>(std::span(heads).first(n), tail);
  };
  const auto down = fold_sizes(n_heads, heads.size());
  for (std::size_t i = down.size(); i-- > 1;) {
    const auto last = heads.begin() + static_cast<std::ptrdiff_t>(down[i - 1]);
    const std::vector<std::uint64_t> folded(last, heads.end());
    heads.erase(last, heads.end());
    auto view = on_first(folded.size());
    benford.push(view, folded);
  }
  // A step makes no more heads than there are, and each has been paid for in words: memory grows
  // with what was read, whatever n_heads was claimed.
  const auto up = fold_sizes(heads.size(), n_heads);
  for (std::size_t i = 1; i < up.size(); ++i) {
    auto view = on_first(up[i] - up[i - 1]);
    const auto more = benford.pop(view);
    heads.insert(heads.end(), more.begin(), more.end());
  }
  return {std::move(heads), std::move(tail)};
}

template <class Geometry>
Words flatten_raw(const Message<Geometry>& m) {
  Words words;
  words.reserve(2 * m.heads().size() + m.tail().size());
  for (const std::uint64_t x : m.heads()) words.push_back(static_cast<std::uint32_t>(x >> 32));
  for (const std::uint64_t x : m.heads()) words.push_back(static_cast<std::uint32_t>(x));
  words.insert(words.end(), m.tail().rbegin(), m.tail().rend());
  return words;
}
/// What is stored.
template <class Geometry>
Words flatten(Message<Geometry> m) {
  return flatten_raw(with_heads(std::move(m), 1));
}

template <class Geometry>
struct ReadMessage {
  Status status;              ///< kTruncated, or kBadState: a head that is not in I
  Message<Geometry> message;  ///< a base message of one head unless status is kOk
};

/// The inverse of flatten_raw(). Throws for no heads.
template <class Geometry = Rans64x32>
ReadMessage<Geometry> unflatten_raw(std::span<const std::uint32_t> words, std::size_t n_heads = 1) {
  require_range("unflatten_raw", "n_heads", n_heads, 1, SIZE_MAX);
  if (n_heads > words.size() / 2) return {Status::kTruncated, Message<Geometry>()};
  std::vector<std::uint64_t> heads(n_heads);
  for (std::size_t i = 0; i < n_heads; ++i) {
    heads[i] = std::uint64_t{words[i]} << 32 | words[n_heads + i];
    if (!Message<Geometry>::is_head(heads[i])) return {Status::kBadState, Message<Geometry>()};
  }
  Words tail(words.begin() + static_cast<std::ptrdiff_t>(2 * n_heads), words.end());
  std::reverse(tail.begin(), tail.end());
  return {Status::kOk, Message<Geometry>(std::move(heads), std::move(tail))};
}
/// The inverse of flatten(). Throws for no heads.
template <class Geometry = Rans64x32>
ReadMessage<Geometry> unflatten(std::span<const std::uint32_t> words, std::size_t n_heads = 1) {
  require_range("unflatten", "n_heads", n_heads, 1, SIZE_MAX);
  ReadMessage<Geometry> read = unflatten_raw<Geometry>(words);
  if (read.status != Status::kOk) return read;
  try {
    return {Status::kOk, with_heads(std::move(read.message), n_heads)};
  } catch (const UnderflowError&) {
    return {Status::kTruncated, Message<Geometry>()};
  }
}

}  // namespace transom::stack
