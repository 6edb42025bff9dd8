// platform.cpp — see platform.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/real/platform.hpp"

#include <bit>
#include <cfloat>
#include <cmath>
#if defined(__GLIBC__)
#include <gnu/libc-version.h>
#endif

#include "transom/container/container_bytes.hpp"
#include "transom/stack/flatten.hpp"
#include "transom/stack/special.hpp"
#include "transom/vae/real/real_networks.hpp"

#if defined(__FAST_MATH__)
#error "vae/real: -ffast-math adds in any order; a file is to be decoded by the build that wrote it"
#endif

namespace transom::vae {
namespace {

constexpr unsigned kFunctionProbes = 1024, kImageProbes = 2;
constexpr unsigned kMiddleProbe = kFunctionProbes / 2;

/// Numbers by their bits, and words.
class Digest {
 public:
  void add(double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    bytes_.u32(static_cast<std::uint32_t>(bits));
    bytes_.u32(static_cast<std::uint32_t>(bits >> 32));
  }
  void add(std::span<const double> numbers) {
    for (const double number : numbers) add(number);
  }
  void add(const stack::Words& words) { bytes_.words(words); }
  std::uint32_t crc() const { return bytes_.crc(0); }

 private:
  layout::ByteWriter bytes_;
};

/// What the distributions are made with, at arguments that they have.
void add_functions(Digest& digest) {
  for (unsigned i = 0; i < kFunctionProbes; ++i) {
    const double x = (static_cast<double>(i) - kMiddleProbe) / 51;  // -10.04 .. 10.02
    const unsigned value = i / 4;                                   // of a pixel
    digest.add(std::exp2(x));
    digest.add(stack::normal_cdf(x));
    digest.add(stack::logistic_cdf(x));
    digest.add(stack::log_beta(value + std::exp2(x), 255 - value + std::exp2(-x)));
  }
}

/// A number of 32 bits after the other, the high half of a linear congruential generator's.
class Probe {
 public:
  std::uint32_t operator()() {
    state_ = state_ * 6364136223846793005 + 1442695040888963407;
    return static_cast<std::uint32_t>(state_ >> 32);
  }

 private:
  std::uint64_t state_ = 1;
};

}  // namespace

std::uint32_t fingerprint(const RealModel& model) {
  Digest digest;
  add_functions(digest);
  RealNetworks networks(model);
  RealCoder coder(model);
  const auto& p = model.parameters();
  Probe probe;
  const std::size_t n_bits = model.particles() * model.latents() * p.latent_bits;
  auto m = stack::random_message(1, n_bits / 32 + 8, probe);
  std::vector<std::uint8_t> image(model.pixels());
  std::vector<std::uint16_t> z(model.latents());
  for (unsigned i = 0; i < kImageProbes; ++i) {
    for (std::uint8_t& v : image) {
      const std::uint32_t one = probe(), other = probe();
      v = static_cast<std::uint8_t>(one & other & model.largest_pixel());
    }
    for (std::uint16_t& bin : z) bin = static_cast<std::uint16_t>(probe() >> (32 - p.prior_bits));
    networks.recognise(image);
    digest.add(networks.numbers());
    networks.generate(0, z);
    digest.add(networks.numbers());
    auto with = m;
    coder.push(with, image);
    digest.add(stack::flatten(std::move(with)));
  }
  return digest.crc();
}

std::string platform_name() {
#if defined(__x86_64__)
  std::string name = __builtin_cpu_supports("fma") ? "x86_64 with fma" : "x86_64";
#elif defined(__aarch64__)
  std::string name = "aarch64";
#elif defined(__s390x__)
  std::string name = "s390x";
#else
  std::string name = "another processor";
#endif
#if defined(__clang__)
  name += ", clang++ " + std::to_string(__clang_major__) + '.' + std::to_string(__clang_minor__);
#else
  name += ", g++ " + std::to_string(__GNUC__) + '.' + std::to_string(__GNUC_MINOR__);
#endif
#if defined(__GLIBC__)
  name += std::string(", glibc ") + gnu_get_libc_version();
#endif
  return name + ", FLT_EVAL_METHOD " + std::to_string(FLT_EVAL_METHOD) + ", no contraction";
}

}  // namespace transom::vae
