// released_search.cpp — the passes of the search published with Atalanta.
//
// Compiled without contraction of multiply and add: scores are binary32 results of single steps.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/released_search.hpp"

namespace transom::foreign::apack {
namespace {

using Bounds = std::vector<std::uint32_t>;  ///< starts of 16 rows, and 2^W

class Search {
 public:
  Search(std::vector<std::uint32_t> cum, unsigned value_bits)
      : cum_(std::move(cum)), best_(kMaxApackRows + 1) {
    for (std::uint32_t i = 0; i <= kMaxApackRows; ++i) {
      best_[i] = i * ((1u << value_bits) / kMaxApackRows);
    }
    least_ = score(best_);
  }

  ReleasedResult run() {
    ReleasedResult result;
    for (bool gains = true; gains && result.returns;) {
      const float before = least_;
      pass();
      result.scores.insert(result.scores.end(), {before, least_});
      gains = !(static_cast<double>(least_ / before) > 0.99);
      result.returns = least_ != 0;
    }
    result.rows = price(rows_of(best_), cum_).rows;
    return result;
  }

 private:
  static std::span<const std::uint32_t> rows_of(const Bounds& bounds) {
    return std::span(bounds).first(kMaxApackRows);
  }
  float score(const Bounds& bounds) const { return price(rows_of(bounds), cum_).score; }

  void pass() {
    Bounds trial = best_;
    for (std::size_t c = 1; c < kMaxApackRows; ++c) {
      while (trial[c] > trial[c - 1]) {
        --trial[c];
        consider(trial);
      }
      while (trial[c] < trial[c + 1]) {
        ++trial[c];
        consider(trial);
      }
    }
  }

  void consider(const Bounds& trial) {
    const float cost = score(trial);
    if (!(cost < least_)) return;
    least_ = cost;
    best_ = trial;
  }

  std::vector<std::uint32_t> cum_;
  Bounds best_;
  float least_;
};

}  // namespace

ReleasedResult released_search(std::span<const std::uint32_t> counts, unsigned value_bits) {
  if (value_bits < kMinSearchBits) {
    refuse("released_search", "value_bits", value_bits,
           "it starts with 16 equal rows; take 4 bits or more, or the exact search");
  }
  return Search(cumulate(counts, value_bits), value_bits).run();
}

}  // namespace transom::foreign::apack
