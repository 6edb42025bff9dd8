// fuzz.hpp — what the targets share: an input taken apart, claims that must hold, a folder for
// files.
//
// A target is one file with LLVMFuzzerTestOneInput(). `./dev fuzz` links it with libFuzzer; in the
// tests replay.cpp runs it over its corpus. It catches what is documented to be thrown and nothing
// else.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace transom::fuzz {

/// Stops the run with the input as a finding.
inline void claim(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "claim: %s\n", what);
  std::abort();
}

/// The bytes of an input from front to back; zeros behind its end.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t n) : left_(data, n) {}

  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const std::uint8_t value = left_.front();
    left_ = left_.subspan(1);
    return value;
  }
  std::uint16_t u16() {
    const unsigned low = byte();
    return static_cast<std::uint16_t>(low | unsigned{byte()} << 8);
  }
  std::uint32_t u32() {
    const std::uint32_t low = u16();
    return low | std::uint32_t{u16()} << 16;
  }
  /// 0 .. n - 1
  unsigned below(unsigned n) { return byte() % n; }
  bool flag() { return (byte() & 1) != 0; }

  std::span<const std::uint8_t> rest() const { return left_; }
  std::string text() const { return {left_.begin(), left_.end()}; }

 private:
  std::span<const std::uint8_t> left_;
};

/// A folder of this process for readers that want a path, in memory where the machine has such a
/// place.
class Scratch {
 public:
  Scratch() {
    const std::filesystem::path memory = "/dev/shm";
    std::string name =
        ((std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path()) /
         "transom-fuzz-XXXXXX")
            .string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error(name + ": cannot be made");
    folder_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path write(const std::string& name, std::span<const std::uint8_t> bytes) const {
    const std::filesystem::path path = folder_ / name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error(path.string() + ": cannot be written");
    return path;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace transom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n);
