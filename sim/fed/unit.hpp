// unit.hpp — the fed unit, clock by clock: a rANS state over a stack of words, which pops by
// distributions that come in and pushes slots that come in.
//
//   pop    slot = x mod 2^R;  s: start_s <= slot < start_(s+1);  x = freq_s floor(x / 2^R) + slot -
//   start_s push   x = floor(x / freq) 2^R + x mod freq + start
//
// with a word at most given up before a push or taken after a pop. A slot is looked for among the
// starts of a table, some of them compared in a cycle; a push divides, some bits of the quotient in
// a cycle. A pop of a uniform number or of two symbols takes one cycle.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "transom/fed/parameters.hpp"

namespace transom::fed {

class FedUnit {
 public:
  FedUnit(const FedShape& shape, std::uint64_t head, stack::Words words);

  bool is_busy() const { return busy_; }
  /// A step, which clock() does. Throws while one is not done.
  void begin(Parameters parameters);

  struct Retired {
    std::uint32_t symbol;  ///< 0 of a push
    std::uint64_t state;
  };
  /// A cycle of the step; its end, or nothing. Throws if there is no step.
  std::optional<Retired> clock();

  const stack::Words& words() const { return words_; }
  std::uint64_t n_words_in() const { return n_words_in_; }
  std::uint64_t n_words_out() const { return n_words_out_; }
  /// A word was wanted where none was left; zeros were taken.
  bool underflowed() const { return underflowed_; }

 private:
  void look();
  void divide();
  Retired pop(std::uint32_t symbol, RansRange range);
  std::uint32_t start_of(std::uint32_t symbol) const;
  Retired retire(std::uint32_t symbol);

  FedShape shape_;
  std::uint64_t x_;
  stack::Words words_;  ///< top at the back
  std::vector<std::vector<std::uint32_t>> store_;

  bool busy_ = false;
  Parameters step_;
  const std::vector<std::uint32_t>* starts_ = nullptr;  ///< of the step's table
  std::uint32_t low_ = 0, n_left_ = 0;  ///< the symbol is one of low_ .. low_ + n_left_ - 1
  std::uint64_t quotient_ = 0, remainder_ = 0;
  std::uint32_t bits_left_ = 0;  ///< of the quotient

  std::uint64_t n_words_in_ = 0, n_words_out_ = 0;
  bool underflowed_ = false;
};

}  // namespace transom::fed
