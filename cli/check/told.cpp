// told.cpp — see told.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "told.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string>
#include <string_view>

#include "transom/files/read.hpp"
#include "transom/golden/errors.hpp"
#include "transom/golden/npy.hpp"

namespace transom::cli {
namespace {

using golden::DataError;
namespace fs = std::filesystem;

constexpr const char* kEndings[] = {".csv", ".hex", ".npy"};
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;

/// A field of a text, for its messages.
struct Field {
  const fs::path& file;
  std::size_t line;
  std::string_view name;
  std::string_view text;

  [[noreturn]] void refuse(const std::string& wanted) const {
    throw DataError(file.string() + ", line " + std::to_string(line) + ", field '" +
                    std::string(name) + "': '" + std::string(text.substr(0, 40)) + "' is not " +
                    wanted);
  }
  std::int64_t number(int base) const {
    std::string_view digits = text;
    if (base == 10 && digits.starts_with("0x")) {
      base = 16;
      digits.remove_prefix(2);
    }
    std::int64_t n = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), n, base);
    if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) {
      refuse(base == 16 ? "a hexadecimal number" : "an integer");
    }
    return n;
  }
  /// At most `most`, at least 0.
  std::uint64_t count(std::int64_t most) const {
    const std::int64_t n = number(10);
    if (n < 0 || n > most) refuse("in 0.." + std::to_string(most));
    return static_cast<std::uint64_t>(n);
  }
  std::uint32_t word(int base) const {
    const std::int64_t n = number(base);
    if (n < 0 || n > UINT32_MAX) refuse("a word of 32 bits");
    return static_cast<std::uint32_t>(n);
  }
  /// An integer of the type, or a pattern.
  std::uint32_t value(const DType& dtype) const {
    const std::int64_t n = number(10);
    if (n >= 0) return word(10);
    if (dtype.is_float() || n < dtype.min()) {
      refuse("a value of type " + type_name(dtype) + ", nor a pattern");
    }
    return to_pattern(static_cast<std::int32_t>(n), dtype);
  }
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlank);
  return first == text.npos ? "" : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t comma = 0; comma != line.npos;) {
    comma = line.find(',');
    cells.push_back(trimmed(line.substr(0, comma)));
    line.remove_prefix(comma == line.npos ? line.size() : comma + 1);
  }
  return cells;
}

/// The lines of a text file, with numbers; empty ones are passed over.
template <class Take>
void for_each_line(const fs::path& file, Take take) {
  const auto bytes = files::read_whole(file, "name the file that your decoder wrote", kMostBytes);
  std::istringstream text(std::string(bytes.begin(), bytes.end()));
  std::size_t number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (const std::string_view content = trimmed(line); !content.empty()) take(content, number);
  }
}

std::vector<ToldLine> read_hex(const fs::path& file) {
  std::vector<ToldLine> told;
  for_each_line(file, [&](std::string_view line, std::size_t number) {
    ToldLine one;
    one.value = Field{file, number, "value", line}.word(16);
    told.push_back(one);
  });
  return told;
}

constexpr std::string_view kColumns[] = {"stream",      "index",       "symbol", "state",
                                         "symbol_bits", "offset_bits", "value"};

/// Columns by the names of the first line.
std::vector<ToldLine> read_csv(const fs::path& file, const CodedTensor& tensor) {
  std::vector<std::string> names;
  std::vector<ToldLine> told;
  std::vector<std::uint64_t> next(tensor.streams.size());
  const auto has = [&](std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const auto take_names = [&](std::string_view line, std::size_t number) {
    for (const std::string_view name : cells_of(line)) {
      if (std::find(std::begin(kColumns), std::end(kColumns), name) == std::end(kColumns) ||
          has(name)) {
        Field{file, number, "column", name}.refuse(
            "one of stream, index, symbol, state, symbol_bits, offset_bits, value, each once");
      }
      names.emplace_back(name);
    }
    const Field all{file, number, "columns", line};
    if (!has("symbol") && !has("value")) all.refuse("with a column 'value' or 'symbol'");
    if (has("symbol") && !has("stream") && tensor.streams.size() > 1) {
      all.refuse("with a column 'stream', though there are several streams");
    }
    if ((has("state") && !has("symbol")) || (has("symbol_bits") && !has("state"))) {
      all.refuse("with 'symbol' before 'state' before 'symbol_bits'");
    }
  };
  for_each_line(file, [&](std::string_view line, std::size_t number) {
    if (names.empty()) return take_names(line, number);
    const auto cells = cells_of(line);
    if (cells.size() != names.size()) {
      Field{file, number, "columns", line}.refuse("of " + std::to_string(names.size()) +
                                                  " columns, as the first line is");
    }
    ToldLine one;
    if (has("symbol") && !has("stream")) one.stream = 0;
    std::optional<std::uint64_t> index;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Field field{file, number, names[i], cells[i]};
      if (names[i] == "stream") {
        one.stream = static_cast<std::uint32_t>(
            field.count(static_cast<std::int64_t>(tensor.streams.size()) - 1));
      }
      if (names[i] == "index") index = field.count(UINT32_MAX);
      if (names[i] == "symbol") one.symbol = static_cast<std::uint32_t>(field.count(UINT8_MAX));
      if (names[i] == "state") one.state = field.count(INT64_MAX);
      if (names[i] == "symbol_bits") one.position = field.count(INT64_MAX);
      if (names[i] == "value") one.value = field.value(tensor.dtype);
    }
    std::uint64_t& due = next[one.stream.value_or(0)];
    if (index && *index != due) {
      Field{file, number, "index", std::to_string(*index)}.refuse(
          std::to_string(due) + ", the next of its stream: lines of a stream are in its order");
    }
    ++due;
    told.push_back(one);
  });
  if (names.empty()) throw DataError(file.string() + ", line 1: no columns; name them");
  return told;
}

std::vector<ToldLine> read_array(const fs::path& file, const CodedTensor& tensor) {
  const DType& dtype = tensor.dtype;
  const golden::NpyType type = dtype.is_float() ? golden::NpyType{std::nullopt, dtype}
                                                : golden::NpyType{dtype.bits, std::nullopt};
  std::vector<ToldLine> told;
  for (const value_t value : golden::read_npy(file, type).tensor.values) {
    ToldLine one;
    one.value = value;
    told.push_back(one);
  }
  return told;
}

}  // namespace

std::span<const char* const> told_endings() { return kEndings; }

std::vector<ToldLine> read_told(const fs::path& file, const CodedTensor& tensor) {
  const std::string ending = file.extension().string();
  if (ending == ".hex") return read_hex(file);
  if (ending == ".csv") return read_csv(file, tensor);
  if (ending == ".npy") return read_array(file, tensor);
  throw DataError(file.string() + ": it is no .hex, .csv or .npy: name it so, by what is in it");
}

std::vector<Status> read_statuses(const std::string& text, std::size_t n_streams,
                                  const std::string& where) {
  std::string words = text;
  std::replace(words.begin(), words.end(), ',', ' ');
  std::istringstream in(words);
  std::vector<Status> statuses;
  for (std::string word; in >> word;) {
    unsigned status = 0;
    constexpr auto kLast = static_cast<unsigned>(Status::kBadChecksum);
    while (status <= kLast && status_name(static_cast<Status>(status)) != word) ++status;
    if (status > kLast) {
      throw DataError(where + ": '" + word.substr(0, 40) + "' is no status: ok, truncated, ...");
    }
    statuses.push_back(static_cast<Status>(status));
  }
  if (statuses.size() != n_streams) {
    throw DataError(where + ": it has " + std::to_string(statuses.size()) + " statuses; give " +
                    std::to_string(n_streams) + ", one for each stream");
  }
  return statuses;
}

}  // namespace transom::cli
