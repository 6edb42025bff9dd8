// htscodecs.cpp — libhtscodecs' rANS of order 0, with 4 and with 32 states, and its arithmetic
// coder.
// SPDX-License-Identifier: Apache-2.0
#include <htscodecs/arith_dynamic.h>
#include <htscodecs/rANS_static4x16.h>

extern "C" {  // the one header that does not say so itself
#include <htscodecs/htscodecs.h>
}

#include <memory>
#include <stdexcept>

#include "peer.hpp"

namespace transom::peers {
namespace {

using Bound = unsigned (*)(unsigned size, int order);
using Code = unsigned char* (*)(unsigned char*, unsigned, unsigned char*, unsigned*, int);
using Decode = unsigned char* (*)(unsigned char*, unsigned, unsigned char*, unsigned*);

Coded encode(Bytes values, Bound bound, Code code, Decode decode, int order) {
  const auto size = static_cast<unsigned>(values.size());
  const auto coded = std::make_shared<std::vector<std::uint8_t>>(bound(size, order));
  auto n = static_cast<unsigned>(coded->size());
  // The library's types are not const; it does not write what it reads.
  if (code(const_cast<unsigned char*>(values.data()), size, coded->data(), &n, order) == nullptr) {
    throw std::runtime_error("peers: htscodecs does not code the values");
  }
  coded->resize(n);
  return {n, [=](std::span<std::uint8_t> out) {
            auto n_out = static_cast<unsigned>(out.size());
            const auto n_in = static_cast<unsigned>(coded->size());
            if (decode(coded->data(), n_in, out.data(), &n_out) == nullptr || n_out != out.size()) {
              throw std::runtime_error("peers: htscodecs does not decode");
            }
          }};
}

}  // namespace

void add_htscodecs(std::vector<Peer>& peers) {
  const std::string library = std::string("htscodecs ") + htscodecs_version();
  const auto rans = [&](const char* name, int order) {
    peers.push_back({"rans", library, name, [=](Bytes values) {
                       return encode(values, rans_compress_bound_4x16, rans_compress_to_4x16,
                                     rans_uncompress_to_4x16, order);
                     }});
  };
  rans("rANS 4x16, order 0", 0);
  rans("rANS 32x16, order 0", RANS_ORDER_X32);
  peers.push_back({"arith", library, "adaptive range coder, order 0", [](Bytes values) {
                     return encode(values, arith_compress_bound, arith_compress_to,
                                   arith_uncompress_to, 0);
                   }});
}

}  // namespace transom::peers
