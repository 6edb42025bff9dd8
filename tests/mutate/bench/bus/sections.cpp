// sections.cpp — sections that no driver writes: each bit of one wrong, tables that are none, sizes
// that a section has seldom. See lists.hpp.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "list_parts.hpp"
#include "lists.hpp"
#include "transom/container/container.hpp"
#include "transom/wide/image.hpp"

namespace transom::mutate {
namespace {

using namespace system;
using coverage::SystemCase;

constexpr unsigned kRows = kMaxApackRows;

/// Tensors one behind the other; what may be changed in copies of them.
struct Section {
  AxiImage image;
  AxiStart all;                        ///< decodes it as it is
  std::vector<std::uint64_t> headers;  ///< where each record begins

  Section(std::span<const CodedTensor> tensors, const wide::Parameters& unit)
      : image(wide::make_image(write_wide_container(tensors), tensors, unit, kBase)),
        all{.descriptors = image.descriptors,
            .n_descriptors = image.n_descriptors,
            .section_words = image.section_words} {
    std::uint64_t at = image.descriptors;
    for (const CodedTensor& tensor : tensors) {
      headers.push_back(at);
      at += 4 * wide_record(tensor).size();
    }
  }
  SystemCase none() const { return {image, {}, {}, {}, {}}; }
  /// Copies it behind `made`, to be changed there: how far that is from the section itself.
  std::uint64_t add_copy(SystemCase& made) const {
    const std::uint64_t to = copy(made.image, image.descriptors, 4 * image.section_words);
    made.starts.push_back(all);
    made.starts.back().descriptors = to;
    made.starts.back().abort_after = kPatience;
    return to - image.descriptors;
  }
};

/// A table of 16 rows, and some values of each.
CodedTensor full_tensor(Coding coding, unsigned table_log, unsigned bits,
                        const std::array<value_t, kRows>& vmins) {
  Code code{coding, table_log, Spread::kStep, {}, {}};
  for (unsigned row = 0; row < kRows; ++row) {
    const std::uint32_t end = row + 1 < kRows ? vmins[row + 1] : 1u << bits;
    code.rows.push_back(
        {vmins[row], static_cast<std::uint8_t>(std::bit_width(end - vmins[row] - 1))});
    code.freq.push_back((1u << table_log) / kRows);
  }
  constexpr std::uint32_t kValues = 48;
  Tensor tensor{"full", {static_cast<std::uint8_t>(bits), false}, {kValues}, {}};
  for (std::uint32_t i = 0; i < kValues; ++i) {
    const unsigned row = i * 5 % kRows;
    const std::uint32_t end = row + 1 < kRows ? vmins[row + 1] : 1u << bits;
    const auto more = static_cast<std::uint32_t>(unit::mix(i) % (end - vmins[row]));
    tensor.values.push_back(static_cast<value_t>(vmins[row] + more));
  }
  return encode(tensor, code, 4, 1);
}

/// Each bit of each header, some of all that follows; and headers that say 0 values.
SystemCase bits(const Section& whole) {
  SystemCase made = whole.none();
  const auto is_of_header = [&](std::uint64_t at) {
    return std::ranges::any_of(
        whole.headers, [&](std::uint64_t header) { return at - header < 4 * kWideHeaderWords; });
  };
  for (unsigned w = 0; w < whole.image.section_words; ++w) {
    const std::uint64_t at = whole.image.descriptors + 4 * w;
    for (unsigned bit = 0; bit < 32; bit += is_of_header(at) ? 1 : 5) {
      const std::uint64_t to = whole.add_copy(made) + at;
      put(made.image, to, word(made.image, to) ^ 1u << bit);
    }
  }
  for (const std::uint64_t header : whole.headers) {
    put(made.image, whole.add_copy(made) + header + 4, 0);
  }
  return made;
}

SystemCase early_windows(const Section& whole) {
  SystemCase made = whole.none();
  for (unsigned w = 0; w < whole.image.section_words; ++w) {
    made.starts.push_back(whole.all);
    made.starts.back().limits.window_limit = whole.image.descriptors + 4 * w;
  }
  return made;
}

SystemCase wrong_sizes(const Section& whole) {
  SystemCase made = whole.none();
  for (unsigned w = 0; w < whole.image.section_words; ++w) {
    made.starts.push_back(whole.all);
    made.starts.back().section_words = w;
  }
  for (unsigned bit = 0; bit < 64; ++bit) {
    made.starts.push_back(whole.all);
    made.starts.back().limits.max_values = whole.image.n_values - 1 + (std::uint64_t{1} << bit);
    made.starts.push_back(whole.all);
    made.starts.back().n_descriptors = 1u << bit % 32;
    made.starts.back().limits.max_descriptors = bit < 32 ? ~0u : 1u << bit % 32;
  }
  for (std::uint64_t values = 0; values <= whole.image.n_values; ++values) {
    made.starts.push_back(whole.all);
    made.starts.back().limits.max_values = values;
  }
  return made;
}

/// Records of up to 2^30 words, as their headers say, in sections that end with them, or a word
/// earlier. Memory is so slow that most of a run is behind the header and before what follows.
SystemCase long_records(const wide::Parameters& unit) {
  const std::vector<CodedTensor> one{small_tensor(unit.coding(), 24)};
  const Section whole(one, unit);
  const auto table_words = static_cast<std::uint32_t>(
      whole.image.section_words - (word(whole.image, whole.headers.front() + 8) + 1) / 2);
  SystemCase made = whole.none();
  made.pressure = {.seed = 11, .latency = 160, .memory_outstanding = 1};
  for (unsigned bit = 5; bit < 32; ++bit) {
    const std::uint32_t n_halves = 1u << bit;
    for (const unsigned less : {0u, 1u}) {
      const std::uint64_t header = whole.add_copy(made) + whole.headers.front();
      put(made.image, header + 4, ~0u);
      put(made.image, header + 8, n_halves);
      made.starts.back().section_words = table_words + n_halves / 2 - less;
    }
  }
  return made;
}

/// The first count of a group is below the last one of the group before, by each power of two.
SystemCase falling_counts(const wide::Parameters& unit) {
  std::array<value_t, kRows> vmins;
  for (unsigned row = 0; row < kRows; ++row) vmins[row] = static_cast<value_t>(row << 4);
  const unsigned table_log = unit.axi.shape.unit.table_log;
  const std::vector<CodedTensor> one{full_tensor(unit.coding(), table_log, 8, vmins)};
  const Section whole(one, unit);
  SystemCase made = whole.none();
  for (unsigned bit = 0; bit <= table_log; ++bit) {
    const unsigned group = 1 + bit % 3;
    const std::uint64_t counts = whole.add_copy(made) + whole.headers.front() + 12;
    for (unsigned row = 0; row < kRows; row += 2) {
      const std::uint32_t count = row / 4 < group && row != 0 ? 1u << bit : 0;
      const std::uint32_t next = row / 4 < group ? 1u << bit : 0;
      put(made.image, counts + 2 * row, count | next << 16);
    }
    made.starts.back().abort_after = AxiStart::kNever;
  }
  return made;
}

/// Tables of which a row, each in its turn, has all but 15 of the values of 16 bits: in each bank.
SystemCase large_rows(const wide::Parameters& unit) {
  std::vector<CodedTensor> tensors;
  for (unsigned large = 0; large < kRows; ++large) {
    std::array<value_t, kRows> vmins;
    for (unsigned row = 0; row < kRows; ++row) {
      vmins[row] = static_cast<value_t>(row <= large ? row : (1u << 16) - kRows + row);
    }
    tensors.insert(tensors.end(), 2, full_tensor(unit.coding(), 8, 16, vmins));
  }
  const Section whole(tensors, unit);
  SystemCase made = whole.none();
  made.starts = {whole.all};
  return made;
}

/// More tensors than have a number of 11 bits.
SystemCase many_tensors(const wide::Parameters& unit) {
  const Tensor raw{"raw", {4, false}, {1}, {9}};
  const Section whole(std::vector(2'060, encode(raw, raw_code(raw.dtype), 1, 1)), unit);
  SystemCase made = whole.none();
  made.starts = {whole.all};
  return made;
}

}  // namespace

std::vector<NamedCase> odd_sections(const wide::Parameters& unit) {
  const Tensor raw{"raw", {7, false}, {5}, {1, 2, 3, 4, 127}};
  const std::vector<CodedTensor> tensors{small_tensor(unit.coding(), 24),
                                         encode(raw, raw_code(raw.dtype), 1, 1),
                                         small_tensor(unit.coding(), 7)};
  const Section whole(tensors, unit);
  return {{"each bit of a section", bits(whole)},
          {"windows that end early", early_windows(whole)},
          {"counts that are not the section's", wrong_sizes(whole)},
          {"long records", long_records(unit)},
          {"counts that fall between groups", falling_counts(unit), false},
          {"rows of 16 offset bits", large_rows(unit), false},
          {"more than 2^11 tensors", many_tensors(unit), false}};
}

}  // namespace transom::mutate
