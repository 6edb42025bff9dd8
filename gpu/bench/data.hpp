// data.hpp — what gpu_bench checks and times: generated tensors, and those of containers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"

namespace transom::gpu::bench {

inline constexpr double kGiga = 1e9;
inline constexpr std::uint32_t kStreamValues = 1024;  ///< of a tensor that is laid out for a GPU

/// A kind of data, and the coding that it is for.
struct Case {
  const char* name;
  Coding coding;
  DType dtype;
  double scale;  ///< of a geometric distribution of magnitudes
};
/// All cases.
std::span<const Case> cases();

/// The same draws with every standard library.
inline std::uint32_t draw(std::mt19937_64& engine) {
  return static_cast<std::uint32_t>(engine() >> 32);
}

/// n values of a case. The same for a seed with every standard library.
Tensor made_up(const Case& c, std::uint32_t n, std::uint32_t seed);

/// A code for such values, planned on some of them; every value has a frequency.
Code code_for(const Case& c, const Tensor& tensor);

/// Chunks that a thread stores at once, and streams enough for a GPU.
inline std::uint32_t group_chunk(const DType& dtype) { return dtype.bits <= 8 ? 16 : 8; }
inline std::uint32_t gpu_streams(std::size_t n_values) {
  return static_cast<std::uint32_t>(
      std::clamp<std::size_t>(n_values / kStreamValues, 1, kMaxStreams));
}

/// The tensors of a container. Throws std::runtime_error for a file that is none.
std::vector<CodedTensor> read_tensors(const std::string& path);

/// Writes the values' bytes to folder/name.bin. Throws std::runtime_error where it cannot.
void dump(const std::string& folder, const std::string& name, const Tensor& tensor);

/// Prints what differs; returns how many differences it is.
inline std::size_t report(const char* what, const std::string& name, bool good) {
  if (!good) std::printf("DIFFERS: %s of %s\n", what, name.c_str());
  return good ? 0 : 1;
}

}  // namespace transom::gpu::bench
