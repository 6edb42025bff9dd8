// image.cpp — the driver of decoder_wide: a container of version 2 as it lies in memory.
// SPDX-License-Identifier: Apache-2.0
#include "transom/wide/image.hpp"

#include <stdexcept>
#include <utility>

#include "transom/coder/nrans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/container/container.hpp"

namespace transom::wide {

std::string why_not_in_image(const CodedTensor& tensor, const Parameters& parameters) {
  const bool raw = tensor.code.coding == Coding::kRaw;
  if (!raw && tensor.code.coding != parameters.coding()) {
    return "a wide unit decodes apack-nrans, or apack-tans, and raw; this one " +
           std::string(codec(parameters.coding()).name) + ", not " +
           std::string(codec(tensor.code.coding).name);
  }
  if (parameters.tans() && !raw && tensor.code.spread != Spread::kStep) {
    return "hardware builds tables of the step spread alone";
  }
  if (!raw && tensor.chunk != 1) return "chunks of more than a value are not for lanes in lockstep";
  if (!raw && tensor.streams.size() > parameters.n_lanes()) {
    return std::to_string(tensor.streams.size()) + " streams are over the unit's " +
           std::to_string(parameters.n_lanes()) + " lanes";
  }
  if (tensor.code.table_log > parameters.axi.shape.unit.table_log) {
    return "table log " + std::to_string(tensor.code.table_log) + " is over the unit's " +
           std::to_string(parameters.axi.shape.unit.table_log);
  }
  if (tensor.dtype.bits > parameters.max_offset) {
    return "values of " + std::to_string(tensor.dtype.bits) + " bits are over the unit's " +
           std::to_string(parameters.max_offset);
  }
  return {};
}

system::AxiImage make_image(std::span<const std::uint8_t> file,
                            std::span<const CodedTensor> tensors, const Parameters& parameters,
                            std::uint64_t base) {
  if (base % kWideContainerHeaderBytes != 0 || file.size() < kWideContainerHeaderBytes) {
    throw std::invalid_argument("image: a file of version 2 begins at a multiple of 64 bytes");
  }
  system::AxiImage image;
  image.base = base;
  image.bytes.assign(file.begin(), file.end());
  image.file_bytes = file.size();
  image.descriptors = base + kWideContainerHeaderBytes;
  image.n_descriptors = static_cast<std::uint32_t>(tensors.size());
  for (const CodedTensor& tensor : tensors) {
    if (const std::string why = why_not_in_image(tensor, parameters); !why.empty()) {
      throw std::invalid_argument("image: tensor '" + tensor.name + "': " + why);
    }
    image.n_values += tensor.layout().n_values;
  }
  for (unsigned byte = 0; byte < 4; ++byte) {
    image.section_words |= std::uint32_t{file[12 + byte]} << 8 * byte;
  }
  return image;
}

namespace {

template <class Decoder>
std::vector<system::LaneStep> steps_of(Decoder decoder, BitReader symbols, std::size_t n_values,
                                       const Code& code, unsigned state_shift) {
  std::vector<system::LaneStep> steps(n_values);
  decoder.start(symbols);
  const std::uint64_t first = symbols.position();
  unsigned offsets = 0;
  for (system::LaneStep& step : steps) {
    const symbol_t symbol = decoder.step(symbols);
    step = system::LaneStep(symbol, static_cast<std::uint32_t>(symbols.position() - first), offsets,
                            static_cast<std::uint32_t>(decoder.state() << state_shift));
    offsets += code.rows[symbol].offset_bits;
  }
  return steps;
}

}  // namespace

// A raw tensor comes in order, a beat as wide as the window; a coded one round by round.
system::AxiTensor make_tensor(const CodedTensor& tensor, const Parameters& parameters) {
  Decoded decoded = decode(tensor);
  const bool raw = tensor.code.coding == Coding::kRaw;
  const WideHeader header{.table_log = tensor.code.table_log,
                          .coding = static_cast<unsigned>(tensor.code.coding),
                          .value_bits = tensor.dtype.bits};
  unsigned n_streams = static_cast<unsigned>(tensor.streams.size());
  if (raw) n_streams = std::min(parameters.n_lanes(), 16 * parameters.halves / header.raw_bits());
  const StreamLayout layout{static_cast<std::uint32_t>(decoded.values.size()), n_streams, 1};
  std::vector<system::AxiStream> streams(n_streams);
  const std::vector<std::uint32_t> table =
      raw ? std::vector<std::uint32_t>{} : codec(tensor.code.coding).make_table(tensor.code);
  const unsigned R = tensor.code.table_log;
  for (std::uint32_t s = 0; s < n_streams; ++s) {
    system::AxiStream& stream = streams[s];
    layout.for_each(s, [&](std::uint32_t i) { stream.values.push_back(decoded.values[i]); });
    if (raw) continue;
    stream.status = decoded.streams[s];
    const BitReader symbols(tensor.streams[s].symbols);
    const std::size_t n = stream.values.size();
    stream.first_bit = header.state_bits();
    stream.steps = parameters.tans() ? steps_of(TansDecoder{table.data(), R}, symbols, n,
                                                tensor.code, header.state_shift())
                                     : steps_of(NransDecoder<>{table.data(), R}, symbols, n,
                                                tensor.code, header.state_shift());
  }
  return system::make_axi_tensor(std::move(streams), parameters.axi.shape);
}

}  // namespace transom::wide
