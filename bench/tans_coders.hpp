// tans_coders.hpp — how fast tANS is in each coder's framing, on the same symbols.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/base/tensor.hpp"

namespace transom {

/// compat/{transom,fse,fse1,tans_py}/{decode,encode}: one stream of the tensor's values (8 bits) as
/// symbols, R = 11, one thread; items_per_second are symbols, tables are built beforehand. fse has
/// two states, fse1 one. bits_per_symbol is what the stream costs.
void register_tans_coders(const Tensor& tensor);

}  // namespace transom
