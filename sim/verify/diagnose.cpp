// diagnose.cpp — see diagnose.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/diagnose.hpp"

#include <bit>
#include <utility>

namespace transom::verify {

namespace {

// An explanation that costs more than it explains is no better than chance; with this much more it
// is one in 2^8.
constexpr int kLikelyBits = 8;

std::string text(std::uint64_t n) { return std::to_string(n); }

/// A difference that tells its class by itself.
Diagnosis of_end(const Evidence& evidence, const Difference& d) {
  const std::uint64_t n = d.what == What::kCount ? d.want : 0;
  if (d.what == What::kStatus) {
    return {FaultClass::kEnd, Confidence::kCertain,
            "all that was told before the end is right, and the verdict on it is not"};
  }
  if (d.got > n) {
    return {FaultClass::kEnd, Confidence::kCertain,
            "all " + text(n) + " came as they should, and then one more"};
  }
  const bool hangs = !evidence.ended;
  if (hangs && d.got + 2 * symbols_per_step(evidence.task->table.kind) < n) {
    return {FaultClass::kRefill, Confidence::kGuess,
            "all " + text(d.got) +
                " that came are right, and then the decoder waits, as one does "
                "that believes its bits have not come"};
  }
  return {FaultClass::kEnd, hangs ? Confidence::kLikely : Confidence::kCertain,
          "all " + text(d.got) + " that came are right, and " + text(n - d.got) + " did not come"};
}

Diagnosis wrong_symbol(const Difference& d) {
  return {FaultClass::kTable, Confidence::kCertain,
          "the state before the step is right, and the symbol is looked up with it alone (" +
              d.entry + ")"};
}

/// A wrong tANS state behind a right symbol, where no seeded fault gives it.
Diagnosis wrong_state(const Evidence& evidence, const Difference& d) {
  const Table& table = evidence.task->table;
  if (table.kind == LaneKind::kTans || table.kind == LaneKind::kTansPair) {
    const Entry e = to_entry(table.words[d.state_before]);
    const std::uint64_t field = d.got - e.base;
    if (d.got < e.base || field >> e.nbits != 0) {
      return {FaultClass::kTable, Confidence::kGuess,
              "no field of nbits = " + text(e.nbits) + " leads from base " + text(e.base) +
                  " to state " + text(d.got)};
    }
    const bool crosses = d.symbol_position / 8 != (d.symbol_position + e.nbits) / 8;
    return {crosses ? FaultClass::kRefill : FaultClass::kShift, Confidence::kGuess,
            "the base is right and the " + text(e.nbits) + " bits from bit " +
                text(d.symbol_position) + " on are not" +
                (crosses ? "; they reach a byte's end" : "")};
  }
  return {FaultClass::kShift, Confidence::kGuess, "the symbol is right and the state after it not"};
}

Diagnosis wrong_position(const Difference& d) {
  const std::uint64_t by = d.got > d.want ? d.got - d.want : d.want - d.got;
  const std::string off = bits_text(by) + (d.got > d.want ? " too far" : " short");
  return {by % 8 == 0 ? FaultClass::kRefill : FaultClass::kShift, Confidence::kLikely,
          "symbol and state are right, and the position is " + off};
}

/// Values alone were told, and no seeded fault gives them.
Diagnosis wrong_value(const WhatIf& what_if) {
  const Evidence& evidence = what_if.evidence();
  const auto row_has = [&](const Row& row, std::uint32_t value) {
    return value >= row.vmin && (value - row.vmin) >> row.offset_bits == 0;
  };
  bool same_rows = false;
  std::size_t n = 0;
  for (std::uint64_t k = what_if.at(); k < what_if.end(); ++k) {
    for (unsigned i = 0; i < what_if.symbols_per_step(); ++i) {
      const std::uint64_t v = what_if.value_of_step(k) + i;
      if (v < evidence.first_value || v - evidence.first_value >= evidence.values.size()) continue;
      const symbol_t s = symbol_of(what_if.kind(), what_if.model(k).step.symbol, i);
      const Row row = to_row(what_if.row_words()[s]);
      if (!row_has(row, evidence.values[v - evidence.first_value])) return {};
      same_rows = same_rows || row.offset_bits != 0;
      ++n;
    }
  }
  if (!same_rows) return {};
  return {FaultClass::kOffset, n > 4 ? Confidence::kLikely : Confidence::kGuess,
          "each of the " + text(n) +
              " values from the first wrong one on lies in the row of the "
              "right symbol, so the symbols are right"};
}

Diagnosis by_trial(WhatIf& what_if, const Evidence& evidence, const Difference& d) {
  Explanations explanations(what_if);
  const bool step_told = d.what != What::kValue;
  // Where the steps are told and right, only what comes behind them is left.
  const bool steps_are_right = !step_told && evidence.steps_told;
  if (!steps_are_right) {
    try_order(what_if, explanations);
    try_refill(what_if, explanations);
    try_shift(what_if, explanations);
    try_table(what_if, explanations);
  }
  if (!step_told) try_offset(what_if, explanations);
  Diagnosis best = explanations.best();
  if (steps_are_right && best.fault != FaultClass::kOffset) {
    best = {FaultClass::kOffset, Confidence::kCertain, ""};
  }
  if (steps_are_right) {
    best.confidence = Confidence::kCertain;
    best.because = "the symbol is right and its value is not" +
                   (best.because.empty() ? "" : "; " + best.because);
  }
  return best;
}

Diagnosis diagnose(WhatIf& what_if, const Difference& d) {
  const Evidence& evidence = what_if.evidence();
  Diagnosis best = by_trial(what_if, evidence, d);
  // Told, and compared: the initial state is not.
  const bool state_was_right = evidence.states_told && d.index > 0;
  if (d.what == What::kSymbol && state_was_right) {
    if (best.fault != FaultClass::kTable) return wrong_symbol(d);
    best.confidence = Confidence::kCertain;
    return best;
  }
  if (best.confidence != Confidence::kGuess) return best;
  Diagnosis fallback;
  if (d.what == What::kState) fallback = wrong_state(evidence, d);
  if (d.what == What::kPosition) fallback = wrong_position(d);
  if (d.what == What::kValue) fallback = wrong_value(what_if);
  if (fallback.confidence != Confidence::kGuess || best.fault == FaultClass::kUnknown) {
    best = std::move(fallback);
  }
  if (best.fault == FaultClass::kUnknown) {
    best.because = "no single fault that was tried gives what the decoder went on to tell";
  }
  return best;
}

}  // namespace

unsigned log2_up(std::uint64_t n) {
  return n < 2 ? 0 : static_cast<unsigned>(std::bit_width(n - 1));
}

std::string bits_text(std::uint64_t n) {
  if (n == 1) return "a bit";
  if (n == 8) return "a byte";
  return n % 8 == 0 ? text(n / 8) + " bytes" : text(n) + " bits";
}

bool Explanations::is_best(unsigned cost, const Outcome& outcome) const {
  return outcome.n_steps + outcome.n_values != 0 &&
         static_cast<int>(outcome.bits) - static_cast<int>(cost) > score_;
}

void Explanations::take(FaultClass fault_class, unsigned cost, const Outcome& outcome,
                        std::string text) {
  score_ = static_cast<int>(outcome.bits) - static_cast<int>(cost);
  outcome_ = outcome;
  diagnosis_ = {fault_class, score_ >= kLikelyBits ? Confidence::kLikely : Confidence::kGuess,
                std::move(text)};
}

Diagnosis Explanations::best() const {
  if (empty()) return {};
  Diagnosis best = diagnosis_;
  const auto counted = [](unsigned n, const char* what) {
    return text(n) + " " + what + (n == 1 ? "" : "s");
  };
  best.because += "; with this fault the model gives ";
  if (outcome_.n_steps != 0) best.because += counted(outcome_.n_steps, "told step");
  if (outcome_.n_steps != 0 && outcome_.n_values != 0) best.because += " and ";
  if (outcome_.n_values != 0) best.because += counted(outcome_.n_values, "told value");
  best.because += " from the first wrong one on";
  return best;
}

Difference explain(const Evidence& evidence, Difference found) {
  if (found.what == What::kStatus || found.what == What::kCount) {
    found.diagnosis = of_end(evidence, found);
    return found;
  }
  const std::uint64_t per_step = symbols_per_step(evidence.task->table.kind);
  const bool of_value = found.what == What::kValue;
  WhatIf what_if(evidence, of_value ? found.index / per_step : found.index, found.what);
  const ModelStep& step = what_if.model(what_if.at());
  found.symbol_position = step.position;
  found.offset_position = step.offset_position;
  if (of_value && found.index % per_step != 0) {
    found.offset_position += what_if.value_bits(symbol_of(what_if.kind(), step.step.symbol, 0));
  }
  found.state_before = step.state_before;
  found.want_state = step.step.state;
  found.entry = entry_text(evidence.task->table, step.state_before, step.step.symbol);
  found.diagnosis = diagnose(what_if, found);
  return found;
}

}  // namespace transom::verify
