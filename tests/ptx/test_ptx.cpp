// test_ptx.cpp — what nvcc makes of the kernels, run by the machine of machine.hpp.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "gpu_support.hpp"
#include "ptx_support.hpp"
#include "transom/gpu/batch.hpp"
#include "transom/gpu/kernel/blocks.hpp"

namespace transom::gpu {
using ptx::Compiled;
using ptx::kernel_name;
using ptx::name_of;
using ptx::parameters;
using ptx::reads;
using ptx::Region;
using ptx::writes;

namespace {

const Compiled& decode_module() {
  static const Compiled module(TRANSOM_DECODE_PTX);
  return module;
}
const Compiled& encode_module() {
  static const Compiled module(TRANSOM_ENCODE_PTX);
  return module;
}

/// 16 bytes at a multiple of 16, as device memory is.
struct alignas(16) Bytes16 {
  std::byte bytes[16];
};
/// Runs a kernel for each job that it is for, as a plan does, on fewer blocks than there are
/// blocks of streams.
/// @param kernel_of a job's
template <class Job, class KernelOf>
void launch(const ptx::Module& module, const std::vector<Job>& jobs, KernelOf&& kernel_of,
            std::vector<Region> memory) {
  std::map<std::string, std::vector<StreamBlock>> blocks_of;
  std::map<std::string, std::uint32_t> shared_of;
  for (std::uint32_t i = 0; i < jobs.size(); ++i) {
    const std::string kernel = kernel_of(jobs[i]);
    append_blocks(blocks_of[kernel], i, jobs[i].layout);
    std::uint32_t& bytes = shared_of[kernel];
    bytes = std::max(bytes, std::uint32_t{shared_words(jobs[i])} * 4);
  }
  memory.push_back(reads(jobs));
  for (const auto& [kernel, blocks] : blocks_of) {
    memory.push_back(reads(blocks));
    const auto n_blocks = static_cast<std::uint32_t>(blocks.size());
    const ptx::Grid grid{n_blocks * 2 / 3 + 1, kBlockThreads, shared_of[kernel]};
    ptx::run(module, module.kernel(kernel), grid, parameters(jobs.data(), blocks.data(), n_blocks),
             memory);
    memory.pop_back();
  }
}

std::vector<Decoded> decode_by_ptx(std::span<const CodedTensor> tensors, WordOrder order) {
  const DecodeBatch batch(tensors, order);
  std::vector<Bytes16> values((batch.n_value_bytes() + 15) / 16);
  auto* const bytes = reinterpret_cast<std::byte*>(values.data());
  std::vector<StreamEnd> ends(batch.n_streams());
  const auto kernel_of = [](const DecodeJob& job) {
    std::string name;
    visit_decoder(job, [&]<class Thread, class T>() {
      name = kernel_name("decode_kernel", name_of<Thread>() + ", " + name_of<T>());
    });
    return name;
  };
  launch(*decode_module(),
         batch.jobs({batch.words().data(), batch.places().data(), bytes, ends.data()}), kernel_of,
         {reads(batch.words()), reads(batch.places()), writes(values), writes(ends)});
  return batch.judge({bytes, batch.n_value_bytes()}, ends);
}

std::vector<CodedTensor> encode_by_ptx(std::span<const ToEncode> tensors, WordOrder order) {
  const EncodeBatch batch(tensors, order);
  std::vector<Bytes16> values((batch.values().size() + 15) / 16);
  auto* const bytes = reinterpret_cast<std::byte*>(values.data());
  std::copy(batch.values().begin(), batch.values().end(), bytes);
  std::vector<StreamBits> bits(batch.n_streams());
  std::vector<StreamPlace> places(batch.n_streams());
  std::vector<EncodeEnd> ends(batch.n_streams());
  std::vector<std::uint64_t> n_words(batch.n_tensors());
  std::vector<EncodeJob> jobs =
      batch.jobs({batch.tables().data(), batch.symbols().data(), bytes, bits.data(), places.data(),
                  ends.data(), n_words.data()});
  const auto kernel_of = [](const char* write) {
    return [write](const EncodeJob& job) {
      std::string name;
      visit_encoder(job, [&]<class Coder, class T>() {
        name = kernel_name("encode_kernel", name_of<Coder>() + ", " + name_of<T>() + ", " + write);
      });
      return name;
    };
  };
  std::vector<Region> memory{reads(batch.tables()), reads(batch.symbols()), reads(values),
                             writes(bits),          writes(places),         writes(ends),
                             writes(n_words)};
  launch(*encode_module(), jobs, kernel_of("false"), memory);
  const ptx::Kernel& place = encode_module()->kernel(kernel_name("place_kernel", ""));
  memory.push_back(reads(jobs));
  const EncodeJob* const all = jobs.data();
  ptx::run(*encode_module(), place, {static_cast<std::uint32_t>(jobs.size()), kBlockThreads, 0},
           parameters(all), memory);
  memory.pop_back();
  std::uint64_t n_all = 0;
  for (const std::uint64_t n : n_words) n_all += n;
  std::vector<std::uint32_t> words(n_all);
  EncodeBatch::make_room(jobs, n_words, words.data());
  memory.push_back(writes(words));
  launch(*encode_module(), jobs, kernel_of("true"), memory);
  return batch.coded(n_words, places, ends, words);
}

}  // namespace

TEST_CASE("ptx: the kernels for a device decode every coding, width and stream count", "[ptx]") {
  if (decode_module().is_skipped()) return;
  std::mt19937 random(61);
  std::vector<CodedTensor> batch = coded_by_model(random_tensors(random, 300));
  for (const WordOrder order : kOrders) {
    const auto seen = require_same(batch, decode_by_ptx(batch, order));
    CHECK(count(seen, Status::kOk) == batch.size());
  }
  damage(batch, random);
  require_every_lane_verdict(require_same(batch, decode_by_ptx(batch, WordOrder::kContainer)));
}

TEST_CASE("ptx: the kernels for a device encode to the golden model's words", "[ptx]") {
  if (encode_module().is_skipped()) return;
  std::mt19937 random(62);
  RandomTensors tensors = random_tensors(random, 300);
  // More slabs of 32 streams than a block has threads, so that placing them takes two rounds.
  constexpr std::uint32_t kStreams = (kBlockThreads + 5) * kSlabStreams;
  const Tensor many = support::random_tensor({8, false}, {2 * kStreams}, random);
  const Code code = support::random_code(Coding::kApackTans, many.dtype, random);
  tensors.wanted.push_back({many, code, kStreams, 1});
  const std::vector<CodedTensor> want = coded_by_model(tensors);
  for (const WordOrder order : kOrders) {
    require_same_words(encode_by_ptx(tensors.wanted, order), want);
  }
}

}  // namespace transom::gpu
