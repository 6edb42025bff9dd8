// decode.cpp — transom bbans decode: a file into images; transom bbans info: what it says.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "shared.hpp"
#include "transom/files/whole.hpp"
#include "transom/vae/real/platform.hpp"

namespace transom::cli::bbans {
namespace {

struct Options {
  std::string file, output, model = kEmbedded, carry;
  std::optional<std::string> format;
  bool allow_other_platform = false, as_json = false;
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

/// Throws DataError if floating point is not here what it was where a file was coded, unless that
/// is allowed. @return what to say of a message that does not decode
std::string check_platform(const Options&, const vae::CodedImages&, const vae::Model&) {
  return kDamaged;
}
std::string check_platform(const Options& options, const vae::CodedImages& coded,
                           const vae::RealModel& model) {
  const auto& fp = *coded.floating_point;
  const std::uint32_t here = vae::fingerprint(model);
  if (here == fp.fingerprint) return kDamaged;
  const std::string there = platform_text(fp.platform, fp.fingerprint);
  if (!options.allow_other_platform) {
    throw golden::DataError(
        options.file + ": platform: it was coded in floating point by " + there + ", this is " +
        platform_text(vae::platform_name(), here) +
        ", which computes other numbers; decode it there, encode with a model of integers, or try "
        "--allow-other-platform");
  }
  return "numbers differ here, decode it on " + there;
}

template <class M>
int decode_with(const Options& options, const vae::CodedImages& coded, const M& model) {
  check_carry(options, coded);
  const std::string fix = check_platform(options, coded, model);
  ImageProgress progress("decode", coded.n_images);
  vae::CoderOf coder(model);
  const vae::DecodedImages decoded = vae::decode_images(
      vae::Image(coder), model.largest_pixel() + 1u, coded, [&](std::size_t n) { progress.at(n); });
  const double seconds = progress.seconds();
  check_message(options.file, decoded.status, fix);
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

int decode(const Options& options) {
  const AnyModel model = load_model(options.model);
  const vae::CodedImages coded = read_coded(options.file);
  check_model(options.file, coded, options.model, model);
  if (!is_real(model) && options.allow_other_platform) {
    throw std::invalid_argument("--allow-other-platform has no effect: " + options.file +
                                " was coded in integers and decodes everywhere; leave it away");
  }
  return std::visit([&](const auto& m) { return decode_with(options, coded, m); }, model);
}

int info(const std::string& file, bool as_json) {
  const vae::CodedImages coded = read_coded(file);
  const std::uint64_t n_bytes = vae::write_image_file(coded).size();
  const auto embedded = std::ranges::find_if(embedded_models(), [&](const EmbeddedModel& model) {
    return std::get<vae::Model>(load_model(model.name)).digest() == coded.model;
  });
  const bool is_embedded = embedded != embedded_models().end();
  if (as_json) {
    print({{"file", file},
           {"bytes", n_bytes},
           {"images", coded.n_images},
           {"shape", coded.shape},
           {"format", format_name(coded.format)},
           {"multiset", coded.multiset},
           {"model_digest", coded.model},
           {"model", is_embedded ? json(embedded->name) : json()},
           {"plain_images", coded.n_plain},
           {"carried_bytes", coded.n_carried},
           {"floating_point", platform_json(coded.floating_point)},
           {"words", coded.words.size()}});
    return kFine;
  }
  std::cout << printable(file) << ": " << coded.n_images << " images of " << shape_text(coded.shape)
            << (coded.multiset ? ", without an order," : "") << " from "
            << format_name(coded.format) << "; " << n_bytes << " bytes, of which "
            << coded.n_carried << " are carried; " << coded.n_plain
            << " images without the model; model " << (is_embedded ? embedded->name : "of digest")
            << (is_embedded ? "" : " " + std::to_string(coded.model));
  if (const auto& fp = coded.floating_point) {
    std::cout << "; in floating point by " << platform_text(fp->platform, fp->fingerprint);
  }
  std::cout << '\n';
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
  app.add_flag("--allow-other-platform", options->allow_other_platform,
               "also what was coded in floating point on a machine that computes other numbers: a "
               "few images may come back, most sets do not, and a checksum of the images tells");
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
