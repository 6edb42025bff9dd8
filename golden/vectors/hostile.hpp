// hostile.hpp — containers that a reader must take, and such that it must refuse. Not a public
// header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "transom/base/spec.hpp"

namespace transom::golden {

struct ContainerVector {
  unsigned id = 0;
  std::string name;
  std::string comment;
  std::vector<std::string> flags;
  unsigned version = 0;  ///< whose reader it is for
  std::vector<std::uint8_t> bytes;
  Status status = Status::kOk;
  // Of a damaged one:
  std::optional<std::size_t> parent;  ///< its place in the list
  std::string changed;
  std::uint64_t at = 0;  ///< byte from which on it differs from its parent
};

/// Good ones of both versions, each with its damaged ones. No seed changes them.
std::vector<ContainerVector> container_vectors();

/// What reading and decoding all of a container ends with.
Status container_status(const std::vector<std::uint8_t>& bytes);

}  // namespace transom::golden
