// fault.cpp — see fault.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/fault.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "transom/unit/tensor_job.hpp"

namespace transom::verify {

namespace {

/// What is before `end`, which it takes off the front of `text` too; the whole text without one.
std::string_view take_before(std::string_view& text, char end) {
  const std::size_t n = std::min(text.find(end), text.size());
  const std::string_view before = text.substr(0, n);
  text.remove_prefix(std::min(n + 1, text.size()));
  return before;
}

/// A number of so many digits at most, and of nothing else.
std::optional<std::uint64_t> number(std::string_view text, std::size_t most_digits) {
  std::uint64_t n = 0;
  const char* end = text.data() + text.size();
  const bool digits = !text.empty() && text.size() <= most_digits &&
                      text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits || std::from_chars(text.data(), end, n).ptr != end) return {};
  return n;
}

}  // namespace

Fault Fault::parse(const std::string& text) {
  Fault fault;
  std::string_view rest = text;
  bool good = true;
  if (rest.find('@') != std::string_view::npos) {
    fault.tensor = number(take_before(rest, '@'), 9);
    good = fault.tensor.has_value();
  }
  const std::string_view place = take_before(rest, ':');
  const auto index = number(take_before(rest, ':'), 9);
  const auto bit = number(rest, 12);
  good = good && (place == "table" || place == "symbols" || place == "offsets") && index && bit;
  if (!good) {
    throw std::invalid_argument(
        "--inject " + text +
        ": take table:ADDRESS:BIT, symbols:STREAM:BIT or offsets:STREAM:BIT, "
        "with TENSOR@ in front for a certain tensor");
  }
  fault.place = place == "table"     ? Place::kTable
                : place == "symbols" ? Place::kSymbols
                                     : Place::kOffsets;
  fault.index = *index;
  fault.bit = *bit;
  return fault;
}

bool Fault::exists_in(const CodedTensor& coded) const {
  if (place == Place::kTable) {
    if (!unit::why_not_a_job(coded).empty()) return false;
    return bit < 32 && index < codec(coded.code.coding).make_unit_table(coded.code).size();
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
  throw std::invalid_argument("--inject: " +
                              (tensor ? "tensor " + std::to_string(*tensor) + " has no such bit"
                                      : "no tensor has such a bit") +
                              "; tables have 2^R words of 32 bits, or 16 counts (apack-ac); "
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
