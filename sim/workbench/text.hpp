// text.hpp — results as text: tables, decimals.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace transom::workbench {

/// Columns of text, the first to the left, the others to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}
  /// Cells are made printable: names may hold anything.
  void add(std::vector<std::string> row);
  void rule() { rows_.emplace_back(); }
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};
std::string fixed(double value, int decimals);

}  // namespace transom::workbench
