// copies.cpp — the marks: memcpy, and lz4, which has no entropy coder.
// SPDX-License-Identifier: Apache-2.0
#include <lz4.h>

#include <cstring>
#include <memory>
#include <stdexcept>

#include "peer.hpp"

namespace transom::peers {

void add_copies(std::vector<Peer>& peers) {
  peers.push_back({"copy", "libc", "memcpy", [](Bytes values) {
                     const auto copy = std::make_shared<const std::vector<std::uint8_t>>(
                         values.begin(), values.end());
                     return Coded{copy->size(), [copy](std::span<std::uint8_t> out) {
                                    std::memcpy(out.data(), copy->data(), out.size());
                                  }};
                   }});
  const std::string library = std::string("lz4 ") + LZ4_versionString();
  peers.push_back(
      {"copy", library, "LZ4_compress_default", [](Bytes values) {
         const auto n = static_cast<int>(values.size());
         const auto coded =
             std::make_shared<std::vector<char>>(static_cast<std::size_t>(LZ4_compressBound(n)));
         const int size = LZ4_compress_default(reinterpret_cast<const char*>(values.data()),
                                               coded->data(), n, static_cast<int>(coded->size()));
         if (size <= 0) throw std::runtime_error("peers: lz4 does not code the values");
         return Coded{static_cast<std::size_t>(size), [=](std::span<std::uint8_t> out) {
                        const int got = LZ4_decompress_safe(
                            coded->data(), reinterpret_cast<char*>(out.data()), size, n);
                        if (got != n) throw std::runtime_error("peers: lz4 does not decode");
                      }};
       }});
}

}  // namespace transom::peers
