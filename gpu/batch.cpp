// batch.cpp — DecodeBatch: see batch.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/gpu/batch.hpp"

#include <algorithm>
#include <cstring>

#include "transom/table/ranges.hpp"

namespace transom::gpu {
namespace {

DecodeCoder decode_coder(const Code& code) {
  switch (codec(code.coding).lane) {
    case LaneKind::kTans:
      return DecodeCoder::kTans;
    case LaneKind::kRans:
      return code.table_log <= kRansLaneTableLog ? DecodeCoder::kRansSlots : DecodeCoder::kRans;
    case LaneKind::kArith:
      return DecodeCoder::kArith;
    case LaneKind::kTansPair:
      return DecodeCoder::kTansPair;
    case LaneKind::kNrans:
      return DecodeCoder::kNrans;
  }
  return {};  // no kind: codec() has thrown
}

/// The look-up words of a job, and what its symbols mean.
struct TableWords {
  std::vector<std::uint32_t> table, rows;
};
TableWords table_words(const Code& code, std::span<const std::uint32_t> sizes, bool bytes) {
  TableWords words{codec(code.coding).make_table(code), make_row_words(code)};
  switch (decode_coder(code)) {
    case DecodeCoder::kTans:
    case DecodeCoder::kTansPair: {
      const bool pairs = codec(code.coding).lane == LaneKind::kTansPair;
      return {make_step_words(words.table),
              make_value_words(words.table, words.rows, sizes, pairs, bytes)};
    }
    case DecodeCoder::kRansSlots:
      words.table = make_rans_slots(code.freq, code.table_log);
      break;
    default:
      break;
  }
  return words;
}

ValuesOf values_of(const CodedTensor& tensor) {
  // Rows tile the values: those of one value each are the values.
  const std::vector<Row>& rows = tensor.code.rows;
  if (std::all_of(rows.begin(), rows.end(), [](const Row& row) { return row.offset_bits == 0; })) {
    return ValuesOf::kSymbols;
  }
  return has_short_rows(tensor.code, tensor.dtype) ? ValuesOf::kSizedRows : ValuesOf::kRows;
}

std::vector<std::uint32_t> row_sizes(const CodedTensor& tensor) {
  std::vector<std::uint32_t> sizes(kMaxAlphabet);
  for (std::size_t i = 0; i < tensor.code.rows.size(); ++i) {
    sizes[i] = row_size(tensor.code.rows, i, tensor.dtype.bits);
  }
  return sizes;
}

}  // namespace

std::size_t DecodeBatch::append(std::span<const std::uint32_t> more) {
  const std::size_t at = words_.size();
  words_.insert(words_.end(), more.begin(), more.end());
  return at;
}

void DecodeBatch::append_streams(const CodedTensor& tensor, std::uint32_t stride) {
  const std::size_t base = words_.size();
  const auto here = [&] { return static_cast<std::uint32_t>(words_.size() - base); };
  const auto size = [](const std::vector<std::uint32_t>& list) {
    return static_cast<std::uint32_t>(list.size());
  };
  for (std::size_t begin = 0; begin < tensor.streams.size(); begin += stride) {
    const std::size_t end = std::min(begin + stride, tensor.streams.size());
    const std::size_t first_place = places_.size();
    for (std::size_t s = begin; s < end; ++s) places_.emplace_back();
    const auto append_all = [&](auto words_of, auto place_of) {
      std::size_t longest = 0;
      for (std::size_t s = begin; s < end; ++s) {
        longest = std::max(longest, words_of(tensor.streams[s]).size());
      }
      const std::uint32_t first = here();
      require_range("DecodeBatch", "words of a tensor", first + std::uint64_t{longest} * stride, 0,
                    UINT32_MAX);
      words_.resize(words_.size() + longest * stride);
      for (std::size_t s = begin; s < end; ++s) {
        const std::vector<std::uint32_t>& words = words_of(tensor.streams[s]);
        const auto lane = static_cast<std::uint32_t>(s - begin);
        place_of(places_[first_place + lane], first + lane, size(words));
        for (std::size_t i = 0; i < words.size(); ++i) {
          words_[base + first + lane + i * stride] = words[i];
        }
      }
    };
    append_all(
        [](const StreamWords& w) -> const auto& { return w.symbols; },
        [](StreamPlace& place, std::uint32_t at, std::uint32_t n) {
          place.symbols = at;
          place.n_symbols = n;
        });
    append_all(
        [](const StreamWords& w) -> const auto& { return w.offsets; },
        [](StreamPlace& place, std::uint32_t at, std::uint32_t n) {
          place.offsets = at;
          place.n_offsets = n;
        });
  }
}

DecodeBatch::DecodeBatch(std::span<const CodedTensor> tensors, WordOrder order)
    : tensors_(tensors) {
  for (const CodedTensor& tensor : tensors) {
    check_coded(tensor, "DecodeBatch");
    DecodeJob job;
    job.table_log = tensor.code.table_log;
    job.layout = tensor.layout();
    job.stride = stride_of(order);
    job.coder = decode_coder(tensor.code);
    job.values_of = values_of(tensor);
    job.bytes = tensor.dtype.bits <= 8;
    Places at{};
    const std::vector<std::uint32_t> sizes = row_sizes(tensor);
    const TableWords words = table_words(tensor.code, sizes, job.bytes);
    job.n_table = static_cast<std::uint32_t>(words.table.size());
    job.n_rows = static_cast<std::uint32_t>(words.rows.size());
    at.table = append(words.table);
    words_.resize((words_.size() + 1) / 2 * 2);  // see DecodeJob::rows
    at.rows = append(words.rows);
    at.sizes = append(sizes);
    at.words = words_.size();
    at.streams = places_.size();
    append_streams(tensor, job.stride);
    at.values = n_value_bytes_;
    const std::size_t n_bytes = std::size_t{job.layout.n_values} * (job.bytes ? 1 : 2);
    n_value_bytes_ += (n_bytes + 15) / 16 * 16;
    jobs_.push_back(job);
    places_of_.push_back(at);
  }
}

std::vector<DecodeJob> DecodeBatch::jobs(const DecodeArrays& arrays) const {
  std::vector<DecodeJob> jobs = jobs_;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const Places& at = places_of_[i];
    jobs[i].table = arrays.words + at.table;
    jobs[i].rows = arrays.words + at.rows;
    jobs[i].sizes = arrays.words + at.sizes;
    jobs[i].words = arrays.words + at.words;
    jobs[i].places = arrays.places + at.streams;
    jobs[i].values = arrays.values + at.values;
    jobs[i].ends = arrays.ends + at.streams;
  }
  return jobs;
}

std::vector<Decoded> DecodeBatch::judge(std::span<const std::byte> values,
                                        std::span<const StreamEnd> ends) const {
  require_range("DecodeBatch::judge", "bytes of values", values.size(), n_value_bytes_,
                n_value_bytes_);
  require_range("DecodeBatch::judge", "number of ends", ends.size(), n_streams(), n_streams());
  std::vector<Decoded> decoded;
  decoded.reserve(tensors_.size());
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const DecodeJob& job = jobs_[i];
    std::vector<value_t> own(job.layout.n_values);
    const std::byte* const from = values.data() + places_of_[i].values;
    if (job.bytes) {
      std::transform(from, from + own.size(), own.begin(),
                     [](std::byte b) { return static_cast<value_t>(b); });
    } else if (!own.empty()) {
      std::memcpy(own.data(), from, own.size() * sizeof own[0]);
    }
    const auto of_tensor = ends.subspan(places_of_[i].streams, job.layout.n_streams);
    std::vector<Status> statuses(of_tensor.size());
    std::transform(of_tensor.begin(), of_tensor.end(), statuses.begin(),
                   [](const StreamEnd& end) { return end.status; });
    const bool outside = std::any_of(of_tensor.begin(), of_tensor.end(),
                                     [](const StreamEnd& end) { return end.outside; });
    decoded.push_back(transom::judge(tensors_[i], std::move(own), std::move(statuses), outside));
  }
  return decoded;
}

}  // namespace transom::gpu
