// fault.hpp — one flipped bit on purpose: to see that lockstep finds it, and what it says.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"
#include "transom/unit/job.hpp"

namespace transom::verify {

/// Where the bit is. Table faults hit the words that are loaded into the unit, not the golden
/// model.
struct Fault {
  enum class Place : std::uint8_t { kTable, kSymbols, kOffsets };
  std::optional<std::size_t> tensor;  ///< the first that has such a bit, once located
  Place place = Place::kTable;
  std::uint64_t index = 0;  ///< table: address; streams: stream
  std::uint64_t bit = 0;    ///< of the table word, or of the stream's symbols or offsets

  /// "[TENSOR@]table:ADDRESS:BIT", "...symbols:STREAM:BIT", "...offsets:STREAM:BIT".
  /// Throws std::invalid_argument.
  static Fault parse(const std::string& text);

  /// "bit 31 of table word 255", "symbol bit 5 of stream 0".
  std::string text() const;

  /// Finds the tensor. Throws std::invalid_argument, saying which bits there are, if none, or not
  /// the one named, has this one.
  void locate(const std::vector<CodedTensor>& tensors);
  /// Flips a stream bit of the located tensor; nothing for a table fault.
  void apply_to_stream(std::vector<CodedTensor>& tensors) const;
  /// Flips a table bit of the located tensor's job; nothing for a stream fault.
  void apply_to_table(unit::Job& job) const;

 private:
  /// Empty if it has the bit.
  std::string why_not_in(const CodedTensor& tensor) const;
};

}  // namespace transom::verify
