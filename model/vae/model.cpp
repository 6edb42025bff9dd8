// model.cpp — layers of integers in a file, and what is wrong with them.
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/model.hpp"

#include <cstdlib>

#include "transom/vae/model_file.hpp"

namespace transom::vae {
namespace {

std::int16_t signed16(std::uint32_t bits) { return static_cast<std::int16_t>(bits & 0xffff); }

}  // namespace

template <>
struct detail::LayerFormat<Layer> {
  static constexpr std::uint32_t kMagic = 0x45415654;  // "TVAE"
  static constexpr const char* kMissing = "this is no model of integer networks";

  static Layer read(ByteReader& in, std::size_t rows, std::size_t columns) {
    Layer layer;
    layer.low = signed16(in.u16("low"));
    layer.high = signed16(in.u16("high"));
    layer.shift = static_cast<std::uint8_t>(in.u8("shift"));
    in.zeros(3, "padding");
    const auto bias = in.words(rows, "bias"), multipliers = in.words(rows, "multipliers");
    layer.bias.assign(bias.begin(), bias.end());
    layer.multipliers.assign(multipliers.begin(), multipliers.end());
    const std::size_t n = rows * columns;
    const auto pairs = in.words((n + 1) / 2, "weights");
    in.check(n % 2 == 0 || pairs.back() >> 16 == 0, "weights", "padding must be zero");
    layer.weights.resize(n);
    for (std::size_t i = 0; i < n; ++i) layer.weights[i] = signed16(pairs[i / 2] >> i % 2 * 16);
    return layer;
  }
  static void write(ByteWriter& out, const Layer& layer) {
    out.u16(static_cast<std::uint16_t>(layer.low));
    out.u16(static_cast<std::uint16_t>(layer.high));
    out.u32(layer.shift);
    for (const std::int32_t v : layer.bias) out.u32(static_cast<std::uint32_t>(v));
    for (const std::int32_t v : layer.multipliers) out.u32(static_cast<std::uint32_t>(v));
    for (const std::int16_t v : layer.weights) out.u16(static_cast<std::uint16_t>(v));
    out.pad_to_word(0);
  }
  static std::string why_not(const Layer& layer, const Place& place, std::int32_t& max_input) {
    if (layer.multipliers.size() != layer.rows())
      return "shape: there must be a multiplier per row";
    if (layer.low < place.least) return "low: must be at least " + std::to_string(place.least);
    if (layer.high > place.most) return "high: must be at most " + std::to_string(place.most);
    std::string why = what_is_wrong(layer, max_input);
    if (place.rows == 0) max_input = std::max(std::abs(int{layer.low}), std::abs(int{layer.high}));
    return why;
  }
  static std::string too_large(const Parameters&, std::size_t) { return {}; }
};

template class ModelOf<Layer>;

std::vector<std::uint8_t> write_model(const Parameters& p) { return detail::write_parameters(p); }
ReadModel read_model(std::span<const std::uint8_t> bytes) {
  return detail::read_file<Layer>(bytes);
}

}  // namespace transom::vae
