// cuda_decoder.cu — the kernel on a device: upload, launch, download.
//
// Rows and table go to shared memory where they fit into what every block gets without asking
// (table log up to 13 for tANS); larger ones are read through the caches.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "transom/gpu/batch.hpp"
#include "transom/gpu/gpu_decoder.hpp"

namespace transom::gpu {
namespace {

constexpr std::size_t kSharedBytes = 48 * 1024;

void check(cudaError_t error, const char* call) {
  if (error == cudaSuccess) return;
  cudaGetLastError();  // not sticky: the next call starts clean
  throw std::runtime_error(std::string(call) + ": " + cudaGetErrorString(error));
}

/// n elements in device memory.
template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(std::size_t n) : n_(n) {
    // At least a byte: no call below then sees a null pointer.
    check(cudaMalloc(&data_, std::max(n_bytes(), std::size_t{1})), "cudaMalloc");
  }
  explicit DeviceArray(const std::vector<T>& host) : DeviceArray(host.size()) {
    check(cudaMemcpy(data_, host.data(), n_bytes(), cudaMemcpyHostToDevice),
          "cudaMemcpy to the device");
  }
  DeviceArray(DeviceArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), n_(other.n_) {}
  DeviceArray& operator=(DeviceArray&&) = delete;
  ~DeviceArray() { cudaFree(data_); }

  T* data() const { return data_; }
  std::size_t n_bytes() const { return n_ * sizeof(T); }
  /// Sets every byte, so that what a kernel leaves unwritten is seen.
  void fill(int byte) { check(cudaMemset(data_, byte, n_bytes()), "cudaMemset"); }
  std::vector<T> download() const {
    std::vector<T> host(n_);
    check(cudaMemcpy(host.data(), data_, n_bytes(), cudaMemcpyDeviceToHost),
          "cudaMemcpy to the host");
    return host;
  }

 private:
  T* data_ = nullptr;
  std::size_t n_;
};

class Event {
 public:
  Event() { check(cudaEventCreate(&event_), "cudaEventCreate"); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { cudaEventDestroy(event_); }

  void record() { check(cudaEventRecord(event_), "cudaEventRecord"); }
  double seconds_since(const Event& start) const {
    check(cudaEventSynchronize(event_), "cudaEventSynchronize");
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, start.event_, event_), "cudaEventElapsedTime");
    return double{milliseconds} / 1000;
  }

 private:
  cudaEvent_t event_ = nullptr;
};

/// @param n_shared words of shared memory that the launch has for lookup words
template <class Decoder>
__global__ void __launch_bounds__(kBlockThreads)
    decode_kernel(const KernelMemory memory, const std::uint32_t n_shared) {
  extern __shared__ std::uint32_t shared[];
  const KernelJob& job = memory.jobs[memory.blocks[blockIdx.x].job];
  const std::uint32_t* lookup = memory.words + job.lookup;
  if (job.n_lookup > n_shared) {
    decode_thread<Decoder>(memory, lookup, blockIdx.x, threadIdx.x);
    return;
  }
  for (std::uint32_t i = threadIdx.x; i < job.n_lookup; i += kBlockThreads) shared[i] = lookup[i];
  __syncthreads();
  decode_thread<Decoder>(memory, shared, blockIdx.x, threadIdx.x);
}

}  // namespace

struct CudaBatch::Impl {
  explicit Impl(std::span<const CodedTensor> all)
      : tensors(all),
        batch(all),
        words(batch.words),
        streams(batch.streams),
        jobs(batch.jobs),
        values(batch.n_values),
        statuses(batch.n_streams) {
    for (const auto& coder_blocks : batch.blocks) blocks.emplace_back(coder_blocks);
    values.fill(0xff);
    statuses.fill(0xff);
  }

  /// Words of shared memory that the jobs of one coder can use.
  std::uint32_t shared_words(KernelCoder coder) const {
    std::uint32_t most = 0;
    for (const KernelBlock& block : batch.blocks_of(coder)) {
      const std::uint32_t n = batch.jobs[block.job].n_lookup;
      if (n * sizeof(std::uint32_t) <= kSharedBytes) most = std::max(most, n);
    }
    return most;
  }

  template <class Decoder>
  void launch(KernelCoder coder) {
    const auto n_blocks = static_cast<unsigned>(batch.blocks_of(coder).size());
    if (n_blocks == 0) return;
    const KernelMemory memory{words.data(),  streams.data(),
                              values.data(), statuses.data(),
                              jobs.data(),   blocks[static_cast<std::size_t>(coder)].data()};
    const std::uint32_t n_shared = shared[static_cast<std::size_t>(coder)];
    decode_kernel<Decoder>
        <<<n_blocks, kBlockThreads, n_shared * sizeof(std::uint32_t)>>>(memory, n_shared);
    check(cudaGetLastError(), "decode_kernel launch");
  }

  std::span<const CodedTensor> tensors;
  Batch batch;
  DeviceArray<std::uint32_t> words;
  DeviceArray<std::uint64_t> streams;
  DeviceArray<KernelJob> jobs;
  std::vector<DeviceArray<KernelBlock>> blocks;  ///< one per KernelCoder
  DeviceArray<value_t> values;
  DeviceArray<Status> statuses;
  std::array<std::uint32_t, kKernelCoders> shared{
      shared_words(KernelCoder::kTans), shared_words(KernelCoder::kRans),
      shared_words(KernelCoder::kArith), shared_words(KernelCoder::kTansPair),
      shared_words(KernelCoder::kNrans)};
  Event start, stop;
};

CudaBatch::CudaBatch(std::span<const CodedTensor> tensors)
    : impl_(std::make_unique<Impl>(tensors)) {}
CudaBatch::~CudaBatch() = default;
CudaBatch::CudaBatch(CudaBatch&&) noexcept = default;
CudaBatch& CudaBatch::operator=(CudaBatch&&) noexcept = default;

double CudaBatch::decode() {
  impl_->start.record();
  for_each_kernel_coder([&]<class Decoder>(KernelCoder coder) { impl_->launch<Decoder>(coder); });
  impl_->stop.record();
  return impl_->stop.seconds_since(impl_->start);
}

std::vector<Decoded> CudaBatch::results() const {
  return judge_batch(impl_->tensors, impl_->batch, impl_->values.download(),
                     impl_->statuses.download());
}

std::size_t CudaBatch::bytes_in() const {
  return impl_->words.n_bytes() + impl_->streams.n_bytes() + impl_->jobs.n_bytes();
}
std::size_t CudaBatch::bytes_out() const {
  return impl_->values.n_bytes() + impl_->statuses.n_bytes();
}

Decoded decode_on_cuda(const CodedTensor& tensor) {
  CudaBatch batch(std::span(&tensor, 1));
  batch.decode();
  return std::move(batch.results().front());
}

std::optional<std::string> cuda_device() {
  cudaDeviceProp properties{};
  cudaFuncAttributes kernel{};
  int n_devices = 0;
  const bool usable = cudaGetDeviceCount(&n_devices) == cudaSuccess && n_devices > 0 &&
                      cudaGetDeviceProperties(&properties, 0) == cudaSuccess &&
                      cudaFuncGetAttributes(&kernel, decode_kernel<TansDecoder>) == cudaSuccess;
  if (usable) return properties.name;
  cudaGetLastError();  // that there is no device is no error of the next call
  return std::nullopt;
}

double cuda_copy_seconds(std::size_t n_bytes) {
  DeviceArray<std::uint8_t> from(n_bytes), to(n_bytes);
  from.fill(0x5a);
  Event start, stop;
  start.record();
  check(cudaMemcpyAsync(to.data(), from.data(), n_bytes, cudaMemcpyDeviceToDevice),
        "cudaMemcpyAsync on the device");
  stop.record();
  return stop.seconds_since(start);
}

}  // namespace transom::gpu
