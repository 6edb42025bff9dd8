// trace_files.hpp — files for the tests of traces: a folder of their own, texts, the error of a
// path.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "transom/golden/trace.hpp"

namespace transom::support {
using namespace golden;

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

/// An empty folder, removed at the end.
class TempFolder {
 public:
  TempFolder() {
    std::string path = (fs::temp_directory_path() / "transom-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp: " + path);
    path_ = path;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() { fs::remove_all(path_); }
  fs::path operator/(const std::string& name) const { return path_ / name; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

inline std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
/// A new file each time: replacing one costs a write to the disk on some file systems.
inline void rewrite(const fs::path& path, const Bytes& bytes) {
  fs::remove(path);
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
}
inline void write_text(const fs::path& path, const std::string& text) {
  rewrite(path, Bytes(text.begin(), text.end()));
}

/// The error's text, empty if there is none.
inline std::string trace_error(const fs::path& path) {
  try {
    read_trace(path);
    return "";
  } catch (const TraceError& e) {
    return e.what();
  }
}

}  // namespace transom::support
