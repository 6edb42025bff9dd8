// surroundings.hpp — what a unit behind a bus is put into: memory, software, a consumer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "../case.hpp"
#include "transom/coverage/system_cases.hpp"
#include "transom/workbench/vectors/image.hpp"

namespace transom::mutate {

/// Drives a unit and watches it, clock by clock.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  virtual void drive(system::AxiInputs& in) = 0;
  virtual void observe(const system::AxiInputs& in, const system::AxiOutputs& out) = 0;
  virtual bool done() const = 0;
  /// What is wrong so far, whatever else the unit could have done.
  virtual Kill wrong() const = 0;
  /// Limits that software has given the unit.
  virtual system::AxiLimits limits() const = 0;
  /// Registers that tell no times, of all starts that have ended.
  virtual std::vector<std::uint32_t> told() const = 0;
};
using MakeSurroundings = std::function<std::unique_ptr<Surroundings>()>;

/// A list of descriptors in memory, and all that software does with it.
using SharedCase = std::shared_ptr<const coverage::SystemCase>;
MakeSurroundings session(const system::AxiParameters& unit, const SharedCase& of);

/// Software that writes and reads registers as it likes, on both channels at once, part of a word
/// too; it knows where a list of descriptors is, and errs in one of `usually` writes.
MakeSurroundings random_host(const system::AxiParameters& unit, const SharedCase& of,
                             std::uint64_t seed, std::uint64_t n_clocks, unsigned usually = 16);

}  // namespace transom::mutate
