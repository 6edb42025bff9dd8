// code_images.hpp — a set of images on one message, with what it begins with, and back.
//
// Bits-back coding takes bits before it gives any. They come from data to be stored anyway: bytes
// that are carried, which lie at the bottom, and the last images, coded by their own pixel counts,
// as many as it takes for the first bits-back step, often one or two. So nothing is invented, and
// what is left at the end of decoding must be the carried bytes and nothing else.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <functional>

#include "transom/base/spec.hpp"
#include "transom/stack/combinators.hpp"
#include "transom/stack/flatten.hpp"
#include "transom/stack/multiset.hpp"
#include "transom/vae/images/adaptive.hpp"
#include "transom/vae/images/image_file.hpp"

namespace transom::vae {

using Pixels = std::vector<std::uint8_t>;  ///< of one image

/// Codes one image.
template <class C>
concept ImageCodec = stack::Codec<C> && std::same_as<typename C::Symbol, Pixels>;

/// Told how many images are done.
using Done = std::function<void(std::size_t n_done)>;

struct EncodedImages {
  CodedImages coded;             ///< without a model's digest, a format and floating_point
  std::uint64_t image_bits = 0;  ///< that all images added to the message
  std::uint64_t plain_bits = 0;  ///< of these, by those without the model
};
struct DecodedImages {
  Status status;  ///< kTruncated: words are missing; kBadState: what is left was not there before;
                  ///< kBadChecksum: other images than those that a model of reals coded
  ImageSet images;
  std::vector<std::uint8_t> carried;
};

namespace detail {

using Message = stack::Message<>;

inline Pixels copied(std::span<const std::uint8_t> image) { return {image.begin(), image.end()}; }

/// A message that holds bytes, in words whose last one is filled with zeros.
Message message_of(std::span<const std::uint8_t> carried);
/// The inverse; kBadState if the message is not like that.
Status take_carried(const Message& m, std::uint64_t n_bytes, std::vector<std::uint8_t>& carried);

/// A message's bits: floor(log2) of its head, and its words.
inline std::uint64_t bits_of(const Message& m) {
  return 32 * std::uint64_t{m.tail().size()} + static_cast<unsigned>(std::bit_width(m.heads()[0]));
}

/// An image codec that tells when it has done an image.
template <ImageCodec C>
class Counted {
 public:
  using Symbol = Pixels;
  Counted(const C& codec, const Done& done) : codec_(codec), done_(done) {}
  template <stack::Stack M>
  void push(M& m, const Pixels& image) const {
    codec_.push(m, image);
    step();
  }
  template <stack::Stack M>
  Pixels pop(M& m) const {
    Pixels image = codec_.pop(m);
    step();
    return image;
  }

 private:
  void step() const {
    ++n_done_;
    if (done_) done_(n_done_);
  }
  const C& codec_;
  const Done& done_;
  mutable std::size_t n_done_ = 0;
};

template <ImageCodec C>
void push_modelled(const C& codec, const ImageSet& images, std::size_t n, bool multiset,
                   const Done& done, Message& m) {
  const Counted<C> counted(codec, done);
  if (!multiset) {
    for (std::size_t i = n; i-- > 0;) counted.push(m, copied(images[i]));
    return;
  }
  std::vector<Pixels> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(copied(images[i]));
  stack::multiset(counted, n).push(m, all);
}

template <ImageCodec C>
std::vector<Pixels> pop_modelled(const C& codec, std::size_t n, bool multiset, const Done& done,
                                 Message& m) {
  const Counted<C> counted(codec, done);
  return multiset ? stack::multiset(counted, n).pop(m) : stack::repeat(counted, n).pop(m);
}

}  // namespace detail

/// Images of values 0 .. n_levels - 1, the last n_plain of them without the model. Throws
/// UnderflowError if that leaves too few bits for the first of the others.
template <ImageCodec C>
EncodedImages encode_images(const C& codec, std::uint32_t n_levels, const ImageSet& images,
                            std::uint32_t n_plain, bool multiset,
                            std::span<const std::uint8_t> carried, const Done& done) {
  const std::size_t n = images.size(), n_modelled = n - n_plain;
  auto m = detail::message_of(carried);
  const std::uint64_t before = detail::bits_of(m);
  const auto plain = std::span(images.pixels).subspan(n_modelled * images.n_pixels());
  Adaptive(n_levels, plain.size()).push(m, detail::copied(plain));
  const std::uint64_t begun = detail::bits_of(m);
  detail::push_modelled(codec, images, n_modelled, multiset, done, m);
  EncodedImages out;
  out.image_bits = detail::bits_of(m) - before;
  out.plain_bits = begun - before;
  out.coded.multiset = multiset;
  out.coded.n_images = static_cast<std::uint32_t>(n);
  out.coded.shape = images.shape;
  out.coded.n_plain = n_plain;
  out.coded.n_carried = carried.size();
  out.coded.words = stack::flatten(std::move(m));
  return out;
}

/// With as few images without the model as there must be. Throws unless there are images, and as
/// the codec for those that it does not take.
template <ImageCodec C>
EncodedImages encode_images(const C& codec, std::uint32_t n_levels, const ImageSet& images,
                            bool multiset, std::span<const std::uint8_t> carried,
                            const Done& done = {}) {
  require_range("encode_images", "number of images", images.size(), 1, kMaxImages);
  for (std::uint32_t n_plain = 0;; ++n_plain) {
    try {
      return encode_images(codec, n_levels, images, n_plain, multiset, carried, done);
    } catch (const stack::UnderflowError&) {
      if (n_plain == images.size()) throw;
    }
  }
}

/// @param coded of this codec's model
template <ImageCodec C>
DecodedImages decode_images(const C& codec, std::uint32_t n_levels, const CodedImages& coded,
                            const Done& done = {}) {
  auto read = stack::unflatten(coded.words);
  if (read.status != Status::kOk) return {read.status, {}, {}};
  auto& m = read.message;
  DecodedImages out{Status::kOk, {coded.shape, {}}, {}};
  try {
    std::vector<Pixels> images =
        detail::pop_modelled(codec, coded.n_images - coded.n_plain, coded.multiset, done, m);
    const std::size_t n_pixels = out.images.n_pixels();
    const Pixels plain = Adaptive(n_levels, coded.n_plain * n_pixels).pop(m);
    for (std::size_t i = 0; i < plain.size(); i += n_pixels) {
      images.push_back(detail::copied(std::span(plain).subspan(i, n_pixels)));
    }
    if (coded.multiset) std::sort(images.begin(), images.end());
    for (Pixels& image : images) {
      out.images.pixels.insert(out.images.pixels.end(), image.begin(), image.end());
      Pixels().swap(image);
    }
  } catch (const stack::UnderflowError&) {
    return {Status::kTruncated, {}, {}};
  } catch (const stack::SlotError&) {
    return {Status::kBadState, {}, {}};
  }
  out.status = detail::take_carried(m, coded.n_carried, out.carried);
  if (out.status == Status::kOk && coded.floating_point &&
      check_of(out.images) != coded.floating_point->images_check) {
    out.status = Status::kBadChecksum;
  }
  return out;
}

}  // namespace transom::vae
