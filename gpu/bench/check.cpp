// check.cpp — see check.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>

#include "data.hpp"
#include "transom/gpu/cuda.hpp"

namespace transom::gpu::bench {
namespace {

bool agree(const Decoded& got, const Decoded& want) {
  return got.status == want.status && got.streams == want.streams && got.values == want.values;
}

/// Changes one stream: a word more, a word less, or a bit.
void damage(CodedTensor& tensor, std::mt19937_64& engine) {
  StreamWords& words = tensor.streams[draw(engine) % tensor.streams.size()];
  auto& stream = draw(engine) % 2 != 0 ? words.symbols : words.offsets;
  const std::uint32_t kind = stream.empty() ? 0 : draw(engine) % 4;
  if (kind == 0) {
    stream.push_back(draw(engine));
  } else if (kind == 1) {
    stream.pop_back();
  } else {
    stream[draw(engine) % stream.size()] ^= std::uint32_t{1} << draw(engine) % 32;
  }
}

std::string name_of(const CodedTensor& t) {
  return t.name + " (" + std::string(codec(t.code.coding).name) + ")";
}

}  // namespace

std::size_t compare(std::vector<CodedTensor> tensors, std::mt19937_64& engine) {
  std::size_t n_wrong = 0;
  for (const WordOrder order : {WordOrder::kContainer, WordOrder::kSlabs}) {
    const std::vector<Decoded> got = decode_on_cuda(tensors, order);
    std::vector<Tensor> values;
    std::vector<ToEncode> wanted;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const Decoded want = decode(tensors[i]);
      n_wrong += report("values", name_of(tensors[i]), agree(got[i], want));
      values.push_back({tensors[i].name, tensors[i].dtype, tensors[i].shape, want.values});
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      wanted.push_back({values[i], tensors[i].code,
                        static_cast<std::uint32_t>(tensors[i].streams.size()), tensors[i].chunk});
    }
    const std::vector<CodedTensor> coded = encode_on_cuda(wanted, order);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      n_wrong += report("words", name_of(tensors[i]), coded[i] == tensors[i]);
    }
  }
  for (CodedTensor& tensor : tensors) damage(tensor, engine);
  const std::vector<Decoded> got = decode_on_cuda(tensors);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    n_wrong += report("verdicts", name_of(tensors[i]), agree(got[i], decode(tensors[i])));
  }
  return n_wrong;
}

std::size_t check_all() {
  std::mt19937_64 engine(1);
  std::vector<CodedTensor> tensors;
  for (std::uint32_t round = 0; round < 100; ++round) {
    for (const Case& c : cases()) {
      const std::uint32_t n = round < 4 ? round : draw(engine) % 20000;
      const Tensor tensor = made_up(c, n, draw(engine));
      const std::uint32_t chunk = round % 2 == 0 ? 16u << draw(engine) % 3 : 1 + draw(engine) % 100;
      const std::uint32_t n_streams = 1 + draw(engine) % (draw(engine) % 2 == 0 ? 8 : 2000);
      tensors.push_back(encode(tensor, code_for(c, tensor), n_streams, chunk));
    }
  }
  const std::size_t n_wrong = compare(tensors, engine);
  std::printf("%zu tensors, as many damaged: %zu differences\n", tensors.size(), n_wrong);
  return n_wrong;
}

std::size_t check_much(double gigabytes) {
  std::size_t n_wrong = 0;
  constexpr std::uint32_t kValues = std::uint32_t{1} << 22;
  const unsigned n_threads = std::max(1u, std::thread::hardware_concurrency());
  for (const Case& c : cases()) {
    const std::size_t width = c.dtype.bits <= 8 ? 1 : 2;
    const auto n_tensors =
        static_cast<std::size_t>(gigabytes * kGiga / static_cast<double>(kValues * width)) + 1;
    const Code code = code_for(c, made_up(c, 1 << 20, 1));
    std::size_t wrong = 0, done = 0;
    while (done < n_tensors) {
      const std::size_t n = std::min<std::size_t>(n_threads, n_tensors - done);
      std::vector<Tensor> tensors(n);
      std::vector<CodedTensor> coded(n);
      std::vector<std::thread> threads;
      for (std::size_t i = 0; i < n; ++i) {
        threads.emplace_back([&, i] {
          tensors[i] = made_up(c, kValues, static_cast<std::uint32_t>(done + i + 1));
          coded[i] = encode(tensors[i], code, gpu_streams(kValues), group_chunk(c.dtype));
        });
      }
      for (std::thread& thread : threads) thread.join();
      const std::vector<Decoded> got = decode_on_cuda(coded);
      std::vector<ToEncode> wanted;
      for (const Tensor& tensor : tensors) {
        wanted.push_back({tensor, code, gpu_streams(kValues), group_chunk(c.dtype)});
      }
      const std::vector<CodedTensor> again = encode_on_cuda(wanted);
      for (std::size_t i = 0; i < n; ++i) {
        wrong += got[i].status != Status::kOk || got[i].values != tensors[i].values ||
                 again[i] != coded[i];
      }
      done += n;
    }
    std::printf("%-6s %-16s %6.1f GB: %zu tensors differ\n", c.name,
                std::string(codec(c.coding).name).c_str(),
                static_cast<double>(done) * static_cast<double>(kValues * width) / kGiga, wrong);
    n_wrong += wrong;
  }
  return n_wrong;
}

}  // namespace transom::gpu::bench
