// unit_mutants.cpp — the golden memory images on mutants of a unit behind a bus, see hunt.hpp.
//
// NAME is that of a design of tests/mutate/designs.py; the images are those that
// `transom vectors --seed SEED` writes.
// SPDX-License-Identifier: Apache-2.0
#include "../hunt.hpp"
#include "bus_cases.hpp"

int main(int argc, char** argv) {
  return transom::mutate::hunt_main(argc, argv, transom::mutate::bus_cases);
}
