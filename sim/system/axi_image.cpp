// axi_image.cpp — the driver of decoder_axi: a container as it lies in memory, and what comes out.
// SPDX-License-Identifier: Apache-2.0
#include "transom/system/axi_image.hpp"

#include <algorithm>
#include <stdexcept>

#include "transom/base/bits.hpp"
#include "transom/container/container.hpp"
#include "transom/system/axi_descriptor.hpp"
#include "transom/unit/lane_kind.hpp"

namespace transom::system {
namespace {

constexpr std::size_t kBlockBytes = 64;  // tables and the like begin at a multiple of this

class Memory {
 public:
  explicit Memory(AxiImage& image) : image_(image) {}

  /// Address of the next block.
  std::uint64_t align() {
    while ((image_.base + image_.bytes.size()) % kBlockBytes != 0) image_.bytes.push_back(0);
    return image_.base + image_.bytes.size();
  }
  void words(std::span<const std::uint32_t> words) {
    for (const std::uint32_t word : words) {
      for (unsigned shift = 0; shift < 32; shift += 8) {
        image_.bytes.push_back(static_cast<std::uint8_t>(word >> shift));
      }
    }
  }

 private:
  AxiImage& image_;
};

std::uint32_t low(std::uint64_t address) { return static_cast<std::uint32_t>(address); }
std::uint32_t high(std::uint64_t address) { return static_cast<std::uint32_t>(address >> 32); }

/// The streams as they lie in the file.
std::vector<StreamWords> streams_of(const CodedTensor& tensor, const Decoded& decoded) {
  if (tensor.code.coding != Coding::kRaw) return tensor.streams;
  BitWriter flat;
  for (const value_t value : decoded.values) flat.append(value, tensor.dtype.bits);
  return {{{}, flat.take()}};
}

}  // namespace

std::string why_not_in_image(const CodedTensor& tensor, const AxiShape& shape) {
  const Codec& c = codec(tensor.code.coding);
  const bool raw = tensor.code.coding == Coding::kRaw;
  if (c.lane != shape.unit.kind) {
    return std::string(c.name) + " is for lanes of another kind than the unit's";
  }
  if (!unit::fits_table_log(c.lane, tensor.code.table_log, shape.unit.table_log)) {
    return "table log " + std::to_string(tensor.code.table_log) + " is over the unit's " +
           std::to_string(shape.unit.table_log);
  }
  if (tensor.code.rows.size() > unit::max_rows(shape.unit)) {
    return std::to_string(tensor.code.rows.size()) + " rows are over the unit's " +
           std::to_string(unit::max_rows(shape.unit));
  }
  if (!raw && tensor.streams.size() > shape.unit.n_streams()) {
    return std::to_string(tensor.streams.size()) + " streams are over the unit's " +
           std::to_string(shape.unit.n_streams()) + " streams";
  }
  return {};
}

AxiImage make_axi_image(std::span<const std::uint8_t> file, std::span<const CodedTensor> tensors,
                        const AxiShape& shape, std::uint64_t base) {
  if (base % 4 != 0) throw std::invalid_argument("image: a file begins at a multiple of 4 bytes");
  AxiImage image;
  image.base = base;
  image.file_bytes = file.size();
  image.bytes.assign(file.begin(), file.end());
  Memory memory(image);
  std::vector<std::uint32_t> descriptors;
  std::uint64_t record = base + kContainerHeaderBytes;
  for (const CodedTensor& tensor : tensors) {
    if (const std::string why = why_not_in_image(tensor, shape); !why.empty()) {
      throw std::invalid_argument("image: tensor '" + tensor.name + "': " + why);
    }
    const Codec& c = codec(tensor.code.coding);
    const StreamLayout layout = tensor.layout();
    const RecordBytes sizes = record_bytes(tensor);
    const std::uint64_t payload = record + sizes.header + sizes.name + sizes.table + sizes.streams;
    record += sizes.total();

    const Code& code = tensor.code;
    const bool builds = is_built(c.lane, code.spread, code.rows.size(), code.table_log);
    std::vector<std::uint32_t> table;
    if (builds) {
      const unit::CountWords counts = unit::make_count_words(code.freq);
      table.assign(counts.begin(), counts.end());
    } else {
      table = c.make_unit_table(code);
      table.resize((table.size() + kLoadEntries - 1) / kLoadEntries * kLoadEntries);
    }
    const std::uint64_t table_at = memory.align();
    memory.words(table);
    std::vector<std::uint32_t> rows;
    for (const Row& row : code.rows) rows.push_back(to_word(row));
    const std::uint64_t rows_at = memory.align();
    memory.words(rows);

    const bool raw = tensor.code.coding == Coding::kRaw;
    const std::uint64_t records_at = memory.align();
    std::uint32_t first = 0;
    if (raw) {
      memory.words(std::vector<std::uint32_t>{layout.n_values, 0, low(sizes.payload / 4), 0});
    }
    for (std::uint32_t stream = 0; !raw && stream < layout.n_streams; ++stream) {
      const auto n_symbols = static_cast<std::uint32_t>(tensor.streams[stream].symbols.size());
      const auto n_offsets = static_cast<std::uint32_t>(tensor.streams[stream].offsets.size());
      memory.words(
          std::vector<std::uint32_t>{layout.stream_values(stream), n_symbols, n_offsets, first});
      first += n_symbols + n_offsets;
    }
    const std::uint32_t n_streams = raw ? 1 : layout.n_streams;
    const std::uint32_t control = code.table_log |
                                  static_cast<std::uint32_t>(shape.unit.kind) << 8 |
                                  (builds ? kBuildsBit : 0) | n_streams << 16;
    const std::uint32_t words[16] = {control,          layout.n_values, low(table.size()),
                                     low(rows.size()), low(table_at),   high(table_at),
                                     low(rows_at),     high(rows_at),   low(records_at),
                                     high(records_at), low(payload),    high(payload)};
    descriptors.insert(descriptors.end(), std::begin(words), std::end(words));
    ++image.n_descriptors;
    image.n_values += layout.n_values;
  }
  image.descriptors = memory.align();
  memory.words(descriptors);
  return image;
}

AxiLimits image_limits(const AxiImage& image) {
  const std::uint64_t last = image.base + image.bytes.size() - 1;
  return {image.base / kBlockBytes * kBlockBytes, last | (kBlockBytes - 1), image.n_values,
          image.n_descriptors};
}

AxiTensor make_axi_tensor(const CodedTensor& tensor, const AxiShape& shape) {
  const Decoded decoded = decode(tensor);
  const bool raw = tensor.code.coding == Coding::kRaw;
  const StreamLayout layout =
      raw ? StreamLayout{static_cast<std::uint32_t>(decoded.values.size()), 1, 1} : tensor.layout();
  const std::vector<StreamWords> words = streams_of(tensor, decoded);
  std::vector<AxiStream> streams;
  std::vector<std::vector<std::uint32_t>> indices(layout.n_streams);
  for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
    AxiStream stream{{}, words[s].symbols, words[s].offsets, decoded.streams[s]};
    layout.for_each(s, [&](std::uint32_t i) {
      stream.values.push_back(decoded.values[i]);
      indices[s].push_back(i);
    });
    streams.push_back(std::move(stream));
  }
  AxiTensor out = make_axi_tensor(std::move(streams), shape);
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    if (out.keep[i] != 0) out.index[i] = indices[out.stream[i]][out.index[i]];
  }
  return out;
}

// In turn a value of each stream (two of each where a beat of a lane has two), a beat for each
// half of the streams that has any left, until all are out.
AxiTensor make_axi_tensor(std::vector<AxiStream> streams, const AxiShape& shape) {
  const unsigned n_lanes = shape.unit.n_lanes;
  const unsigned per_lane = values_per_beat(shape.unit.kind);
  streams.resize(shape.unit.n_streams());
  std::vector<std::size_t> next(streams.size());
  const auto is_left = [&](unsigned half) {
    for (std::size_t s = half * n_lanes; s < (half + 1) * n_lanes && s < next.size(); ++s) {
      if (next[s] < streams[s].values.size()) return true;
    }
    return false;
  };
  AxiTensor out;
  out.beat_values = shape.beat_values();
  unsigned half = 0;
  do {
    if (!is_left(half) && is_left(1 - half)) half = 1 - half;
    const std::size_t first = out.values.size(), end = first + out.beat_values;
    out.values.resize(end);
    out.keep.resize(end);
    out.stream.resize(end);
    out.index.resize(end);
    for (unsigned lane = 0; lane < n_lanes; ++lane) {
      const std::size_t s = half * n_lanes + lane;
      for (unsigned v = 0; v < per_lane && next[s] < streams[s].values.size(); ++v) {
        const std::size_t at = first + v * n_lanes + lane;
        out.index[at] = static_cast<std::uint32_t>(next[s]);
        out.stream[at] = static_cast<std::uint16_t>(s);
        out.values[at] = streams[s].values[next[s]++];
        out.keep[at] = 3;
      }
    }
    if (streams.size() > n_lanes) half = 1 - half;
    const std::uint64_t n_kept = count_kept(std::span(out.keep).subspan(first));
    out.n_kept.push_back(static_cast<std::uint32_t>(n_kept));
  } while (is_left(0) || is_left(1));
  std::size_t n_rounds = 0;
  for (const AxiStream& stream : streams) n_rounds = std::max(n_rounds, stream.steps.size());
  out.rounds.resize(n_rounds * streams.size());
  for (std::size_t s = 0; s < streams.size(); ++s) {
    for (std::size_t i = 0; i < streams[s].steps.size(); ++i) {
      out.rounds[i * streams.size() + s] = streams[s].steps[i];
    }
  }
  out.streams = std::move(streams);
  return out;
}

std::uint64_t count_kept(std::span<const std::uint8_t> keep) {
  return keep.size() - static_cast<std::uint64_t>(std::count(keep.begin(), keep.end(), 0));
}

std::vector<value_t> values_out(std::span<const AxiTensor> tensors) {
  std::vector<value_t> values;
  for (const AxiTensor& tensor : tensors) {
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      if (tensor.keep[i] != 0) values.push_back(tensor.values[i]);
    }
  }
  return values;
}

}  // namespace transom::system
