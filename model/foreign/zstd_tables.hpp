// zstd_tables.hpp — the predefined FSE distributions of zstd: RFC 8878, section 3.1.1.3.2.2.
//
// What a sequence's codes are decoded with where a block carries no table of its own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/foreign/fse.hpp"

namespace transom::foreign::fse {

inline Norm zstd_literal_lengths() {
  return {6, {4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1,  1,  2,  2,
              2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1}};
}

inline Norm zstd_match_lengths() {
  return {6, {1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1,  1,  1,  1,  1,  1, 1,
              1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1}};
}

inline Norm zstd_offsets() {
  return {5, {1, 1, 1, 1, 1, 1, 2, 2, 2, 1,  1,  1,  1,  1, 1,
              1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1}};
}

}  // namespace transom::foreign::fse
