// cuda.cu — see cuda.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/gpu/cuda.hpp"

#include "device_memory.cuh"
#include "transom/gpu/device.hpp"

namespace transom::gpu {
namespace {

/// A plan of either direction, with a workspace, ready on the default stream.
template <class Plan, class Job>
struct Prepared {
  explicit Prepared(const std::vector<Job>& jobs) : plan(jobs), workspace(plan.workspace_bytes()) {
    plan.prepare(workspace.data(), nullptr);
  }
  Plan plan;
  DeviceArray<std::byte> workspace;
};

}  // namespace

std::optional<std::string> cuda_device() {
  cudaDeviceProp properties{};
  int n_devices = 0;
  const bool there = cudaGetDeviceCount(&n_devices) == cudaSuccess && n_devices > 0 &&
                     cudaGetDeviceProperties(&properties, 0) == cudaSuccess;
  if (there) {
    try {  // whether its driver takes the kernels
      const DecodeJob nothing;
      const Prepared<DecodePlan, DecodeJob> prepared({nothing});
      return properties.name;
    } catch (const std::runtime_error&) {
    }
  }
  cudaGetLastError();  // that there is no device is no error of the next call
  return std::nullopt;
}

std::vector<Decoded> decode_on_cuda(std::span<const CodedTensor> tensors, WordOrder order) {
  const DecodeBatch batch(tensors, order);
  const DeviceArray<std::uint32_t> words(batch.words());
  const DeviceArray<StreamPlace> places(batch.places());
  DeviceArray<std::byte> values(batch.n_value_bytes());
  DeviceArray<StreamEnd> ends(batch.n_streams());
  values.fill(0xff);
  ends.fill(0xff);
  const Prepared<DecodePlan, DecodeJob> prepared(
      batch.jobs({words.data(), places.data(), values.data(), ends.data()}));
  prepared.plan.decode(nullptr);
  return batch.judge(values.download(), ends.download());
}

Decoded decode_on_cuda(const CodedTensor& tensor) {
  return std::move(decode_on_cuda(std::span(&tensor, 1)).front());
}

std::vector<CodedTensor> encode_on_cuda(std::span<const ToEncode> tensors, WordOrder order) {
  const EncodeBatch batch(tensors, order);
  const DeviceArray<std::uint32_t> tables(batch.tables());
  const DeviceArray<symbol_t> symbols(batch.symbols());
  const DeviceArray<std::byte> values(batch.values());
  const DeviceArray<StreamBits> bits(batch.n_streams());
  const DeviceArray<StreamPlace> places(batch.n_streams());
  const DeviceArray<EncodeEnd> ends(batch.n_streams());
  const DeviceArray<std::uint64_t> n_words(batch.n_tensors());
  std::vector<EncodeJob> jobs =
      batch.jobs({tables.data(), symbols.data(), values.data(), bits.data(), places.data(),
                  ends.data(), n_words.data()});
  Prepared<EncodePlan, EncodeJob>(jobs).plan.measure(nullptr);
  const std::vector<std::uint64_t> n_words_of = n_words.download();
  std::size_t n_all = 0;
  for (const std::uint64_t n : n_words_of) n_all += n;
  const DeviceArray<std::uint32_t> words(n_all);
  EncodeBatch::make_room(jobs, n_words_of, words.data());
  Prepared<EncodePlan, EncodeJob>(jobs).plan.write(nullptr);
  return batch.coded(n_words_of, places.download(), ends.download(), words.download());
}

}  // namespace transom::gpu
