// images.cpp — which kind of file it is, and folders of them.
// SPDX-License-Identifier: Apache-2.0
#include "transom/images/images.hpp"

#include <algorithm>
#include <string_view>

#include "kinds.hpp"
#include "transom/files/read.hpp"
#include "transom/files/whole.hpp"
#include "transom/golden/npy.hpp"
#include "transom/golden/npz.hpp"

namespace transom::images {
namespace {

namespace fs = std::filesystem;
using files::FileError;

constexpr const char* kGive = "give a .npy, an idx file or a folder of .png";
constexpr std::size_t kNumberDigits = 5;  ///< of a .png's name, at least

bool begins(const Bytes& bytes, std::string_view with) {
  return bytes.size() >= with.size() &&
         std::equal(with.begin(), with.end(), bytes.begin(),
                    [](char c, std::uint8_t b) { return static_cast<std::uint8_t>(c) == b; });
}

ImageSet of_array(const std::string& file, const Tensor& array) {
  if (array.shape.size() != 2 && array.shape.size() != 3) {
    throw FileError(file, "shape",
                    std::to_string(array.shape.size()) +
                        " dimensions are not N x height x width or N x pixels; reshape the array");
  }
  ImageSet set;
  set.shape.assign(array.shape.begin() + 1, array.shape.end());
  std::uint64_t n_pixels = 1;
  for (const std::uint32_t length : set.shape) n_pixels *= length;
  check_size(file, array.shape.front(), n_pixels);
  set.pixels.reserve(array.values.size());
  for (const value_t pattern : array.values) {
    const std::int32_t value = array.dtype.is_float() ? -1 : to_integer(pattern, array.dtype);
    if (value < 0 || value > 255) {
      throw FileError(file, "values",
                      "pixel " + std::to_string(set.pixels.size()) + " of all is none of 0..255" +
                          (array.dtype.is_float() ? ": it is a float" : "") +
                          "; save the images as uint8");
    }
    set.pixels.push_back(static_cast<std::uint8_t>(value));
  }
  return set;
}

ImageSet read_npy(const std::string& file, const Bytes& bytes) {
  std::span<const std::uint8_t> left(bytes);
  const auto take = [&](std::uint8_t* to, std::size_t n) {
    n = std::min(n, left.size());
    std::copy_n(left.begin(), n, to);
    left = left.subspan(n);
    return n;
  };
  return of_array(file, golden::read_npy(file, bytes.size(), take).tensor);
}

ImageSet read_npz(const fs::path& path) {
  const auto arrays = golden::read_npz(path);
  if (arrays.size() != 1) {
    throw FileError(path.string(), "arrays",
                    std::to_string(arrays.size()) + " are not one; save the images as a .npy");
  }
  return of_array(path.string(), arrays.front());
}

ImageSet read_folder(const fs::path& folder) {
  std::vector<fs::path> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path());
  std::sort(names.begin(), names.end());
  check_size(folder.string(), names.size(), 1);
  ImageSet all;
  for (const fs::path& name : names) {
    if (name.extension() != ".png") {
      throw FileError(name.string(), "name", "it is no .png; keep only those in the folder");
    }
    const ImageSet one =
        read_png(name.string(), files::read_whole(name, "keep only .png files in the folder"));
    if (all.shape.empty()) all.shape = one.shape;
    if (one.shape != all.shape) {
      throw FileError(name.string(), "shape",
                      std::to_string(one.shape[0]) + " x " + std::to_string(one.shape[1]) +
                          " pixels; the first image has " + std::to_string(all.shape[0]) + " x " +
                          std::to_string(all.shape[1]) + ": make all alike");
    }
    all.pixels.insert(all.pixels.end(), one.pixels.begin(), one.pixels.end());
  }
  return all;
}

void write_folder(const fs::path& path, const ImageSet& set) {
  files::WholeFolder folder(path, [](const fs::path& there) {
    return there.string() + " is not empty; name a new folder";
  });
  const std::size_t n_digits = std::max(kNumberDigits, std::to_string(set.size() - 1).size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    const std::string number = std::to_string(i);
    folder.write(std::string(n_digits - number.size(), '0') + number + ".png", png_bytes(set, i));
  }
  folder.keep();
}

}  // namespace

void check_size(const std::string& file, std::uint64_t n_images, std::uint64_t n_pixels) {
  const auto check = [&](const char* field, std::uint64_t n, std::uint64_t most) {
    if (n == 0) throw FileError(file, field, std::string("there are none; ") + kGive);
    if (n > most) {
      throw FileError(file, field,
                      std::to_string(n) + " are more than " + std::to_string(most) +
                          "; split the images into smaller ones, or the set");
    }
  };
  check("images", n_images, vae::kMaxImages);
  check("pixels", n_pixels, vae::kMaxPixels);
}

Bytes npy_bytes(const ImageSet& set) {
  Tensor array{"", {8, false}, {static_cast<std::uint32_t>(set.size())}, {}};
  array.shape.insert(array.shape.end(), set.shape.begin(), set.shape.end());
  array.values.assign(set.pixels.begin(), set.pixels.end());
  return golden::npy_bytes(array);
}

ReadImages read_images(const fs::path& path) {
  if (fs::is_directory(path)) return {read_folder(path), ImageFormat::kPng};
  const Bytes bytes = files::read_whole(path, kGive);
  const std::string file = path.string();
  if (begins(bytes, "\x93NUMPY")) return {read_npy(file, bytes), ImageFormat::kNpy};
  if (begins(bytes, "PK")) return {read_npz(path), ImageFormat::kNpy};
  if (begins(bytes, "\x89PNG")) return {read_png(file, bytes), ImageFormat::kPng};
  return {read_idx(file, bytes), ImageFormat::kIdx};
}

void write_images(const fs::path& path, const ImageSet& set, ImageFormat format) {
  require_range("write_images", "number of images", set.size(), 1, vae::kMaxImages);
  switch (format) {
    case ImageFormat::kNpy:
      return files::write_whole(path, npy_bytes(set));
    case ImageFormat::kIdx: {
      const Bytes bytes = idx_bytes(set);
      return files::write_whole(path, path.extension() == ".gz" ? gzip(bytes) : bytes);
    }
    case ImageFormat::kPng:
      return write_folder(path, set);
  }
}

}  // namespace transom::images
