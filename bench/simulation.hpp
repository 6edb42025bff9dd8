// simulation.hpp — how fast the cycle models of the decoder unit run.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/base/tensor.hpp"

namespace transom {

/// For each kind of lane: unit/KIND/L<lanes>/MODEL with cycles/s and values/s, without lockstep and
/// waves; "rtl" with the assertions off, "rtl+sva" with them on. unit/KIND/L64/ratio runs SystemC
/// and both RTLs in turn and gives their times over SystemC's. wide/L64/ of the wide unit, its
/// cycle model in SystemC's place.
void register_simulation(const Tensor& tensor);

}  // namespace transom
