// foreign.hpp — what the bindings of other coders share: bytes in and out, and what is damaged.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "transom/base/spec.hpp"
#include "transom/files/errors.hpp"

namespace transom::bind {

inline std::span<const std::uint8_t> bytes_of(const nanobind::bytes& bytes) {
  return {static_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
inline nanobind::bytes to_python(std::span<const std::uint8_t> bytes) {
  return nanobind::bytes(bytes.data(), bytes.size());
}

/// A damaged argument: in Python a DataError.
[[noreturn]] inline void throw_damaged(std::string_view argument, Status status) {
  throw files::DataError(std::string(argument) +
                         " is damaged: " + std::string(status_name(status)));
}

}  // namespace transom::bind
