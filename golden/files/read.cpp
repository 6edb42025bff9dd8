// read.cpp — see read.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/files/read.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

namespace transom::files {
namespace {

constexpr std::size_t kMostPerCall = std::size_t{1} << 30;  // read() itself takes little more

}  // namespace

InputFile::InputFile(std::filesystem::path path, std::string fix)
    : path_(std::move(path)), fix_(std::move(fix)) {
  // Without O_NONBLOCK a FIFO is waited for.
  file_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file_ < 0) fail("cannot be read: " + std::generic_category().message(errno));
  struct stat stat {};
  if (fstat(file_, &stat) != 0 || !S_ISREG(stat.st_mode)) {
    close(file_);
    fail("cannot be read: not a regular file");
  }
  left_ = n_bytes_ = static_cast<std::uint64_t>(stat.st_size);
}

InputFile::~InputFile() { close(file_); }

void InputFile::fail(const std::string& what) const {
  throw FileError(path_.string(), "file", what + "; " + fix_);
}

void InputFile::read(std::uint64_t n, std::vector<std::uint8_t>& bytes) {
  n = std::min(n, left_);
  const std::size_t at = bytes.size();
  try {
    bytes.resize(static_cast<std::size_t>(at + n));
  } catch (const std::exception&) {  // std::bad_alloc, std::length_error
    throw FileError(path_.string(), "file",
                    "not enough memory for " + std::to_string(n) +
                        " bytes; take a machine with more, or split the file");
  }
  read(std::span(bytes).subspan(at));
}

std::size_t InputFile::read(std::span<std::uint8_t> to) {
  to = to.first(static_cast<std::size_t>(std::min<std::uint64_t>(to.size(), left_)));
  for (std::size_t at = 0; at != to.size();) {
    const ssize_t got = ::read(file_, to.data() + at, std::min(to.size() - at, kMostPerCall));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot be read: " + std::generic_category().message(errno));
    if (got == 0) fail("became shorter while it was read");
    at += static_cast<std::size_t>(got);
  }
  left_ -= to.size();
  return to.size();
}

void InputFile::rewind() {
  if (lseek(file_, 0, SEEK_SET) != 0) {
    fail("cannot be read: " + std::generic_category().message(errno));
  }
  left_ = n_bytes_;
}

std::vector<std::uint8_t> read_whole(const std::filesystem::path& path, const std::string& fix,
                                     std::uint64_t most) {
  InputFile file(path, fix);
  if (file.left() > most) {
    throw FileError(path.string(), "file",
                    std::to_string(file.left()) + " bytes are more than the " +
                        std::to_string(most) + " that it may have; " + fix);
  }
  std::vector<std::uint8_t> bytes;
  file.read(file.left(), bytes);
  return bytes;
}

}  // namespace transom::files
