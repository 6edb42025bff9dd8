// shape.hpp — all parameters of the fed unit: what an architect chooses.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace transom::fed {

struct FedShape {
  std::uint32_t bytes_per_cycle = 8;  ///< of parameters, into the unit: 1..4096
  std::uint32_t buffer_bytes = 64;    ///< of parameters that came before their step: 0..2^20
  std::uint32_t tables = 16;          ///< places for tables of three symbols and more: 1..2^14
  std::uint32_t compares = 15;        ///< of a slot with starts of a table, in a cycle: 1..2^16
  std::uint32_t divide_bits = 4;      ///< bits of a push's quotient in a cycle: 1..62
  std::uint32_t latency = 0;  ///< cycles of the network, from its last input to its first output
};

/// Throws for a field that is out of its limits.
void check_shape(const FedShape& shape);

}  // namespace transom::fed
