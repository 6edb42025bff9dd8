// fault.cpp — see fault.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/fault.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
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
    refuse(
        "--inject", "the fault", "'" + text + "'",
        "take table:ADDRESS:BIT, symbols:STREAM:BIT or offsets:STREAM:BIT, with TENSOR@ in front "
        "for a certain tensor");
  }
  fault.place = place == "table"     ? Place::kTable
                : place == "symbols" ? Place::kSymbols
                                     : Place::kOffsets;
  fault.index = *index;
  fault.bit = *bit;
  return fault;
}

std::string Fault::text() const {
  if (place == Place::kTable) {
    return "bit " + std::to_string(bit) + " of table word " + std::to_string(index);
  }
  return (place == Place::kSymbols ? "symbol bit " : "offset bit ") + std::to_string(bit) +
         " of stream " + std::to_string(index);
}

std::string Fault::why_not_in(const CodedTensor& coded) const {
  const auto up_to = [](std::size_t n) { return "0.." + std::to_string(n - 1); };
  const Codec& c = codec(coded.code.coding);
  if (place == Place::kTable) {
    if (std::string why = unit::why_not_a_job(coded); !why.empty()) return why;
    std::vector<std::uint32_t> words = c.make_unit_table(coded.code);
    if (bit >= 32 || index >= words.size()) {
      return "its table has words " + up_to(words.size()) + " of bits 0..31";
    }
    if (!unit::lane_traits(c.lane).counts) return {};
    words[index] ^= std::uint32_t{1} << bit;  // out of order they would be no table
    words.push_back(std::uint32_t{1} << coded.code.table_log);
    const bool in_order = words[0] == 0 && std::is_sorted(words.begin(), words.end());
    return in_order ? "" : "its table's counts would be out of order";
  }
  if (index >= coded.streams.size()) return "it has streams " + up_to(coded.streams.size());
  const bool symbols = place == Place::kSymbols;
  const StreamWords& stream = coded.streams[index];
  const std::size_t n_words = (symbols ? stream.symbols : stream.offsets).size();
  if (bit / 32 < n_words) return {};
  const std::string kind = symbols ? "symbol" : "offset";
  const std::string whose = "stream " + std::to_string(index) + " has ";
  if (n_words != 0) return whose + kind + " bits " + up_to(32 * n_words);
  return whose + "no " + kind + " words: it is coded " + std::string(c.name);
}

void Fault::locate(const std::vector<CodedTensor>& tensors) {
  const auto named = [&](std::size_t i) {
    return "tensor " + std::to_string(i) + " '" + tensors[i].name + "': " + why_not_in(tensors[i]);
  };
  const auto refuse_it = [this](const std::string& why) {
    refuse("--inject", "the fault", text(), "there is no " + text() + ": " + why);
  };
  if (tensors.empty()) refuse_it("there is no tensor");
  if (tensor && *tensor >= tensors.size()) {
    refuse_it("tensors are 0.." + std::to_string(tensors.size() - 1) + ", not " +
              std::to_string(*tensor));
  }
  if (tensor) {
    if (!why_not_in(tensors[*tensor]).empty()) refuse_it(named(*tensor));
    return;
  }
  for (std::size_t i = 0; i < tensors.size() && !tensor; ++i) {
    if (why_not_in(tensors[i]).empty()) tensor = i;
  }
  if (!tensor) refuse_it((tensors.size() == 1 ? "" : "in no tensor; ") + named(0));
}

void Fault::apply_to_stream(std::vector<CodedTensor>& tensors) const {
  if (place == Place::kTable) return;
  const std::size_t at = tensor.value_or(tensors.size());
  require_range("Fault::apply_to_stream", "number of tensors", tensors.size(), at + 1, SIZE_MAX);
  if (const std::string why = why_not_in(tensors[at]); !why.empty()) {
    refuse("Fault::apply_to_stream", "bit", bit, why);
  }
  StreamWords& stream = tensors[at].streams[index];
  (place == Place::kSymbols ? stream.symbols : stream.offsets)[bit / 32] ^= std::uint32_t{1}
                                                                            << bit % 32;
}

void Fault::apply_to_table(unit::Job& job) const {
  if (place != Place::kTable) return;
  require_range("Fault::apply_to_table", "bit", bit, 0, 31);
  require_range("Fault::apply_to_table", "number of entries", job.entries.size(), index + 1,
                SIZE_MAX);
  job.entries[index] ^= std::uint32_t{1} << bit;
}

}  // namespace transom::verify
