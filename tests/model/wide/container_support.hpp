// container_support.hpp — the values of a container, if nothing is wrong with it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "transom/container/container.hpp"

namespace transom::container_support {

using Bytes = std::vector<std::uint8_t>;

/// The values of all tensors, or nothing if any check fails anywhere.
inline std::optional<std::vector<std::vector<value_t>>> decode_all(const Bytes& bytes) {
  const Parsed parsed = parse_container(bytes);
  if (parsed.status != Status::kOk) {
    REQUIRE(!parsed.what.empty());
    REQUIRE(parsed.tensors.empty());
    return std::nullopt;
  }
  std::vector<std::vector<value_t>> all;
  for (const CodedTensor& tensor : parsed.tensors) {
    Decoded decoded = decode(tensor);
    if (decoded.status != Status::kOk) return std::nullopt;
    all.push_back(std::move(decoded.values));
  }
  return all;
}

}  // namespace transom::container_support
