// side_file.cpp — fields of a side file to a stream and back.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/side_file.hpp"

#include <algorithm>
#include <utility>

#include "transom/golden/strict_json.hpp"
#include "transom/golden/tally/sha256.hpp"

namespace transom::golden {
using namespace foreign;
namespace {

DType to_dtype(const std::string& name) {
  const auto dtype = find_dtype(name);
  if (dtype && dtype->bits <= 8) return *dtype;
  throw DataError("field 'dtype': '" + name +
                  "', want uint1..uint8, int1..int8 or a float of 8 bits");
}

/// What stands beside a stream; numbers are checked when it is decoded.
ForeignStream stream_of(const ForeignFormat& format, const std::string& name,
                        std::vector<std::uint8_t> bytes, const json& side) {
  if (has(side, "format") && text(side, "format") != format.name) {
    throw DataError("field 'format': the stream is '" + text(side, "format") + "', read as '" +
                    format.name + "'");
  }
  ForeignStream stream;
  if (has(side, "sha256") && text(side, "sha256") != sha256(bytes)) {
    throw DataError("field 'sha256' is of another stream than " + name +
                    ": convert again what they were made of");
  }
  stream.bytes = std::move(bytes);
  if (!format.holds_table) {
    stream.freq = integers<std::uint32_t>(side, "freqs");
    stream.scale_bits = integer<unsigned>(side, "scale_bits");
    if (has(side, "rare")) stream.rare = integers<std::uint32_t>(side, "rare");
  }
  stream.n_states = has(side, "interleave") ? integer<std::size_t>(side, "interleave")
                                            : std::max(format.n_states, std::size_t{1});
  stream.n = integer<std::size_t>(side, "n");
  if (format.counts_bits) stream.n_bits = integer<std::uint64_t>(side, "n_bits");
  return stream;
}

}  // namespace

Message read_foreign(const ForeignFormat& format, const std::string& stream,
                     std::vector<std::uint8_t> bytes, const std::filesystem::path& side) {
  const json fields = read_json(side);
  try {
    ForeignStream coded = stream_of(format, stream, std::move(bytes), fields);
    Message message;
    message.tensor.name = has(fields, "name") ? text(fields, "name") : "stream";
    message.tensor.dtype = has(fields, "dtype") ? to_dtype(text(fields, "dtype")) : DType{8, false};
    message.tensor.shape = has(fields, "shape") ? integers<std::uint32_t>(fields, "shape")
                                                : std::vector{static_cast<std::uint32_t>(coded.n)};
    if (coded.n > foreign::kMaxForeignValues || n_values(message.tensor.shape) != coded.n) {
      throw DataError("field 'n' is over 2^28, or not the product of 'shape'");
    }
    const std::size_t n_patterns = std::size_t{1} << message.tensor.dtype.bits;
    const ForeignSymbols decoded = decode_foreign(format, coded);
    if (coded.freq.size() > n_patterns + (format.has_escape ? 1 : 0)) {
      throw DataError("field 'dtype' has fewer values than the table ('freqs')");
    }
    if (decoded.status != Status::kOk) {
      throw DataError(stream + " ends " + std::string(status_name(decoded.status)) +
                      " after symbol " + std::to_string(decoded.symbols.size()) +
                      ": damaged, or not of this table");
    }
    message.tensor.values.assign(decoded.symbols.begin(), decoded.symbols.end());
    if (const auto beyond = std::find_if(decoded.symbols.begin(), decoded.symbols.end(),
                                         [n_patterns](std::uint8_t s) { return s >= n_patterns; });
        beyond != decoded.symbols.end()) {
      throw DataError("field 'dtype': symbol " + std::to_string(*beyond) +
                      " is none of its values");
    }
    if (format.has_escape) return message;
    message.freq = coded.freq;
    message.freq.resize(n_patterns);
    message.scale_bits = coded.scale_bits;
    return message;
  } catch (const DataError& error) {
    throw DataError(side.string() + ": " + error.what());
  } catch (const std::invalid_argument& error) {
    throw DataError(side.string() + ": " + error.what());
  }
}

std::string side_text(const ForeignFormat& format, const Tensor& tensor,
                      const ForeignStream& stream) {
  json side{{"format", format.name},
            {"n", stream.n},
            {"interleave", stream.n_states},
            {"name", tensor.name},
            {"dtype", type_name(tensor.dtype)},
            {"shape", tensor.shape},
            {"sha256", sha256(stream.bytes)}};
  if (format.counts_bits) side["n_bits"] = stream.n_bits;
  if (!format.holds_table) {
    side["scale_bits"] = stream.scale_bits;
    side["freqs"] = stream.freq;
    if (!stream.rare.empty()) side["rare"] = stream.rare;
  }
  return side.dump() + "\n";
}

}  // namespace transom::golden
