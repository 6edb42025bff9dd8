// test_images.cpp — images.hpp: idx, .npy and .png, whole, cut, flipped and forged.
// SPDX-License-Identifier: Apache-2.0
#include "transom/images/images.hpp"

#include <catch2/catch.hpp>

#include "trace_files.hpp"
#include "transom/base/crc32.hpp"

namespace transom {
using namespace golden;
namespace {

using images::ImageFormat;
using images::ImageSet;
using support::Bytes;
using support::TempFolder;

/// What read_images() says of a file, empty if it is fine.
std::string image_error(const support::fs::path& path) {
  try {
    images::read_images(path);
    return "";
  } catch (const files::FileError& error) {
    return error.what();
  }
}

ImageSet some_images(std::vector<std::uint32_t> shape, std::size_t n) {
  ImageSet set{std::move(shape), {}};
  for (std::size_t i = 0; i < n * set.n_pixels(); ++i) {
    set.pixels.push_back(static_cast<std::uint8_t>(i * i + i / 7));
  }
  return set;
}

void put_big(Bytes& to, std::uint32_t number) {
  for (const unsigned shift : {24u, 16u, 8u, 0u}) {
    to.push_back(static_cast<std::uint8_t>(number >> shift));
  }
}
Bytes idx_header(std::uint32_t magic, std::initializer_list<std::uint32_t> lengths) {
  Bytes bytes;
  put_big(bytes, magic);
  for (const std::uint32_t length : lengths) put_big(bytes, length);
  return bytes;
}

Bytes bytes_of(const support::fs::path& path) {
  const std::string text = support::read_text(path);
  return {text.begin(), text.end()};
}

/// A .png up to its first byte of data.
Bytes png_start(std::uint32_t width, std::uint32_t height,
                std::initializer_list<std::uint8_t> kind) {
  Bytes bytes{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  const auto chunk = [&](const std::string& name, const Bytes& data) {
    put_big(bytes, static_cast<std::uint32_t>(data.size()));
    Bytes with_name(name.begin(), name.end());
    with_name.insert(with_name.end(), data.begin(), data.end());
    bytes.insert(bytes.end(), with_name.begin(), with_name.end());
    put_big(bytes, crc32(with_name));
  };
  Bytes header;
  put_big(header, width);
  put_big(header, height);
  header.insert(header.end(), kind);  // depth, colour, compression, filter, interlace
  chunk("IHDR", header);
  if (*(kind.begin() + 1) == 3) chunk("PLTE", Bytes(6));
  chunk("IDAT", Bytes(4));
  return bytes;
}

TEST_CASE("images: every format gives back what it was given") {
  const TempFolder folder;
  for (const auto& shape : {std::vector<std::uint32_t>{28, 20}, {8, 8}, {1, 1}, {300, 1}, {17}}) {
    for (const std::size_t n : {1u, 3u, 40u}) {
      const ImageSet set = some_images(shape, n);
      for (const char* name : {"a.npy", "a.idx", "a.idx.gz"}) {
        const auto format = std::string(name) == "a.npy" ? ImageFormat::kNpy : ImageFormat::kIdx;
        images::write_images(folder / name, set, format);
        const auto read = images::read_images(folder / name);
        CHECK(read.set == set);
        CHECK(read.format == format);
      }
      const auto pngs = folder / ("png" + std::to_string(n) + "x" + std::to_string(set.n_pixels()));
      images::write_images(pngs, set, ImageFormat::kPng);
      const auto read = images::read_images(pngs);
      CHECK(read.set.pixels == set.pixels);
      CHECK(read.format == ImageFormat::kPng);
      CHECK_THROWS_AS(images::write_images(pngs, set, ImageFormat::kPng), std::invalid_argument);
    }
  }
}

TEST_CASE("images: idx files that are cut, forged or of another kind are refused by name") {
  const TempFolder folder;
  const auto error = [&](const Bytes& bytes) {
    support::rewrite(folder / "a.idx", bytes);
    return image_error(folder / "a.idx");
  };
  using Catch::Contains;
  CHECK_THAT(error({}), Contains("magic: the file is cut"));
  CHECK_THAT(error(idx_header(0x0801, {10})),
             Contains("give the file of images, not that of labels"));
  CHECK_THAT(error(idx_header(0x0804, {1, 1, 1, 3})), Contains("give a file of grey images"));
  CHECK_THAT(error(idx_header(0x0d03, {1, 1, 1})), Contains("type: items of idx type 13"));
  CHECK_THAT(error(idx_header(0x01020304, {})), Contains("this is no idx file"));
  CHECK_THAT(error(idx_header(0x0803, {0, 28, 28})), Contains("images: there are none"));
  CHECK_THAT(error(idx_header(0x0803, {1, 0, 28})), Contains("pixels: there are none"));
  CHECK_THAT(error(idx_header(0x0803, {0xffffffff, 1, 1})),
             Contains("images: 4294967295 are more"));
  CHECK_THAT(error(idx_header(0x0803, {1, 0xffffffff, 0xffffffff})), Contains("pixels: "));
  // Claims 16 TiB: refused when the file ends, not when memory does.
  CHECK_THAT(error(idx_header(0x0803, {1 << 24, 1024, 1024})), Contains("pixels: the file is cut"));
  Bytes longer = idx_header(0x0803, {1, 1, 1});
  longer.insert(longer.end(), {5, 6});
  CHECK_THAT(error(longer), Contains("bytes follow"));
}

TEST_CASE("images: every cut of a gzipped idx file is an error, a flipped byte that or nothing") {
  const TempFolder folder;
  const ImageSet set = some_images({5, 4}, 9);
  images::write_images(folder / "a.gz", set, ImageFormat::kIdx);
  const Bytes whole = bytes_of(folder / "a.gz");
  REQUIRE(image_error(folder / "a.gz").empty());
  std::size_t n_unseen = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    support::rewrite(folder / "b.gz", Bytes(whole.begin(), whole.begin() + static_cast<long>(i)));
    CHECK_FALSE(image_error(folder / "b.gz").empty());
    Bytes flipped = whole;
    flipped[i] ^= 0x10;
    support::rewrite(folder / "b.gz", flipped);
    if (!image_error(folder / "b.gz").empty()) continue;
    ++n_unseen;
    CHECK(images::read_images(folder / "b.gz").set == set);
  }
  // Time, system and flags of the header (RFC 1952, section 2.3), bits behind the last block.
  CHECK(n_unseen <= 7);
}

TEST_CASE("images: .png that are not 8-bit grey, cut or flipped are refused with the fix") {
  const TempFolder folder;
  using Catch::Contains;
  const auto error = [&](const Bytes& bytes) {
    support::rewrite(folder / "a.png", bytes);
    return image_error(folder / "a.png");
  };
  CHECK_THAT(error(png_start(2, 2, {8, 2, 0, 0, 0})), Contains("-colorspace Gray"));
  CHECK_THAT(error(png_start(2, 2, {8, 3, 0, 0, 0})), Contains("-colorspace Gray"));
  CHECK_THAT(error(png_start(2, 2, {8, 4, 0, 0, 0})), Contains("alpha"));
  CHECK_THAT(error(png_start(2, 2, {16, 0, 0, 0, 0})), Contains("16 bits, not 8"));
  CHECK_THAT(error(png_start(2, 2, {1, 0, 0, 0, 0})), Contains("1 bits, not 8"));
  CHECK_THAT(error(png_start(2, 2, {8, 0, 0, 0, 1})), Contains("-interlace none"));
  CHECK_THAT(error(png_start(1 << 16, 1 << 16, {8, 0, 0, 0, 0})), Contains("pixels: 4294967296"));
  CHECK_THAT(error(png_start(1 << 30, 1, {8, 0, 0, 0, 0})), Contains("header: "));
  CHECK_THAT(error(png_start(2, 2, {8, 0, 0, 0, 0})), Contains("data: "));

  images::write_images(folder / "set", some_images({6, 5}, 1), ImageFormat::kPng);
  const Bytes whole = bytes_of(folder / "set" / "00000.png");
  const auto image = images::read_images(folder / "set").set;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CHECK_FALSE(error(Bytes(whole.begin(), whole.begin() + static_cast<long>(i))).empty());
    Bytes flipped = whole;
    flipped[i] ^= 0x20;
    // A chunk that becomes another's name is left out, if it may be.
    if (error(flipped).empty()) CHECK(images::read_images(folder / "a.png").set == image);
  }
}

TEST_CASE("images: folders with other files or other shapes are refused by the file's name") {
  const TempFolder folder;
  using Catch::Contains;
  const auto set = folder / "set";
  support::fs::create_directory(set);
  CHECK_THAT(image_error(set), Contains("images: there are none"));
  images::write_images(folder / "one", some_images({6, 5}, 2), ImageFormat::kPng);
  images::write_images(folder / "two", some_images({5, 6}, 1), ImageFormat::kPng);
  support::fs::copy(folder / "two" / "00000.png", folder / "one" / "99999.png");
  CHECK_THAT(image_error(folder / "one"), Contains("99999.png: shape: 5 x 6 pixels"));
  support::fs::remove(folder / "one" / "99999.png");
  CHECK(image_error(folder / "one").empty());
  support::write_text(folder / "one" / "notes.txt", "");
  CHECK_THAT(image_error(folder / "one"), Contains("notes.txt: name: it is no .png"));
}

TEST_CASE("images: arrays of other shapes, other values and no images are refused") {
  const TempFolder folder;
  using Catch::Contains;
  const auto error = [&](const Tensor& array) {
    write_npy(folder / "a.npy", array);
    return image_error(folder / "a.npy");
  };
  CHECK(error({"", {8, true}, {1, 2}, {0, 127}}).empty());
  CHECK(error({"", {16, false}, {1, 2}, {0, 255}}).empty());
  CHECK_THAT(error({"", {8, false}, {4}, {0, 0, 0, 0}}), Contains("shape: 1 dimensions"));
  CHECK_THAT(error({"", {8, false}, {1, 1, 1, 1}, {0}}), Contains("shape: 4 dimensions"));
  CHECK_THAT(error({"", {8, false}, {0, 4}, {}}), Contains("images: there are none"));
  CHECK_THAT(error({"", {8, true}, {1, 2}, {0, 0xff}}),
             Contains("pixel 1 of all is none of 0..255"));
  CHECK_THAT(error({"", {16, false}, {1, 2}, {256, 0}}),
             Contains("pixel 0 of all is none of 0..255"));
  CHECK_THAT(error({"", *find_dtype("fp16"), {1, 2}, {0, 0}}), Contains("it is a float"));
}

}  // namespace
}  // namespace transom
