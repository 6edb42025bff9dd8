// rtl_unit.hpp — a Verilated decoder as a unit: ports of all lanes are flat, lane 0 lowest.
//
// A template over Verilator's class, because that differs with the number of lanes: a port is a
// CData .. QData up to 64 bits and a VlWide above.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <verilated.h>
#include <verilated_fst_c.h>

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "rtl_decoder.hpp"
#include "rtl_print.hpp"

namespace transom {

template <class Port>
void put_bits(Port& port, std::uint64_t bits) {
  port = static_cast<Port>(bits);
}

/// Word `lane` of a port of 32-bit words.
template <class Port>
void put_word(Port& port, unsigned lane, std::uint32_t word) {
  if constexpr (std::is_integral_v<Port>) {
    port = static_cast<Port>((port & ~(std::uint64_t{0xffff'ffff} << 32 * lane)) |
                             std::uint64_t{word} << 32 * lane);
  } else {
    port[lane] = word;
  }
}

/// Field `lane` of a port of fields of `width` bits, at most 64.
template <class Port>
std::uint64_t get_field(const Port& port, unsigned lane, unsigned width) {
  const std::uint64_t mask = width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  const unsigned lsb = lane * width;
  if constexpr (std::is_integral_v<Port>) {
    return std::uint64_t{port} >> lsb & mask;
  } else {
    const unsigned word = lsb / 32;
    const unsigned shift = lsb % 32;
    std::uint64_t field = std::uint64_t{port[word]} >> shift;
    for (unsigned have = 32 - shift, next = word + 1; have < width; have += 32, ++next) {
      field |= std::uint64_t{port[next]} << have;
    }
    return field & mask;
  }
}

/// Fields of retire_t, lowest first; as codec_pkg.sv.
inline Retire to_retire(std::uint64_t bits) {
  Retire retire;
  retire.symbol = static_cast<symbol_t>(bits & 0xff);
  retire.nbits = static_cast<std::uint8_t>(bits >> 8 & 0xf);
  retire.state = static_cast<std::uint16_t>(bits >> 12 & 0x3fff);
  retire.fill = static_cast<std::uint8_t>(bits >> 26 & 0x7f);
  return retire;
}
inline constexpr unsigned kRetireBits = 33;
inline constexpr unsigned kValueBits = 16;
inline constexpr unsigned kStatusBits = 3;
inline constexpr unsigned kStallBits = 3;

template <class Model>
class RtlUnit {
 public:
  RtlUnit(unsigned n_lanes, const RtlOptions& options) : n_lanes_(n_lanes), options_(options) {
    context_.fatalOnError(false);
    context_.assertOn(options.assertions);
    context_.traceEverOn(!options.wave.empty());
    model_ = std::make_unique<Model>(&context_, "decoder");
    if (!options.wave.empty()) {
      trace_ = std::make_unique<VerilatedFstC>();
      model_->trace(trace_.get(), 99);
      trace_->open(options.wave.c_str());
    }
    reset();
  }
  ~RtlUnit() {
    if (trace_) trace_->close();
    model_->final();
  }
  RtlUnit(const RtlUnit&) = delete;
  RtlUnit& operator=(const RtlUnit&) = delete;

  Run run(Bench& bench) {
    UnitInputs in;
    UnitOutputs out;
    out.lanes.resize(n_lanes_);
    rtl_printed().clear();
    while (!bench.done()) {
      const std::uint64_t cycle = bench.cycle();
      bench.drive(in);
      drive(in);
      model_->clk_i = 0;
      eval(cycle, 0);
      sample(out);
      bench.observe(in, out);
      model_->clk_i = 1;
      eval(cycle, 5);
      if (context_.gotError()) bench.give_up("an assertion failed: " + rtl_printed());
    }
    return bench.take_run();
  }

 private:
  void reset() {
    model_->rst_ni = 0;
    for (int i = 0; i < 4; ++i) {
      model_->clk_i = i & 1;
      model_->eval();
    }
    model_->rst_ni = 1;
  }

  void eval(std::uint64_t cycle, unsigned phase) {
    context_.time(10 * cycle + phase);
    model_->eval();
    if (trace_ && cycle >= options_.wave_from && cycle <= options_.wave_to) {
      trace_->dump(10 * cycle + phase);
    }
  }

  void drive(const UnitInputs& in) {
    Model& m = *model_;
    m.start_i = in.start;
    m.load_valid_i = in.load.table_valid;
    m.load_row_valid_i = in.load.row_valid;
    if (in.load.table_valid) {
      m.load_addr_i = in.load.table_addr;
      for (unsigned i = 0; i < kLoadEntries; ++i)
        put_word(m.load_data_i, i, in.load.table_words[i]);
    }
    m.load_row_addr_i = in.load.row_addr;
    m.load_row_i = in.load.row_word;
    if (in.start) {
      m.table_log_i = static_cast<std::uint8_t>(in.table_log);
      for (unsigned l = 0; l < n_lanes_; ++l) put_word(m.n_values_i, l, in.n_values[l]);
    }
    std::uint64_t symbol_valid = 0, symbol_end = 0, offset_valid = 0, offset_end = 0, ready = 0;
    for (unsigned l = 0; l < n_lanes_; ++l) {
      const LaneInputs& lane = in.lanes[l];
      symbol_valid |= std::uint64_t{lane.symbol_valid} << l;
      symbol_end |= std::uint64_t{lane.symbol_end} << l;
      offset_valid |= std::uint64_t{lane.offset_valid} << l;
      offset_end |= std::uint64_t{lane.offset_end} << l;
      ready |= std::uint64_t{lane.value_ready} << l;
      put_word(m.symbol_word_i, l, lane.symbol_word);
      put_word(m.offset_word_i, l, lane.offset_word);
    }
    put_bits(m.symbol_valid_i, symbol_valid);
    put_bits(m.symbol_end_i, symbol_end);
    put_bits(m.offset_valid_i, offset_valid);
    put_bits(m.offset_end_i, offset_end);
    put_bits(m.value_ready_i, ready);
  }

  void sample(UnitOutputs& out) const {
    const Model& m = *model_;
    for (unsigned l = 0; l < n_lanes_; ++l) {
      LaneOutputs& lane = out.lanes[l];
      lane.busy = get_field(m.busy_o, l, 1) != 0;
      lane.symbol_ready = get_field(m.symbol_ready_o, l, 1) != 0;
      lane.offset_ready = get_field(m.offset_ready_o, l, 1) != 0;
      lane.value_valid = get_field(m.value_valid_o, l, 1) != 0;
      lane.retire_valid = get_field(m.retire_valid_o, l, 1) != 0;
      lane.stall = static_cast<Stall>(get_field(m.stall_o, l, kStallBits));
      lane.status = static_cast<Status>(get_field(m.status_o, l, kStatusBits));
      lane.value = static_cast<value_t>(get_field(m.value_o, l, kValueBits));
      if (lane.retire_valid) lane.retire = to_retire(get_field(m.retire_o, l, kRetireBits));
    }
  }

  unsigned n_lanes_;
  RtlOptions options_;
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<VerilatedFstC> trace_;
};

}  // namespace transom
