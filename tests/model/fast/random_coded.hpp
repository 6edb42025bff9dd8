// random_coded.hpp — tensors of every kind, coded: what the fast path is compared on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "support.hpp"
#include "transom/base/isa.hpp"
#include "transom/codec/codec.hpp"

namespace transom::support {

struct RandomCoded {
  Tensor tensor;
  CodedTensor coded;
};

/// The i-th of them: codecs come in turn.
inline RandomCoded random_coded(std::size_t i, std::mt19937& random) {
  const Codec& c = codecs()[i % codecs().size()];
  const DType dtype{static_cast<std::uint8_t>(1 + random() % kMaxValueBits), random() % 2 == 0};
  constexpr std::array<std::uint32_t, 8> kStreams{1, 2, 3, 7, 8, 9, 16, 64};
  constexpr std::array<std::uint32_t, 6> kChunks{1, 1, 2, 5, 64, 1000};
  const auto n_values = static_cast<std::uint32_t>(random() % (random() % 8 == 0 ? 20'000 : 1'500));
  Tensor tensor = random_tensor(dtype, {n_values}, random);
  const Code code = random_code(c.coding, dtype, random);
  const std::uint32_t n_streams = kStreams[random() % kStreams.size()];
  CodedTensor coded = encode(tensor, code, n_streams, kChunks[random() % kChunks.size()]);
  return {std::move(tensor), std::move(coded)};
}

/// What this program was asked to use, alone.
inline std::vector<Isa> this_isa() { return {isa()}; }
/// And each that comes before it.
inline std::vector<Isa> every_isa() {
  std::vector<Isa> every;
  for (unsigned i = 0; i <= static_cast<unsigned>(isa()); ++i) every.push_back(static_cast<Isa>(i));
  return every;
}
/// Calls `look()` with each of them; the last one stays.
template <typename Look>
void with_each(const std::vector<Isa>& isas, Look&& look) {
  for (const Isa one : isas) {
    use_isa(one);
    INFO("TRANSOM_ISA number " << static_cast<unsigned>(one));
    look();
  }
}

/// Calls `run(number, seed, instruction sets)` for a million tensors in parts, of which
/// `-c "part 3"` runs one alone.
template <typename Run>
void run_a_million(Run&& run) {
  constexpr std::uint32_t kParts = 10;
  const std::vector<Isa> isas = every_isa();
  for (std::uint32_t part = 0; part < kParts; ++part) {
    DYNAMIC_SECTION("part " << part) { run(std::size_t{1'000'000} / kParts, 2 + part, isas); }
  }
}

/// For INFO.
inline std::string described(const CodedTensor& coded) {
  return std::string(codec(coded.code.coding).name) + ", " +
         std::to_string(coded.layout().n_values) + " values of " +
         std::to_string(coded.dtype.bits) + " bits, R = " + std::to_string(coded.code.table_log) +
         ", " + std::to_string(coded.streams.size()) + " streams, chunk " +
         std::to_string(coded.chunk);
}

}  // namespace transom::support
