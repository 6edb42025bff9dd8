// place.cpp — see place.hpp; and the words of errors.
// SPDX-License-Identifier: Apache-2.0
#include "transom/files/place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "transom/base/printable.hpp"

namespace transom::files {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostMessageBytes = 8192;  ///< two longest paths; a forged name has more

const char* how_to_mend(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "free some space, or name another folder";
    case EACCES:
    case EPERM:
    case EROFS:
      return "check the permissions of the file and of its folder";
    case ENOENT:
    case ENOTDIR:
      return "make its folder, or correct the path";
    case EBUSY:
    case EXDEV:
      return "it is where a disk is mounted; name a folder below it";
    case EISDIR:
      return "name a file";
    default:
      return "check the path and the disk";
  }
}

/// A link of /proc stands for an open file, not for a name.
bool is_open_file(const fs::path& link) {
  std::error_code error;
  return fs::canonical(above(link), error).native().starts_with("/proc/");
}

}  // namespace

FileError::FileError(const std::string& file, const std::string& field, const std::string& what)
    : DataError(printable((file + ": " + field + ": " + what).substr(0, kMostMessageBytes))) {}

void fail_to_write(const fs::path& target, int error) {
  throw FileError(
      target.string(), "file",
      "cannot be written: " + std::generic_category().message(error) + "; " + how_to_mend(error));
}

fs::path above(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

fs::path behind_links(fs::path path) {
  constexpr int kMostLinks = 40;  // as the kernel has it
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(path, error); ++i) {
    path = above(path) / fs::read_symlink(path, error);  // an absolute one stands alone
  }
  return path;
}

Place place_of(const fs::path& path) {
  struct stat stat {};
  if (::stat(path.c_str(), &stat) != 0) {
    if (errno != ENOENT) fail_to_write(path, errno);
    return {behind_links(path), false, {}};
  }
  if (S_ISDIR(stat.st_mode)) fail_to_write(path, EISDIR);
  std::error_code error;
  bool as_it_is = !S_ISREG(stat.st_mode);
  for (fs::path link = path; !as_it_is && fs::is_symlink(link, error);) {
    as_it_is = is_open_file(link);
    link = above(link) / fs::read_symlink(link, error);
  }
  if (as_it_is) return {path, true, {}};
  if (faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) fail_to_write(path, errno);
  return {behind_links(path), false, Owned{stat.st_mode & 07777, stat.st_uid, stat.st_gid}};
}

void keep_owned(int file, const fs::path& target, const Owned& there) {
  if (fchown(file, there.user, there.group) != 0 && errno != EPERM) fail_to_write(target, errno);
  if (fchmod(file, there.mode) != 0) fail_to_write(target, errno);
}

void write_all(int file, const fs::path& target, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_to_write(target, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void flush(int file, const fs::path& target) {
  if (fsync(file) == 0) return;
  const bool has_none = errno == EINVAL || errno == EOPNOTSUPP;  // a file system without it
  if (!has_none) fail_to_write(target, errno);
}

void flush(const fs::path& path, const fs::path& target) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const int error = errno;
  if (file.number >= 0) return flush(file.number, target);
  const bool is_not_listed = error == EACCES && fs::is_directory(path);
  if (!is_not_listed) fail_to_write(target, error);
}

}  // namespace transom::files
