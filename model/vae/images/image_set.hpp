// image_set.hpp — images of one shape, a byte for a pixel.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/base/precondition.hpp"

namespace transom::vae {

/// What a set may have: enough for any that is coded image by image, and few enough for a size in
/// 64 bits.
constexpr std::uint32_t kMaxImages = std::uint32_t{1} << 24;
constexpr std::uint32_t kMaxPixels = std::uint32_t{1} << 20;  ///< of one image

/// The kind of file that images came from, so that the same can be made of them again.
enum class ImageFormat : std::uint8_t { kNpy = 0, kIdx = 1, kPng = 2 };
constexpr std::size_t kImageFormats = 3;

struct ImageSet {
  std::vector<std::uint32_t> shape;  ///< of one image: its pixels, or height and width
  std::vector<std::uint8_t> pixels;  ///< image by image, row by row

  std::size_t n_pixels() const {
    std::size_t n = 1;
    for (const std::uint32_t length : shape) n *= length;
    return n;
  }
  std::size_t size() const { return pixels.size() / n_pixels(); }
  /// Throws for no image.
  std::span<const std::uint8_t> operator[](std::size_t i) const {
    require_range("ImageSet", "image", i, 0, size() - 1);
    return std::span(pixels).subspan(i * n_pixels(), n_pixels());
  }
  friend bool operator==(const ImageSet&, const ImageSet&) = default;
};

/// The sum of all images' CRC-32C, modulo 2^32: the same in any order.
std::uint32_t check_of(const ImageSet& images);

}  // namespace transom::vae
