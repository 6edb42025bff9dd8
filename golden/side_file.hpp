// side_file.hpp — a foreign stream and the JSON beside it, which says what the stream does not say
// of itself.
//
// {"format": "ryg-word", "n": 1000, "scale_bits": 12, "freqs": [f0, f1, ...], "interleave": 2,
//  "dtype": "int8", "name": "w", "shape": [10, 100], "sha256": "..."}: `transom convert --help`
//  tells the
// fields. Both files are foreign data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "transom/base/tensor.hpp"
#include "transom/foreign/format/format.hpp"
#include "transom/golden/errors.hpp"

namespace transom::golden {

/// No coder has 40 bits for a symbol.
inline constexpr std::uint64_t kMaxForeignBytes = 5 * foreign::kMaxForeignValues;

/// Values, and the table that they came with, if it was one over whole values.
struct Message {
  Tensor tensor;
  std::vector<std::uint32_t> freq;  ///< 2^W of them, or none
  unsigned scale_bits = 0;
};

/// Decodes a stream by what its side file says. `stream` names the stream in errors.
/// Throws DataError naming the side file, its field and the fix.
Message read_foreign(const foreign::ForeignFormat& format, const std::string& stream,
                     std::vector<std::uint8_t> bytes, const std::filesystem::path& side);

/// The text of the side file of a stream of such values.
std::string side_text(const foreign::ForeignFormat& format, const Tensor& tensor,
                      const foreign::ForeignStream& stream);

}  // namespace transom::golden
