// ptx_support.hpp — modules that were compiled with the tests, kernels by their names, memory.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cxxabi.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <typeinfo>
#include <vector>

#include "machine.hpp"

namespace transom::ptx {

/// A module that was compiled with the tests.
class Compiled {
 public:
  explicit Compiled(const char* path) : text_(read(path)) {
    try {
      module_.emplace(text_);
    } catch (const Fault& fault) {
      if (text_.find("\n.version 9.0\n") != text_.npos) throw;  // of CUDA 13.0, which is known
      unknown_ = fault.what();
    }
  }
  /// Whether another nvcc has made something of it that the machine does not know.
  bool is_skipped() const {
    if (!module_) WARN("skipped: another nvcc's PTX: " << unknown_);
    return !module_;
  }
  const Module& operator*() const { return *module_; }
  const Module* operator->() const { return &*module_; }

 private:
  static std::string read(const char* path) {
    std::ifstream in(path);
    REQUIRE(in);
    return (std::ostringstream() << in.rdbuf()).str();
  }
  std::string text_, unknown_;
  std::optional<Module> module_;
};
template <class T>
std::string name_of() {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(typeid(T).name(), nullptr, nullptr, &status), &std::free);
  return name.get();
}
inline std::string kernel_name(const std::string& kernel, const std::string& arguments) {
  return "transom::gpu::(anonymous namespace)::" + kernel +
         (arguments.empty() ? "" : "<" + arguments + ">");
}

template <class T>
Region reads(const std::vector<T>& list) {
  return {list.data(), list.size() * sizeof(T), false};
}
template <class T>
Region writes(std::vector<T>& list) {
  return {list.data(), list.size() * sizeof(T), true};
}
template <class... T>
std::vector<std::byte> parameters(const T&... of) {
  std::vector<std::byte> bytes;
  const auto append = [&](const auto& one) {
    const std::size_t at = (bytes.size() + sizeof one - 1) / sizeof one * sizeof one;
    bytes.resize(at + sizeof one);
    std::memcpy(bytes.data() + at, &one, sizeof one);
  };
  (append(of), ...);
  return bytes;
}

}  // namespace transom::ptx
