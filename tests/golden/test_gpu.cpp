// test_gpu.cpp — the CUDA kernel: its body on the host always, on a device where there is one.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "support.hpp"
#include "transom/gpu/gpu_decoder.hpp"
#include "transom/gpu/kernel.hpp"

namespace transom {
using namespace gpu;
namespace {

/// Tensors of every coding, width, sign, 1..2000 streams and chunks; `damage` changes one stream of
/// each by a word more, a word less or a bit.
std::vector<CodedTensor> random_batch(bool damage, std::mt19937& random) {
  std::vector<CodedTensor> batch;
  for (const Codec& c : codecs()) {
    for (std::uint8_t bits = 1; bits <= kMaxValueBits; ++bits) {
      for (const std::uint32_t n_streams : {1u, 4u, kBlockThreads, kBlockThreads + 1, 2000u}) {
        const DType dtype{bits, random() % 2 == 0};
        const Code code = support::random_code(c.coding, dtype, random);
        const auto n = static_cast<std::uint32_t>(random() % (2 * n_streams + 200));
        const auto chunk = static_cast<std::uint32_t>(1 + random() % (n_streams < 100 ? 40 : 3));
        CodedTensor coded =
            encode(support::random_tensor(dtype, {n}, random), code, n_streams, chunk);
        if (damage) {
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
        batch.push_back(std::move(coded));
      }
    }
  }
  return batch;
}

/// Values and every stream's verdict are the golden model's. Returns how many tensors had each.
std::array<std::size_t, 8> require_same(std::span<const CodedTensor> tensors,
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
    REQUIRE(got[i].values == want.values);
    ++seen[static_cast<std::size_t>(want.status)];
  }
  return seen;
}

std::size_t count(const std::array<std::size_t, 8>& seen, Status status) {
  return seen[static_cast<std::size_t>(status)];
}

void require_every_lane_verdict(const std::array<std::size_t, 8>& seen) {
  for (const Status status : {Status::kTruncated, Status::kBadState, Status::kTrailing}) {
    CHECK(count(seen, status) > 0);
  }
}

}  // namespace

TEST_CASE("gpu: the kernel's body decodes every coding, width, stream count and chunk", "[unit]") {
  std::mt19937 random(21);
  const std::vector<CodedTensor> batch = random_batch(false, random);
  const auto seen = require_same(batch, decode_with_kernel_on_host(batch));
  CHECK(count(seen, Status::kOk) == batch.size());
  const Decoded alone = decode_with_kernel_on_host(batch.back());
  CHECK(alone.status == Status::kOk);
  CHECK(alone.values == decode(batch.back()).values);
}

TEST_CASE("gpu: the kernel's body judges damaged streams as the golden model does", "[unit]") {
  std::mt19937 random(22);
  const std::vector<CodedTensor> batch = random_batch(true, random);
  require_every_lane_verdict(require_same(batch, decode_with_kernel_on_host(batch)));
}

TEST_CASE("gpu: a device decodes and judges as the golden model does", "[gpu]") {
  const auto device = cuda_device();
  if (!device) {
    WARN("skipped: no CUDA device, or built without nvcc");
    return;
  }
  std::mt19937 random(23);
  const std::vector<CodedTensor> good = random_batch(false, random);
  const std::vector<CodedTensor> bad = random_batch(true, random);
  CudaBatch good_batch(good), bad_batch(bad);
  CHECK(good_batch.decode() > 0);
  bad_batch.decode();
  CHECK(count(require_same(good, good_batch.results()), Status::kOk) == good.size());
  require_every_lane_verdict(require_same(bad, bad_batch.results()));
  CHECK(decode_on_cuda(good.back()).values == decode(good.back()).values);
  WARN(good.size() + bad.size() << " tensors agree on " << *device);
}

}  // namespace transom
