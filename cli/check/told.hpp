// told.hpp — what a user's decoder wrote: values, or steps, as hex, CSV or .npy.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "transom/codec/codec.hpp"

namespace transom::cli {

/// A line of it. What a file has no column for is not there.
struct ToldLine {
  std::optional<std::uint32_t> stream;  ///< none: lines are in the tensor's order
  std::optional<std::uint32_t> symbol;
  std::optional<std::uint64_t> state;
  std::optional<std::uint64_t> position;
  std::optional<std::uint32_t> value;  ///< pattern
};

/// The endings of the files that are read.
std::span<const char* const> told_endings();

/// Lines of a file, by its ending. Throws DataError naming file, line and field.
std::vector<ToldLine> read_told(const std::filesystem::path& file, const CodedTensor& tensor);

/// A status for each stream, by their names, apart by commas, blanks or lines. Throws DataError
/// naming `where`.
std::vector<Status> read_statuses(const std::string& text, std::size_t n_streams,
                                  const std::string& where);

}  // namespace transom::cli
