// interop.hpp — interoperability vectors: a table of checks, and how they read their JSON.
//
// A file is {"header": {...}, "<list>": [case, ...], ...}; what a list means is known by the name
// of its file. A check returns nothing, or the first difference (what, where, want, got). What a
// field promises is read strictly: the wrong type, sign, range or shape is a DataError that names
// it, so that a forged file never becomes a number.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common.hpp"

namespace transom::cli {

/// One line of a table of checks.
struct InteropCheck {
  std::string_view stem;  ///< the file's name without .json
  std::string_view list;
  /// Empty: both directions passed. Throws DataError on a damaged case; std::invalid_argument
  /// (a coder that refuses a case) counts as a failure.
  std::string (*check)(const json& header, const json& one);
};
std::span<const InteropCheck> interop_apack();
std::span<const InteropCheck> interop_ryg();
std::span<const InteropCheck> interop_tans();
std::span<const InteropCheck> interop_torch();
std::span<const InteropCheck> interop_torch_tables();

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

/// CRC-32 (IEEE 802.3, as zlib) in 8 hex digits.
std::string crc32_text(std::span<const std::uint8_t> bytes);

/// Empty if both are the same, else "what: index, want, got" of the first difference.
template <class A, class B>
std::string difference(std::string_view what, const A& want, const B& got) {
  const std::size_t n = std::min<std::size_t>(want.size(), got.size());
  for (std::size_t i = 0; i < n; ++i) {
    if (want[i] == got[i]) continue;
    return std::string(what) + ": index " + std::to_string(i) + ", want " +
           std::to_string(want[i]) + ", got " + std::to_string(got[i]);
  }
  if (want.size() == got.size()) return {};
  return std::string(what) + ": want " + std::to_string(want.size()) + " of them, got " +
         std::to_string(got.size());
}
template <class T>
std::string difference_of(std::string_view what, const T& want, const T& got) {
  if (want == got) return {};
  const auto shown = [](const T& value) { return json(value).dump(); };
  return std::string(what) + ": want " + shown(want) + ", got " + shown(got);
}

}  // namespace transom::cli
