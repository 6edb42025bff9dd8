// read.hpp — regular files, in blocks; anything else is refused before it is waited for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "transom/files/errors.hpp"

namespace transom::files {

/// A regular file from its start on.
class InputFile {
 public:
  /// @param fix what to do if it cannot be read. Throws FileError, also for FIFOs and devices.
  InputFile(std::filesystem::path path, std::string fix);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  std::uint64_t left() const { return left_; }  ///< bytes that follow
  /// Appends the next n bytes, or those that are left. Throws FileError.
  void read(std::uint64_t n, std::vector<std::uint8_t>& bytes);
  /// Reads so many bytes, or those that are left, and returns how many. Throws FileError.
  std::size_t read(std::span<std::uint8_t> to);
  /// From its start again; of as many bytes as it had. Throws FileError.
  void rewind();

 private:
  [[noreturn]] void fail(const std::string& what) const;

  std::filesystem::path path_;
  std::string fix_;
  int file_ = -1;
  std::uint64_t n_bytes_ = 0;
  std::uint64_t left_ = 0;
};

/// All bytes of a regular file of at most `most`. Throws FileError.
std::vector<std::uint8_t> read_whole(const std::filesystem::path& path, const std::string& fix,
                                     std::uint64_t most = UINT64_MAX);

}  // namespace transom::files
