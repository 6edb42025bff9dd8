// hunt.hpp — a program that runs cases on every mutant of a netlist, and prints what killed it.
//
//   PROGRAM OBJECT NAME SEED < NUMBERS
//
// OBJECT is a shared object as tests/mutate/netlist.py makes it, NAME that of its design, SEED that
// of the vectors. A line of JSON for each number of a mutant. Cases that have killed the most come
// first.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "case.hpp"

namespace transom::mutate {

/// What is run on a design of this name. Throws std::invalid_argument where there is none.
using CasesOf = Cases (*)(std::string_view name, std::uint32_t seed);

/// The program; returns its exit code.
int hunt_main(int argc, char** argv, CasesOf cases_of);

/// A decimal number. Throws std::invalid_argument.
unsigned number(std::string_view text);

}  // namespace transom::mutate
