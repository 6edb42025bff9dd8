// what_if.hpp — the golden model with a fault in it, held against what a decoder told.
//
// Evidence is what a decoder told from its first difference on, and that all before it was right. A
// what-if run decodes the same stream with a seeded fault: if it gives what the decoder told, then
// this fault explains it. How much that says is counted in bits: a step that a decoder which has
// lost its way would give by chance with probability p counts -log2 p, rounded down.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/verify/difference.hpp"
#include "transom/verify/faulty_bits.hpp"
#include "transom/verify/golden_steps.hpp"
#include "transom/verify/task.hpp"

namespace transom::verify {

/// A step as a decoder tells it.
struct ToldStep {
  std::uint32_t symbol = 0;
  std::uint64_t state = 0;     ///< after the step
  std::uint64_t position = 0;  ///< bits of the symbol stream read, after the step
};

/// What a decoder told of one stream.
struct Evidence {
  const Task* task = nullptr;
  unsigned lane = 0;
  bool steps_told = false;  ///< those before first_step were right
  bool states_told = false;
  bool positions_told = false;
  bool values_told = false;  ///< those before first_value were right
  bool ended = false;        ///< the decoder told its end
  std::uint64_t first_step = 0;
  std::uint64_t first_value = 0;
  std::span<const ToldStep> steps;        ///< from first_step on
  std::span<const std::uint32_t> values;  ///< from first_value on
};

/// A word of the table that is another one.
struct Patch {
  std::uint64_t step = kNever;
  std::size_t word = 0;
  std::uint32_t value = 0;
  bool stays = false;  ///< in all steps from `step` on, not in this one alone
};

/// A value that leaves changed.
struct ValueRule {
  enum class Kind : std::uint8_t { kNone, kFlip, kClear, kSet, kExtend, kSubtract };
  Kind kind = Kind::kNone;
  unsigned bit = 0;
  std::uint64_t only = kNever;  ///< this value alone; kNever: all
};

/// How a rANS step takes its word.
struct ReloadRule {
  enum class Kind : std::uint8_t { kNone, kMissing, kExtra };
  Kind kind = Kind::kNone;
  std::uint64_t step = 0;
};

/// A decoder with one fault.
struct Hypothesis {
  std::uint64_t begin = 0;  ///< the step before which all is well
  bool restart = false;     ///< begin with the initial state: begin is 0
  Remap symbol_bits;
  FieldRule symbol_fields;
  Remap offset_bits;
  FieldRule offset_fields;  ///< fields are numbered as the values are
  Patch patch;
  ReloadRule reload;
  ValueRule value;
  const std::vector<std::uint32_t>* table = nullptr;  ///< nullptr: the task's
  const std::vector<std::uint32_t>* rows = nullptr;   ///< row words; nullptr: the task's
};

/// How well a fault explains the evidence.
struct Outcome {
  unsigned bits = 0;     ///< evidence for it; 0 if it does not give the first difference
  unsigned n_steps = 0;  ///< told steps and values that it gives, the first difference among them
  unsigned n_values = 0;
};

/// What the model does in a step.
struct ModelStep {
  std::uint64_t state_before = 0;
  std::uint64_t position = 0;         ///< of the symbol stream, before the step
  std::uint64_t offset_position = 0;  ///< before the step's first value
  GoldenStep step{};
  std::array<value_t, 2> values{};
};

class WhatIf {
 public:
  /// @param at the step of the first difference. The evidence is referred to.
  WhatIf(const Evidence& evidence, std::uint64_t at, What what);

  Outcome run(const Hypothesis& fault);

  std::uint64_t at() const { return at_; }
  /// The first step that the history reaches back to.
  std::uint64_t begin() const { return begin_; }
  /// The model's step k, begin() <= k < end().
  const ModelStep& model(std::uint64_t k) const { return model_[k - begin_]; }
  std::uint64_t end() const { return begin_ + model_.size(); }
  /// The value's number of the first of a step.
  std::uint64_t value_of_step(std::uint64_t k) const { return k * per_step_; }
  const Evidence& evidence() const { return evidence_; }
  LaneKind kind() const { return evidence_.task->table.kind; }
  unsigned symbols_per_step() const { return per_step_; }
  const std::vector<std::uint32_t>& row_words() const { return rows_; }
  unsigned value_bits(unsigned symbol) const;  ///< evidence of a right value with this symbol
  unsigned step_bits(symbol_t symbol) const;   ///< of a right step
  /// What it costs to assume that a fault of step k is seen only now: 2 log2 of the steps since.
  unsigned age_bits(std::uint64_t k) const;

 private:
  enum class Fit : std::uint8_t { kNothing, kRight, kWrong };
  struct Run;
  struct Snapshot {
    GoldenDecoder decoder;
    std::uint64_t position;
    std::uint64_t offset_position;
  };

  void count_symbols();
  void run_model();
  void shorten_history();
  Run begin_run(const Hypothesis& fault);
  symbol_t faulty_step(Run& run, const Hypothesis& fault, std::uint64_t k);
  Fit fit_step(std::uint64_t k, symbol_t symbol, const Run& run) const;
  Fit fit_value(std::uint64_t v, value_t value) const;
  bool fit(Run& run, const Hypothesis& fault, std::uint64_t k, symbol_t symbol, unsigned take);
  bool all_told(std::uint64_t k) const;

  const Evidence& evidence_;
  std::uint64_t at_;
  bool value_differs_;
  unsigned per_step_;
  std::uint64_t begin_;
  std::uint64_t n_steps_;
  std::uint64_t n_values_;
  std::vector<std::uint32_t> table_;  ///< the task's, patched while a run lasts
  std::vector<std::uint32_t> rows_;   ///< kMaxAlphabet of them
  std::array<std::uint32_t, kMaxAlphabet> freq_{};
  std::vector<ModelStep> model_;
  std::vector<Snapshot> snapshots_;
};

}  // namespace transom::verify
