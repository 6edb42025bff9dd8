// ranges.cpp — transom ranges: APack's ranges of each tensor, searched for or read, and their cost.
// SPDX-License-Identifier: Apache-2.0
#include "transom/table/ranges.hpp"

#include <iostream>
#include <memory>
#include <numeric>

#include "common.hpp"
#include "transom/files/read.hpp"
#include "transom/foreign/apack_table.hpp"
#include "transom/foreign/released_search.hpp"
#include "transom/golden/manifest.hpp"
#include "transom/table/histogram.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;
namespace {

namespace apack = foreign::apack;
using Counts = std::vector<std::uint32_t>;

struct RangesOptions {
  std::string trace, search = "exact", table, folder;
  bool as_json = false;
};

std::vector<std::uint32_t> begins(std::span<const value_t> starts) {
  return {starts.begin(), starts.end()};
}

/// Where the rows of a .apack file begin.
std::vector<std::uint32_t> read_begins(const std::string& path, unsigned value_bits) {
  constexpr std::uint64_t kMaxBytes = 4096;  // 16 rows of five numbers are fewer
  const auto bytes = files::read_whole(path, "give a .apack file", kMaxBytes);
  const std::string text(bytes.begin(), bytes.end());
  const apack::Parsed parsed = apack::parse_table(text, value_bits);
  if (!parsed.error.empty()) throw DataError(path + ": " + parsed.error);
  return begins(apack::starts(parsed.rows, value_bits));
}

std::vector<std::uint32_t> find_begins(const RangesOptions& options, const Counts& counts,
                                       unsigned value_bits) {
  if (!options.table.empty()) return read_begins(options.table, value_bits);
  if (options.search == "released") {
    std::vector<std::uint32_t> vmins;
    for (const auto& row : apack::released_search(counts, value_bits).rows) {
      vmins.push_back(row.vmin);
    }
    return vmins;
  }
  const RangeSearch search(counts, value_bits, kMaxApackRows);
  return begins(row_starts(search.best(kMaxApackRows, kArithTableLog).rows));
}

/// Offset bits, and symbol bits with the best frequencies of sum 2^10.
cost_t coded_bits(std::span<const apack::TableRow> rows) {
  Counts n;
  cost_t cost = 0;
  for (const apack::TableRow& row : rows) {
    n.push_back(row.vcnt);
    cost += cost_of_bits(row.obits);
  }
  return cost + coded_cost(n, quantise(n, kArithTableLog), kArithTableLog);
}

/// @param folder to write the table to, if any
json describe(const Tensor& tensor, const RangesOptions& options, std::size_t index,
              std::optional<files::WholeFolder>& folder) {
  const unsigned W = tensor.dtype.bits;
  const Counts counts = histogram(tensor.values, W);
  const auto cum = apack::cumulate(counts, W);
  const apack::Priced priced = apack::price(find_begins(options, counts, W), cum);
  json out{{"name", tensor.name},
           {"dtype", type_name(tensor.dtype)},
           {"values", tensor.values.size()},
           {"rows", apack::starts(priced.rows, W).size()},
           {"bits", whole_bits(coded_bits(priced.rows))},
           {"released_score", priced.score},
           {"table", json::array()}};
  for (const apack::TableRow& row : priced.rows) {
    out["table"].push_back({row.vmin, row.off, row.abits, row.obits, row.vcnt});
  }
  if (!folder) return out;
  const std::string number = std::to_string(index);
  const std::string file =
      std::string(3 - std::min<std::size_t>(number.size(), 3), '0') + number + ".apack";
  folder->write(file, apack::write_table(priced.rows));
  out["file"] = file;
  return out;
}

json describe_all(const RangesOptions& options) {
  std::optional<files::WholeFolder> folder;
  if (!options.folder.empty()) folder.emplace(options.folder, why_not_replace);
  const std::vector<Tensor> trace = load_trace(options.trace);
  Progress progress("ranges", trace.size());
  json tensors = json::array();
  for (std::size_t i = 0; i < trace.size(); ++i) {
    try {
      if (!trace[i].values.empty()) tensors.push_back(describe(trace[i], options, i, folder));
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument("tensor '" + trace[i].name + "': " + error.what());
    } catch (const DataError& error) {
      throw DataError("tensor '" + trace[i].name + "': " + error.what());
    }
    progress.step(trace[i].name);
  }
  if (folder) {
    write_manifest(*folder, "transom ranges");
    folder->keep();
  }
  return tensors;
}

void print_ranges(const json& tensors) {
  Table table({"tensor", "type", "values", "rows", "bits/value", "released cost/value", "file"});
  for (const json& t : tensors) {
    const auto n = t["values"].get<double>();
    table.add({t["name"].get<std::string>(), t["dtype"].get<std::string>(),
               std::to_string(t["values"].get<std::size_t>()),
               std::to_string(t["rows"].get<std::size_t>()), fixed(t["bits"].get<double>() / n, 4),
               fixed(t["released_score"].get<double>() / n, 4), t.value("file", "")});
  }
  std::cout << table.text();
}

}  // namespace

Action add_ranges(App& app) {
  auto options = std::make_shared<RangesOptions>();
  app.add_option("TRACE", options->trace, "whose tensors")->required();
  auto* search = app.add_option("--search", options->search,
                                "exact: no table of 16 rows with counts of sum 1024 codes in fewer "
                                "bits; released: as published with Atalanta")
                     ->check(IsMember({"exact", "released"}))
                     ->capture_default_str();
  app.add_option("--table", options->table, "take the rows of this .apack file instead")
      ->excludes(search);
  app.add_option("-o,--output", options->folder,
                 "folder for a .apack file per tensor, 000.apack for the first: a line per row, "
                 "vmin off abits obits vcnt");
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "bits are those of an ideal coder with the best counts of sum 1024, without the table; the\n"
      "released cost rounds each probability to 1/1024, so it may say less than can be had.\n"
      "Example: transom ranges golden/traces/digits_cnn_int8 --search released -o tables");
  return [options] {
    const json tensors = describe_all(*options);
    if (options->as_json) {
      print({{"tensors", tensors}});
    } else {
      print_ranges(tensors);
    }
    return kFine;
  };
}

}  // namespace transom::cli
