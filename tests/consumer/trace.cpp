// trace.cpp — somebody else's program: writes a folder of .npy, and reads it again.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "tensor.hpp"
#include "transom/golden/trace.hpp"

int main() {
  const std::filesystem::path folder = "trace_written";
  const transom::Tensor tensor = make_tensor();
  transom::golden::write_trace(folder, {&tensor, 1}, {"a test", "CC0", "", ""});
  const std::vector<transom::Tensor> read = transom::golden::read_trace(folder);
  return read.size() == 1 && read[0] == tensor ? 0 : 1;
}
