// stack.hpp — how fast messages are pushed and popped.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace transom {

/// stack/{push,pop}/...: symbols of a table of 256, R = 12, on one head of either geometry and on
/// many heads; uniform bytes and rare bits; bits-back. items_per_second are symbols, one thread,
/// tables built beforehand.
void register_stack();
void register_vae();  ///< images by networks of integers

}  // namespace transom
