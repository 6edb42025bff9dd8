// inputs.cpp — what the workbench decodes: traces, coded for a unit or not, and containers.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/inputs.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <iterator>
#include <new>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "transom/base/printable.hpp"
#include "transom/container/container.hpp"
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
constexpr const char* kSearchNames[kSearches] = {"words", "exact", "released"};

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

/// What no manifest vouches for.
void say(const std::string& note) { std::cerr << "transom: " + printable(note) + '\n'; }

}  // namespace

std::vector<std::string> spread_names() { return {kSpreadNames, kSpreadNames + kSpreads}; }
std::vector<std::string> search_names() { return {kSearchNames, kSearchNames + kSearches}; }

PlanOptions CodingOptions::plan() const {
  PlanOptions options;
  const Codec* c = find_codec(coding_name());
  if (c == nullptr) throw std::invalid_argument("coding: there is no '" + coding_name() + "'");
  options.coding = c->coding;
  options.n_streams = n_lanes ? *n_lanes * streams_per_lane(c->lane) : n_streams;
  options.table_log = table_log;
  options.rows = rows;

  options.chunk = chunk;
  if (spread) {
    const auto* found = std::find(kSpreadNames, kSpreadNames + kSpreads, *spread);
    options.spread = static_cast<Spread>(found - kSpreadNames);
  }
  const auto* how = std::find(kSearchNames, kSearchNames + kSearches, search);
  options.search = static_cast<Search>(how - kSearchNames);
  return options;
}

std::vector<Tensor> read_trace_to_code(const std::filesystem::path& path,
                                       const CodingOptions& options) {
  std::vector<Tensor> trace;
  read_trace_to_code(path, options, [&](std::vector<Tensor> tiles, std::size_t) {
    std::move(tiles.begin(), tiles.end(), std::back_inserter(trace));
  });
  return trace;
}

void read_trace_to_code(const std::filesystem::path& path, const CodingOptions& options,
                        const TakeTiles& take) {
  read_trace_to_code(path, options, take, {});
}

namespace {

/// Tiles of a file, about a mebivalue of them at a time.
void take_tiles(golden::NpyFile& file, std::uint32_t n, std::size_t n_tensors,
                const TakeTiles& take, const std::function<void(std::uint64_t)>& next) {
  constexpr std::uint32_t kAtATime = 1 << 20;
  std::size_t number = 0;
  for (std::uint64_t left = file.n_values(); left != 0;) {
    std::vector<Tensor> tiles;
    std::uint64_t taken = 0;
    while (left != taken && (taken == 0 || taken + n <= kAtATime)) {
      const golden::OwnPatterns values = file.read(n);
      Tensor tile{file.name + "[" + std::to_string(number++) + "]", file.dtype(), {}, {}};
      std::visit([&](const auto& of) { tile.values.assign(of.begin(), of.end()); }, values);
      tile.shape = {static_cast<std::uint32_t>(tile.values.size())};
      taken += tile.values.size();
      tiles.push_back(std::move(tile));
    }
    left -= taken;
    if (next) next(taken * file.header().item_bytes);
    take(std::move(tiles), n_tensors);
  }
}

}  // namespace

void read_trace_to_code(const std::filesystem::path& path, const CodingOptions& options,
                        const TakeTiles& take, golden::TraceReading reading) {
  const Codec* c = find_codec(options.coding_name());
  bool rows_have_effect = c == nullptr;
  std::size_t number = 0;
  const auto check = [&](const std::string& name, const DType& dtype) {
    if (!is_printable(name)) {
      throw DataError(path.string() + ": tensor " + std::to_string(number) + ": name: '" +
                      printable(name) + "' is not printable UTF-8; rename it");
    }
    ++number;
    rows_have_effect = rows_have_effect || !codes_whole_values(c->coding, dtype);
  };
  const auto take_tensor = [&](Tensor tensor, std::size_t n_tensors) {
    check(tensor.name, tensor.dtype);
    std::vector<Tensor> tiles;
    tiles.push_back(std::move(tensor));
    take(options.tile ? tiles_of(tiles, *options.tile) : std::move(tiles), n_tensors);
  };
  const auto next = reading.next;
  if (reading.take_file) {
    reading.take_file = [&, take_file = reading.take_file](golden::NpyFile& file,
                                                           std::size_t n_tensors) {
      check(file.name, file.dtype());
      if (!options.tile) return take_file(file, n_tensors);
      take_tiles(file, *options.tile, n_tensors, take, next);
    };
  }
  reading.note = say;
  golden::read_trace(path, take_tensor, reading);
  if (options.rows && !rows_have_effect) {
    throw std::invalid_argument("--rows has no effect: " + options.coding_name() +
                                " has ranges for values of over 8 bits and floats, and " +
                                path.string() + " has none; leave it away");
  }
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

CodedTensor encode_one(const Tensor& tensor, const EncodeTensor& encode) {
  try {
    return encode(tensor);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument("tensor '" + tensor.name + "': " + error.what());
  }
}

std::vector<CodedTensor> encode_each(const std::vector<Tensor>& trace, const EncodeTensor& encode) {
  Progress progress("encode", trace.size());
  std::vector<CodedTensor> coded;
  for (const Tensor& tensor : trace) {
    coded.push_back(encode_one(tensor, encode));
    progress.step(tensor.name);
  }
  return coded;
}

EncodeTensor trace_coder(const PlanOptions& options, std::optional<std::uint32_t> n_lanes) {
  return [=](const Tensor& tensor) {
    CodedTensor coded = encode_best(tensor, options);
    if (!n_lanes || coded.code.coding != Coding::kRaw) return coded;
    return encode(tensor, coded.code, *n_lanes * streams_per_lane(codec(Coding::kRaw).lane),
                  options.chunk);
  };
}

std::vector<CodedTensor> encode_trace(const std::vector<Tensor>& trace, const PlanOptions& options,
                                      std::optional<std::uint32_t> n_lanes) {
  return encode_each(trace, trace_coder(options, n_lanes));
}

EncodeTensor lane_coder(const PlanOptions& options) {
  return [=](const Tensor& tensor) {
    CodedTensor coded = encode_best(tensor, options);
    if (coded.code.coding == options.coding) return coded;
    return encode(tensor, one_row_for_lane(options.coding, tensor.dtype), options.n_streams,
                  options.chunk);
  };
}

std::vector<CodedTensor> encode_for_lanes(const std::vector<Tensor>& trace,
                                          const PlanOptions& options) {
  return encode_each(trace, lane_coder(options));
}

bool is_container(const std::filesystem::path& path) { return path.extension() == ".tsm"; }

std::vector<Tensor> load_trace(const std::filesystem::path& path) {
  return golden::read_trace(path, say);
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

ContainerFile::ContainerFile(const std::filesystem::path& path, std::uint64_t most_values)
    : path_(path), file_(path, kGiveContainer), n_bytes_(file_.left()) {
  file_.read(kMagic.size(), start_);
  file_.rewind();
  const auto fetch = [this](std::uint64_t n, std::vector<std::uint8_t>& bytes) {
    file_.read(n, bytes);
  };
  reader_.emplace(n_bytes_, fetch, most_values);
  check();
}

void ContainerFile::check() const {
  if (reader_->status() == Status::kOk) return;
  throw DataError(path_.string() + ": " + reader_->what() + known_as(start_));
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
