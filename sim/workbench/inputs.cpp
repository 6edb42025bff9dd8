// inputs.cpp — what the workbench decodes: traces, coded for a unit or not, and containers.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/inputs.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <new>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "transom/base/printable.hpp"
#include "transom/container/container.hpp"
#include "transom/files/read.hpp"
#include "transom/golden/trace.hpp"
#include "transom/workbench/progress.hpp"

namespace transom::workbench {
namespace {

/// What a container begins with.
constexpr std::array<std::uint8_t, 4> kMagic = {kContainerMagic & 0xff, kContainerMagic >> 8 & 0xff,
                                                kContainerMagic >> 16 & 0xff,
                                                kContainerMagic >> 24};

constexpr const char* kGiveContainer = "give a .tsm file (transom encode makes one)";
constexpr const char* kSpreadNames[kSpreads] = {"step", "exact", "tuned"};
constexpr const char* kSearchNames[kSearches] = {"exact", "released"};

/// What a file that is no container is, where its first bytes say so.
std::string known_as(std::span<const std::uint8_t> bytes) {
  constexpr std::pair<std::string_view, const char*> kMagics[] = {
      {"\x93NUM", "a .npy array: transom encode makes a .tsm file of it"},
      {"PK\x03\x04", "an archive, such as a .npz: transom encode makes a .tsm file of it"},
      {"{", "JSON"},
      {"[", "JSON"}};
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const auto& [magic, what] : kMagics) {
    if (text.starts_with(magic)) return std::string("; it is ") + what;
  }
  return {};
}

}  // namespace

std::vector<std::string> spread_names() { return {kSpreadNames, kSpreadNames + kSpreads}; }
std::vector<std::string> search_names() { return {kSearchNames, kSearchNames + kSearches}; }

PlanOptions CodingOptions::plan() const {
  PlanOptions options;
  const Codec* c = find_codec(coding);
  if (c == nullptr) throw std::invalid_argument("coding: there is no '" + coding + "'");
  options.coding = c->coding;
  options.n_streams = n_lanes ? *n_lanes * streams_per_lane(c->lane) : n_streams;
  options.table_log = table_log;
  options.rows = rows;

  options.chunk = chunk;
  if (spread) {
    const auto* found = std::find(kSpreadNames, kSpreadNames + kSpreads, *spread);
    options.spread = static_cast<Spread>(found - kSpreadNames);
  }
  options.search = search == kSearchNames[0] ? Search::kExact : Search::kReleased;
  return options;
}

std::vector<Tensor> read_trace_to_code(const std::filesystem::path& path,
                                       const CodingOptions& options) {
  std::vector<Tensor> trace = load_trace(path);
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (is_printable(trace[i].name)) continue;
    throw DataError(path.string() + ": tensor " + std::to_string(i) + ": name: '" +
                    printable(trace[i].name) + "' is not printable UTF-8; rename it");
  }
  const Codec* c = find_codec(options.coding);
  if (options.rows && c != nullptr && std::all_of(trace.begin(), trace.end(), [&](const Tensor& t) {
        return codes_whole_values(c->coding, t.dtype);
      })) {
    throw std::invalid_argument("--rows has no effect: " + options.coding +
                                " has ranges for values of over 8 bits and floats, and " +
                                path.string() + " has none; leave it away");
  }
  return options.tile ? tiles_of(trace, *options.tile) : trace;
}

std::vector<Tensor> tiles_of(const std::vector<Tensor>& trace, std::uint32_t n) {
  require_range("tiles_of", "values of a tile", n, 1, 0xffff'ffff);
  std::vector<Tensor> tiles;
  for (const Tensor& tensor : trace) {
    std::size_t begin = 0, number = 0;
    do {
      const std::size_t end = std::min(begin + n, tensor.values.size());
      const auto at = [&](std::size_t i) { return tensor.values.begin() + std::ptrdiff_t(i); };
      tiles.push_back({tensor.name + "[" + std::to_string(number++) + "]",
                       tensor.dtype,
                       {static_cast<std::uint32_t>(end - begin)},
                       {at(begin), at(end)}});
      begin = end;
    } while (begin < tensor.values.size());
  }
  return tiles;
}

std::vector<CodedTensor> encode_each(const std::vector<Tensor>& trace,
                                     const std::function<CodedTensor(const Tensor&)>& encode_one) {
  Progress progress("encode", trace.size());
  std::vector<CodedTensor> coded;
  for (const Tensor& tensor : trace) {
    try {
      coded.push_back(encode_one(tensor));
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument("tensor '" + tensor.name + "': " + error.what());
    }
    progress.step(tensor.name);
  }
  return coded;
}

std::vector<CodedTensor> encode_trace(const std::vector<Tensor>& trace, const PlanOptions& options,
                                      std::optional<std::uint32_t> n_lanes) {
  return encode_each(trace, [&](const Tensor& tensor) {
    CodedTensor coded = encode_best(tensor, options);
    if (!n_lanes || coded.code.coding != Coding::kRaw) return coded;
    return encode(tensor, coded.code, *n_lanes * streams_per_lane(codec(Coding::kRaw).lane),
                  options.chunk);
  });
}

std::vector<CodedTensor> encode_for_lanes(const std::vector<Tensor>& trace,
                                          const PlanOptions& options) {
  std::vector<CodedTensor> coded = encode_trace(trace, options);
  for (std::size_t i = 0; i < coded.size(); ++i) {
    if (coded[i].code.coding == options.coding) continue;
    coded[i] = encode(trace[i], one_row_for_lane(options.coding, trace[i].dtype), options.n_streams,
                      options.chunk);
  }
  return coded;
}

bool is_container(const std::filesystem::path& path) { return path.extension() == ".tsm"; }

std::vector<Tensor> load_trace(const std::filesystem::path& path) {
  return golden::read_trace(
      path, [](const std::string& note) { std::cerr << "transom: " + printable(note) + '\n'; });
}

std::vector<CodedTensor> read_container(const std::filesystem::path& path) {
  files::InputFile file(path, kGiveContainer);
  std::vector<std::uint8_t> bytes;
  file.read(kMagic.size(), bytes);
  // Of another file no more is read: parse_container() finds fault with its magic.
  if (std::equal(bytes.begin(), bytes.end(), kMagic.begin(), kMagic.end())) {
    file.read(file.left(), bytes);
  }
  try {
    Parsed parsed = parse_container(bytes);
    if (parsed.status != Status::kOk) {
      throw DataError(path.string() + ": " + parsed.what + known_as(bytes));
    }
    return std::move(parsed.tensors);
  } catch (const std::bad_alloc&) {
    throw files::FileError(path.string(), "file",
                           "not enough memory for the tensors of its " +
                               std::to_string(bytes.size()) +
                               " bytes; take a machine with more, or split the file");
  }
}

std::uint16_t container_version(const std::filesystem::path& path) {
  files::InputFile file(path, kGiveContainer);
  std::vector<std::uint8_t> bytes;
  file.read(std::min<std::uint64_t>(file.left(), kMagic.size() + 2), bytes);
  if (bytes.size() != kMagic.size() + 2 ||
      !std::equal(kMagic.begin(), kMagic.end(), bytes.begin())) {
    return 0;
  }
  return static_cast<std::uint16_t>(bytes[4] | bytes[5] << 8);
}

std::uint64_t raw_bytes(const CodedTensor& tensor) {
  return (std::uint64_t{tensor.layout().n_values} * tensor.dtype.bits + 7) / 8;
}

std::string shape_text(const std::vector<std::uint32_t>& shape) {
  std::string text;
  for (const std::uint32_t dim : shape) text += (text.empty() ? "" : "x") + std::to_string(dim);
  return text.empty() ? "scalar" : text;
}

}  // namespace transom::workbench
