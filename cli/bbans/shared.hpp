// shared.hpp — what the verbs of `transom bbans` share: models, files of coded images.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <variant>

#include "../common.hpp"
#include "transom/images/images.hpp"
#include "transom/vae/images/code_images.hpp"
#include "transom/vae/real/real_networks.hpp"

namespace transom::cli::bbans {

Action add_encode(App& app);
Action add_decode(App& app);
Action add_info(App& app);
Action add_record(App& app);
Action add_replay(App& app);
Action add_train(App& app);

/// The model that is in the program.
constexpr const char* kEmbedded = "digits";
/// A model in the program: golden/images/NAME.tvae.
struct EmbeddedModel {
  const char* name;
  std::span<const std::uint8_t> bytes;
};
std::span<const EmbeddedModel> embedded_models();

using AnyModel = std::variant<vae::Model, vae::RealModel>;
/// --model.
void add_model(App& app, std::string& model);
/// The embedded model, or that of a file. Throws DataError.
AnyModel load_model(const std::string& name);
/// Of an AnyModel.
inline bool is_real(const AnyModel& model) { return model.index() == 1; }
vae::CodedImages read_coded(const std::string& file);
/// Throws DataError unless a file's images were coded with this model, of this name.
void check_model(const std::string& file, const vae::CodedImages& coded, const std::string& name,
                 const AnyModel& model);
inline constexpr const char* kDamaged = "the file is damaged, encode the images again";
/// Throws DataError, with the fix, unless a file's message is as it should.
void check_message(const std::string& file, Status status, const std::string& fix = kDamaged);

/// "28 x 28".
std::string shape_text(const std::vector<std::uint32_t>& shape);
std::string format_name(vae::ImageFormat format);
/// "x86_64, g++ 12.2, .. (fingerprint 0123abcd)".
std::string platform_text(const std::string& platform, std::uint32_t fingerprint);
/// The same as JSON, null if a file is of a model of integers.
json platform_json(const std::optional<vae::FloatingPoint>& fp);

/// Images per second, and what is left, on stderr.
class ImageProgress {
 public:
  ImageProgress(const std::string& what, std::size_t n_images);
  void at(std::size_t n_done);
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  Progress progress_;
  std::size_t n_images_;
  Clock::time_point start_ = Clock::now();
};

/// Bits per dimension of the same images by gzip, bz2, lzma, PNG and WebP of Python's libraries:
/// name -> {"whole", "each"}, null where there is none.
json compare_with_others(const vae::ImageSet& images);

}  // namespace transom::cli::bbans
