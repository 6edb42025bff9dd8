// task.cpp — see task.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/task.hpp"

#include <bit>
#include <cstdio>
#include <utility>

#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/container/container.hpp"
#include "transom/files/read.hpp"

namespace transom::verify {

namespace {

std::string text(std::uint64_t n) { return std::to_string(n); }

Table from_entries(LaneKind kind, std::vector<std::uint32_t> entries) {
  if (!std::has_single_bit(entries.size())) {
    refuse("tans_table", "number of entries", entries.size(),
           "must be 2^R, R = 0.." + text(kMaxTableLog));
  }
  const auto R = static_cast<unsigned>(std::countr_zero(entries.size()));
  check_table(kind, entries, R);
  return {kind, R, std::move(entries)};
}

/// visit(symbol) for every symbol that a look-up can give.
template <class Visit>
void for_each_symbol(const Table& table, Visit visit) {
  if (table.kind == LaneKind::kArith) {
    for (unsigned s = 0; s < kMaxAlphabet; ++s) {
      if (table.words[s + 1] > table.words[s]) visit(s);
    }
  } else if (table.kind == LaneKind::kRans) {
    for (unsigned s = 0; s < kMaxAlphabet; ++s) {
      if ((table.words[s] & 0xffff) != 0) visit(s);
    }
  } else {
    for (const std::uint32_t word : table.words) {
      const symbol_t s = to_entry(word).symbol;  // of a slot's word, too
      if (table.kind == LaneKind::kTansPair) {
        visit(unsigned{first_of(s)});
        visit(unsigned{second_of(s)});
      } else {
        visit(unsigned{s});
      }
    }
  }
}

std::vector<std::uint8_t> read_bytes(const std::filesystem::path& file) {
  return files::read_whole(file, "name a container, or a folder of `transom vectors`");
}

/// What values.hex has for these values: a word to a line.
std::string hex_lines(std::span<const value_t> values) {
  std::string lines;
  char line[16];
  for (const value_t v : values) {
    std::snprintf(line, sizeof line, "%08x\n", unsigned{v});
    lines += line;
  }
  return lines;
}

}  // namespace

Table tans_table(std::vector<std::uint32_t> entries) {
  return from_entries(LaneKind::kTans, std::move(entries));
}

Table tans_table(std::span<const std::uint32_t> freq, unsigned R, Spread spread) {
  return {LaneKind::kTans, R, make_decode_table(freq, R, spread)};
}

Table tans_pair_table(std::vector<std::uint32_t> entries) {
  return from_entries(LaneKind::kTansPair, std::move(entries));
}

Table tans_pair_table(std::span<const std::uint32_t> freq, std::size_t n_symbols, unsigned R,
                      Spread spread) {
  return {LaneKind::kTansPair, R, make_decode_table(by_pair(freq, n_symbols), R, spread)};
}

Table rans_table(std::span<const std::uint32_t> freq, unsigned R) {
  return {LaneKind::kRans, R, make_rans_table(freq, R)};
}

Table nrans_table(std::span<const std::uint32_t> freq, unsigned R) {
  return {LaneKind::kNrans, R, make_nrans_table(freq, R)};
}

Table arith_table(std::span<const std::uint32_t> counts) {
  return {LaneKind::kArith, kArithTableLog, make_arith_table(counts)};
}

std::vector<Row> identity_rows(std::size_t n_symbols) {
  require_range("identity_rows", "n_symbols", n_symbols, 1, kMaxAlphabet);
  std::vector<Row> rows;
  for (std::size_t s = 0; s < n_symbols; ++s) rows.push_back({static_cast<value_t>(s), 0});
  return rows;
}

void check_task(const Task& task) {
  constexpr std::string_view kName = "check_task";
  require_range(kName, "number of streams", task.streams.size(), 1, UINT32_MAX);
  require_range(kName, "number of rows", task.rows.size(), 1, kMaxAlphabet);
  for (std::size_t s = 0; s < task.rows.size(); ++s) {
    require_range(kName, "offset bits of row " + text(s), task.rows[s].offset_bits, 0,
                  kMaxValueBits);
  }
  check_table(task.table.kind, task.table.words, task.table.table_log);
  for_each_symbol(task.table, [&](unsigned symbol) {
    require_range(kName, "symbol of the table", symbol, 0, task.rows.size() - 1);
  });
}

Task make_task(const CodedTensor& tensor) {
  check_coded(tensor, "make_task");
  const Codec& c = codec(tensor.code.coding);
  Task task{tensor.name,
            {c.lane, tensor.code.table_log, c.make_table(tensor.code)},
            tensor.code.rows,
            {}};
  const StreamLayout layout = tensor.layout();
  for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
    const StreamWords& words = tensor.streams[s];
    task.streams.push_back({layout.stream_values(s), words.symbols, words.offsets});
  }
  return task;
}

CodedTensor pick_tensor(std::span<const std::uint8_t> bytes, const Which& which) {
  Parsed parsed = parse_container(bytes);
  if (parsed.status != Status::kOk) throw ContainerError(parsed.status, parsed.what);
  std::vector<CodedTensor>& tensors = parsed.tensors;
  if (const auto* index = std::get_if<std::size_t>(&which)) {
    if (*index < tensors.size()) return std::move(tensors[*index]);
    refuse("pick_tensor", "tensor", *index, "the container has " + text(tensors.size()));
  }
  const auto& name = std::get<std::string>(which);
  for (CodedTensor& tensor : tensors) {
    if (tensor.name == name) return std::move(tensor);
  }
  refuse("pick_tensor", "tensor", "'" + name + "'", "the container has none of that name");
}

CodedTensor read_tensor(const std::filesystem::path& file, const Which& which) {
  try {
    return pick_tensor(read_bytes(file), which);
  } catch (const ContainerError& error) {
    throw ContainerError(error.status(), file.string() + ": " + error.what());
  }
}

CodedTensor read_vector(const std::filesystem::path& folder) {
  CodedTensor tensor = read_tensor(folder / "tensor.tsm");
  const std::vector<std::uint8_t> told = read_bytes(folder / "values.hex");
  const std::string want = hex_lines(decode(tensor).values);
  const std::string got(told.begin(), told.end());
  if (got == want) return tensor;
  std::size_t line = 1;
  for (std::size_t i = 0; i < std::min(got.size(), want.size()) && got[i] == want[i]; ++i) {
    line += got[i] == '\n';
  }
  throw ContainerError(Status::kBadValue, (folder / "values.hex").string() + ", line " +
                                              text(line) + ": not what tensor.tsm decodes to");
}

}  // namespace transom::verify
