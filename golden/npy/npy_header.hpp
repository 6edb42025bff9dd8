// npy_header.hpp — the text in front of a .npy array: a Python dict of three keys.
//
// Only the literals that numpy writes are understood, so that a header means the same here and in
// numpy or is refused; what numpy would evaluate further (escapes, sums, nesting) is refused.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace transom::golden {

struct NpyHeader {
  char kind = 'i';          ///< 'i' signed, 'u' unsigned, 'b' bool, 'f' float16, 'V' any bits
  unsigned item_bytes = 1;  ///< 1, 2, 4 or 8
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<std::uint32_t> shape;  ///< at most kMaxDims
};

/// Throws FileError naming `file`.
NpyHeader parse_npy_header(const std::string& file, std::string_view text);

/// numpy's name of the type: "int8", "uint16", "bool", "float16", "void16", ...
std::string npy_type(const NpyHeader& header);

}  // namespace transom::golden
