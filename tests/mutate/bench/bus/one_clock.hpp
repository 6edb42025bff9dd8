// one_clock.hpp — a clock of a unit behind a bus in its surroundings, and what is seen of it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "surroundings.hpp"

namespace transom::mutate {

/// Outputs of a clock.
using Unit = std::function<void(const system::AxiInputs&, system::AxiOutputs&)>;
/// A netlist as it is chosen.
Unit netlist_of(Make make);
/// Of the right size.
system::AxiInputs inputs_of(const system::AxiParameters& unit);
system::AxiOutputs outputs_of(const system::AxiShape& shape);

/// Of a clock: its handshakes, and hashes of what goes with them.
struct Seen {
  std::uint32_t handshakes = 0;
  std::uint64_t address = 0;
  std::uint64_t beat = 0;
  std::uint64_t answers = 0;
  bool irq = false;
  bool takes_beat = false;

  /// What another one has not; handshakes are not looked at.
  const char* other_than(const Seen& model) const;
};

/// Clock `n`: inputs are what the surroundings make of the outputs before, and noise where their
/// valid is low. The surroundings are yet to observe it.
Seen one_clock(Surroundings& around, const Unit& unit, std::uint64_t n, system::AxiInputs& in,
               system::AxiOutputs& out);

}  // namespace transom::mutate
