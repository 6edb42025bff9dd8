// driver.cpp — a line "SHA-256 what" for all that model and golden write: the same on every
// machine.
//
// Containers of every coding, width and spread, their tables in both forms, damaged containers with
// what is said of them, every foreign format, released APack tables (which have binary32 in them),
// messages, tables of real parameters, networks of integers, files of coded images, .npy files,
// folders, vectors.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <numeric>

#include "../random.hpp"
#include "../vae/vae_models.hpp"
#include "transom/container/container.hpp"
#include "transom/foreign/apack_table.hpp"
#include "transom/foreign/format/format.hpp"
#include "transom/foreign/released_search.hpp"
#include "transom/golden/tally/sha256.hpp"
#include "transom/golden/trace.hpp"
#include "transom/golden/vectors.hpp"
#include "transom/plan/plan.hpp"
#include "transom/stack/combinators.hpp"
#include "transom/stack/flatten.hpp"
#include "transom/stack/multiset.hpp"
#include "transom/stack/real.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise.hpp"
#include "transom/vae/coder.hpp"
#include "transom/vae/images/code_images.hpp"

namespace {

using namespace transom;
using support::Random;
namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

void say(const std::string& what, const Bytes& bytes) {
  golden::Sha256 hash;
  hash.add(bytes);
  std::cout << hash.hex() << ' ' << what << '\n';
}

/// Words as little-endian bytes: memory's own order is not what is compared.
Bytes bytes_of(std::span<const std::uint32_t> words) {
  Bytes bytes;
  for (const std::uint32_t word : words) {
    for (unsigned shift = 0; shift < 32; shift += 8)
      bytes.push_back(static_cast<std::uint8_t>(word >> shift));
  }
  return bytes;
}

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

/// Small magnitudes are frequent, as in a network.
Tensor tensor_of(const DType& dtype, std::uint32_t n, Random& random) {
  Tensor tensor{"tensor", dtype, {n}, {}};
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint32_t draw = random() & random() & random();
    tensor.values.push_back(
        to_pattern(static_cast<std::int32_t>(draw >> (32 - dtype.bits)) / 2, dtype));
  }
  return tensor;
}

/// Each damaged container with its status and the words that name the place.
Bytes what_is_said_of_damage(const Bytes& good, Random& random) {
  std::string said;
  for (unsigned i = 0; i < 64; ++i) {
    Bytes bad = good;
    if (random() % 4 == 0) {
      bad.resize(random() % bad.size());
    } else {
      bad[random() % bad.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
    }
    const Parsed parsed = parse_container(bad);
    said += std::string(status_name(parsed.status)) + parsed.what;
    for (const CodedTensor& tensor : parsed.tensors) {
      const Decoded decoded = decode(tensor);
      said += status_name(decoded.status);
      for (const value_t value : decoded.values) said += std::to_string(value) + ' ';
    }
  }
  return bytes_of(said);
}

void codings() {
  Random random(1);
  for (const Codec& c : codecs()) {
    for (const unsigned bits : {1u, 2u, 4u, 5u, 8u, 11u, 16u}) {
      for (const bool is_signed : {false, true}) {
        for (const Spread spread : {Spread::kStep, Spread::kExact, Spread::kTuned}) {
          const Tensor tensor =
              tensor_of({static_cast<std::uint8_t>(bits), is_signed}, 700, random);
          PlanOptions options;
          options.coding = c.coding;
          options.spread = spread;
          options.n_streams = 3;
          const CodedTensor coded = encode_best(tensor, options);
          const std::string name = std::string(c.name) + ' ' + std::to_string(bits) + " bits " +
                                   (is_signed ? "signed" : "unsigned") + " spread " +
                                   std::to_string(static_cast<int>(spread));
          const Bytes bytes = write_container({&coded, 1});
          say(name, bytes);
          const Codec& used = codec(coded.code.coding);
          say(name + ": table", bytes_of(used.make_table(coded.code)));
          say(name + ": unit table", bytes_of(used.make_unit_table(coded.code)));
          say(name + ": damaged", what_is_said_of_damage(bytes, random));
        }
      }
    }
  }
}

void formats() {
  Random random(2);
  for (const foreign::ForeignFormat& format : foreign::foreign_formats()) {
    foreign::ForeignStream stream;
    stream.scale_bits = std::clamp(10u, format.least_bits, format.most_bits);
    stream.n_states = format.n_states == 0 ? 2 : format.n_states;
    std::vector<std::uint32_t> counts(format.has_escape ? 65 : 64);
    for (std::uint32_t& count : counts) count = 1 + (random() & random()) % 1000;
    stream.freq = quantise(counts, std::min(stream.scale_bits, kMaxTableLog), Cover::kEvery);
    for (std::uint32_t& f : stream.freq)
      f <<= stream.scale_bits - std::min(stream.scale_bits, kMaxTableLog);
    std::vector<std::uint8_t> symbols(3000);
    for (std::uint8_t& symbol : symbols)
      symbol = static_cast<std::uint8_t>((random() & random()) % 64);
    foreign::encode_foreign(format, symbols, stream);
    if (foreign::decode_foreign(format, stream).symbols != symbols)
      throw std::logic_error(format.name);
    say("format " + format.name, stream.bytes);
  }
}

void apack_tables() {
  Random random(3);
  for (const unsigned bits : {4u, 8u}) {
    const Tensor tensor = tensor_of({static_cast<std::uint8_t>(bits), true}, 5000, random);
    const auto searched = foreign::apack::released_search(histogram(tensor.values, bits), bits);
    say("released search " + std::to_string(bits),
        bytes_of(foreign::apack::write_table(searched.rows)));
  }
}

/// Every file below a folder, by its name.
void say_folder(const std::string& what, const fs::path& folder) {
  std::map<std::string, fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      files[fs::relative(entry.path(), folder).generic_string()] = entry.path();
  }
  for (const auto& [name, path] : files) {
    std::ifstream file(path, std::ios::binary);
    say(what + ' ' + name, {std::istreambuf_iterator<char>(file), {}});
  }
}

void folders(const fs::path& folder) {
  Random random(4);
  std::vector<Tensor> tensors;
  for (const DType dtype :
       {DType{8, true}, DType{8, false}, DType{4, true}, DType{16, true}, DType{16, false},
        float_dtype(0), float_dtype(1), float_dtype(2), float_dtype(3)}) {
    tensors.push_back(tensor_of(dtype, 100, random));
    tensors.back().name += std::to_string(tensors.size());
  }
  golden::write_trace(folder / "trace", tensors, {"driver", "", "", ""});
  if (golden::read_trace(folder / "trace") != tensors)
    throw std::logic_error("a trace is not what was written");
  say_folder("trace", folder / "trace");
  (void)golden::write_vectors(folder / "vectors", 1);
  say_folder("vectors", folder / "vectors");
}

/// Messages of integers; and the tables of real parameters, which are as good as the C library.
void messages() {
  using namespace stack;
  Random random(5);
  std::vector<Table> each;
  for (unsigned i = 0; i < 21; ++i) {
    std::vector<std::uint32_t> counts(1 + random() % 40);
    for (std::uint32_t& count : counts) count = 1 + random() % 100;
    const unsigned R = 12 + i % 20;
    counts.push_back((1u << R) - std::accumulate(counts.begin(), counts.end(), 0u));
    each.push_back(Table::of_counts(counts, R));
  }
  const auto full = random_message(21, 200, random);
  auto m = full;
  std::vector<std::uint32_t> popped;
  try {
    for (;;) {
      const auto symbols = m.pop(lanes(each));
      popped.insert(popped.end(), symbols.begin(), symbols.end());
    }
  } catch (const UnderflowError&) {
  }
  say("symbols popped", bytes_of(popped));
  say("message popped", bytes_of(flatten_raw(m)));
  say("message folded", bytes_of(flatten(full)));
  auto set = random_message<Rans64x32Full>(1, 400, random);
  set.push(multiset(Uniform(8), 300), std::vector<std::uint32_t>(300, random() % 256));
  set.push(repeat(Counts(std::vector<std::uint32_t>{3, 1, 5}), 99),
           std::vector<std::uint32_t>(99, 2));
  say("message of a set", bytes_of(flatten(set)));

  const auto bins = std_gaussian_bins(10);
  const auto bins32 = std_gaussian_bins<float>(8);
  for (int i = 0; i < 20; ++i) {
    const double a = random() / 4294967296.0 - 0.5, b = random() / 4294967296.0 + 0.1;
    const std::string name = "real parameters " + std::to_string(i) + ": ";
    const auto say_table = [&](const char* what, const Table& table) {
      say(name + what, bytes_of(table.cdf()));
    };
    say_table("gaussian", gaussian(bins, a, b, 16).table());
    say_table(
        "gaussian in float",
        gaussian(bins32, static_cast<float>(a), static_cast<float>(b), 14, Halves::kEven).table());
    say_table("in uniform bins", gaussian_in_uniform_bins(a, b, -2, 2, 16, 1000));
    say_table("logistic", logistic(a, -b, 16, 8, -1, 1));
    say_table("beta-binomial", beta_binomial(255, 5 * b, 3 * (a + 1), 14));
    say_table("binomial", binomial(255, a + 0.5, 14));
    say_table("beta", beta_latent({b, 1 - a}, {3 * b, 2}, 6, 14));
  }
}

vae::ImageSet sorted(const vae::ImageSet& images) {
  std::vector<Bytes> each;
  for (std::size_t i = 0; i < images.size(); ++i) {
    each.emplace_back(images[i].begin(), images[i].end());
  }
  std::ranges::sort(each);
  vae::ImageSet all{images.shape, {}};
  for (const Bytes& image : each) all.pixels.insert(all.pixels.end(), image.begin(), image.end());
  return all;
}

/// Files of coded images as the command writes them, in order and as a set, and all come back.
void coded_images(const std::string& name, const vae::Model& model, const vae::ImageSet& images) {
  vae::Coder coder(model);
  const std::uint32_t n_levels = model.largest_pixel() + 1u;
  const Bytes carried = bytes_of("carried");
  for (const bool multiset : {false, true}) {
    auto encoded = vae::encode_images(vae::Image(coder), n_levels, images, multiset, carried);
    encoded.coded.model = model.digest();
    const Bytes file = vae::write_image_file(encoded.coded);
    say(name + (multiset ? ": file of a set" : ": file"), file);
    const auto read = vae::read_image_file(file);
    const auto decoded = vae::decode_images(vae::Image(coder), n_levels, read.coded);
    say(name + (multiset ? ": decoded set" : ": decoded"), decoded.images.pixels);
    if (decoded.status != Status::kOk || decoded.carried != carried ||
        decoded.images != (multiset ? sorted(images) : images)) {
      throw std::logic_error(name + ": what is decoded is not what was encoded");
    }
  }
}

/// Models of integers and what they make of images.
void networks() {
  for (const auto observation : {vae::Observation::kBernoulli, vae::Observation::kBetaBinomial}) {
    for (const unsigned particles_log : {0u, 2u}) {
      const vae::Model model(support::random_model({observation, 60, 9, particles_log}, 6));
      const std::string name = "network " + std::to_string(static_cast<int>(observation)) + ' ' +
                               std::to_string(model.particles());
      say(name, vae::write_model(model.parameters()));
      vae::Coder coder(model);
      Random random(7);
      auto m = stack::random_message(1, 300, random);
      for (int i = 0; i < 50; ++i) coder.push(m, support::random_image(model, random));
      say(name + ": images pushed", bytes_of(flatten(m)));
      Bytes popped(model.pixels()), all;
      for (int i = 0; i < 60; ++i) {
        coder.pop(m, popped);
        all.insert(all.end(), popped.begin(), popped.end());
      }
      say(name + ": images popped", all);
      coded_images(name, model, {{6, 10}, all});
    }
  }
}

/// A recorded set of images, whole, by a model of them.
void image_set(const fs::path& model_file, const fs::path& images) {
  std::ifstream file(model_file, std::ios::binary);
  const Bytes bytes((std::istreambuf_iterator<char>(file)), {});
  const vae::ReadModel read = vae::read_model(bytes);
  if (!read.model) throw std::runtime_error(model_file.string() + ": " + read.what);
  const golden::NpyArray array = golden::read_npy(images);
  const std::vector<std::uint32_t> shape(array.tensor.shape.begin() + 1, array.tensor.shape.end());
  const Bytes pixels(array.tensor.values.begin(), array.tensor.values.end());
  coded_images(images.filename().string(), *read.model, {shape, pixels});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc % 2 != 0) {
    std::cerr << "usage: driver FOLDER [MODEL.tvae IMAGES.npy]...\n"
                 "FOLDER is for files and must not exist\n";
    return 2;
  }
  codings();
  formats();
  apack_tables();
  messages();
  networks();
  for (int i = 2; i < argc; i += 2) image_set(argv[i], argv[i + 1]);
  fs::create_directory(argv[1]);
  folders(argv[1]);
}
