// test_code_images.cpp — image_file.hpp, code_images.hpp, adaptive.hpp: sets of images to bytes and
// back, whole and damaged, by a small model of integers.
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/images/code_images.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "transom/base/crc32.hpp"
#include "transom/stack/bits_back.hpp"

namespace transom::vae {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Four pixels of 0..3 with two bits of a latent variable: each pixel is z or z + 1 (mod 4).
struct Toy {
  using Symbol = Pixels;
  static constexpr std::size_t kPixels = 4;

  static stack::Table one_of(std::uint32_t a, std::uint32_t b) {
    std::vector<std::uint32_t> counts(4, 1);
    counts[a % 4] += 6;
    counts[b % 4] += 6;
    return stack::Table::of_counts(counts, 4);
  }
  struct Given {
    using Symbol = Pixels;
    std::uint32_t z;
    template <stack::Stack M>
    void push(M& m, const Pixels& x) const {
      for (std::size_t i = kPixels; i-- > 0;) one_of(z, z + 1).push(m, std::uint32_t{x[i]});
    }
    template <stack::Stack M>
    Pixels pop(M& m) const {
      Pixels x;
      for (std::size_t i = 0; i < kPixels; ++i) {
        x.push_back(static_cast<std::uint8_t>(one_of(z, z + 1).pop(m)));
      }
      return x;
    }
  };
  auto bits_back() const {
    return stack::bb_ans(
        stack::Uniform(2), [](std::uint32_t z) { return Given{z}; },
        [](const Pixels& x) { return one_of(x[0], x[0] + 3u); });
  }
  template <stack::Stack M>
  void push(M& m, const Pixels& x) const {
    bits_back().push(m, x);
  }
  template <stack::Stack M>
  Pixels pop(M& m) const {
    return bits_back().pop(m);
  }
};
static_assert(ImageCodec<Toy>);

ImageSet toy_images(std::size_t n, unsigned seed = 1) {
  std::mt19937 random(seed);
  ImageSet set{{2, 2}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t z = random() % 4;
    for (std::size_t p = 0; p < Toy::kPixels; ++p) {
      set.pixels.push_back(static_cast<std::uint8_t>((z + random() % 2) % 4));
    }
  }
  return set;
}

Bytes random_bytes(std::size_t n) {
  std::mt19937 random(7);
  Bytes bytes(n);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

ImageSet sorted(const ImageSet& set) {
  std::vector<Pixels> images;
  for (std::size_t i = 0; i < set.size(); ++i) images.push_back(detail::copied(set[i]));
  std::sort(images.begin(), images.end());
  ImageSet out{set.shape, {}};
  for (const Pixels& x : images) out.pixels.insert(out.pixels.end(), x.begin(), x.end());
  return out;
}

TEST_CASE("coded images: every number of images with every carry comes back, sets sorted") {
  for (const std::size_t n : {1u, 2u, 3u, 7u, 100u}) {
    for (const std::size_t n_carried : {0u, 1u, 3u, 4u, 5u, 1000u}) {
      for (const bool multiset : {false, true}) {
        INFO(n << " images, " << n_carried << " bytes, multiset " << multiset);
        const ImageSet images = toy_images(n);
        const Bytes carried = random_bytes(n_carried);
        const EncodedImages encoded = encode_images(Toy(), 4, images, multiset, carried);
        const auto read = read_image_file(write_image_file(encoded.coded));
        REQUIRE(read.error.empty());
        REQUIRE(read.coded == encoded.coded);
        const DecodedImages decoded = decode_images(Toy(), 4, read.coded);
        REQUIRE(decoded.status == Status::kOk);
        CHECK(decoded.images == (multiset ? sorted(images) : images));
        CHECK(decoded.carried == carried);
      }
    }
  }
}

TEST_CASE(
    "coded images: what they begin with is images or carried bytes, and never more than it takes") {
  const ImageSet images = toy_images(1000);
  const auto alone = encode_images(Toy(), 4, images, false, {});
  CHECK(alone.coded.n_plain == 1);
  const auto carrying = encode_images(Toy(), 4, images, false, random_bytes(8));
  CHECK(carrying.coded.n_plain == 0);
  CHECK(encode_images(Toy(), 4, toy_images(1), false, {}).coded.n_plain == 1);
  // Latent variable and pixels are 2 + 4 log2(16 / 7) bits, a bit comes back.
  CHECK(alone.image_bits > 1000 * 5);
  CHECK(alone.image_bits < 1000 * 9);
  CHECK(alone.plain_bits >= 4);
  CHECK(carrying.plain_bits == 0);
}

TEST_CASE("coded images: a set costs what an order is worth less") {
  const ImageSet images = toy_images(200);
  const auto ordered = encode_images(Toy(), 4, images, false, random_bytes(64));
  const auto set = encode_images(Toy(), 4, images, true, random_bytes(64));
  // 200 of the 64 likely images: log2(200! / (n_1! n_2! ..)) is 1245 - about 300.
  CHECK(ordered.image_bits - set.image_bits > 800);
  CHECK(ordered.image_bits - set.image_bits < 1245);
}

/// As a model of reals would have coded them.
CodedImages in_floating_point(const ImageSet& images) {
  CodedImages coded = encode_images(Toy(), 4, images, false, {}).coded;
  coded.floating_point = {0x01234567, "here, or so", check_of(images)};
  return coded;
}

TEST_CASE("coded images: every byte flipped and every cut is an error") {
  for (const bool floating_point : {false, true}) {
    const ImageSet images = toy_images(20);
    const Bytes whole =
        write_image_file(floating_point ? in_floating_point(images)
                                        : encode_images(Toy(), 4, images, false, {}).coded);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      for (const unsigned bits : {0x01u, 0x80u, 0xffu}) {
        Bytes bytes = whole;
        bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ bits);
        CHECK_FALSE(read_image_file(bytes).error.empty());
      }
      CHECK_FALSE(read_image_file(std::span(whole).first(i)).error.empty());
    }
  }
}

/// The file with some bytes changed and its checksum mended.
Bytes forged(Bytes bytes, std::size_t at, std::initializer_list<std::uint8_t> with) {
  std::copy(with.begin(), with.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  bytes.erase(bytes.end() - 4, bytes.end());
  const std::uint32_t crc = crc32c(bytes);
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(crc >> 8 * i));
  return bytes;
}

TEST_CASE("coded images: forged fields are refused by name, or do not decode") {
  const ImageSet images = toy_images(20);
  const Bytes whole = write_image_file(encode_images(Toy(), 4, images, false, {}).coded);
  const auto error = [&](std::size_t at, std::initializer_list<std::uint8_t> with) {
    return read_image_file(forged(whole, at, with)).error;
  };
  CHECK(error(0, {'X'}).starts_with("magic: "));
  CHECK(error(4, {2}).starts_with("version: 2"));
  CHECK(error(6, {4}).starts_with("flags: "));
  CHECK(error(7, {3}).starts_with("format: "));
  CHECK(error(12, {0, 0, 0, 0}).starts_with("n_images: "));
  CHECK(error(12, {0, 0, 0, 2}).starts_with("n_images: "));
  CHECK(error(16, {0xff, 0xff, 0xff, 0xff}).starts_with("shape: "));
  CHECK(error(16, {0, 0, 8, 0, 0, 0, 8}).starts_with("pixels: "));
  CHECK(error(20, {0, 0, 0, 0}).starts_with("shape: "));
  CHECK(error(24, {21, 0, 0, 0}).starts_with("n_plain: "));
  CHECK(error(28, {0, 0, 0, 0, 0, 0, 0, 1}).starts_with("n_carried: "));
  // Numbers that may be, but are not those of the message: more images, fewer, others without the
  // model, carried bytes.
  for (const auto& [at, with] :
       {std::pair{12, 21}, {12, 19}, {12, 255}, {24, 0}, {24, 2}, {24, 20}, {28, 1}, {28, 255}}) {
    const auto read = read_image_file(
        forged(whole, static_cast<std::size_t>(at), {static_cast<std::uint8_t>(with)}));
    INFO(at << ": " << with);
    REQUIRE(read.error.empty());
    CHECK(decode_images(Toy(), 4, read.coded).status != Status::kOk);
  }
}

TEST_CASE("coded images: in floating point a file says where, and what images must come of it") {
  const ImageSet images = toy_images(20);
  const CodedImages coded = in_floating_point(images);
  const Bytes whole = write_image_file(coded);
  const auto read = read_image_file(whole);
  REQUIRE(read.error.empty());
  CHECK(read.coded == coded);
  CHECK(decode_images(Toy(), 4, read.coded).images == images);
  const auto with = [&](std::size_t at, std::initializer_list<std::uint8_t> bytes) {
    return read_image_file(forged(whole, at, bytes));
  };
  CHECK(with(6, {4}).error.starts_with("flags: 4 is not 0..3"));
  CHECK(with(44, {7}).error.starts_with("platform: its name is not printable ASCII"));
  CHECK(with(46, {0}).error.starts_with("platform: its name is not printable ASCII"));
  CHECK(with(139, {0x80}).error.starts_with("platform: its name is not printable ASCII"));
  CHECK(with(44, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}).error.starts_with("bytes of the platform's"));
  // Another fingerprint is a file's own affair; other images are not.
  CHECK(with(36, {9}).coded.floating_point->fingerprint == 0x01234509);
  const auto other = with(40, {static_cast<std::uint8_t>(whole[40] + 1)});
  CHECK(decode_images(Toy(), 4, other.coded).status == Status::kBadChecksum);
  // The flag of a file that is of integers, and of one that is not.
  const CodedImages plain = encode_images(Toy(), 4, images, false, {}).coded;
  const Bytes integers = write_image_file(plain);
  CHECK_FALSE(read_image_file(forged(integers, 6, {2})).error.empty());
  CHECK(read_image_file(forged(Bytes(whole.begin(), whole.begin() + 80), 6, {2}))
            .error.starts_with("platform: there are too few bytes"));
  const auto cleared = with(6, {0});
  REQUIRE(cleared.error.empty());
  CHECK(decode_images(Toy(), 4, cleared.coded).status != Status::kOk);
  CodedImages nameless = coded;
  nameless.floating_point->platform.clear();
  CHECK_THROWS_AS(write_image_file(nameless), PreconditionError);
}

TEST_CASE(
    "coded images: words of a message are damaged and decode to an error, or to other images") {
  const CodedImages coded = encode_images(Toy(), 4, toy_images(20), false, {}).coded;
  std::size_t n_errors = 0;
  for (std::size_t i = 0; i < coded.words.size(); ++i) {
    for (unsigned bit = 0; bit < 32; ++bit) {
      CodedImages damaged = coded;
      damaged.words[i] ^= std::uint32_t{1} << bit;
      n_errors += decode_images(Toy(), 4, damaged).status != Status::kOk;
    }
  }
  CHECK(n_errors > 32 * coded.words.size() * 9 / 10);  // the others are messages, too
}

TEST_CASE("adaptive: symbols cost their counts, and come back") {
  const Pixels symbols{0, 0, 0, 1, 0, 2, 2, 0, 0, 0, 255, 0};
  stack::Message<> m;
  m.push(Adaptive(256, symbols.size()), symbols);
  CHECK(m.pop(Adaptive(256, symbols.size())) == symbols);
  CHECK(stack::is_base(m));
  const Pixels zeros(10'000);
  m.push(Adaptive(2, zeros.size()), zeros);
  CHECK(detail::bits_of(m) <= 32 + 14);  // log2(10,001)
  CHECK_THROWS_AS(Adaptive(2, 1).push(m, {2}), PreconditionError);
  CHECK_THROWS_AS(Adaptive(2, 1).push(m, {}), PreconditionError);
  CHECK_THROWS_AS(Adaptive(0, 1), PreconditionError);
}

TEST_CASE("coded images: what cannot be written is refused") {
  CodedImages coded = encode_images(Toy(), 4, toy_images(2), false, {}).coded;
  coded.n_plain = 3;
  CHECK_THROWS_AS(write_image_file(coded), PreconditionError);
  CHECK_THROWS_AS(encode_images(Toy(), 4, {{2, 2}, {}}, false, {}), PreconditionError);
  CHECK_THROWS_AS(encode_images(Toy(), 4, {{2, 2}, {0, 0, 0, 4}}, false, {}), PreconditionError);
}

}  // namespace
}  // namespace transom::vae
