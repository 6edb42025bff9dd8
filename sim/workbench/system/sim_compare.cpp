// sim_compare.cpp — two runs of the same session: all that is not the same.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/system/sim_compare.hpp"

#include <algorithm>
#include <cstdio>

namespace transom::workbench {
namespace {

class Differences {
 public:
  std::vector<std::string> all;

  void compare(const std::string& what, std::uint64_t a, std::uint64_t b) {
    if (a != b) all.push_back(what + ": " + std::to_string(a) + " / " + std::to_string(b));
  }
  /// compare(what and index, ...) for what both have, and how many they have.
  template <class List, class Compare>
  void each(const std::string& what, const List& a, const List& b, Compare compare_one) {
    compare(what + "s", a.size(), b.size());
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      compare_one(what + " " + std::to_string(i), a[i], b[i]);
    }
  }
};

std::string address_text(std::size_t word) {
  char text[8];
  std::snprintf(text, sizeof text, "0x%02x", static_cast<unsigned>(4 * word));
  return text;
}

}  // namespace

std::vector<std::string> differences(const system::AxiRun& a, const system::AxiRun& b) {
  Differences found;
  const auto number = [&](const std::string& what, std::uint64_t x, std::uint64_t y) {
    found.compare(what, x, y);
  };
  number("cycles", a.cycles, b.cycles);
  number("first beat's cycle", a.first_beat_cycle, b.first_beat_cycle);
  number("last beat's cycle", a.last_beat_cycle, b.last_beat_cycle);
  number("first payload's cycle", a.first_payload_cycle, b.first_payload_cycle);
  number("last payload's cycle", a.last_payload_cycle, b.last_payload_cycle);
  number("beats read", a.beats_read, b.beats_read);
  number("beats out", a.beats_out, b.beats_out);
  number("bursts", a.bursts, b.bursts);
  number("most bursts outstanding", a.max_outstanding, b.max_outstanding);
  number("cycles with irq", a.irq_cycles, b.irq_cycles);
  number("values", a.values, b.values);
  found.each("start", a.start_cycles, b.start_cycles, number);
  found.each("session's register", a.registers, b.registers,
             [&](const std::string&, const system::AxiRun::Registers& x,
                 const system::AxiRun::Registers& y) {
               for (std::size_t word = 0; word < x.size(); ++word) {
                 number("register " + address_text(word), x[word], y[word]);
               }
             });
  found.each("tensor", a.layers, b.layers,
             [&](const std::string& what, const system::AxiLayer& x, const system::AxiLayer& y) {
               number(what + ", first beat's cycle", x.first_beat_cycle, y.first_beat_cycle);
               number(what + ", last beat's cycle", x.last_beat_cycle, y.last_beat_cycle);
               for (std::size_t c = 0; c < system::kAxiCounters; ++c) {
                 number(what + ", counter " + std::to_string(c), x.counters[c], y.counters[c]);
               }
             });
  return found.all;
}

}  // namespace transom::workbench
