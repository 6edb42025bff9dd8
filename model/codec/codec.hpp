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
#include "transom/base/tensor_view.hpp"
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
  kApackNrans = 7,
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

  /// Throws for a shape of 2^32 values or more, or over kMaxStreams streams.
  StreamLayout layout() const;
  friend bool operator==(const CodedTensor&, const CodedTensor&) = default;
};
inline constexpr std::uint32_t kMaxStreams = 0xffff;

/// CRC-32C of the values' patterns, one byte each when W <= 8, else two, little-endian.
/// @param before that of the values in front of these, if there are any
std::uint32_t checksum(const Patterns& values, const DType& dtype, std::uint32_t before = 0);

/// What the streams of a tensor gave beside its values, before any verdict on the tensor.
struct DecodedStreams {
  std::vector<Status> statuses;
  bool outside = false;  ///< an offset is not below its row's size
};

/// One line of kCodecs.
struct Codec {
  Coding coding;
  std::string_view name;
  unsigned max_rows;       ///< 0: codes_whole_values() or up to kMaxAlphabet ranges
  unsigned min_table_log;  ///< R that the coder takes
  unsigned max_table_log;
  bool pairs;     ///< a table entry yields two symbols (tans_pair.hpp)
  LaneKind lane;  ///< the kind of hardware lane that decodes it
  // All throw for a code that is not the codec's.
  /// The words that a decoder looks symbols up in (for tANS: Entry words).
  std::vector<std::uint32_t> (*make_table)(const Code&);
  /// The words that the decoder unit is loaded with, for its own form of the look-up.
  std::vector<std::uint32_t> (*make_unit_table)(const Code&);
  /// The symbol words of each stream, from its symbols. Each has a frequency (throws).
  std::vector<std::vector<std::uint32_t>> (*encode)(const Code&,
                                                    std::span<const std::vector<symbol_t>>);
  /// decode_stream() with the codec's decoder. Throws unless `table` could be one of make_table()
  /// (of any code, see check_table()), `rows` has kMaxAlphabet words, `stream` is one of the layout
  /// and `values` have room for the whole tensor.
  Status (*decode_stream)(std::span<const std::uint32_t> table, unsigned table_log,
                          std::span<const std::uint32_t> rows, const StreamWords& words,
                          const StreamLayout& layout, std::uint32_t stream,
                          std::span<value_t> values);
  /// trace_stream() with the codec's decoder. Throws as decode_stream() does.
  std::vector<TracedValue> (*trace_stream)(std::span<const std::uint32_t> table, unsigned table_log,
                                           std::span<const std::uint32_t> rows,
                                           const StreamWords& words, std::uint32_t n_values);
  /// All streams of a tensor that check_coded() has passed, into room for its values.
  DecodedStreams (*decode_streams)(const CodedTensor&, const MutablePatterns&);

  /// Entries of Code::freq.
  std::size_t n_freq(std::size_t n_rows) const { return pairs ? n_rows * n_rows : n_rows; }
};
/// All codecs, in the order of Coding.
std::span<const Codec> codecs();
/// The codec of a coding. Throws unless it is one of Coding's.
const Codec& codec(Coding coding);
/// nullptr when there is none of that name.
const Codec* find_codec(std::string_view name);

/// Throws naming the first word of a decoder's table that could lead out of it, or that no table of
/// the kind has.
void check_table(LaneKind kind, std::span<const std::uint32_t> table, unsigned table_log);

/// Whether a code's spread means something: where there is a tANS table. Elsewhere encode() leaves
/// Spread::kTuned.
inline bool uses_spread(Coding coding) {
  const LaneKind lane = codec(coding).lane;
  return coding != Coding::kRaw && (lane == LaneKind::kTans || lane == LaneKind::kTansPair);
}

/// Whether its prefix symbols are the values, 2^W of them: the rows need not be told. Where a
/// coding is on whole values these are integers of up to 8 bits; of wider ones and of floats,
/// ranges.
inline bool codes_whole_values(Coding coding, const DType& dtype) {
  return codec(coding).max_rows == 0 && dtype.bits <= 8 && !dtype.is_float();
}

/// Why `code` is not one for values of `dtype`; empty if it is. Throws for no Coding.
std::string why_not_a_code(const Code& code, const DType& dtype);

/// Throws, naming the function, unless the tensor has a code, 1..kMaxStreams streams, chunks of at
/// least 1 and less than 2^32 values.
void check_coded(const CodedTensor& tensor, std::string_view function);

/// The code of raw values: what an incompressible tensor is stored as. Throws for no dtype.
Code raw_code(const DType& dtype);

/// A code of one row and one symbol: raw values in the form of any coding. Throws for no dtype.
Code one_row_code(Coding coding, const DType& dtype);

/// Whether some row has fewer values than its offsets can tell apart. Throws unless rows ascend
/// within the dtype.
bool has_short_rows(const Code& code, const DType& dtype);

/// Row words for a decoder, kMaxAlphabet of them, zero beyond the alphabet. Throws for more rows.
std::vector<std::uint32_t> make_row_words(const Code& code);

/// Codes a tensor over at most n_streams streams (no more than it has values). Throws for values
/// that do not fill the shape or do not fit the dtype, a code that is none, n_streams other than
/// 1..kMaxStreams, chunk 0, and a value or a pair of symbols that has no frequency.
CodedTensor encode(const TensorView& tensor, const Code& code, std::uint32_t n_streams,
                   std::uint32_t chunk);

/// What every decoder returns.
struct Decoded {
  Status status = Status::kOk;
  std::vector<value_t> values;
  std::vector<Status> streams;  ///< one per stream; status is the first that is not kOk
};

/// Stream verdicts, value range, offsets and checksum in one: what decides about a decoded tensor,
/// whoever decoded it. An offset that is not below its row's size, which no lane looks for, is
/// kBadValue. Throws unless there are as many values and statuses as the tensor has values and
/// streams.
Decoded judge(const CodedTensor& tensor, std::vector<value_t> values, std::vector<Status> streams);
/// The same for a decoder that looks at offsets itself.
/// @param outside whether one was not below its row's size
Decoded judge(const CodedTensor& tensor, std::vector<value_t> values, std::vector<Status> streams,
              bool outside);

/// The golden decoder. Throws as check_coded() does.
Decoded decode(const CodedTensor& tensor);

/// A Decoded whose values lie elsewhere.
struct Statuses {
  Status status = Status::kOk;
  std::vector<Status> streams;
};
/// The same into the caller's memory: the values of a tensor that is well, and of kBadValue what
/// fits into bytes. Throws, too, unless there is room for as many values as the tensor has.
Statuses decode(const CodedTensor& tensor, const MutablePatterns& values);

/// The same but for the checksum: of a tensor that is consecutive values of another one.
Statuses decode_part(const CodedTensor& tensor, const MutablePatterns& values);

}  // namespace transom
