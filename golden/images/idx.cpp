// idx.cpp — MNIST's form: big-endian numbers, then bytes; and gzip around it.
//
// The form is that of http://yann.lecun.com/exdb/mnist: two zeros, the type of an item (8: unsigned
// bytes), the number of dimensions, their lengths.
// SPDX-License-Identifier: Apache-2.0
#include <zlib.h>

#include <algorithm>
#include <array>
#include <climits>

#include "kinds.hpp"

namespace transom::images {
namespace {

using files::FileError;

constexpr std::uint8_t kUnsignedBytes = 8;
constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
constexpr const char* kCopy = "copy the file again";

/// The bytes of a file, inflated if they are gzipped: never more at a time than is asked for.
class Source {
 public:
  Source(const std::string& file, const Bytes& bytes) : file_(file), left_(bytes) {
    if (!is_gzip(bytes)) return;
    if (inflateInit2(&stream_, MAX_WBITS + 16) != Z_OK) throw std::bad_alloc();
    inflates_ = true;
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (inflates_) inflateEnd(&stream_);
  }

  /// Appends n bytes.
  void take(std::size_t n, Bytes& to, const char* field) {
    while (n != 0) {
      const std::size_t piece = std::min(n, kPieceBytes);
      to.resize(to.size() + piece);
      if (read(std::span(to).last(piece)) != piece) {
        throw FileError(file_, field, std::string("the file is cut; ") + kCopy);
      }
      n -= piece;
    }
  }
  std::uint32_t big_endian(const char* field) {
    Bytes bytes;
    take(4, bytes, field);
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
           std::uint32_t{bytes[2]} << 8 | bytes[3];
  }
  void expect_end() {
    std::array<std::uint8_t, 1> more{};
    if (read(more) != 0 || !left_.empty() || (inflates_ && !ended_)) {
      throw FileError(file_, "data", std::string("bytes follow the last image; ") + kCopy);
    }
  }

 private:
  std::size_t read(std::span<std::uint8_t> to) {
    if (inflates_) return inflate_to(to);
    const std::size_t n = std::min(to.size(), left_.size());
    std::copy_n(left_.begin(), n, to.begin());
    left_ = left_.subspan(n);
    return n;
  }
  std::size_t inflate_to(std::span<std::uint8_t> to) {
    stream_.next_out = to.data();
    stream_.avail_out = static_cast<uInt>(to.size());
    while (stream_.avail_out != 0 && !ended_) {
      const std::size_t given = std::min<std::size_t>(left_.size(), UINT_MAX);
      stream_.next_in = const_cast<Bytef*>(left_.data());  // zlib's interface; it only reads
      stream_.avail_in = static_cast<uInt>(given);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      left_ = left_.subspan(given - stream_.avail_in);
      ended_ = result == Z_STREAM_END;
      if (result == Z_BUF_ERROR) break;  // the file is cut
      if (result != Z_OK && !ended_) {
        throw FileError(
            file_, "gzip",
            std::string(stream_.msg != nullptr ? stream_.msg : zError(result)) + "; " + kCopy);
      }
    }
    return to.size() - stream_.avail_out;
  }

  const std::string& file_;
  std::span<const std::uint8_t> left_;
  z_stream stream_{};
  bool inflates_ = false;
  bool ended_ = false;
};

void put(Bytes& to, std::size_t number) {
  for (unsigned shift = 32; shift != 0;) {
    to.push_back(static_cast<std::uint8_t>(number >> (shift -= 8)));
  }
}

}  // namespace

bool is_gzip(const Bytes& bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

ImageSet read_idx(const std::string& file, const Bytes& bytes) {
  Source in(file, bytes);
  const std::uint32_t magic = in.big_endian("magic");
  if (magic >> 16 != 0) {
    throw FileError(file, "magic",
                    "this is no idx file, .npy or .npz; give one of them, or a folder of .png");
  }
  if ((magic >> 8 & 0xff) != kUnsignedBytes) {
    throw FileError(file, "type",
                    "items of idx type " + std::to_string(magic >> 8 & 0xff) +
                        " are no unsigned bytes (8); convert the images to bytes");
  }
  const std::uint32_t n_dims = magic & 0xff;
  if (n_dims != 2 && n_dims != 3) {
    throw FileError(file, "dimensions",
                    std::to_string(n_dims) +
                        " are not those of images, which have 2 (images, "
                        "pixels) or 3 (images, height, width)" +
                        (n_dims == 1 ? "; give the file of images, not that of labels"
                                     : "; give a file of grey images"));
  }
  const std::uint32_t n_images = in.big_endian("number of images");
  ImageSet set;
  std::uint64_t n_pixels = 1;
  for (std::uint32_t d = 1; d < n_dims; ++d) {
    set.shape.push_back(in.big_endian("shape"));
    n_pixels *= set.shape.back();
  }
  check_size(file, n_images, n_pixels);
  in.take(n_images * n_pixels, set.pixels, "pixels");
  in.expect_end();
  return set;
}

Bytes idx_bytes(const ImageSet& set) {
  Bytes bytes{0, 0, kUnsignedBytes, static_cast<std::uint8_t>(set.shape.size() + 1)};
  put(bytes, set.size());
  for (const std::uint32_t length : set.shape) put(bytes, length);
  bytes.insert(bytes.end(), set.pixels.begin(), set.pixels.end());
  return bytes;
}

Bytes gzip(const Bytes& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  Bytes packed;
  std::span<const std::uint8_t> left(bytes);
  for (int result = Z_OK; result != Z_STREAM_END;) {
    const std::size_t given = std::min<std::size_t>(left.size(), UINT_MAX);
    const std::size_t at = packed.size();
    packed.resize(at + kPieceBytes);
    stream.next_in = const_cast<Bytef*>(left.data());
    stream.avail_in = static_cast<uInt>(given);
    stream.next_out = packed.data() + at;
    stream.avail_out = static_cast<uInt>(kPieceBytes);
    result = deflate(&stream, given == left.size() ? Z_FINISH : Z_NO_FLUSH);
    left = left.subspan(given - stream.avail_in);
    packed.resize(packed.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  return packed;
}

}  // namespace transom::images
