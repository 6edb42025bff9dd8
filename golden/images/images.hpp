// images.hpp — sets of grey images from files, and back: .npy, idx, folders of .png.
//
// Files are foreign data: memory grows with what was read, not with what a header promised.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "transom/files/errors.hpp"
#include "transom/vae/images/image_set.hpp"

namespace transom::images {

using vae::ImageFormat;
using vae::ImageSet;

struct ReadImages {
  ImageSet set;
  ImageFormat format;
};

/// Reads a .npy or a .npz of one array, N x height x width or N x pixels of integers 0..255; an idx
/// file of bytes (MNIST's form), plain or gzipped; a folder of 8-bit grey .png, by name. Which it
/// is, the first bytes say. Throws FileError; no images are an error, too.
ReadImages read_images(const std::filesystem::path& path);

/// Writes what read_images() reads back, whole or not at all: idx gzipped if the name ends in .gz,
/// .png as 00000.png, 00001.png, .. in a folder that must be new or empty. Throws FileError, and
/// std::invalid_argument for a folder that holds something.
void write_images(const std::filesystem::path& path, const ImageSet& set, ImageFormat format);

/// The set as numpy.save writes it, of uint8.
std::vector<std::uint8_t> npy_bytes(const ImageSet& set);

}  // namespace transom::images
