// shared.cpp — see shared.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "shared.hpp"

#include <array>

#include "transom/files/read.hpp"

namespace transom::cli::bbans {
namespace {

constexpr std::uint64_t kMaxModelBytes = std::uint64_t{1} << 30;
constexpr std::array<const char*, vae::kImageFormats> kFormats{"npy", "idx", "png"};

vae::Model read_model(const std::string& name, std::span<const std::uint8_t> bytes) {
  vae::ReadModel read = vae::read_model(bytes);
  if (read.status == Status::kOk) return *read.model;
  throw golden::DataError(name + ": " + read.what +
                          "; give a model that `python3 -m transom.bbans quantise` wrote");
}

}  // namespace

void add_model(App& app, std::string& model) {
  app.add_option("--model", model,
                 "a model file, or digits: the one in the program, for 8 x 8 images of 0 and 1")
      ->capture_default_str();
}

vae::Model load_model(const std::string& name) {
  if (name == kEmbedded) return read_model(name, digits_model());
  return read_model(name, files::read_whole(name, "give a model file, or digits", kMaxModelBytes));
}

vae::CodedImages read_coded(const std::string& file) {
  const auto bytes = files::read_whole(file, "give what `transom bbans encode` wrote");
  vae::ReadImageFile read = vae::read_image_file(bytes);
  if (!read.error.empty()) throw golden::DataError(file + ": " + read.error);
  return std::move(read.coded);
}

void check_model(const std::string& file, const vae::CodedImages& coded, const std::string& name,
                 const vae::Model& model) {
  if (coded.model == model.digest() && coded.n_pixels() == model.pixels()) return;
  throw golden::DataError(file + ": model: it was coded with that of digest " +
                          std::to_string(coded.model) + ", " + name + " has " +
                          std::to_string(model.digest()) + "; give --model the one of encoding");
}

void check_message(const std::string& file, Status status) {
  if (status == Status::kOk) return;
  throw golden::DataError(file + ": message: " + std::string(status_name(status)) +
                          "; the file is damaged, encode the images again");
}

std::string shape_text(const std::vector<std::uint32_t>& shape) {
  std::string text = std::to_string(shape.front());
  if (shape.size() == 2) text += " x " + std::to_string(shape.back());
  return text;
}

std::string format_name(vae::ImageFormat format) {
  return kFormats[static_cast<std::size_t>(format)];
}

ImageProgress::ImageProgress(const std::string& what, std::size_t n_images)
    : progress_(what, n_images), n_images_(n_images) {}

double ImageProgress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void ImageProgress::at(std::size_t n_done) {
  constexpr std::size_t kEvery = 64;
  if (n_done % kEvery != 0) return;
  const double rate = static_cast<double>(n_done) / seconds();
  const double left = static_cast<double>(n_images_ - std::min(n_done, n_images_)) / rate;
  progress_.at(n_done, fixed(rate, 0) + " images/s, " + fixed(left, 0) + " s left");
}

json compare_with_others(const vae::ImageSet& images) {
  const std::string answer = ask_python("bbans", {"compare"}, images::npy_bytes(images));
  return json::parse(answer);
}

}  // namespace transom::cli::bbans
