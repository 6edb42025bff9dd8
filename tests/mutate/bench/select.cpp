// select.cpp — in a netlist of mutants: which of them is there, and what registers begin with.
//
// The netlist asks for the number before its first clock. Registers and memories without a reset
// begin with numbers drawn from a seed: a register that a mutant does not reset is seen.
// SPDX-License-Identifier: Apache-2.0
#include <verilated.h>
#include <cstdint>

namespace {

std::uint32_t number = 0;
std::uint64_t state = 0;

std::uint32_t draw() {
  state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
  return static_cast<std::uint32_t>(state >> 32);
}

}  // namespace

extern "C" {
/// What the netlist calls.
int transom_mutant() { return static_cast<int>(number); }
/// For the modules made from here on; 0 is the netlist as it was.
__attribute__((visibility("default"))) void select_transom_mutant(std::uint32_t mutant,
                                                                  std::uint64_t seed) {
  number = mutant;
  state = seed;
}
}

// Under these names Verilated code asks for its first values.
IData transom_first_i(int bits) { return draw() & VL_MASK_I(bits); }
QData transom_first_q(int bits) {
  return (static_cast<QData>(draw()) << 32 | draw()) & VL_MASK_Q(bits);
}
WDataOutP transom_first_w(int bits, WDataOutP words) {
  for (int i = 0; i < VL_WORDS_I(bits); ++i) words[i] = draw();
  words[VL_WORDS_I(bits) - 1] &= VL_MASK_E(bits);
  return words;
}
