// text.cpp — results as text: tables, decimals.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/text.hpp"

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "transom/base/printable.hpp"

namespace transom::workbench {
namespace {

/// The display width of UTF-8 text: its code points.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

void Table::add(std::vector<std::string> row) {
  for (std::string& cell : row) cell = printable(cell);
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::ostringstream out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (i != 0) line += "  ";
      const std::string cell = row.empty()      ? std::string(widths[i], '-')
                               : i < row.size() ? row[i]
                                                : std::string();
      const std::string gap(widths[i] - width(cell), ' ');
      line += i == 0 ? cell + gap : gap + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
  return out.str();
}

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace transom::workbench
