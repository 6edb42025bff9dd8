// format.cpp — the table of foreign formats, and what holds for each of them.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/format/format.hpp"

#include <stdexcept>

namespace transom::foreign {
namespace {

void check_shape(const ForeignFormat& format, const ForeignStream& stream) {
  if (format.n_states != 0 && format.n_states != stream.n_states) {
    throw std::invalid_argument(std::to_string(stream.n_states) + " interleaved states, want " +
                                std::to_string(format.n_states));
  }
  const std::size_t most = format.has_escape ? 257 : 256;
  if (stream.freq.size() > most) {
    throw std::invalid_argument("over " + std::to_string(most) + " frequencies");
  }
}

/// What run() returns; what is wrong is said of the format.
template <class Run>
auto naming(const ForeignFormat& format, Run run) {
  try {
    return run();
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(format.name + ": " + error.what());
  }
}

}  // namespace

std::vector<ForeignFormat> foreign_formats() {
  std::vector<ForeignFormat> formats;
  for (const auto family : {foreign_rans, foreign_torch, foreign_tans}) {
    for (ForeignFormat& format : family()) formats.push_back(std::move(format));
  }
  return formats;
}

ForeignFormat find_foreign(std::string_view name) {
  for (ForeignFormat& format : foreign_formats()) {
    if (format.name == name) return std::move(format);
  }
  throw std::invalid_argument("no format '" + std::string(name) + "'");
}

ForeignSymbols decode_foreign(const ForeignFormat& format, ForeignStream& stream) {
  return naming(format, [&] {
    check_shape(format, stream);
    ForeignSymbols decoded = format.decode(stream);
    if (decoded.status == Status::kOk && decoded.symbols.size() < stream.n) {
      decoded.status = Status::kTruncated;
    }
    return decoded;
  });
}

void encode_foreign(const ForeignFormat& format, std::span<const std::uint8_t> symbols,
                    ForeignStream& stream) {
  naming(format, [&] {
    check_shape(format, stream);
    stream.n = symbols.size();
    format.encode(symbols, stream);
  });
}

}  // namespace transom::foreign
