// diagnose_values.cpp — faults behind the symbols: offsets, rows, and the order of values.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "transom/verify/diagnose.hpp"

namespace transom::verify {

namespace {

std::string text(std::uint64_t n) { return std::to_string(n); }
std::uint64_t size_of(std::int64_t n) { return static_cast<std::uint64_t>(n < 0 ? -n : n); }

unsigned symbol_of_value(const WhatIf& what_if, std::uint64_t v) {
  const unsigned per_step = what_if.symbols_per_step();
  return symbol_of(what_if.kind(), what_if.model(v / per_step).step.symbol,
                   static_cast<unsigned>(v % per_step));
}

bool has_offsets(const WhatIf& what_if) {
  const auto& rows = what_if.evidence().task->rows;
  return std::any_of(rows.begin(), rows.end(), [](const Row& r) { return r.offset_bits != 0; });
}

/// Bits of the offset stream that do not arrive as they should.
void try_offset_refill(WhatIf& what_if, Explanations& explanations) {
  const std::uint64_t first = what_if.model(what_if.begin()).offset_position / 8 * 8;
  const std::uint64_t end = what_if.at() + 1 < what_if.end()
                                ? what_if.model(what_if.at() + 1).offset_position
                                : what_if.model(what_if.at()).offset_position + kMaxValueBits;
  const unsigned places = log2_up((end - first) / 8 + 1);
  Hypothesis fault;
  fault.begin = what_if.begin();
  for (std::uint64_t p = first; p < end; p += 8) {
    for (const std::int64_t by : {8, -8, 16, -16, 32, -32, 64, -64}) {
      if (by < 0 && p < size_of(by)) continue;
      fault.offset_bits = {Remap::Kind::kMoved, p, kNever, by};
      explanations.run(FaultClass::kOffset, 4 + places, fault, [&] {
        return "from bit " + text(p) + " of the offset stream on, " + bits_text(size_of(by)) +
               (by > 0 ? " lost" : " doubled");
      });
    }
  }
  if (what_if.begin() != 0) return;
  for (const std::int64_t width : {16, 32, 64}) {
    fault.offset_bits = {Remap::Kind::kSwapped, 0, kNever, width};
    explanations.run(FaultClass::kOffset, 3, fault, [&] {
      return "the bytes of each offset word of " + text(size_of(width)) +
             " bits come in opposite order";
    });
  }
}

struct Variant {
  FieldFault fault;
  int by;
  const char* text;
};
constexpr std::array kVariants{
    Variant{FieldFault::kConsume, 1, "a bit too many is shifted out"},
    Variant{FieldFault::kConsume, -1, "a bit too few is shifted out"},
    Variant{FieldFault::kMask, 1, "the offset has a bit too many"},
    Variant{FieldFault::kMask, -1, "the offset's top bit is cut"},
    Variant{FieldFault::kWidth, 1, "a bit too many is taken"},
    Variant{FieldFault::kWidth, -1, "a bit too few is taken"},
    Variant{FieldFault::kAside, 1, "the offset is read a bit too far"},
    Variant{FieldFault::kAside, -1, "the offset is read a bit too early"},
    Variant{FieldFault::kReversed, 0, "the offset's bits come in opposite order"},
    Variant{FieldFault::kZero, 0, "the offset is taken as 0"},
    Variant{FieldFault::kShifted, 1, "the offset is added a bit too high"},
    Variant{FieldFault::kShifted, -1, "the offset is added a bit too low"},
};

void try_offset_fields(WhatIf& what_if, Explanations& explanations) {
  std::array<bool, 33> seen{};
  for (std::uint64_t k = what_if.begin(); k <= what_if.at(); ++k) {
    for (unsigned i = 0; i < what_if.symbols_per_step(); ++i) {
      const unsigned s = symbol_of_value(what_if, k * what_if.symbols_per_step() + i);
      seen[what_if.value_bits(s)] = true;
    }
  }
  const std::uint64_t first = what_if.value_of_step(what_if.begin());
  const std::uint64_t last = what_if.evidence().first_value;
  for (const Variant& v : kVariants) {
    Hypothesis fault;
    fault.begin = what_if.begin();
    for (unsigned width = 0; width < seen.size(); ++width) {
      if (!seen[width]) continue;
      fault.offset_fields = {v.fault, FieldRule::When::kWidth, v.by, 0, width};
      explanations.run(FaultClass::kOffset, 7, fault, [&] {
        return "wherever an offset has " + text(width) + " bits, " + v.text;
      });
    }
    fault.offset_fields = {v.fault, FieldRule::When::kAlways, v.by, 0, 0};
    explanations.run(FaultClass::kOffset, 5, fault, [&] { return std::string(v.text); });
    for (std::uint64_t value = first; value <= last; ++value) {
      fault.begin = value / what_if.symbols_per_step();
      fault.offset_fields = {v.fault, FieldRule::When::kOnce, v.by, value, 0};
      explanations.run(FaultClass::kOffset, 4 + what_if.age_bits(fault.begin), fault,
                       [&] { return "for value " + text(value) + " " + v.text; });
    }
  }
}

/// Another row, or a row with a wrong bit.
void try_rows(WhatIf& what_if, Explanations& explanations, unsigned cost) {
  const unsigned n_rows = static_cast<unsigned>(what_if.evidence().task->rows.size());
  const unsigned s = symbol_of_value(what_if, what_if.evidence().first_value);
  std::vector<std::uint32_t> rows = what_if.row_words();
  Hypothesis fault;
  fault.begin = what_if.begin();
  fault.rows = &rows;
  const auto run = [&](unsigned of_kind, const std::string& why) {
    explanations.run(FaultClass::kOffset, cost + of_kind, fault, [&] { return why; });
    rows = what_if.row_words();
  };
  for (unsigned other = 0; other < n_rows; ++other) {
    if (other == s) continue;
    rows[s] = what_if.row_words()[other];
    run(4 + log2_up(n_rows),
        "for symbol " + text(s) + " the row of symbol " + text(other) + " is used");
  }
  for (unsigned bit = 0; bit < 21; ++bit) {
    rows[s] ^= std::uint32_t{1} << bit;
    if (to_row(rows[s]).offset_bits > kMaxValueBits) {
      rows = what_if.row_words();
      continue;
    }
    run(9, "bit " + text(bit % 16) + " of " + (bit < 16 ? "vmin" : "offset_bits") + " of row " +
               text(s) + " is wrong");
  }
  for (const unsigned by : {1u, 255u}) {
    for (unsigned i = 0; i < n_rows; ++i) {
      rows[i] = what_if.row_words()[(i + by) % kMaxAlphabet];
    }
    run(4, std::string("every symbol has the row of the one ") + (by == 1 ? "after" : "before") +
               " it");
  }
}

/// The value itself, on its way out.
void try_value_bits(WhatIf& what_if, Explanations& explanations, unsigned cost) {
  Hypothesis fault;
  fault.begin = what_if.begin();
  const auto run = [&](ValueRule::Kind kind, unsigned bit, unsigned of_kind,
                       const std::string& why) {
    fault.value = {kind, bit, kNever};
    explanations.run(FaultClass::kOffset, cost + of_kind, fault,
                     [&] { return why + "in every value"; });
    fault.value.only = what_if.evidence().first_value;
    explanations.run(FaultClass::kOffset, cost + of_kind + 4, fault,
                     [&] { return why + "in this value"; });
  };
  for (unsigned bit = 0; bit < kMaxValueBits; ++bit) {
    const std::string name = "bit " + text(bit) + " is ";
    run(ValueRule::Kind::kFlip, bit, 5, name + "flipped ");
    run(ValueRule::Kind::kClear, bit, 5, name + "0 ");
    run(ValueRule::Kind::kSet, bit, 5, name + "1 ");
    run(ValueRule::Kind::kExtend, bit, 5,
        "the sign, bit " + text(bit) + ", goes on above the value ");
  }
  run(ValueRule::Kind::kSubtract, 0, 3, "the offset is subtracted ");
}

/// How many told items are the model's, in another place.
template <class Fits>
Outcome moved(std::size_t n_told, Fits fits) {
  Outcome outcome;
  for (std::size_t i = 0; i < n_told; ++i) {
    unsigned bits = 0;
    if (!fits(i, bits)) break;
    outcome.bits += bits;
    ++outcome.n_values;
  }
  return outcome;
}

}  // namespace

void try_offset(WhatIf& what_if, Explanations& explanations) {
  const bool offsets = has_offsets(what_if);
  // A decoder of whole values may have no rows at all.
  const unsigned cost = offsets ? 0 : 6;
  if (offsets) {
    try_offset_refill(what_if, explanations);
    try_offset_fields(what_if, explanations);
  }
  try_rows(what_if, explanations, cost);
  try_value_bits(what_if, explanations, cost);
}

void try_order(WhatIf& what_if, Explanations& explanations) {
  const Evidence& e = what_if.evidence();
  const bool by_values = e.values_told && !e.values.empty() && !e.steps_told;
  if (!by_values && e.steps.empty()) return;
  const unsigned per_item = by_values ? what_if.symbols_per_step() : 1;
  const std::uint64_t first = by_values ? e.first_value : e.first_step;
  // Whether told item i is the model's item `item`.
  const auto fits = [&](std::size_t i, std::uint64_t item, unsigned& bits) {
    if (item / per_item < what_if.begin() || item / per_item >= what_if.end()) return false;
    const ModelStep& step = what_if.model(item / per_item);
    bits = what_if.step_bits(step.step.symbol) / per_item;
    if (!by_values) {
      return step.step.symbol == e.steps[i].symbol &&
             (!e.states_told || step.step.state == e.steps[i].state);
    }
    bits += what_if.value_bits(symbol_of_value(what_if, item));
    return step.values[item % per_item] == e.values[i];
  };
  const std::size_t n_told = by_values ? e.values.size() : e.steps.size();
  const std::string item = by_values ? "value" : "step";
  for (const std::int64_t by : {1, -1, 2, -2, 3, -3, 4, -4}) {
    if (by < 0 && first < size_of(by)) continue;
    const Outcome outcome = moved(n_told, [&](std::size_t i, unsigned& bits) {
      return fits(i, first + i + static_cast<std::uint64_t>(by), bits);
    });
    explanations.offer(FaultClass::kOrder, 3, outcome, [&] {
      return text(size_of(by)) + " " + item + (size_of(by) == 1 ? "" : "s") +
             (by > 0 ? " left out before " : " told twice before ") + item + " " + text(first);
    });
  }
  const Outcome swapped = moved(n_told, [&](std::size_t i, unsigned& bits) {
    return fits(i, first + (i < 2 ? 1 - i : i), bits);
  });
  if (swapped.n_values < 2) return;
  explanations.offer(FaultClass::kOrder, 4, swapped, [&] {
    return item + "s " + text(first) + " and " + text(first + 1) + " swapped";
  });
}

}  // namespace transom::verify
