// figures.cpp — see figures.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/figures.hpp"

#include <algorithm>

namespace transom::workbench {

void Figures::add(const Figures& other) {
  values += other.values;
  raw_bytes += other.raw_bytes;
  coded_bytes += other.coded_bytes;
  entropy_bits += other.entropy_bits;
  lane_values += other.lane_values;
  lane_cycles += other.lane_cycles;
  mismatches += other.mismatches;
  stalls.load += other.stalls.load;
  stalls.fill += other.stalls.fill;
  stalls.symbol_words += other.stalls.symbol_words;
  stalls.offset_words += other.stalls.offset_words;
  stalls.consumer += other.stalls.consumer;
  stalls.turn += other.stalls.turn;
  stalls.drained += other.stalls.drained;
  for (const auto& [name, n] : other.cycles) count_cycles(name, n);
}

void Figures::count_cycles(const std::string& decoder, std::uint64_t n) {
  auto found =
      std::find_if(cycles.begin(), cycles.end(), [&](const auto& c) { return c.first == decoder; });
  if (found == cycles.end()) found = cycles.insert(cycles.end(), {decoder, 0});
  found->second += n;
}

double Figures::per_value(double bits) const {
  return values == 0 ? 0 : bits / static_cast<double>(values);
}

double Figures::ratio() const {
  return coded_bytes == 0 ? 0 : static_cast<double>(raw_bytes) / static_cast<double>(coded_bytes);
}

double Figures::rate() const {
  return lane_cycles == 0 ? 0 : static_cast<double>(lane_values) / static_cast<double>(lane_cycles);
}

json Figures::to_json() const {
  json by_decoder = json::object();
  for (const auto& [name, n] : cycles) by_decoder[name] = n;
  return {{"values", values},
          {"entropy_bits_per_value", per_value(entropy_bits)},
          {"coded_bits_per_value", coded_bits_per_value()},
          {"raw_bytes", raw_bytes},
          {"coded_bytes", coded_bytes},
          {"ratio", ratio()},
          {"cycles", std::move(by_decoder)},
          {"values_per_cycle_per_lane", rate()},
          {"stalls",
           {{"load", stalls.load},
            {"fill", stalls.fill},
            {"symbol_words", stalls.symbol_words},
            {"offset_words", stalls.offset_words},
            {"consumer", stalls.consumer},
            {"turn", stalls.turn},
            {"drained", stalls.drained}}},
          {"mismatches", mismatches}};
}

std::vector<std::string> Figures::header(const std::vector<std::string>& cycle_decoders) {
  std::vector<std::string> columns{"tensor", "values", "entropy", "coded", "ratio"};
  for (const std::string& decoder : cycle_decoders) columns.push_back(decoder + " cycles");
  for (const char* column : {"values/cycle/lane", "load", "fill", "symbol words", "offset words",
                             "consumer", "turn", "drained", "mismatches"}) {
    columns.emplace_back(column);
  }
  return columns;
}

std::vector<std::string> Figures::row(const std::string& name) const {
  constexpr std::size_t kWidest = 40;
  std::size_t n_kept = kWidest - 3;
  while (n_kept != 0 && n_kept < name.size() && (name[n_kept] & 0xc0) == 0x80) --n_kept;
  const bool has_lane = lane_cycles != 0;
  const auto number = [&](std::uint64_t n) { return has_lane ? std::to_string(n) : "-"; };
  std::vector<std::string> columns{name.size() > kWidest ? name.substr(0, n_kept) + "..." : name,
                                   std::to_string(values), fixed(per_value(entropy_bits), 3),
                                   fixed(coded_bits_per_value(), 3), fixed(ratio(), 3)};
  for (const auto& [decoder, n] : cycles) columns.push_back(number(n));
  columns.push_back(has_lane ? fixed(rate(), 3) : "-");
  for (const std::uint64_t n : {stalls.load, stalls.fill, stalls.symbol_words, stalls.offset_words,
                                stalls.consumer, stalls.turn, stalls.drained}) {
    columns.push_back(number(n));
  }
  columns.push_back(std::to_string(mismatches));
  return columns;
}

}  // namespace transom::workbench
