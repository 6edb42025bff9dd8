// whole.cpp — see whole.hpp. To the disk first, then to its place, then the place to the disk.
// SPDX-License-Identifier: Apache-2.0
#include "transom/files/whole.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <utility>
#include <vector>

#include "transom/base/precondition.hpp"
#include "transom/files/place.hpp"

namespace transom::files {
namespace {

namespace fs = std::filesystem;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Whoever may read it may run it.
void make_executable(int file, const fs::path& target) {
  struct stat stat {};
  if (fstat(file, &stat) != 0 || fchmod(file, stat.st_mode | (stat.st_mode & 0444) >> 2) != 0) {
    fail_to_write(target, errno);
  }
}

/// To the disk, still under its hidden name.
void finish(int file, const Place& place) {
  if (place.there) keep_owned(file, place.path, *place.there);
  flush(file, place.path);
}

/// From its hidden name to its place.
void put(int file, const fs::path& from, const Place& place) {
  finish(file, place);
  if (rename(from.c_str(), place.path.c_str()) != 0) fail_to_write(place.path, errno);
  flush(above(place.path), place.path);
}

/// Each takes the other's name. False, with errno, where the file system cannot.
bool exchange(const fs::path& a, const fs::path& b) {
  return renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0;
}
bool cannot_exchange() { return errno == EINVAL || errno == ENOSYS; }

/// A file that can be taken back.
class Step {
 public:
  Step(const fs::path& path, std::span<const std::uint8_t> bytes)
      : place_(place_of(path)), made_(place_.path, Temporary::Kind::kFile) {
    write_all(made_.file(), place_.path, bytes);
    finish(made_.file(), place_);
  }
  const fs::path& place() const { return place_.path; }
  /// False, with errno, if it could not be taken.
  bool take() {
    exchanged_ = place_.there && exchange(made_.path(), place_.path);
    if (exchanged_) return true;
    if (place_.there && !cannot_exchange()) return false;
    return rename(made_.path().c_str(), place_.path.c_str()) == 0;
  }
  void take_back() {
    if (exchanged_) exchange(made_.path(), place_.path);
    if (!place_.there) unlink(place_.path.c_str());
  }

 private:
  Place place_;
  Temporary made_;
  bool exchanged_ = false;
};

/// Puts a folder's files on the disk: all of the disk's, in one go. A thousand times fsync would
/// take seconds, as each waits for the journal.
void flush_files(int folder, const fs::path& target) {
  if (syncfs(folder) != 0) fail_to_write(target, errno);
}

fs::path folder_place(const fs::path& path) {
  std::error_code error;
  const fs::path named = path.has_filename() ? path : path.parent_path();  // "out/" is out
  fs::path place = fs::weakly_canonical(behind_links(named), error);
  if (error || place.empty()) fail_to_write(path, error ? error.value() : ENOENT);
  return place;
}

/// The program's own folder must not be replaced under it, or under the shell that called it.
bool is_at_work_in(const fs::path& folder) {
  const fs::path here = fs::current_path();
  return std::mismatch(folder.begin(), folder.end(), here.begin(), here.end()).first ==
         folder.end();
}

}  // namespace

void write_whole(const fs::path& path, std::span<const std::uint8_t> bytes, bool executable) {
  const Place place = place_of(path);
  if (place.as_it_is) {
    const Descriptor file(open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
    if (file.number < 0) fail_to_write(path, errno);
    return write_all(file.number, path, bytes);
  }
  Temporary temporary(place.path, Temporary::Kind::kFile);
  write_all(temporary.file(), place.path, bytes);
  if (executable) make_executable(temporary.file(), place.path);
  put(temporary.file(), temporary.path(), place);
}

void write_whole(const fs::path& path, std::string_view text, bool executable) {
  write_whole(path, bytes_of(text), executable);
}

WholeFile::WholeFile(const fs::path& target) : target_(target) {
  const Place place = place_of(target);
  if (place.as_it_is) return;
  place_ = std::make_unique<Place>(place);
  temporary_.emplace(place.path, Temporary::Kind::kFile);
}

WholeFile::~WholeFile() = default;

void WholeFile::append(std::span<const std::uint8_t> bytes) {
  n_bytes_ += bytes.size();
  if (temporary_) return write_all(temporary_->file(), place_->path, bytes);
  held_.insert(held_.end(), bytes.begin(), bytes.end());
}

void WholeFile::overwrite(std::uint64_t at, std::span<const std::uint8_t> bytes) {
  require_range("WholeFile::overwrite", "end of the bytes", at + bytes.size(), at, n_bytes_);
  if (!temporary_) {
    std::copy(bytes.begin(), bytes.end(), held_.begin() + static_cast<std::ptrdiff_t>(at));
    return;
  }
  const int file = temporary_->file();
  if (lseek(file, static_cast<off_t>(at), SEEK_SET) < 0) fail_to_write(place_->path, errno);
  write_all(file, place_->path, bytes);
  if (lseek(file, 0, SEEK_END) < 0) fail_to_write(place_->path, errno);
}

void WholeFile::keep(std::span<const std::uint8_t> start) {
  require_range("WholeFile::keep", "bytes of the start", start.size(), 0, n_bytes_);
  overwrite(0, start);
  if (!temporary_) return write_whole(target_, held_);
  put(temporary_->file(), temporary_->path(), *place_);
  temporary_.reset();
}

void write_pair(const fs::path& first, std::span<const std::uint8_t> first_bytes,
                const fs::path& second, std::span<const std::uint8_t> second_bytes) {
  if (place_of(first).as_it_is || place_of(second).as_it_is) {
    write_whole(first, first_bytes);
    return write_whole(second, second_bytes);
  }
  Step a(first, first_bytes);
  Step b(second, second_bytes);
  {
    const SignalsWait wait;
    if (!a.take()) fail_to_write(a.place(), errno);
    if (!b.take()) {
      const int error = errno;
      a.take_back();
      fail_to_write(b.place(), error);
    }
  }
  flush(above(a.place()), a.place());
}

NamedFile::NamedFile(const fs::path& target) : target_(target) {
  const Place place = place_of(target);
  if (place.as_it_is) {
    path_ = target;
    return;
  }
  folder_.emplace(place.path, Temporary::Kind::kFolder);
  path_ = folder_->path() / place.path.filename();
}

void NamedFile::keep() {
  if (!folder_) return;
  const Descriptor file(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number < 0) fail_to_write(target_, errno);
  put(file.number, path_, place_of(target_));
  folder_.reset();
}

WholeFolder::WholeFolder(const fs::path& target, WhyNot why_not_replace)
    : target_(folder_place(target)), why_not_replace_(std::move(why_not_replace)) {
  try {
    check_target();
    make_above();
  } catch (const fs::filesystem_error& error) {
    fail_to_write(target_, error.code().value());
  }
  folder_.emplace(target_, Temporary::Kind::kFolder);
}

WholeFolder::~WholeFolder() {
  folder_.reset();
  for (; !made_.empty(); made_.pop_back()) rmdir(made_.back().c_str());
}

void WholeFolder::make_above() {
  for (fs::path folder = above(target_); !fs::exists(folder); folder = above(folder)) {
    made_.insert(made_.begin(), folder);
  }
  fs::create_directories(above(target_));
}

void WholeFolder::check_target() const {
  if (!fs::exists(target_)) return;
  if (!fs::is_directory(target_)) fail_to_write(target_, ENOTDIR);
  const std::string why = is_at_work_in(target_)  ? "the program runs in it"
                          : fs::is_empty(target_) ? ""
                                                  : why_not_replace_(target_);
  if (!why.empty()) {
    throw std::invalid_argument(target_.string() + ": cannot be replaced as a whole: " + why +
                                "; name another folder");
  }
}

/// @return a new file, -1 with errno where there can be none
int WholeFolder::make(const fs::path& name) const {
  const SignalsWait wait;  // or a handler in another thread might have removed the folder meanwhile
  std::error_code error;
  fs::create_directories(above(path() / name), error);
  if (error) fail_to_write(target_ / name, error.value());
  return open((path() / name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

void WholeFolder::write(const fs::path& name, std::span<const std::uint8_t> bytes,
                        bool executable) {
  const Descriptor out(make(name));
  if (out.number < 0) fail_to_write(target_ / name, errno);
  write_all(out.number, target_ / name, bytes);
  if (executable) make_executable(out.number, target_ / name);
}

void WholeFolder::write(const fs::path& name, std::string_view text, bool executable) {
  write(name, bytes_of(text), executable);
}

WholeFolder::File WholeFolder::add(const fs::path& name) {
  const int file = make(name);
  if (file < 0) fail_to_write(target_ / name, errno);
  return {file, target_ / name};
}

WholeFolder::File::File(File&& other) noexcept
    : file_(std::exchange(other.file_, -1)), name_(std::move(other.name_)) {}
WholeFolder::File::~File() {
  if (file_ >= 0) ::close(file_);
}
void WholeFolder::File::append(std::span<const std::uint8_t> bytes) {
  write_all(file_, name_, bytes);
}
void WholeFolder::File::close() {
  if (::close(std::exchange(file_, -1)) != 0) fail_to_write(name_, errno);
}

void WholeFolder::keep() {
  const Descriptor folder(open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number < 0) fail_to_write(target_, errno);
  struct stat stat {};
  if (::stat(target_.c_str(), &stat) == 0) {
    keep_owned(folder.number, target_, {stat.st_mode & 07777, stat.st_uid, stat.st_gid});
  }
  flush_files(folder.number, target_);
  try {
    check_target();
  } catch (const fs::filesystem_error& error) {
    fail_to_write(target_, error.code().value());
  }
  replace();
  made_.clear();
  folder_.reset();
  flush(above(target_), target_);
}

/// What was there lies under a hidden name then.
void WholeFolder::replace() {
  const fs::path from = path();
  if (rename(from.c_str(), target_.c_str()) == 0) return;
  if (errno != ENOTEMPTY && errno != EEXIST) fail_to_write(target_, errno);
  if (exchange(from, target_)) return;
  if (!cannot_exchange()) fail_to_write(target_, errno);
  // A file system that cannot exchange, as NFS: for a moment nothing is there, but nothing is lost.
  Temporary old(target_, Temporary::Kind::kFolder);
  const SignalsWait wait;
  if (rename(target_.c_str(), old.path().c_str()) != 0) fail_to_write(target_, errno);
  if (rename(from.c_str(), target_.c_str()) != 0) {
    const int error = errno;
    if (rename(old.path().c_str(), target_.c_str()) != 0) old.leave();
    fail_to_write(target_, error);
  }
}

}  // namespace transom::files
