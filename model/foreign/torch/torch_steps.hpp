// torch_steps.hpp — torch_ans' order and folding, over any stack: what torch_ans.hpp and the
// kernel of gpu/rows have in common.
//
// Nothing here owns memory or throws: a stack and tables are what the caller has, positions are
// counted from the front of a push. Sources and limits: torch_ans.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"

namespace transom::foreign {

/// Raw values are below 2^this: torch_ans shifts an int32 by multiples of bypass_precision until
/// nothing is left, and a shift of 32 or more never leaves nothing.
constexpr unsigned torch_raw_bits(unsigned bypass_precision) {
  return 31 / bypass_precision * bypass_precision;
}

enum class TorchFold : std::uint8_t {
  kPlain,
  kEscape,   ///< the symbol is the escape, and `raw` follows
  kTooFar,   ///< torch_ans does not return from such an escape
  kOutside,  ///< no symbol, and there are no escapes
};
constexpr bool is_coded(TorchFold fold) { return fold <= TorchFold::kEscape; }
/// A value as it goes on the stack.
struct TorchItem {
  TorchFold fold;
  std::uint32_t symbol;
  std::uint32_t raw;
};

/// @param value symbol - offset of the table
/// @param n_symbols of the table, escape included; at least 1
/// @param digit_bits bypass_precision; 0: no escapes
constexpr TorchItem torch_fold(std::int64_t value, std::uint32_t n_symbols, unsigned digit_bits) {
  const std::int64_t max = std::int64_t{n_symbols} - (digit_bits != 0 ? 1 : 0);
  if (value >= 0 && value < max) return {TorchFold::kPlain, static_cast<std::uint32_t>(value), 0};
  if (digit_bits == 0) return {TorchFold::kOutside, 0, 0};
  const std::int64_t raw = value < 0 ? -2 * value - 1 : 2 * (value - max);
  if (raw >> torch_raw_bits(digit_bits) != 0) return {TorchFold::kTooFar, 0, 0};
  return {TorchFold::kEscape, static_cast<std::uint32_t>(max), static_cast<std::uint32_t>(raw)};
}
/// The inverse for an escape of number `max`.
constexpr std::int64_t torch_unfold(std::uint32_t raw, std::int64_t max) {
  return raw % 2 != 0 ? -(std::int64_t{raw} + 1) / 2 : max + raw / 2;
}

/// Digits, then their number: push_bits(number of digit_bits bits) for each.
template <class PushBits>
constexpr void torch_push_raw(std::uint32_t raw, unsigned digit_bits, PushBits push_bits) {
  unsigned n_digits = 0;
  while (raw >> n_digits * digit_bits != 0) ++n_digits;
  const std::uint32_t marker = low_bits(digit_bits);
  for (unsigned d = n_digits; d-- > 0;) push_bits(raw >> d * digit_bits & marker);
  push_bits(n_digits % marker);
  for (unsigned n = n_digits / marker; n > 0; --n) push_bits(marker);
}

struct TorchRaw {
  bool is_good;  ///< not so if there are more digits than any encoder writes
  std::uint32_t raw;
};
/// The inverse, of pop_bits().
template <class PopBits>
constexpr TorchRaw torch_pop_raw(unsigned digit_bits, PopBits pop_bits) {
  const std::uint32_t marker = low_bits(digit_bits);
  std::uint32_t n_digits = 0, part = marker;
  while (part == marker) {
    part = pop_bits();
    n_digits += part;
    if (n_digits * digit_bits > torch_raw_bits(digit_bits)) return {false, 0};
  }
  std::uint32_t raw = 0;
  for (std::uint32_t d = 0; d < n_digits; ++d) raw |= pop_bits() << d * digit_bits;
  return {true, raw};
}

/// The order of n positions over K states: push_raw(i) has what position i needs below its symbol,
/// and tells whether to go on; push_symbol(i) follows, at once in the tail, else after its group.
template <class PushRaw, class PushSymbol>
constexpr void torch_push_positions(std::size_t n, std::size_t K, PushRaw push_raw,
                                    PushSymbol push_symbol) {
  const std::size_t tail = n / K * K;
  for (std::size_t end = n, first = 0; end > 0; end = first) {
    first = end - (end > tail ? 1 : K);
    for (std::size_t i = end; i-- > first;) {
      if (!push_raw(i)) return;
    }
    for (std::size_t i = end; i-- > first;) push_symbol(i);
  }
}

/// Pops the positions of n indexes, in their order; put(symbol) for each that is good. Ends after
/// the first group with a missing word, or at a bad value.
/// @param stack pop(state, R, lookup), pop_bits(state, nbits), ran_dry()
/// @param tables size(), freq_precision(), bypass_precision(); of a table n_symbols(t), offset(t),
///     lookup(t)
/// @param values set(j, value) and get(j) of K popped values
template <class Stack, class Tables, class Values, class Put>
constexpr Status torch_pop_positions(Stack& stack, std::size_t K, const Tables& tables,
                                     const std::uint32_t* indexes, std::size_t n, Values& values,
                                     Put put) {
  const unsigned digit_bits = tables.bypass_precision();
  const auto finish = [&](std::size_t i, std::int64_t value) {
    const std::int64_t n_symbols = tables.n_symbols(indexes[i]);
    if (digit_bits != 0 && value == n_symbols - 1) {
      const TorchRaw popped =
          torch_pop_raw(digit_bits, [&] { return stack.pop_bits(i % K, digit_bits); });
      if (!popped.is_good) return false;
      value = torch_unfold(popped.raw, value);
    } else if (value >= n_symbols) {  // a slot beyond the last boundary
      return false;
    }
    const std::int64_t symbol = value + tables.offset(indexes[i]);
    if (symbol < std::numeric_limits<std::int32_t>::min() ||
        symbol > std::numeric_limits<std::int32_t>::max()) {
      return false;
    }
    put(static_cast<std::int32_t>(symbol));
    return true;
  };
  for (std::size_t first = 0, group = 0; first < n && !stack.ran_dry(); first += group) {
    group = n - first < K ? 1 : K;
    for (std::size_t j = 0; j < group; ++j) {
      const std::uint32_t t = indexes[first + j];
      if (t >= tables.size()) return Status::kBadValue;
      values.set(j, stack.pop((first + j) % K, tables.freq_precision(), tables.lookup(t)));
    }
    for (std::size_t j = 0; j < group; ++j) {
      if (!finish(first + j, values.get(j))) return Status::kBadValue;
    }
  }
  return stack.ran_dry() ? Status::kTruncated : Status::kOk;
}

}  // namespace transom::foreign
