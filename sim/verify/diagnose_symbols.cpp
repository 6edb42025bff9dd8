// diagnose_symbols.cpp — faults of the symbol stream's bits and fields: refill and shift.
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

/// A fault that may touch the initial state begins there, if the history reaches back to it.
Hypothesis from_begin(const WhatIf& what_if) {
  Hypothesis fault;
  fault.begin = what_if.begin();
  fault.restart = fault.begin == 0;
  return fault;
}

std::string moved_text(const Remap& r) {
  const std::string where =
      "from bit " + text(r.from) + " of the symbol stream on the decoder reads ";
  const std::uint64_t there = r.from + static_cast<std::uint64_t>(r.by);
  if (r.by > 0) {
    return where + "what begins at bit " + text(there) + ": " + bits_text(size_of(r.by)) + " lost";
  }
  return where + "once more what begins at bit " + text(there) + ": " + bits_text(size_of(r.by)) +
         " doubled";
}

std::string stale_text(const Remap& r) {
  const std::string where =
      bits_text(r.until - r.from) + " at bit " + text(r.from) + " of the symbol stream came as ";
  if (r.kind == Remap::Kind::kZero) return where + "0";
  return where + "what stands at bit " + text(r.from + static_cast<std::uint64_t>(r.by)) +
         (r.by < 0 ? ": stale" : ": too early");
}

/// "one bit too many leaves", "3 bits too few leave"
std::string bits_do(int by, const char* does) {
  const std::string much = by > 0 ? " too many " : " too few ";
  if (by == 1 || by == -1) return "one bit" + much + does + 's';
  return text(size_of(by)) + " bits" + much + does;
}

std::string field_text(const FieldRule& rule) {
  const std::string n = bits_text(size_of(rule.by));
  switch (rule.fault) {
    case FieldFault::kConsume:
      return bits_do(rule.by, "leave") + " the buffer";
    case FieldFault::kMask:
      return bits_do(rule.by, "get") + " through the mask";
    case FieldFault::kWidth:
      return "the field is " + n + (rule.by > 0 ? " too long" : " too short");
    case FieldFault::kAside:
      return "the field is read " + n + (rule.by > 0 ? " too far" : " too early");
    case FieldFault::kReversed:
      return "the field's bits come in opposite order";
    case FieldFault::kZero:
      return "the field is taken as 0";
    case FieldFault::kShifted:
      return "the field is added " + n + (rule.by > 0 ? " too high" : " too low");
    case FieldFault::kNone:
      break;
  }
  return {};
}

struct Variant {
  FieldFault fault;
  int by;
};
constexpr std::array kVariants{
    Variant{FieldFault::kConsume, 1},  Variant{FieldFault::kConsume, -1},
    Variant{FieldFault::kConsume, 2},  Variant{FieldFault::kConsume, -2},
    Variant{FieldFault::kConsume, 3},  Variant{FieldFault::kConsume, -3},
    Variant{FieldFault::kConsume, 4},  Variant{FieldFault::kConsume, -4},
    Variant{FieldFault::kConsume, 5},  Variant{FieldFault::kConsume, -5},
    Variant{FieldFault::kConsume, 6},  Variant{FieldFault::kConsume, -6},
    Variant{FieldFault::kConsume, 7},  Variant{FieldFault::kConsume, -7},
    Variant{FieldFault::kMask, 1},     Variant{FieldFault::kMask, -1},
    Variant{FieldFault::kMask, 2},     Variant{FieldFault::kMask, -2},
    Variant{FieldFault::kWidth, 1},    Variant{FieldFault::kWidth, -1},
    Variant{FieldFault::kWidth, 2},    Variant{FieldFault::kWidth, -2},
    Variant{FieldFault::kAside, 1},    Variant{FieldFault::kAside, -1},
    Variant{FieldFault::kAside, 2},    Variant{FieldFault::kAside, -2},
    Variant{FieldFault::kReversed, 0}, Variant{FieldFault::kZero, 0},
    Variant{FieldFault::kShifted, 1},  Variant{FieldFault::kShifted, -1},
};
constexpr unsigned kVariantBits = 5;  ///< log2 of how many there are

void try_fields_once(WhatIf& what_if, Explanations& explanations) {
  for (std::uint64_t k = what_if.begin(); k <= what_if.at(); ++k) {
    // A fault in one step alone is less likely than one that stays.
    const unsigned cost = kVariantBits + 4 + what_if.age_bits(k);
    for (const Variant& v : kVariants) {
      Hypothesis fault;
      fault.begin = k;
      fault.symbol_fields = {v.fault, FieldRule::When::kOnce, v.by, k + 1, 0};
      explanations.run(FaultClass::kShift, cost, fault, [&] {
        const GoldenStep& step = what_if.model(k).step;
        return "in step " + text(k) + " (" + text(step.take) + " bits at bit " +
               text(step.position) + "), " + field_text(fault.symbol_fields);
      });
    }
  }
  if (what_if.begin() != 0) return;
  const unsigned cost = kVariantBits + what_if.age_bits(0);
  for (const Variant& v : kVariants) {
    Hypothesis fault;
    fault.restart = true;
    fault.symbol_fields = {v.fault, FieldRule::When::kOnce, v.by, 0, 0};
    explanations.run(FaultClass::kShift, cost, fault,
                     [&] { return "in the initial state, " + field_text(fault.symbol_fields); });
  }
}

void try_fields_always(WhatIf& what_if, Explanations& explanations) {
  std::array<bool, 33> seen{};
  for (std::uint64_t k = what_if.begin(); k <= what_if.at(); ++k) {
    seen[std::min(32u, unsigned{what_if.model(k).step.take})] = true;
  }
  for (const Variant& v : kVariants) {
    Hypothesis fault;
    fault.begin = what_if.begin();
    for (unsigned width = 0; width < seen.size(); ++width) {
      if (!seen[width]) continue;
      fault.symbol_fields = {v.fault, FieldRule::When::kWidth, v.by, 0, width};
      explanations.run(FaultClass::kShift, kVariantBits + 3, fault, [&] {
        return "wherever a step takes " + text(width) + " bits, " + field_text(fault.symbol_fields);
      });
    }
    fault.symbol_fields = {v.fault, FieldRule::When::kAlways, v.by, 0, 0};
    explanations.run(FaultClass::kShift, kVariantBits + 1, fault,
                     [&] { return "in every step, " + field_text(fault.symbol_fields); });
    fault.restart = fault.begin == 0;
    if (!fault.restart) continue;
    explanations.run(FaultClass::kShift, kVariantBits + 1, fault, [&] {
      return "in every step and the initial state, " + field_text(fault.symbol_fields);
    });
  }
}

}  // namespace

void try_refill(WhatIf& what_if, Explanations& explanations) {
  constexpr std::int64_t kMoves[] = {8, -8, 16, -16, 32, -32, 24, -24, 64, -64};
  const std::uint64_t begin = what_if.begin();
  const std::uint64_t first = begin == 0 ? 0 : what_if.model(begin).position / 8 * 8;
  const ModelStep& last = what_if.model(what_if.at());
  const std::uint64_t end = last.position + std::max(1u, unsigned{last.step.take});
  Hypothesis fault = from_begin(what_if);
  for (std::uint64_t p = first; p < end; p += 8) {
    // The older, the less likely, as for steps; but there are fewer bytes than steps.
    const unsigned places = log2_up((end - p) / 8 + 1);
    for (const std::int64_t by : kMoves) {
      if (by < 0 && p < size_of(by)) continue;
      fault.symbol_bits = {Remap::Kind::kMoved, p, kNever, by};
      explanations.run(FaultClass::kRefill, 3 + places + (by % 32 == 0 || by == 8 ? 0 : 1), fault,
                       [&] { return moved_text(fault.symbol_bits); });
    }
    for (const std::int64_t width : {8, 16, 32, 64}) {
      const auto w = static_cast<std::uint64_t>(width);
      if (p % w != 0) continue;
      for (const std::int64_t by : {-width, width}) {
        if (by < 0 && p < w) continue;
        fault.symbol_bits = {Remap::Kind::kMoved, p, p + w, by};
        explanations.run(FaultClass::kRefill, 5 + places, fault,
                         [&] { return stale_text(fault.symbol_bits); });
      }
      fault.symbol_bits = {Remap::Kind::kZero, p, p + w, 0};
      explanations.run(FaultClass::kRefill, 5 + places, fault,
                       [&] { return stale_text(fault.symbol_bits); });
    }
  }
  if (begin != 0) return;
  for (const std::int64_t width : {16, 32, 64}) {  // byte order: from the first word on
    fault.symbol_bits = {Remap::Kind::kSwapped, 0, kNever, width};
    explanations.run(FaultClass::kRefill, 2, fault, [&] {
      return "the bytes of each word of " + text(static_cast<std::uint64_t>(width)) +
             " bits come in opposite order";
    });
  }
}

void try_shift(WhatIf& what_if, Explanations& explanations) {
  try_fields_once(what_if, explanations);
  try_fields_always(what_if, explanations);
  if (what_if.kind() != LaneKind::kRans) return;
  for (std::uint64_t k = what_if.begin(); k <= what_if.at(); ++k) {
    for (const auto kind : {ReloadRule::Kind::kMissing, ReloadRule::Kind::kExtra}) {
      Hypothesis fault;
      fault.begin = k;
      fault.reload = {kind, k};
      const bool missing = kind == ReloadRule::Kind::kMissing;
      explanations.run(FaultClass::kRefill, 1 + what_if.age_bits(k), fault, [&] {
        return "step " + text(k) +
               (missing ? " leaves the state below 2^16 and takes no word"
                        : " takes a word though its state is not below 2^16");
      });
    }
  }
}

}  // namespace transom::verify
