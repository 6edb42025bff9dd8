// encode.cpp — transom bbans encode: images into a file.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "shared.hpp"
#include "transom/files/read.hpp"
#include "transom/files/whole.hpp"
#include "transom/vae/real/platform.hpp"

namespace transom::cli::bbans {
namespace {

struct Options {
  std::string images, output, model = kEmbedded, carry;
  std::optional<std::uint32_t> threshold;
  bool multiset = false, floating_point = false, compare = false, as_json = false;
};

/// Throws unless the model is of real numbers where floating point is asked for, and only there.
void check_arithmetic(const Options& options, const AnyModel& model) {
  if (is_real(model) && !options.floating_point) {
    throw std::invalid_argument(
        "--model " + options.model +
        " is of real numbers, and what it codes decodes only where they are computed alike: make a "
        "model of integers with `python3 -m transom.bbans quantise`, or say --floating-point");
  }
  if (!is_real(model) && options.floating_point) {
    throw std::invalid_argument(
        "--floating-point: the model " + options.model +
        " is of integers; give --model one that `python3 -m transom.bbans real` wrote");
  }
}

/// Throws DataError, with the fix, for images that the model is not of.
template <class M>
void check_images(const Options& options, const vae::ImageSet& images, const M& model) {
  if (images.n_pixels() != model.pixels()) {
    throw golden::DataError(options.images + ": shape: images have " +
                            std::to_string(images.n_pixels()) + " pixels; the model has " +
                            std::to_string(model.pixels()) +
                            ": give --model a model of such images (`transom bbans train`)");
  }
  const auto large = std::find_if(images.pixels.begin(), images.pixels.end(),
                                  [&](std::uint8_t v) { return v > model.largest_pixel(); });
  if (large == images.pixels.end()) return;
  const auto at = static_cast<std::size_t>(large - images.pixels.begin());
  throw golden::DataError(options.images + ": values: pixel " +
                          std::to_string(at % images.n_pixels()) + " of image " +
                          std::to_string(at / images.n_pixels()) + " is " + std::to_string(*large) +
                          "; the model is of 0.." + std::to_string(model.largest_pixel()) +
                          ": make them so with --threshold 128, or another");
}

json result_of(const Options& options, const vae::ImageSet& images,
               const vae::EncodedImages& encoded, std::uint64_t n_bytes, double seconds) {
  const vae::CodedImages& coded = encoded.coded;
  const auto n = static_cast<double>(coded.n_images);
  const auto n_pixels = static_cast<double>(images.n_pixels());
  const double n_modelled = n - coded.n_plain;
  const auto net = static_cast<double>(encoded.image_bits - encoded.plain_bits);
  json bits_per_dim{
      {"net", n_modelled == 0 ? json() : json(net / (n_modelled * n_pixels))},
      {"gross", 8.0 * static_cast<double>(n_bytes - coded.n_carried) / (n * n_pixels)}};
  return {{"file", options.output},
          {"images", coded.n_images},
          {"shape", coded.shape},
          {"format", format_name(coded.format)},
          {"model", options.model},
          {"model_digest", coded.model},
          {"floating_point", platform_json(coded.floating_point)},
          {"threshold", options.threshold ? json(*options.threshold) : json()},
          {"multiset", coded.multiset},
          {"plain_images", coded.n_plain},
          {"plain_bits", encoded.plain_bits},
          {"carried_bytes", coded.n_carried},
          {"bytes", n_bytes},
          {"bits_per_dim", bits_per_dim},
          {"seconds", seconds},
          {"images_per_second", n / seconds}};
}

std::string bits_text(const json& bits) {
  return bits.is_null() ? "-" : fixed(bits.get<double>(), 4);
}

std::string counted(const json& n, const std::string& what) {
  return n.dump() + " " + what + (n == 1 ? "" : "s");
}

void print_text(const json& result, const std::string& shape) {
  const json& bits = result["bits_per_dim"];
  std::cout << printable(result["file"].get<std::string>()) << ": "
            << counted(result["images"], "image") << " of " << shape
            << (result["multiset"].get<bool>() ? ", without an order, " : ", ")
            << counted(result["bytes"], "byte") << '\n'
            << "net " << bits_text(bits["net"]) << " bits per dimension: the images by the model\n"
            << "gross " << bits_text(bits["gross"]) << ": the whole file, with its header and "
            << counted(result["plain_images"], "image") << " coded without the model";
  if (result["carried_bytes"] != 0) {
    std::cout << ", less " << counted(result["carried_bytes"], "byte") << " that it carries";
  }
  std::cout << '\n'
            << fixed(result["seconds"].get<double>(), 2) << " s, "
            << fixed(result["images_per_second"].get<double>(), 0) << " images/s\n";
  if (const json& fp = result["floating_point"]; !fp.is_null()) {
    std::cout << "in floating point: it decodes where a model's numbers are those of "
              << platform_text(fp["platform"], fp["fingerprint"]) << '\n';
  }
  if (!result.contains("others")) return;
  Table table({"bits per dimension", "whole set", "each image"});
  table.add({"transom bbans", bits_text(bits["gross"]), "-"});
  for (const auto& [name, rates] : result["others"].items()) {
    table.add({name, bits_text(rates["whole"]), bits_text(rates["each"])});
  }
  std::cout << table.text();
}

void tell_platform(const vae::Model&, const vae::ImageSet&, vae::CodedImages&) {}
void tell_platform(const vae::RealModel& model, const vae::ImageSet& images,
                   vae::CodedImages& coded) {
  coded.floating_point = {vae::fingerprint(model), vae::platform_name(), vae::check_of(images)};
}

template <class M>
int encode_with(const Options& options, const M& model) {
  images::ReadImages read = images::read_images(options.images);
  if (options.threshold) {
    for (std::uint8_t& pixel : read.set.pixels) pixel = pixel >= *options.threshold;
  }
  check_images(options, read.set, model);
  std::vector<std::uint8_t> carried;
  if (!options.carry.empty()) {
    carried = files::read_whole(options.carry, "give a file of data to be stored");
  }
  check_will_be_written(options.output);
  const json others = options.compare ? compare_with_others(read.set) : json();
  ImageProgress progress("encode", read.set.size());
  vae::CoderOf coder(model);
  vae::EncodedImages encoded =
      vae::encode_images(vae::Image(coder), model.largest_pixel() + 1u, read.set, options.multiset,
                         carried, [&](std::size_t n) { progress.at(n); });
  const double seconds = progress.seconds();
  encoded.coded.model = model.digest();
  encoded.coded.format = read.format;
  tell_platform(model, read.set, encoded.coded);
  const auto bytes = vae::write_image_file(encoded.coded);
  files::write_whole(options.output, bytes);
  json result = result_of(options, read.set, encoded, bytes.size(), seconds);
  if (options.compare) result["others"] = others;
  if (options.as_json) {
    print(result);
  } else {
    print_text(result, shape_text(read.set.shape));
  }
  return kFine;
}

int encode(const Options& options) {
  const AnyModel model = load_model(options.model);
  check_arithmetic(options, model);
  return std::visit([&](const auto& m) { return encode_with(options, m); }, model);
}

}  // namespace

Action add_encode(App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("IMAGES", options->images,
                 "a .npy of N x height x width or N x pixels, an idx file (MNIST's), gzipped or "
                 "not, or a folder of 8-bit grey .png")
      ->required();
  app.add_option("-o,--output", options->output, "the file to write")->required();
  add_model(app, options->model);
  app.add_option("--threshold", options->threshold,
                 "make images of 0 and 1 first: 1 where a pixel is at least this; what is decoded "
                 "are those")
      ->check(Range(1u, 255u));
  app.add_option(
      "--carry", options->carry,
      "a file to be stored in the same: bits-back coding begins with its bytes, and "
      "`decode --carry` writes it again. What looks random, packed or encrypted, is best");
  app.add_flag("--multiset", options->multiset,
               "the order of the images is not kept, which saves log2(n!) bits; they are decoded "
               "sorted, first pixel first");
  app.add_flag("--floating-point", options->floating_point,
               "for research: the model is of real numbers (`python3 -m transom.bbans real`). "
               "Processors, compilers and C libraries compute such numbers differently in their "
               "last bits, and a decoder that has another bit finds other images: the file says "
               "where it was coded, and `decode` refuses it elsewhere");
  app.add_flag("--compare", options->compare,
               "also what gzip, bz2, lzma, PNG and WebP make of the same images (bits: eight "
               "pixels a byte), all of them as one and each by itself");
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Bits-back coding takes bits before it gives any. Nothing is invented for that: they are "
      "the\n"
      "bytes of --carry, or the last images, coded by their own counts of pixel values, as few as\n"
      "will do. The figures count all bytes of the file but those that it carries.\n"
      "Example: transom bbans encode t10k-images-idx3-ubyte.gz --threshold 128 --model mnist.tvae "
      "-o t10k.tbb\n"
      "         python3 -m transom.bbans real PARAMETERS -o mnist.tvar\n"
      "         transom bbans encode mnist.npy --model mnist.tvar --floating-point -o mnist.tbb");
  return [options] { return encode(*options); };
}

}  // namespace transom::cli::bbans
