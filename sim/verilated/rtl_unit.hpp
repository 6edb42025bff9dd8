// rtl_unit.hpp — a Verilated decoder as a unit: ports of all streams are flat, stream 0 lowest.
//
// A template over Verilator's class, because that differs with the kind and the number of lanes: a
// port is a CData .. QData up to 64 bits and a VlWide above.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <ostream>
#include <type_traits>
#include <utility>

#include "transom/base/bits.hpp"
#include "transom/verilated/rtl_decoder.hpp"
#include "transom/verilated/rtl_model.hpp"
#include "transom/verilated/rtl_ports.hpp"
#include "transom/verilated/rtl_record.hpp"

namespace transom::verilated {

/// A bit per stream.
class StreamBits {
 public:
  void set(unsigned stream, bool bit) { words_[stream / 32] |= std::uint32_t{bit} << stream % 32; }
  template <class Port>
  void put(Port& port) const {
    if constexpr (std::is_integral_v<Port>) {
      port = static_cast<Port>(words_[0] | std::uint64_t{words_[1]} << 32);
    } else {
      static_assert(sizeof(Port) <= sizeof words_);
      for (unsigned i = 0; i < sizeof(Port) / sizeof words_[0]; ++i) port[i] = words_[i];
    }
  }

 private:
  std::array<std::uint32_t, kMaxDecoderStreams / 32> words_{};
};

/// Fields of retire_t, lowest first; as codec_pkg.sv. The state has a port of its own.
inline unit::Retire to_retire(std::uint64_t bits, std::uint64_t state) {
  unit::Retire retire;
  const auto field = [&bits](unsigned width) {
    const auto value = static_cast<std::uint8_t>(bits & low_bits(width));
    bits >>= width;
    return value;
  };
  retire.symbol = field(kSymbolBits);
  retire.take = field(kTakeBits);
  retire.fill = field(kFillBits);
  retire.state = state;
  return retire;
}

template <class Model, LaneKind kind>
class RtlUnit {
 public:
  RtlUnit(unsigned n_streams, const RtlOptions& options)
      : n_streams_(n_streams),
        model_("decoder", options.assertions, {options.wave, options.wave_from, options.wave_to}),
        ports_(options.ports),
        ports_cycles_(options.ports != nullptr ? options.ports_cycles : 0) {
    if (ports_ != nullptr) *ports_ << port_names(model_.ports());
  }

  unit::Run run(unit::Bench& bench) {
    unit::UnitInputs in;
    unit::UnitOutputs out;
    out.streams.resize(n_streams_);
    return model_.run(
        bench, in, out, [this](const unit::UnitInputs& clock) { drive(clock); },
        [this](unit::UnitOutputs& clock) { sample(clock); });
  }

 private:
  void drive(const unit::UnitInputs& in) {
    Model& m = model_.ports();
    drive_load(in.load);
    m.job_table_log_i = static_cast<std::uint8_t>(in.table_log);
    m.job_bank_i = in.bank;
    StreamBits job_valid, symbol_empty, offset_empty, symbol_valid, symbol_last, offset_valid,
        offset_last, ready;
    for (unsigned s = 0; s < n_streams_; ++s) {
      const unit::StreamInputs& stream = in.streams[s];
      if (stream.job_valid) {
        job_valid.set(s, true);
        symbol_empty.set(s, stream.symbol_empty);
        offset_empty.set(s, stream.offset_empty);
        put_word(m.job_n_values_i, s, stream.n_values);
      }
      if (stream.symbol_valid) {
        symbol_valid.set(s, true);
        symbol_last.set(s, stream.symbol_last);
        put_word(m.symbol_word_i, s, stream.symbol_word);
      }
      if (stream.offset_valid) {
        offset_valid.set(s, true);
        offset_last.set(s, stream.offset_last);
        put_word(m.offset_word_i, s, stream.offset_word);
      }
      ready.set(s, stream.value_ready);
    }
    job_valid.put(m.job_valid_i);
    symbol_empty.put(m.job_symbol_empty_i);
    offset_empty.put(m.job_offset_empty_i);
    symbol_valid.put(m.symbol_valid_i);
    symbol_last.put(m.symbol_last_i);
    offset_valid.put(m.offset_valid_i);
    offset_last.put(m.offset_last_i);
    ready.put(m.value_ready_i);
  }

  void drive_load(const unit::LoadInputs& load) {
    Model& m = model_.ports();
    m.load_bank_i = load.bank;
    m.load_valid_i = load.table_valid;
    m.load_row_valid_i = load.row_valid;
    if (load.table_valid) {
      m.load_addr_i = static_cast<std::decay_t<decltype(m.load_addr_i)>>(load.table_addr);
      for (unsigned i = 0; i < kLoadEntries; ++i) put_word(m.load_data_i, i, load.table_words[i]);
    }
    m.load_row_addr_i = load.row_addr;
    m.load_row_i = load.row_word;
  }

  void sample(unit::UnitOutputs& out) {
    const Model& m = model_.ports();
    if (ports_cycles_ != 0) {
      *ports_ << port_values(m);
      --ports_cycles_;
    }
    for (unsigned bank = 0; bank < unit::kBanks; ++bank)
      out.bank_busy[bank] = get_bit(m.bank_busy_o, bank);
    for (unsigned s = 0; s < n_streams_; ++s) {
      unit::StreamOutputs& stream = out.streams[s];
      stream.busy = get_bit(m.busy_o, s);
      stream.job_ready = get_bit(m.job_ready_o, s);
      stream.symbol_ready = get_bit(m.symbol_ready_o, s);
      stream.offset_ready = get_bit(m.offset_ready_o, s);
      stream.value_valid = get_bit(m.value_valid_o, s);
      stream.retire_valid = get_bit(m.retire_valid_o, s);
      stream.done = get_bit(m.done_o, s);
      stream.stall = static_cast<Stall>(get_field(m.stall_o, s, kStallBits));
      if (stream.done) stream.status = static_cast<Status>(get_field(m.status_o, s, kStatusBits));
      if (stream.value_valid) sample_value(s, stream);
      if (stream.retire_valid) {
        stream.retire = to_retire(get_field(m.retire_o, s, kRetireBits),
                                  get_field(m.retire_state_o, s, state_bits(kind)));
      }
    }
  }

  void sample_value(unsigned s, unit::StreamOutputs& stream) const {
    constexpr unsigned n = values_per_beat(kind);
    const Model& m = model_.ports();
    stream.value_two = get_bit(m.value_two_o, s);
    stream.value_last = get_bit(m.value_last_o, s);
    const std::uint64_t values = get_field(m.value_o, s, n * kMaxValueBits);
    for (unsigned i = 0; i < n; ++i) {
      stream.values[i] = static_cast<value_t>(values >> i * kMaxValueBits);
    }
  }

  unsigned n_streams_;
  RtlModel<Model> model_;
  std::ostream* ports_;
  std::uint64_t ports_cycles_;  ///< still to be written
};

}  // namespace transom::verilated
