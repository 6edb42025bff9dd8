// common.cpp — what the verbs share.
// SPDX-License-Identifier: Apache-2.0
#include "common.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "container.hpp"

namespace transom::cli {
namespace {

constexpr const char* kSpreadNames[kSpreads] = {"step", "exact", "tuned"};
constexpr const char* kSearchNames[kSearches] = {"exact", "released"};

std::vector<std::string> codec_names() {
  std::vector<std::string> names;
  for (const Codec& c : codecs()) names.emplace_back(c.name);
  return names;
}

/// The display width of UTF-8 text: its code points.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

/// A coding of the same lane whose table says its rows: whole values have no form for one row.
Coding coding_of_one_row(Coding coding) {
  if (coding == Coding::kTans) return Coding::kApackTans;
  return coding == Coding::kRans ? Coding::kApackRans : coding;
}

}  // namespace

void CodingOptions::add_to(CLI::App& app) {
  app.add_option("--coding", coding,
                 "how tensors are coded; one that would grow is stored raw instead")
      ->check(CLI::IsMember(codec_names()))
      ->capture_default_str();
  app.add_option("--table-log", table_log,
                 "R: tables of 2^R slots, 0..14 [default: what costs the fewest bits in total, "
                 "the table counted, up to 12; apack-ac always takes 10]")
      ->check(CLI::Range(0u, kMaxTableLog));
  app.add_option("--rows", rows,
                 "most value ranges of an APack table, 1..16 (16-bit tans and rans: 1..256) "
                 "[default: what costs the fewest bits in total]")
      ->check(CLI::Range(1u, kMaxAlphabet));
  app.add_option("--lanes", n_lanes, "N: lane streams per tensor; the hardware unit has 1..64")
      ->check(CLI::Range(1u, kMaxLanes))
      ->capture_default_str();
  app.add_option("--chunk", chunk,
                 "k: consecutive values per lane turn; 1 is in-order hardware, more suits a GPU")
      ->check(CLI::Range(1u, 0xffff'ffffu))
      ->capture_default_str();
  app.add_option("--spread", spread, "how tANS symbols lie over the slots")
      ->check(CLI::IsMember(std::vector<std::string>(kSpreadNames, kSpreadNames + kSpreads)))
      ->capture_default_str();
  app.add_option(
         "--search", search,
         "where APack's ranges come from: the search that no table beats, or the one "
         "released with Atalanta (16 rows; apack-tans, apack-rans, apack-ac) to compare with")
      ->check(CLI::IsMember(std::vector<std::string>(kSearchNames, kSearchNames + kSearches)))
      ->capture_default_str();
}

PlanOptions CodingOptions::plan() const {
  PlanOptions options;
  options.coding = find_codec(coding)->coding;
  options.table_log = table_log;
  options.rows = rows;
  options.n_lanes = n_lanes;
  options.chunk = chunk;
  const auto* found = std::find(kSpreadNames, kSpreadNames + kSpreads, spread);
  options.spread = static_cast<Spread>(found - kSpreadNames);
  options.search = search == kSearchNames[0] ? Search::kExact : Search::kReleased;
  return options;
}

std::vector<CodedTensor> encode_trace(const std::vector<Tensor>& trace,
                                      const PlanOptions& options) {
  Progress progress("encode", trace.size());
  std::vector<CodedTensor> coded;
  for (const Tensor& tensor : trace) {
    try {
      coded.push_back(encode_best(tensor, options));
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument("tensor '" + tensor.name + "': " + error.what());
    }
    progress.step(tensor.name);
  }
  return coded;
}

std::vector<CodedTensor> encode_for_lanes(const std::vector<Tensor>& trace,
                                          const PlanOptions& options) {
  std::vector<CodedTensor> coded = encode_trace(trace, options);
  for (std::size_t i = 0; i < coded.size(); ++i) {
    if (coded[i].code.coding == options.coding) continue;
    coded[i] = encode(trace[i], one_row_code(coding_of_one_row(options.coding), trace[i].dtype),
                      options.n_lanes, options.chunk);
  }
  return coded;
}

bool is_container(const std::filesystem::path& path) { return path.extension() == ".tsm"; }

std::vector<CodedTensor> read_container(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::uint8_t> bytes;
  if (file) {
    bytes.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (!file || std::filesystem::is_directory(path)) {
    throw DataError(path.string() +
                    ": cannot be read; give a .tsm file (transom encode makes one)");
  }
  Parsed parsed = parse_container(bytes);
  if (parsed.status != Status::kOk) throw DataError(path.string() + ": " + parsed.what);
  return std::move(parsed.tensors);
}

std::uint64_t raw_bytes(const CodedTensor& tensor) {
  return (std::uint64_t{tensor.layout().n_values} * tensor.dtype.bits + 7) / 8;
}

std::string type_name(const DType& dtype) {
  return (dtype.is_signed ? "int" : "uint") + std::to_string(dtype.bits);
}

std::string shape_text(const std::vector<std::uint32_t>& shape) {
  std::string text;
  for (const std::uint32_t dim : shape) text += (text.empty() ? "" : "x") + std::to_string(dim);
  return text.empty() ? "scalar" : text;
}

Progress::~Progress() {
  if (shown_ && in_place_) std::cerr << "\r\x1b[K" << std::flush;
}

void Progress::step(const std::string& name) { at(done_ + 1, name); }

void Progress::at(std::size_t n_steps_done, const std::string& name) {
  done_ = n_steps_done;
  if (Clock::now() < next_) return;
  next_ = Clock::now() + std::chrono::milliseconds(500);
  shown_ = true;
  std::cerr << (in_place_ ? "\r\x1b[K" : "") << what_ << ": " << done_ << " of " << n_steps_ << " ("
            << name << ")" << (in_place_ ? "" : "\n") << std::flush;
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::ostringstream out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (i != 0) line += "  ";
      const std::string cell = row.empty()      ? std::string(widths[i], '-')
                               : i < row.size() ? row[i]
                                                : std::string();
      const std::string gap(widths[i] - width(cell), ' ');
      line += i == 0 ? cell + gap : gap + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
  return out.str();
}

void print(const json& result) { std::cout << result.dump(2) << '\n'; }

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace transom::cli
