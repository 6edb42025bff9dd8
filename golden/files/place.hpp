// place.hpp — where an output goes, and the system calls on the way. Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "transom/files/errors.hpp"

namespace transom::files {

/// An open file.
struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
  const int number;
};

/// While it lives, signals wait; one that ends the program in another thread waits, too.
class SignalsWait {
 public:
  SignalsWait();
  ~SignalsWait();
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;

 private:
  sigset_t before_;
};

/// "TARGET: file: cannot be written: ERROR; fix".
[[noreturn]] void fail_to_write(const std::filesystem::path& target, int error);

/// What is to be kept of what is replaced.
struct Owned {
  mode_t mode;
  uid_t user;
  gid_t group;
};

/// The place of a file, behind the links that lead there.
struct Place {
  std::filesystem::path path;
  bool as_it_is;               ///< no regular file: nothing can take its place
  std::optional<Owned> there;  ///< a regular file that is replaced
};
/// Throws FileError for a folder, and for a file that may not be written.
Place place_of(const std::filesystem::path& path);

/// The folder above.
std::filesystem::path above(const std::filesystem::path& path);
/// Where links lead, also if nothing is there yet.
std::filesystem::path behind_links(std::filesystem::path path);

/// Owner and permissions of what is replaced. What an owner may not give away stays his.
void keep_owned(int file, const std::filesystem::path& target, const Owned& there);
void write_all(int file, const std::filesystem::path& target, std::span<const std::uint8_t> bytes);
/// Puts it on the disk. Throws FileError naming `target`.
void flush(int file, const std::filesystem::path& target);
/// The same of a file or folder by name.
void flush(const std::filesystem::path& path, const std::filesystem::path& target);

}  // namespace transom::files
