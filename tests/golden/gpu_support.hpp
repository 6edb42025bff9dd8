// gpu_support.hpp — tensors for the CUDA kernels, and what they must come to.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <span>
#include <vector>

#include "support.hpp"
#include "transom/gpu/batch.hpp"

namespace transom::gpu {

inline constexpr WordOrder kOrders[] = {WordOrder::kContainer, WordOrder::kSlabs};

struct RandomTensors {
  std::vector<Tensor> tensors;  ///< what the views of `wanted` look at
  std::vector<ToEncode> wanted;
};

/// Tensors of every coding, width, sign, 1..2000 streams and chunks, those of whole groups too.
/// @param most_streams no more than these
inline RandomTensors random_tensors(std::mt19937& random, std::uint32_t most_streams = 2000) {
  RandomTensors all;
  std::vector<std::array<std::uint32_t, 2>> layouts;
  std::vector<Code> codes;
  for (const Codec& c : codecs()) {
    for (std::uint8_t bits = 1; bits <= kMaxValueBits; ++bits) {
      for (const std::uint32_t n_streams : {1u, 4u, 33u, 2000u}) {
        if (n_streams > most_streams) continue;
        const DType dtype{bits, random() % 2 == 0};
        const auto n = static_cast<std::uint32_t>(random() % (2 * n_streams + 400));
        auto chunk = static_cast<std::uint32_t>(1 + random() % (n_streams < 100 ? 40 : 3));
        if (random() % 2 == 0) chunk = 8u << random() % 3;
        codes.push_back(support::random_code(c.coding, dtype, random));
        all.tensors.push_back(support::random_tensor(dtype, {n}, random));
        layouts.push_back({n_streams, chunk});
      }
    }
  }
  for (std::size_t i = 0; i < all.tensors.size(); ++i) {
    all.wanted.push_back({all.tensors[i], codes[i], layouts[i][0], layouts[i][1]});
  }
  return all;
}

inline std::vector<CodedTensor> coded_by_model(const RandomTensors& random) {
  std::vector<CodedTensor> coded;
  for (const auto& [tensor, code, n_streams, chunk] : random.wanted) {
    coded.push_back(encode(tensor, code, n_streams, chunk));
  }
  return coded;
}

/// A word more, a word less or a bit in one stream of each.
inline void damage(std::vector<CodedTensor>& tensors, std::mt19937& random) {
  for (CodedTensor& coded : tensors) {
    StreamWords& words = coded.streams[random() % coded.streams.size()];
    auto& stream = random() % 2 == 0 ? words.symbols : words.offsets;
    const auto kind = stream.empty() ? 0 : random() % 4;
    if (kind == 0) {
      stream.push_back(static_cast<std::uint32_t>(random()));
    } else if (kind == 1) {
      stream.pop_back();
    } else {
      stream[random() % stream.size()] ^= std::uint32_t{1} << random() % 32;
    }
  }
}

/// Values and every stream's verdict are the golden model's. Returns how many tensors had each.
inline std::array<std::size_t, 8> require_same(std::span<const CodedTensor> tensors,
                                               std::span<const Decoded> got) {
  REQUIRE(got.size() == tensors.size());
  std::array<std::size_t, 8> seen{};
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Decoded want = decode(tensors[i]);
    const Code& code = tensors[i].code;
    INFO("tensor " << i << " " << codec(code.coding).name << " R=" << code.table_log
                   << " W=" << int{tensors[i].dtype.bits} << " N=" << tensors[i].streams.size()
                   << " k=" << tensors[i].chunk);
    REQUIRE(got[i].status == want.status);
    REQUIRE(got[i].streams == want.streams);
    if (tensors[i].dtype.bits <= 8) {  // bytes, also of what lies outside of its row
      REQUIRE(std::equal(want.values.begin(), want.values.end(), got[i].values.begin(),
                         got[i].values.end(),
                         [](value_t a, value_t b) { return (a & 0xff) == b; }));
    } else {
      REQUIRE(got[i].values == want.values);
    }
    ++seen[static_cast<std::size_t>(want.status)];
  }
  return seen;
}

inline std::size_t count(const std::array<std::size_t, 8>& seen, Status status) {
  return seen[static_cast<std::size_t>(status)];
}

inline void require_every_lane_verdict(const std::array<std::size_t, 8>& seen) {
  for (const Status status : {Status::kTruncated, Status::kBadState, Status::kTrailing}) {
    CHECK(count(seen, status) > 0);
  }
}

inline void require_same_words(std::span<const CodedTensor> got,
                               std::span<const CodedTensor> want) {
  REQUIRE(got.size() == want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    INFO("tensor " << i << " " << codec(want[i].code.coding).name << " R=" << want[i].code.table_log
                   << " W=" << int{want[i].dtype.bits} << " N=" << want[i].streams.size()
                   << " k=" << want[i].chunk);
    REQUIRE(got[i] == want[i]);
  }
}

/// Tensors as what encodes them, to the words that they have.
inline std::vector<ToEncode> again(std::span<const CodedTensor> coded,
                                   std::span<const Tensor> tensors) {
  std::vector<ToEncode> wanted;
  for (std::size_t i = 0; i < coded.size(); ++i) {
    wanted.push_back({tensors[i], coded[i].code,
                      static_cast<std::uint32_t>(coded[i].streams.size()), coded[i].chunk});
  }
  return wanted;
}

}  // namespace transom::gpu
