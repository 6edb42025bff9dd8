// encode_batch.cpp — EncodeBatch: see batch.hpp.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <string>
#include <variant>

#include "transom/codec/count.hpp"
#include "transom/gpu/batch.hpp"
#include "transom/table/pairs.hpp"
#include "transom/table/ranges.hpp"

namespace transom::gpu {
namespace {

EncodeCoder encode_coder(Coding coding) {
  switch (codec(coding).lane) {
    case LaneKind::kTans:
      return EncodeCoder::kTans;
    case LaneKind::kRans:
      return EncodeCoder::kRans;
    case LaneKind::kArith:
      return EncodeCoder::kArith;
    case LaneKind::kTansPair:
      return EncodeCoder::kTansPair;
    case LaneKind::kNrans:
      return EncodeCoder::kNrans;
  }
  return {};  // no kind: codec() has thrown
}

/// Appends items as words; returns where.
template <class Item>
std::size_t append(std::vector<std::uint32_t>& words, std::span<const Item> items) {
  static_assert(sizeof(Item) % sizeof(std::uint32_t) == 0);
  // Steps of four words are loaded at once.
  words.resize((words.size() + 3) / 4 * 4);
  const std::size_t at = words.size();
  words.resize(at + items.size_bytes() / sizeof(std::uint32_t));
  std::memcpy(words.data() + at, items.data(), items.size_bytes());
  return at;
}

std::vector<RansRange> rans_ranges(std::span<const std::uint32_t> freq) {
  std::vector<RansRange> ranges;
  std::uint32_t cum = 0;
  for (const std::uint32_t f : freq) {
    ranges.push_back({cum, f});
    cum += f;
  }
  return ranges;
}

}  // namespace

EncodeBatch::EncodeBatch(std::span<const ToEncode> tensors, WordOrder order)
    : tensors_(tensors.begin(), tensors.end()) {
  for (ToEncode& wanted : tensors_) {
    const Code& code = wanted.code;
    const DType& dtype = wanted.tensor.dtype;
    check_encode(wanted.tensor, code, wanted.n_streams, wanted.chunk);
    const auto n_values = static_cast<std::uint32_t>(wanted.tensor.n_values());
    wanted.n_streams = std::min(wanted.n_streams, std::max(n_values, 1u));
    EncodeJob job;
    job.n_patterns = std::uint32_t{1} << dtype.bits;
    job.layout = {n_values, wanted.n_streams, wanted.chunk};
    job.table_log = code.table_log;
    job.stride = stride_of(order);
    job.coder = encode_coder(code.coding);
    job.bytes = dtype.bits <= 8;
    Places at{};
    const auto take_steps = [&]<class Step>(std::span<const Step> steps) {
      at.steps = append(tables_, steps);
      job.n_step_words = static_cast<std::uint32_t>(tables_.size() - at.steps);
    };
    const auto take_tans = [&](const TansEncoder& encoder) {
      take_steps(encoder.steps());
      at.next_states = append(tables_, encoder.next_states());
      job.n_next_states = static_cast<std::uint32_t>(encoder.next_states().size());
    };
    switch (job.coder) {
      case EncodeCoder::kTans:
        take_tans(TansEncoder(code.freq, code.table_log, code.spread));
        break;
      case EncodeCoder::kTansPair:
        take_tans(TansEncoder(by_pair(code.freq, code.rows.size()), code.table_log, code.spread));
        break;
      case EncodeCoder::kRans:
        take_steps(std::span<const RansRange>(rans_ranges(code.freq)));
        break;
      case EncodeCoder::kNrans:
        take_steps(NransEncoder<>(code.freq, code.table_log).steps());
        break;
      case EncodeCoder::kArith:
        take_steps(std::span<const std::uint32_t>(make_arith_table(code.freq)));
        break;
    }
    at.rows = append(tables_, std::span<const std::uint32_t>(make_row_words(code)));
    at.completions = symbols_.size();
    if (job.coder == EncodeCoder::kTansPair) {
      for (std::size_t s = 0; s < kMaxApackRows; ++s) {
        symbols_.push_back(s < code.rows.size()
                               ? completion(code.freq, code.rows.size(), static_cast<symbol_t>(s))
                                     .value_or(kNoCompletion)
                               : kNoCompletion);
      }
    }
    at.symbols = symbols_.size();
    const PrefixMap map(code.rows, dtype.bits);
    symbols_.insert(symbols_.end(), map.symbols().begin(), map.symbols().end());
    symbols_.resize(at.symbols + (job.bytes ? std::size_t{1} << 8 : std::size_t{1} << 16));
    at.values = values_.size();
    const std::size_t width = job.bytes ? 1 : 2;
    values_.resize(at.values + (n_values * width + 15) / 16 * 16);
    const auto copy = [&](const auto& span) {
      for (std::size_t i = 0; i < span.size(); ++i) {
        const value_t value = span[i];
        std::byte* const to = values_.data() + at.values + i * width;
        if (job.bytes) {
          *to = static_cast<std::byte>(value);
        } else {
          std::memcpy(to, &value, sizeof value);
        }
      }
    };
    std::visit(copy, wanted.tensor.values);
    at.streams = n_streams_;
    n_streams_ += wanted.n_streams;
    jobs_.push_back(job);
    places_of_.push_back(at);
  }
}

std::vector<EncodeJob> EncodeBatch::jobs(const EncodeArrays& arrays) const {
  std::vector<EncodeJob> jobs = jobs_;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const Places& at = places_of_[i];
    EncodeJob& job = jobs[i];
    job.steps = arrays.tables + at.steps;
    job.next_states = arrays.tables + at.next_states;
    job.completions = arrays.symbols + at.completions;
    job.symbols = arrays.symbols + at.symbols;
    const ToEncode& wanted = tensors_[i];
    const bool whole = codes_whole_values(wanted.code.coding, wanted.tensor.dtype);
    job.rows = whole ? nullptr : arrays.tables + at.rows;
    job.values = arrays.values + at.values;
    job.bits = arrays.bits + at.streams;
    job.places = arrays.places + at.streams;
    job.ends = arrays.ends + at.streams;
    job.n_words = arrays.n_words + i;
  }
  return jobs;
}

std::uint64_t EncodeBatch::make_room(std::span<EncodeJob> jobs,
                                     std::span<const std::uint64_t> n_words, std::uint32_t* words) {
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    require_range("EncodeBatch::make_room", "words of a tensor", n_words[i], 0, UINT32_MAX);
    jobs[i].words = words + at;
    jobs[i].capacity = static_cast<std::uint32_t>(n_words[i]);
    at += n_words[i];
  }
  return at;
}

std::vector<CodedTensor> EncodeBatch::coded(std::span<const std::uint64_t> n_words,
                                            std::span<const StreamPlace> places,
                                            std::span<const EncodeEnd> ends,
                                            std::span<const std::uint32_t> words) const {
  std::vector<CodedTensor> tensors;
  std::size_t base = 0;
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    const auto& [tensor, code, n_streams, chunk] = tensors_[i];
    CodedTensor coded{std::string(tensor.name),
                      tensor.dtype,
                      {tensor.shape.begin(), tensor.shape.end()},
                      code,
                      chunk,
                      std::vector<StreamWords>(n_streams),
                      checksum(tensor.values, tensor.dtype)};
    if (!uses_spread(code.coding)) coded.code.spread = Spread::kTuned;
    const std::uint32_t stride = jobs_[i].stride;
    for (std::uint32_t s = 0; s < n_streams; ++s) {
      const std::size_t stream = places_of_[i].streams + s;
      if (ends[stream] != EncodeEnd::kOk) {
        refuse("EncodeBatch::coded",
               "stream " + std::to_string(s) + " of tensor '" + coded.name + "'",
               "a value without a frequency", "must have values that the code has");
      }
      const StreamPlace& place = places[stream];
      const auto take = [&](std::uint32_t at, std::uint32_t n) {
        std::vector<std::uint32_t> own(n);
        for (std::uint32_t k = 0; k < n; ++k) {
          own[k] = words[base + at + std::size_t{k} * stride];
        }
        return own;
      };
      coded.streams[s] = {take(place.symbols, place.n_symbols),
                          take(place.offsets, place.n_offsets)};
    }
    base += n_words[i];
    tensors.push_back(std::move(coded));
  }
  return tensors;
}

}  // namespace transom::gpu
