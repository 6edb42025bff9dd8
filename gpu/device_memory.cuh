// device_memory.cuh — CUDA's calls with their errors, and memory that is given back.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace transom::gpu {

/// Throws std::runtime_error naming the call, if it failed.
inline void check(cudaError_t error, const char* call) {
  if (error == cudaSuccess) return;
  cudaGetLastError();  // not sticky: the next call starts clean
  throw std::runtime_error(std::string(call) + ": " + cudaGetErrorString(error));
}

/// n elements in device memory, at a multiple of 256 bytes.
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

/// Bytes of pinned host memory.
class PinnedBytes {
 public:
  explicit PinnedBytes(std::size_t n) {
    check(cudaMallocHost(&data_, std::max(n, std::size_t{1})), "cudaMallocHost");
  }
  PinnedBytes(PinnedBytes&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
  PinnedBytes& operator=(PinnedBytes&& other) noexcept {
    std::swap(data_, other.data_);
    return *this;
  }
  ~PinnedBytes() { cudaFreeHost(data_); }

  std::byte* data() const { return static_cast<std::byte*>(data_); }

 private:
  void* data_ = nullptr;
};

/// A point on a stream's time.
class Event {
 public:
  Event() { check(cudaEventCreate(&event_), "cudaEventCreate"); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { cudaEventDestroy(event_); }

  void record(cudaStream_t stream = nullptr) {
    check(cudaEventRecord(event_, stream), "cudaEventRecord");
  }
  double seconds_since(const Event& start) const {
    check(cudaEventSynchronize(event_), "cudaEventSynchronize");
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, start.event_, event_), "cudaEventElapsedTime");
    return double{milliseconds} / 1000;
  }

 private:
  cudaEvent_t event_ = nullptr;
};

}  // namespace transom::gpu
