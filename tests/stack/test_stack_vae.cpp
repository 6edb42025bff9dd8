// test_stack_vae.cpp — bits-back's VAE over recorded outputs of its networks: every step, every
// word.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "npz_arrays.hpp"
#include "stack_vectors.hpp"
#include "transom/stack/bits_back.hpp"

namespace transom::stack {
namespace {

using support::NpzArrays;
using Symbols = std::vector<std::uint32_t>;

/// The networks of a recording: what they said when they were asked.
struct Recording {
  explicit Recording(const NpzArrays& npz)
      : z(npz.items<float>("z_f32")),
        mean(npz.items<float>("post_mean")),
        stdd(npz.items<float>("post_std")),
        p(npz.items<float>("obs_params")),
        n(npz.items<std::int64_t>("len_after_each").size()),
        n_latents(z.size() / n),
        n_pixels(p.size() / n) {
    const auto data = npz.items<std::uint8_t>("data");
    for (std::size_t i = 0; i < n; ++i) {
      const auto first = data.begin() + static_cast<std::ptrdiff_t>(i * n_pixels);
      images.emplace_back(first, first + static_cast<std::ptrdiff_t>(n_pixels));
    }
  }
  std::vector<MeanAndStdd<float>> recognise(const Symbols& image) const {
    const auto i =
        static_cast<std::size_t>(std::find(images.begin(), images.end(), image) - images.begin());
    REQUIRE(i < n);
    std::vector<MeanAndStdd<float>> q;
    for (std::size_t j = i * n_latents; j < (i + 1) * n_latents; ++j)
      q.push_back({mean[j], stdd[j]});
    return q;
  }
  SerialList<Table> generate(const std::vector<float>& centres, unsigned R) const {
    const auto at = std::search(z.begin(), z.end(), centres.begin(), centres.end());
    const auto i = static_cast<std::size_t>(at - z.begin()) / n_latents;
    REQUIRE(i < n);
    std::vector<Table> pixels;
    for (std::size_t j = i * n_pixels; j < (i + 1) * n_pixels; ++j) {
      const float both[] = {1 - p[j], p[j]};
      pixels.push_back(categorical(std::span<const float>(both), R, Rounding::kOneEach));
    }
    return serial(std::move(pixels));
  }

  std::vector<float> z, mean, stdd, p;
  std::size_t n, n_latents, n_pixels;
  std::vector<Symbols> images;
};

}  // namespace

TEST_CASE("bits-back: torch_vae_binary_encode_test: recorded images of a VAE, every step and word",
          "[stack]") {
  const auto folder = support::shared_folder("interop/bbans");
  if (!folder) return;
  std::size_t n_recordings = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (entry.path().extension() != ".npz") continue;
    const NpzArrays npz(entry.path());
    if (!npz.has("op_start")) continue;
    ++n_recordings;
    const auto start = npz.items<std::uint32_t>("op_start"),
               prob = npz.items<std::uint32_t>("op_prob");
    const auto precision = npz.items<std::uint8_t>("op_prec"),
               kind = npz.items<std::uint8_t>("op_kind");
    const auto length = npz.items<std::int64_t>("len_after_each");
    const auto final_flat = npz.items<std::uint32_t>("final_flat");
    const auto init = unflatten_raw<Rans64x32Full>(npz.items<std::uint32_t>("init_flat")).message;

    std::vector<support::Step> steps;
    for (std::size_t i = 0; i < start.size(); ++i) {
      steps.push_back({kind[i] != kind[0], false, {0}, {start[i]}, {prob[i]}, {precision[i]}});
    }
    support::check_steps(init, steps, unflatten_raw<Rans64x32Full>(final_flat).message);

    // The recorded steps of an image: posterior, pixels, prior.
    const Recording nets(npz);
    const unsigned R = precision[nets.n_latents];
    const VaePrecisions precisions{precision[nets.n_latents + nets.n_pixels], precision[0],
                                   Halves::kEven};
    const auto codec = vae<float>(
        nets.n_latents, [&](const Symbols& image) { return nets.recognise(image); },
        [&](const std::vector<float>& z) { return nets.generate(z, R); }, precisions);
    auto m = init;
    for (std::size_t i = 0; i < nets.n; ++i) {
      m.push(codec, nets.images[i]);
      CHECK(flatten_raw(m).size() == static_cast<std::size_t>(length[i]));
    }
    CHECK(flatten_raw(m) == final_flat);
    for (std::size_t i = nets.n; i-- > 0;) CHECK(m.pop(codec) == nets.images[i]);
    CHECK(m == init);
  }
  CHECK(n_recordings != 0);
}

}  // namespace transom::stack
