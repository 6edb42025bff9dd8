// peer.hpp — one entropy coder that `peers` times: a line of the table that it prints.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace transom::peers {

using Bytes = std::span<const std::uint8_t>;

/// Values coded; what decoding needs is in it, tables included.
struct Coded {
  std::size_t n_bytes = 0;
  /// Writes the values, as many as were coded. Throws if the coder says that they do not decode.
  std::function<void(std::span<std::uint8_t>)> decode;
};

struct Peer {
  std::string family;   ///< "tans", "rans", "huffman", "arith", "copy": what it is compared with
  std::string library;  ///< and its version
  std::string name;
  std::function<Coded(Bytes)> encode;
};

/// What is linked in; one file each.
void add_transom(std::vector<Peer>& peers);
void add_zstd(std::vector<Peer>& peers);
void add_htscodecs(std::vector<Peer>& peers);
void add_copies(std::vector<Peer>& peers);

}  // namespace transom::peers
