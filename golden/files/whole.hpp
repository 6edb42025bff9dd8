// whole.hpp — files and folders that are whole or not there.
//
// What is written lies beside its place under a hidden name, .NAME.transom-XXXXXX, until all of it
// is on the disk; then it takes its place in one step. So whoever is killed, the old one or the new
// one is there. An error removes the temporary, and so does a signal where the program asks for
// that; after SIGKILL it may stay, and nobody takes it for what was to be written.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "transom/files/errors.hpp"

namespace transom::files {

struct Place;

/// A file or folder under its hidden name; what still lies there at the end is removed.
class Temporary {
 public:
  enum class Kind { kFile, kFolder };
  /// Makes it. Throws FileError naming `target`.
  Temporary(const std::filesystem::path& target, Kind kind);
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary();

  const std::filesystem::path& path() const { return path_; }
  int file() const { return file_; }  ///< open for writing; of a folder -1
  void leave();                       ///< does not remove it

 private:
  std::filesystem::path path_;
  int file_ = -1;
  int slot_ = -1;  ///< where signals find it
};

/// Replaces a file or makes it. Its permissions stay, as does a link: what it leads to is replaced.
/// What is no regular file, as /dev/null or a FIFO, is written as it is. Throws FileError.
void write_whole(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                 bool executable = false);
void write_whole(const std::filesystem::path& path, std::string_view text, bool executable = false);

/// The same in pieces, for what need not fit in memory: nothing is there before keep().
class WholeFile {
 public:
  /// Throws FileError.
  explicit WholeFile(const std::filesystem::path& target);
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  ~WholeFile();

  std::uint64_t n_bytes() const { return n_bytes_; }  ///< so far
  void append(std::span<const std::uint8_t> bytes);   ///< Throws FileError.
  /// Bytes that are there, from the first to the last of `bytes`, become these. Throws FileError,
  /// PreconditionError where there are none.
  void overwrite(std::uint64_t at, std::span<const std::uint8_t> bytes);
  /// All bytes are there; the first of them become `start`, which only the end tells. Throws
  /// FileError, PreconditionError for more bytes than there are.
  void keep(std::span<const std::uint8_t> start);

 private:
  std::filesystem::path target_;
  std::uint64_t n_bytes_ = 0;
  std::vector<std::uint8_t> held_;  ///< all of what is written as it is: it may not go back
  std::unique_ptr<Place> place_;    ///< none: as it is
  std::optional<Temporary> temporary_;
};

/// Two files that belong together: either both are replaced, or none. Between the two steps of
/// that, the first's first, only SIGKILL can come; their contents should tell whether they are a
/// pair.
void write_pair(const std::filesystem::path& first, std::span<const std::uint8_t> first_bytes,
                const std::filesystem::path& second, std::span<const std::uint8_t> second_bytes);

/// The same for a file that somebody else writes, by its name.
class NamedFile {
 public:
  /// Throws FileError.
  explicit NamedFile(const std::filesystem::path& target);
  /// What to write: in a temporary folder, and of the target's own name.
  const std::filesystem::path& path() const { return path_; }
  /// The file is complete and closed. Throws FileError.
  void keep();

 private:
  std::filesystem::path target_;
  std::optional<Temporary> folder_;  ///< none where the target is written as it is
  std::filesystem::path path_;
};

/// A folder that appears with all its files. One that is there is replaced as a whole, if it may
/// be; so the folder above it must be writable, and it must not be where the program runs.
class WholeFolder {
 public:
  /// Of a folder that holds something: why it must stay, or nothing.
  using WhyNot = std::function<std::string(const std::filesystem::path& folder)>;

  /// Throws FileError, and std::invalid_argument where the folder that is there must stay.
  WholeFolder(const std::filesystem::path& target, WhyNot why_not_replace);
  ~WholeFolder();

  const std::filesystem::path& target() const { return target_; }
  /// Where it is built.
  const std::filesystem::path& path() const { return folder_->path(); }
  /// Adds a file, which may lie in folders of its own. Throws FileError.
  void write(const std::filesystem::path& name, std::span<const std::uint8_t> bytes,
             bool executable = false);
  void write(const std::filesystem::path& name, std::string_view text, bool executable = false);
  /// A file in pieces.
  class File {
   public:
    File(File&& other) noexcept;
    File& operator=(File&&) = delete;
    ~File();
    void append(std::span<const std::uint8_t> bytes);  ///< Throws FileError.
    void close();                                      ///< Throws FileError.

   private:
    friend class WholeFolder;
    File(int file, std::filesystem::path name) : file_(file), name_(std::move(name)) {}
    int file_;
    std::filesystem::path name_;  ///< for errors
  };
  /// Begins a file. Throws FileError.
  File add(const std::filesystem::path& name);
  /// All files are there and closed. Throws FileError, std::invalid_argument.
  void keep();

 private:
  void make_above();
  void check_target() const;
  int make(const std::filesystem::path& name) const;
  void replace();

  std::filesystem::path target_;
  WhyNot why_not_replace_;
  std::vector<std::filesystem::path> made_;  ///< folders above that were not there, inner ones last
  std::optional<Temporary> folder_;
};

/// For programs: signals that end them remove temporaries first, and a write over the limit of a
/// file's size is an error as any other, not SIGXFSZ. Signals that are ignored stay so.
void clean_up_on_signals();

}  // namespace transom::files
