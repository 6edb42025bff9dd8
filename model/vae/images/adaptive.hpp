// adaptive.hpp — symbols by what came before them, without a table: what a message begins with.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "transom/stack/message.hpp"

namespace transom::vae {

constexpr std::uint64_t kMaxPlainPixels = std::uint64_t{1} << 30;

/// n symbols of 0 .. n_symbols - 1, on the first head: each as likely as one more than it was among
/// those before it, (count + 1) / (i + n_symbols).
class Adaptive {
 public:
  using Symbol = std::vector<std::uint8_t>;
  /// n_symbols 1..256, n up to kMaxPlainPixels (throws)
  Adaptive(std::uint32_t n_symbols, std::size_t n) : n_symbols_(n_symbols), n_(n) {
    require_range("Adaptive", "n_symbols", n_symbols, 1, 256);
    require_range("Adaptive", "n", n, 0, kMaxPlainPixels);
  }

  /// Throws unless there are n symbols, and no others.
  template <stack::Stack M>
  void push(M& m, const Symbol& symbols) const {
    require_range("Adaptive::push", "number of symbols", symbols.size(), n_, n_);
    std::vector<std::uint32_t> counts(n_symbols_, 1);
    std::vector<RansRange> ranges;
    ranges.reserve(n_);
    for (const std::uint8_t symbol : symbols) {
      require_range("Adaptive::push", "symbol", symbol, 0, n_symbols_ - 1);
      std::uint32_t below = 0;
      for (std::uint32_t s = 0; s < symbol; ++s) below += counts[s];
      ranges.push_back({below, counts[symbol]++});
    }
    auto first = first_head(m);
    for (std::size_t i = n_; i-- > 0;) {
      const std::uint32_t n_slots = slots_at(i);
      push_any(first, {&ranges[i], 1}, {&n_slots, 1});
    }
  }
  template <stack::Stack M>
  Symbol pop(M& m) const {
    std::vector<std::uint32_t> counts(n_symbols_, 1);
    Symbol symbols;
    auto first = first_head(m);
    for (std::size_t i = 0; i < n_; ++i) {
      const std::uint32_t n_slots = slots_at(i);
      std::uint32_t s = 0;
      pop_any(first, {&n_slots, 1}, [&](std::size_t, std::uint32_t slot) {
        for (; slot >= counts[s]; ++s) slot -= counts[s];
        return RansSlot{0, counts[s], slot};
      });
      ++counts[s];
      symbols.push_back(static_cast<std::uint8_t>(s));
    }
    return symbols;
  }

 private:
  template <stack::Stack M>
  static auto first_head(M& m) {
    return stack::View<typename M::Geometry>(m.heads().first(1), m.tail());
  }
  std::uint32_t slots_at(std::size_t i) const { return n_symbols_ + static_cast<std::uint32_t>(i); }

  std::uint32_t n_symbols_;
  std::size_t n_;
};

}  // namespace transom::vae
