// model_file.hpp — what models of integers and of reals have in common: which layers there are, in
// which order they stand in a file, and what is wrong with them. Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>

#include "transom/base/precondition.hpp"
#include "transom/container/container_bytes.hpp"
#include "transom/vae/fixed.hpp"
#include "transom/vae/model.hpp"

namespace transom::vae {
namespace detail {

using layout::ByteReader;
using layout::ByteWriter;
using layout::Damage;

inline constexpr std::uint32_t kModelVersion = 1;

/// Of a layer in its model.
struct Place {
  std::string name;
  std::size_t columns;
  std::size_t rows;          ///< 0: a hidden layer, which has as many as it likes
  std::int16_t least, most;  ///< of its outputs, if they are integers
};

/// What a kind of layers has of its own: the kMagic of a file, why it is none (kMissing), read(),
/// write(); why_not() of a layer whose inputs are of magnitude up to max_input, which a hidden one
/// makes that of the next layer's; and too_large() of a whole model. Empty: nothing is wrong.
template <class LayerT>
struct LayerFormat;

inline std::size_t outputs_per_pixel(Observation observation) {
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

inline std::string out_of(const char* field, std::uint64_t value, std::uint64_t least,
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

/// What is wrong with parameters, empty if they are a model's.
template <class LayerT>
std::string what_is_wrong(const ParametersOf<LayerT>& p) {
  const std::size_t pixels = p.recogniser.empty() ? 0 : p.recogniser.front().columns();
  std::string wrong = wrong_header(p, pixels, p.mean.rows());
  if (wrong.empty()) wrong = LayerFormat<LayerT>::too_large(p, pixels);
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
                          ? LayerFormat<LayerT>::why_not(layer, place, max_input)
                          : "shape: its numbers are not those of a layer here";
    if (!why.empty()) wrong = place.name + ": " + why;
  });
  return wrong;
}

template <class LayerT>
ParametersOf<LayerT> read_parameters(ByteReader& in) {
  ParametersOf<LayerT> p;
  in.check(in.u32("magic") == LayerFormat<LayerT>::kMagic, "magic", LayerFormat<LayerT>::kMissing);
  const std::uint32_t version = in.u16("version");
  in.check(version == kModelVersion, "version",
           std::to_string(version) + " is not " + std::to_string(kModelVersion));
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
    layer = LayerFormat<LayerT>::read(in, place.rows == 0 ? *width++ : place.rows, place.columns);
  });
  in.context.clear();
  in.check_crc("checksum", 0, "the file is damaged");
  if (in.left() != 0) in.fail(Status::kTrailing, "end", "bytes follow the checksum");
  return p;
}

template <class LayerT>
std::vector<std::uint8_t> write_parameters(const ParametersOf<LayerT>& p) {
  ByteWriter out;
  out.u32(LayerFormat<LayerT>::kMagic);
  out.u16(kModelVersion);
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
  for_each_layer(p, pixels, p.mean.rows(), [&](const LayerT& layer, const Place&) {
    LayerFormat<LayerT>::write(out, layer);
  });
  out.u32(out.crc(0));
  return out.take();
}

template <class LayerT>
ReadModelOf<ModelOf<LayerT>> read_file(std::span<const std::uint8_t> bytes) {
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

}  // namespace detail

template <class LayerT>
ModelOf<LayerT>::ModelOf(ParametersOf<LayerT> p) {
  const std::string wrong = detail::what_is_wrong(p);
  if (!wrong.empty()) refuse("vae::Model", "parameters", "no model", wrong);
  const auto file = detail::write_parameters(p);
  std::uint32_t digest = 0;
  for (std::size_t i = 0; i < 4; ++i) digest |= std::uint32_t{file[file.size() - 4 + i]} << 8 * i;
  using Evaluated = typename LayerT::Evaluated;
  Network network{detail::evaluated(p.recogniser), Evaluated(p.mean), Evaluated(p.log2_stdd),
                  detail::evaluated(p.generator), Evaluated(p.likelihood)};
  shared_ = std::make_shared<const Shared>(Shared{std::move(p), std::move(network), digest});
}

}  // namespace transom::vae
