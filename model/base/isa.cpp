// isa.cpp — what the processor has, and what was asked for.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/isa.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>

#include "transom/base/precondition.hpp"

#ifdef TRANSOM_HAS_X86
#include <cpuid.h>
#endif

namespace transom {
namespace {

constexpr std::array<std::string_view, 6> kNames{"scalar", "portable", "bmi2",
                                                 "avx2",   "avx512",   "vbmi"};

Isa asked_for() {
  const char* name = std::getenv("TRANSOM_ISA");  // NOLINT(concurrency-mt-unsafe): read once
  const Isa best = best_isa();
  if (name == nullptr || *name == '\0') return best;
  const auto n_here = static_cast<std::size_t>(best) + 1;
  const auto end = kNames.begin() + n_here;
  const auto found = std::find(kNames.begin(), end, name);
  if (found == end) {
    std::string here;
    for (std::size_t i = 0; i < n_here; ++i) here.append(i == 0 ? "" : ", ").append(kNames[i]);
    refuse("isa", "the variable TRANSOM_ISA", name,
           "must be one of what this machine has: " + here);
  }
  return static_cast<Isa>(found - kNames.begin());
}

std::atomic<Isa>& chosen() {
  static std::atomic<Isa> chosen = asked_for();
  return chosen;
}

#ifdef TRANSOM_HAS_X86
/// Elsewhere its code is another instruction's. Not every compiler has a name for it to ask by.
bool has_lzcnt() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(0x8000'0001, &a, &b, &c, &d) != 0 && (c & 1u << 5) != 0;
}
#endif

}  // namespace

Isa best_isa() {
#ifdef TRANSOM_HAS_X86
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("sse4.2")) return Isa::kPortable;
  if (!__builtin_cpu_supports("avx2")) return Isa::kBmi2;
  const bool has_512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                       __builtin_cpu_supports("avx512vl");
  if (!has_512) return Isa::kAvx2;
  return __builtin_cpu_supports("avx512vbmi") && has_lzcnt() ? Isa::kVbmi : Isa::kAvx512;
#else
  return Isa::kPortable;
#endif
}

Isa isa() { return chosen().load(std::memory_order_relaxed); }

void use_isa(Isa isa) {
  require_range("use_isa", "isa", static_cast<unsigned>(isa), 0u,
                static_cast<unsigned>(best_isa()));
  chosen().store(isa, std::memory_order_relaxed);
}

}  // namespace transom
