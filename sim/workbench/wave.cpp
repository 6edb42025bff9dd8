// wave.cpp — see wave.hpp.
//
// An FST file is a row of blocks: a byte of its type, then eight of its length from there on, the
// highest first. A block that is being written has the type 255.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/wave.hpp"

#include <fstream>

namespace transom::workbench {
namespace {

bool is_whole(const std::string& path) {
  constexpr unsigned kUnfinished = 255;
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  const std::streamoff n_bytes = in.tellg();
  std::streamoff at = 0;
  while (at < n_bytes) {
    in.seekg(at);
    if (in.get() == kUnfinished) return false;
    std::uint64_t length = 0;
    for (int i = 0; i < 8; ++i) length = length << 8 | static_cast<std::uint8_t>(in.get());
    if (!in || length < 8 || length > static_cast<std::uint64_t>(n_bytes - at - 1)) return false;
    at += 1 + static_cast<std::streamoff>(length);
  }
  return at != 0;
}

}  // namespace

Wave::Wave(const std::string& target) : target_(target) {
  if (!target.empty()) file_.emplace(target);
}

void Wave::keep() {
  if (!file_) return;
  if (path() != target_ && !is_whole(path())) {
    throw files::FileError(target_, "file",
                           "cannot be written: the wave is cut; free some space, or name another "
                           "folder");
  }
  file_->keep();
}

}  // namespace transom::workbench
