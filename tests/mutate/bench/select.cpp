// select.cpp — in a netlist of mutants: which of them is there, what registers begin with, and what
// some of them add.
//
// The netlist asks for the number before its first clock. Registers and memories without a reset
// begin with numbers drawn from a seed: a register that a mutant does not reset is seen.
// SPDX-License-Identifier: Apache-2.0
#include <verilated.h>
#include <cstdint>

namespace {

std::uint32_t number = 0;
std::uint64_t state = 0;
std::uint32_t jumps[32] = {};

std::uint32_t draw() {
  state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
  return static_cast<std::uint32_t>(state >> 32);
}

}  // namespace

extern "C" {
/// What the netlist calls.
int transom_mutant() { return static_cast<int>(number); }
int transom_jump(int number) { return static_cast<int>(jumps[number]); }
/// What its registers add in each clock from the next one on, see tests/mutate/jumps.py.
__attribute__((visibility("default"))) void jump_transom(unsigned number, std::uint32_t by) {
  jumps[number] = by;
}
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
