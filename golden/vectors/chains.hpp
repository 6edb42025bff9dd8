// chains.hpp — Monte-Carlo chains: what a step decodes makes the next step's words, so that one
// digest stands for millions of symbols. Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"

namespace transom::golden {

inline constexpr const char* kChainsFile = "chains.json";
inline constexpr std::uint32_t kChainValues = 4096;  ///< of a step
inline constexpr std::uint32_t kChainSteps = 512;

/// SHA-256 of bytes: the caller's, so that this file needs no library of hashes.
using Digest = std::array<std::uint8_t, 32>;
using HashBytes = Digest (*)(std::span<const std::uint8_t>);

/// The digest after a step; told of the steps 1, 2, 4, ..
struct ChainPoint {
  std::uint32_t step = 0;
  Digest digest{};
};

/// The words of a step: xorshift64 from 8 bytes of the digest on.
std::vector<std::uint32_t> chain_words(const Digest& digest, unsigned first_byte, std::size_t n);
/// Is told what each step decodes.
using ChainObserver = std::function<void(const Code& code, const StreamWords& words)>;
/// A chain over codes of one coding, one after the other, from a text on.
std::vector<ChainPoint> run_chain(std::span<const Code> codes, const std::string& text,
                                  HashBytes hash, const ChainObserver& observer = {});
/// The text from which a coding's chain of the vectors begins.
std::string chain_start(const Codec& codec, std::uint32_t seed);

}  // namespace transom::golden
