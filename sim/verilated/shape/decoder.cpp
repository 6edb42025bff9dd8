// decoder.cpp — rtl/decoder.sv, Verilated, as a shape: ports of all streams are flat, stream 0
// lowest.
//
// A port is a CData .. QData up to 64 bits and a VlWide above, which differs with the kind
// (TRANSOM_LANE_KIND) and the number of lanes.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <type_traits>

#include "transom/verilated/shape/fields.hpp"
#include "transom/verilated/shape/model.hpp"
#include "transom/verilated/shape/ports.hpp"
#include "transom/verilated/shape/record.hpp"

namespace transom::verilated {
namespace {

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

constexpr LaneKind kKind{TRANSOM_LANE_KIND};

class Decoder final : public DecoderShape {
 public:
  explicit Decoder(const ShapeOptions& options) : model_("decoder", options) {}

  void drive(const unit::UnitInputs& in, unit::UnitOutputs& out) override {
    set_inputs(in);
    model_.low();
    sample(out);
  }
  bool edge() override { return model_.edge(); }
  std::string printed() const override { return rtl_printed(); }
  void append_port_names(std::string& text) const override { text += port_names(model_.ports()); }
  void append_ports(std::string& text) const override { text += port_values(model_.ports()); }

 private:
  void set_inputs(const unit::UnitInputs& in) {
    Vshape& m = model_.ports();
    drive_load(in.load);
    m.job_table_log_i = static_cast<std::uint8_t>(in.table_log);
    m.job_bank_i = in.bank;
    StreamBits job_valid, symbol_empty, offset_empty, symbol_valid, symbol_last, offset_valid,
        offset_last, ready;
    for (unsigned s = 0; s < in.streams.size(); ++s) {
      const unit::StreamInputs& stream = in.streams[s];
      job_valid.set(s, stream.job_valid);
      symbol_empty.set(s, stream.symbol_empty);
      offset_empty.set(s, stream.offset_empty);
      put_word(m.job_n_values_i, s, stream.n_values);
      symbol_valid.set(s, stream.symbol_valid);
      symbol_last.set(s, stream.symbol_last);
      put_word(m.symbol_word_i, s, stream.symbol_word);
      offset_valid.set(s, stream.offset_valid);
      offset_last.set(s, stream.offset_last);
      put_word(m.offset_word_i, s, stream.offset_word);
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
    Vshape& m = model_.ports();
    m.load_bank_i = load.bank;
    m.load_table_log_i = load.table_log;
    m.load_last_row_i = load.last_row;
    m.load_valid_i = load.table_valid;
    m.load_row_valid_i = load.row_valid;
    m.load_addr_i = static_cast<std::decay_t<decltype(m.load_addr_i)>>(load.table_addr);
    for (unsigned i = 0; i < kLoadEntries; ++i) put_word(m.load_data_i, i, load.table_words[i]);
    m.load_row_addr_i = load.row_addr;
    m.load_row_i = load.row_word;
  }

  void sample(unit::UnitOutputs& out) {
    const Vshape& m = model_.ports();
    for (unsigned bank = 0; bank < unit::kBanks; ++bank)
      out.bank_busy[bank] = get_bit(m.bank_busy_o, bank);
    for (unsigned s = 0; s < out.streams.size(); ++s) {
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
                                  get_field(m.retire_state_o, s, state_bits(kKind)));
      }
    }
  }

  void sample_value(unsigned s, unit::StreamOutputs& stream) const {
    constexpr unsigned n = values_per_beat(kKind);
    const Vshape& m = model_.ports();
    stream.value_two = get_bit(m.value_two_o, s);
    stream.value_last = get_bit(m.value_last_o, s);
    const std::uint64_t values = get_field(m.value_o, s, n * kMaxValueBits);
    for (unsigned i = 0; i < n; ++i) {
      stream.values[i] = static_cast<value_t>(values >> i * kMaxValueBits);
    }
  }

  Model model_;
};

}  // namespace
}  // namespace transom::verilated

void* make_transom_shape(const transom::verilated::ShapeOptions& options) {
  return static_cast<transom::verilated::DecoderShape*>(new transom::verilated::Decoder(options));
}
