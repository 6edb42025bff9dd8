// format.cpp — the table of foreign formats, and what holds for each of them.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/format/format.hpp"

#include "transom/base/precondition.hpp"

namespace transom::foreign {
namespace {

void check_shape(const ForeignFormat& format, const ForeignStream& stream) {
  if (format.n_states != 0 && format.n_states != stream.n_states) {
    refuse("stream", "field 'interleave'", stream.n_states,
           "must be " + std::to_string(format.n_states));
  }
  const std::size_t most = format.has_escape ? 257 : 256;
  require_range("stream", "length of field 'freqs'", stream.freq.size(), 0, most);
  require_range("stream", "field 'n'", stream.n, 0, UINT32_MAX);
}

/// What run() returns; what is wrong is said of the format.
template <class Run>
auto naming(const ForeignFormat& format, Run run) {
  try {
    return run();
  } catch (const PreconditionError& error) {
    throw error.within(format.name);
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
  refuse("find_foreign", "name", name, "must be a format's");
}

ForeignSymbols decode_foreign(const ForeignFormat& format, ForeignStream& stream) {
  return naming(format, [&] {
    if (!format.decode) refuse("decode_foreign", "decode", "empty", "must be a function");
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
    if (!format.encode) refuse("encode_foreign", "encode", "empty", "must be a function");
    stream.n = symbols.size();
    check_shape(format, stream);
    format.encode(symbols, stream);
  });
}

}  // namespace transom::foreign
