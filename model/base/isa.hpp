// isa.hpp — which instructions the fast paths use.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Of clang++ and g++ for x86-64; elsewhere there is the portable path alone.
#if defined(__x86_64__)
#define TRANSOM_HAS_BMI2 1
#endif

namespace transom {

/// Each has those before it.
enum class Isa : std::uint8_t {
  kScalar = 0,    ///< the steps of one stream after the other, every read checked
  kPortable = 1,  ///< several streams in one loop
  kBmi2 = 2       ///< x86-64 with BMI2 and SSE4.2
};

/// The best that this processor has; or what the variable TRANSOM_ISA named (scalar, portable,
/// bmi2) when this was first asked, if the processor has it.
Isa isa();

}  // namespace transom
