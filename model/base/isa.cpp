// isa.cpp — what the processor has, and what was asked for.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/isa.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace transom {
namespace {

Isa of_processor() {
#ifdef TRANSOM_HAS_BMI2
  __builtin_cpu_init();
  if (__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("sse4.2")) {
    return Isa::kBmi2;
  }
#endif
  return Isa::kPortable;
}

Isa asked_for() {
  constexpr std::array<std::string_view, 3> names{"scalar", "portable", "bmi2"};
  const char* name = std::getenv("TRANSOM_ISA");  // NOLINT(concurrency-mt-unsafe): read once
  const auto found = std::find(names.begin(), names.end(), name == nullptr ? "" : name);
  const Isa best = of_processor();
  return found == names.end() ? best : std::min(best, static_cast<Isa>(found - names.begin()));
}

}  // namespace

Isa isa() {
  static const Isa chosen = asked_for();
  return chosen;
}

}  // namespace transom
