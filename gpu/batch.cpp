// batch.cpp — see batch.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/gpu/batch.hpp"

#include <stdexcept>

namespace transom::gpu {

KernelCoder kernel_coder(Coding coding) {
  switch (coding) {
    case Coding::kRaw:
    case Coding::kTans:
    case Coding::kApackTans:
      return KernelCoder::kTans;
    case Coding::kRans:
    case Coding::kApackRans:
      return KernelCoder::kRans;
    case Coding::kApackAc:
      return KernelCoder::kArith;
    case Coding::kApackTansPair:
      return KernelCoder::kTansPair;
    case Coding::kApackNrans:
      return KernelCoder::kNrans;
  }
  throw std::invalid_argument("no coding " + std::to_string(static_cast<unsigned>(coding)));
}

Batch::Batch(std::span<const CodedTensor> tensors) {
  const auto append = [this](std::span<const std::uint32_t> more) {
    words.insert(words.end(), more.begin(), more.end());
  };
  for (const CodedTensor& tensor : tensors) {
    KernelJob job{.lookup = words.size(),
                  .table_log = tensor.code.table_log,
                  .stream = streams.size(),
                  .value = n_values,
                  .status = n_streams,
                  .layout = tensor.layout()};
    append(make_row_words(tensor.code));
    append(codec(tensor.code.coding).make_table(tensor.code));
    job.n_lookup = static_cast<std::uint32_t>(words.size() - job.lookup);
    for (const StreamWords& stream : tensor.streams) {
      streams.push_back(words.size());
      append(stream.symbols);
      streams.push_back(words.size());
      append(stream.offsets);
    }
    streams.push_back(words.size());
    auto& coder_blocks = blocks[static_cast<std::size_t>(kernel_coder(tensor.code.coding))];
    for (std::uint32_t stream = 0; stream < job.layout.n_streams; stream += kBlockThreads) {
      coder_blocks.push_back({static_cast<std::uint32_t>(jobs.size()), stream});
    }
    jobs.push_back(job);
    n_values += job.layout.n_values;
    n_streams += job.layout.n_streams;
  }
}

std::vector<Decoded> judge_batch(std::span<const CodedTensor> tensors, const Batch& batch,
                                 std::span<const value_t> values,
                                 std::span<const Status> statuses) {
  std::vector<Decoded> decoded;
  decoded.reserve(tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const KernelJob& job = batch.jobs[i];
    const auto own_values = values.subspan(job.value, job.layout.n_values);
    const auto own_statuses = statuses.subspan(job.status, job.layout.n_streams);
    decoded.push_back(judge(tensors[i], {own_values.begin(), own_values.end()},
                            {own_statuses.begin(), own_statuses.end()}));
  }
  return decoded;
}

}  // namespace transom::gpu
