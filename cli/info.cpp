// info.cpp — transom info: what a container holds, and where its bytes go.
// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <iostream>
#include <memory>
#include <numeric>
#include <span>

#include "common.hpp"
#include "transom/coder/rans_alias.hpp"
#include "transom/container/container.hpp"
#include "verbs.hpp"

namespace transom::cli {
namespace {

/// What a row's symbol has of the 2^R slots; with pairs, those of the pairs that begin with it.
std::uint32_t row_freq(const Code& code, std::size_t row) {
  const std::size_t n = code.freq.size() / code.rows.size();
  const auto first = code.freq.begin() + static_cast<std::ptrdiff_t>(row * n);
  return std::reduce(first, first + static_cast<std::ptrdiff_t>(n));
}

/// By the pair's second symbol.
std::span<const std::uint32_t> pair_freq(const Code& code, std::size_t row) {
  return std::span(code.freq).subspan(row * code.rows.size(), code.rows.size());
}

/// What each look-up of a rANS decoder would keep in memory for this table.
json lookup_bytes(const Code& code) {
  const RansBounds table = RansBounds::of_freq(code.freq, code.table_log);
  json bytes{{SlotLookup::name, SlotLookup(table).bytes()},
             {InverseCdfLookup::name, InverseCdfLookup(table).bytes()},
             {SearchLookup::name, SearchLookup(table).bytes()}};
  if (std::bit_ceil(table.n_symbols()) <= std::size_t{1} << code.table_log) {
    bytes[AliasLookup::name] = AliasLookup(table, AliasOrder::kStack).bytes();
  }
  return bytes;
}
bool is_rans(const CodedTensor& tensor) {
  return codec(tensor.code.coding).lane == LaneKind::kRans;
}

RecordBytes bytes_of(const CodedTensor& tensor, std::uint16_t version) {
  return version == kWideContainerVersion ? wide_record_bytes(tensor) : record_bytes(tensor);
}

json describe(const CodedTensor& tensor, std::uint16_t version, bool with_tables) {
  const RecordBytes bytes = bytes_of(tensor, version);
  const StreamLayout layout = tensor.layout();
  json out{{"name", tensor.name},
           {"dtype", type_name(tensor.dtype)},
           {"shape", tensor.shape},
           {"values", layout.n_values},
           {"coding", codec(tensor.code.coding).name},
           {"table_log", tensor.code.table_log},
           {"rows", tensor.code.rows.size()},
           {"streams", layout.n_streams},
           {"chunk", layout.chunk},
           {"raw_bytes", raw_bytes(tensor)},
           {"bytes",
            {{"header", bytes.header},
             {"name", bytes.name},
             {"table", bytes.table},
             {"streams", bytes.streams},
             {"payload", bytes.payload},
             {"padding", bytes.padding},
             {"total", bytes.total()}}},
           {"checksum", tensor.checksum}};
  if (uses_spread(tensor.code.coding)) {
    out["spread"] = spread_names()[static_cast<std::size_t>(tensor.code.spread)];
  }
  if (with_tables) {
    json rows = json::array();
    for (std::size_t i = 0; i < tensor.code.rows.size(); ++i) {
      rows.push_back({{"vmin", tensor.code.rows[i].vmin},
                      {"offset_bits", tensor.code.rows[i].offset_bits},
                      {"freq", row_freq(tensor.code, i)}});
      if (codec(tensor.code.coding).pairs) rows.back()["pair_freq"] = pair_freq(tensor.code, i);
    }
    out["table"] = std::move(rows);
    if (is_rans(tensor)) out["lookup_bytes"] = lookup_bytes(tensor.code);
  }
  return out;
}

void print_text(const std::vector<CodedTensor>& tensors, std::uint16_t version, bool with_tables) {
  Table table({"tensor", "type", "shape", "coding", "R", "rows", "streams", "chunk", "raw bytes",
               "bytes", "header", "table", "bits/value"});
  for (const CodedTensor& tensor : tensors) {
    const RecordBytes bytes = bytes_of(tensor, version);
    const StreamLayout layout = tensor.layout();
    const double bits = 8.0 * static_cast<double>(bytes.coded()) / std::max(layout.n_values, 1u);
    table.add({tensor.name, type_name(tensor.dtype), shape_text(tensor.shape),
               std::string(codec(tensor.code.coding).name), std::to_string(tensor.code.table_log),
               std::to_string(tensor.code.rows.size()), std::to_string(layout.n_streams),
               std::to_string(layout.chunk), std::to_string(raw_bytes(tensor)),
               std::to_string(bytes.coded()), std::to_string(bytes.header + bytes.streams),
               std::to_string(bytes.table), fixed(bits, 3)});
  }
  std::cout << table.text();
  if (!with_tables) return;
  for (const CodedTensor& tensor : tensors) {
    std::cout << '\n' << tensor.name << '\n';
    const Code& code = tensor.code;
    const bool pairs = codec(code.coding).pairs;
    std::vector<std::string> header{"symbol", "vmin", "offset bits", "freq"};
    for (std::size_t i = 0; pairs && i < code.rows.size(); ++i) {
      header.push_back("then " + std::to_string(i));
    }
    Table rows(std::move(header));
    for (std::size_t i = 0; i < code.rows.size(); ++i) {
      std::vector<std::string> cells{std::to_string(i), std::to_string(code.rows[i].vmin),
                                     std::to_string(code.rows[i].offset_bits),
                                     std::to_string(row_freq(code, i))};
      if (pairs) {
        for (const std::uint32_t f : pair_freq(code, i)) cells.push_back(std::to_string(f));
      }
      rows.add(std::move(cells));
    }
    std::cout << rows.text();
    if (!is_rans(tensor)) continue;
    std::cout << "bytes of a decoder's look-up:";
    const json lookups = lookup_bytes(code);
    for (const auto& [name, bytes] : lookups.items()) {
      std::cout << "  " << name << ' ' << bytes.get<std::size_t>();
    }
    std::cout << '\n';
  }
}

}  // namespace

Action add_info(App& app) {
  struct Options {
    std::string file;
    bool tables = false;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "a .tsm container")->required();
  app.add_flag(
      "--tables", options->tables,
      "also the rows and frequencies of every tensor, and what a rANS decoder's look-up of each "
      "kind would take");
  app.add_flag("--json", options->as_json, "print the result as JSON");
  return [options] {
    const auto tensors = read_container(options->file);
    const std::uint16_t version = container_version(options->file);
    if (options->as_json) {
      json out{{"file", options->file}, {"version", version}, {"tensors", json::array()}};
      for (const CodedTensor& tensor : tensors) {
        out["tensors"].push_back(describe(tensor, version, options->tables));
      }
      print(out);
    } else {
      print_text(tensors, version, options->tables);
    }
    return kFine;
  };
}

}  // namespace transom::cli
