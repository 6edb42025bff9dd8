// torch_ans.cpp — torch_ans' streams: tables, escapes, groups.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/torch/torch_ans.hpp"

#include <algorithm>
#include <string>

#include "transom/foreign/torch/torch_steps.hpp"

namespace transom::foreign {
namespace {

constexpr TorchVariant kVariants[] = {
    {"rans64", 64, 32, 1, TorchLookup::kSearch},
    {"rans64_i4", 64, 32, 4, TorchLookup::kSearch},
    {"rans64_alias", 64, 32, 1, TorchLookup::kAlias},
    {"rans64_invcdf", 64, 32, 1, TorchLookup::kInverseCdf},
    {"rans32", 32, 8, 1, TorchLookup::kSearch},
    {"rans32_i4", 32, 8, 4, TorchLookup::kSearch},
    {"rans32_alias", 32, 8, 1, TorchLookup::kAlias},
    {"rans32_invcdf", 32, 8, 1, TorchLookup::kInverseCdf},
    {"rans32_16", 32, 16, 1, TorchLookup::kSearch},
    {"rans32_16_i4", 32, 16, 4, TorchLookup::kSearch},
    {"rans32_16_alias", 32, 16, 1, TorchLookup::kAlias},
    {"rans32_16_invcdf", 32, 16, 1, TorchLookup::kInverseCdf},
};

/// One position as it goes on the stack.
struct Item {
  std::uint32_t table;
  TorchItem folded;
};

/// Why a symbol cannot be coded, out of line.
[[noreturn, gnu::cold, gnu::noinline]] void refuse_symbol(const TorchTables& tables,
                                                          std::uint32_t index, std::size_t i,
                                                          std::int32_t symbol, TorchFold fold) {
  std::string why = "it has no frequency in its table";
  if (index >= tables.size()) {
    why = "its index " + std::to_string(index) + " is that of no table";
  } else if (fold == TorchFold::kTooFar) {
    why = "it is too far from its table's values: torch_ans does not return from an escape of " +
          std::to_string(torch_raw_bits(tables.bypass_precision())) + " bits or more";
  } else if (fold == TorchFold::kOutside) {
    why = "it is outside of its table, and there are no escapes";
  }
  refuse("torch_ans", "symbol " + std::to_string(i), symbol, why);
}

/// Inlined, as g++ would not: a quarter of the time of a push.
[[gnu::always_inline]] inline Item fold(const TorchTables& tables,
                                        std::span<const std::uint32_t> indexes,
                                        std::span<const std::int32_t> symbols, std::size_t i) {
  const std::uint32_t t = indexes[i];
  TorchItem item{TorchFold::kOutside, 0, 0};
  bool good = t < tables.size();
  if (good) {
    const RansBounds& bounds = tables.bounds(t);
    item = torch_fold(std::int64_t{symbols[i]} - tables.offset(t),
                      static_cast<std::uint32_t>(bounds.n_symbols()), tables.bypass_precision());
    good = is_coded(item.fold) && bounds.can_encode(item.symbol);
  }
  if (!good) refuse_symbol(tables, t, i, symbols[i], item.fold);
  return {t, item};
}

template <class Geometry>
void push_raw(RansStack<Geometry>& stack, std::size_t state, std::uint32_t raw, unsigned bits) {
  torch_push_raw(raw, bits, [&](std::uint32_t digit) { stack.push_bits(state, digit, bits); });
}

/// What torch_pop_positions() asks of tables and of a group's values.
template <class Lookup>
struct PopTables {
  const TorchTables& tables;
  const std::vector<Lookup>& lookups;
  std::size_t size() const { return lookups.size(); }
  unsigned freq_precision() const { return tables.freq_precision(); }
  unsigned bypass_precision() const { return tables.bypass_precision(); }
  auto n_symbols(std::size_t t) const {
    return static_cast<std::int64_t>(tables.bounds(t).n_symbols());
  }
  std::int32_t offset(std::size_t t) const { return tables.offset(t); }
  const Lookup& lookup(std::size_t t) const { return lookups[t]; }
};
struct GroupValues {
  std::vector<std::uint32_t> all;
  std::uint32_t get(std::size_t j) const { return all[j]; }
  void set(std::size_t j, std::uint32_t value) { all[j] = value; }
};

template <class Geometry>
void check_precision(const TorchTables& tables) {
  if (tables.freq_precision() > Geometry::lower_log) {
    refuse("torch_ans", "freq_precision", tables.freq_precision(),
           "it is over the coder's " + std::to_string(Geometry::lower_log) +
               ", where its streams cannot be decoded");
  }
}

}  // namespace

std::span<const TorchVariant> torch_variants() { return kVariants; }

const TorchVariant* find_torch_variant(std::string_view name) {
  const auto* found = std::find_if(std::begin(kVariants), std::end(kVariants),
                                   [&](const TorchVariant& v) { return v.name == name; });
  return found == std::end(kVariants) ? nullptr : found;
}

TorchTables::TorchTables(std::span<const TorchTable> tables, unsigned freq_precision,
                         unsigned bypass_precision, TorchLookup lookup)
    : freq_precision_(freq_precision), bypass_precision_(bypass_precision) {
  require_range("torch_ans", "bypass_precision", bypass_precision, 0, 8);
  require_range("torch_ans", "freq_precision", freq_precision, 0, 31);
  require_range("torch_ans", "lookup", static_cast<unsigned>(lookup), 0, 2);
  std::vector<SearchLookup> search;
  std::vector<InverseCdfLookup> inverse;
  std::vector<AliasLookup> alias;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    try {
      const RansBounds& bounds = bounds_.emplace_back(tables[t].cdf, freq_precision);
      offsets_.push_back(tables[t].offset);
      switch (lookup) {
        case TorchLookup::kSearch:
          search.emplace_back(bounds);
          break;
        case TorchLookup::kInverseCdf:
          inverse.emplace_back(bounds);
          break;
        case TorchLookup::kAlias:
          if (!std::has_single_bit(bounds.n_symbols())) {
            refuse("alias", "number of symbols, escape included,", bounds.n_symbols(),
                   "must be a power of two; torch_ans writes past its alias table, or ignores it, "
                   "there");
          }
          alias.emplace_back(bounds, AliasOrder::kStack);
          remaps_.push_back(alias.back().remap(bounds));
          break;
      }
    } catch (const PreconditionError& error) {
      throw error.within("torch_ans: table " + std::to_string(t));
    }
  }
  if (!search.empty()) lookups_ = std::move(search);
  if (!inverse.empty()) lookups_ = std::move(inverse);
  if (!alias.empty()) lookups_ = std::move(alias);
}

void TorchTables::refuse_table(std::size_t t) const {
  refuse("torch_ans", "table", t, "must be below the " + std::to_string(size()) + " tables");
}

std::size_t TorchTables::bytes() const {
  return std::visit(
      [](const auto& lookups) -> std::size_t {
        std::size_t sum = 0;
        if constexpr (!std::is_same_v<std::decay_t<decltype(lookups)>, std::monostate>) {
          for (const auto& lookup : lookups) sum += lookup.bytes();
        }
        return sum;
      },
      lookups_);
}

template <class Geometry>
void torch_push(RansStack<Geometry>& stack, const TorchTables& tables,
                std::span<const std::uint32_t> indexes, std::span<const std::int32_t> symbols) {
  check_precision<Geometry>(tables);
  require_range("torch_ans", "number of indexes", indexes.size(), symbols.size(), symbols.size());
  std::vector<Item> items;
  items.reserve(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    items.push_back(fold(tables, indexes, symbols, i));
  }
  const std::size_t K = stack.states().size();
  const auto push_escape = [&](std::size_t i) {
    const TorchItem& item = items[i].folded;
    if (item.fold == TorchFold::kEscape) {
      push_raw(stack, i % K, item.raw, tables.bypass_precision());
    }
    return true;
  };
  const auto push_symbol = [&](std::size_t i) {
    const unsigned R = tables.freq_precision();
    const auto& [table, item] = items[i];
    const RansRange range = tables.bounds(table).range(item.symbol);
    if (tables.is_alias()) {
      const auto& remap = tables.remap(table);
      stack.push(i % K, range, R, [&](std::uint32_t place) { return remap[place]; });
    } else {
      stack.push(i % K, range, R);
    }
  };
  torch_push_positions(items.size(), K, push_escape, push_symbol);
}

template <class Geometry>
TorchPopped torch_pop(RansStack<Geometry>& stack, const TorchTables& tables,
                      std::span<const std::uint32_t> indexes) {
  check_precision<Geometry>(tables);
  return tables.visit_lookups([&](const auto& lookups) -> TorchPopped {
    if constexpr (std::is_same_v<std::decay_t<decltype(lookups)>, std::monostate>) {
      return {indexes.empty() ? Status::kOk : Status::kBadValue, {}};
    } else {
      using Lookup = typename std::decay_t<decltype(lookups)>::value_type;
      const std::size_t K = stack.states().size();
      TorchPopped popped{Status::kOk, {}};
      GroupValues values{std::vector<std::uint32_t>(K)};
      popped.status = torch_pop_positions(
          stack, K, PopTables<Lookup>{tables, lookups}, indexes.data(), indexes.size(), values,
          [&](std::int32_t symbol) { popped.symbols.push_back(symbol); });
      return popped;
    }
  });
}

#define TRANSOM_TORCH(Geometry)                                                            \
  template void torch_push(RansStack<Geometry>&, const TorchTables&,                       \
                           std::span<const std::uint32_t>, std::span<const std::int32_t>); \
  template TorchPopped torch_pop(RansStack<Geometry>&, const TorchTables&,                 \
                                 std::span<const std::uint32_t>)
TRANSOM_TORCH(TorchRans64);
TRANSOM_TORCH(TorchRans32);
TRANSOM_TORCH(TorchRans32x16);
#undef TRANSOM_TORCH

}  // namespace transom::foreign
