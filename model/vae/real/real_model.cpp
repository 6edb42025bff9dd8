// real_model.cpp — layers of real numbers in a file, and what is wrong with them.
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/real/real_model.hpp"

#include <bit>

#include "transom/vae/model_file.hpp"

namespace transom::vae {
namespace {

std::vector<double> read_reals(layout::ByteReader& in, std::size_t n, const char* field) {
  const auto halves = in.words(2 * n, field);
  std::vector<double> reals(n);
  for (std::size_t i = 0; i < n; ++i) {
    reals[i] = std::bit_cast<double>(std::uint64_t{halves[2 * i + 1]} << 32 | halves[2 * i]);
  }
  return reals;
}
}  // namespace

template <>
struct detail::LayerFormat<RealLayer> {
  static constexpr std::uint32_t kMagic = 0x52415654;  // "TVAR"
  static constexpr const char* kMissing = "this is no model of real numbers";

  static RealLayer read(ByteReader& in, std::size_t rows, std::size_t columns) {
    RealLayer layer;
    layer.bias = read_reals(in, rows, "bias");
    layer.weights = read_reals(in, rows * columns, "weights");
    return layer;
  }
  static void write(ByteWriter& out, const RealLayer& layer) {
    for (const auto* numbers : {&layer.bias, &layer.weights}) {
      for (const double v : *numbers) {
        const auto bits = std::bit_cast<std::uint64_t>(v);
        out.u32(static_cast<std::uint32_t>(bits));
        out.u32(static_cast<std::uint32_t>(bits >> 32));
      }
    }
  }

  static std::string why_not(const RealLayer& layer, const Place&, std::int32_t&) {
    for (const auto& [field, numbers] :
         {std::pair{"bias", &layer.bias}, std::pair{"weights", &layer.weights}}) {
      const auto bad = std::find_if(numbers->begin(), numbers->end(), [](double v) {
        return !(v >= -kMostReal && v <= kMostReal);  // nor is NaN
      });
      if (bad != numbers->end()) {
        return std::string(field) + '[' + std::to_string(bad - numbers->begin()) +
               "]: must be a number of at most 2^30";
      }
    }
    return {};
  }

  static std::string too_large(const RealParameters& p, std::size_t pixels) {
    if (p.observation == Observation::kBernoulli) return {};
    return out_of("pixels times latent vectors", pixels << p.particles_log, 1, kMostRealTables);
  }
};

template class ModelOf<RealLayer>;

std::vector<std::uint8_t> write_model(const RealParameters& p) {
  return detail::write_parameters(p);
}
ReadRealModel read_real_model(std::span<const std::uint8_t> bytes) {
  return detail::read_file<RealLayer>(bytes);
}
bool is_real_model(std::span<const std::uint8_t> bytes) {
  layout::ByteReader in(bytes);
  return bytes.size() >= 4 && in.u32("magic") == detail::LayerFormat<RealLayer>::kMagic;
}

}  // namespace transom::vae
