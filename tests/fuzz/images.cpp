// images.cpp — any bytes as an idx file, a .png or a file of coded images; what is read is written
// and read again.
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.hpp"
#include "transom/images/kinds.hpp"
#include "transom/vae/images/image_file.hpp"

using namespace transom;

namespace {

void try_coded(std::span<const std::uint8_t> bytes) {
  const vae::ReadImageFile read = vae::read_image_file(bytes);
  if (!read.error.empty()) return;
  const auto again = vae::write_image_file(read.coded);
  fuzz::claim(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()),
              "coded images have one form");
}

void try_images(const images::Bytes& bytes, bool png) {
  try {
    const auto set = png ? images::read_png("input", bytes) : images::read_idx("input", bytes);
    fuzz::claim(set.size() * set.n_pixels() == set.pixels.size(),
                "the shape is that of the pixels");
    const auto again = png ? images::read_png("input", images::png_bytes(set, 0))
                           : images::read_idx("input", images::gzip(images::idx_bytes(set)));
    fuzz::claim(again == set, "what is written of images is the images");
  } catch (const files::FileError&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  fuzz::Input in(data, n);
  const unsigned kind = in.below(3);
  const auto rest = in.rest();
  if (kind == 2) {
    try_coded(rest);
  } else {
    try_images({rest.begin(), rest.end()}, kind == 1);
  }
  return 0;
}
