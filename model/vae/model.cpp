// model.cpp — a model from its bytes, and what makes parameters one.
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/model.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "transom/base/precondition.hpp"
#include "transom/container/container_bytes.hpp"
#include "transom/vae/fixed.hpp"

namespace transom::vae {
namespace {

using layout::ByteReader;
using layout::ByteWriter;
using layout::Damage;

constexpr std::uint32_t kMagic = 0x45415654;  // "TVAE"
constexpr std::uint32_t kVersion = 1;

std::size_t outputs_per_pixel(Observation observation) {
  return observation == Observation::kBernoulli ? 1 : 2;
}

/// visit(layer, name, columns, rows if they are given by others or else 0, limits of its outputs)
/// for all layers, in the order of the file. Columns of the first are the pixels.
template <class P, class Visit>
void for_each_layer(P& p, std::size_t pixels, std::size_t latents, Visit&& visit) {
  constexpr std::int16_t kLeast = INT16_MIN, kMost = INT16_MAX;
  std::size_t columns = pixels, i = 0;
  for (auto& layer : p.recogniser) {
    visit(layer, "recogniser[" + std::to_string(i++) + "]", columns, std::size_t{0}, kLeast, kMost);
    columns = layer.rows();
  }
  visit(p.mean, std::string("mean"), columns, latents, kLeast, kMost);
  visit(p.log2_stdd, std::string("log2 stdd"), columns, latents, kLeastStdd, kMostStdd);
  columns = latents, i = 0;
  for (auto& layer : p.generator) {
    visit(layer, "generator[" + std::to_string(i++) + "]", columns, std::size_t{0}, kLeast, kMost);
    columns = layer.rows();
  }
  const bool bits = p.observation == Observation::kBernoulli;
  visit(p.likelihood, std::string("likelihood"), columns, pixels * outputs_per_pixel(p.observation),
        bits ? std::int16_t{-kMostLogit} : kLeastShape, bits ? kMostLogit : kMostShape);
}

std::string out_of(const char* field, std::uint64_t value, std::uint64_t least,
                   std::uint64_t most) {
  if (value >= least && value <= most) return {};
  return std::string(field) + ": " + std::to_string(value) + " must be " + std::to_string(least) +
         ".." + std::to_string(most);
}

/// What the header says, before there are layers; empty if nothing is wrong.
std::string wrong_header(const Parameters& p, std::size_t pixels, std::size_t latents) {
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
std::string what_is_wrong(const Parameters& p) {
  const std::size_t pixels = p.recogniser.empty() ? 0 : p.recogniser.front().columns();
  std::string wrong = wrong_header(p, pixels, p.mean.rows());
  if (!wrong.empty()) return wrong;
  const std::int32_t largest_latent = normal_centre((1u << p.prior_bits) - 1, p.prior_bits);
  std::int32_t max_input = largest_pixel(p);
  for_each_layer(p, pixels, p.mean.rows(),
                 [&](const Layer& layer, const std::string& name, std::size_t columns,
                     std::size_t rows, std::int16_t least, std::int16_t most) {
                   if (!wrong.empty()) return;
                   if (&layer == &p.generator.front()) max_input = largest_latent;
                   const bool hidden = rows == 0;
                   const auto fail = [&](const std::string& why) { wrong = name + ": " + why; };
                   if (layer.rows() == 0 ||
                       (hidden ? layer.rows() > kMaxWidth : layer.rows() != rows) ||
                       layer.multipliers.size() != layer.rows() ||
                       layer.weights.size() != layer.rows() * columns) {
                     return fail("shape: its numbers are not those of a layer here");
                   }
                   if (layer.low < least)
                     return fail("low: must be at least " + std::to_string(least));
                   if (layer.high > most)
                     return fail("high: must be at most " + std::to_string(most));
                   const std::string why = what_is_wrong(layer, max_input);
                   if (!why.empty()) return fail(why);
                   if (hidden)
                     max_input = std::max(std::abs(int{layer.low}), std::abs(int{layer.high}));
                 });
  return wrong;
}

std::int16_t signed16(std::uint32_t bits) { return static_cast<std::int16_t>(bits & 0xffff); }

Layer read_layer(ByteReader& in, std::size_t rows, std::size_t columns) {
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

Parameters read_parameters(ByteReader& in) {
  Parameters p;
  in.check(in.u32("magic") == kMagic, "magic", "this is no model of integer networks");
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
  for_each_layer(p, pixels, latents,
                 [&](Layer& layer, const std::string& name, std::size_t columns, std::size_t rows,
                     std::int16_t, std::int16_t) {
                   in.context = name + ": ";
                   layer = read_layer(in, rows == 0 ? *width++ : rows, columns);
                 });
  in.context.clear();
  in.check_crc("checksum", 0, "the file is damaged");
  if (in.left() != 0) in.fail(Status::kTrailing, "end", "bytes follow the checksum");
  return p;
}

std::vector<Dense> dense(const std::vector<Layer>& layers) {
  return {layers.begin(), layers.end()};
}

}  // namespace

Model::Model(Parameters parameters) {
  const std::string wrong = what_is_wrong(parameters);
  if (!wrong.empty()) refuse("vae::Model", "parameters", "no model", wrong);
  const auto file = write_model(parameters);
  std::uint32_t digest = 0;
  for (std::size_t i = 0; i < 4; ++i) digest |= std::uint32_t{file[file.size() - 4 + i]} << 8 * i;
  Network network{dense(parameters.recogniser), Dense(parameters.mean), Dense(parameters.log2_stdd),
                  dense(parameters.generator), Dense(parameters.likelihood)};
  shared_ =
      std::make_shared<const Shared>(Shared{std::move(parameters), std::move(network), digest});
}

std::vector<std::uint8_t> write_model(const Parameters& p) {
  ByteWriter out;
  out.u32(kMagic);
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
    for (const Layer& layer : *layers) out.u32(static_cast<std::uint32_t>(layer.rows()));
  }
  for_each_layer(p, pixels, p.mean.rows(),
                 [&](const Layer& layer, const std::string&, std::size_t, std::size_t, std::int16_t,
                     std::int16_t) {
                   out.u16(static_cast<std::uint16_t>(layer.low));
                   out.u16(static_cast<std::uint16_t>(layer.high));
                   out.u32(layer.shift);
                   for (const std::int32_t v : layer.bias) out.u32(static_cast<std::uint32_t>(v));
                   for (const std::int32_t v : layer.multipliers)
                     out.u32(static_cast<std::uint32_t>(v));
                   for (const std::int16_t v : layer.weights)
                     out.u16(static_cast<std::uint16_t>(v));
                   out.pad_to_word(0);
                 });
  out.u32(out.crc(0));
  return out.take();
}

ReadModel read_model(std::span<const std::uint8_t> bytes) {
  ByteReader in(bytes);
  try {
    Parameters p = read_parameters(in);
    const std::string wrong = what_is_wrong(p);
    if (!wrong.empty()) throw Damage{Status::kBadHeader, wrong};
    return {Status::kOk, {}, Model(std::move(p))};
  } catch (const Damage& damage) {
    return {damage.status, damage.what, std::nullopt};
  }
}

}  // namespace transom::vae
