// shape.hpp — what a Verilated shape looks like from outside its shared object.
//
// Module, kind, lanes and widths are fixed when RTL is Verilated, so each shape is a shared object
// of its own (shape.sh builds it). It knows of this program only what this header and the ports of
// the unit say, and exports one function, make_transom_shape().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "transom/system/axi_bus.hpp"
#include "transom/unit/ports.hpp"

namespace transom::verilated {

struct ShapeOptions {
  bool assertions = true;
  std::string wave = {};  ///< an FST file, of shapes made for waves; 10 time units are a cycle
  std::uint64_t wave_from = 0;                                        ///< first cycle in it
  std::uint64_t wave_to = std::numeric_limits<std::uint64_t>::max();  ///< last cycle in it
};

/// A Verilated module with one clock; made, it has been reset. Calls take turns: drive(), edge().
template <class Inputs, class Outputs>
class Shape {
 public:
  virtual ~Shape() = default;
  /// Sets the inputs of this clock, and reads the outputs just before the rising edge.
  virtual void drive(const Inputs& in, Outputs& out) = 0;
  /// The rising edge. False if an assertion has failed.
  virtual bool edge() = 0;
  /// What assertions printed.
  virtual std::string printed() const = 0;
  /// What lies at the ports, as in record.hpp: a line of names, and after each drive() one of bits.
  virtual void append_port_names(std::string& /*text*/) const {}
  virtual void append_ports(std::string& /*text*/) const {}
};
using DecoderShape = Shape<unit::UnitInputs, unit::UnitOutputs>;
using AxiShapeModel = Shape<system::AxiInputs, system::AxiOutputs>;

}  // namespace transom::verilated

/// A new Shape<...>, as a pointer to that class; the caller deletes it.
#define TRANSOM_SHAPE_ENTRY "make_transom_shape"
extern "C" __attribute__((visibility("default"))) void* make_transom_shape(
    const transom::verilated::ShapeOptions& options);
