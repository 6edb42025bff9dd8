// check.cpp — gpu_check: the device against the golden model, then how fast it decodes.
//
// For machines with a GPU but without the test framework. Random tensors of every coding, width,
// number of streams and chunk, a third of them damaged, then the containers named as arguments.
// Exit code 0: all agree; 1: they do not, or there is no device.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "transom/container/container.hpp"
#include "transom/gpu/gpu_decoder.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"

namespace transom::gpu {
namespace {

constexpr double kGiga = 1e9;

/// The same draws with every standard library.
struct Random {
  std::mt19937 engine{1};

  std::uint32_t word() { return static_cast<std::uint32_t>(engine()); }
  std::uint32_t below(std::uint32_t n) { return word() % n; }
};

/// Magnitudes of a geometric distribution, most of them below `scale`, cut to the width.
Tensor laplace_tensor(const DType& dtype, std::uint32_t n, std::uint32_t scale, Random& random) {
  Tensor tensor{"laplace", dtype, {n}, std::vector<value_t>(n)};
  const double log_ratio = -1.0 / scale;
  for (value_t& value : tensor.values) {
    const double uniform = (random.word() + 1.0) / 4294967296.0;
    const auto m = static_cast<std::int32_t>(
        std::min(std::log(uniform) / log_ratio, static_cast<double>(dtype.max())));
    value = to_pattern(dtype.is_signed && random.below(2) != 0 ? -m : m, dtype);
  }
  return tensor;
}

/// Counts of pairs in proportion to those of their symbols.
std::vector<std::uint32_t> independent_pairs(std::span<const std::uint32_t> counts) {
  constexpr unsigned kShareBits = 10;  // so that the products sum to 2^20
  const std::vector<std::uint32_t> shares = quantise(counts, kShareBits, Cover::kEvery);
  std::vector<std::uint32_t> pairs;
  for (const std::uint32_t first : shares) {
    for (const std::uint32_t second : shares) pairs.push_back(first * second);
  }
  return pairs;
}

/// A code with `rows` random ranges, or of whole values where the coding has no ranges.
Code code_for(Coding coding, const Tensor& tensor, unsigned R, std::uint32_t rows, Random& random) {
  if (coding == Coding::kRaw) return raw_code(tensor.dtype);
  const std::uint32_t n_patterns = std::uint32_t{1} << tensor.dtype.bits;
  const bool whole_values = codes_whole_values(coding, tensor.dtype);
  std::set<value_t> starts{0};
  while (starts.size() < (whole_values ? n_patterns : std::min(rows, n_patterns))) {
    starts.insert(static_cast<value_t>(random.below(n_patterns)));
  }
  Code code{coding, R, static_cast<Spread>(random.below(kSpreads)), {}, {}};
  code.rows = make_rows(std::vector<value_t>(starts.begin(), starts.end()), tensor.dtype.bits);
  const auto counts = row_counts(code.rows, histogram(tensor.values, tensor.dtype.bits));
  code.freq = quantise(codec(coding).pairs ? independent_pairs(counts) : counts, R, Cover::kEvery);
  return code;
}

/// Changes one stream: a word more, a word less, or a bit.
void damage(CodedTensor& tensor, Random& random) {
  StreamWords& words =
      tensor.streams[random.below(static_cast<std::uint32_t>(tensor.streams.size()))];
  std::vector<std::uint32_t>& stream = random.below(2) != 0 ? words.symbols : words.offsets;
  const std::uint32_t kind = stream.empty() ? 0 : random.below(4);
  if (kind == 0) {
    stream.push_back(random.word());
  } else if (kind == 1) {
    stream.pop_back();
  } else {
    const std::uint32_t word = random.below(static_cast<std::uint32_t>(stream.size()));
    stream[word] ^= std::uint32_t{1} << random.below(32);
  }
}

std::vector<CodedTensor> random_batch(std::uint32_t n, Random& random) {
  std::vector<CodedTensor> batch;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Codec& c = codecs()[i % codecs().size()];
    const DType dtype{static_cast<std::uint8_t>(1 + random.below(kMaxValueBits)),
                      random.below(2) != 0};
    const std::uint32_t n_values = i < 50 ? i / 10 : random.below(8000);
    const Tensor tensor = laplace_tensor(dtype, n_values, 1 + random.below(200), random);
    const unsigned R = std::clamp(8 + random.below(7), c.min_table_log, c.max_table_log);
    const std::uint32_t most_rows = c.max_rows != 0 ? c.max_rows : kMaxAlphabet;
    const Code code = code_for(c.coding, tensor, R, 1 + random.below(most_rows), random);
    const std::uint32_t n_streams = 1 + random.below(random.below(2) != 0 ? 8 : 2000);
    const std::uint32_t chunk = 1 + random.below(random.below(2) != 0 ? 2 : 100);
    batch.push_back(encode(tensor, code, n_streams, chunk));
    if (random.below(3) == 0) damage(batch.back(), random);
  }
  return batch;
}

bool agree(const Decoded& got, const Decoded& want) {
  return got.status == want.status && got.streams == want.streams && got.values == want.values;
}

/// Number of tensors on which the device and the golden model disagree.
std::size_t compare(std::span<const CodedTensor> tensors, std::span<const Decoded> got) {
  std::size_t n_wrong = 0, n_streams = 0, n_values = 0, n_refused = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Decoded want = decode(tensors[i]);
    n_streams += want.streams.size();
    n_values += want.values.size();
    n_refused += want.status != Status::kOk;
    if (agree(got[i], want)) continue;
    ++n_wrong;
    std::printf("tensor %zu (%s): status %d, want %d\n", i,
                std::string(codec(tensors[i].code.coding).name).c_str(),
                static_cast<int>(got[i].status), static_cast<int>(want.status));
  }
  std::printf("%zu tensors, %zu streams, %zu values, %zu tensors damaged: %zu disagree\n",
              tensors.size(), n_streams, n_values, n_refused, n_wrong);
  return n_wrong;
}

/// Median of 7 after one to warm up.
template <class Run>
double median_seconds(Run run) {
  run();
  std::array<double, 7> seconds{};
  for (double& s : seconds) s = run();
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2];
}

/// Decodes, compares and times one batch; returns the number of wrong tensors.
std::size_t time_batch(const char* name, std::span<const CodedTensor> tensors, double value_bytes) {
  CudaBatch batch(tensors);
  const double seconds = median_seconds([&] { return batch.decode(); });
  const auto results = batch.results();
  const auto wrong = static_cast<std::size_t>(std::count_if(
      results.begin(), results.end(), [](const Decoded& d) { return d.status != Status::kOk; }));
  const auto moved = static_cast<double>(batch.bytes_in() + batch.bytes_out());
  std::printf("%-28s %8.3f ms %8.1f GB/s of values %8.1f GB/s moved\n", name, seconds * 1e3,
              value_bytes / seconds / kGiga, moved / seconds / kGiga);
  return wrong;
}

/// Bytes of the values as the checksum counts them: one each when W <= 8, else two.
double value_bytes(const CodedTensor& tensor) {
  return static_cast<double>(tensor.layout().n_values) * (tensor.dtype.bits <= 8 ? 1 : 2);
}

std::size_t time_codings(std::uint32_t n_values, Random& random) {
  std::printf("\n%u int8 values, R = 10, 16 rows; median of 7, device time\n", n_values);
  const Tensor tensor = laplace_tensor({8, true}, n_values, 12, random);
  std::size_t n_wrong = 0;
  for (const Codec& c : codecs()) {
    const Code code = code_for(c.coding, tensor, 10, kMaxApackRows, random);
    for (const auto& [n_streams, chunk] : {std::pair{4096u, 1u}, {65535u, 1u}, {65535u, 16u}}) {
      const CodedTensor coded = encode(tensor, code, n_streams, chunk);
      const std::string name =
          std::string(c.name) + " N=" + std::to_string(n_streams) + " k=" + std::to_string(chunk);
      n_wrong += time_batch(name.c_str(), std::span(&coded, 1), value_bytes(coded));
    }
  }
  const std::size_t n_bytes = std::size_t{n_values} * sizeof(value_t);
  const double copy = median_seconds([&] { return cuda_copy_seconds(n_bytes); });
  std::printf("%-28s %8.3f ms %8.1f GB/s read and written\n", "device copy of value_t", copy * 1e3,
              2 * static_cast<double>(n_bytes) / copy / kGiga);
  return n_wrong;
}

std::size_t check_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
  const Parsed parsed = parse_container(bytes);
  if (!file || parsed.status != Status::kOk) {
    std::printf("%s: %s\n", path, file ? parsed.what.c_str() : "cannot be read");
    return 1;
  }
  CudaBatch batch(parsed.tensors);
  batch.decode();
  double n_bytes = 0;
  for (const CodedTensor& tensor : parsed.tensors) n_bytes += value_bytes(tensor);
  return compare(parsed.tensors, batch.results()) + time_batch(path, parsed.tensors, n_bytes);
}

int run(std::span<char*> files) {
  const auto device = cuda_device();
  if (!device) {
    std::puts("no CUDA device");
    return 1;
  }
  std::printf("%s\n", device->c_str());
  Random random;
  const std::vector<CodedTensor> tensors = random_batch(3000, random);
  CudaBatch batch(tensors);
  batch.decode();
  std::size_t n_wrong = compare(tensors, batch.results());
  for (const char* path : files) n_wrong += check_file(path);
  n_wrong += time_codings(std::uint32_t{64} << 20, random);
  return n_wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace transom::gpu

int main(int argc, char** argv) {
  try {
    return transom::gpu::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gpu_check: %s\n", error.what());
    return 1;
  }
}
