// manifest.cpp — any text as the manifest of a folder with two arrays, a.npy and b.npy.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/manifest.hpp"

#include "fuzz.hpp"
#include "transom/golden/trace.hpp"

using namespace transom;

namespace {

struct Folder : fuzz::Scratch {
  Folder() {
    golden::write_npy(folder() / "a.npy", {"a", {8, true}, {2, 2}, {0, 1, 2, 255}});
    golden::write_npy(folder() / "b.npy", {"b", {16, false}, {3}, {0, 256, 65535}});
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  static const Folder scratch;
  scratch.write(golden::kManifestFile, {data, n});
  const auto take = [](const Tensor& tensor, std::size_t) {
    fuzz::claim(tensor.values.size() == 4 || tensor.values.size() == 3,
                "its tensors are the folder's");
  };
  const auto in_pieces = [](golden::NpyFile& file, std::size_t) {
    fuzz::claim(file.n_values() == 4, "what is read in pieces is larger than a piece");
  };
  for (const golden::TraceReading& reading :
       {golden::TraceReading{}, {.most_values = 3, .take_file = in_pieces}}) {
    try {
      golden::read_trace(scratch.folder(), take, reading);
    } catch (const golden::TraceError&) {
    }
  }
  return 0;
}
