// batch.hpp — tensors laid out for the kernels: arrays that go to a device in one piece each.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/codec/codec.hpp"
#include "transom/gpu/kernel/decode.hpp"
#include "transom/gpu/kernel/encode.hpp"

namespace transom::gpu {

/// How the words of streams lie.
enum class WordOrder : std::uint8_t {
  kContainer,  ///< stream after stream
  kSlabs,      ///< those of 32 streams in turn, filled up with zeros to the longest
};
constexpr std::uint32_t stride_of(WordOrder order) {
  return order == WordOrder::kContainer ? 1 : kSlabStreams;
}

/// Where the arrays of a DecodeBatch are on the side that decodes.
struct DecodeArrays {
  const std::uint32_t* words = nullptr;
  const StreamPlace* places = nullptr;
  std::byte* values = nullptr;  ///< at a multiple of 16
  StreamEnd* ends = nullptr;
};

/// Tensors to decode, with all that a job points to. They are looked at until judge().
class DecodeBatch {
 public:
  /// Throws as check_coded() does.
  explicit DecodeBatch(std::span<const CodedTensor> tensors,
                       WordOrder order = WordOrder::kContainer);

  const std::vector<std::uint32_t>& words() const { return words_; }
  const std::vector<StreamPlace>& places() const { return places_; }
  std::size_t n_value_bytes() const { return n_value_bytes_; }
  std::size_t n_streams() const { return places_.size(); }

  /// The tensors' jobs, in their order.
  std::vector<DecodeJob> jobs(const DecodeArrays& arrays) const;
  /// Verdicts on what they left. Of values of at most 8 bits, what fits into bytes is
  /// told.
  std::vector<Decoded> judge(std::span<const std::byte> values,
                             std::span<const StreamEnd> ends) const;

 private:
  struct Places {
    std::size_t table, rows, sizes, words;  ///< in words_
    std::size_t streams;                    ///< in places_, and in the ends
    std::size_t values;                     ///< bytes
  };
  std::size_t append(std::span<const std::uint32_t> more);
  void append_streams(const CodedTensor& tensor, std::uint32_t stride);

  std::span<const CodedTensor> tensors_;
  std::vector<std::uint32_t> words_;
  std::vector<StreamPlace> places_;
  std::size_t n_value_bytes_ = 0;
  std::vector<DecodeJob> jobs_;  ///< without their pointers
  std::vector<Places> places_of_;
};

/// A tensor and how to code it.
struct ToEncode {
  TensorView tensor;
  Code code;
  std::uint32_t n_streams = 1;
  std::uint32_t chunk = 1;
};

/// Where the arrays of an EncodeBatch are on the side that encodes.
struct EncodeArrays {
  const std::uint32_t* tables = nullptr;
  const symbol_t* symbols = nullptr;
  const std::byte* values = nullptr;  ///< at a multiple of 16
  StreamBits* bits = nullptr;
  StreamPlace* places = nullptr;
  EncodeEnd* ends = nullptr;
  std::uint64_t* n_words = nullptr;  ///< one per tensor
};

/// Tensors to encode, with all that a job points to.
class EncodeBatch {
 public:
  /// Throws as encode() does, but for values without a frequency.
  explicit EncodeBatch(std::span<const ToEncode> tensors, WordOrder order = WordOrder::kContainer);

  const std::vector<std::uint32_t>& tables() const { return tables_; }
  const std::vector<symbol_t>& symbols() const { return symbols_; }
  const std::vector<std::byte>& values() const { return values_; }
  std::size_t n_streams() const { return n_streams_; }
  std::size_t n_tensors() const { return jobs_.size(); }

  /// The tensors' jobs, in their order. What is to be written has no room yet.
  std::vector<EncodeJob> jobs(const EncodeArrays& arrays) const;
  /// After the first pass: gives each job room for its words in arrays.words.
  /// @returns words of all
  static std::uint64_t make_room(std::span<EncodeJob> jobs, std::span<const std::uint64_t> n_words,
                                 std::uint32_t* words);
  /// The tensors, of the words in container order. Throws for a value without a frequency.
  std::vector<CodedTensor> coded(std::span<const std::uint64_t> n_words,
                                 std::span<const StreamPlace> places,
                                 std::span<const EncodeEnd> ends,
                                 std::span<const std::uint32_t> words) const;

 private:
  struct Places {
    std::size_t steps, next_states, rows;  ///< in tables_
    std::size_t completions, symbols;      ///< in symbols_
    std::size_t values;                    ///< bytes
    std::size_t streams;
  };

  std::vector<ToEncode> tensors_;
  std::vector<std::uint32_t> tables_;
  std::vector<symbol_t> symbols_;
  std::vector<std::byte> values_;
  std::size_t n_streams_ = 0;
  std::vector<EncodeJob> jobs_;  ///< without their pointers
  std::vector<Places> places_of_;
};

}  // namespace transom::gpu
