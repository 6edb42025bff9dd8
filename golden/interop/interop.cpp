// interop.cpp — vectors of foreign coders: which checks a file wants, and how its cases fare.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/interop/interop.hpp"

#include <cstdio>
#include <stdexcept>
#include <utility>

#include "transom/base/crc32.hpp"

namespace transom::golden {
namespace {

/// Whose vectors are known: one line for each file of checks.
std::span<const InteropCheck> (*const kTables[])() = {interop_apack, interop_ryg, interop_tans,
                                                      interop_torch, interop_torch_tables};

/// The checks of a file's lists, by its name: exactly, else the longest that it begins with (a
/// second set of ryg_byte.json may be called ryg_byte-b.json).
std::string_view known_stem(const std::string& stem) {
  std::string_view best;
  for (const auto& table : kTables) {
    for (const InteropCheck& c : table()) {
      if (stem.starts_with(c.stem) && c.stem.size() > best.size()) best = c.stem;
    }
  }
  return best;
}

const InteropCheck* find_check(std::string_view stem, std::string_view list) {
  for (const auto& table : kTables) {
    for (const InteropCheck& c : table()) {
      if (c.stem == stem && c.list == list) return &c;
    }
  }
  return nullptr;
}

std::string case_name(const json& one, std::size_t index) {
  return one.is_object() && one.contains("name") && one["name"].is_string()
             ? one["name"].get<std::string>()
             : "element " + std::to_string(index);
}

/// Runs one case; what is wrong with it, or nothing.
std::string run_case(const InteropCheck& check, const json& header, const json& one) {
  try {
    return check.check(header, one);
  } catch (const std::invalid_argument& refusal) {
    return std::string("refused: ") + refusal.what();
  }
}

}  // namespace

bool is_of_schema(const json& content) {
  return content.is_object() && content.contains("header") && content["header"].is_object();
}

FileReport run_file(const std::filesystem::path& path, const json& content) {
  FileReport report{path.filename().string(), {}, {}};
  const std::string_view stem = known_stem(path.stem().string());
  for (const auto& [name, cases] : content.items()) {
    if (name == "header") continue;
    const std::string where = path.string() + ": list '" + name + "'";
    if (!cases.is_array()) throw DataError(where + " is not a list");
    ListReport list{name, cases.size(), 0, 0};
    const InteropCheck* check = find_check(stem, name);
    if (check == nullptr) list.unknown = cases.size();
    for (std::size_t i = 0; check != nullptr && i < cases.size(); ++i) {
      const std::string label = case_name(cases[i], i);
      std::string wrong;
      try {
        wrong = run_case(*check, content["header"], cases[i]);
      } catch (const DataError& error) {
        throw DataError(where + ", " + label + ": " + error.what());
      } catch (const json::exception&) {
        throw DataError(where + ", " + label + ": a field is not of the type that the list wants");
      }
      if (wrong.empty()) continue;
      ++list.failed;
      if (report.failures.size() < kFailuresShown) {
        report.failures.push_back(name + " " + label + ": " + wrong);
      }
    }
    report.lists.push_back(std::move(list));
  }
  return report;
}

std::string crc32_text(std::span<const std::uint8_t> bytes) {
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08x", crc32(bytes));
  return digits;
}

}  // namespace transom::golden
