// shapes.hpp — shapes of the RTL, made when they are asked for.
//
// shape.sh Verilates and compiles a shape into the build folder, or the one that TRANSOM_SHAPES
// names, says so on stderr, and leaves alone what is there and current.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "transom/system/axi_parameters.hpp"
#include "transom/verilated/shape/shape.hpp"
#include "transom/wide/parameters.hpp"

namespace transom::verilated {

/// Names as shape.sh takes them. A seeded fault is one of tests/rtl/faults.
std::string shape_name(const unit::UnitShape& shape, const std::string& fault = {});
std::string shape_name(const system::AxiParameters& unit, const std::string& fault = {});
std::string shape_name(const wide::Parameters& unit, const std::string& fault = {});

/// The entry of a shape: made if it must be, then loaded for good. Throws std::runtime_error with
/// what is wrong; what tools had to say is on stderr then.
using MakeShape = void* (*)(const ShapeOptions&);
MakeShape load_shape(const std::string& name);

/// A new instance, which writes a wave if the options name one.
template <class ShapeType>
std::unique_ptr<ShapeType> make_shape(const std::string& name, const ShapeOptions& options) {
  const MakeShape make = load_shape(options.wave.empty() ? name : name + "_waves");
  return std::unique_ptr<ShapeType>(static_cast<ShapeType*>(make(options)));
}

/// Runs a bench to its end; `seen` is called in each clock after the outputs are there. A failed
/// assertion ends it with its text as the fault.
template <class Bench, class Inputs, class Outputs, class Seen>
auto run_bench(Bench& bench, Shape<Inputs, Outputs>& shape, Outputs out, Seen seen) {
  Inputs in;
  while (!bench.done()) {
    bench.drive(in);
    shape.drive(in, out);
    seen();
    bench.observe(in, out);
    if (!shape.edge()) bench.give_up("an assertion failed: " + shape.printed());
  }
  return bench.take_run();
}

}  // namespace transom::verilated
