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
constexpr std::uint8_t kMultiset = 1, kFloatingPoint = 2;  ///< flags
constexpr std::size_t kHeaderBytes = 36, kCrcBytes = 4;
constexpr std::size_t kFloatingPointBytes = 8 + kMaxPlatformBytes;
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
  std::string take_text(std::size_t n_bytes) {
    std::string text(left_.begin(), left_.begin() + static_cast<std::ptrdiff_t>(n_bytes));
    left_ = left_.subspan(n_bytes);
    return text.substr(0, text.find_last_not_of('\0') + 1);
  }
  std::size_t left() const { return left_.size(); }

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
  if (why.empty() && c.floating_point) {
    const std::string& name = c.floating_point->platform;
    why = within("bytes of the platform's name", name.size(), 1, kMaxPlatformBytes);
    const bool printable =
        std::all_of(name.begin(), name.end(), [](char ch) { return ch >= ' ' && ch <= '~'; });
    if (why.empty() && !printable) why = "platform: its name is not printable ASCII";
  }
  if (why.empty()) why = within("words", c.words.size(), kLeastWords, SIZE_MAX);
  return why;
}

}  // namespace

Bytes write_image_file(const CodedImages& coded) {
  if (const std::string why = why_not(coded); !why.empty()) {
    refuse("write_image_file", "coded", "one that cannot be", why);
  }
  Bytes bytes(kMagic.begin(), kMagic.end());
  bytes.reserve(kHeaderBytes + kFloatingPointBytes + 4 * coded.words.size() + kCrcBytes);
  put(bytes, kVersion);
  put(bytes, static_cast<std::uint8_t>((coded.multiset ? kMultiset : 0) |
                                       (coded.floating_point ? kFloatingPoint : 0)));
  put(bytes, static_cast<std::uint8_t>(coded.format));
  put(bytes, coded.model);
  put(bytes, coded.n_images);
  put(bytes, coded.shape.size() == 1 ? std::uint32_t{0} : coded.shape.front());
  put(bytes, coded.shape.back());
  put(bytes, coded.n_plain);
  put(bytes, coded.n_carried);
  if (const auto& fp = coded.floating_point) {
    put(bytes, fp->fingerprint);
    put(bytes, fp->images_check);
    bytes.insert(bytes.end(), fp->platform.begin(), fp->platform.end());
    bytes.resize(kHeaderBytes + kFloatingPointBytes);
  }
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
  if (flags > (kMultiset | kFloatingPoint)) {
    return refused("flags: " + std::to_string(flags) + " is not 0..3");
  }
  if (format >= kImageFormats) return refused("format: there is no " + std::to_string(format));
  c.multiset = (flags & kMultiset) != 0;
  c.format = static_cast<ImageFormat>(format);
  c.model = in.take<std::uint32_t>();
  c.n_images = in.take<std::uint32_t>();
  const auto height = in.take<std::uint32_t>(), width = in.take<std::uint32_t>();
  c.shape = height == 0 ? std::vector{width} : std::vector{height, width};
  c.n_plain = in.take<std::uint32_t>();
  c.n_carried = in.take<std::uint64_t>();
  if ((flags & kFloatingPoint) != 0) {
    if (in.left() < kFloatingPointBytes + kCrcBytes) {
      return refused("platform: there are too few bytes for it");
    }
    auto& fp = c.floating_point.emplace();
    fp.fingerprint = in.take<std::uint32_t>();
    fp.images_check = in.take<std::uint32_t>();
    fp.platform = in.take_text(kMaxPlatformBytes);
  }
  c.words.resize((in.left() - kCrcBytes) / 4);
  for (std::uint32_t& word : c.words) word = in.take<std::uint32_t>();
  if (const std::string why = why_not(c); !why.empty()) return refused(why);
  return {{}, std::move(c)};
}

}  // namespace transom::vae
