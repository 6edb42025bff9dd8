// fault.cpp — see fault.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "fault.hpp"

#include <regex>
#include <stdexcept>

namespace transom::cli {

Fault Fault::parse(const std::string& text) {
  static const std::regex form("(?:(\\d{1,9})@)?(table|symbols|offsets):(\\d{1,9}):(\\d{1,12})");
  std::smatch part;
  if (!std::regex_match(text, part, form)) {
    throw std::invalid_argument("--inject " + text +
                                ": take table:ADDRESS:BIT, symbols:LANE:BIT or offsets:LANE:BIT, "
                                "with TENSOR@ in front for another than tensor 0");
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

namespace {
void flip(std::vector<std::uint32_t>& words, std::uint64_t bit, const std::string& what) {
  if (bit / 32 >= words.size()) {
    throw std::invalid_argument("--inject: " + what + " has " + std::to_string(32 * words.size()) +
                                " bits, no bit " + std::to_string(bit));
  }
  words[bit / 32] ^= std::uint32_t{1} << bit % 32;
}
}  // namespace

void Fault::apply_to_stream(std::vector<CodedTensor>& tensors) const {
  if (tensor >= tensors.size()) {
    throw std::invalid_argument("--inject: there are " + std::to_string(tensors.size()) +
                                " tensors, no tensor " + std::to_string(tensor));
  }
  if (place == Place::kTable) return;
  auto& lanes = tensors[tensor].lanes;
  if (index >= lanes.size()) {
    throw std::invalid_argument("--inject: tensor '" + tensors[tensor].name + "' has " +
                                std::to_string(lanes.size()) + " lanes, no lane " +
                                std::to_string(index));
  }
  const bool symbols = place == Place::kSymbols;
  flip(symbols ? lanes[index].symbols : lanes[index].offsets, bit,
       std::string(symbols ? "the symbol" : "the offset") + " stream of lane " +
           std::to_string(index));
}

void Fault::apply_to_table(Job& job) const {
  if (place != Place::kTable) return;
  if (index >= job.entries.size() || bit >= 32) {
    throw std::invalid_argument("--inject: the table has " + std::to_string(job.entries.size()) +
                                " words of 32 bits");
  }
  job.entries[index] ^= std::uint32_t{1} << bit;
}

}  // namespace transom::cli
