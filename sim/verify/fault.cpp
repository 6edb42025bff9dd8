// fault.cpp — see fault.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/fault.hpp"

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "transom/unit/tensor_job.hpp"

namespace transom::verify {

Fault Fault::parse(const std::string& text) {
  static const std::regex form("(?:(\\d{1,9})@)?(table|symbols|offsets):(\\d{1,9}):(\\d{1,12})");
  std::smatch part;
  if (!std::regex_match(text, part, form)) {
    throw std::invalid_argument(
        "--inject " + text +
        ": take table:ADDRESS:BIT, symbols:STREAM:BIT or offsets:STREAM:BIT, "
        "with TENSOR@ in front for a certain tensor");
  }
  Fault fault;
  if (part[1].matched) fault.tensor = std::stoull(part[1]);
  fault.place = part[2] == "table"     ? Place::kTable
                : part[2] == "symbols" ? Place::kSymbols
                                       : Place::kOffsets;
  fault.index = std::stoull(part[3]);
  fault.bit = std::stoull(part[4]);
  return fault;
}

bool Fault::exists_in(const CodedTensor& coded) const {
  if (place == Place::kTable) {
    if (!unit::why_not_a_job(coded).empty()) return false;
    std::vector<std::uint32_t> words = codec(coded.code.coding).make_unit_table(coded.code);
    if (bit >= 32 || index >= words.size()) return false;
    if (codec(coded.code.coding).lane != LaneKind::kArith) return true;
    words[index] ^= std::uint32_t{1} << bit;  // a stream trusts its counts to be in order
    words.push_back(std::uint32_t{1} << kArithTableLog);
    return words[0] == 0 && std::is_sorted(words.begin(), words.end());
  }
  if (index >= coded.streams.size()) return false;
  const StreamWords& stream = coded.streams[index];
  return bit / 32 < (place == Place::kSymbols ? stream.symbols : stream.offsets).size();
}

void Fault::locate(const std::vector<CodedTensor>& tensors) {
  for (std::size_t i = tensor.value_or(0); i < tensors.size(); ++i) {
    if (exists_in(tensors[i])) {
      tensor = i;
      return;
    }
    if (tensor) break;
  }
  throw std::invalid_argument(
      "--inject: " +
      (tensor ? "tensor " + std::to_string(*tensor) + " has no such bit"
              : "no tensor has such a bit") +
      "; tables have 2^R words of 32 bits, or 16 counts that must stay in order (apack-ac); "
      "`transom info` tells R, streams and sizes");
}

void Fault::apply_to_stream(std::vector<CodedTensor>& tensors) const {
  if (place == Place::kTable) return;
  StreamWords& stream = tensors[*tensor].streams[index];
  (place == Place::kSymbols ? stream.symbols : stream.offsets)[bit / 32] ^= std::uint32_t{1}
                                                                            << bit % 32;
}

void Fault::apply_to_table(unit::Job& job) const {
  if (place == Place::kTable) job.entries[index] ^= std::uint32_t{1} << bit;
}

}  // namespace transom::verify
