// image_file.hpp — coded images as bytes: model/vae/images/README.md.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "transom/stack/message.hpp"
#include "transom/vae/images/image_set.hpp"

namespace transom::vae {

/// Of a file that a model of real numbers coded: where it decodes, and whether it did.
struct FloatingPoint {
  std::uint32_t fingerprint = 0;   ///< vae::fingerprint() of the model where it was coded
  std::string platform;            ///< its name there: printable ASCII, 1..kMaxPlatformBytes
  std::uint32_t images_check = 0;  ///< check_of() the images

  friend bool operator==(const FloatingPoint&, const FloatingPoint&) = default;
};
inline constexpr std::size_t kMaxPlatformBytes = 96;

struct CodedImages {
  std::uint32_t model = 0;                 ///< Model::digest()
  ImageFormat format = ImageFormat::kNpy;  ///< what the images came from
  bool multiset = false;                   ///< their order is not kept
  std::uint32_t n_images = 0;
  std::vector<std::uint32_t> shape;             ///< of one, as ImageSet's
  std::uint32_t n_plain = 0;                    ///< the last images, coded without the model
  std::uint64_t n_carried = 0;                  ///< bytes of other data, below all images
  std::optional<FloatingPoint> floating_point;  ///< none: a model of integers coded them
  stack::Words words;                           ///< stack::flatten()

  std::uint64_t n_pixels() const { return ImageSet{shape, {}}.n_pixels(); }
  friend bool operator==(const CodedImages&, const CodedImages&) = default;
};

/// Throws for what read_image_file() would refuse.
std::vector<std::uint8_t> write_image_file(const CodedImages& coded);

struct ReadImageFile {
  std::string error;  ///< "field: what; fix"; empty: there is none
  CodedImages coded;
};
ReadImageFile read_image_file(std::span<const std::uint8_t> bytes);

}  // namespace transom::vae
