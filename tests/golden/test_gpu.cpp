// test_gpu.cpp — the CUDA kernels: their bodies on the host always, on a device where there is one.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <random>
#include <string>

#include "gpu_support.hpp"
#include "support.hpp"
#include "trace_files.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/vectors.hpp"
#include "transom/gpu/cuda.hpp"
#include "transom/gpu/host.hpp"
#include "transom/plan/plan.hpp"

namespace transom {
using namespace gpu;

TEST_CASE("gpu: the kernels' bodies decode every coding, width, stream count and chunk", "[unit]") {
  std::mt19937 random(21);
  const std::vector<CodedTensor> batch = coded_by_model(random_tensors(random));
  for (const WordOrder order : kOrders) {
    const auto seen = require_same(batch, decode_by_kernels(batch, order));
    CHECK(count(seen, Status::kOk) == batch.size());
  }
  const Decoded alone = decode_by_kernels(batch.back());
  CHECK(alone.status == Status::kOk);
  CHECK(alone.values == decode(batch.back()).values);
}

TEST_CASE("gpu: the kernels' bodies judge damaged streams as the golden model does", "[unit]") {
  std::mt19937 random(22);
  for (int round = 0; round < 4; ++round) {
    std::vector<CodedTensor> batch = coded_by_model(random_tensors(random));
    damage(batch, random);
    for (const WordOrder order : kOrders) {
      require_every_lane_verdict(require_same(batch, decode_by_kernels(batch, order)));
    }
  }
}

TEST_CASE("gpu: the kernels' bodies write the golden model's words", "[unit]") {
  std::mt19937 random(25);
  const RandomTensors tensors = random_tensors(random);
  const std::vector<CodedTensor> want = coded_by_model(tensors);
  for (const WordOrder order : kOrders) {
    require_same_words(encode_by_kernels(tensors.wanted, order), want);
  }
}

TEST_CASE("gpu: an offset outside of its row is told without the values", "[unit]") {
  // Rows of 3 and 5 values: offsets of 2 and 3 bits.
  const DType dtype{3, false};
  const std::vector<Row> rows = make_rows(std::vector<value_t>{0, 3}, 3);
  const Tensor tensor{"short", dtype, {4}, {0, 3, 2, 7}};
  for (const Code& code : {Code{Coding::kApackTans, 1, Spread::kStep, {1, 1}, rows},
                           Code{Coding::kApackRans, 1, Spread::kStep, {1, 1}, rows},
                           Code{Coding::kApackTansPair, 2, Spread::kStep, {1, 1, 1, 1}, rows}}) {
    INFO(codec(code.coding).name);
    REQUIRE(has_short_rows(code, dtype));
    std::vector<CodedTensor> coded{encode(tensor, code, 1, 1)};
    for (std::uint32_t flip = 0; flip <= 10; ++flip) {
      if (flip > 0) coded[0].streams[0].offsets[0] ^= std::uint32_t{1} << (flip - 1);
      const DecodeBatch batch(coded);
      alignas(16) std::array<std::byte, 16> values{};
      std::array<StreamEnd, 1> ends{};
      decode_on_host(
          batch.jobs({batch.words().data(), batch.places().data(), values.data(), ends.data()}));
      const Decoded want = decode(coded[0]);
      CHECK(ends[0].outside == (want.status == Status::kBadValue));
      CHECK(batch.judge(values, ends)[0].status == want.status);
      ends[0].outside = true;
      CHECK(batch.judge(values, ends)[0].status == Status::kBadValue);
      if (flip > 0) coded[0].streams[0].offsets[0] ^= std::uint32_t{1} << (flip - 1);
    }
  }
}

TEST_CASE("gpu: what cannot be encoded is told per stream, and nothing is written", "[unit]") {
  const DType dtype{8, false};
  const Code code{
      Coding::kApackTans, 2, Spread::kStep, {4, 0}, make_rows(std::vector<value_t>{0, 100}, 8)};
  const Tensor tensor{"odd", dtype, {6}, {1, 2, 3, 200, 5, 6}};
  const ToEncode wanted{tensor, code, 3, 1};
  CHECK_THROWS_WITH(encode_by_kernels({&wanted, 1}), Catch::Contains("stream 0 of tensor 'odd'"));

  const EncodeBatch batch({&wanted, 1});
  std::array<StreamBits, 3> bits{};
  std::array<StreamPlace, 3> places{};
  std::array<EncodeEnd, 3> ends{};
  std::uint64_t n_words = 0;
  alignas(16) std::array<std::byte, 16> values{};
  std::copy(batch.values().begin(), batch.values().end(), values.begin());
  std::vector<EncodeJob> jobs =
      batch.jobs({batch.tables().data(), batch.symbols().data(), values.data(), bits.data(),
                  places.data(), ends.data(), &n_words});
  measure_on_host(jobs);
  CHECK(ends == std::array{EncodeEnd::kNoFrequency, EncodeEnd::kOk, EncodeEnd::kOk});
  CHECK(n_words == 4);  // a word of state and one of offsets each
  std::vector<std::uint32_t> words(n_words, 0xdeadbeef);
  jobs[0].words = words.data();
  jobs[0].capacity = 3;
  write_on_host(jobs);
  CHECK(ends == std::array{EncodeEnd::kNoFrequency, EncodeEnd::kNoRoom, EncodeEnd::kNoRoom});
  CHECK(words == std::vector<std::uint32_t>(4, 0xdeadbeef));
}

TEST_CASE("gpu: a job that no kernel is for is refused", "[unit]") {
  DecodeJob job;
  job.values_of = ValuesOf::kSymbols;  // of bytes alone
  CHECK_THROWS_AS(decode_on_host({&job, 1}), std::invalid_argument);
  job.coder = static_cast<DecodeCoder>(kDecodeCoders);
  CHECK_THROWS_AS(decode_on_host({&job, 1}), std::invalid_argument);
  EncodeJob to_encode;
  to_encode.coder = static_cast<EncodeCoder>(kEncodeCoders);
  CHECK_THROWS_AS(measure_on_host({&to_encode, 1}), std::invalid_argument);
}

TEST_CASE("gpu: every golden vector that is a container is judged by the kernels' bodies as told",
          "[unit]") {
  const support::TempFolder scratch;
  ::transom::golden::write_vectors(scratch.path(), 7);
  std::vector<CodedTensor> tensors;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch.path())) {
    if (entry.path().extension() != ".tsm") continue;
    const std::string text = support::read_text(entry.path());
    Parsed parsed =
        parse_container({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    if (parsed.status != Status::kOk) continue;  // no tensor to decode
    for (CodedTensor& tensor : parsed.tensors) tensors.push_back(std::move(tensor));
  }
  const auto seen = require_same(tensors, decode_by_kernels(tensors));
  require_every_lane_verdict(seen);
  CHECK(count(seen, Status::kOk) > 200);
  CHECK(tensors.size() - count(seen, Status::kOk) > 300);
}

TEST_CASE("gpu: every recorded trace goes through the kernels' bodies and back", "[golden]") {
  const auto folder = support::shared_folder("traces");
  if (!folder) return;
  std::size_t n_tensors = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (!exists(entry.path() / "manifest.json")) continue;
    const std::vector<Tensor> tensors = ::transom::golden::read_trace(entry.path());
    for (const Coding coding : {Coding::kTans, Coding::kApackRans, Coding::kApackNrans}) {
      PlanOptions options;
      options.coding = coding;
      options.n_streams = 64;
      std::vector<CodedTensor> coded;
      for (const Tensor& tensor : tensors) coded.push_back(encode_best(tensor, options));
      const auto seen = require_same(coded, decode_by_kernels(coded));
      CHECK(count(seen, Status::kOk) == coded.size());
      require_same_words(encode_by_kernels(again(coded, tensors)), coded);
    }
    n_tensors += tensors.size();
  }
  CHECK(n_tensors >= 9);
}

TEST_CASE("gpu: a device decodes, judges and encodes as the golden model does", "[gpu]") {
  const auto device = cuda_device();
  if (!device) {
    WARN("skipped: no CUDA device, or built without nvcc");
    return;
  }
  std::mt19937 random(23);
  const RandomTensors tensors = random_tensors(random);
  const std::vector<CodedTensor> good = coded_by_model(tensors);
  std::vector<CodedTensor> bad = good;
  damage(bad, random);
  for (const WordOrder order : kOrders) {
    CHECK(count(require_same(good, decode_on_cuda(good, order)), Status::kOk) == good.size());
    require_every_lane_verdict(require_same(bad, decode_on_cuda(bad, order)));
    require_same_words(encode_on_cuda(tensors.wanted, order), good);
  }
  CHECK(decode_on_cuda(good.back()).values == decode(good.back()).values);
  WARN(good.size() + bad.size() << " tensors agree on " << *device);
}

}  // namespace transom
