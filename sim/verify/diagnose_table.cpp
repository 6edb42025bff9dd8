// diagnose_table.cpp — faults of the look-up.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "transom/coder/nrans.hpp"
#include "transom/verify/diagnose.hpp"

namespace transom::verify {

namespace {

std::string text(std::uint64_t n) { return std::to_string(n); }

/// The first step at which a fault can be: where the state is told, it is that of the difference.
std::uint64_t first_suspect(const WhatIf& what_if) {
  return what_if.evidence().states_told ? what_if.at() : what_if.begin();
}

/// "bit 3 of the symbol", of a table with a word for each slot.
std::string entry_bit(LaneKind kind, unsigned bit) {
  if (bit < 8) return "bit " + text(bit) + " of the symbol";
  if (kind == LaneKind::kNrans) {
    return bit < 20 ? "bit " + text(bit - 8) + " of freq - 1"
                    : "bit " + text(bit - 20) + " of the bias";
  }
  if (bit < 16) return "bit " + text(bit - 8) + " of nbits";
  return "bit " + text(bit - 16) + " of the base";
}
/// visit(bit) for those that such a table's words have.
template <class Visit>
void for_each_bit(const Table& table, Visit visit) {
  const std::uint32_t field = low_bits(table.table_log);
  const std::uint32_t used =
      table.kind == LaneKind::kNrans ? 0xff | field << 8 | field << 20 : 0xfff | field << 16;
  for (unsigned bit = 0; bit < 32; ++bit) {
    if ((used >> bit & 1) != 0) visit(bit);
  }
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
  /// What step k looks up: of narrow rANS the slot, the state's low bits.
  std::uint64_t address(std::uint64_t k) const {
    return what_if_.model(k).state_before & low_bits(R_);
  }

  void try_step(std::uint64_t k) {
    const std::uint64_t t = address(k);
    for (unsigned bit = 0; bit < R_; ++bit) {
      instead(k, t, t ^ std::uint64_t{1} << bit, log2_up(R_),
              [&] { return "address bit " + text(bit); });
    }
    instead(k, t, t + 1, 2, [] { return "the next address"; });
    instead(k, t, t - 1, 2, [] { return "the address before"; });
    if (k > what_if_.begin()) {
      instead(k, t, address(k - 1), 1, [] { return "the address of the step before: stale"; });
    }
    for_each_bit(table(), [&](unsigned bit) {
      patch(k, t, table().words[t] ^ std::uint32_t{1} << bit, 5,
            [&] { return entry_bit(table().kind, bit) + " is wrong"; });
    });
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
  for_each_bit(table, [&](unsigned bit) {
    const std::uint32_t mask = std::uint32_t{1} << bit;
    std::transform(table.words.begin(), table.words.end(), words.begin(),
                   [&](std::uint32_t word) { return word & ~mask; });
    run(7, entry_bit(table.kind, bit) + " is 0 in every entry");
    std::transform(table.words.begin(), table.words.end(), words.begin(),
                   [&](std::uint32_t word) { return word | mask; });
    run(8, entry_bit(table.kind, bit) + " is 1 in every entry");
  });
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

/// A cumulative count with a wrong bit, where the counts stay in order.
/// @param table_of the decoder's table of such counts
template <class TableOf>
void try_counts(WhatIf& what_if, Explanations& explanations, std::vector<std::uint32_t> cum,
                TableOf table_of) {
  Hypothesis fault;
  fault.begin = first_suspect(what_if);
  const unsigned n_symbols = static_cast<unsigned>(what_if.evidence().task->rows.size());
  for (unsigned s = 1; s < n_symbols; ++s) {
    const std::uint32_t right = cum[s];
    for (unsigned bit = 0; bit <= what_if.evidence().task->table.table_log; ++bit) {
      cum[s] = right ^ std::uint32_t{1} << bit;
      if (cum[s] < cum[s - 1] || cum[s] > cum[s + 1]) continue;
      const std::vector<std::uint32_t> words = table_of(cum);
      fault.table = &words;
      explanations.run(FaultClass::kTable, 7, fault,
                       [&] { return "bit " + text(bit) + " of count " + text(s) + " is wrong"; });
    }
    cum[s] = right;
  }
}
void try_arith_counts(WhatIf& what_if, Explanations& explanations) {
  try_counts(what_if, explanations, what_if.evidence().task->table.words, std::identity{});
}
void try_nrans_counts(WhatIf& what_if, Explanations& explanations) {
  const Table& table = what_if.evidence().task->table;
  std::vector<std::uint32_t> cum(kMaxAlphabet + 1);
  for (const std::uint32_t word : table.words) ++cum[to_rans_entry(word).symbol + 1u];
  std::partial_sum(cum.begin(), cum.end(), cum.begin());
  try_counts(what_if, explanations, cum, [R = table.table_log](std::vector<std::uint32_t> freq) {
    std::adjacent_difference(freq.begin(), freq.end(), freq.begin());
    freq.erase(freq.begin());  // what is before the first symbol
    return make_nrans_table(freq, R);
  });
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
      return try_arith_counts(what_if, explanations);
    case LaneKind::kNrans:
      EntryFaults(what_if, explanations);
      try_stuck(what_if, explanations);
      return try_nrans_counts(what_if, explanations);
  }
}

}  // namespace transom::verify
