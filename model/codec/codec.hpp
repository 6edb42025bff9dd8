// codec.hpp — the codings of a tensor: one table of codecs, whole tensors in and out.
//
// A coding is a choice of prefix (whole values, or APack's ranges) and of coder (tANS, rANS,
// arithmetic). kCodecs says what exists; a new coding is one coder file and one line there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/base/stream.hpp"
#include "transom/base/tensor.hpp"
#include "transom/coder/tans.hpp"

namespace transom {

/// The numbers are those of the container.
enum class Coding : std::uint8_t {
  kRaw = 0,  ///< one prefix symbol of 0 bits, the whole value as its offset
  kTans = 1,
  kRans = 2,
  kApackTans = 3,
  kApackRans = 4,
  kApackAc = 5,
  kApackTansPair = 6,
};

/// All that a decoder knows of a tensor beside its streams.
struct Code {
  Coding coding = Coding::kRaw;
  unsigned table_log = 0;          ///< R
  Spread spread = Spread::kTuned;  ///< tANS only
  /// Sum 2^R. A entries; with pairs, A * A, that of s1 and then s2 at s1 * A + s2.
  std::vector<std::uint32_t> freq;
  std::vector<Row> rows;  ///< A entries, ascending vmin; rows tile [0, 2^W)

  friend bool operator==(const Code&, const Code&) = default;
};

/// A tensor as its streams.
struct CodedTensor {
  std::string name;
  DType dtype;
  std::vector<std::uint32_t> shape;
  Code code;
  std::uint32_t chunk = 1;
  std::vector<StreamWords> streams;  ///< 1..kMaxStreams of them
  std::uint32_t checksum = 0;        ///< checksum(values, dtype)

  StreamLayout layout() const {
    return {static_cast<std::uint32_t>(*n_values(shape)),
            static_cast<std::uint32_t>(streams.size()), chunk};
  }
  friend bool operator==(const CodedTensor&, const CodedTensor&) = default;
};
inline constexpr std::uint32_t kMaxStreams = 0xffff;

/// CRC-32C of the values' patterns, one byte each when W <= 8, else two, little-endian.
std::uint32_t checksum(std::span<const value_t> values, const DType& dtype);

/// One line of kCodecs.
struct Codec {
  Coding coding;
  std::string_view name;
  unsigned max_rows;       ///< 0: whole values where W <= 8, else up to kMaxAlphabet ranges
  unsigned min_table_log;  ///< R that the coder takes
  unsigned max_table_log;
  bool pairs;     ///< a table entry yields two symbols (tans_pair.hpp)
  LaneKind lane;  ///< the kind of hardware lane that decodes it
  /// The words that a decoder looks symbols up in (for tANS: Entry words).
  std::vector<std::uint32_t> (*make_table)(const Code&);
  /// The words that the decoder unit is loaded with, for its own form of the look-up.
  std::vector<std::uint32_t> (*make_unit_table)(const Code&);
  /// The symbol words of each stream, from its symbols.
  std::vector<std::vector<std::uint32_t>> (*encode)(const Code&,
                                                    std::span<const std::vector<symbol_t>>);
  /// decode_stream() with the codec's decoder.
  Status (*decode_stream)(const std::uint32_t* table, unsigned table_log, const std::uint32_t* rows,
                          const StreamWords& words, const StreamLayout& layout,
                          std::uint32_t stream, value_t* values);
  /// trace_stream() with the codec's decoder.
  std::vector<TracedValue> (*trace_stream)(const std::uint32_t* table, unsigned table_log,
                                           const std::uint32_t* rows, const StreamWords& words,
                                           std::uint32_t n_values);

  /// Entries of Code::freq.
  std::size_t n_freq(std::size_t n_rows) const { return pairs ? n_rows * n_rows : n_rows; }
};
/// All codecs, in the order of Coding.
std::span<const Codec> codecs();
/// The codec of a coding that is one of Coding's.
const Codec& codec(Coding coding);
/// nullptr when there is none of that name.
const Codec* find_codec(std::string_view name);

/// Why `code` is not one for values of `dtype`; empty if it is.
std::string why_not_a_code(const Code& code, const DType& dtype);

/// The code of raw values: what an incompressible tensor is stored as.
Code raw_code(const DType& dtype);

/// A code of one row and one symbol: raw values in the form of any coding.
Code one_row_code(Coding coding, const DType& dtype);

/// Row words for a decoder, kMaxAlphabet of them, zero beyond the alphabet.
std::vector<std::uint32_t> make_row_words(const Code& code);

/// Codes a tensor over at most n_streams streams (no more than it has values). Every value, or pair
/// of symbols, must have a frequency (throws std::invalid_argument naming it).
CodedTensor encode(const Tensor& tensor, const Code& code, std::uint32_t n_streams,
                   std::uint32_t chunk);

/// What every decoder returns.
struct Decoded {
  Status status = Status::kOk;
  std::vector<value_t> values;
  std::vector<Status> streams;  ///< one per stream; status is the first that is not kOk
};

/// Stream verdicts, value range and checksum in one: what decides about a decoded tensor.
Decoded judge(const CodedTensor& tensor, std::vector<value_t> values, std::vector<Status> streams);

/// The golden decoder.
Decoded decode(const CodedTensor& tensor);

}  // namespace transom
