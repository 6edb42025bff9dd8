// host.cpp — see host.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/gpu/host.hpp"

#include <memory>

namespace transom::gpu {
namespace {

/// 16 bytes at a multiple of 16, as tensors' values are on a device.
struct alignas(16) Block {
  std::byte bytes[16];
};
std::vector<Block> blocks_for(std::size_t n_bytes) {
  return std::vector<Block>((n_bytes + 15) / 16);
}
std::byte* bytes_of(std::vector<Block>& blocks) {
  return reinterpret_cast<std::byte*>(blocks.data());
}

[[noreturn]] void refuse_kernel(std::string_view function, unsigned coder) {
  refuse(function, "coder of a job", coder, "must be one that there is a kernel for");
}

template <class Run>
void for_each_stream(const StreamLayout& layout, Run&& run) {
  for (std::uint32_t s = 0; s < layout.n_streams; ++s) run(s);
}

}  // namespace

void decode_on_host(std::span<const DecodeJob> jobs) {
  for (const DecodeJob& job : jobs) {
    const bool known = visit_decoder(job, [&]<class Thread, class T>() {
      for_each_stream(job.layout, [&](std::uint32_t s) {
        decode_thread<Thread, T>(job, {job.table, job.rows, job.sizes}, s);
      });
    });
    if (!known) refuse_kernel("decode_on_host", static_cast<unsigned>(job.coder));
  }
}

void measure_on_host(std::span<const EncodeJob> jobs) {
  for (const EncodeJob& job : jobs) {
    const bool known = visit_encoder(job, [&]<class Coder, class T>() {
      for_each_stream(job.layout, [&](std::uint32_t s) { measure_thread<Coder, T>(job, s); });
    });
    if (!known) refuse_kernel("measure_on_host", static_cast<unsigned>(job.coder));
    std::uint64_t n_words = 0;
    for (std::uint32_t slab = 0; slab < n_slabs(job.layout); ++slab) {
      n_words += place_slab(job, slab, n_words);
    }
    *job.n_words = n_words;
  }
}

void write_on_host(std::span<const EncodeJob> jobs) {
  for (const EncodeJob& job : jobs) {
    const bool known = visit_encoder(job, [&]<class Coder, class T>() {
      for_each_stream(job.layout, [&](std::uint32_t s) { write_thread<Coder, T>(job, s); });
    });
    if (!known) refuse_kernel("write_on_host", static_cast<unsigned>(job.coder));
  }
}

std::vector<Decoded> decode_by_kernels(std::span<const CodedTensor> tensors, WordOrder order) {
  const DecodeBatch batch(tensors, order);
  std::vector<Block> values = blocks_for(batch.n_value_bytes());
  std::vector<StreamEnd> ends(batch.n_streams());
  decode_on_host(
      batch.jobs({batch.words().data(), batch.places().data(), bytes_of(values), ends.data()}));
  return batch.judge({bytes_of(values), batch.n_value_bytes()}, ends);
}

Decoded decode_by_kernels(const CodedTensor& tensor) {
  return std::move(decode_by_kernels(std::span(&tensor, 1)).front());
}

std::vector<CodedTensor> encode_by_kernels(std::span<const ToEncode> tensors, WordOrder order) {
  const EncodeBatch batch(tensors, order);
  std::vector<Block> values = blocks_for(batch.values().size());
  std::copy(batch.values().begin(), batch.values().end(), bytes_of(values));
  std::vector<StreamBits> bits(batch.n_streams());
  std::vector<StreamPlace> places(batch.n_streams());
  std::vector<EncodeEnd> ends(batch.n_streams());
  std::vector<std::uint64_t> n_words(batch.n_tensors());
  std::vector<EncodeJob> jobs =
      batch.jobs({batch.tables().data(), batch.symbols().data(), bytes_of(values), bits.data(),
                  places.data(), ends.data(), n_words.data()});
  measure_on_host(jobs);
  std::uint64_t n_all = 0;
  for (const std::uint64_t n : n_words) n_all += n;
  std::vector<std::uint32_t> words(n_all);
  EncodeBatch::make_room(jobs, n_words, words.data());
  write_on_host(jobs);
  return batch.coded(n_words, places, ends, words);
}

}  // namespace transom::gpu
