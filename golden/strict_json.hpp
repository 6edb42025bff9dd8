// strict_json.hpp — fields of JSON, read strictly: the wrong type, sign, range or shape is a
// DataError that names the field, so that a forged file never becomes a number.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include "transom/golden/errors.hpp"

namespace transom::golden {

using json = nlohmann::ordered_json;

inline constexpr int kMaxJsonDepth = 16;  ///< nesting that is read; what Transom writes has 5
inline constexpr std::uint64_t kMaxJsonBytes = std::uint64_t{1} << 24;

/// What a regular file holds. Throws files::FileError, with file and place, if it cannot be read,
/// is not JSON, or is larger or nested deeper than that; std::bad_alloc if memory is too short for
/// it.
json read_json(const std::filesystem::path& path);

/// The member of an object; DataError if it is missing.
const json& member(const json& object, std::string_view name);
/// Whether the member is there and not null.
bool has(const json& object, std::string_view name);
const json& list(const json& object, std::string_view name);
std::string text(const json& object, std::string_view name);
bool flag(const json& object, std::string_view name);
/// Bytes of a string of two hex digits each.
std::vector<std::uint8_t> hex(const json& value, std::string_view name);
inline std::vector<std::uint8_t> hex_member(const json& object, std::string_view name) {
  return hex(member(object, name), name);
}

/// An integer in the range of T; `name` is for the message.
template <class T>
T to_integer(const json& value, std::string_view name) {
  const auto refuse = [&] {
    throw DataError("field '" + std::string(name) + "': " + value.dump().substr(0, 40) +
                    " is not an integer of " + std::to_string(std::numeric_limits<T>::min()) +
                    ".." + std::to_string(std::numeric_limits<T>::max()));
  };
  if (value.is_number_unsigned()) {
    const auto n = value.get<std::uint64_t>();
    if (n <= static_cast<std::uint64_t>(std::numeric_limits<T>::max())) return static_cast<T>(n);
  } else if (value.is_number_integer() && std::is_signed_v<T>) {
    const auto n = value.get<std::int64_t>();
    if (n >= static_cast<std::int64_t>(std::numeric_limits<T>::min())) return static_cast<T>(n);
  }
  refuse();
  return 0;
}
template <class T>
T integer(const json& object, std::string_view name) {
  return to_integer<T>(member(object, name), name);
}

/// A list of integers.
template <class T>
std::vector<T> to_integers(const json& value, std::string_view name) {
  if (!value.is_array()) throw DataError("field '" + std::string(name) + "' is not a list");
  std::vector<T> numbers;
  numbers.reserve(value.size());
  for (const json& one : value) numbers.push_back(to_integer<T>(one, name));
  return numbers;
}
template <class T>
std::vector<T> integers(const json& object, std::string_view name) {
  return to_integers<T>(member(object, name), name);
}
/// A list of lists of integers.
template <class T>
std::vector<std::vector<T>> integer_rows(const json& object, std::string_view name) {
  std::vector<std::vector<T>> rows;
  for (const json& row : list(object, name)) rows.push_back(to_integers<T>(row, name));
  return rows;
}

}  // namespace transom::golden
