// code_images.cpp — bytes at the bottom of a message, and whether images are those that were coded.
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/images/code_images.hpp"

#include "transom/base/crc32.hpp"

namespace transom::vae {

std::uint32_t check_of(const ImageSet& images) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < images.size(); ++i) sum += crc32c(images[i]);
  return sum;
}

namespace detail {

Message message_of(std::span<const std::uint8_t> carried) {
  Message m;
  m.tail().resize((carried.size() + 3) / 4);
  for (std::size_t i = 0; i < carried.size(); ++i) {
    m.tail()[i / 4] |= std::uint32_t{carried[i]} << 8 * (i % 4);
  }
  return m;
}

Status take_carried(const Message& m, std::uint64_t n_bytes, std::vector<std::uint8_t>& carried) {
  if (4 * std::uint64_t{m.tail().size()} < n_bytes) return Status::kTruncated;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(n_bytes);
  for (std::uint64_t i = 0; i < n_bytes; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(m.tail()[i / 4] >> 8 * (i % 4)));
  }
  if (m != message_of(bytes)) return Status::kBadState;
  carried = std::move(bytes);
  return Status::kOk;
}

}  // namespace detail
}  // namespace transom::vae
