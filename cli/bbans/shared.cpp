// shared.cpp — see shared.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "shared.hpp"

#include <array>
#include <cstdio>

#include "transom/files/read.hpp"

namespace transom::cli::bbans {
namespace {

constexpr std::uint64_t kMaxModelBytes = std::uint64_t{1} << 30;
constexpr std::array<const char*, vae::kImageFormats> kFormats{"npy", "idx", "png"};

/// The model that was read. Throws DataError for none, with the verb that writes such.
template <class M>
M checked(const std::string& name, const vae::ReadModelOf<M>& read, const std::string& verb) {
  if (read.model) return *read.model;
  throw golden::DataError(name + ": " + read.what +
                          "; give a model that `python3 -m transom.bbans " + verb + "` wrote");
}

}  // namespace

void add_model(App& app, std::string& model) {
  app.add_option("--model", model,
                 "a model file, or one in the program, of 8 x 8 images: digits, of 0 and 1, or "
                 "grey-digits, of 0..16")
      ->capture_default_str();
}

AnyModel load_model(const std::string& name) {
  for (const EmbeddedModel& model : embedded_models()) {
    if (name == model.name) return checked(name, vae::read_model(model.bytes), "quantise");
  }
  const auto bytes =
      files::read_whole(name, "give a model file, digits or grey-digits", kMaxModelBytes);
  if (vae::is_real_model(bytes)) return checked(name, vae::read_real_model(bytes), "real");
  return checked(name, vae::read_model(bytes), "quantise");
}

vae::CodedImages read_coded(const std::string& file) {
  const auto bytes = files::read_whole(file, "give what `transom bbans encode` wrote");
  vae::ReadImageFile read = vae::read_image_file(bytes);
  if (!read.error.empty()) throw golden::DataError(file + ": " + read.error);
  return std::move(read.coded);
}

void check_model(const std::string& file, const vae::CodedImages& coded, const std::string& name,
                 const AnyModel& model) {
  const auto refuse = [&](const std::string& coded_in, const std::string& is) {
    throw golden::DataError(file + ": model: it was coded " + coded_in + ", " + name + ' ' + is +
                            "; give --model the one of encoding");
  };
  const bool real = coded.floating_point.has_value();
  if (real && !is_real(model)) refuse("in floating point", "is of integers");
  if (!real && is_real(model)) refuse("in integers", "is of real numbers");
  std::visit(
      [&](const auto& m) {
        if (coded.model == m.digest() && coded.n_pixels() == m.pixels()) return;
        refuse("with that of digest " + std::to_string(coded.model),
               "has " + std::to_string(m.digest()));
      },
      model);
}

void check_message(const std::string& file, Status status, const std::string& fix) {
  if (status == Status::kOk) return;
  throw golden::DataError(file + ": message: " + std::string(status_name(status)) + "; " + fix);
}

std::string shape_text(const std::vector<std::uint32_t>& shape) {
  std::string text = std::to_string(shape.front());
  if (shape.size() == 2) text += " x " + std::to_string(shape.back());
  return text;
}

std::string format_name(vae::ImageFormat format) {
  return kFormats[static_cast<std::size_t>(format)];
}

std::string platform_text(const std::string& platform, std::uint32_t fingerprint) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "%08x", fingerprint);
  return platform + " (fingerprint " + digits + ')';
}

json platform_json(const std::optional<vae::FloatingPoint>& fp) {
  if (!fp) return nullptr;
  return {{"platform", fp->platform},
          {"fingerprint", fp->fingerprint},
          {"images_check", fp->images_check}};
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
