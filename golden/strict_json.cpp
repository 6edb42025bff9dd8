// strict_json.cpp — fields of JSON, read strictly.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/strict_json.hpp"

#include <fstream>

namespace transom::golden {

json read_json(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    throw DataError(path.string() + ": cannot be read");
  try {
    return json::parse(file);
  } catch (const json::exception& error) {
    throw DataError(path.string() + ": not JSON: " + error.what());
  }
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
