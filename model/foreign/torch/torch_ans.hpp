// torch_ans.hpp — torch_ans' streams: indexed CDF tables, escapes, 4-way interleaving.
//
// github.com/worldlife123/torch_ans (MIT), v0.2.0. A row is one stack: states, then words as an
// encoder writes them; rows of a batch are independent. Each position has a table by index; a
// value is symbol - offset of its table. With bypass the last symbol of a table is an escape: value
// below 0 or from `max` up is folded to raw = -2 value - 1 or 2 (value - max), whose digits of
// bypass_precision bits and their number follow on the same stack, as in CompressAI.
// Pushed last to first. With K states position i uses state i mod K; a group of K has its raw
// digits pushed before its symbols, the tail beyond the last full group goes one by one.
//
// Refused, because torch_ans itself corrupts or hangs there: freq_precision over the geometry's
// lower_log (rans32_16 at 16), raw values that need a shift of 32 bits or more, alias tables whose
// alphabet is not 2^symbol_precision, values without a frequency.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "transom/coder/rans_alias.hpp"
#include "transom/coder/rans_lookup.hpp"
#include "transom/coder/rans_stack.hpp"

namespace transom::foreign {

using TorchRans64 = Rans64x32;
using TorchRans32 = Rans32x8;
using TorchRans32x16 = RansGeometry<std::uint32_t, 15, 16>;  ///< not ryg_rans' word: L = 2^15

/// How a decoder looks symbols up. All but kAlias decode the same streams.
enum class TorchLookup : std::uint8_t { kSearch, kInverseCdf, kAlias };

/// One of the 12 coders of torch_ans' README.
struct TorchVariant {
  std::string_view name;
  unsigned state_bits;  ///< width of the state's type: 32 or 64
  unsigned word_bits;
  std::size_t n_states;  ///< 1 or 4
  TorchLookup lookup;
};
std::span<const TorchVariant> torch_variants();
/// nullptr when there is none of that name.
const TorchVariant* find_torch_variant(std::string_view name);
/// Returns run(Geometry{}) of the variant's geometry.
template <class Run>
decltype(auto) with_torch_geometry(const TorchVariant& variant, Run&& run) {
  if (variant.word_bits == 32) return run(TorchRans64{});
  if (variant.word_bits == 8) return run(TorchRans32{});
  return run(TorchRans32x16{});
}

struct TorchTable {
  std::vector<std::uint32_t> cdf;  ///< ascending from 0 to at most 2^freq_precision
  std::int32_t offset = 0;
};

/// Tables ready for both directions.
class TorchTables {
 public:
  /// @param bypass_precision 1..8 bits a digit; 0: no escapes
  /// Throws naming the table; and for freq_precision over 31.
  TorchTables(std::span<const TorchTable> tables, unsigned freq_precision,
              unsigned bypass_precision, TorchLookup lookup);

  std::size_t size() const { return bounds_.size(); }
  unsigned freq_precision() const { return freq_precision_; }
  unsigned bypass_precision() const { return bypass_precision_; }
  // Of table t < size(), the last two of kAlias (all throw).
  const RansBounds& bounds(std::size_t t) const { return checked(bounds_, t); }
  std::int32_t offset(std::size_t t) const { return checked(offsets_, t); }
  const AliasLookup& alias(std::size_t t) const {
    if (!is_alias()) refuse_table(t);
    return checked(std::get<3>(lookups_), t);
  }
  const std::vector<std::uint32_t>& remap(std::size_t t) const { return checked(remaps_, t); }
  bool is_alias() const { return !remaps_.empty(); }
  /// Memory of the look-ups.
  std::size_t bytes() const;

  /// visit(std::span<const Lookup>) of the choice.
  template <class Visit>
  decltype(auto) visit_lookups(Visit&& visit) const {
    return std::visit(visit, lookups_);
  }

 private:
  template <class T>
  const T& checked(const std::vector<T>& list, std::size_t t) const {
    if (t >= list.size()) [[unlikely]]
      refuse_table(t);
    return list[t];
  }
  [[noreturn]] void refuse_table(std::size_t t) const;

  std::vector<RansBounds> bounds_;
  std::vector<std::int32_t> offsets_;
  std::variant<std::monostate, std::vector<SearchLookup>, std::vector<InverseCdfLookup>,
               std::vector<AliasLookup>>
      lookups_;
  std::vector<std::vector<std::uint32_t>> remaps_;  ///< kAlias only
  unsigned freq_precision_;
  unsigned bypass_precision_;
};

/// Pushes symbols (in their order; the last is pushed first) on a stack, new or not.
/// @param indexes the table of each symbol
/// Throws naming a position that cannot be coded; the stack is then as it was.
template <class Geometry>
void torch_push(RansStack<Geometry>& stack, const TorchTables& tables,
                std::span<const std::uint32_t> indexes, std::span<const std::int32_t> symbols);

struct TorchPopped {
  Status status;  ///< kTruncated, or kBadValue: an escape or a slot that no encoder writes
  std::vector<std::int32_t> symbols;
};
/// Pops as many symbols as there are indexes, from any stack; what was pushed before them stays.
/// Ends at the first missing word or bad value. Whether the stack ended well is its status().
/// Throws for a freq_precision over the geometry's lower_log.
template <class Geometry>
TorchPopped torch_pop(RansStack<Geometry>& stack, const TorchTables& tables,
                      std::span<const std::uint32_t> indexes);

}  // namespace transom::foreign
