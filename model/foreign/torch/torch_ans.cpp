// torch_ans.cpp — torch_ans' streams: tables, escapes, groups.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/torch/torch_ans.hpp"

#include <algorithm>
#include <limits>
#include <string>

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
  std::uint32_t symbol;
  std::optional<std::uint32_t> raw;  ///< the value of an escape
};

/// Raw values are below 2^this: torch_ans shifts an int32 by multiples of bypass_precision until
/// nothing is left, and a shift of 32 or more never leaves nothing.
constexpr unsigned raw_bits(unsigned bypass_precision) {
  return 31 / bypass_precision * bypass_precision;
}

Item fold(const TorchTables& tables, std::span<const std::uint32_t> indexes,
          std::span<const std::int32_t> symbols, std::size_t i) {
  const auto refuse_symbol = [&](const std::string& why) {
    refuse("torch_ans", "symbol " + std::to_string(i), symbols[i], why);
  };
  const std::uint32_t t = indexes[i];
  if (t >= tables.size()) refuse_symbol("its index " + std::to_string(t) + " is that of no table");
  const RansBounds& bounds = tables.bounds(t);
  const std::int64_t value = std::int64_t{symbols[i]} - tables.offset(t);
  Item item{t, static_cast<std::uint32_t>(value), std::nullopt};
  if (const unsigned digit_bits = tables.bypass_precision(); digit_bits != 0) {
    const auto max = static_cast<std::int64_t>(bounds.n_symbols() - 1);
    if (value < 0 || value >= max) {
      const std::int64_t raw = value < 0 ? -2 * value - 1 : 2 * (value - max);
      if (raw >> raw_bits(digit_bits) != 0) {
        refuse_symbol(
            "it is too far from its table's values: torch_ans does not return from an escape of " +
            std::to_string(raw_bits(digit_bits)) + " bits or more");
      }
      item.symbol = static_cast<std::uint32_t>(max);
      item.raw = static_cast<std::uint32_t>(raw);
    }
  } else if (value < 0 || value >= static_cast<std::int64_t>(bounds.n_symbols())) {
    refuse_symbol("it is outside of its table, and there are no escapes");
  }
  if (!bounds.can_encode(item.symbol)) refuse_symbol("it has no frequency in its table");
  return item;
}

template <class Geometry>
void push_raw(RansStack<Geometry>& stack, std::size_t state, std::uint32_t raw, unsigned bits) {
  unsigned n_digits = 0;
  while (raw >> n_digits * bits != 0) ++n_digits;
  const std::uint32_t marker = low_bits(bits);
  for (unsigned d = n_digits; d-- > 0;) stack.push_bits(state, raw >> d * bits & marker, bits);
  stack.push_bits(state, n_digits % marker, bits);
  for (unsigned n = n_digits / marker; n > 0; --n) stack.push_bits(state, marker, bits);
}

/// Nothing if there are more digits than any encoder writes.
template <class Geometry>
std::optional<std::uint32_t> pop_raw(RansStack<Geometry>& stack, std::size_t state, unsigned bits) {
  const std::uint32_t marker = low_bits(bits);
  std::uint32_t n_digits = 0, part = marker;
  while (part == marker) {
    part = stack.pop_bits(state, bits);
    n_digits += part;
    if (n_digits * bits > raw_bits(bits)) return std::nullopt;
  }
  std::uint32_t raw = 0;
  for (std::uint32_t d = 0; d < n_digits; ++d) raw |= stack.pop_bits(state, bits) << d * bits;
  return raw;
}

/// The symbol of a value; nothing if it is none of 32 bits.
std::optional<std::int32_t> to_symbol(std::int64_t value, std::int32_t offset) {
  const std::int64_t symbol = value + offset;
  if (symbol < std::numeric_limits<std::int32_t>::min() ||
      symbol > std::numeric_limits<std::int32_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int32_t>(symbol);
}

/// Pops one group, or one position of the tail.
template <class Geometry, class Lookup>
class Popper {
 public:
  Popper(RansStack<Geometry>& stack, const TorchTables& tables, const std::vector<Lookup>& lookups,
         std::span<const std::uint32_t> indexes)
      : stack_(stack), tables_(tables), lookups_(lookups), indexes_(indexes) {}

  TorchPopped run() {
    const std::size_t n = indexes_.size(), group = stack_.states().size();
    std::size_t i = 0;
    for (; i + group <= n && good(); i += group) pop_group(i, group);
    for (; i < n && good(); ++i) pop_group(i, 1);
    if (popped_.status == Status::kOk && stack_.ran_dry()) popped_.status = Status::kTruncated;
    return std::move(popped_);
  }

 private:
  bool good() const { return popped_.status == Status::kOk && !stack_.ran_dry(); }

  void pop_group(std::size_t first, std::size_t n) {
    values_.clear();
    for (std::size_t i = first; i < first + n; ++i) {
      if (indexes_[i] >= tables_.size()) {
        popped_.status = Status::kBadValue;
        return;
      }
      values_.push_back(stack_.pop(state_of(i), tables_.freq_precision(), lookups_[indexes_[i]]));
    }
    for (std::size_t i = first; i < first + n; ++i) finish(i, values_[i - first]);
  }

  void finish(std::size_t i, std::int64_t value) {
    if (popped_.status != Status::kOk) return;
    const auto n_symbols = static_cast<std::int64_t>(tables_.bounds(indexes_[i]).n_symbols());
    const unsigned bits = tables_.bypass_precision();
    if (bits != 0 && value == n_symbols - 1) {
      const auto raw = pop_raw(stack_, state_of(i), bits);
      if (!raw) {
        popped_.status = Status::kBadValue;
        return;
      }
      value = *raw % 2 != 0 ? -(std::int64_t{*raw} + 1) / 2 : value + *raw / 2;
    } else if (value >= n_symbols) {  // a slot beyond the last boundary
      popped_.status = Status::kBadValue;
      return;
    }
    if (const auto symbol = to_symbol(value, tables_.offset(indexes_[i]))) {
      popped_.symbols.push_back(*symbol);
    } else {
      popped_.status = Status::kBadValue;
    }
  }

  std::size_t state_of(std::size_t i) const { return i % stack_.states().size(); }

  RansStack<Geometry>& stack_;
  const TorchTables& tables_;
  const std::vector<Lookup>& lookups_;
  std::span<const std::uint32_t> indexes_;
  std::vector<std::uint32_t> values_;
  TorchPopped popped_{Status::kOk, {}};
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
  const std::size_t K = stack.states().size(), tail = items.size() / K * K;
  const auto push_raws = [&](std::size_t first, std::size_t end) {
    for (std::size_t i = end; i-- > first;) {
      if (items[i].raw) push_raw(stack, i % K, *items[i].raw, tables.bypass_precision());
    }
  };
  const auto push_symbols = [&](std::size_t first, std::size_t end) {
    const unsigned R = tables.freq_precision();
    for (std::size_t i = end; i-- > first;) {
      const Item& item = items[i];
      const RansRange range = tables.bounds(item.table).range(item.symbol);
      if (tables.is_alias()) {
        const auto& remap = tables.remap(item.table);
        stack.push(i % K, range, R, [&](std::uint32_t place) { return remap[place]; });
      } else {
        stack.push(i % K, range, R);
      }
    }
  };
  for (std::size_t i = items.size(); i-- > tail;) {
    push_raws(i, i + 1);
    push_symbols(i, i + 1);
  }
  for (std::size_t first = tail; first > 0;) {
    first -= K;
    push_raws(first, first + K);
    push_symbols(first, first + K);
  }
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
      return Popper<Geometry, Lookup>(stack, tables, lookups, indexes).run();
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
