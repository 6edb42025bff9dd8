// difference.cpp — a difference in words.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/difference.hpp"

#include <cstdio>

#include "transom/base/bits.hpp"
#include "transom/coder/tans_pair.hpp"

namespace transom::verify {

namespace {

std::string text(std::uint64_t n) { return std::to_string(n); }

/// "417 (0x1a1)", where the hexadecimal form says more.
std::string number(std::uint64_t n) {
  if (n < 10) return text(n);
  char hex[24];
  std::snprintf(hex, sizeof hex, " (0x%llx)", static_cast<unsigned long long>(n));
  return text(n) + hex;
}

std::string symbol_text(LaneKind kind, symbol_t symbol) {
  if (kind != LaneKind::kTansPair) return "symbol " + text(symbol);
  return "symbols " + text(first_of(symbol)) + " and " + text(second_of(symbol));
}

std::string want_and_got(const Difference& d) {
  if (d.what == What::kStatus) {
    const auto name = [](std::uint64_t status) {
      return std::string(status_name(static_cast<Status>(status)));
    };
    return "want " + name(d.want) + ", got " + name(d.got);
  }
  return "want " + number(d.want) + ", got " + number(d.got);
}

}  // namespace

std::string_view what_name(What what) {
  constexpr std::string_view kNames[]{"symbol", "state", "position", "value", "status", "count"};
  return word_at(kNames, static_cast<std::size_t>(what), "what_name");
}

std::string_view fault_name(FaultClass fault) {
  constexpr std::string_view kNames[]{"unknown", "refill", "shift", "table",
                                      "offset",  "end",    "order"};
  return word_at(kNames, static_cast<std::size_t>(fault), "fault_name");
}

std::string_view confidence_name(Confidence confidence) {
  constexpr std::string_view kNames[]{"guess", "likely", "certain"};
  return word_at(kNames, static_cast<std::size_t>(confidence), "confidence_name");
}

std::string entry_text(const Table& table, std::uint64_t state, symbol_t symbol) {
  constexpr std::string_view kName = "entry_text";
  const std::size_t n = table.words.size();
  if (table.kind == LaneKind::kArith) {
    require_range(kName, "number of words", n, symbol + std::size_t{2}, SIZE_MAX);
    return symbol_text(table.kind, symbol) + ": counts [" + text(table.words[symbol]) + ", " +
           text(table.words[symbol + 1u]) + ") of " + text(1u << kArithTableLog);
  }
  if (table.kind == LaneKind::kRans) {
    require_range(kName, "number of words", n, symbol + std::size_t{1}, SIZE_MAX);
    const std::uint32_t word = table.words[symbol];
    return "slot " + text(state & low_bits(table.table_log)) + ": " +
           symbol_text(table.kind, symbol) + ", freq " + text(word & 0xffff) + ", cum " +
           text(word >> 16);
  }
  if (table.kind == LaneKind::kNrans) {
    const std::uint64_t slot = state & low_bits(table.table_log);
    require_range(kName, "number of words", n, slot + 1, SIZE_MAX);
    const RansEntry e = to_rans_entry(table.words[slot]);
    return "slot " + text(slot) + ": " + symbol_text(table.kind, e.symbol) + ", freq " +
           text(e.freq) + ", bias " + text(e.bias);
  }
  if (state >= n) refuse(kName, "state", state, "must be below the " + text(n) + " entries");
  const Entry e = to_entry(table.words[state]);
  return "entry " + text(state) + ": " + symbol_text(table.kind, e.symbol) + ", nbits " +
         text(e.nbits) + ", base " + text(e.base);
}

std::string to_text(const Difference& d) {
  std::string out = "lane " + text(d.lane) + ", index " + text(d.index);
  if (d.cycle) out += ", cycle " + text(*d.cycle);
  out += ": " + std::string(what_name(d.what)) + ": " + want_and_got(d);
  if (!d.entry.empty()) {
    out += "; symbol bit " + text(d.symbol_position) + ", offset bit " + text(d.offset_position) +
           ", state " + number(d.state_before) + " -> " + number(d.want_state);
    if (d.got_state) out += " (got " + number(*d.got_state) + ")";
    out += ", " + d.entry;
  }
  out += ". Probable class: " + std::string(fault_name(d.diagnosis.fault)) + " (" +
         std::string(confidence_name(d.diagnosis.confidence)) + ")";
  return out + (d.diagnosis.because.empty() ? "." : ": " + d.diagnosis.because + ".");
}

}  // namespace transom::verify
