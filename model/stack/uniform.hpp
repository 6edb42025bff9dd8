// uniform.hpp — numbers that are equally likely, and Benford's, which are those of a head.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>

#include "transom/stack/table.hpp"

namespace transom::stack {

/// 0 .. 2^precision - 1, each as likely.
class Uniform : public OnFirstHead<Uniform> {
 public:
  using Symbol = std::uint32_t;
  explicit Uniform(unsigned precision) : precision_(precision) {
    require_range("Uniform", "precision", precision, 0, 32);
  }
  unsigned precision() const { return precision_; }
  /// Throws for a symbol that the precision does not hold.
  RansRange range_of(Symbol symbol) const {
    check_field("Uniform::range_of", symbol, precision_);
    return {symbol, 1};
  }
  Owner<Symbol> owner_of(std::uint32_t slot) const { return {slot, {slot, 1}}; }

 private:
  unsigned precision_;
};

/// Numbers of up to 64 bits on all heads, of precisions[i] bits on head i, or of as many on all: a
/// limb of 16 bits after the other, the lowest pushed first.
class BigUniform {
 public:
  using Symbol = std::vector<std::uint64_t>;
  static constexpr unsigned kLimbs = 4, kLimbBits = 16;

  explicit BigUniform(unsigned precision) : BigUniform(std::vector<unsigned>{precision}) {
    alike_ = true;
  }
  explicit BigUniform(std::vector<unsigned> precisions) : precisions_(std::move(precisions)) {
    for (const unsigned p : precisions_) require_range("BigUniform", "precision", p, 0, 64);
  }

  /// Throws unless there is a number per head, and it has no more bits.
  template <Stack M>
  void push(M& m, const Symbol& numbers) const {
    check(m, numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (static_cast<unsigned>(std::bit_width(numbers[i])) > precision(i)) {
        refuse_at("BigUniform::push", "numbers", i, numbers[i], "has more bits than its precision");
      }
    }
    for (unsigned limb = 0; limb < kLimbs; ++limb) {
      for (std::size_t i = numbers.size(); i-- > 0;) {
        push_range(m, i, {static_cast<std::uint16_t>(numbers[i] >> limb * kLimbBits), 1},
                   limb_bits(i, limb));
      }
    }
  }
  template <Stack M>
  Symbol pop(M& m) const {
    const std::size_t n = m.heads().size();
    check(m, n);
    Symbol numbers(n);
    for (unsigned limb = kLimbs; limb-- > 0;) {
      for (std::size_t i = 0; i < n; ++i) {
        numbers[i] |= std::uint64_t{pop_symbol(m, i, Uniform(limb_bits(i, limb)))}
                      << limb * kLimbBits;
      }
    }
    return numbers;
  }

 private:
  template <Stack M>
  void check(M& m, std::size_t n_numbers) const {
    const std::size_t n = m.heads().size();
    require_range("BigUniform", "number of numbers", n_numbers, n, n);
    if (!alike_) require_range("BigUniform", "number of precisions", precisions_.size(), n, n);
  }
  unsigned precision(std::size_t i) const { return precisions_[alike_ ? 0 : i]; }
  unsigned limb_bits(std::size_t i, unsigned limb) const {
    const unsigned below = limb * kLimbBits;
    return precision(i) <= below ? 0 : std::min(precision(i) - below, kLimbBits);
  }

  std::vector<unsigned> precisions_;
  bool alike_ = false;
};

/// Benford's law of the n_bits bits behind the leading one: C(s) = 2^R (log2(2^n_bits + s) -
/// n_bits), rounded to nearest. Integers only. n_bits 1..12, R up to 24.
Table benford_high_bits(unsigned n_bits, unsigned R);

/// A number per head of I = [2^lower_log, 2^(lower_log + 32)), each exponent as likely, each
/// mantissa as Benford says: as the heads of long messages are distributed.
template <class Geometry = Rans64x32>
class Benford {
 public:
  using Symbol = std::vector<std::uint64_t>;

  /// Throws unless there is a number of I per head.
  template <Stack M>
  void push(M& m, const Symbol& numbers) const {
    Lanes<Table>::Symbol high(numbers.size());
    Lanes<Uniform>::Symbol exponent(numbers.size());
    Symbol low = numbers;
    std::vector<unsigned> n_low(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!Message<Geometry>::is_head(numbers[i])) {
        refuse_at("Benford::push", "numbers", i, numbers[i], "must be in [L, bL)");
      }
      const auto n = static_cast<unsigned>(std::bit_width(numbers[i])) - 1;
      exponent[i] = n - Geometry::lower_log;
      n_low[i] = n - kHighBits;
      high[i] = static_cast<std::uint32_t>(numbers[i] >> n_low[i]) - (1u << kHighBits);
      low[i] &= (std::uint64_t{1} << n_low[i]) - 1;
    }
    high_.push(m, high);
    BigUniform(std::move(n_low)).push(m, low);
    exponent_.push(m, exponent);
  }
  template <Stack M>
  Symbol pop(M& m) const {
    const auto exponent = exponent_.pop(m);
    std::vector<unsigned> n_low(exponent.size());
    for (std::size_t i = 0; i < exponent.size(); ++i) {
      n_low[i] = exponent[i] + Geometry::lower_log - kHighBits;
    }
    Symbol numbers = BigUniform(n_low).pop(m);
    const auto high = high_.pop(m);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      numbers[i] |= std::uint64_t{high[i] + (1u << kHighBits)} << n_low[i];
    }
    return numbers;
  }

 private:
  static constexpr unsigned kHighBits = 4, kExponentBits = 5;
  static_assert(Geometry::state_bits - Geometry::lower_log == 1u << kExponentBits);
  Lanes<Table> high_ = lanes(benford_high_bits(kHighBits, 16));
  Lanes<Uniform> exponent_ = lanes(Uniform(kExponentBits));
};

}  // namespace transom::stack
