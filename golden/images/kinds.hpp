// kinds.hpp — each kind of file by itself. Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "transom/images/images.hpp"

namespace transom::images {

using Bytes = std::vector<std::uint8_t>;

/// An idx file, plain or gzipped. `file` names it in errors.
ImageSet read_idx(const std::string& file, const Bytes& bytes);
bool is_gzip(const Bytes& bytes);
Bytes idx_bytes(const ImageSet& set);
Bytes gzip(const Bytes& bytes);

/// One image of height x width.
ImageSet read_png(const std::string& file, const Bytes& bytes);
Bytes png_bytes(const ImageSet& set, std::size_t image);

/// Throws FileError unless there are so many images, of so many pixels, as a set may have.
void check_size(const std::string& file, std::uint64_t n_images, std::uint64_t n_pixels);

}  // namespace transom::images
