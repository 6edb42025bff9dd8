// wave.hpp — an FST file that a Verilated model writes by its name: whole, or not there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "transom/files/whole.hpp"

namespace transom::workbench {

class Wave {
 public:
  /// @param target empty: no wave. Throws FileError.
  explicit Wave(const std::string& target);
  /// For the model.
  std::string path() const { return file_ ? file_->path().string() : std::string(); }
  /// The model is gone, and its file complete. Throws FileError, also if that is cut: Verilator's
  /// writer does not tell of a disk that is full.
  void keep();

 private:
  std::string target_;
  std::optional<files::NamedFile> file_;
};

}  // namespace transom::workbench
