// rans_bytes.hpp — a rANS stack as bytes: states 0..K-1, then its words; all little-endian.
//
// ryg_rans and CompressAI store the words as a decoder reads them, the last one pushed first;
// torch_ans as an encoder writes them, so that a decoder reads from the end.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/coder/rans_stack.hpp"

namespace transom::foreign {

enum class WordOrder : std::uint8_t { kAsRead, kAsWritten };

template <class T>
void append_little_endian(std::vector<std::uint8_t>& bytes, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i & 0xff));
  }
}
/// Throws for fewer bytes than T has.
template <class T>
T little_endian(std::span<const std::uint8_t> bytes) {
  require_range("little_endian", "number of bytes", bytes.size(), sizeof(T), SIZE_MAX);
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(T{bytes[i]} << 8 * i));
  }
  return value;
}
template <class Geometry>
std::vector<std::uint8_t> to_bytes(const RansStack<Geometry>& stack, WordOrder order) {
  std::vector<std::uint8_t> bytes;
  for (const auto x : stack.states()) append_little_endian(bytes, x);
  auto words = stack.words();
  if (order == WordOrder::kAsRead) std::reverse(words.begin(), words.end());
  for (const auto word : words) append_little_endian(bytes, word);
  return bytes;
}

template <class Geometry>
struct ReadStack {
  Status status;  ///< kTruncated: no room for the states, or a word cut in two
  RansStack<Geometry> stack;
};

/// A stack that was stored. A state outside [L, bL) is kBadState. Throws for other than 1..2^32 - 1
/// states.
template <class Geometry>
ReadStack<Geometry> read_stack(std::span<const std::uint8_t> bytes, std::size_t n_states,
                               WordOrder order) {
  using State = typename Geometry::State;
  using Word = typename Geometry::Word;
  require_range("read_stack", "n_states", n_states, 1, UINT32_MAX);
  const std::size_t head = n_states * sizeof(State);
  if (bytes.size() < head || (bytes.size() - head) % sizeof(Word) != 0) {
    return {Status::kTruncated, RansStack<Geometry>(1)};
  }
  Status status = Status::kOk;
  std::vector<State> states;
  for (std::size_t i = 0; i < head; i += sizeof(State)) {
    const State x = little_endian<State>(bytes.subspan(i));
    if (!Geometry::is_state(x)) status = Status::kBadState;
    states.push_back(x);
  }
  std::vector<Word> words;
  words.reserve((bytes.size() - head) / sizeof(Word));
  for (std::size_t i = head; i < bytes.size(); i += sizeof(Word)) {
    words.push_back(little_endian<Word>(bytes.subspan(i)));
  }
  if (order == WordOrder::kAsRead) std::reverse(words.begin(), words.end());
  return {status, RansStack<Geometry>(std::move(states), std::move(words))};
}

}  // namespace transom::foreign
