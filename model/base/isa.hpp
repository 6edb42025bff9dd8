// isa.hpp — which instructions the fast paths use.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Of clang++ and g++ for x86-64; elsewhere there is the portable path alone.
#if defined(__x86_64__)
#define TRANSOM_HAS_X86 1
#endif

namespace transom {

/// Each has those before it.
enum class Isa : std::uint8_t {
  kScalar = 0,    ///< the steps of one stream after the other, every read checked
  kPortable = 1,  ///< several streams in one loop
  kBmi2 = 2,      ///< x86-64 with BMI2 and SSE4.2
  kAvx2 = 3,      ///< and AVX2: streams in vectors of eight
  kAvx512 = 4,    ///< and AVX-512 F, BW, CD, DQ and VL: of sixteen
  kVbmi = 5       ///< and AVX-512 VBMI: offsets of 64 values at a time
};

/// The best that this processor has.
Isa best_isa();

/// That, or what the variable TRANSOM_ISA names: scalar, portable, bmi2, avx2, avx512, vbmi. Throws
/// for another name, and for one that the processor does not have.
Isa isa();

/// What isa() is from now on, in all threads: to compare them in one program. Throws for one that
/// the processor does not have.
void use_isa(Isa isa);

}  // namespace transom
