// timing.cu — see timing.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "timing.hpp"

#include <cstdio>
#include <functional>
#include <memory>

#include "../device_memory.cuh"
#include "data.hpp"
#include "transom/gpu/batch.hpp"
#include "transom/gpu/device.hpp"

namespace transom::gpu::bench {
namespace {

constexpr std::size_t kRounds = 21;  ///< of which the median is told
constexpr std::size_t kBuffers = 3;  ///< in turn, so that none is in a cache

double value_bytes(const CodedTensor& t) {
  return static_cast<double>(t.layout().n_values) * (t.dtype.bits <= 8 ? 1 : 2);
}
double coded_bytes(const CodedTensor& t) {
  double n = 0;
  for (const StreamWords& s : t.streams) {
    n += 4.0 * static_cast<double>(s.symbols.size() + s.offsets.size());
  }
  return n;
}

double median_seconds(const std::function<void(std::size_t)>& launch) {
  for (std::size_t i = 0; i < kBuffers; ++i) launch(i);
  std::vector<double> seconds;
  for (std::size_t i = 0; i < kRounds; ++i) {
    Event start, stop;
    start.record();
    launch(i % kBuffers);
    stop.record();
    seconds.push_back(stop.seconds_since(start));
  }
  std::nth_element(seconds.begin(), seconds.begin() + kRounds / 2, seconds.end());
  return seconds[kRounds / 2];
}

/// Bytes read and written per second by a copy on the device.
double copy_rate() {
  constexpr std::size_t kBytes = std::size_t{1} << 29;
  DeviceArray<std::byte> from(kBytes), to(kBytes);
  from.fill(0x5a);
  const double seconds = median_seconds([&](std::size_t) {
    check(cudaMemcpyAsync(to.data(), from.data(), kBytes, cudaMemcpyDeviceToDevice),
          "cudaMemcpyAsync on the device");
  });
  return 2 * static_cast<double>(kBytes) / seconds;
}

/// All that decoding a batch takes on the device, ready to launch.
class TimedDecode {
 public:
  explicit TimedDecode(const DecodeBatch& batch)
      : batch_(batch),
        words_(batch.words()),
        places_(batch.places()),
        values_(batch.n_value_bytes()),
        ends_(batch.n_streams()),
        plan_(batch.jobs({words_.data(), places_.data(), values_.data(), ends_.data()})),
        workspace_(plan_.workspace_bytes()) {
    values_.fill(0xff);
    plan_.prepare(workspace_.data(), nullptr);
  }
  void launch() const { plan_.decode(nullptr); }
  std::vector<Decoded> results() const {
    return batch_.judge(values_.download(), ends_.download());
  }
  double bytes_in() const { return static_cast<double>(words_.n_bytes() + places_.n_bytes()); }

 private:
  const DecodeBatch& batch_;
  DeviceArray<std::uint32_t> words_;
  DeviceArray<StreamPlace> places_;
  DeviceArray<std::byte> values_;
  DeviceArray<StreamEnd> ends_;
  DecodePlan plan_;
  DeviceArray<std::byte> workspace_;
};

/// The same for encoding, to words that have room.
class TimedEncode {
 public:
  TimedEncode(const EncodeBatch& batch, std::uint64_t n_words)
      : tables_(batch.tables()),
        symbols_(batch.symbols()),
        values_(batch.values()),
        bits_(batch.n_streams()),
        places_(batch.n_streams()),
        ends_(batch.n_streams()),
        n_words_(batch.n_tensors()),
        words_(n_words),
        plan_(jobs(batch, n_words)),
        workspace_(plan_.workspace_bytes()) {
    plan_.prepare(workspace_.data(), nullptr);
  }
  void launch() const {
    plan_.measure(nullptr);
    plan_.write(nullptr);
  }
  std::vector<CodedTensor> results(const EncodeBatch& batch) const {
    return batch.coded(n_words_.download(), places_.download(), ends_.download(),
                       words_.download());
  }

 private:
  std::vector<EncodeJob> jobs(const EncodeBatch& batch, std::uint64_t n_words) {
    std::vector<EncodeJob> jobs =
        batch.jobs({tables_.data(), symbols_.data(), values_.data(), bits_.data(), places_.data(),
                    ends_.data(), n_words_.data()});
    const std::vector<std::uint64_t> room{n_words};
    EncodeBatch::make_room(jobs, room, words_.data());
    return jobs;
  }

  DeviceArray<std::uint32_t> tables_;
  DeviceArray<symbol_t> symbols_;
  DeviceArray<std::byte> values_;
  DeviceArray<StreamBits> bits_;
  DeviceArray<StreamPlace> places_;
  DeviceArray<EncodeEnd> ends_;
  DeviceArray<std::uint64_t> n_words_;
  DeviceArray<std::uint32_t> words_;
  EncodePlan plan_;
  DeviceArray<std::byte> workspace_;
};

/// Times one tensor both ways, in either order of words; number of differences.
std::size_t time_tensor(const std::string& name, const Tensor& tensor, const Code& code,
                        double copy) {
  const std::uint32_t n_streams = gpu_streams(tensor.values.size());
  const std::uint32_t chunk = group_chunk(tensor.dtype);
  const std::vector<CodedTensor> coded{encode(tensor, code, n_streams, chunk)};
  const double bytes = value_bytes(coded[0]);
  std::size_t n_wrong = 0;
  for (const WordOrder order : {WordOrder::kContainer, WordOrder::kSlabs}) {
    const DecodeBatch batch(coded, order);
    std::vector<std::unique_ptr<TimedDecode>> decodes;
    for (std::size_t i = 0; i < kBuffers; ++i) {
      decodes.push_back(std::make_unique<TimedDecode>(batch));
    }
    const double decode_s = median_seconds([&](std::size_t i) { decodes[i]->launch(); });
    const double bytes_in = decodes[0]->bytes_in();
    for (const auto& decode : decodes) {
      const Decoded got = decode->results().front();
      n_wrong +=
          report("timed values", name, got.status == Status::kOk && got.values == tensor.values);
    }
    decodes.clear();
    const ToEncode wanted{tensor, code, n_streams, chunk};
    const EncodeBatch to_encode({&wanted, 1}, order);
    const std::uint64_t n_words = batch.words().size();  // enough: tables are counted, too
    std::vector<std::unique_ptr<TimedEncode>> encodes;
    for (std::size_t i = 0; i < kBuffers; ++i) {
      encodes.push_back(std::make_unique<TimedEncode>(to_encode, n_words));
    }
    const double encode_s = median_seconds([&](std::size_t i) { encodes[i]->launch(); });
    for (const auto& encode : encodes) {
      n_wrong += report("timed words", name, encode->results(to_encode) == coded);
    }
    std::printf("%-28s %-16s %-9s %5.3f %8.1f %8.1f %6.2f %9.1f us\n", name.c_str(),
                std::string(codec(code.coding).name).c_str(),
                order == WordOrder::kSlabs ? "slabs" : "container", coded_bytes(coded[0]) / bytes,
                bytes / decode_s / kGiga, bytes / encode_s / kGiga,
                (bytes + bytes_in) / decode_s / copy, decode_s * 1e6);
  }
  return n_wrong;
}

}  // namespace

std::size_t time_all(std::size_t n_bytes, const std::vector<std::string>& files,
                     const std::string& dump_folder) {
  const double copy = copy_rate();
  std::printf("copy on the device: %.0f GB/s read and written\n\n", copy / kGiga);
  std::printf("%-28s %-16s %-9s %5s %8s %8s %6s %12s\n", "values", "coding", "words", "ratio",
              "decode", "encode", "copy", "time");
  std::printf("%-28s %-16s %-9s %5s %8s %8s %6s\n", "", "", "", "", "GB/s", "GB/s", "x");
  std::size_t n_wrong = 0;
  for (const Case& c : cases()) {
    const std::size_t width = c.dtype.bits <= 8 ? 1 : 2;
    const auto n = static_cast<std::uint32_t>(n_bytes / width);
    const Tensor tensor = made_up(c, n, 2);
    if (!dump_folder.empty()) dump(dump_folder, c.name, tensor);
    const Code code = code_for(c, tensor);
    n_wrong += time_tensor(c.name, tensor, code, copy);
    if (c.coding != Coding::kTans || width != 1) continue;
    const Tensor small = made_up(c, 1 << 20, 3);
    n_wrong += time_tensor("int8, 1 MiB", small, code, copy);
  }
  for (const std::string& path : files) {
    for (const CodedTensor& coded : read_tensors(path)) {
      const Decoded decoded = decode(coded);
      const Tensor tensor{coded.name, coded.dtype, coded.shape, decoded.values};
      if (!dump_folder.empty()) dump(dump_folder, coded.name, tensor);
      if (!decoded.values.empty()) n_wrong += time_tensor(coded.name, tensor, coded.code, copy);
    }
  }
  return n_wrong;
}

}  // namespace transom::gpu::bench
