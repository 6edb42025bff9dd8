// diagnose.hpp — the probable class of a fault, from what a decoder told.
//
// What follows from logic comes first: a wrong symbol from a right state can only be the look-up, a
// wrong value of a right symbol only what comes behind it. All else is tried: the model decodes
// with one seeded fault at a time (what_if.hpp), of each class and in each place near the
// difference, and the fault that gives most of what the decoder went on to tell, for the least that
// had to be assumed, is the probable one.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "transom/verify/difference.hpp"
#include "transom/verify/what_if.hpp"

namespace transom::verify {

/// The best explanation so far.
class Explanations {
 public:
  explicit Explanations(WhatIf& what_if) : what_if_(what_if) {}

  /// @param cost bits: log2 of how many faults are tried that are as likely as this one
  /// @param text says what the fault is; asked only if it is the best so far
  template <class Text>
  void run(FaultClass fault_class, unsigned cost, const Hypothesis& fault, const Text& text) {
    offer(fault_class, cost, what_if_.run(fault), text);
  }
  /// An explanation that needs no run.
  template <class Text>
  void offer(FaultClass fault_class, unsigned cost, const Outcome& outcome, const Text& text) {
    if (is_best(cost, outcome)) take(fault_class, cost, outcome, text());
  }

  bool empty() const { return score_ == kNone; }
  Diagnosis best() const;

 private:
  static constexpr int kNone = -1'000'000;
  bool is_best(unsigned cost, const Outcome& outcome) const;
  void take(FaultClass fault_class, unsigned cost, const Outcome& outcome, std::string text);

  WhatIf& what_if_;
  int score_ = kNone;
  Outcome outcome_;
  Diagnosis diagnosis_;
};

/// log2, rounded up; 0 for 0 and 1.
unsigned log2_up(std::uint64_t n);
std::string bits_text(std::uint64_t n);  ///< "a byte", "2 bytes", "a bit", "3 bits"

// What is tried, class by class.
void try_refill(WhatIf& what_if, Explanations& explanations);
void try_shift(WhatIf& what_if, Explanations& explanations);
void try_table(WhatIf& what_if, Explanations& explanations);
void try_offset(WhatIf& what_if, Explanations& explanations);
void try_order(WhatIf& what_if, Explanations& explanations);

/// The difference with all that a report has: of `found`, what, where, want and got are known.
Difference explain(const Evidence& evidence, Difference found);

}  // namespace transom::verify
