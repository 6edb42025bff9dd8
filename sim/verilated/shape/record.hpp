// record.hpp — what lies at the ports of a Verilated decoder, clock by clock, as text.
//
// A line of port names, then a line per clock: the ports' bits in hexadecimal, in that order, as
// they are just before the rising edge. Clock and reset are left out: reset is over. Registers
// without a reset and memories are 0 at first, so a netlist that starts the same way has the same
// outputs from the first clock on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <type_traits>

namespace transom::verilated {

/// Calls visit(name, bits) for every port of rtl/decoder.sv but the clock and the reset.
template <class Model, class Visit>
void visit_ports(const Model& m, Visit visit) {
  visit("load_bank_i", m.load_bank_i);
  visit("load_table_log_i", m.load_table_log_i);
  visit("load_last_row_i", m.load_last_row_i);
  visit("load_valid_i", m.load_valid_i);
  visit("load_addr_i", m.load_addr_i);
  visit("load_data_i", m.load_data_i);
  visit("load_row_valid_i", m.load_row_valid_i);
  visit("load_row_addr_i", m.load_row_addr_i);
  visit("load_row_i", m.load_row_i);
  visit("job_valid_i", m.job_valid_i);
  visit("job_n_values_i", m.job_n_values_i);
  visit("job_symbol_empty_i", m.job_symbol_empty_i);
  visit("job_offset_empty_i", m.job_offset_empty_i);
  visit("job_table_log_i", m.job_table_log_i);
  visit("job_bank_i", m.job_bank_i);
  visit("symbol_valid_i", m.symbol_valid_i);
  visit("symbol_word_i", m.symbol_word_i);
  visit("symbol_last_i", m.symbol_last_i);
  visit("offset_valid_i", m.offset_valid_i);
  visit("offset_word_i", m.offset_word_i);
  visit("offset_last_i", m.offset_last_i);
  visit("value_ready_i", m.value_ready_i);
  visit("bank_busy_o", m.bank_busy_o);
  visit("job_ready_o", m.job_ready_o);
  visit("symbol_ready_o", m.symbol_ready_o);
  visit("offset_ready_o", m.offset_ready_o);
  visit("value_valid_o", m.value_valid_o);
  visit("value_o", m.value_o);
  visit("value_two_o", m.value_two_o);
  visit("value_last_o", m.value_last_o);
  visit("done_o", m.done_o);
  visit("status_o", m.status_o);
  visit("busy_o", m.busy_o);
  visit("retire_valid_o", m.retire_valid_o);
  visit("retire_o", m.retire_o);
  visit("retire_state_o", m.retire_state_o);
  visit("stall_o", m.stall_o);
}

/// Appends `bits` in hexadecimal, with no more zeros in front than it must have.
inline void append_hex(std::string& text, std::uint64_t bits) {
  char digits[16];
  text.append(digits, std::to_chars(digits, digits + sizeof digits, bits, 16).ptr);
}

/// The same for a port: a CData .. QData up to 64 bits and a VlWide, words of 32 bits, above.
template <class Port>
void append_port(std::string& text, const Port& port) {
  if constexpr (std::is_integral_v<Port>) {
    append_hex(text, port);
  } else {
    std::size_t i = sizeof(Port) / sizeof port[0] - 1;
    append_hex(text, port[i]);
    while (i-- > 0) {
      std::string word;
      append_hex(word, port[i]);
      text.append(8 - word.size(), '0').append(word);
    }
  }
}

template <class Model>
std::string port_names(const Model& model) {
  std::string line;
  visit_ports(model, [&](const char* name, const auto&) { line.append(name).push_back(' '); });
  line.back() = '\n';
  return line;
}

template <class Model>
std::string port_values(const Model& model) {
  std::string line;
  visit_ports(model, [&](const char*, const auto& port) {
    append_port(line, port);
    line.push_back(' ');
  });
  line.back() = '\n';
  return line;
}

}  // namespace transom::verilated
