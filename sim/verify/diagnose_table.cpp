// diagnose_table.cpp — faults of the look-up.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "transom/verify/diagnose.hpp"

namespace transom::verify {

namespace {

std::string text(std::uint64_t n) { return std::to_string(n); }

/// The first step at which a fault can be: where the state is told, it is that of the difference.
std::uint64_t first_suspect(const WhatIf& what_if) {
  return what_if.evidence().states_told ? what_if.at() : what_if.begin();
}

/// "bit 3 of the symbol", of a tANS entry.
std::string entry_bit(unsigned bit) {
  if (bit < 8) return "bit " + text(bit) + " of the symbol";
  if (bit < 16) return "bit " + text(bit - 8) + " of nbits";
  return "bit " + text(bit - 16) + " of the base";
}

/// One entry instead of another, or with a wrong bit, in one step or from then on.
class EntryFaults {
 public:
  EntryFaults(WhatIf& what_if, Explanations& explanations)
      : what_if_(what_if), explanations_(explanations), R_(table().table_log) {
    for (std::uint64_t k = first_suspect(what_if); k <= what_if.at(); ++k) try_step(k);
  }

 private:
  const Table& table() const { return what_if_.evidence().task->table; }

  void try_step(std::uint64_t k) {
    const std::uint64_t t = what_if_.model(k).state_before;
    for (unsigned bit = 0; bit < R_; ++bit) {
      instead(k, t, t ^ std::uint64_t{1} << bit, log2_up(R_),
              [&] { return "address bit " + text(bit); });
    }
    instead(k, t, t + 1, 2, [] { return "the next address"; });
    instead(k, t, t - 1, 2, [] { return "the address before"; });
    if (k > what_if_.begin()) {
      instead(k, t, what_if_.model(k - 1).state_before, 1,
              [] { return "the address of the step before: stale"; });
    }
    for (unsigned bit = 0; bit < 16 + R_; ++bit) {
      if (bit >= 12 && bit < 16) continue;  // nbits has four
      patch(k, t, table().words[t] ^ std::uint32_t{1} << bit, 5,
            [&] { return entry_bit(bit) + " is wrong"; });
    }
  }

  template <class Text>
  void instead(std::uint64_t k, std::uint64_t t, std::uint64_t other, unsigned cost, Text why) {
    if (other >= table().words.size() || other == t) return;
    patch(k, t, table().words[other], cost,
          [&] { return "entry " + text(other) + " is used instead (" + why() + ")"; });
  }

  template <class Text>
  void patch(std::uint64_t k, std::uint64_t t, std::uint32_t word, unsigned cost, Text why) {
    for (const bool stays : {true, false}) {
      Hypothesis fault;
      fault.begin = k;
      fault.patch = {k, static_cast<std::size_t>(t), word, stays};
      explanations_.run(FaultClass::kTable, 4 + cost + what_if_.age_bits(k) + (stays ? 0 : 1),
                        fault, [&] {
                          return (stays ? "for entry " : "in step " + text(k) + ", for entry ") +
                                 text(t) + ", " + why();
                        });
    }
  }

  WhatIf& what_if_;
  Explanations& explanations_;
  unsigned R_;
};

/// A bit of all entries, or of all addresses, that is always 0 or always 1.
void try_stuck(WhatIf& what_if, Explanations& explanations) {
  const Table& table = what_if.evidence().task->table;
  Hypothesis fault;
  fault.begin = first_suspect(what_if);
  std::vector<std::uint32_t> words(table.words.size());
  const auto run = [&](unsigned cost, const std::string& what) {  // once for each bit
    fault.table = &words;
    explanations.run(FaultClass::kTable, cost, fault, [&] { return what; });
  };
  for (unsigned bit = 0; bit < 16 + table.table_log; ++bit) {
    if (bit >= 12 && bit < 16) continue;
    const std::uint32_t mask = std::uint32_t{1} << bit;
    std::transform(table.words.begin(), table.words.end(), words.begin(),
                   [&](std::uint32_t word) { return word & ~mask; });
    run(7, entry_bit(bit) + " is 0 in every entry");
    std::transform(table.words.begin(), table.words.end(), words.begin(),
                   [&](std::uint32_t word) { return word | mask; });
    run(8, entry_bit(bit) + " is 1 in every entry");
  }
  for (unsigned bit = 0; bit < table.table_log; ++bit) {
    const std::size_t mask = std::size_t{1} << bit;
    for (std::size_t t = 0; t < words.size(); ++t) words[t] = table.words[t & ~mask];
    run(6, "address bit " + text(bit) + " is always 0");
    for (std::size_t t = 0; t < words.size(); ++t) words[t] = table.words[t | mask];
    run(6, "address bit " + text(bit) + " is always 1");
  }
}

/// rANS: the symbol of a slot, and a symbol's frequency and its first slot.
void try_slots(WhatIf& what_if, Explanations& explanations) {
  const Table& table = what_if.evidence().task->table;
  const std::uint64_t first = first_suspect(what_if);
  for (std::uint64_t k = first; k <= what_if.at(); ++k) {
    const ModelStep& step = what_if.model(k);
    const std::uint64_t slot = step.state_before & low_bits(table.table_log);
    const auto patch = [&](std::size_t word, std::uint32_t value, unsigned cost, auto why) {
      for (const bool stays : {true, false}) {
        Hypothesis fault;
        fault.begin = k;
        fault.patch = {k, word, value, stays};
        explanations.run(FaultClass::kTable, 4 + cost + what_if.age_bits(k) + (stays ? 0 : 1),
                         fault, why);
      }
    };
    const symbol_t s = step.step.symbol;
    for (unsigned bit = 0; bit < 32; ++bit) {
      patch(s, table.words[s] ^ std::uint32_t{1} << bit, 5, [&] {
        return "bit " + text(bit % 16) + " of " + (bit < 16 ? "freq" : "cum") + " of symbol " +
               text(s) + " is wrong";
      });
    }
    const std::size_t word = kRansSymbolWords + slot / 4;
    const unsigned shift = 8 * static_cast<unsigned>(slot % 4);
    const auto symbol_of = [&](std::uint64_t other) {
      return table.words[kRansSymbolWords + other / 4] >> 8 * (other % 4) & 0xff;
    };
    const auto with = [&](std::uint32_t symbol) {
      return (table.words[word] & ~(std::uint32_t{0xff} << shift)) | symbol << shift;
    };
    for (unsigned bit = 0; bit < table.table_log; ++bit) {
      const std::uint64_t other = slot ^ std::uint64_t{1} << bit;
      if (symbol_of(other) == s) continue;
      patch(word, with(symbol_of(other)), 4, [&] {
        return "slot " + text(slot) + " has the symbol of slot " + text(other) + " (address bit " +
               text(bit) + ")";
      });
    }
    for (unsigned bit = 0; bit < 8; ++bit) {
      patch(word, with(s ^ 1u << bit), 4, [&] {
        return "bit " + text(bit) + " of the symbol of slot " + text(slot) + " is wrong";
      });
    }
  }
}

/// Arithmetic: a count with a wrong bit, where the counts stay in order.
void try_counts(WhatIf& what_if, Explanations& explanations) {
  const Table& table = what_if.evidence().task->table;
  const std::uint64_t first = first_suspect(what_if);
  const unsigned n_symbols = static_cast<unsigned>(what_if.evidence().task->rows.size());
  std::vector<std::uint32_t> words = table.words;
  for (unsigned s = 1; s < n_symbols; ++s) {
    for (unsigned bit = 0; bit <= kArithTableLog; ++bit) {
      words[s] = table.words[s] ^ std::uint32_t{1} << bit;
      if (words[s] >= words[s - 1] && words[s] <= words[s + 1]) {
        Hypothesis fault;
        fault.begin = first;
        fault.table = &words;
        explanations.run(FaultClass::kTable, 7, fault,
                         [&] { return "bit " + text(bit) + " of count " + text(s) + " is wrong"; });
      }
      words[s] = table.words[s];
    }
  }
}

}  // namespace

void try_table(WhatIf& what_if, Explanations& explanations) {
  switch (what_if.kind()) {
    case LaneKind::kTans:
    case LaneKind::kTansPair:
      EntryFaults(what_if, explanations);
      return try_stuck(what_if, explanations);
    case LaneKind::kRans:
      return try_slots(what_if, explanations);
    case LaneKind::kArith:
      return try_counts(what_if, explanations);
    case LaneKind::kNrans:
      return;
  }
}

}  // namespace transom::verify
