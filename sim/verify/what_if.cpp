// what_if.cpp — see what_if.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/what_if.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "transom/base/stream.hpp"

namespace transom::verify {

namespace {

// A fault hides for as long as what it spoils gives the right symbols by chance: with probability
// 2^-b over steps that take b bits. Older faults than these are not looked for.
constexpr std::uint64_t kHistoryBits = 40;
constexpr std::uint64_t kMaxHistory = 1024;
// Steps from the difference on that are run: what is kept of them, and as many again.
constexpr std::uint64_t kReach = 128;

/// A decoder after a fault, back where its next step is defined.
void settle(GoldenDecoder& decoder) {
  if (auto* tans = std::get_if<TansDecoder>(&decoder)) {
    tans->t &= low_bits(tans->table_log);
  } else if (auto* nrans = std::get_if<NransDecoder<>>(&decoder)) {
    nrans->t &= low_bits(nrans->table_log + kNransBlockLog);
  } else if (auto* arith = std::get_if<ArithDecoder>(&decoder)) {
    arith->code = std::clamp(arith->code & 0xffff, arith->interval.lo, arith->interval.hi);
  }
}

std::uint64_t state_of(const GoldenDecoder& decoder) {
  return std::visit([](const auto& d) { return d.state(); }, decoder);
}

void start(GoldenDecoder& decoder, FaultyBits& in) {
  std::visit([&](auto& d) { d.start(in); }, decoder);
  settle(decoder);
}

symbol_t step(GoldenDecoder& decoder, FaultyBits& in) {
  return std::visit([&](auto& d) { return d.step(in); }, decoder);
}

value_t changed(const ValueRule& rule, std::uint64_t index, const Row& row, value_t value) {
  if (rule.only != kNever && rule.only != index) return value;
  const auto mask = static_cast<value_t>(1u << rule.bit);
  switch (rule.kind) {
    case ValueRule::Kind::kNone:
      return value;
    case ValueRule::Kind::kFlip:
      return value ^ mask;
    case ValueRule::Kind::kClear:
      return value & static_cast<value_t>(~mask);
    case ValueRule::Kind::kSet:
      return value | mask;
    case ValueRule::Kind::kExtend:  // the sign, above it
      return (value & mask) != 0 ? static_cast<value_t>(value | static_cast<value_t>(-mask))
                                 : value;
    case ValueRule::Kind::kSubtract:
      return static_cast<value_t>(row.vmin - static_cast<value_t>(value - row.vmin));
  }
  return value;
}

}  // namespace

struct WhatIf::Run {
  GoldenDecoder decoder;
  FaultyBits symbols;
  FaultyBits offsets;
  const std::uint32_t* rows;
  bool hit = false;  ///< the first difference was met
  Outcome outcome;
};

WhatIf::WhatIf(const Evidence& evidence, std::uint64_t at, What what)
    : evidence_(evidence),
      at_(at),
      value_differs_(what == What::kValue),
      per_step_(verify::symbols_per_step(evidence.task->table.kind)),
      begin_(at - std::min(at, kMaxHistory)),
      n_values_(evidence.task->streams[evidence.lane].n_values),
      table_(evidence.task->table.words) {
  n_steps_ = verify::n_steps(kind(), static_cast<std::uint32_t>(n_values_));
  rows_.resize(kMaxAlphabet);
  std::transform(evidence.task->rows.begin(), evidence.task->rows.end(), rows_.begin(),
                 [](const Row& row) { return to_word(row); });
  count_symbols();
  run_model();
}

/// How many of the 2^R slots each symbol of a step has.
void WhatIf::count_symbols() {
  for (std::size_t s = 0; s < kMaxAlphabet; ++s) {
    if (kind() == LaneKind::kArith) freq_[s] = table_[s + 1] - table_[s];
    if (kind() == LaneKind::kRans) freq_[s] = table_[s] & 0xffff;
  }
  if (kind() == LaneKind::kArith || kind() == LaneKind::kRans) return;
  for (const std::uint32_t word : table_) ++freq_[to_entry(word).symbol];  // a word for each slot
}

/// From the start to the end of what was told: snapshots before each step from begin_ on.
void WhatIf::run_model() {
  const Table& table = evidence_.task->table;
  const unit::JobStream& words = evidence_.task->streams[evidence_.lane];
  const std::uint64_t end = std::min(n_steps_, at_ + kReach);
  GoldenDecoder decoder = make_decoder(table.kind, table_.data(), table.table_log);
  FaultyBits symbols(words.symbol_words, 0), offsets(words.offset_words, 0);
  start(decoder, symbols);
  for (std::uint64_t k = 0; k < end; ++k) {
    if (k >= begin_) snapshots_.push_back({decoder, symbols.position(), offsets.position()});
    ModelStep step{state_of(decoder), symbols.position(), offsets.position(), {}, {}};
    step.step.symbol = verify::step(decoder, symbols);
    step.step.take = static_cast<std::uint8_t>(symbols.position() - step.position);
    step.step.position = step.position;
    step.step.state = state_of(decoder);
    for (unsigned i = 0; i < per_step_ && k * per_step_ + i < n_values_; ++i) {
      step.values[i] = read_value(to_row(rows_[symbol_of(kind(), step.step.symbol, i)]), offsets);
    }
    if (k >= begin_) model_.push_back(step);
  }
  shorten_history();
}

void WhatIf::shorten_history() {
  const ModelStep& last = model(at_);
  const bool has_symbols = evidence_.task->table.table_log != 0;
  const bool has_offsets = std::any_of(
      rows_.begin(), rows_.end(), [](std::uint32_t row) { return to_row(row).offset_bits != 0; });
  std::uint64_t k = at_;
  while (k > begin_ && ((has_symbols && last.position - model(k).position < kHistoryBits) ||
                        (has_offsets && evidence_.values_told &&
                         last.offset_position - model(k).offset_position < kHistoryBits))) {
    --k;
  }
  const auto n = static_cast<std::ptrdiff_t>(k - begin_);
  model_.erase(model_.begin(), model_.begin() + n);
  snapshots_.erase(snapshots_.begin(), snapshots_.begin() + n);
  begin_ = k;
}

unsigned WhatIf::age_bits(std::uint64_t k) const {
  return 2 * static_cast<unsigned>(std::bit_width(at_ > k ? at_ - k : 0));
}

unsigned WhatIf::step_bits(symbol_t symbol) const {
  const std::uint32_t f = freq_[symbol];
  if (f == 0) return 0;
  return evidence_.task->table.table_log - (static_cast<unsigned>(std::bit_width(f)) - 1);
}

unsigned WhatIf::value_bits(unsigned symbol) const { return to_row(rows_[symbol]).offset_bits; }

WhatIf::Run WhatIf::begin_run(const Hypothesis& fault) {
  const Table& table = evidence_.task->table;
  const unit::JobStream& words = evidence_.task->streams[evidence_.lane];
  const std::uint32_t* look_up = fault.table != nullptr ? fault.table->data() : table_.data();
  const Snapshot& from = snapshots_[fault.begin - begin_];
  Run run{make_decoder(table.kind, look_up, table.table_log),
          FaultyBits(words.symbol_words, fault.restart ? 0 : from.position),
          FaultyBits(words.offset_words, from.offset_position),
          fault.rows != nullptr ? fault.rows->data() : rows_.data(),
          false,
          {}};
  run.symbols.remap = fault.symbol_bits;
  run.symbols.rule = fault.symbol_fields;
  run.offsets.remap = fault.offset_bits;
  run.offsets.rule = fault.offset_fields;
  if (fault.restart) {
    start(run.decoder, run.symbols);
  } else {
    run.decoder = from.decoder;
    std::visit([&](auto& d) { d.table = look_up; }, run.decoder);
  }
  return run;
}

symbol_t WhatIf::faulty_step(Run& run, const Hypothesis& fault, std::uint64_t k) {
  const bool patched = k == fault.patch.step || (fault.patch.stays && k > fault.patch.step);
  std::uint32_t& word = table_[patched ? fault.patch.word : 0];
  const std::uint32_t right = word;
  if (patched) word = fault.patch.value;
  const std::uint64_t before = run.symbols.position();
  run.symbols.field = k + 1;
  const symbol_t symbol = step(run.decoder, run.symbols);
  word = right;
  if (auto* rans = std::get_if<RansDecoder<Rans32x16>>(&run.decoder);
      rans != nullptr && fault.reload.kind != ReloadRule::Kind::kNone && fault.reload.step == k) {
    if (fault.reload.kind == ReloadRule::Kind::kExtra) {
      rans->x = rans->x << 16 | run.symbols.read(16);
    } else if (run.symbols.position() != before) {
      rans->x >>= 16;
      run.symbols.move_to(before);
    }
  }
  settle(run.decoder);
  return symbol;
}

WhatIf::Fit WhatIf::fit_step(std::uint64_t k, symbol_t symbol, const Run& run) const {
  if (!evidence_.steps_told) return Fit::kNothing;
  const std::uint64_t state = state_of(run.decoder);
  if (k < evidence_.first_step) {
    const GoldenStep& want = model(k).step;
    const bool right = want.symbol == symbol && (!evidence_.states_told || want.state == state);
    return right ? Fit::kNothing : Fit::kWrong;
  }
  if (k - evidence_.first_step >= evidence_.steps.size()) return Fit::kNothing;
  const ToldStep& told = evidence_.steps[k - evidence_.first_step];
  bool right = told.symbol == symbol && (!evidence_.states_told || told.state == state);
  if (evidence_.positions_told) {  // a decoder counts what it took, or where it stands
    const std::uint64_t n_bits =
        std::uint64_t{evidence_.task->streams[evidence_.lane].symbol_words.size()} * kWordBits;
    const std::uint64_t position = std::min(told.position, n_bits);
    right = right && (position == std::min(run.symbols.position(), n_bits) ||
                      position == std::min(run.symbols.source(), n_bits));
  }
  return right ? Fit::kRight : Fit::kWrong;
}

WhatIf::Fit WhatIf::fit_value(std::uint64_t v, value_t value) const {
  if (!evidence_.values_told) return Fit::kNothing;
  if (v < evidence_.first_value) {
    return model(v / per_step_).values[v % per_step_] == value ? Fit::kNothing : Fit::kWrong;
  }
  if (v - evidence_.first_value >= evidence_.values.size()) return Fit::kNothing;
  return evidence_.values[v - evidence_.first_value] == value ? Fit::kRight : Fit::kWrong;
}

/// The step and its values. False once they are not what was told.
bool WhatIf::fit(Run& run, const Hypothesis& fault, std::uint64_t k, symbol_t symbol,
                 unsigned take) {
  const Fit as_step = fit_step(k, symbol, run);
  if (as_step == Fit::kWrong) return false;
  if (as_step == Fit::kRight) {
    ++run.outcome.n_steps;
    // What is looked up with a state that was told is no news, only the bits taken are.
    run.outcome.bits += evidence_.states_told ? take : step_bits(symbol);
    run.hit = run.hit || (!value_differs_ && k == at_);
  }
  for (unsigned i = 0; i < per_step_ && k * per_step_ + i < n_values_; ++i) {
    const std::uint64_t v = k * per_step_ + i;
    const Row row = to_row(run.rows[symbol_of(kind(), symbol, i)]);
    run.offsets.field = v;
    const value_t value = changed(fault.value, v, row, read_value(row, run.offsets));
    const Fit as_value = fit_value(v, value);
    if (as_value == Fit::kWrong) return false;
    if (as_value == Fit::kNothing) continue;
    ++run.outcome.n_values;
    run.outcome.bits += value_bits(symbol_of(kind(), symbol, i));
    if (as_step == Fit::kNothing) run.outcome.bits += step_bits(symbol) / per_step_;
    run.hit = run.hit || (value_differs_ && v == evidence_.first_value);
  }
  return true;
}

bool WhatIf::all_told(std::uint64_t k) const {
  return (!evidence_.steps_told || k >= evidence_.first_step + evidence_.steps.size()) &&
         (!evidence_.values_told ||
          k * per_step_ >= evidence_.first_value + evidence_.values.size());
}

Outcome WhatIf::run(const Hypothesis& fault) {
  Run run = begin_run(fault);
  for (std::uint64_t k = fault.begin; k < end() && !all_told(k); ++k) {
    const std::uint64_t before = run.symbols.position();
    const symbol_t symbol = faulty_step(run, fault, k);
    const std::uint64_t take = run.symbols.position() - before;
    if (!fit(run, fault, k, symbol, static_cast<unsigned>(std::min<std::uint64_t>(take, 32))))
      break;
  }
  return run.hit ? run.outcome : Outcome{};
}

}  // namespace transom::verify
