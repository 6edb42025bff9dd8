// png.cpp — one .png of 8-bit grey, by libpng.
//
// Pixels are taken as they lie in the file: gamma and other colour chunks say how to show them, and
// do not change what is coded.
// SPDX-License-Identifier: Apache-2.0
#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <string>

#include "kinds.hpp"

namespace transom::images {
namespace {

using files::FileError;

/// What libpng's functions are given: none of them may throw through its frames.
struct Reading {
  const std::uint8_t* at;
  std::size_t left;
  std::string error = {};
};

void keep_error(png_structp png, png_const_charp text) {
  static_cast<Reading*>(png_get_error_ptr(png))->error = text;
  png_longjmp(png, 1);
}
void ignore_warning(png_structp, png_const_charp) {}
void read_bytes(png_structp png, png_bytep to, std::size_t n) {
  auto& reading = *static_cast<Reading*>(png_get_io_ptr(png));
  if (n > reading.left) png_error(png, "the file is cut");
  std::copy_n(reading.at, n, to);
  reading.at += n;
  reading.left -= n;
}

struct Png {
  explicit Png(Reading& reading)
      : png(png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, keep_error, ignore_warning)),
        info(png == nullptr ? nullptr : png_create_info_struct(png)) {
    if (info == nullptr) throw std::bad_alloc();
    png_set_read_fn(png, &reading, read_bytes);
    png_set_user_limits(png, vae::kMaxPixels, vae::kMaxPixels);
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  }
  Png(const Png&) = delete;
  Png& operator=(const Png&) = delete;
  ~Png() { png_destroy_read_struct(&png, &info, nullptr); }
  png_structp png;
  png_infop info;
};

/// A step of libpng's: whether it went well; if not, `reading` has its error. No object of this
/// frame has a destructor that a jump would leave out.
template <class Step>
bool succeeds(const Png& png, const Step& step) {
  if (setjmp(png_jmpbuf(png.png)) != 0) return false;  // NOLINT: libpng's way to end
  step();
  return true;
}

/// Empty, or why an image is none that is coded.
std::string why_not(const Png& png) {
  const int type = png_get_color_type(png.png, png.info);
  const int bits = png_get_bit_depth(png.png, png.info);
  const std::string fix = "; convert it, e.g. with `convert FILE -colorspace Gray -depth 8 FILE`";
  if (type != PNG_COLOR_TYPE_GRAY) return "it is not grey, or has an alpha" + fix;
  if (bits != 8) return "a pixel has " + std::to_string(bits) + " bits, not 8" + fix;
  if (png_get_interlace_type(png.png, png.info) != PNG_INTERLACE_NONE) {
    return "it is interlaced; save it without, e.g. with `convert FILE -interlace none FILE`";
  }
  return {};
}

}  // namespace

ImageSet read_png(const std::string& file, const Bytes& bytes) {
  Reading reading{bytes.data(), bytes.size()};
  Png png(reading);
  const auto fail = [&](const std::string& field, const std::string& what) {
    throw FileError(file, field, what);
  };
  if (!succeeds(png, [&] { png_read_info(png.png, png.info); })) {
    fail("header", reading.error + "; give a .png file");
  }
  if (const std::string why = why_not(png); !why.empty()) fail("colour", why);
  const std::uint32_t height = png_get_image_height(png.png, png.info);
  const std::uint32_t width = png_get_image_width(png.png, png.info);
  check_size(file, 1, std::uint64_t{height} * width);
  ImageSet set{{height, width}, Bytes(std::size_t{height} * width)};
  std::vector<png_bytep> rows;
  for (std::size_t y = 0; y < height; ++y) rows.push_back(set.pixels.data() + y * width);
  if (!succeeds(png, [&] {
        png_read_image(png.png, rows.data());
        png_read_end(png.png, nullptr);
      })) {
    fail("data", reading.error + "; copy the file again");
  }
  return set;
}

Bytes png_bytes(const ImageSet& set, std::size_t image) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.format = PNG_FORMAT_GRAY;
  header.width = set.shape.back();
  header.height = set.shape.size() == 1 ? 1 : set.shape.front();
  png_alloc_size_t n = PNG_IMAGE_PNG_SIZE_MAX(header);
  Bytes bytes(n);
  const auto pixels = set[image];
  if (png_image_write_to_memory(&header, bytes.data(), &n, 0, pixels.data(), 0, nullptr) == 0) {
    throw std::runtime_error(std::string("png: ") + header.message);
  }
  bytes.resize(n);
  return bytes;
}

}  // namespace transom::images
