// image_file.cpp — see image_file.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/images/image_file.hpp"

#include <algorithm>
#include <array>

#include "transom/base/crc32.hpp"
#include "transom/vae/images/adaptive.hpp"

namespace transom::vae {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::array<std::uint8_t, 4> kMagic{'T', 'B', 'B', 'C'};
constexpr std::uint16_t kVersion = 1;
constexpr std::uint8_t kMultiset = 1;  ///< the only flag
constexpr std::size_t kHeaderBytes = 36, kCrcBytes = 4;
constexpr std::size_t kLeastWords = 2;  ///< a head
constexpr std::uint64_t kMostCarried = std::uint64_t{1} << 40;

template <class T>
void put(Bytes& to, T number) {
  for (unsigned shift = 0; shift < 8 * sizeof(T); shift += 8) {
    to.push_back(static_cast<std::uint8_t>(number >> shift));
  }
}

class Fields {
 public:
  explicit Fields(std::span<const std::uint8_t> bytes) : left_(bytes) {}
  template <class T>
  T take() {
    T number = 0;
    for (unsigned i = 0; i < sizeof(T); ++i) {
      number = static_cast<T>(number | static_cast<T>(T{left_[i]} << 8 * i));
    }
    left_ = left_.subspan(sizeof(T));
    return number;
  }

 private:
  std::span<const std::uint8_t> left_;
};

/// Empty, or which field cannot be.
std::string why_not(const CodedImages& c) {
  const auto within = [](const char* field, std::uint64_t n, std::uint64_t least,
                         std::uint64_t most) -> std::string {
    if (n >= least && n <= most) return {};
    return std::string(field) + ": " + std::to_string(n) + " is not in " + std::to_string(least) +
           ".." + std::to_string(most);
  };
  std::string why = within("n_images", c.n_images, 1, kMaxImages);
  if (why.empty()) why = within("dimensions", c.shape.size(), 1, 2);
  for (const std::uint32_t length : c.shape) {
    if (why.empty()) why = within("shape", length, 1, kMaxPixels);
  }
  if (why.empty()) why = within("pixels", c.n_pixels(), 1, kMaxPixels);
  if (why.empty()) why = within("n_plain", c.n_plain, 0, c.n_images);
  if (why.empty()) why = within("plain pixels", c.n_plain * c.n_pixels(), 0, kMaxPlainPixels);
  if (why.empty()) why = within("n_carried", c.n_carried, 0, kMostCarried);
  if (why.empty()) why = within("words", c.words.size(), kLeastWords, SIZE_MAX);
  return why;
}

}  // namespace

Bytes write_image_file(const CodedImages& coded) {
  if (const std::string why = why_not(coded); !why.empty()) {
    refuse("write_image_file", "coded", "one that cannot be", why);
  }
  Bytes bytes(kMagic.begin(), kMagic.end());
  bytes.reserve(kHeaderBytes + 4 * coded.words.size() + kCrcBytes);
  put(bytes, kVersion);
  put(bytes, static_cast<std::uint8_t>(coded.multiset ? kMultiset : 0));
  put(bytes, static_cast<std::uint8_t>(coded.format));
  put(bytes, coded.model);
  put(bytes, coded.n_images);
  put(bytes, coded.shape.size() == 1 ? std::uint32_t{0} : coded.shape.front());
  put(bytes, coded.shape.back());
  put(bytes, coded.n_plain);
  put(bytes, coded.n_carried);
  for (const std::uint32_t word : coded.words) put(bytes, word);
  put(bytes, crc32c(bytes));
  return bytes;
}

ReadImageFile read_image_file(std::span<const std::uint8_t> bytes) {
  const auto refused = [](const std::string& why) {
    return ReadImageFile{why + "; the file is damaged, encode the images again", {}};
  };
  if (bytes.size() < kMagic.size() || !std::equal(kMagic.begin(), kMagic.end(), bytes.begin())) {
    return {"magic: this is no file of coded images; give what `transom bbans encode` wrote", {}};
  }
  constexpr std::size_t kLeast = kHeaderBytes + 4 * kLeastWords + kCrcBytes;
  if (bytes.size() < kLeast || bytes.size() % 4 != 0) {
    return refused("size: " + std::to_string(bytes.size()) + " bytes are no header with words");
  }
  const std::size_t end = bytes.size() - kCrcBytes;
  if (crc32c(bytes.first(end)) != Fields(bytes.subspan(end)).take<std::uint32_t>()) {
    return refused("crc: it is not that of the bytes before it");
  }
  Fields in(bytes.subspan(kMagic.size()));
  if (const auto version = in.take<std::uint16_t>(); version != kVersion) {
    return {"version: " + std::to_string(version) + " is not 1; decode it with a later transom",
            {}};
  }
  CodedImages c;
  const auto flags = in.take<std::uint8_t>();
  const auto format = in.take<std::uint8_t>();
  if (flags > kMultiset) return refused("flags: " + std::to_string(flags) + " is not 0 or 1");
  if (format >= kImageFormats) return refused("format: there is no " + std::to_string(format));
  c.multiset = flags == kMultiset;
  c.format = static_cast<ImageFormat>(format);
  c.model = in.take<std::uint32_t>();
  c.n_images = in.take<std::uint32_t>();
  const auto height = in.take<std::uint32_t>(), width = in.take<std::uint32_t>();
  c.shape = height == 0 ? std::vector{width} : std::vector{height, width};
  c.n_plain = in.take<std::uint32_t>();
  c.n_carried = in.take<std::uint64_t>();
  c.words.resize((end - kHeaderBytes) / 4);
  for (std::uint32_t& word : c.words) word = in.take<std::uint32_t>();
  if (const std::string why = why_not(c); !why.empty()) return refused(why);
  return {{}, std::move(c)};
}

}  // namespace transom::vae
