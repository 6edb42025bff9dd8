// decode.cpp — transom bbans decode: a file into images; transom bbans info: what it says.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>
#include <optional>

#include "shared.hpp"
#include "transom/files/whole.hpp"

namespace transom::cli::bbans {
namespace {

struct Options {
  std::string file, output, model = kEmbedded, carry;
  std::optional<std::string> format;
  bool as_json = false;
};

vae::ImageFormat format_of(const std::string& name) {
  for (std::size_t i = 0;; ++i) {
    const auto format = static_cast<vae::ImageFormat>(i);
    if (format_name(format) == name) return format;
  }
}

void check_carry(const Options& options, const vae::CodedImages& coded) {
  if (coded.n_carried != 0 && options.carry.empty()) {
    throw std::invalid_argument(options.file + " carries a file of " +
                                std::to_string(coded.n_carried) +
                                " bytes; say with --carry where to write it");
  }
  if (coded.n_carried == 0 && !options.carry.empty()) {
    throw std::invalid_argument("--carry has no effect: " + options.file +
                                " carries nothing; leave it away");
  }
}

int decode(const Options& options) {
  const vae::Model model = load_model(options.model);
  const vae::CodedImages coded = read_coded(options.file);
  check_model(options.file, coded, options.model, model);
  check_carry(options, coded);
  ImageProgress progress("decode", coded.n_images);
  vae::Coder coder(model);
  const vae::DecodedImages decoded = vae::decode_images(
      vae::Image(coder), model.largest_pixel() + 1u, coded, [&](std::size_t n) { progress.at(n); });
  const double seconds = progress.seconds();
  check_message(options.file, decoded.status);
  const auto format = options.format ? format_of(*options.format) : coded.format;
  images::write_images(options.output, decoded.images, format);
  if (!options.carry.empty()) files::write_whole(options.carry, decoded.carried);
  const double rate = coded.n_images / seconds;
  if (options.as_json) {
    print({{"output", options.output},
           {"format", format_name(format)},
           {"images", coded.n_images},
           {"shape", coded.shape},
           {"multiset", coded.multiset},
           {"carried_bytes", coded.n_carried},
           {"seconds", seconds},
           {"images_per_second", rate}});
    return kFine;
  }
  std::cout << printable(options.output) << ": " << coded.n_images << " images of "
            << shape_text(coded.shape) << " as " << format_name(format);
  if (coded.n_carried != 0) {
    std::cout << ", " << printable(options.carry) << ": " << coded.n_carried << " bytes";
  }
  std::cout << "; " << fixed(seconds, 2) << " s, " << fixed(rate, 0) << " images/s\n";
  return kFine;
}

int info(const std::string& file, bool as_json) {
  const vae::CodedImages coded = read_coded(file);
  const std::uint64_t n_bytes = vae::write_image_file(coded).size();
  const bool embedded = load_model(kEmbedded).digest() == coded.model;
  if (as_json) {
    print({{"file", file},
           {"bytes", n_bytes},
           {"images", coded.n_images},
           {"shape", coded.shape},
           {"format", format_name(coded.format)},
           {"multiset", coded.multiset},
           {"model_digest", coded.model},
           {"model", embedded ? json(kEmbedded) : json()},
           {"plain_images", coded.n_plain},
           {"carried_bytes", coded.n_carried},
           {"words", coded.words.size()}});
    return kFine;
  }
  std::cout << printable(file) << ": " << coded.n_images << " images of " << shape_text(coded.shape)
            << (coded.multiset ? ", without an order," : "") << " from "
            << format_name(coded.format) << "; " << n_bytes << " bytes, of which "
            << coded.n_carried << " are carried; " << coded.n_plain
            << " images without the model; model " << (embedded ? "digits" : "of digest")
            << (embedded ? "" : " " + std::to_string(coded.model)) << '\n';
  return kFine;
}

}  // namespace

Action add_decode(App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "what `transom bbans encode` wrote")->required();
  app.add_option("-o,--output", options->output,
                 "the images: a file, gzipped if it is idx and named .gz, or a new folder of .png")
      ->required();
  add_model(app, options->model);
  app.add_option("--as", options->format, "npy, idx or png [default: what the images came from]")
      ->check(IsMember({"npy", "idx", "png"}));
  app.add_option("--carry", options->carry, "where to write the file that is stored beside them");
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Nothing is written unless the checksum is right, the model is that of encoding and all\n"
      "images decode. Names of .png are not kept: they become 00000.png, 00001.png, ..\n"
      "Example: transom bbans decode digits.tbb -o digits.npy");
  return [options] { return decode(*options); };
}

Action add_info(App& app) {
  struct InfoOptions {
    std::string file;
    bool as_json = false;
  };
  auto options = std::make_shared<InfoOptions>();
  app.add_option("FILE", options->file, "what `transom bbans encode` wrote")->required();
  app.add_flag("--json", options->as_json, "print the result as JSON");
  return [options] { return info(options->file, options->as_json); };
}

}  // namespace transom::cli::bbans
