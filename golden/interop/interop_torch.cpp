// interop_torch.cpp — checks of torch_rans*.json: streams of torch_ans, decoded and encoded.
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "transom/foreign/rans_bytes.hpp"
#include "transom/foreign/torch/torch_ans.hpp"
#include "transom/golden/interop/interop.hpp"

namespace transom::golden {
namespace {

using foreign::TorchLookup;
using foreign::TorchTables;

/// One push of one row.
struct Push {
  std::vector<std::uint32_t> indexes;
  std::vector<std::int32_t> symbols;
};

std::vector<foreign::TorchTable> tables_of(const json& one) {
  std::vector<foreign::TorchTable> tables;
  const auto offsets = integers<std::int32_t>(one, "offsets");
  for (auto& cdf : integer_rows<std::uint32_t>(one, "cdfs")) {
    if (tables.size() == offsets.size()) throw DataError("field 'offsets' is too short");
    tables.push_back({std::move(cdf), offsets[tables.size()]});
  }
  return tables;
}

/// The pushes of each row, in the order of pushing.
std::vector<std::vector<Push>> pushes_of(const json& one) {
  std::vector<std::vector<Push>> rows(integer<std::uint16_t>(one, "rows"));
  const auto add = [&](const json& push) {
    auto indexes = integer_rows<std::uint32_t>(push, "indexes");
    auto symbols = integer_rows<std::int32_t>(push, "symbols");
    if (indexes.size() != rows.size() || symbols.size() != rows.size()) {
      throw DataError("fields 'indexes' and 'symbols' have not one list for each of 'rows'");
    }
    for (std::size_t r = 0; r < rows.size(); ++r) {
      rows[r].push_back({std::move(indexes[r]), std::move(symbols[r])});
    }
  };
  if (has(one, "pushes")) {
    for (const json& push : list(one, "pushes")) add(push);
  } else {
    add(one);
  }
  return rows;
}

template <class Geometry>
std::string check_row(const TorchTables& tables, const std::vector<Push>& pushes, std::size_t K,
                      const std::vector<std::uint8_t>& bytes) {
  auto [status, stack] = foreign::read_stack<Geometry>(bytes, K, foreign::WordOrder::kAsWritten);
  for (std::size_t p = pushes.size(); p-- > 0 && status == Status::kOk;) {
    const auto popped = foreign::torch_pop(stack, tables, pushes[p].indexes);
    status = popped.status;
    const std::string wrong = difference("decoded", pushes[p].symbols, popped.symbols);
    if (!wrong.empty()) return wrong;
  }
  if (status == Status::kOk) status = stack.status();
  if (status != Status::kOk) return "decoded: ends " + std::string(status_name(status));
  RansStack<Geometry> fresh(K);
  for (const Push& push : pushes) foreign::torch_push(fresh, tables, push.indexes, push.symbols);
  return difference("encoded", bytes, foreign::to_bytes(fresh, foreign::WordOrder::kAsWritten));
}

template <class Geometry>
std::string check_stream(const json& one, TorchLookup lookup) {
  const unsigned bypass = flag(one, "bypass") ? integer<unsigned>(one, "bypass_precision") : 0;
  const TorchTables tables(tables_of(one), integer<unsigned>(one, "freq_precision"), bypass,
                           lookup);
  const auto K = integer<std::size_t>(one, "interleave");
  if (K != 1 && K != 4) throw DataError("field 'interleave' is not 1 or 4");
  const auto rows = pushes_of(one);
  const json& bytes = list(one, "bytes_hex");
  if (bytes.size() != rows.size()) throw DataError("field 'bytes_hex' has not one entry a row");
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::string wrong = check_row<Geometry>(tables, rows[r], K, hex(bytes[r], "bytes_hex"));
    if (!wrong.empty()) return "row " + std::to_string(r) + " " + wrong;
  }
  return {};
}

/// Searched, and looked up by slot where there can be such a table: the same streams.
template <class Geometry>
std::string check_plain(const json&, const json& one) {
  const std::string wrong = check_stream<Geometry>(one, TorchLookup::kSearch);
  if (!wrong.empty() || integer<unsigned>(one, "freq_precision") > kMaxLookupLog) return wrong;
  return check_stream<Geometry>(one, TorchLookup::kInverseCdf);
}

std::string crc_difference(const json& want, std::string_view field,
                           const std::vector<std::uint32_t>& numbers) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint32_t n : numbers) foreign::append_little_endian(bytes, n);
  return difference_of(field, text(want, field), crc32_text(bytes));
}

std::string check_alias_table(const json& want, const TorchTables& tables, std::size_t t) {
  std::vector<std::uint32_t> elements;
  std::vector<std::vector<std::int32_t>> rows;
  for (const auto& b : tables.alias(t).buckets()) {
    const std::array fields{b.divider, b.other, b.own_offset, b.other_offset};
    elements.insert(elements.end(), fields.begin(), fields.end());
    rows.emplace_back(fields.begin(), fields.end());
  }
  std::string wrong = crc_difference(want, "elements_crc32", elements);
  if (wrong.empty()) wrong = crc_difference(want, "remap_crc32", tables.remap(t));
  if (wrong.empty() && has(want, "elements")) {
    wrong = difference_of("elements", integer_rows<std::int32_t>(want, "elements"), rows);
  }
  if (wrong.empty() && has(want, "remap")) {
    wrong = difference("remap", integers<std::uint32_t>(want, "remap"), tables.remap(t));
  }
  return wrong;
}

template <class Geometry>
std::string check_alias(const json&, const json& one) {
  const TorchTables tables(tables_of(one), integer<unsigned>(one, "freq_precision"), 0,
                           TorchLookup::kAlias);
  const json& want = list(one, "alias_tables");
  if (want.size() != tables.size()) throw DataError("field 'alias_tables' has not one a table");
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const std::string wrong = check_alias_table(want[t], tables, t);
    if (!wrong.empty()) return "table " + std::to_string(t) + " " + wrong;
  }
  return check_stream<Geometry>(one, TorchLookup::kAlias);
}

constexpr InteropCheck kTorchChecks[] = {
    {"torch_rans64", "cases", check_plain<foreign::TorchRans64>},
    {"torch_rans64", "alias_cases", check_alias<foreign::TorchRans64>},
    {"torch_rans32", "cases", check_plain<foreign::TorchRans32>},
    {"torch_rans32", "alias_cases", check_alias<foreign::TorchRans32>},
    {"torch_rans32_16", "cases", check_plain<foreign::TorchRans32x16>},
    {"torch_rans32_16", "alias_cases", check_alias<foreign::TorchRans32x16>},
};

}  // namespace

std::span<const InteropCheck> interop_torch() { return kTorchChecks; }

}  // namespace transom::golden
