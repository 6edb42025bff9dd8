// strict_json.cpp — fields of JSON, read strictly.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/strict_json.hpp"

#include <algorithm>
#include <new>
#include <optional>

#include "transom/base/printable.hpp"
#include "transom/files/read.hpp"

namespace transom::golden {

namespace {

constexpr std::size_t kMostParsed = 40;  ///< bytes in memory for one of the file, such as "[],[],"

/// "line 3, column 14" of a byte.
std::string place(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t column = byte - (before.rfind('\n') + 1);  // npos + 1 is 0
  return "line " + std::to_string(lines + 1) + ", column " + std::to_string(column + 1);
}

/// Where brackets first nest deeper than kMaxJsonDepth. Up to the first error of syntax this sees
/// what a parser sees, so a parser never gets deeper.
std::optional<std::size_t> too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '[' || c == '{')) {
      if (++depth > kMaxJsonDepth) return i;
    } else if (!in_string && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return {};
}

/// What stands where the parser stopped, behind its last byte.
std::string unexpected(std::string_view text, std::size_t n_read) {
  if (n_read == 0 || n_read > text.size()) return "it ends before it is complete";
  const std::size_t at = n_read - 1;
  const std::size_t n = std::max<std::size_t>(printable_bytes(text.substr(at)), 1);
  return place(text, at) + ": '" + printable(text.substr(at, n)) + "' cannot stand there";
}

}  // namespace

json read_json(const std::filesystem::path& path) {
  const auto fail = [&](const std::string& what) {
    throw files::FileError(path.string(), "json", what + "; correct the file or write it again");
  };
  const auto bytes = files::read_whole(path, "name a JSON file", kMaxJsonBytes);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (const auto at = too_deep(text)) {
    fail(place(text, *at) + ": nested deeper than " + std::to_string(kMaxJsonDepth));
  }
  // What is parsed cannot be given up where memory ends in between: its destructor allocates.
  ::operator delete(::operator new(kMostParsed* text.size()));
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    fail(unexpected(text, error.byte));
  } catch (const json::exception&) {  // of its numbers: nothing else is left
    fail("a number is out of range");
  }
  return {};
}

const json& member(const json& object, std::string_view name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  if (found == object.end()) throw DataError("field '" + std::string(name) + "' is missing");
  return *found;
}

bool has(const json& object, std::string_view name) {
  return object.is_object() && object.contains(name) && !object.find(name)->is_null();
}

const json& list(const json& object, std::string_view name) {
  const json& value = member(object, name);
  if (!value.is_array()) throw DataError("field '" + std::string(name) + "' is not a list");
  return value;
}

std::string text(const json& object, std::string_view name) {
  const json& value = member(object, name);
  if (!value.is_string()) throw DataError("field '" + std::string(name) + "' is not a string");
  return value.get<std::string>();
}

bool flag(const json& object, std::string_view name) {
  const json& value = member(object, name);
  if (!value.is_boolean()) throw DataError("field '" + std::string(name) + "' is not a boolean");
  return value.get<bool>();
}

std::vector<std::uint8_t> hex(const json& value, std::string_view name) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  const std::string* digits = value.is_string() ? value.get_ptr<const std::string*>() : nullptr;
  std::vector<std::uint8_t> bytes;
  bool good = digits != nullptr && digits->size() % 2 == 0;
  for (std::size_t i = 0; good && i < digits->size(); i += 2) {
    const int high = digit((*digits)[i]), low = digit((*digits)[i + 1]);
    good = high >= 0 && low >= 0;
    bytes.push_back(static_cast<std::uint8_t>((high * 16 + low) & 0xff));
  }
  if (!good) {
    throw DataError("field '" + std::string(name) + "' is not bytes of two hex digits, a..f small");
  }
  return bytes;
}

}  // namespace transom::golden
