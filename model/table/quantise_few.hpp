// quantise_few.hpp — quantise() of at most 16 counts, again and again, without memory of its own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "transom/base/log2.hpp"
#include "transom/base/spec.hpp"
#include "transom/table/quantise.hpp"

namespace transom {

namespace quantise_detail {

/// Exchanges as Allocation makes them. @tparam Bits holds counts times logarithms
template <class Bits>
class Few {
 public:
  using Slots = std::array<std::uint32_t, kMaxApackRows>;

  Few(std::span<const std::uint32_t> n, Slots& freq)
      : n_(n), freq_(freq), logs_(slot_logs().data()) {
    for (std::size_t s = 0; s < n.size(); ++s) price(s);
  }
  void raise() { change(most_saved(), 1); }
  void lower() { change(least_lost(), ~std::uint32_t{0}); }
  bool exchange_pays() const { return saving_[most_saved()] > loss_[least_lost()]; }

 private:
  static constexpr Bits kNever = ~Bits{0};  ///< the loss of the last slot

  void price(std::size_t s) {
    const std::uint32_t f = freq_[s];
    saving_[s] = f == 0 ? 0 : Bits{n_[s]} * (logs_[f + 1] - logs_[f]);
    loss_[s] = f < 2 ? kNever : Bits{n_[s]} * (logs_[f] - logs_[f - 1]);
  }
  void change(std::size_t s, std::uint32_t by) {
    freq_[s] += by;
    price(s);
  }
  std::size_t most_saved() const {
    std::size_t best = 0;
    for (std::size_t s = 1; s < n_.size(); ++s) {
      if (saving_[s] > saving_[best]) best = s;
    }
    return best;
  }
  std::size_t least_lost() const {
    std::size_t best = 0;
    for (std::size_t s = 1; s < n_.size(); ++s) {
      if (loss_[s] <= loss_[best]) best = s;
    }
    return best;
  }

  std::span<const std::uint32_t> n_;
  Slots& freq_;
  const log_t* logs_;
  std::array<Bits, kMaxApackRows> saving_;
  std::array<Bits, kMaxApackRows> loss_;
};

template <class Bits>
void exchange_few(std::span<const std::uint32_t> n, std::int64_t missing,
                  std::array<std::uint32_t, kMaxApackRows>& freq) {
  Few<Bits> few(n, freq);
  for (; missing > 0; --missing) few.raise();
  for (; missing < 0; ++missing) few.lower();
  while (few.exchange_pays()) {
    few.lower();
    few.raise();
  }
}

}  // namespace quantise_detail

/// Frequencies that cost as few bits as quantise()'s; false if symbols occur that 2^R slots are too
/// few for. @param n 1 .. kMaxApackRows counts, some of them not 0, that sum to less than 2^32
inline bool quantise_few(std::span<const std::uint32_t> n, unsigned R,
                         std::array<std::uint32_t, kMaxApackRows>& freq) {
  std::uint64_t n_values = 0;
  std::uint32_t most = 0, n_symbols = 0;
  for (const std::uint32_t count : n) {
    n_values += count;
    most = std::max(most, count);
    n_symbols += count != 0;
  }
  const std::uint64_t n_slots = std::uint64_t{1} << R;
  if (n_symbols > n_slots || n_values == 0) return false;
  const std::uint64_t slots_per_value = (n_slots << 32) / n_values;
  std::int64_t missing = static_cast<std::int64_t>(n_slots);
  freq = {};
  for (std::size_t s = 0; s < n.size(); ++s) {
    if (n[s] == 0) continue;
    const std::uint64_t share = (n[s] * slots_per_value + (std::uint64_t{1} << 31)) >> 32;
    freq[s] = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(share, 1, n_slots));
    missing -= freq[s];
  }
  if (most >> 15 == 0) {
    quantise_detail::exchange_few<std::uint64_t>(n, missing, freq);
  } else {
    quantise_detail::exchange_few<uint128_t>(n, missing, freq);
  }
  return true;
}

}  // namespace transom
