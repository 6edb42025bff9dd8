// model.cpp — a model from its bytes, and what makes parameters one: of integers and of reals.
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/model.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "transom/base/precondition.hpp"
#include "transom/container/container_bytes.hpp"
#include "transom/vae/fixed.hpp"
#include "transom/vae/real/real_model.hpp"

namespace transom::vae {
namespace {

using layout::ByteReader;
using layout::ByteWriter;
using layout::Damage;

constexpr std::uint32_t kVersion = 1;

/// What a file begins with, and what it is not if it does not.
template <class LayerT>
struct Magic;
template <>
struct Magic<Layer> {
  static constexpr std::uint32_t kBytes = 0x45415654;  // "TVAE"
  static constexpr const char* kMissing = "this is no model of integer networks";
};
template <>
struct Magic<RealLayer> {
  static constexpr std::uint32_t kBytes = 0x52415654;  // "TVAR"
  static constexpr const char* kMissing = "this is no model of real numbers";
};

/// Of a layer in its model.
struct Place {
  std::string name;
  std::size_t columns;
  std::size_t rows;          ///< 0: a hidden layer, which has as many as it likes
  std::int16_t least, most;  ///< of its outputs, if they are integers
};

std::size_t outputs_per_pixel(Observation observation) {
  return observation == Observation::kBernoulli ? 1 : 2;
}

/// visit(layer, place) for all layers, in the order of the file. Columns of the first are the
/// pixels.
template <class P, class Visit>
void for_each_layer(P& p, std::size_t pixels, std::size_t latents, Visit&& visit) {
  constexpr std::int16_t kLeast = INT16_MIN, kMost = INT16_MAX;
  std::size_t columns = pixels, i = 0;
  for (auto& layer : p.recogniser) {
    visit(layer, Place{"recogniser[" + std::to_string(i++) + "]", columns, 0, kLeast, kMost});
    columns = layer.rows();
  }
  visit(p.mean, Place{"mean", columns, latents, kLeast, kMost});
  visit(p.log2_stdd, Place{"log2 stdd", columns, latents, kLeastStdd, kMostStdd});
  columns = latents, i = 0;
  for (auto& layer : p.generator) {
    visit(layer, Place{"generator[" + std::to_string(i++) + "]", columns, 0, kLeast, kMost});
    columns = layer.rows();
  }
  const bool bits = p.observation == Observation::kBernoulli;
  visit(p.likelihood,
        Place{"likelihood", columns, pixels * outputs_per_pixel(p.observation),
              bits ? std::int16_t{-kMostLogit} : kLeastShape, bits ? kMostLogit : kMostShape});
}

std::string out_of(const char* field, std::uint64_t value, std::uint64_t least,
                   std::uint64_t most) {
  if (value >= least && value <= most) return {};
  return std::string(field) + ": " + std::to_string(value) + " must be " + std::to_string(least) +
         ".." + std::to_string(most);
}

/// What the header says, before there are layers; empty if nothing is wrong.
template <class P>
std::string wrong_header(const P& p, std::size_t pixels, std::size_t latents) {
  const bool bytes = p.observation == Observation::kBetaBinomial;
  for (const std::string& wrong :
       {out_of("observation", static_cast<unsigned>(p.observation), 0, 1),
        out_of("n", p.n, bytes ? 1 : 255, 255), out_of("prior bits", p.prior_bits, 1, 10),
        out_of("latent bits", p.latent_bits, p.prior_bits + 1, 24),
        out_of("observation bits", p.observation_bits, bytes ? 9 : 1, 20),
        out_of("log2 of particles", p.particles_log, 0, 4), out_of("pixels", pixels, 1, kMaxWidth),
        out_of("latents", latents, 1, kMaxWidth),
        out_of("layers of the recogniser", p.recogniser.size(), 1, kMaxHidden),
        out_of("layers of the generator", p.generator.size(), 1, kMaxHidden)}) {
    if (!wrong.empty()) return wrong;
  }
  return {};
}

/// What is wrong with a layer whose inputs are of magnitude up to max_input, which a hidden one
/// makes that of the next layer's.
std::string why_not(const Layer& layer, const Place& place, std::int32_t& max_input) {
  if (layer.multipliers.size() != layer.rows()) return "shape: there must be a multiplier per row";
  if (layer.low < place.least) return "low: must be at least " + std::to_string(place.least);
  if (layer.high > place.most) return "high: must be at most " + std::to_string(place.most);
  std::string why = what_is_wrong(layer, max_input);
  if (place.rows == 0) max_input = std::max(std::abs(int{layer.low}), std::abs(int{layer.high}));
  return why;
}
std::string why_not(const RealLayer& layer, const Place&, std::int32_t&) {
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

std::string too_large(const Parameters&, std::size_t) { return {}; }
std::string too_large(const RealParameters& p, std::size_t pixels) {
  if (p.observation == Observation::kBernoulli) return {};
  return out_of("pixels times latent vectors", pixels << p.particles_log, 1, kMostRealTables);
}

/// What is wrong with parameters, empty if they are a model's.
template <class LayerT>
std::string what_is_wrong(const ParametersOf<LayerT>& p) {
  const std::size_t pixels = p.recogniser.empty() ? 0 : p.recogniser.front().columns();
  std::string wrong = wrong_header(p, pixels, p.mean.rows());
  if (wrong.empty()) wrong = too_large(p, pixels);
  if (!wrong.empty()) return wrong;
  std::int32_t max_input = largest_pixel(p);
  for_each_layer(p, pixels, p.mean.rows(), [&](const LayerT& layer, const Place& place) {
    if (!wrong.empty()) return;
    if (&layer == &p.generator.front()) {
      max_input = normal_centre((1u << p.prior_bits) - 1, p.prior_bits);
    }
    const std::size_t rows = layer.rows();
    const bool fits = place.rows == 0 ? rows >= 1 && rows <= kMaxWidth : rows == place.rows;
    std::string why = fits && layer.weights.size() == rows * place.columns
                          ? why_not(layer, place, max_input)
                          : "shape: its numbers are not those of a layer here";
    if (!why.empty()) wrong = place.name + ": " + why;
  });
  return wrong;
}

std::int16_t signed16(std::uint32_t bits) { return static_cast<std::int16_t>(bits & 0xffff); }

void read_layer(ByteReader& in, std::size_t rows, std::size_t columns, Layer& layer) {
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
}
std::vector<double> read_reals(ByteReader& in, std::size_t n, const char* field) {
  const auto halves = in.words(2 * n, field);
  std::vector<double> reals(n);
  for (std::size_t i = 0; i < n; ++i) {
    reals[i] = std::bit_cast<double>(std::uint64_t{halves[2 * i + 1]} << 32 | halves[2 * i]);
  }
  return reals;
}
void read_layer(ByteReader& in, std::size_t rows, std::size_t columns, RealLayer& layer) {
  layer.bias = read_reals(in, rows, "bias");
  layer.weights = read_reals(in, rows * columns, "weights");
}

void write_layer(ByteWriter& out, const Layer& layer) {
  out.u16(static_cast<std::uint16_t>(layer.low));
  out.u16(static_cast<std::uint16_t>(layer.high));
  out.u32(layer.shift);
  for (const std::int32_t v : layer.bias) out.u32(static_cast<std::uint32_t>(v));
  for (const std::int32_t v : layer.multipliers) out.u32(static_cast<std::uint32_t>(v));
  for (const std::int16_t v : layer.weights) out.u16(static_cast<std::uint16_t>(v));
  out.pad_to_word(0);
}
void write_layer(ByteWriter& out, const RealLayer& layer) {
  for (const auto* numbers : {&layer.bias, &layer.weights}) {
    for (const double v : *numbers) {
      const auto bits = std::bit_cast<std::uint64_t>(v);
      out.u32(static_cast<std::uint32_t>(bits));
      out.u32(static_cast<std::uint32_t>(bits >> 32));
    }
  }
}

template <class LayerT>
ParametersOf<LayerT> read_parameters(ByteReader& in) {
  ParametersOf<LayerT> p;
  in.check(in.u32("magic") == Magic<LayerT>::kBytes, "magic", Magic<LayerT>::kMissing);
  const std::uint32_t version = in.u16("version");
  in.check(version == kVersion, "version",
           std::to_string(version) + " is not " + std::to_string(kVersion));
  p.observation = static_cast<Observation>(in.u8("observation"));
  p.prior_bits = in.u8("prior bits");
  p.latent_bits = in.u8("latent bits");
  p.observation_bits = in.u8("observation bits");
  p.particles_log = in.u8("log2 of particles");
  p.recogniser.resize(in.u8("layers of the recogniser"));
  p.generator.resize(in.u8("layers of the generator"));
  const std::uint32_t n = in.u8("n");
  in.check(n < 255, "n", "255 is said by 0");
  p.n = n == 0 ? 255 : n;
  in.zeros(2, "padding");
  const std::size_t pixels = in.u32("pixels"), latents = in.u32("latents");
  const std::string wrong = wrong_header(p, pixels, latents);
  if (!wrong.empty()) throw Damage{Status::kBadHeader, wrong};
  const auto widths = in.words(p.recogniser.size() + p.generator.size(), "widths");
  in.check(std::all_of(widths.begin(), widths.end(),
                       [](std::uint32_t w) { return w >= 1 && w <= kMaxWidth; }),
           "widths", "must be 1.." + std::to_string(kMaxWidth));
  auto width = widths.begin();
  for_each_layer(p, pixels, latents, [&](LayerT& layer, const Place& place) {
    in.context = place.name + ": ";
    read_layer(in, place.rows == 0 ? *width++ : place.rows, place.columns, layer);
  });
  in.context.clear();
  in.check_crc("checksum", 0, "the file is damaged");
  if (in.left() != 0) in.fail(Status::kTrailing, "end", "bytes follow the checksum");
  return p;
}

template <class LayerT>
std::vector<std::uint8_t> write_parameters(const ParametersOf<LayerT>& p) {
  ByteWriter out;
  out.u32(Magic<LayerT>::kBytes);
  out.u16(kVersion);
  for (const auto value :
       {static_cast<unsigned>(p.observation), p.prior_bits, p.latent_bits, p.observation_bits,
        p.particles_log, static_cast<unsigned>(p.recogniser.size()),
        static_cast<unsigned>(p.generator.size()), p.n % 255, 0u, 0u}) {
    out.u8(value);
  }
  const std::size_t pixels = p.recogniser.empty() ? 0 : p.recogniser.front().columns();
  out.u32(static_cast<std::uint32_t>(pixels));
  out.u32(static_cast<std::uint32_t>(p.mean.rows()));
  for (const auto* layers : {&p.recogniser, &p.generator}) {
    for (const LayerT& layer : *layers) out.u32(static_cast<std::uint32_t>(layer.rows()));
  }
  for_each_layer(p, pixels, p.mean.rows(),
                 [&](const LayerT& layer, const Place&) { write_layer(out, layer); });
  out.u32(out.crc(0));
  return out.take();
}

template <class LayerT>
ReadModelOf<ModelOf<LayerT>> read(std::span<const std::uint8_t> bytes) {
  ByteReader in(bytes);
  try {
    auto p = read_parameters<LayerT>(in);
    const std::string wrong = what_is_wrong(p);
    if (!wrong.empty()) throw Damage{Status::kBadHeader, wrong};
    return {Status::kOk, {}, ModelOf<LayerT>(std::move(p))};
  } catch (const Damage& damage) {
    return {damage.status, damage.what, std::nullopt};
  }
}

template <class LayerT>
std::vector<typename LayerT::Evaluated> evaluated(const std::vector<LayerT>& layers) {
  return {layers.begin(), layers.end()};
}

}  // namespace

template <class LayerT>
ModelOf<LayerT>::ModelOf(ParametersOf<LayerT> p) {
  const std::string wrong = what_is_wrong(p);
  if (!wrong.empty()) refuse("vae::Model", "parameters", "no model", wrong);
  const auto file = write_model(p);
  std::uint32_t digest = 0;
  for (std::size_t i = 0; i < 4; ++i) digest |= std::uint32_t{file[file.size() - 4 + i]} << 8 * i;
  using Evaluated = typename LayerT::Evaluated;
  Network network{evaluated(p.recogniser), Evaluated(p.mean), Evaluated(p.log2_stdd),
                  evaluated(p.generator), Evaluated(p.likelihood)};
  shared_ = std::make_shared<const Shared>(Shared{std::move(p), std::move(network), digest});
}
template class ModelOf<Layer>;
template class ModelOf<RealLayer>;

std::vector<std::uint8_t> write_model(const Parameters& p) { return write_parameters(p); }
std::vector<std::uint8_t> write_model(const RealParameters& p) { return write_parameters(p); }

ReadModel read_model(std::span<const std::uint8_t> bytes) { return read<Layer>(bytes); }
ReadRealModel read_real_model(std::span<const std::uint8_t> bytes) {
  return read<RealLayer>(bytes);
}
bool is_real_model(std::span<const std::uint8_t> bytes) {
  ByteReader in(bytes);
  return bytes.size() >= 4 && in.u32("magic") == Magic<RealLayer>::kBytes;
}

}  // namespace transom::vae
