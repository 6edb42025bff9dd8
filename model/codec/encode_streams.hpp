// encode_streams.hpp — the streams of a tensor by the fast paths. Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/codec/codec.hpp"
#include "transom/table/ranges.hpp"

namespace transom {

/// Words of all streams of `coded`, whose other fields are there, from the values of `tensor`,
/// which fit its type. False if there is no fast path for its code, or if a value has no frequency:
/// what the streams hold is of no use then.
bool encode_streams(const TensorView& tensor, const PrefixMap& prefix, CodedTensor& coded);

}  // namespace transom
