// tally.cpp — see tally.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/tally/tally.hpp"

#include <algorithm>
#include <cstring>

#include "transom/base/crc32.hpp"
#include "transom/base/isa.hpp"
#include "transom/golden/tally/rounds.hpp"
#include "transom/table/histogram.hpp"

#ifdef TRANSOM_HAS_X86
#include <cpuid.h>
#endif

namespace transom::golden {
namespace {

bool has_instructions() {
#ifdef TRANSOM_HAS_X86
  static const bool has = [] {
    constexpr unsigned kSha = 1u << 29;
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & kSha) != 0;
  }();
  return has && isa() >= Isa::kBmi2;
#else
  return false;
#endif
}

void take([[maybe_unused]] std::uint32_t* state, [[maybe_unused]] const std::uint8_t* bytes,
          [[maybe_unused]] std::size_t n_blocks, [[maybe_unused]] Counted* counted) {
#ifdef TRANSOM_HAS_X86
  const std::size_t batches = isa() >= Isa::kAvx512 ? n_blocks / kShaBatch * kShaBatch : 0;
  if (batches != 0) sha_batches(state, bytes, batches, counted);
  if (batches != n_blocks) {
    sha_blocks(state, bytes + batches * kShaBlock, n_blocks - batches, counted);
  }
#endif
}

}  // namespace

Tally::Tally() {
  if (!has_instructions()) elsewhere_.emplace();
}

void Tally::hash(std::span<const std::uint8_t> bytes) {
  if (elsewhere_) return elsewhere_->add(bytes);
  if (const std::size_t begun = n_bytes_ % kShaBlock; begun != 0) {
    const std::size_t n = std::min(bytes.size(), kShaBlock - begun);
    std::copy_n(bytes.begin(), n, begun_.begin() + static_cast<std::ptrdiff_t>(begun));
    n_bytes_ += n;
    bytes = bytes.subspan(n);
    if (n_bytes_ % kShaBlock != 0) return;
    take(state_.data(), begun_.data(), 1, nullptr);
  }
  const std::size_t blocks = bytes.size() / kShaBlock;
  take(state_.data(), bytes.data(), blocks, nullptr);
  n_bytes_ += bytes.size();
  const std::span<const std::uint8_t> rest = bytes.subspan(blocks * kShaBlock);
  std::copy(rest.begin(), rest.end(), begun_.begin());
}

void Tally::add(std::span<const std::uint8_t> bytes, std::span<std::uint32_t, 256> counts,
                std::uint32_t& crc) {
  const auto apart = [&](std::span<const std::uint8_t> some) {
    count_into(counts, some);
    crc = crc32c(some, crc);
    hash(some);
  };
  if (elsewhere_) return apart(bytes);
  const std::size_t to_block = (kShaBlock - n_bytes_ % kShaBlock) % kShaBlock;
  apart(bytes.first(std::min(bytes.size(), to_block)));
  bytes = bytes.subspan(std::min(bytes.size(), to_block));
  const std::size_t blocks = bytes.size() / kShaBlock;
  Counted counted{{}, static_cast<std::uint32_t>(~crc)};
  take(state_.data(), bytes.data(), blocks, &counted);
  n_bytes_ += blocks * kShaBlock;
  crc = ~static_cast<std::uint32_t>(counted.crc);
  for (const auto& table : counted.tables) {
    for (std::size_t v = 0; v < counts.size(); ++v) counts[v] += table[v];
  }
  apart(bytes.subspan(blocks * kShaBlock));
}

std::string Tally::hex() {
  if (elsewhere_) return elsewhere_->hex();
  const std::uint64_t n_bits = 8 * n_bytes_;
  const std::size_t zeros = (kShaBlock + 55 - n_bytes_ % kShaBlock) % kShaBlock;
  std::array<std::uint8_t, kShaBlock + 9> end{0x80};
  for (std::size_t i = 0; i < 8; ++i) {
    end[1 + zeros + i] = static_cast<std::uint8_t>(n_bits >> 8 * (7 - i));
  }
  hash(std::span(end).first(1 + zeros + 8));
  std::array<std::uint8_t, 32> digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> 8 * (3 - i % 4));
  }
  return sha256_hex(digest);
}

}  // namespace transom::golden
