// interop.hpp — interoperability vectors: a table of checks, and how they read their JSON.
//
// A file is {"header": {...}, "<list>": [case, ...], ...}; what a list means is known by the name
// of its file. A check returns nothing, or the first difference (what, where, want, got).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "transom/golden/strict_json.hpp"

namespace transom::golden {

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

inline constexpr std::size_t kFailuresShown = 5;  ///< failures that are shown of each file

struct ListReport {
  std::string name;
  std::size_t cases = 0, failed = 0, unknown = 0;
};
struct FileReport {
  std::string file;
  std::vector<ListReport> lists;
  std::vector<std::string> failures;  ///< the first few

  std::size_t total(std::size_t ListReport::*count) const {
    std::size_t sum = 0;
    for (const ListReport& l : lists) sum += l.*count;
    return sum;
  }
};

/// Whether it is an object with an object "header".
bool is_of_schema(const json& content);
/// Runs every case of a file. Throws DataError naming file, list and case on a damaged one.
FileReport run_file(const std::filesystem::path& path, const json& content);

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

}  // namespace transom::golden
