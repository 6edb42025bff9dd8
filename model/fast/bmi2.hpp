// bmi2.hpp — one loop, compiled for BMI2 beside what the compiler was asked for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/base/isa.hpp"

namespace transom::fast {

#ifdef TRANSOM_HAS_X86
template <class Work>
[[gnu::flatten, gnu::target("bmi,bmi2")]] void with_bmi2(const Work& work) {
  work();
}
#endif

/// Calls work(), which is compiled once more for BMI2, if `isa` has that.
template <class Work>
[[gnu::always_inline]] inline void run_on([[maybe_unused]] Isa isa, const Work& work) {
#ifdef TRANSOM_HAS_X86
  if (isa >= Isa::kBmi2) return with_bmi2(work);
#endif
  work();
}

}  // namespace transom::fast
